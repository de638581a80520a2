import NessStatistics
import NessTestSupport
import Testing

/// A small generator for test data (splitmix64), so that these tests need no other module.
private struct TestRandom {
  var state: UInt64

  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  /// Sum of twelve uniforms: variance 1, close enough to a Gaussian for means of many.
  mutating func gaussian() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }

  /// AR(1): x' = a x + sqrt(1-a²) xi, variance 1, autocorrelation a^t, from its stationary state.
  mutating func autoregressive(_ a: Double, count: Int) -> [Double] {
    var x = gaussian()
    return (0..<count).map { _ in
      defer { x = a * x + (1 - a * a).squareRoot() * gaussian() }
      return x
    }
  }
}

@Suite struct BlockedMeanTests {
  /// The mean of n values of AR(1) has variance (1/n) [(1+a)/(1-a) - 2a(1-a^n)/(n (1-a)²)].
  private func exactError(_ a: Double, count: Int) -> Double {
    let n = Double(count)
    let power = (0..<count).reduce(1.0) { product, _ in product * a }
    return (((1 + a) / (1 - a) - 2 * a * (1 - power) / (n * (1 - a) * (1 - a))) / n).squareRoot()
  }

  private func series(_ random: inout TestRandom, a: Double, replicas: Int, batches: Int) -> ReplicaSeries {
    ReplicaSeries(
      replicas: replicas, batches: batches,
      values: (0..<replicas).flatMap { _ in random.autoregressive(a, count: batches) })
  }

  /// |error / exact - 1| of one error bar from 64 blocks is about 1/sqrt(128) = 9 %; here the mean over 100 is tested.
  @Test(arguments: [(0.0, 64, 32), (0.9, 64, 64), (0.9, 8, 1024), (0.5, 1, 4096), (-0.6, 8, 512)])
  func errorBarKnowsTheAutocorrelation(a: Double, replicas: Int, batches: Int) throws {
    var random = TestRandom(state: 1)
    let exact = exactError(a, count: batches) / Double(replicas).squareRoot()
    let repeats = 100
    let ratio =
      try (0..<repeats).map { _ in
        let error = try BlockedMean(of: series(&random, a: a, replicas: replicas, batches: batches)).standardError
        return error * error / (exact * exact)
      }.reduce(0, +) / Double(repeats)
    // chi² with 63 degrees of freedom, mean of 100: relative error sqrt(2/63/100) = 1.8 %.
    #expect(abs(ratio - 1) < acceptedZScore * 0.018 + 0.02)
    // Control: the naive error of independent values would fail for a correlated series.
    if a > 0.4 {
      let naive = 1 / Double(replicas * batches) / (exact * exact)
      #expect(abs(naive - 1) > acceptedZScore * 0.018 + 0.02)
    }
  }

  /// 95 % intervals cover the exact mean, 0, in 93 to 97 % of 2000 repeats.
  @Test(arguments: [(0.8, 64, 16), (0.8, 8, 1024)])
  func coverage(a: Double, replicas: Int, batches: Int) throws {
    var random = TestRandom(state: 2)
    var covered = 0
    let repeats = 2000
    for _ in 0..<repeats {
      let blocked = try BlockedMean(of: series(&random, a: a, replicas: replicas, batches: batches))
      if abs(blocked.mean) < 1.96 * blocked.standardError { covered += 1 }
    }
    let share = Double(covered) / Double(repeats)
    #expect(share > 0.93 && share < 0.97, "covered \(share)")
  }

  @Test func tooShortASeriesThrows() {
    var random = TestRandom(state: 3)
    let slow = series(&random, a: 0.999, replicas: 1, batches: 128)
    #expect(throws: StatisticsError.self) { try BlockedMean(of: slow) }
    let few = series(&random, a: 0, replicas: 3, batches: 5)
    #expect(throws: StatisticsError.tooFewBlocks(found: 15, needed: 16)) { try BlockedMean(of: few) }
  }

  /// y = x + e with a control x of mean zero: the error falls from that of y to that of e, and stays honest.
  @Test func controlsReduceTheErrorWithoutBias() throws {
    var random = TestRandom(state: 4)
    var covered = 0
    var ratio = 0.0
    let repeats = 1000
    for _ in 0..<repeats {
      let control = series(&random, a: 0.5, replicas: 64, batches: 8)
      let rest = series(&random, a: 0.5, replicas: 64, batches: 8)
      let sum = ReplicaSeries(
        replicas: 64, batches: 8, values: zip(control.values, rest.values).map { 5 * $0 + $1 + 3 })
      let plain = try BlockedMean(of: sum)
      let controlled = try BlockedMean(of: sum, controls: [control])
      ratio += plain.standardError / controlled.standardError / Double(repeats)
      if abs(controlled.mean - 3) < 1.96 * controlled.standardError { covered += 1 }
    }
    #expect(abs(ratio - 26.0.squareRoot()) < 0.2)
    #expect(covered > 930 && covered < 970, "covered \(covered) of 1000")
  }

  @Test func aUselessControlChangesNothing() throws {
    var random = TestRandom(state: 5)
    let sample = series(&random, a: 0, replicas: 64, batches: 1)
    let nothing = ReplicaSeries(replicas: 64, batches: 1, values: Array(repeating: 0, count: 64))
    let plain = try BlockedMean(of: sample)
    let controlled = try BlockedMean(of: sample, controls: [nothing])
    #expect(plain.mean == controlled.mean)
    #expect(plain.standardError == controlled.standardError)
  }
}
