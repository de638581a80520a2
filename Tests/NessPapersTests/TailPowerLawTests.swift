import Foundation
import NessPapers
import NessRandom
import Testing

@Suite struct TailPowerLawTests {
  /// Points of y = x^a (1 + c/x) with Gaussian errors.
  private func points(
    _ exponent: Double, correction: Double = 0, relativeError: Double = 0.01, seed: UInt64
  ) -> [(x: Double, y: Double, error: Double)] {
    var stream = CounterStream(seed: seed, index: 0, purpose: .fallTest)
    return [2.0, 4, 8, 16, 32, 64, 128, 256].map { x in
      let y = pow(x, exponent) * (1 + correction / x)
      return (x: x, y: y * (1 + relativeError * stream.gaussianPair().0), error: relativeError * y)
    }
  }

  /// The exponent is within three of its errors, whether all of the curve is a power law or its end alone.
  @Test(arguments: [(-1.0, 0.0), (-1, 3), (-2, 0), (0.5, -1)]) func coversTheExponent(
    exponent: Double, correction: Double
  ) throws {
    var (far, found) = (0, 0)
    for seed in 0..<200 {
      let given = points(exponent, correction: correction, seed: UInt64(seed))
      guard let law = TailPowerLaw(given) else { continue }
      if abs(law.exponent - exponent) > 3 * law.error { far += 1 }
      found += 1
      #expect(law.count >= TailPowerLaw.fewestPoints && law.range.upperBound == 256)
      #expect(law.error > 0 && law.count <= 8)
    }
    #expect(found > 100 && Double(far) <= 0.03 * Double(found), "\(far) of \(found)")
  }

  /// The window follows from the data: a bent curve has a shorter one than a straight one.
  @Test func theWindowFollowsFromTheData() throws {
    let straight = try #require(TailPowerLaw(points(-1, relativeError: 1e-4, seed: 3)))
    let bent = TailPowerLaw(points(-1, correction: 3, relativeError: 1e-4, seed: 3))
    #expect(straight.count >= 7)
    // With errors this small no four points lie on a line.
    #expect(bent == nil)
    #expect(TailPowerLaw(Array(points(-1, seed: 1).suffix(3))) == nil)
  }

  /// The coefficient of a parabola, by hand: y = 1 + 2x + 3x².
  @Test func bend() throws {
    typealias Point = (x: Double, y: Double, error: Double)
    let places: [Double] = [0, 1, 2, 5]
    let parabola = places.map { x -> Point in
      let line = 1 + 2 * x
      return (x: x, y: line + 3 * x * x, error: 0.1 + 0.1 * x)
    }
    let bend = try #require(LineFit(parabola)?.bend(of: parabola))
    #expect(abs(bend.value - 3) < 1e-12 && bend.error > 0)
    let line = parabola.map { point -> Point in (x: point.x, y: 1 + 2 * point.x, error: point.error) }
    #expect(abs(try #require(LineFit(line)?.bend(of: line)).value) < 1e-12)
  }

  /// Of two degrees of freedom the probability of a larger χ² is exp(-χ²/2).
  @Test(arguments: [0.3, 1.0, 2.0, 4.0]) func probabilityOfChiSquared(shift: Double) throws {
    let fit = try #require(LineFit([(0, 0, 1), (1, shift, 1), (2, -shift, 1), (3, 0, 1)]))
    #expect(fit.degreesOfFreedom == 2 && abs(fit.pValue - exp(-fit.chiSquared / 2)) < 0.01)
  }
}

@Suite struct AgreementTests {
  private func outcome(_ value: Double, _ error: Double, tolerance: Double = 0.05) -> Agreement.Outcome {
    Agreement(value: value, error: error, expected: 1, tolerance: tolerance).outcome
  }

  /// A long error bar confirms nothing and contradicts nothing, whatever the value.
  @Test func aLongBarDecidesNothing() {
    for value in [0.2, 0.91, 0.99, 1, 1.05, 3] {
      #expect(outcome(value, 1) == .open)
      let bars = [1e-6, 1e-3, 0.01, 0.02, 0.03, 0.1, 1].map { outcome(value, $0) }
      // Once a growing bar has made a test open it stays so.
      let first = bars.firstIndex(of: .open) ?? bars.count
      #expect(bars[first...].allSatisfy { $0 == .open })
    }
  }

  @Test func theWholeIntervalCounts() {
    #expect(outcome(1.02, 0.01) == .agrees && outcome(1.02, 0.02) == .open)
    // 9 % apart at 3.1 standard errors is no confirmation of a formula that shall hold to 5 %.
    #expect(outcome(0.91, 0.029) == .open)
    #expect(outcome(0.91, 0.002) == .differs && outcome(1.2, 0.03) == .differs)
    #expect(outcome(.nan, 0.01) == .open && outcome(1, .nan) == .open)
    let test = Agreement(value: 0.98, error: 0.01, expected: 1, tolerance: 0.05)
    #expect(abs(test.z + 2) < 1e-12 && test.words.contains("z = -2") && test.words.contains("within ±0.05"))
  }
}
