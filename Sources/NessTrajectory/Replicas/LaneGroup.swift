import CVectorMath
import NessModel
import NessRandom

/// Eight replicas of the same model in the lanes of SIMD vectors: their state, their noise and their running sums.
///
/// A group is worked on by one thread at a time, and no two groups share anything that changes.
package final class LaneGroup {
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
  let force: UnsafeMutablePointer<Lanes>
  /// What the bond at the left of the present site pulls with, for every step of a sweep.
  let pull: UnsafeMutablePointer<Lanes>
  /// Energy that came from nowhere between the last two bookings: the error of the steps [energy].
  package private(set) var createdEnergy = Lanes()
  /// Energy of every site when it was last booked [energy].
  private let energy: UnsafeMutablePointer<Lanes>
  /// Noise of the particles of one bath, as `RingParticles` draws it.
  private let noise: UnsafeMutablePointer<Lanes>
  private let momentumNoise: UnsafeMutablePointer<Lanes>
  private let positions: UnsafeMutablePointer<Lanes>
  private let storage: UnsafeMutableRawPointer
  private let particleStreams: UnsafeMutableBufferPointer<LaneStream>
  private let momentumStreams: UnsafeMutableBufferPointer<LaneStream>
  /// Random numbers of the initial state.
  private let initial: LaneStream
  private let innovations: LaneInnovations?
  /// The motion as it was before steps that were given up; nil in all other cases.
  private var held: [UInt8]?
  /// Forecast heat and squared displacement when they were last booked.
  private var stored = (forecast: Lanes(), square: Lanes())

  /// A group of replicas `firstReplica` to `firstReplica + 7` in its initial state: drawn from `start`, or at rest.
  package convenience init(
    _ dynamics: ChainDynamics, seed: UInt64, firstReplica: Int, start: StartLaw? = nil,
    orGiveUp shouldStop: () -> Bool = { false }
  ) {
    self.init(blank: dynamics, seed: seed, firstReplica: firstReplica)
    begin(start, orGiveUp: shouldStop)
  }

  /// A group that has no state yet: it begins, or takes up a saved one.
  init(blank dynamics: ChainDynamics, seed: UInt64, firstReplica: Int) {
    self.dynamics = dynamics
    ledger = Ledger(dynamics)
    let sites = dynamics.sites
    let baths = dynamics.particles.count
    let noiseVectors = dynamics.particles.map(\.noiseVectors).max() ?? 0
    let allParticles = dynamics.particles.map(\.count).reduce(0, +)
    let steps = dynamics.momentumSteps.count
    innovations = dynamics.innovations.map { LaneInnovations($0, dynamics) }
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

  /// Draws the initial state from `start`, or at rest.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the group is of no use.
  func begin(_ start: StartLaw?, orGiveUp shouldStop: () -> Bool = { false }) {
    if let start {
      start.draw(
        initial, displacement: displacement, velocity: velocity, positions: positions, sites: dynamics.sites,
        orGiveUp: shouldStop)
    } else {
      drawRest(initial)
    }
    bookStored()
    clearSums()
  }

  deinit {
    storage.deallocate()
    particleStreams.deallocate()
    momentumStreams.deallocate()
  }

  /// Particles uniform on the ring, displacements zero, velocities Maxwellian at the mean temperature of the baths.
  private func drawRest(_ start: LaneStream) {
    var stream = start
    for particle in 0..<particleCount { positions[particle] = stream.uniform() - 0.5 }
    stream.fillGaussians(velocity, count: dynamics.sites)
    let scale = (dynamics.initialTemperature / dynamics.mass).squareRoot()
    for site in 0..<dynamics.sites { velocity[site] *= scale }
  }

  /// Positions of the particles of one bath, counted among the particle baths, in one replica [turns, not wrapped]. At
  /// whole turns a particle is at the site, where F is largest.
  package func turns(ofParticleBath index: Int, lane: Int) -> [Double] {
    let first = dynamics.particles[..<index].reduce(0) { $0 + $1.count }
    return (0..<dynamics.particles[index].count).map { positions[first + $0][lane] }
  }

  private var particleCount: Int { dynamics.particles.map(\.count).reduce(0, +) }

  /// Forgets the running sums.
  package func clearSums() { sums.update(repeating: Lanes(), count: ledger.channels) }

  /// The first lane whose state has blown up, if any: it grows beyond all numbers within some steps then, and the energy
  /// that was last booked does so before it.
  package var firstBadLane: Int? {
    // Zero times what is no finite number is no number.
    var sum = createdEnergy * 0
    for site in 0..<dynamics.sites { sum += velocity[site] * 0 + displacement[site] * 0 }
    return (0..<8).first { sum[$0].isNaN }
  }

  /// Advances all replicas by `count` steps, adding to the running sums.
  package func advance(steps count: Int) {
    var left = count
    while left > 0 {
      let withinBlock = step % Self.stepsPerBlock
      if withinBlock == 0 { enterBlock(UInt64(step / Self.stepsPerBlock)) }
      if let innovations {
        innovations.read(displacement: displacement, velocity: velocity)
        sweep(steps: 1, withinBlock)
        bookInnovations(innovations, withinBlock)
        step += 1
        left -= 1
      } else {
        let stages = min(left, stepsTogether, Self.stepsPerBlock - withinBlock)
        sweep(steps: stages, withinBlock)
        step += stages
        left -= stages
      }
    }
  }

  private func enterBlock(_ block: UInt64) {
    for index in particleStreams.indices { particleStreams[index].begin(block: block) }
    for index in momentumStreams.indices {
      momentumStreams[index].begin(block: block)
      momentumStreams[index].fillGaussians(momentumNoise + index * Self.stepsPerBlock, count: Self.stepsPerBlock)
    }
  }

  @inline(__always) private func drawNoise(ofParticleBath index: Int) {
    dynamics.particles[index].draw(&particleStreams[index], into: noise)
  }

  /// Half a kick, the baths, half a kick of a site that touches baths; books the heat of each bath.
  @inline(__always)
  func exchange(_ contact: ChainDynamics.Contact, impulse: Lanes, _ withinBlock: Int) {
    let site = contact.site
    let halfImpulse = impulse * 0.5
    let middle = (velocity[site] + (velocity[site] + impulse)) * 0.5
    let halfKick = Lanes(repeating: 0.5 * dynamics.timeStep / dynamics.mass)
    var v = middle
    @inline(__always) func become(_ new: Lanes, bath: Int) {
      sums[ledger.heat(bath)] += (new - v) * (new + v)
      v = new
    }
    var firstParticle = positions
    for index in 0..<contact.particleBaths.lowerBound { firstParticle += dynamics.particles[index].count }
    for index in contact.particleBaths {
      let law = dynamics.particles[index]
      drawNoise(ofParticleBath: index)
      innovations?.read(bath: index, positions: firstParticle, noise: noise)
      let forces = law.advance(firstParticle, noise: noise, probe: displacement[site])
      firstParticle += law.count
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

  @inline(__always) private func bookInnovations(_ innovations: LaneInnovations, _ withinBlock: Int) {
    sums[ledger.forceInnovation] += innovations.ofForces
    sums[ledger.momentumInnovation] +=
      innovations.ofMomenta(momentumNoise + withinBlock, stride: Self.stepsPerBlock)
  }

  /// Books what follows from the states now and at the last time: bond flows and forecasts. In between, sums are cleared.
  package func bookStored() {
    bookFlow()
    bookForecast()
  }

  /// Books the flow through every bond: the heat that came in at its left less the energy that stayed there. The right
  /// side's books give the same to rounding if all bonds are harmonic; else each side bears half of what the steps create.
  private func bookFlow() {
    let sites = dynamics.sites
    let bonds = sums + ledger.bond(0)
    let law = dynamics.energyLaw
    var flow = Lanes()
    for (index, contact) in dynamics.contacts.enumerated() {
      for bath in contact.baths { flow += sums[ledger.heat(bath)] * (0.5 * dynamics.mass) }
      let next = index + 1 < dynamics.contacts.count ? dynamics.contacts[index + 1].site : sites
      ness_follow_flow(&flow, displacement, velocity, energy, bonds, sites, contact.site, next, law)
    }
    createdEnergy = -flow
    guard dynamics.quarticConstant != 0 else { return }
    for bond in 0..<(sites - 1) { bonds[bond] -= flow * 0.5 }
  }

  /// Books how the forecast heat and the squared displacement at the first particle bath changed since the last time.
  private func bookForecast() {
    guard let innovations, let contact = dynamics.contacts.first(where: { !$0.particleBaths.isEmpty }) else { return }
    let probe = displacement[contact.site]
    let forecast = innovations.forecast(positions: positions, displacement: displacement, velocity: velocity)
    sums[ledger.forecastChange] += forecast - stored.forecast
    sums[ledger.squareChange] += probe * probe - stored.square
    stored = (forecast, probe * probe)
  }
}

// MARK: saved states

extension LaneGroup {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { (2 * dynamics.sites + particleCount) * MemoryLayout<Lanes>.size }

  func save(to writer: inout StateWriter) {
    if let held {
      held.withUnsafeBufferPointer { bytes in
        if let start = bytes.baseAddress { writer.add(start, count: bytes.count) }
      }
    } else {
      saveMotion(to: &writer)
    }
  }

  private func saveMotion(to writer: inout StateWriter) {
    writer.add(step)
    writer.add(displacement, count: dynamics.sites)
    writer.add(velocity, count: dynamics.sites)
    writer.add(positions, count: particleCount)
  }

  /// Advances all replicas by `count` steps, unless the user wants no more in between: then it is as if they had not begun,
  /// for what is saved; they cannot be advanced any further.
  ///
  /// - Returns: whether all steps are done.
  func advance(steps count: Int, orGiveUp shouldStop: () -> Bool) -> Bool {
    var writer = StateWriter(capacity: bytesOfState + MemoryLayout<Int>.size)
    saveMotion(to: &writer)
    for _ in 0..<count {
      if shouldStop() {
        held = writer.bytes
        return false
      }
      advance(steps: 1)
    }
    return true
  }

  /// Whether the steps of one tick take so long that who wants to stop should not have to wait for them.
  var isHuge: Bool { particleCount + dynamics.sites / 4 > 30_000 }

  /// Takes up a saved state of `steps` steps. Random streams have names, so their place follows from the number of steps.
  func restore(from reader: inout StateReader, steps: Int) throws(StateFault) {
    guard try reader.next(Int.self) == steps else { throw StateFault("the saved state makes no sense") }
    step = steps
    try reader.fillFinite(displacement, count: dynamics.sites)
    try reader.fillFinite(velocity, count: dynamics.sites)
    try reader.fillFinite(positions, count: particleCount)
    bookStored()
    clearSums()
    // Of so many turns nothing is left behind the point.
    let isOnRing = (0..<particleCount).allSatisfy { all((positions[$0] .< 0x1p52) .& (positions[$0] .> -0x1p52)) }
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
