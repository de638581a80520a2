import Foundation
import NessRandom
import NessSampling

/// A population of clones for one counting field x. A clone moves as a replica does and has the weight
///
///     w = exp( x_L Q_L + x_R Q_R ),      x_L - x_R = x,      Q its heats since the weights were last redrawn,
///
/// what noise alone does to it taken into the step of the friction (`MomentumStep.tilted`), so that it has not to be weighed.
/// Where few clones have most of the weight, all are redrawn in proportion to it (systematic resampling) and have equal
/// weights again. The mean weight is an unbiased estimate of <exp(x Q)> at every time and for every number of clones, so its
/// logarithm grows as mu(x) t. Every clone carries the heat of the line that it descends from, whose mean grows as mu'(x) t.
///
/// Random numbers belong to the place of a clone, not to the clone: copies part at the next step.
///
/// - Source: Grassberger, Comput. Phys. Commun. 147, 64 (2002); Giardina, Kurchan, Peliti, Phys. Rev. Lett. 96, 120603 (2006);
///   Del Moral, Feynman-Kac Formulae (Springer, 2004), for the mean weight.
/// - Checked by: exact generating functions, with controls (CloningTests).
final class ClonePopulation: ReplicaMotion {
  let sampling: CloningSampling
  /// The counting field [1/energy].
  let x: Double
  private let weights: TiltedWeights
  private let groups: [NetworkMotion]
  private let firstReplica: Int
  private var stream: LaneStream
  /// Logarithms of the weights, and the heat of every clone's line [energy].
  private var logWeights: [Double]
  private var heats: [Double]
  /// Logarithm of the mean weight up to the last redrawing.
  private var grown = 0.0
  /// Logarithm of the mean weight and mean heat of the lines at the end of the burn-in and of every batch.
  private(set) var growth: [Double] = []
  private(set) var meanHeat: [Double] = []
  /// The weights over the largest of them.
  private var shares: [Double]

  init(_ sampling: CloningSampling, firstReplica: Int) {
    self.sampling = sampling
    self.firstReplica = firstReplica
    let population = firstReplica / sampling.clones
    x = sampling.places[population]
    let (dynamics, weights) = sampling.tilted[population]
    self.weights = weights
    groups = stride(from: 0, to: sampling.clones, by: 8).map {
      NetworkMotion(dynamics, seed: sampling.seed, firstReplica: firstReplica + $0)
    }
    stream = LaneStream(seed: sampling.seed, firstReplica: UInt64(firstReplica), purpose: .cloning)
    logWeights = [Double](repeating: 0, count: sampling.clones)
    heats = logWeights
    shares = logWeights
  }

  func begin(orGiveUp shouldStop: () -> Bool) {
    for group in groups {
      group.draw(velocityVariances: sampling.velocityVariances, displacements: sampling.displacements)
      group.clearSums()
    }
    if sampling.burnInTicks == 0 { endBatch() }
  }

  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(TrajectoryError) -> Bool {
    let looks = NetworkLedger.stepsPerTick / CloningSampling.stepsPerLook
    for look in 0..<looks {
      for (index, group) in groups.enumerated() {
        group.advance(steps: CloningSampling.stepsPerLook)
        weigh(group, from: 8 * index)
      }
      try redrawIfNeeded(block: UInt64(ticks * looks + look))
    }
    let measured = ticks + 1 - sampling.burnInTicks
    if measured >= 0, measured % sampling.ticksPerBatch == 0 { endBatch() }
    return true
  }

  /// Adds the heats of eight clones since the last look to their weights and lines.
  private func weigh(_ group: NetworkMotion, from first: Int) {
    let (left, right) = (sampling.units[0] * group.sums[0], sampling.units[1] * group.sums[1])
    let heat = 0.5 * (left - right)
    var growth = weights.heats[0] * left + weights.heats[1] * right
    for (step, weight) in weights.squares.enumerated() {
      growth += weight * group.squares[step]
      group.squares[step] = SIMD8()
    }
    growth += weights.constant * Double(CloningSampling.stepsPerLook)
    for lane in 0..<8 {
      logWeights[first + lane] += growth[lane]
      heats[first + lane] += heat[lane]
    }
    group.clearSums()
  }

