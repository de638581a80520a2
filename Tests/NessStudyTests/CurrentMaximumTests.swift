import Foundation
import NessStatistics
import NessStudy
import Testing

struct CurrentMaximumTests {
  /// Log-spaced temperatures from 12 to `last`, shifted by a part of their spacing.
  private func temperatures(_ count: Int, last: Double = 400, shift: Double = 0) -> [Double] {
    let step = log(last / 12) / Double(count - 1)
    return (0..<count).map { 12 * exp(step * (Double($0) + shift)) }
  }

  /// 95 % intervals of T* cover the true maximum in at least 90 % of all sweeps that show a fall.
  @Test(arguments: [(6, 0.05), (8, 0.02), (8, 0.1), (16, 0.03), (16, 0.002), (40, 0.05)])
  func coverage(count: Int, relativeError: Double) throws {
    var covered = 0
    var tooNarrow = 0
    var found = 0
    for number in 0..<400 {
      let temperatures = temperatures(count, shift: Double(number % 10) / 10)
      let currents = temperatures.map(FallingCurrent.value)
      let scale = currents.max() ?? 0
      let curve = SyntheticCurve(
        temperatures: temperatures, currents: currents,
        errors: currents.map { relativeError * max($0, 0.3 * scale) })
      let verdict = try #require(try FallVerdict(curve.sampled(number), draws: 199))
      guard case .maximum(let temperature, let error)? = verdict.beginning else { continue }
      found += 1
      if abs(temperature - FallingCurrent.maximum) < 1.96 * error { covered += 1 }
      if abs(temperature - FallingCurrent.maximum) < 1.96 * error / 5 { tooNarrow += 1 }
    }
    #expect(found > 380)
    #expect(Double(covered) / Double(found) > 0.9, "\(covered) of \(found)")
    // Control: error bars five times smaller would not pass.
    #expect(Double(tooNarrow) / Double(found) < 0.9, "\(tooNarrow) of \(found)")
  }

  /// Without noise the error is that of interpolation: it covers the truth, and falls with the spacing.
  @Test func exactCurves() throws {
    var largest: [Double] = []
    for count in [6, 12, 24] {
      let errors = try (0..<20).map { number -> Double in
        let points = temperatures(count, shift: Double(number) / 20).map {
          CurvePoint(temperature: $0, .numerical(FallingCurrent.value($0), bound: 1e-12))
        }
        let maximum = try #require(CurrentMaximum(of: points))
        #expect(abs(maximum.temperature - FallingCurrent.maximum) < 1.96 * maximum.error, "\(count) \(number)")
        return maximum.error
      }
      largest.append(errors.max() ?? 0)
    }
    #expect(largest[1] < largest[0] / 2 && largest[2] < largest[1] / 2)
    #expect(largest[2] < 1)
  }

  @Test func aMaximumAtAnEndIsNone() {
    let points = [4.0, 3, 2, 1].enumerated().map {
      CurvePoint(temperature: 10 + Double($0.offset), .numerical($0.element, bound: 1e-9))
    }
    #expect(CurrentMaximum(of: points) == nil)
    #expect(CurrentMaximum(of: Array(points.prefix(2))) == nil)
  }
}
