import Foundation
import NessFormula
import Testing

@Suite struct PotentialFormTests {
  private func potential(_ text: String, _ parameters: [String: Double] = [:]) throws -> Potential {
    let formula = try Formula(text, names: Set(parameters.keys).union(["x"])).substituting(parameters)
    return Potential(formula, of: "x")
  }

  @Test(
    arguments: [
      ("k*x^2/2 + beta*x^4/4", [0, 1.7, 0, 0.3]), ("(k*x^2 + beta*x^4/2)/2", [0, 1.7, 0, 0.3]), ("0.5*x^2", [0, 1]),
      ("x^2/2 + beta*x^3/3 + x^4/4", [0, 1, 0.3, 1]), ("(x^2 - 1)^2/4", [0, -1, 0, 1]), ("7", [0]), ("-k*x", [-1.7]),
      ("k*(x - 1)^2/2", [-1.7, 1.7]), ("(x - 1000)^2/2", [-1000, 1]), ("x*x*x*x/4", [0, 0, 0, 1]),
      ("x^6/6", [0, 0, 0, 0, 0, 1]), ("x^8/8 - x^7/7", [0, 0, 0, 0, 0, 0, -1, 1]), ("abs(x)^2/2", [0, 1]),
      ("(x + 1)^2 - x*(x + 2) + x^3/3", [0, 0, 1]),
    ] as [(String, [Double])])
  func polynomialsAreRecognised(text: String, slope: [Double]) throws {
    #expect(try potential(text, ["k": 1.7, "beta": 0.3]).form == .polynomial(slope))
  }