  /// The largest logarithm of a weight, the sum of the weights over the largest, and that of their squares.
  private func total() -> (largest: Double, sum: Double, squares: Double) {
    let largest = logWeights.max() ?? 0
    var (sum, squares) = (0.0, 0.0)
    for index in logWeights.indices {
      let weight = exp(logWeights[index] - largest)
      shares[index] = weight
      sum += weight
      squares += weight * weight
    }
    return (largest, sum, squares)
  }

  private func redrawIfNeeded(block: UInt64) throws(TrajectoryError) {
    let (largest, sum, squares) = total()
    let count = Double(logWeights.count)
    guard sum.isFinite, squares > 0 else { throw loss() }
    if sum * sum >= CloningSampling.leastShare * count * squares { return }
    grown += largest + log(sum / count)
    stream.begin(block: block)
    redraw(at: stream.uniform()[0], sum)
  }

  /// Systematic resampling: clone i is there as often as the comb (k + u) sum/count, k = 0, 1, ..., has teeth within its weight. Clones
  /// that are there stay where they are; places of others take what is more than one, in order.
  private func redraw(at u: Double, _ sum: Double) {
    let count = logWeights.count
    let spacing = sum / Double(count)
    var (reach, teeth) = (0.0, 0)
    var surplus: [(clone: Int, copies: Int)] = []
    var free: [Int] = []
    for clone in 0..<count {
      reach += shares[clone]
      let last = clone == count - 1 ? count : min(count, max(teeth, Int((reach / spacing - u).rounded(.up))))
      let copies = last - teeth
      teeth = last
      if copies == 0 { free.append(clone) }
      if copies > 1 { surplus.append((clone, copies - 1)) }
    }
    var next = 0
    for (clone, copies) in surplus {
      for _ in 0..<copies {
        let place = free[next]
        next += 1
        heats[place] = heats[clone]
        groups[place / 8].take(lane: place % 8, from: groups[clone / 8], lane: clone % 8)
      }
    }
    for clone in 0..<count { logWeights[clone] = 0 }
  }

  private func endBatch() {
    let (largest, sum, _) = total()
    growth.append(grown + largest + log(sum / Double(logWeights.count)))
    var heat = 0.0
    for index in heats.indices { heat += shares[index] * heats[index] }
    meanHeat.append(heat / sum)
  }

  /// Which clone has no finite weight, and where.
  private func loss() -> TrajectoryError {
    for (index, group) in groups.enumerated() {
      if let bad = group.firstBad {
        return .siteLost(
          site: bad.site + 1, firstStep: group.step - CloningSampling.stepsPerLook + 1, lastStep: group.step,
          replica: firstReplica + 8 * index + bad.lane)
      }
    }
    return .unusable("the weights at x = \(x.text(digits: 4)) are beyond double precision")
  }

  func cut(fewest: Int, most: Int) -> Bool { false }

  // MARK: saved states

  var bytesOfState: Int {
    groups.reduce(0) { $0 + $1.bytesOfState } + 8 * (2 * sampling.clones + 2 * CloningSampling.batches + 8)
  }

  func save(to writer: inout StateWriter) {
    for group in groups { group.save(to: &writer) }
    writer.addValues(logWeights + heats + [grown] + growth + meanHeat)
  }

  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    for group in groups { try group.restore(from: &reader, steps: ticks * NetworkLedger.stepsPerTick) }
    let measured = ticks - sampling.burnInTicks
    let entries = measured < 0 ? 0 : measured / sampling.ticksPerBatch + 1
    let clones = sampling.clones
    let values = try reader.finiteValues(count: 2 * clones + 1 + 2 * entries)
    logWeights = Array(values[..<clones])
    heats = Array(values[clones..<(2 * clones)])
    grown = values[2 * clones]
    growth = Array(values[(2 * clones + 1)...].prefix(entries))
    meanHeat = Array(values.suffix(entries))
  }
}
