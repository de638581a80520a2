import NessFiles
import NessModel
import Testing

/// A kind of medium or bath in the smallest experiment that it can be in.
struct Entry: Sendable, CustomTestStringConvertible {
  /// Path of its keys: `medium` or `baths.left`.
  let owner: String
  let medium: AnyMedium
  /// The bath at both ends, if it has a temperature.
  let bath: AnyBath

  var kind: any Described.Type { owner == "medium" ? type(of: medium.base) : type(of: bath.base) }
  var parameters: [DescribedParameter] { owner == "medium" ? medium.base.described : bath.base.described }
  /// The numeric ones, as a sweep names them.
  var numbers: [DescribedParameter] { parameters.filter(\.isNumeric) }

  var testDescription: String {
    let words = parameters.compactMap { $0.words == nil ? nil : $0.text }
    return ([kind.kind.key] + words).joined(separator: " ")
  }

  func experiment(sweep: Sweep? = nil) throws(ExperimentError) -> Experiment {
    try Experiment(
      medium: medium, contacts: [Contact("left", bath), Contact("right", companion)], sweep: sweep)
  }

  /// What stands at the other end where a temperature is needed: the same bath, if it has one or sets one.
  var companion: AnyBath { bath.base is SelfConsistentBath ? AnyBath(LangevinBath.example) : bath }

  /// The same with another value of a parameter.
  func with(_ name: String, _ value: Double) -> Entry? {
    var (medium, bath) = (medium, bath)
    guard owner == "medium" ? medium.set(name, to: value) : bath.set(name, to: value) else { return nil }
    return Entry(owner: owner, medium: medium, bath: bath)
  }

  /// Two possible values of a parameter, where one usually looks.
  static func values(_ parameter: DescribedParameter) throws -> [Double] {
    let usual = try #require(parameter.description.usual, "\(parameter.name)")
    return [0.3, 0.6].map { share in
      let value = usual.lowerBound + share * (usual.upperBound - usual.lowerBound)
      return parameter.isWhole ? value.rounded() : value
    }
  }

  /// Every kind of the catalogue, once for each word of each parameter that is a word.
  static let all: [Entry] =
    Catalogue.media.flatMap { medium -> [Entry] in
      guard let bath = Catalogue.baths(touching: medium).first else { return [] }
      return variants(of: medium.example).compactMap { $0 as? any Medium }.map {
        Entry(owner: "medium", medium: AnyMedium($0), bath: AnyBath(bath.example))
      }
    }
    + Catalogue.baths.flatMap { bath -> [Entry] in
      Catalogue.media.filter { Catalogue.baths(touching: $0).contains { $0 == bath } }.flatMap { medium in
        variants(of: bath.example).compactMap { $0 as? any Bath }.map {
          Entry(owner: "baths.left", medium: AnyMedium(medium.example), bath: AnyBath($0))
        }
      }
    }

  private static func variants<Owner: Described>(of example: Owner) -> [any Described] {
    [example]
      + Owner.parameters.map(\.description).flatMap { parameter in
        (parameter.words ?? []).compactMap { word -> Owner? in
          var variant = example
          variant.set(parameter.key, to: word)
          return variant == example || !variant.faults.isEmpty ? nil : variant
        }
      }
  }
}