  @Test(arguments: [
    ("1 - cos(x)", 1.0, 1.0, 0.0, 0.0, 0.0), ("V*(1 - cos(2*pi*x/a))", 4 * Double.pi, 2 * Double.pi / 0.5, 0, 0, 0),
    ("V*(1 - cos(2*pi*x/a)) + x^2/2 - 3*x", 4 * Double.pi, 2 * Double.pi / 0.5, 0, 1, -3),
    ("sin(x)", 1, 1, Double.pi / 2, 0, 0),
    ("sin(x)^2", 1, 2, 0, 0, 0), ("cos(1 - 2*x)", -2, 2, -1, 0, 0),
  ])
  func sinesAreRecognised(
    text: String, amplitude: Double, wavenumber: Double, phase: Double, linear: Double, offset: Double
  ) throws {
    #expect(
      try potential(text, ["V": 1, "a": 0.5]).form
        == .sine(amplitude: amplitude, wavenumber: wavenumber, phase: phase, linear: linear, offset: offset))
  }

  @Test(arguments: [
    "exp(-x) + x - 1", "(x - 100)^4/4", "x^9", "x^2 + abs(x)", "abs(x)^3 + x^3", "abs(x)^7", "abs(x - 1)^3",
    "cos(x) + cos(2*x)", "cos(x^2)", "x*cos(x)", "abs(x)", "1/x", "cos(x)^3",
    "sqrt(x)", "x^0.3", "min(x, 0)^2", "(1 - exp(-x))^2",
  ])
  func everythingElseIsGeneral(text: String) throws {
    #expect(try potential(text).form == .general)
  }

  @Test(
    arguments: [
      ("x^2/2 + x^4/4 + abs(x)^3/3", [1, 1, 1]), ("k*abs(x)^3", [0, 5.1]), ("abs(x)*x^2 - abs(x)^5/5", [0, 3, 0, -1]),
      ("(1 + abs(x))^2 - 2*abs(x) + abs(x)^3", [2, 3]), ("x^6/6 + abs(x)^3/3", [0, 1, 0, 0, 1]),
    ] as [(String, [Double])])
  func evenOnesWithOddPowersAreRecognised(text: String, factor: [Double]) throws {
    let potential = try potential(text, ["k": 1.7])
    guard case .sided(let found) = potential.form else {
      Issue.record("\(potential.form)")
      return
    }
    #expect(found.count == factor.count && zip(found, factor).allSatisfy { abs($0 - $1) <= 1e-15 * abs($1) })
    for x in [-1.7, -0.3, 0, 0.4, 2.1] {
      let slope = x * factor.reversed().reduce(0) { $0 * abs(x) + $1 }
      #expect(abs(potential.slope(x) - slope) <= 1e-14 * (1 + abs(slope)))
    }
  }

  /// What a form says of V' is V', also of random products and powers of linear parts.
  @Test func formsAreTheSlope() throws {
    var random = RandomFormulas(seed: 51)
    var recognised = [0, 0, 0]
    for round in 0..<600 {
      func number() -> Double { Double(Int.random(in: -8...8, using: &random)) / 4 }
      func linear() -> String { "(\(number())*x + \(number()))" }
      let wave = ["sin", "cos"].randomElement(using: &random)!
      let power = Int.random(in: 0...3, using: &random)
      let text =
        switch round % 3 {
        case 0: "\(linear())^\(power)*\(linear()) - \(linear())*\(linear())*x"
        case 1: "\(number())*\(wave)(\(linear()))^2 + \(number())*x^2 - \(number())*x"
        default: "\(linear()) - \(number())*\(wave)(\(linear())) + \(linear())^\(power)"
        }
      let formula = try Formula(text, names: ["x"])
      let potential = Potential(formula, of: "x")
      let derivative = formula.derivative(by: "x")
      for x in [-1.7, -0.3, 0, 0.4, 2.1] {
        let slope: Double
        switch potential.form {
        case .polynomial(let coefficients):
          slope = coefficients.reversed().reduce(0) { $0 * x + $1 }
          recognised[0] += 1
        case .sine(let amplitude, let wavenumber, let phase, let linear, let offset):
          slope = amplitude * sin(wavenumber * x + phase) + linear * x + offset
          recognised[1] += 1
        case .sided(let factor): slope = x * factor.reversed().reduce(0) { $0 * abs(x) + $1 }
        case .general:
          slope = potential.slope(x)
          recognised[2] += 1
        }
        let exact = derivative.value(["x": x])
        #expect(abs(slope - exact) <= 1e-11 * (1 + abs(exact)), "\(text) at \(x)")
        #expect(abs(potential.slope(x) - exact) <= 1e-11 * (1 + abs(exact)), "\(text) at \(x)")
      }
    }
    #expect(recognised.allSatisfy { $0 > 100 }, "\(recognised)")
  }

  @Test func whatFallsWithoutBoundIsKnownWhereTheFormTells() throws {
    #expect(try potential("x^2/2 + x^4/4").isUnboundedBelow == false)
    #expect(try potential("x^2/2 - x^4/4").isUnboundedBelow == true)
    #expect(try potential("x^2/2 + x^3/3").isUnboundedBelow == true)
    #expect(try potential("x").isUnboundedBelow == true)
    #expect(try potential("3").isUnboundedBelow == false)
    #expect(try potential("1 - cos(x)").isUnboundedBelow == false)
    #expect(try potential("1 - cos(x) - x").isUnboundedBelow == true)
    #expect(try potential("x^2 - cos(x) - x").isUnboundedBelow == false)
    #expect(try potential("exp(-x)").isUnboundedBelow == nil)
  }

  @Test func harmonicIsWhatHasOneCurvature() throws {
    #expect(try potential("(x + 1)^2*2 - x").isHarmonic)
    #expect(try potential("(x + 1)^4 - x^3*(x + 4)").isHarmonic)
    #expect(try !potential("x^4").isHarmonic)
    #expect(try !potential("cos(x)").isHarmonic)
    // Kinks.
    #expect(try !potential("abs(x)").isHarmonic)
    #expect(try !potential("max(x^2, 2*x^2 + x)").isHarmonic)
  }
}
