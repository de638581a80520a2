import CVectorMath
import NessRandom
import NessSampling

/// Eight replicas of the same model in motion, in the lanes of SIMD vectors: their state, their noise and their running sums.
///
/// It is worked on by one thread at a time, and no two share anything that changes.
package final class LaneMotion: ForeseenMotion {
  package typealias Lanes = SIMD8<Double>

  /// Steps per block of the random streams.
  package static let stepsPerBlock = LaneBaths.stepsPerBlock

  package let dynamics: ChainDynamics
  package let ledger: Ledger
  /// Steps done since the start.
  package private(set) var step = 0
  /// q of every site [length].
  package let displacement: UnsafeMutablePointer<Lanes>
  /// v of every site [length/time].
  package let velocity: UnsafeMutablePointer<Lanes>
  /// Running sums over the steps, laid out as in `Ledger`.
  package let sums: UnsafeMutablePointer<Lanes>
  /// What the bond at the left of the present site pulls with, for every step of a sweep.
  let pull: UnsafeMutablePointer<Lanes>
  /// Energy that came from nowhere between the last two bookings: the error of the steps [energy].
  package private(set) var createdEnergy = Lanes()
  /// Energy of every site when it was last booked [energy].
  private let energy: UnsafeMutablePointer<Lanes>
  private let baths: LaneBaths
  private let storage: UnsafeMutableRawPointer
  /// Random numbers of the initial state.
  let initial: LaneStream

  /// Replicas `firstReplica` to `firstReplica + 7`, which have no state yet.
  init(_ dynamics: ChainDynamics, _ ledger: Ledger, seed: UInt64, firstReplica: Int) {
    self.dynamics = dynamics
    self.ledger = ledger
    let sites = dynamics.sites
    baths = LaneBaths(dynamics.baths, seed: seed, firstReplica: firstReplica)
    let capacity = 3 * sites + Self.mostStages + ledger.channels
    // Swift aligns vectors to 16 bytes; a vector across two cache lines is slower.
    storage = .allocate(byteCount: capacity * MemoryLayout<Lanes>.stride, alignment: MemoryLayout<Lanes>.size)
    var free = storage.initializeMemory(as: Lanes.self, repeating: Lanes(), count: capacity)
    func take(_ count: Int) -> UnsafeMutablePointer<Lanes> {
      defer { free += count }
      return free
    }
    displacement = take(sites)
    velocity = take(sites)
    energy = take(sites)
    pull = take(Self.mostStages)
    sums = take(ledger.channels)
    initial = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState)
  }

  deinit { storage.deallocate() }

  /// Positions of the particles, bath after bath [turns, not wrapped].
  var positions: UnsafeMutablePointer<Lanes> { baths.positions }

  /// The first contact at a site or behind it; nil behind the last one.
  @inline(__always)
  func contact(from site: Int) -> UnsafePointer<BathLayout.Contact>? {
    dynamics.layout.nextContact(from: site).map { baths.contacts + $0 }
  }

  /// Particles uniform on the ring, displacements zero, velocities Maxwellian at the mean temperature of the baths.
  func drawRest() {
    var stream = initial
    baths.drawUniform(&stream)
    stream.fillGaussians(velocity, count: dynamics.sites)
    let scale = (dynamics.initialTemperature / dynamics.mass).squareRoot()
    for site in 0..<dynamics.sites { velocity[site] *= scale }
  }

  /// Forgets the running sums.
  func clearSums() { sums.update(repeating: Lanes(), count: ledger.channels) }

  /// The first lane whose state has blown up, if any: it grows beyond all numbers within some steps then, and the energy
  /// that was last booked does so before it.
  var firstBadLane: Int? {
    // Zero times what is no finite number is no number.
    var sum = createdEnergy * 0
    for site in 0..<dynamics.sites { sum += velocity[site] * 0 + displacement[site] * 0 }
    return (0..<8).first { sum[$0].isNaN }
  }

  /// Advances all replicas by `count` steps, adding to the running sums.
  func advance(steps count: Int) {
    var left = count
    while left > 0 {
      let withinBlock = step % Self.stepsPerBlock
      baths.prepare(step: step)
      // Of particles only the noise of one step is drawn.
      let isAlone = baths.isDrawn && !dynamics.particles.isEmpty
      let stages = isAlone ? 1 : min(left, stepsTogether, Self.stepsPerBlock - withinBlock)
      sweep(steps: stages, withinBlock)
      baths.endStep()
      step += stages
      left -= stages
    }
  }

  /// Half a kick, the baths, half a kick of a site that touches baths; books the heat of each bath.
  @inline(__always)
  func exchange(_ contact: UnsafePointer<BathLayout.Contact>, impulse: Lanes, _ withinBlock: Int) {
    let site = contact.pointee.site
    velocity[site] = baths.exchange(
      contact, velocity: velocity[site], impulse: impulse, displacement: displacement[site],
      halfKick: 0.5 * dynamics.timeStep / dynamics.mass, heats: sums + ledger.heat(0),
      displacements: sums + ledger.displacement(ofParticleBath: 0), withinBlock)
  }

  /// Books the flow through every bond since the last time: the heat that came in at its left less the energy that stayed
  /// there. The right side's books give the same to rounding if all bonds are harmonic; else each side bears half of what
  /// the steps create. In between, sums are cleared.
  func bookFlow() {
    let sites = dynamics.sites
    let bonds = sums + ledger.bond(0)
    let law = dynamics.energyLaw
    let contacts = dynamics.layout.contacts
    var flow = Lanes()
    for (index, contact) in contacts.enumerated() {
      for bath in contact.baths { flow += sums[ledger.heat(bath)] * (0.5 * dynamics.mass) }
      let next = index + 1 < contacts.count ? contacts[index + 1].site : sites
      ness_follow_flow(&flow, displacement, velocity, energy, bonds, sites, contact.site, next, law)
    }
    createdEnergy = -flow
    guard dynamics.quarticConstant != 0 else { return }
    for bond in 0..<(sites - 1) { bonds[bond] -= flow * 0.5 }
  }
}

