import NessModel
import NessSampling
import NessStatistics

/// The heats whose cumulants a run follows: the current between two baths, or the heat from each of more.
struct FollowedHeats: Sendable {
  /// A heat as a sum over channels of the ledger; channel after channel what each counts, in units of `unit`.
  struct Sum: Sendable {
    let channels: [Int]
    let weights: [Double]
  }

  let sums: [Sum]
  /// Highest temperature of a bath, so that fourth powers stay in the range of numbers [energy].
  let unit: Double

  /// More baths than this are not followed, and of more than the second number no covariances.
  static let (mostBaths, mostCorrelated) = (32, 6)

  /// - Parameters:
  ///   - temperatures: of the baths [energy].
  ///   - weights: what the sum over a tick of the ledger's channel of each bath is in heat [energy].
  ///   - written: of every bath as it is written the places of its sites among them.
  init(temperatures: [Double], weights: [Double], written: [[Int]]? = nil) {
    let highest = temperatures.max() ?? 0
    unit = highest > 0 && highest.isFinite ? highest : 1
    let weights = weights.map { [unit] in $0 / unit }
    let written = written ?? weights.indices.map { [$0] }
    switch written.count {
    case ...1: sums = []
    // Half of what comes from the left and goes to the right: the energy stored between them drops out best.
    case 2:
      sums = [
        Sum(
          channels: written[0] + written[1],
          weights: written[0].map { 0.5 * weights[$0] } + written[1].map { -0.5 * weights[$0] })
      ]
    default:
      sums =
        written.count > Self.mostBaths
        ? [] : written.map { sites in Sum(channels: sites, weights: sites.map { weights[$0] }) }
    }
  }

  /// An empty record of them.
  var moments: BlockMoments {
    BlockMoments(channels: sums.count, hasProducts: (3...Self.mostCorrelated).contains(sums.count))
  }
}

extension ReplicaEnsemble where Motion: RecordedReplicas {
  /// How the cumulants of a followed heat grow [energy^n/time]; nil if none is followed.
  ///
  /// - Parameters:
  ///   - heats: what is followed.
  ///   - tick: length of a tick [time].
  ///   - memory: for how long it is remembered, where that is long.
  func growth(of heat: Int, _ heats: FollowedHeats, tick: Double, memory: SlowExchange) -> CumulantGrowth? {
    let records = motions.map(\.record.moments)
    guard heats.sums.indices.contains(heat), let first = records.first else { return nil }
    let levels = (0..<first.levels).map { level in
      (0..<replicas).map { replica -> PowerSums in
        let (record, lane) = (records[replica / 8], replica % 8)
        guard level < record.levels else { return PowerSums() }
        var sums = SIMD4<Double>()
        for power in 1...4 {
          sums[power - 1] = record.sum(level: level, channel: heat, power: power, lane: lane)
        }
        return PowerSums(count: Double(record.count(level: level)), sums: sums)
      }
    }
    return CumulantGrowth(
      levels, shortest: tick, memory: memory.time, choosesByMemory: memory.choosesBlocks)
  }

  /// How the variance of the sum of two followed heats grows [energy²/time]; nil where that is not followed.
  func growth(ofSum one: Int, _ other: Int, _ heats: FollowedHeats, tick: Double, memory: SlowExchange)
    -> CumulantGrowth?
  {
    let records = motions.map(\.record.moments)
    guard let first = records.first, first.hasProducts, one != other else { return nil }
    let levels = (0..<first.levels).map { level in
      (0..<replicas).map { replica -> PowerSums in
        let (record, lane) = (records[replica / 8], replica % 8)
        guard level < record.levels else { return PowerSums() }
        func sum(_ heat: Int, _ power: Int) -> Double {
          record.sum(level: level, channel: heat, power: power, lane: lane)
        }
        let square = sum(one, 2) + sum(other, 2) + 2 * record.product(level: level, one, other, lane: lane)
        return PowerSums(
          count: Double(record.count(level: level)), sums: [sum(one, 1) + sum(other, 1), square, 0, 0])
      }
    }
    return CumulantGrowth(
      levels, shortest: tick, memory: memory.time, choosesByMemory: memory.choosesBlocks)
  }
}
