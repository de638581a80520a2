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
  /// The record of the measured channels.
  var record: LaneBatches
  private let impulse: UnsafeMutablePointer<Lanes>
  private let velocitySum: UnsafeMutablePointer<Lanes>
  /// Noise of the particles of one bath, as `RingParticles` draws it.
  private let noise: UnsafeMutablePointer<Lanes>
  private let momentumNoise: UnsafeMutablePointer<Lanes>
  private let positions: UnsafeMutablePointer<Lanes>
  private let storage: UnsafeMutableRawPointer
  private let particleStreams: UnsafeMutableBufferPointer<LaneStream>
  private let momentumStreams: UnsafeMutableBufferPointer<LaneStream>
  private let innovations: LaneInnovations?
  /// Forecast heat and squared displacement when they were last booked.
  private var stored = (forecast: Lanes(), square: Lanes())

  /// A group of replicas `firstReplica` to `firstReplica + 7` in its initial state.
  package init(_ dynamics: ChainDynamics, seed: UInt64, firstReplica: Int) {
    self.dynamics = dynamics
    ledger = Ledger(dynamics)
    record = LaneBatches(channels: ledger.channels, capacity: 0)
    let sites = dynamics.sites
    let baths = dynamics.particles.count
    let noiseVectors = dynamics.particles.map(\.noiseVectors).max() ?? 0
    let allParticles = dynamics.particles.map(\.count).reduce(0, +)
    let steps = dynamics.momentumSteps.count
    innovations = dynamics.innovations.map { LaneInnovations($0, dynamics) }
    let noises = noiseVectors + steps * Self.stepsPerBlock
    let capacity = 4 * sites + baths + noises + allParticles + ledger.channels
    // Swift aligns vectors to 16 bytes; a vector across two cache lines is slower.
    storage = .allocate(byteCount: capacity * MemoryLayout<Lanes>.stride, alignment: MemoryLayout<Lanes>.size)
    var free = storage.initializeMemory(as: Lanes.self, repeating: Lanes(), count: capacity)
    func take(_ count: Int) -> UnsafeMutablePointer<Lanes> {
      defer { free += count }
      return free
    }
    displacement = take(sites)
    velocity = take(sites)
    impulse = take(sites)
    velocitySum = take(sites)
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
    drawInitialState(LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState))
    bookStored()
    clearSums()
  }

  deinit {
    storage.deallocate()
    particleStreams.deallocate()
    momentumStreams.deallocate()
  }

  /// Particles uniform on the ring, displacements zero, velocities Maxwellian at the mean temperature of the baths.
  private func drawInitialState(_ start: LaneStream) {
    var stream = start
    for particle in 0..<dynamics.particles.map(\.count).reduce(0, +) { positions[particle] = stream.uniform() - 0.5 }
    stream.fillGaussians(velocity, count: dynamics.sites)
    let scale = (dynamics.initialTemperature / dynamics.mass).squareRoot()
    for site in 0..<dynamics.sites { velocity[site] *= scale }
  }

  /// Forgets the running sums.
  package func clearSums() { sums.update(repeating: Lanes(), count: ledger.channels) }

  /// The first lane whose state has blown up, if any.
  var firstBadLane: Int? {
    var size = Lanes()
    for site in 0..<dynamics.sites {
      size += velocity[site] * velocity[site] + displacement[site] * displacement[site]
    }
    return (0..<8).first { !(size[$0] < 1e30) }
  }

  /// Advances all replicas by `count` steps, adding to the running sums.
  package func advance(steps count: Int) {
    for _ in 0..<count {
      let withinBlock = step % Self.stepsPerBlock
      if withinBlock == 0 { enterBlock(UInt64(step / Self.stepsPerBlock)) }
      innovations?.read(displacement: displacement, velocity: velocity)
      moveChain()
      dynamics.contacts.withUnsafeBufferPointer { contacts in
        for contact in contacts { exchange(contact, withinBlock) }
      }
      recordFlow()
      if let innovations { bookInnovations(innovations, withinBlock) }
      step += 1
    }
  }

  private func enterBlock(_ block: UInt64) {
    for index in particleStreams.indices { particleStreams[index].begin(block: block) }
    for index in momentumStreams.indices {
      momentumStreams[index].begin(block: block)
      momentumStreams[index].fillGaussians(momentumNoise + index * Self.stepsPerBlock, count: Self.stepsPerBlock)
    }
  }

  /// q += h v, then the chain's kick on every site as if no site touched a bath.
  @inline(__always) private func moveChain() {
    let sites = dynamics.sites
    let timeStep = Lanes(repeating: dynamics.timeStep)
    let kick = dynamics.timeStep / dynamics.mass
    let spring = Lanes(repeating: kick * dynamics.springConstant)
    for site in 0..<sites { displacement[site] = ness_fma(timeStep, velocity[site], displacement[site]) }
    var leftStretch = Lanes()
    for site in 0..<sites {
      let rightStretch = site + 1 < sites ? displacement[site + 1] - displacement[site] : Lanes()
      impulse[site] = (rightStretch - leftStretch) * spring
      leftStretch = rightStretch
    }
    let last = sites - 1
    impulse[0] = ness_fma(Lanes(repeating: -kick * dynamics.pinningLeft), displacement[0], impulse[0])
    impulse[last] = ness_fma(Lanes(repeating: -kick * dynamics.pinningRight), displacement[last], impulse[last])
    for site in 0..<sites {
      let old = velocity[site]
      let new = old + impulse[site]
      velocity[site] = new
      velocitySum[site] = old + new
    }
  }

  /// Replaces the kick of a site that touches baths by  half kick - baths - half kick  and books the heat of each bath.
  @inline(__always) private func exchange(_ contact: ChainDynamics.Contact, _ withinBlock: Int) {
    let site = contact.site
    let halfImpulse = impulse[site] * 0.5
    let middle = velocitySum[site] * 0.5
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
      law.draw(&particleStreams[index], into: noise)
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
    let new = v + halfImpulse
    velocitySum[site] = (middle - halfImpulse) + new
    velocity[site] = new
  }

  @inline(__always) private func bookInnovations(_ innovations: LaneInnovations, _ withinBlock: Int) {
    sums[ledger.forceInnovation] += innovations.ofForces
    sums[ledger.momentumInnovation] +=
      innovations.ofMomenta(momentumNoise + withinBlock, stride: Self.stepsPerBlock)
  }

  /// Books how the forecast heat and the squared displacement at the first particle bath changed since the last time.
  func bookStored() {
    guard let innovations, let contact = dynamics.contacts.first(where: { !$0.particleBaths.isEmpty }) else { return }
    let probe = displacement[contact.site]
    let forecast = innovations.forecast(positions: positions, displacement: displacement, velocity: velocity)
    sums[ledger.forecastChange] += forecast - stored.forecast
    sums[ledger.squareChange] += probe * probe - stored.square
    stored = (forecast, probe * probe)
  }

  /// Adds bond flows and kinetic temperatures of this step to the sums.
  @inline(__always) private func recordFlow() {
    let sites = dynamics.sites
    let bonds = sums + ledger.bond(0)
    for bond in 0..<(sites - 1) {
      let stretch = displacement[bond + 1] - displacement[bond]
      bonds[bond] = ness_fma(stretch, velocitySum[bond] + velocitySum[bond + 1], bonds[bond])
    }
    let kinetic = sums + ledger.kinetic(0)
    for site in 0..<sites { kinetic[site] = ness_fma(velocity[site], velocity[site], kinetic[site]) }
  }
}
