import NessFormula
import Testing

/// Limits as a name goes to 0 from above.
@Suite struct LimitTests {
  private static func limit(_ text: String, T temperature: Double = 2) throws -> Double? {
    try Formula(text, names: ["w", "T"]).limit(of: "w", ["T": temperature])
  }

  private static let cases: [(String, Double)] = [
    ("w/(1 - exp(-w/T))", 2.0), ("w*exp(-w/10)/(1 - exp(-w/T))", 2), ("w/(exp(w/T) - 1)", 2),
    ("w^3/(1 - exp(-w/T))", 0),
    ("w^1.5/(1 - exp(-w/T))", 0), ("sin(3*w)/w", 3), ("(1 - cos(w))/w^2", 0.5), ("(exp(w) - 1 - w)/w^2", 0.5),
    ("tanh(w)/w", 1), ("log(1 + w)/w", 1), ("(tan(w) - sin(w))/w^3", 0.5), ("(sinh(w) - w)/w^3", 1 / 6.0),
    ("exp(-1/w)/w", 0), ("abs(-w)/w", 1), ("min(w, 2*w)/w", 1), ("max(1 - w, cos(w))", 1), ("(sqrt(1 + w) - 1)/w", 0.5),
    ("w*(1 + 1/tanh(w/(2*T)))/2", 2), ("w/(1 - exp(-w/T))/(1 + w^2/9)", 2), ("(cosh(w) - cos(w))/w^2", 1),
    ("(exp(0.1 + w) - exp(0.1))/w", 1.1051709180756477), ("7 - w", 7), ("(2 + w)^-3", 0.125), ("0*w", 0),
  ]

  @Test(arguments: cases)
  func known(text: String, expected: Double) throws {
    let found = try #require(try Self.limit(text))
    #expect(abs(found - expected) <= 4e-15 * abs(expected), "\(text): \(found)")
  }

  /// Near 0 the formula is near its limit; at other temperatures, where one was written for this, it is another.
  @Test(arguments: [0.25, 2.5, 40]) func temperatures(temperature: Double) throws {
    let text = "w*exp(-w/10)/(1 - exp(-w/T))"
    let limit = try #require(try Self.limit(text, T: temperature))
    #expect(abs(limit - temperature) < 1e-14 * temperature)
    let near = try Formula(text, names: ["w", "T"]).value(["w": 1e-5 * temperature, "T": temperature])
    #expect(abs(near - limit) < 1e-3 * limit && near != limit)
  }

  @Test func noLimit() throws {
    #expect(try Self.limit("1/w") == .infinity && Self.limit("-2/w^2") == -.infinity)
    #expect(try Self.limit("1/(1 - exp(-w/T))") == .infinity && Self.limit("sqrt(w)/w") == .infinity)
    for text in ["log(w)", "exp(1/w)", "sin(1/w)", "sqrt(w - 1)"] { #expect(try Self.limit(text) == nil, "\(text)") }
  }
}
