import NessFormula
import Testing

@Suite struct DerivativeTests {
  /// f'(x) by central differences of two widths and an estimate of its error; nil where f is not smooth enough to tell.
  private func numerical(_ formula: Formula, _ x: Double) -> (slope: Double, error: Double)? {
    func difference(_ h: Double) -> Double {
      (formula.value(["x": x + h, "a": 0.75]) - formula.value(["x": x - h, "a": 0.75])) / (2 * h)
    }
    let (wide, narrow) = (difference(0x1p-10), difference(0x1p-11))
    let best = (4 * narrow - wide) / 3
    let size = abs(formula.value(["x": x, "a": 0.75]))
    guard best.isFinite, size.isFinite else { return nil }
    let error = abs(best - narrow) + 1e-11 * size
    return error < 1e-3 * max(1, abs(best)) ? (best, error) : nil
  }

  @Test func derivativesAreDifferences() throws {
    var random = RandomFormulas(seed: 31)
    var (compared, control) = (0, 0)
    for _ in 0..<3000 {
      let formula = try Formula(random.text(depth: 4), names: ["x", "a"])
      let derivative = formula.derivative(by: "x")
      for _ in 0..<4 {
        let x = Double.random(in: -2...2, using: &random)
        guard let (slope, error) = numerical(formula, x), slope != 0 else { continue }
        let value = derivative.value(["x": x, "a": 0.75])
        #expect(
          abs(value - slope) <= 10 * error, "\(formula) at \(x): \(derivative) = \(value), not \(slope) ± \(error)")
        compared += 1
        // Another number would be noticed.
        control += abs(1.01 * value - slope) > 10 * error ? 1 : 0
      }
    }
    #expect(compared > 3000)
    #expect(Double(control) > 0.8 * Double(compared))
  }

  @Test(arguments: [
    ("k*x^2/2 + beta*x^4/4", "k*x + beta*x^3"), ("x^3/3", "x^2"), ("alpha*x^3/3", "alpha*x^2"),
    ("1 - cos(x)", "sin(x)"),
    ("exp(-x) + x - 1", "1 - exp(-x)"), ("7*k", "0"), ("x", "1"), ("abs(x)", "sign(x)"), ("abs(x)^2", "2*x"),
    ("log(x)", "1/x"), ("sqrt(x)", "0.5/sqrt(x)"), ("x^k", "k*x^(-1 + k)"), ("k^x", "k^x*log(k)"),
    ("min(x, k)", "choice(x, k, 1, 0)"), ("max(x, k)", "choice(k, x, 1, 0)"), ("tan(x)", "1 + tan(x)^2"),
    ("1/x", "-1/x^2"), ("sinh(x)*2", "2*cosh(x)"), ("k*(x - 1)^2/2", "k*(-1 + x)"),
  ])
  func derivativesAreSimplified(text: String, derivative: String) throws {
    #expect(try Formula(text, names: ["x", "k", "alpha", "beta"]).derivative(by: "x").description == derivative)
  }

  @Test func derivativesAtKinksAreTold() throws {
    #expect(try Formula("abs(x)", names: ["x"]).derivative(by: "x").value(["x": 0]) == 0)
    #expect(try Formula("max(x, 0)", names: ["x"]).derivative(by: "x").value(["x": 0]) == 1)
    #expect(try Formula("max(0, x)", names: ["x"]).derivative(by: "x").value(["x": 0]) == 0)
    #expect(try Formula("min(x, 0)", names: ["x"]).derivative(by: "x").value(["x": -1]) == 1)
  }

  @Test func numbersInPlaceOfNamesAreFolded() throws {
    let formula = try Formula("k*x^2/2 + beta*x^4/4 + log(beta)*0", names: ["x", "k", "beta"])
    #expect(formula.names == ["x", "k", "beta"])
    let substituted = formula.substituting(["k": 3, "beta": 0, "other": 7])
    #expect(substituted.names == ["x"])
    #expect(substituted.description == "1.5*x^2")
    #expect(substituted == (try Formula("3*x^2/2", names: ["x"])))
    #expect(formula.substituting(["x": 1, "k": 1, "beta": 4]).description == "1.5")
  }

  /// Derivatives of formulas nested as deeply as may be end soon: equal parts are shared.
  @Test func deepFormulasHaveDerivatives() throws {
    let deep = String(repeating: "exp(", count: 50) + "x" + String(repeating: ")", count: 50)
    let nested = String(repeating: "(1 + x*", count: 49) + "sin(x)" + String(repeating: ")", count: 49)
    let minimum = (0..<48).reduce("x") { text, _ in "min(x*x, \(text))" }
    let powers = String(repeating: "x^", count: 50) + "x"
    for text in [deep, nested, minimum, powers] {
      let formula = try Formula(text, names: ["x"])
      let second = formula.derivative(by: "x").derivative(by: "x")
      let potential = Potential(formula, of: "x")
      #expect(potential.form == .general)
      let (value, curvature) = (second.value(["x": 0.5]), potential.curvature(0.5))
      #expect(value == curvature || abs(value - curvature) <= 1e-9 * abs(value) || value.isNaN && curvature.isNaN)
    }
  }
}
