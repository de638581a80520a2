import NessModel
import Testing

/// The name of a quantity is all that records keep of it.
@Suite struct QuantityTests {
  /// Names of members of a family, as its description tells them apart.
  private static func names(_ family: Quantity.Family) -> [String] {
    switch family.members {
    case .one: [family.rawValue]
    case .ofBath: ["left", "a-b_2", "x.y[1]"].map { "\(family.rawValue).\($0)" }
    case .ofBathOrOne: [family.rawValue, "\(family.rawValue).left"]
    case .numbered: [1, 64, 100_000].map { "\(family.rawValue)[\($0)]" }
    case .along(let axes):
      ["left", "a-b_2", "-0.25"].map {
        "\(family.rawValue)[\(Array(repeating: $0, count: axes.count).joined(separator: ","))]"
      }
    }
  }

  @Test(arguments: Quantity.Family.allCases) func namesGiveTheQuantityBack(family: Quantity.Family) throws {
    for name in Self.names(family) {
      let quantity = try #require(Quantity(name))
      #expect(quantity.family == family && quantity.description == name && quantity.dimension == family.dimension)
    }
    #expect(!family.words.isEmpty && !family.dimension.isEmpty)
    // What belongs to no member of the family is no quantity.
    let foreign: [String] =
      switch family.members {
      case .one: [".left", "[1]"]
      case .ofBath: ["", "[1]", "."]
      case .ofBathOrOne: ["[1]", "."]
      case .numbered: ["", ".left", "[0]", "[-1]", "[01]", "[x]"]
      case .along(let axes):
        ["", ".left", "[" + Array(repeating: "a", count: axes.count + 1).joined(separator: ",") + "]"]
      }
    for rest in foreign { #expect(Quantity(family.rawValue + rest) == nil) }
  }

  @Test func quantitiesMadeInCodeHaveTheirNames() {
    let some: [(Quantity, String)] = [
      (.heatCurrent, "heatCurrent"), (.heat(from: "left"), "heatFrom.left"),
      (.kineticTemperature(site: 3), "kineticTemperature[3]"), (.effectiveFriction(bath: nil), "effectiveFriction"),
      (.effectiveFriction(bath: "a"), "effectiveFriction.a"), (.timeShare(bath: "right"), "timeShare.right"),
    ]
    for (quantity, name) in some { #expect(quantity.description == name && Quantity(name) == quantity) }
    #expect(Quantity.heat(from: "a") != .heat(from: "b") && Quantity.population(level: 1) != .density(part: 1))
  }
}
