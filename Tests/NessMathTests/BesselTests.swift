import NessMath
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct BesselTests {
  /// I_n(x) = sum_j (x/2)^(2j+n) / (j! (n+j)!).
  private func series(_ order: Int, _ x: Double) -> Double {
    var term = 1.0
    for factor in 1...max(1, order) where order > 0 { term *= 0.5 * x / Double(factor) }
    var sum = term
    for index in 1..<200 {
      term *= 0.25 * x * x / (Double(index) * Double(order + index))
      sum += term
    }
    return sum
  }

  @Test(arguments: [0.05, 0.5, 2, 7, 20])
  func agreesWithPowerSeries(x: Double) {
    let values = scaledBesselI(upTo: 20, x)
    for order in 0...20 {
      let exact = exp(-x) * series(order, x)
      #expect(abs(values[order] - exact) <= 1e-13 * exact)
    }
  }

  /// exp(-x) I_n(x) = mean over the circle of exp(x (cos t - 1)) cos(n t).
  @Test(arguments: [0.3, 4, 50, 200])
  func agreesWithIntegralRepresentation(x: Double) throws {
    let values = scaledBesselI(upTo: 12, x)
    for order in 0...12 {
      let integral = try periodicTrapezoid(period: 2 * Double.pi) { exp(x * (cos($0) - 1)) * cos(Double(order) * $0) }
      #expect(abs(values[order] - integral.value / (2 * Double.pi)) <= 1e-14)
    }
  }

  /// I_{n-1} - I_{n+1} = (2n/x) I_n; a wrong factor must fail.
  @Test func obeysRecurrence() {
    let x = 3.7
    let values = scaledBesselI(upTo: 10, x)
    for order in 1..<10 {
      let left = values[order - 1] - values[order + 1]
      let right = 2 * Double(order) / x * values[order]
      #expect(abs(left - right) < 1e-14)
      #expect(abs(left - 0.5 * right) > 1e-12)
    }
  }

  @Test func vanishingArgument() {
    #expect(scaledBesselI(upTo: 3, 0) == [1, 0, 0, 0])
  }
}
