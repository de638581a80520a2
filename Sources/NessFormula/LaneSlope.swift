/// V'(x) of eight replicas at once, compiled from a potential; holds no scratch of its own.
package struct LaneSlope: Sendable {
  private let potential: Potential

  /// Compiles the slope of a potential.
  package init(_ potential: Potential) { self.potential = potential }

  /// Vectors that are evaluated together: the scratch is `registers` times as many vectors.
  package static let blockLength = 16
  /// Scratch vectors per vector of a block.
  package var registers: Int { 0 }

  /// slopes[i] = V'(x[i]), i < count, in every lane. `x` and `slopes` may be the same; `scratch` has room for
  /// `registers * LaneSlope.blockLength` vectors, and what it holds does not matter.
  package func evaluate(
    _ x: UnsafePointer<SIMD8<Double>>, into slopes: UnsafeMutablePointer<SIMD8<Double>>, count: Int,
    scratch: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    for index in 0..<count {
      for lane in 0..<8 { slopes[index][lane] = potential.slope(x[index][lane]) }
    }
  }
}
