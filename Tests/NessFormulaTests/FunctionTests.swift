import Foundation
import NessFormula
import Testing

#if arch(x86_64) && os(Linux)
  /// Functions against 64 digits of the C library, over the whole range of doubles.
  @Suite struct FunctionTests {
    struct Case: CustomTestStringConvertible {
      let name: String
      let reference: @Sendable (Float80) -> Float80
      /// Units in the last place.
      let bound: Double
      var testDescription: String { name }
    }

    static let cases = [
      Case(name: "exp", reference: { Foundation.exp($0) }, bound: 1),
      Case(name: "log", reference: { Foundation.log($0) }, bound: 1),
      Case(name: "sqrt", reference: { $0.squareRoot() }, bound: 0.501),
      Case(name: "sin", reference: { Foundation.sin($0) }, bound: 1),
      Case(name: "cos", reference: { Foundation.cos($0) }, bound: 1),
      Case(name: "tan", reference: { Foundation.tan($0) }, bound: 2.5),
      Case(name: "sinh", reference: { Foundation.sinh($0) }, bound: 2),
      Case(name: "cosh", reference: { Foundation.cosh($0) }, bound: 2),
      Case(name: "tanh", reference: { Foundation.tanh($0) }, bound: 2),
    ]

    /// Distance in units of the last place of the right number; infinite if one is a number and the other is not.
    private func error(_ value: Double, _ exact: Float80) -> Double {
      let rounded = Double(exact)
      if rounded.isNaN || value.isNaN { return rounded.isNaN && value.isNaN ? 0 : .infinity }
      if rounded.isInfinite || value.isInfinite { return rounded == value ? 0 : .infinity }
      return Double(abs(Float80(value) - exact) / Float80(max(rounded.ulp, .leastNonzeroMagnitude)))
    }

    private func samples() -> [Double] {
      var random = RandomFormulas(seed: 21)
      var samples: [Double] = [
        0, -0.0, .infinity, -.infinity, .nan, 0x1p-1074, -0x1p-1074, 0x1p-1022, 709.782712893384, 709.7827128933841,
        710.4758600739439, 710.475860073944, -745.1332191019411, -745.1332191019412, 0x1.fffffffffffffp1023, 1, -1,
        0x1.6ac5b262ca1ffp849, 22, 0x1p30, 0x1.0000000000001p30,
      ]
      for _ in 0..<4000 {
        samples.append(Double(bitPattern: random.next()))
        samples.append(Double.random(in: -800...800, using: &random))
        samples.append(Double.random(in: -2...2, using: &random))
        samples.append(
          Double.random(in: 1...2, using: &random) * pow(2, Double(Int.random(in: -1074...70, using: &random))))
        // Where sines and logarithms vanish.
        samples.append(Double(Float80(Int.random(in: 1...1_000_000_000, using: &random)) * Float80.pi / 2))
        samples.append(
          1 + Double.random(in: -1...1, using: &random) * pow(2, -Double(Int.random(in: 1...50, using: &random))))
      }
      return samples
    }

    @Test(arguments: cases) func functionsAreRightToTheLastDigits(function: Case) throws {
      let formula = try Formula("\(function.name)(x)", names: ["x"])
      var worst = (error: 0.0, x: 0.0)
      for x in samples() {
        let error = error(formula.value(["x": x]), function.reference(Float80(x)))
        if !(error <= worst.error) { worst = (error, x) }
      }
      #expect(worst.error <= function.bound, "at \(worst.x)")
      // The measure sees some units.
      #expect(error(formula.value(["x": 0.7]) * (1 + 0x1p-49), function.reference(0.7)) > function.bound)
    }

    @Test func powersAreAsRightAsTheirLogarithmAllows() throws {
      let formula = try Formula("x^a", names: ["x", "a"])
      var random = RandomFormulas(seed: 22)
      for _ in 0..<20_000 {
        let x = Double.random(in: 0.01...20, using: &random)
        let a = Double.random(in: -20...20, using: &random)
        let exact = Foundation.pow(Float80(x), Float80(a))
        #expect(error(formula.value(["x": x, "a": a]), exact) <= 2 * (1 + abs(a * log(x))))
      }
    }
  }
#endif

@Suite struct PowerTests {
  @Test func powersHaveTheirDomain() throws {
    let formula = try Formula("x^a", names: ["x", "a"])
    func power(_ x: Double, _ a: Double) -> Double { formula.value(["x": x, "a": a]) }
    #expect(abs(power(-2, 3) + 8) < 1e-14 && abs(power(-2, -3) + 0.125) < 1e-15)
    #expect(power(-2, 2) > 0)
    #expect(power(-2, 0.5).isNaN && power(-2, 2.000001).isNaN)
    #expect(power(0, 2) == 0 && power(0, 0) == 1 && power(0, -1) == .infinity && power(0, 0.3) == 0)
    #expect(power(-3, 0) == 1 && power(.nan, 1).isNaN && power(1, 7.7) == 1)
    // Whole exponents in the text are multiplications.
    #expect(try Formula("x^3", names: ["x"]).value(["x": -1.1]) == -1.1 * (1.1 * 1.1))
    #expect(try Formula("x^-2", names: ["x"]).value(["x": -4]) == 0.0625)
    #expect(try Formula("x^1.5", names: ["x"]).value(["x": -4]).isNaN)
    #expect(try Formula("x^(1/3)", names: ["x"]).value(["x": -4]).isNaN)
  }
}
