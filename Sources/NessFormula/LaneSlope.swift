/// V'(x) of eight replicas at once, compiled from a potential; holds no scratch of its own.
package struct LaneSlope: Sendable {
  private let function: LaneFunction

  /// The slope of a potential.
  package init(_ potential: Potential) { function = potential.slopes }

  /// Vectors that are evaluated together.
  package static var blockLength: Int { LaneFunction.blockLength }
  /// Scratch vectors per vector of a block.
  package var registers: Int { function.registers }
  /// Vectors of scratch that `evaluate` needs.
  package var scratchLength: Int { function.scratchLength }

  /// slopes[i] = V'(x[i]), i < count, in every lane. `x` and `slopes` may be the same; `scratch` has room for `scratchLength`
  /// vectors, and what it holds does not matter.
  @inline(__always)
  package func evaluate(
    _ x: UnsafePointer<SIMD8<Double>>, into slopes: UnsafeMutablePointer<SIMD8<Double>>, count: Int,
    scratch: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    function.evaluate(x, into: slopes, count: count, scratch: scratch)
  }
}
