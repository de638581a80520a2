import Foundation
import NessSampling
import NessStatistics
import Testing

/// Rates of cumulants from blocks: of a sum whose ends add a constant, and whose parts are correlated for a short time.
@Suite struct CumulantGrowthTests {
  /// Small random numbers of a fixed seed (SplitMix64).
  private struct Source {
    var state: UInt64

    mutating func uniform() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return (Double((z ^ (z >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992
    }
  }

  /// Ticks of  exponential e_t (variance 1, third cumulant 2)  plus the change of a stored quantity, which adds a constant to the
  /// variance of every block.
  private func experiment(_ seed: UInt64, replicas: Int, ticks: Int) -> (growth: CumulantGrowth, naive: Double) {
    var source = Source(state: seed &* 0x1234_5678_9ABC_DEF1)
    var moments = (0..<(replicas / 8)).map { _ in BlockMoments(channels: 1, hasProducts: false) }
    for group in moments.indices {
      var stored = SIMD8<Double>()
      for _ in 0..<ticks {
        var tick = SIMD8<Double>()
        for lane in 0..<8 {
          let next = 0.6 * stored[lane] + 1.5 * (source.uniform() - 0.5)
          tick[lane] = -log(source.uniform()) + 2 * (next - stored[lane])
          stored[lane] = next
        }
        moments[group].add([tick])
      }
    }
    let levels = (0..<moments[0].levels).map { level in
      (0..<replicas).map { replica -> PowerSums in
        var sums = SIMD4<Double>()
        for power in 1...4 {
          sums[power - 1] = moments[replica / 8].sum(level: level, channel: 0, power: power, lane: replica % 8)
        }
        return PowerSums(count: Double(moments[replica / 8].count(level: level)), sums: sums)
      }
    }
    let first = levels[0].reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.count, $0.1 + $1.sums[0], $0.2 + $1.sums[1]) }
    let mean = first.1 / first.0
    return (CumulantGrowth(levels, shortest: 1), first.2 / first.0 - mean * mean)
  }

  /// 95 % intervals hold the true rates in 93 to 97 of a hundred cases, as far as 400 experiments can tell; without the search
  /// for the block length the variance is wrong by more than any error bar.
  @Test func coverage() throws {
    let (experiments, truth) = (400, [1.0, 2])
    var (hits, refused) = ([0, 0], [0, 0])
    var naive = 0.0
    for seed in 1...experiments {
      let (growth, plain) = experiment(UInt64(seed), replicas: 32, ticks: 512)
      naive += plain / Double(experiments)
      for order in 0..<2 {
        guard let estimate = try? growth.rates[order].get() else {
          refused[order] += 1
          continue
        }
        if abs(estimate.value - truth[order]) <= estimate.halfWidth95 { hits[order] += 1 }
      }
    }
    // 95 % within four standard deviations of so many draws.
    for order in 0..<2 {
      let answered = Double(experiments - refused[order])
      #expect(answered > 0.9 * Double(experiments), "\(refused)")
      let spread = 4 * (0.95 * 0.05 * answered).squareRoot()
      #expect(abs(Double(hits[order]) - 0.95 * answered) < spread, "\(hits) of \(answered)")
    }
    #expect(naive > 1.5)
  }

  @Test func tooShort() {
    let (growth, _) = experiment(1, replicas: 16, ticks: 12)
    for rate in growth.rates { #expect(throws: StatisticsError.self) { try rate.get() } }
  }
}
