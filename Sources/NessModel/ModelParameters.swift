/// A number of a model that may be any real number in its range: what the derivative of an answer is taken by.
package struct ModelParameter: Hashable, Sendable {
  /// Its path, as sweeps write it, for example `baths.left.friction`.
  package let path: String
  /// What is known of it.
  package let description: ParameterDescription
  /// Its value.
  package let value: Double
}

extension Model {
  /// The medium as it was written, whose parameters sweeps name.
  private var writtenMedium: any Medium { written?.base ?? medium }

  /// All numbers of medium and baths that are no whole ones, in the order of files. One number for two ends counts only where
  /// both have it.
  package var parameters: [ModelParameter] {
    func numbers(_ owner: String, _ described: [DescribedParameter]) -> [ModelParameter] {
      described.compactMap { parameter in
        guard parameter.isNumeric, !parameter.isWhole, let value = parameter.text.flatMap(Double.init) else {
          return nil
        }
        return ModelParameter(path: "\(owner).\(parameter.name)", description: parameter.description, value: value)
      }
    }
    return numbers("medium", writtenMedium.described)
      + writtenBaths.flatMap { numbers("baths.\($0.name)", attachments[$0.members[0]].bath.law.described) }
  }

  /// Paths of the whole numbers.
  package var wholeNumbers: [String] {
    func names(_ owner: String, _ described: [DescribedParameter]) -> [String] {
      described.filter { $0.isNumeric && $0.isWhole }.map { "\(owner).\($0.name)" }
    }
    return names("medium", writtenMedium.described)
      + writtenBaths.flatMap { bath in
        names("baths.\(bath.name)", attachments[bath.members[0]].bath.law.described)
          + (bath.members.count == 1 ? ["baths.\(bath.name).site"] : [])
      }
  }

  /// The same model with a parameter at another value; nil if there is none of that path, or no such model.
  package func with(_ path: String, _ value: Double) -> Model? {
    let parts = path.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    if parts.first == "medium" {
      var changed = writtenMedium
      guard changed.set(parts.dropFirst().joined(separator: "."), to: value), changed.faults.isEmpty else { return nil }
      let solved = changed.solvedAs ?? changed
      guard let medium = solved as? MediumType else { return nil }
      return try? Model(medium: medium, attachments: attachments, written: written == nil ? nil : AnyMedium(changed))
    }
    guard parts.count == 3, parts[0] == "baths",
      let members = writtenBaths.first(where: { $0.name == parts[1] })?.members
    else { return nil }
    var law: any Bath = attachments[members[0]].bath.law
    guard law.set(parts[2], to: value), law.faults.isEmpty, let bath = MediumType.BathLaw(law) else { return nil }
    var changed = attachments
    for index in members { changed[index] = attachments[index].with(bath) }
    return try? Model(medium: medium, attachments: changed, written: written)
  }
}