// MARK: looking ahead

extension LaneMotion {
  /// Draws the noise of the next step, so that it can be read together with the state that it will meet.
  func drawNext() { baths.drawNext(step: step) }

  /// Positions of the particles of one bath, counted among the particle baths.
  func positions(ofParticleBath index: Int) -> UnsafePointer<Lanes> { baths.positions(ofParticleBath: index) }

  /// The noise that was drawn for the particles of one bath.
  func nextNoise(ofParticleBath index: Int) -> UnsafePointer<Lanes> { baths.nextNoise(ofParticleBath: index) }

  var forceStates: UnsafePointer<Lanes> { UnsafePointer(baths.forceStates) }
  var nextForceNoise: UnsafePointer<Lanes> { baths.forceNoise(step: step) }
  /// The Gaussian of every Langevin sub-step of the next step, `stepsPerBlock` apart.
  var nextMomentumNoise: UnsafePointer<Lanes> { baths.momentumNoise(step: step) }
  var momentumNoiseStride: Int { Self.stepsPerBlock }
  var innovationChannels: InnovationChannels { ledger.innovations }
}

// MARK: saved states

extension LaneMotion {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { (2 * dynamics.sites + dynamics.layout.particleCount) * MemoryLayout<Lanes>.size }

  func save(to writer: inout StateWriter) {
    writer.add(step)
    writer.add(displacement, count: dynamics.sites)
    writer.add(velocity, count: dynamics.sites)
    baths.save(to: &writer)
  }

  /// Takes up a saved state of `steps` steps, whose flows are booked by `book`. Random streams have names, so their place
  /// follows from the number of steps.
  func restore(from reader: inout StateReader, steps: Int, book: () -> Void) throws(StateFault) {
    guard try reader.next(Int.self) == steps else { throw StateFault("the saved state makes no sense") }
    step = steps
    try reader.fillFinite(displacement, count: dynamics.sites)
    try reader.fillFinite(velocity, count: dynamics.sites)
    try baths.restore(from: &reader)
    book()
    clearSums()
    guard firstBadLane == nil, baths.isOnRing else { throw StateFault("the saved state makes no sense") }
    baths.resume(step: step)
  }
}
