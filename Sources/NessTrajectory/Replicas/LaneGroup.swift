import NessSampling

/// Eight replicas of the same model: their motion and, if it is followed, what its noise tells about the heats to come.
///
/// A group is worked on by one thread at a time, and no two groups share anything that changes.
package final class LaneGroup {
  package typealias Lanes = SIMD8<Double>

  let motion: LaneMotion
  private let innovations: LaneInnovations?
  /// Whether what the noise tells is of use: it is not before the measurement.
  var isFollowing = true
  /// The motion as it was before steps that were given up; nil in all other cases.
  private var held: [UInt8]?

  /// A group of replicas `firstReplica` to `firstReplica + 7` in its initial state: drawn from `start`, or at rest.
  package convenience init(
    _ dynamics: ChainDynamics, innovations: Innovations? = nil, seed: UInt64, firstReplica: Int,
    start: StartLaw? = nil, orGiveUp shouldStop: () -> Bool = { false }
  ) {
    self.init(blank: dynamics, innovations: innovations, seed: seed, firstReplica: firstReplica)
    begin(start, orGiveUp: shouldStop)
  }

  /// A group that has no state yet: it begins, or takes up a saved one.
  init(blank dynamics: ChainDynamics, innovations: Innovations?, seed: UInt64, firstReplica: Int) {
    let ledger = Ledger(dynamics.layout, followed: innovations?.heats.count ?? 0)
    motion = LaneMotion(dynamics, ledger, seed: seed, firstReplica: firstReplica)
    self.innovations = innovations.map { LaneInnovations($0, dynamics) }
  }

  /// Draws the initial state from `start`, or at rest.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the group is of no use.
  func begin(_ start: StartLaw?, orGiveUp shouldStop: () -> Bool = { false }) {
    if let start {
      start.draw(
        motion.initial, displacement: motion.displacement, velocity: motion.velocity, positions: motion.positions,
        sites: dynamics.sites, orGiveUp: shouldStop)
    } else {
      motion.drawRest()
    }
    bookStored()
    clearSums()
  }

  package var dynamics: ChainDynamics { motion.dynamics }
  package var ledger: Ledger { motion.ledger }
  /// Steps done since the start.
  package var step: Int { motion.step }
  /// q of every site [length].
  package var displacement: UnsafeMutablePointer<Lanes> { motion.displacement }
  /// v of every site [length/time].
  package var velocity: UnsafeMutablePointer<Lanes> { motion.velocity }
  /// Running sums over the steps, laid out as in `Ledger`.
  package var sums: UnsafeMutablePointer<Lanes> { motion.sums }
  /// Energy that came from nowhere between the last two bookings: the error of the steps [energy].
  package var createdEnergy: Lanes { motion.createdEnergy }

  /// Positions of the particles of one bath, counted among the particle baths, in one replica [turns, not wrapped]. At
  /// whole turns a particle is at the site, where F is largest.
  package func turns(ofParticleBath index: Int, lane: Int) -> [Double] {
    dynamics.layout.particles[index].map { motion.positions[$0][lane] }
  }

  /// Forgets the running sums.
  package func clearSums() { motion.clearSums() }

  /// The first lane whose state has blown up, if any.
  package var firstBadLane: Int? { motion.firstBadLane }

  /// Advances all replicas by `count` steps, adding to the running sums.
  package func advance(steps count: Int) {
    guard isFollowing, let innovations else { return motion.advance(steps: count) }
    innovations.advance(motion, steps: count)
  }

  /// Books what follows from the states now and at the last time: bond flows and forecasts. In between, sums are cleared.
  ///
  /// - Parameter tick: ticks since the sums began to be of use; 0 at their beginning.
  package func bookStored(tick: Int = 0) {
    motion.bookFlow()
    if isFollowing { innovations?.bookForecasts(motion, tick: tick) }
  }
}

// MARK: saved states

extension LaneGroup {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { motion.bytesOfState + (innovations?.bytesOfState ?? 0) }

  func save(to writer: inout StateWriter) {
    if let held {
      held.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { writer.add(start, count: bytes.count) }
      }
    } else {
      motion.save(to: &writer)
    }
    innovations?.save(to: &writer)
  }

  /// Advances all replicas by `count` steps, unless the user wants no more in between: then it is as if they had not begun,
  /// for what is saved; they cannot be advanced any further.
  ///
  /// - Parameter afterStep: called after each of them.
  /// - Returns: whether all steps are done.
  func advance(steps count: Int, orGiveUp shouldStop: () -> Bool, afterStep: () -> Void) -> Bool {
    var writer = StateWriter(capacity: bytesOfState + MemoryLayout<Int>.size)
    motion.save(to: &writer)
    for _ in 0..<count {
      if shouldStop() {
        held = writer.bytes
        return false
      }
      advance(steps: 1)
      afterStep()
    }
    return true
  }

  /// Whether the steps of one tick take so long that who wants to stop should not have to wait for them.
  var isHuge: Bool { dynamics.layout.particleCount + dynamics.sites / 4 > 30_000 }

  /// Takes up a saved state of `steps` steps.
  func restore(from reader: inout StateReader, steps: Int) throws(StateFault) {
    try motion.restore(from: &reader, steps: steps) { bookStored() }
    try innovations?.restore(from: &reader)
  }
}
