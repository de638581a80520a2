import NessFormula
import Testing

@Suite struct FormulaReaderTests {
  /// Worth a formula of x = 3, a = -2.
  private func value(_ text: String) throws -> Double {
    try Formula(text, names: ["x", "a"]).value(["x": 3, "a": -2])
  }

  @Test(arguments: [
    ("1 + 2*3", 7.0), ("(1 + 2)*3", 9), ("2^3^2", 512), ("-x^2", -9), ("(-x)^2", 9), ("2^-1", 0.5), ("2^-1^2", 0.5),
    ("8/4/2", 1), ("8 - 4 - 2", 2), ("2*-x", -6), ("--x", 3), ("-x*-a", -6), ("x^2/2 + a*x", -1.5), ("1e-3", 0.001),
    (".5", 0.5), ("5.", 5), ("2.5E+1", 25), ("min(x, a)", -2), ("max(x, a)", 3), ("abs(a)", 2), ("sqrt(x*3)", 3),
    ("log(exp(x))", 3), ("pi/pi", 1), ("(x)", 3), ("a^3", -8), ("a^-2", 0.25), ("4^0.5", 2), ("4^1.5", 8), ("x^0", 1),
    ("6/2*3", 9), ("2^(1/2)*2^(1/2)", 2.0000000000000004), ("x - x", 0), ("1/3*3", 1), ("0.1/3*3", 0.1),
    (" x\n+\t1 ", 4),
  ])
  func formulasHaveTheValueThatIsWorkedOutByHand(text: String, expected: Double) throws {
    #expect(try value(text) == expected)
  }
}
