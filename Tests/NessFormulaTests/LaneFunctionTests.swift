import NessFormula
import Testing

@Suite struct LaneFunctionTests {
  /// Values in lanes for vectors of x that lie `in place` or not, `count` of them.
  private func lanes(_ function: LaneFunction, _ x: [SIMD8<Double>], inPlace: Bool = false) -> [SIMD8<Double>] {
    var result = inPlace ? x : [SIMD8<Double>](repeating: .init(repeating: 77), count: x.count)
    var scratch = [SIMD8<Double>](repeating: .init(repeating: .nan), count: max(1, function.scratchLength))
    result.withUnsafeMutableBufferPointer { result in
      scratch.withUnsafeMutableBufferPointer { scratch in
        x.withUnsafeBufferPointer { x in
          function.evaluate(
            inPlace ? UnsafePointer(result.baseAddress!) : x.baseAddress!, into: result.baseAddress!,
            count: x.count, scratch: scratch.baseAddress!)
        }
      }
    }
    return result
  }

  private func isSame(_ first: Double, _ second: Double) -> Bool {
    first.bitPattern == second.bitPattern || (first.isNaN && second.isNaN)
  }

  /// Numbers of all sizes and signs, and those that are none.
  private func samples(_ count: Int) -> [SIMD8<Double>] {
    var random = RandomFormulas(seed: 5)
    let special: [Double] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, 0x1p-1074, 1e308, -0x1p-1030, 1e22, 0.5]
    return (0..<count).map { row in
      var vector = SIMD8<Double>()
      for lane in 0..<8 {
        let place = row * 8 + lane
        let size = Double(sign: .plus, exponent: Int.random(in: -20...12, using: &random), significand: 1)
        vector[lane] = place < special.count ? special[place] : Double.random(in: -4...4, using: &random) * size
      }
      return vector
    }
  }

  /// The law of the machine: whatever the formula, the block, the place in it and the lane, one function.
  @Test func lanesAreTheScalarToTheLastBit() throws {
    var random = RandomFormulas(seed: 11)
    let x = samples(LaneFunction.blockLength + 5)
    var compared = 0
    for _ in 0..<400 {
      let formula = try Formula(random.text(depth: 4), names: ["x", "a"]).substituting(["a": 1.25])
      for function in [formula, formula.derivative(by: "x")].map({ LaneFunction($0, of: "x") }) {
        let values = lanes(function, x)
        #expect(
          zip(values, lanes(function, x, inPlace: true)).allSatisfy { first, second in
            (0..<8).allSatisfy { isSame(first[$0], second[$0]) }
          })
        for (vector, value) in zip(x, values) {
          for lane in 0..<8 {
            let scalar = function.value(vector[lane])
            if !isSame(scalar, value[lane]) { Issue.record("\(formula) at \(vector[lane]): \(value[lane]), \(scalar)") }
            compared += value[lane].isFinite ? 1 : 0
          }
        }
      }
    }
    #expect(compared > 20_000)
  }

  /// The compiled program computes the formula: no sum is lost, no register used too early.
  @Test func lanesAreTheFormulaWithinRounding() throws {
    var random = RandomFormulas(seed: 12)
    var (compared, control) = (0, 0)
    for _ in 0..<1500 {
      let formula = try Formula(random.text(depth: 4), names: ["x", "a"]).substituting(["a": 0.75])
      let function = LaneFunction(formula, of: "x")
      for _ in 0..<8 {
        let x = Double.random(in: -2...2, using: &random)
        let (value, exact) = (function.value(x), formula.value(["x": x]))
        guard exact.isFinite, abs(exact) < 1e8 else { continue }
        // What rounding does to a formula is seen by moving x by a few units in the last place.
        let moved = [1 - 0x1p-50, 1 + 0x1p-50].map { formula.value(["x": x * $0]) }
        guard moved.allSatisfy(\.isFinite) else { continue }
        let rounding = moved.map { abs($0 - exact) }.max()! + 1e-13 * max(1, abs(exact))
        #expect(abs(value - exact) <= 100 * rounding, "\(formula) at \(x): \(value), \(exact)")
        compared += 1
        control += abs(function.value(x + 0.01) - exact) > 100 * rounding ? 1 : 0
      }
    }
    #expect(compared > 5000)
    #expect(control > compared / 2)
  }

  @Test func namedFormsNeedNoScratch() throws {
    for text in ["x^2/2 + x^4/4", "1 - cos(3*x) + x^2", "7", "x"] {
      let potential = Potential(try Formula(text, names: ["x"]), of: "x")
      #expect(LaneSlope(potential).registers == 0 && potential.curvatures.registers == 0)
    }
    #expect(LaneFunction(try Formula("exp(x)*sin(x)", names: ["x"]), of: "x").registers == 2)
  }

  @Test func noVectorBehindTheCountIsTouched() throws {
    let function = LaneFunction(try Formula("exp(x)*sin(x) + tanh(x)", names: ["x"]), of: "x")
    for count in [0, 1, 15, 31, 32, 33, 70] {
      var x = samples(80)
      let before = x
      var scratch = [SIMD8<Double>](repeating: .zero, count: function.scratchLength + 1)
      x.withUnsafeMutableBufferPointer { x in
        scratch.withUnsafeMutableBufferPointer { scratch in
          function.evaluate(
            UnsafePointer(x.baseAddress!), into: x.baseAddress!, count: count, scratch: scratch.baseAddress!)
        }
      }
      #expect(scratch.last == .zero)
      for index in count..<80 {
        for lane in 0..<8 { #expect(isSame(x[index][lane], before[index][lane])) }
      }
    }
  }
}
