/// A function of one variable for eight replicas at once, compiled from a formula; holds no scratch of its own.
///
/// Polynomials up to the eighth degree and sines with a line (`PotentialForm`) are one compiled loop; anything else is a list of
/// operations, each of which is done for a block of vectors. Products are added by fused operations, so every machine gives the
/// same bytes.
package struct LaneFunction: Sendable {
  private let program: LaneProgram

  /// - Precondition: No other name than `variable` is left in the formula.
  package init(_ formula: Formula, of variable: String) {
    precondition(formula.names.isSubset(of: [variable]), "a function in lanes has one variable")
    program = LaneProgram(formula.expression, of: variable)
  }

  /// Vectors that are evaluated together.
  package static let blockLength = 32
  /// Scratch vectors per vector of a block; none for a polynomial or a sine.
  package var registers: Int { program.registers }
  /// Vectors of scratch that `evaluate` needs.
  package var scratchLength: Int { registers * LaneFunction.blockLength }

  /// values[i] = f(x[i]), i < count, in every lane. `x` and `values` may be the same; `scratch` has room for `scratchLength`
  /// vectors, and what it holds does not matter.
  @inline(__always)
  package func evaluate(
    _ x: UnsafePointer<SIMD8<Double>>, into values: UnsafeMutablePointer<SIMD8<Double>>, count: Int,
    scratch: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    program.run(x, into: values, count: count, block: LaneFunction.blockLength, scratch: scratch)
  }

  /// f(x), what `evaluate` gives in a lane.
  package func value(_ x: Double) -> Double {
    withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: registers + 1) { vectors in
      let result = vectors.baseAddress!
      result.initialize(to: SIMD8(repeating: x))
      program.run(result, into: result, count: 1, block: 1, scratch: result + 1)
      return result.pointee[0]
    }
  }
}
