import CVectorMath
import Foundation
import Testing

@Suite struct VectorMathTests {
  private func largestError(
    _ range: ClosedRange<Double>, _ f: (SIMD8<Double>) -> SIMD8<Double>, _ exact: (Double) -> Double,
    scale: (Double) -> Double
  ) -> Double {
    let points = 20_000
    return (0...points).map { index -> Double in
      let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(points)
      let value = f(SIMD8(repeating: x))[index % 8]
      return abs(value - exact(x)) / scale(x)
    }.max() ?? .infinity
  }

  @Test func sineAndCosine() {
    #expect(largestError(-0.5...0.5, ness_sin_half_turn, { sin(.pi * $0) }, scale: { _ in 1 }) < 2e-14)
    #expect(largestError(-0.5...0.5, ness_cos_half_turn, { cos(.pi * $0) }, scale: { _ in 1 }) < 2e-14)
  }

  @Test func logarithm() {
    #expect(
      largestError(1e-9...1, ness_minus_two_log, { -2 * log($0) }, scale: { max(-2 * log($0), 1) }) < 1e-15)
    #expect(ness_minus_two_log(SIMD8(repeating: 1)) == SIMD8())
    let smallest = ness_minus_two_log(SIMD8(repeating: 0x1p-52))[0]
    #expect(abs(smallest - 104 * log(2.0)) < 1e-13)
  }

  @Test func fractionAndUnitInterval() {
    #expect(ness_fraction(SIMD8(repeating: 7.75))[3] == -0.25)
    #expect(ness_unit_interval(SIMD8(repeating: 0))[0] == 0)
    #expect(ness_unit_interval(SIMD8(repeating: .max))[0] == 1 - 0x1p-52)
  }
}
