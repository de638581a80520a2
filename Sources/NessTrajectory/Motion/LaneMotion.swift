import CVectorMath
import NessRandom
import NessSampling

/// Eight replicas of the same model in motion, in the lanes of SIMD vectors: their state, their noise and their running sums.
///
/// It is worked on by one thread at a time, and no two share anything that changes.
package final class LaneMotion {
  package typealias Lanes = SIMD8<Double>

  /// Steps per block of the random streams; a block can be entered without drawing those before it.
  package static let stepsPerBlock = 256

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
  /// Force of every particle bath at the end of the last step [mass length/time²].
  private let force: UnsafeMutablePointer<Lanes>
  /// What the bond at the left of the present site pulls with, for every step of a sweep.
  let pull: UnsafeMutablePointer<Lanes>
  /// Energy that came from nowhere between the last two bookings: the error of the steps [energy].
  package private(set) var createdEnergy = Lanes()
  /// Energy of every site when it was last booked [energy].
  private let energy: UnsafeMutablePointer<Lanes>
  /// Noise of one step of the particles, bath after bath, as `RingParticles` draws it.
  private let noise: UnsafeMutablePointer<Lanes>
  /// Noise of a block of steps, sub-step after sub-step of the baths on the momentum.
  private let momentumNoise: UnsafeMutablePointer<Lanes>
  /// Positions of the particles, bath after bath [turns, not wrapped].
  let positions: UnsafeMutablePointer<Lanes>
  private let storage: UnsafeMutableRawPointer
  private let particleStreams: UnsafeMutableBufferPointer<LaneStream>
  private let momentumStreams: UnsafeMutableBufferPointer<LaneStream>
  /// Random numbers of the initial state.
  let initial: LaneStream
  /// Whether the noise of the next step is drawn already.
  private var isDrawn = false

  /// Replicas `firstReplica` to `firstReplica + 7`, which have no state yet.
  init(_ dynamics: ChainDynamics, _ ledger: Ledger, seed: UInt64, firstReplica: Int) {
    self.dynamics = dynamics
    self.ledger = ledger
    let sites = dynamics.sites
    let baths = dynamics.particles.count
    let noiseVectors = dynamics.particles.map(\.noiseVectors).reduce(0, +)
    let allParticles = dynamics.layout.particleCount
    let steps = dynamics.momentumSteps.count
    let noises = noiseVectors + steps * Self.stepsPerBlock
    let capacity = 3 * sites + Self.mostStages + baths + noises + allParticles + ledger.channels
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
    force = take(baths)
    noise = take(noiseVectors)
    momentumNoise = take(steps * Self.stepsPerBlock)
    positions = take(allParticles)
    sums = take(ledger.channels)
    func streams(_ count: Int, _ purpose: (Int) -> RandomPurpose) -> UnsafeMutableBufferPointer<LaneStream> {
      let made = UnsafeMutableBufferPointer<LaneStream>.allocate(capacity: count)
      _ = made.initialize(
        from: (0..<count).map {
          LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: purpose($0))
        })
      return made
    }
    particleStreams = streams(baths) { .particleNoise(bath: $0) }
    momentumStreams = streams(steps) { .momentumNoise(step: $0) }
    initial = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState)
  }

  deinit {
    storage.deallocate()
    particleStreams.deallocate()
    momentumStreams.deallocate()
  }

  /// Particles uniform on the ring, displacements zero, velocities Maxwellian at the mean temperature of the baths.
  func drawRest() {
    var stream = initial
    for particle in 0..<dynamics.layout.particleCount { positions[particle] = stream.uniform() - 0.5 }
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
      if withinBlock == 0, !isDrawn { enterBlock(UInt64(step / Self.stepsPerBlock)) }
      let stages = isDrawn ? 1 : min(left, stepsTogether, Self.stepsPerBlock - withinBlock)
      sweep(steps: stages, withinBlock)
      isDrawn = false
      step += stages
      left -= stages
    }
  }

  private func enterBlock(_ block: UInt64) {
    for index in particleStreams.indices { particleStreams[index].begin(block: block) }
    for index in momentumStreams.indices {
      momentumStreams[index].begin(block: block)
      dynamics.momentumSteps[index].draw(
        &momentumStreams[index], into: momentumNoise + index * Self.stepsPerBlock, count: Self.stepsPerBlock)
    }
  }

  @inline(__always) private func drawNoise(ofParticleBath index: Int) {
    dynamics.particles[index].draw(&particleStreams[index], into: noise + dynamics.noiseStarts[index])
  }

  /// Half a kick, the baths, half a kick of a site that touches baths; books the heat of each bath.
  @inline(__always)
  func exchange(_ contact: ChainLayout.Contact, impulse: Lanes, _ withinBlock: Int) {
    let site = contact.site
    let halfImpulse = impulse * 0.5
    let middle = (velocity[site] + (velocity[site] + impulse)) * 0.5
    let halfKick = Lanes(repeating: 0.5 * dynamics.timeStep / dynamics.mass)
    var v = middle
    @inline(__always) func become(_ new: Lanes, bath: Int) {
      sums[ledger.heat(bath)] += (new - v) * (new + v)
      v = new
    }
    for index in contact.particleBaths {
      let law = dynamics.particles[index]
      if !isDrawn { drawNoise(ofParticleBath: index) }
      let forces = law.advance(
        positions + dynamics.layout.particles[index].lowerBound, noise: noise + dynamics.noiseStarts[index],
        probe: displacement[site])
      force[index] = forces.after
      become(ness_fma(halfKick, forces.before, v), bath: law.bath)
      sums[ledger.displacement(ofParticleBath: index)] += displacement[site]
    }
    for index in contact.momentumSteps {
      let sub = dynamics.momentumSteps[index]
      let xi = momentumNoise[index * Self.stepsPerBlock + withinBlock]
      become(ness_fma(Lanes(repeating: sub.noise), xi, v * sub.decay), bath: sub.bath)
    }
    for index in contact.particleBaths.reversed() {
      become(ness_fma(halfKick, force[index], v), bath: dynamics.particles[index].bath)
    }
    velocity[site] = v + halfImpulse
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
  func drawNext() {
    let withinBlock = step % Self.stepsPerBlock
    if withinBlock == 0 { enterBlock(UInt64(step / Self.stepsPerBlock)) }
    for index in particleStreams.indices { drawNoise(ofParticleBath: index) }
    isDrawn = true
  }

  /// Positions of the particles of one bath, counted among the particle baths.
  func positions(ofParticleBath index: Int) -> UnsafePointer<Lanes> {
    UnsafePointer(positions + dynamics.layout.particles[index].lowerBound)
  }

  /// The noise that was drawn for the particles of one bath.
  func nextNoise(ofParticleBath index: Int) -> UnsafePointer<Lanes> {
    UnsafePointer(noise + dynamics.noiseStarts[index])
  }

  /// The Gaussian of every Langevin sub-step of the next step, `stepsPerBlock` apart.
  var nextMomentumNoise: UnsafePointer<Lanes> { UnsafePointer(momentumNoise + step % Self.stepsPerBlock) }
}

