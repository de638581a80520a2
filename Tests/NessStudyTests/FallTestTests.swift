import NessRandom
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

struct FallTestTests {
  private static let sweeps = 4000
  private static let draws = 999
  /// The most of 4000 that a share of 5 % gives, 4.9 standard deviations above its mean.
  private static let mostFalse = 200.0 + acceptedZScore * (4000 * 0.05 * 0.95).squareRoot()

  /// Standard errors between 0.3 and 3, in no order.
  private static func unequal(_ count: Int) -> [Double] { (0..<count).map { [0.3, 1, 3, 0.6, 2][$0 * 3 % 5] } }

  private static func curve(_ currents: [Double], shared: Double = 0) -> SyntheticCurve {
    SyntheticCurve(
      temperatures: currents.indices.map { 10 + Double($0) }, currents: currents, errors: unequal(currents.count),
      shared: shared)
  }

  static let monotonic: [SyntheticCurve] = [
    curve([1, 1, 1]), curve(Array(repeating: 0, count: 8)), curve(Array(repeating: 5, count: 20)),
    curve([0, 1, 2, 2.5, 2.5, 2.5, 2.5, 2.6]), curve(Array(repeating: 0, count: 8), shared: 0.5),
  ]

  /// A curve that nowhere falls gives evidence for a fall in at most 5 % of all sweeps.
  @Test(.long, arguments: monotonic) func falseAlarms(curve: SyntheticCurve) {
    let alarms = (0..<Self.sweeps).count { FallTest(curve.sampled($0), draws: Self.draws).isEvidence }
    #expect(Double(alarms) <= Self.mostFalse, "\(alarms) of \(Self.sweeps)")
  }

  /// Control: the same without the correction for the choice among pairs gives many false alarms.
  @Test func withoutCorrectionTheTestWouldFail() {
    let alarms = (0..<400).count { number in
      let test = FallTest(Self.monotonic[1].sampled(number), draws: 99)
      return studentUpperTail(test.statistic, degreesOfFreedom: 15) < FallTest.level
    }
    #expect(Double(alarms) / 400 > 3 * Self.mostFalse / Double(Self.sweeps), "\(alarms) of 400")
  }

  /// A fall of 4.5 standard errors of a difference is found among eight points; the band covers it.
  @Test func power() {
    let step = 4.5 * 2.0.squareRoot()
    let curve = SyntheticCurve(
      temperatures: (0..<8).map(Double.init), currents: [0, 2, 4, step, step - 1, step - 3, 1, 0].map { $0 },
      errors: Array(repeating: 1, count: 8))
    let tests = (0..<1000).map { FallTest(curve.sampled($0), draws: Self.draws) }
    #expect(tests.count(where: \.isEvidence) > 850)
    let missed = tests.count { $0.largestPossibleFall < step }
    #expect(Double(missed) <= 50 + acceptedZScore * 47.5.squareRoot(), "\(missed) of 1000")
  }

  /// On a flat curve the largest fall that is not excluded misses zero in at most 5 %, and a narrower band in more.
  @Test func theBandIsSimultaneous() {
    let tests = (0..<1000).map { FallTest(Self.monotonic[1].sampled($0), draws: Self.draws) }
    #expect(tests.count { $0.largestPossibleFall < 0 } <= 84)
    #expect(tests.count { $0.criticalValue < 2.5 } == 0)
  }

  /// Far in the tail the p-value is the sum over the pairs: one of Student's t for two points.
  @Test func theFarTail() {
    func point(_ value: Double) -> CurvePoint {
      CurvePoint(temperature: 1, .statistical(value, standardError: 1, effectiveSamples: 16))
    }
    let test = FallTest([point(30), point(0)])
    #expect(test.pValue == studentUpperTail(30 / 2.0.squareRoot(), degreesOfFreedom: 15))
    #expect(test.pValue < 1e-11)
    #expect(FallTest([point(0), point(30)]).pValue == 1)
  }

  /// Long curves are joined to means; what falls in them is still seen, what rises is not taken for a fall.
  @Test func longCurves() {
    let errors = Array(repeating: 1.0, count: 1000)
    let temperatures = (0..<1000).map { 10 + Double($0) }
    let rising = SyntheticCurve(temperatures: temperatures, currents: temperatures.map { 0.01 * $0 }, errors: errors)
    let falling = SyntheticCurve(temperatures: temperatures, currents: temperatures.map { -0.01 * $0 }, errors: errors)
    #expect(!FallTest(rising.sampled(1), draws: Self.draws).isEvidence)
    let test = FallTest(falling.sampled(1), draws: Self.draws)
    #expect(test.isEvidence && test.pooled == 16 && test.points.count == 63)
  }

  @Test(arguments: [
    // Abramowitz and Stegun, table 26.10: one-sided 0.025, 0.005, 0.0005.
    (12.706, 1.0, 0.025), (2.571, 5.0, 0.025), (3.169, 10.0, 0.005), (3.850, 20.0, 0.0005), (1.960, .infinity, 0.025),
  ])
  func tailOfStudent(t: Double, degreesOfFreedom: Double, p: Double) {
    let tail = studentUpperTail(t, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(tail / p - 1) < 2e-3)
    #expect(abs(studentUpperTail(-t, degreesOfFreedom: degreesOfFreedom) - (1 - tail)) < 1e-15)
  }

  @Test(arguments: [-3.0, 0, 1, 4.9, 20])
  func sigmasInvertTheTail(z: Double) {
    #expect(abs(sigmas(ofUpperTail: gaussianUpperTail(z)) - z) < 1e-9)
  }
}
