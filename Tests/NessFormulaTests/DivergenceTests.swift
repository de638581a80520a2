import NessFormula
import Testing

/// Places at which a formula goes beyond all bounds.
@Suite struct DivergenceTests {
  private static func walls(_ text: String, _ reach: Double = 50) throws -> [Double?] {
    let formula = try Formula(text, names: ["r"])
    return [-reach, reach].map { formula.divergence(of: "r", from: 0, to: $0) }
  }

  private static let cases: [(String, Double?, Double?)] = [
    ("1/(1.5+r) + r/2.25", -1.5, nil), ("(1/(1+r))^12 - 2*(1/(1+r))^6", -1, nil), ("1/((1 + r)*(1 + r))", -1, nil),
    ("-log(1 - r^2/4)", -2, 2), ("tan(r/3)^2", -1.5 * .pi, 1.5 * .pi), ("(2 - r)^-0.5 + r^2", nil, 2),
    ("1/((r - 3)*(r + 7))", -7, 3), ("1/(3 - r) + 1/(40 - r)", nil, 3), ("r^2 + 1/(r^2 - 1e-6)", -1e-3, 1e-3),
    // Controls: divisions that never meet 0, that cancel, and ends of domains where the formula has a limit.
    ("1/(1 + r^2)", nil, nil), ("sin(r)/r", nil, nil), ("(r^2 - 1)/(r - 1)", nil, nil), ("sqrt(1 - r)", nil, nil),
    ("r^2/2 + r^4/4", nil, nil), ("exp(-r) + r", nil, nil), ("r/tanh(r)", nil, nil), ("(1 - r)^1.5", nil, nil),
  ]

  @Test(arguments: cases) func known(text: String, below: Double?, above: Double?) throws {
    for (found, expected) in zip(try Self.walls(text), [below, above]) {
      #expect((found == nil) == (expected == nil), "\(text): \(String(describing: found))")
      if let found, let expected { #expect(abs(found - expected) <= 1e-9 * abs(expected), "\(text): \(found)") }
    }
  }

  /// In other units of length it is at the same place.
  @Test(arguments: [1e-9, 1e-3, 1e6]) func units(unit: Double) throws {
    let found = try Self.walls("1/(1.5 + r/\(unit))", 50 * unit)
    let wall = try #require(found[0])
    #expect(abs(wall + 1.5 * unit) <= 1e-9 * unit && found[1] == nil)
  }
}