// MARK: saved states

extension LaneMotion {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { (2 * dynamics.sites + dynamics.layout.particleCount) * MemoryLayout<Lanes>.size }

  func save(to writer: inout StateWriter) {
    writer.add(step)
    writer.add(displacement, count: dynamics.sites)
    writer.add(velocity, count: dynamics.sites)
    writer.add(positions, count: dynamics.layout.particleCount)
  }

  /// Takes up a saved state of `steps` steps, whose flows are booked by `book`. Random streams have names, so their place
  /// follows from the number of steps.
  func restore(from reader: inout StateReader, steps: Int, book: () -> Void) throws(StateFault) {
    guard try reader.next(Int.self) == steps else { throw StateFault("the saved state makes no sense") }
    step = steps
    try reader.fillFinite(displacement, count: dynamics.sites)
    try reader.fillFinite(velocity, count: dynamics.sites)
    try reader.fillFinite(positions, count: dynamics.layout.particleCount)
    book()
    clearSums()
    // Of so many turns nothing is left behind the point.
    let isOnRing = (0..<dynamics.layout.particleCount).allSatisfy {
      all((positions[$0] .< 0x1p52) .& (positions[$0] .> -0x1p52))
    }
    guard firstBadLane == nil, isOnRing else { throw StateFault("the saved state makes no sense") }
    let withinBlock = step % Self.stepsPerBlock
    if withinBlock > 0 {
      enterBlock(UInt64(step / Self.stepsPerBlock))
      for index in particleStreams.indices {
        for _ in 0..<withinBlock { drawNoise(ofParticleBath: index) }
      }
    }
  }
}
