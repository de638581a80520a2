import NessFiles
import NessModel
import NessStudy
import Testing

/// `ness init` knows every kind of the catalogue.
@Suite("Laws of the catalogue: starter files")
struct StarterFileTests {
  private static let pairs: [(medium: String, left: String, right: String)] = Catalogue.media.flatMap { medium in
    let baths = Catalogue.baths(touching: medium).map { $0.kind.key }
    // Reservoirs that take their temperatures from others need one that has its own.
    let follower = SelfConsistentBath.kind.key
    return baths.flatMap { left in baths.map { (medium.kind.key, left, $0) } }
      .filter { $0.1 != follower || $0.2 != follower }
  }

  @Test("A starter file is possible, has every key, and its values are the defaults", arguments: pairs)
  func starter(pair: (medium: String, left: String, right: String)) throws {
    let medium = try #require(Catalogue.medium(pair.medium))
    let left = try #require(Catalogue.bath(pair.left))
    let right = try #require(Catalogue.bath(pair.right))
    let text = StarterFile.text(medium: medium, left: left, right: right)
    let experiment = try Experiment(yaml: text, file: "starter.yaml")
    try SolverCatalogue.check(experiment)
    #expect(experiment.points().count == 5)
    #expect(experiment.medium.kind.key == pair.medium)
    #expect(experiment.contacts.map(\.bath.kind.key) == [pair.left, pair.right])
    let keys = [medium.example.described, left.example.described, right.example.described].joined()
    for parameter in keys where !parameter.name.contains(".") {
      #expect(text.contains("\(parameter.name):"), "\(parameter.name)")
    }
    // What stands as a comment is what it is without.
    let whole = text.split(separator: "\n").map { line -> String in
      let indent = line.prefix { $0 == " " }
      let rest = line.dropFirst(indent.count)
      let isKey = rest.hasPrefix("# ") && indent.count > 0 && rest.dropFirst(2).prefix { $0 != " " }.last == ":"
      let isOpen =
        rest.hasPrefix("# replicas")
        || rest.dropFirst(2).split(separator: ":").dropFirst().first?.first { $0 != " " } == "#"
      return isKey && !isOpen ? indent + String(rest.dropFirst(2)) : String(line)
    }
    #expect(try Experiment(yaml: whole.joined(separator: "\n"), file: "starter.yaml") == experiment)
  }
}
