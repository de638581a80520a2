import CVectorMath
import NessRandom
import NessSampling

/// The baths of eight replicas of a model in motion: their particles, their noise, and how they change the velocity of the
/// site that they touch.
///
/// Its owner counts the steps and works on it by one thread at a time.
final class LaneBaths {
  typealias Lanes = SIMD8<Double>

  /// Steps per block of the random streams; a block can be entered without drawing those before it.
  static let stepsPerBlock = 256

  let laws: BathLaws
  // Copies that are read in place: Swift copies an element of an array to the stack in one wide store, and a word read from
  // that at once waits until all stores before it are done.
  /// The sites that touch baths, in order.
  let contacts: UnsafePointer<BathLayout.Contact>
  private let momentumSteps: UnsafePointer<MomentumStep>
  /// Force of every particle bath at the end of the last step [mass length/time²].
  private let force: UnsafeMutablePointer<Lanes>
  /// Noise of one step of the particles, bath after bath, as `RingParticles` draws it.
  private let noise: UnsafeMutablePointer<Lanes>
  /// Noise of `stepsPerDraw` steps, sub-step after sub-step of the baths on the momentum.
  private let momentumNoise: UnsafeMutablePointer<Lanes>
  /// Steps whose momentum noise is drawn together: a whole block unless there are very many baths.
  private let stepsPerDraw: Int
  /// For every sub-step on a momentum, by what its noise is multiplied step by step, again and again; empty for nothing.
  private let courses: [[Double]?]
  /// Positions of the particles, bath after bath [turns, not wrapped].
  let positions: UnsafeMutablePointer<Lanes>
  /// States of the forces that have one, bath after bath [force].
  let forceStates: UnsafeMutablePointer<Lanes>
  /// What drives them in `stepsPerDraw` steps, two half steps each, force after force.
  private let forceNoise: UnsafeMutablePointer<Lanes>
  /// Sums of the squares of the velocities before the sub-steps on the momentum, where they count [length²/time²].
  let squares: UnsafeMutablePointer<Lanes>
  private let countsSquares: Bool
  private let storage: UnsafeMutableRawPointer
  private let particleStreams: UnsafeMutableBufferPointer<LaneStream>
  private let momentumStreams: UnsafeMutableBufferPointer<LaneStream>
  private let forceStreams: UnsafeMutableBufferPointer<LaneStream>
  /// Whether the noise of the next step is drawn already.
  private(set) var isDrawn = false

  /// The baths of replicas `firstReplica` to `firstReplica + 7`, whose particles have no positions yet.
  init(
    _ laws: BathLaws, seed: UInt64, firstReplica: Int, stepsPerDraw: Int = LaneBaths.stepsPerBlock,
    courses: [[Double]?] = []
  ) {
    precondition(Self.stepsPerBlock % stepsPerDraw == 0, "a block is drawn in whole parts")
    self.laws = laws
    self.stepsPerDraw = stepsPerDraw
    self.courses = courses
    let (baths, steps, forces) = (laws.particles.count, laws.momentumSteps.count, laws.forces.count)
    let capacity =
      baths + laws.noiseVectors + steps * (stepsPerDraw + 1) + laws.layout.particleCount + forces
      * (1 + 2 * stepsPerDraw)
    // Swift aligns vectors to 16 bytes; a vector across two cache lines is slower.
    storage = .allocate(byteCount: max(1, capacity) * MemoryLayout<Lanes>.stride, alignment: MemoryLayout<Lanes>.size)
    var free = storage.initializeMemory(as: Lanes.self, repeating: Lanes(), count: capacity)
    func take(_ count: Int) -> UnsafeMutablePointer<Lanes> {
      defer { free += count }
      return free
    }
    force = take(baths)
    noise = take(laws.noiseVectors)
    momentumNoise = take(steps * stepsPerDraw)
    positions = take(laws.layout.particleCount)
    forceStates = take(forces)
    forceNoise = take(2 * forces * stepsPerDraw)
    squares = take(steps)
    countsSquares = laws.countsSquares
    func streams(_ count: Int, _ purpose: (Int) -> RandomPurpose) -> UnsafeMutableBufferPointer<LaneStream> {
      .copy(
        of: (0..<count).map {
          LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: purpose($0))
        })
    }
    contacts = .copy(of: laws.layout.contacts)
    momentumSteps = .copy(of: laws.momentumSteps)
    particleStreams = streams(baths) { .particleNoise(bath: $0) }
    momentumStreams = streams(steps) { .momentumNoise(step: $0) }
    forceStreams = streams(forces) { .forceNoise(force: $0) }
  }

  deinit {
    storage.deallocate()
    contacts.deallocate()
    momentumSteps.deallocate()
    particleStreams.deallocate()
    momentumStreams.deallocate()
    forceStreams.deallocate()
  }

  /// Puts the particles uniformly on their rings.
  func drawUniform(_ stream: inout LaneStream) {
    for particle in 0..<laws.layout.particleCount { positions[particle] = stream.uniform() - 0.5 }
  }

  /// Draws the states of the forces that have one.
  func drawForces(_ stream: inout LaneStream) {
    for index in laws.forces.indices { forceStates[index] = laws.forces[index].begin(&stream) }
  }

  /// Makes ready for the steps from a number of steps after the start on, as far as the noise of one draw reaches.
  @inline(__always)
  func prepare(step: Int) {
    if step % stepsPerDraw == 0, !isDrawn { enterDraw(step) }
  }

  private func enterDraw(_ step: Int) {
    if step % Self.stepsPerBlock == 0 {
      let block = UInt64(step / Self.stepsPerBlock)
      for index in particleStreams.indices { particleStreams[index].begin(block: block) }
      for index in momentumStreams.indices { momentumStreams[index].begin(block: block) }
      for index in forceStreams.indices { forceStreams[index].begin(block: block) }
    }
    for index in forceStreams.indices {
      laws.forces[index].draw(
        &forceStreams[index], into: forceNoise + 2 * index * stepsPerDraw, count: 2 * stepsPerDraw)
    }
    for index in momentumStreams.indices {
      laws.momentumSteps[index].draw(
        &momentumStreams[index], into: momentumNoise + index * stepsPerDraw, count: stepsPerDraw, after: step)
    }
    for (index, course) in courses.enumerated() {
      guard let course else { continue }
      let noise = momentumNoise + index * stepsPerDraw
      for next in 0..<stepsPerDraw { noise[next] *= course[(step + next) % course.count] }
    }
  }

  @inline(__always) private func drawNoise(ofParticleBath index: Int) {
    laws.particles[index].draw(&particleStreams[index], into: noise + laws.noiseStarts[index])
  }

  /// Half a kick, the baths, half a kick of a site that touches baths.
  ///
  /// - Parameters:
  ///   - contact: the site and its baths.
  ///   - velocity: of the site before [length/time].
  ///   - impulse: of the medium on the site in a whole step, over its mass [length/time].
  ///   - displacement: of the site [length].
  ///   - halfKick: half a step over the mass of the site [time/mass].
  ///   - heats: where the difference of the squares of the velocities that each bath makes is summed.
  ///   - displacements: where the displacement at every particle bath is summed; nil for nowhere.
  ///   - withinBlock: steps since the start of the block of the random streams.
  /// - Returns: the velocity after.
  @inline(__always)
  func exchange(
    _ contact: UnsafePointer<BathLayout.Contact>, velocity: Lanes, impulse: Lanes, displacement: Lanes,
    halfKick: Double,
    heats: UnsafeMutablePointer<Lanes>, displacements: UnsafeMutablePointer<Lanes>?, _ withinBlock: Int
  ) -> Lanes {
    let halfImpulse = impulse * 0.5
    let middle = (velocity + (velocity + impulse)) * 0.5
    let halfKick = Lanes(repeating: halfKick)
    var v = middle
    @inline(__always) func become(_ new: Lanes, bath: Int) {
      heats[bath] += (new - v) * (new + v)
      v = new
    }
    for index in contact.pointee.particleBaths {
      let law = laws.particles[index]
      if !isDrawn { drawNoise(ofParticleBath: index) }
      let forces = law.advance(
        positions + laws.layout.particles[index].lowerBound, noise: noise + laws.noiseStarts[index],
        probe: displacement)
      force[index] = forces.after
      become(ness_fma(halfKick, forces.before, v), bath: law.bath)
      if let displacements { displacements[index] += displacement }
    }
    for index in contact.pointee.forces {
      become(ness_fma(halfKick, forceStates[index], v), bath: laws.forces[index].bath)
      move(force: index, velocity: v, half: 0, withinBlock)
    }
    for index in contact.pointee.momentumSteps {
      let sub = momentumSteps + index
      let xi = momentumNoise[index * stepsPerDraw + withinBlock % stepsPerDraw]
      if countsSquares { squares[index] += v * v }
      if sub.pointee.collision == nil {
        become(ness_fma(Lanes(repeating: sub.pointee.noise), xi, v * sub.pointee.decay), bath: sub.pointee.bath)
      } else {
        become(
          v.replacing(with: xi * sub.pointee.noise, where: xi .< Lanes(repeating: MomentumStep.none)),
          bath: sub.pointee.bath)
      }
    }
    for index in contact.pointee.forces.reversed() {
      move(force: index, velocity: v, half: 1, withinBlock)
      become(ness_fma(halfKick, forceStates[index], v), bath: laws.forces[index].bath)
    }
    for index in contact.pointee.particleBaths.reversed() {
      become(ness_fma(halfKick, force[index], v), bath: laws.particles[index].bath)
    }
    return v + halfImpulse
  }
}

extension LaneBaths {
  /// Half a step of a force with a state of its own, at the velocity of its site.
  @inline(__always)
  private func move(force index: Int, velocity: Lanes, half: Int, _ withinBlock: Int) {
    let law = laws.forces[index]
    let xi = forceNoise[2 * (index * stepsPerDraw + withinBlock % stepsPerDraw) + half]
    guard let noise = law.noise else {
      forceStates[index] *= xi
      return
    }
    let driven = ness_fma(Lanes(repeating: noise), xi, forceStates[index] * law.decay)
    forceStates[index] = ness_fma(Lanes(repeating: -law.pull), velocity, driven)
  }
}

// MARK: looking ahead

extension LaneBaths {
  /// Draws the noise of the next step, so that it can be read together with the state that it will meet.
  func drawNext(step: Int) {
    if step % stepsPerDraw == 0 { enterDraw(step) }
    for index in particleStreams.indices { drawNoise(ofParticleBath: index) }
    isDrawn = true
  }

  /// The next step, whose noise may have been drawn ahead, is done.
  @inline(__always) func endStep() { isDrawn = false }

  /// Positions of the particles of one bath, counted among the particle baths.
  func positions(ofParticleBath index: Int) -> UnsafePointer<Lanes> {
    UnsafePointer(positions + laws.layout.particles[index].lowerBound)
  }

  /// The noise that was drawn for the particles of one bath.
  func nextNoise(ofParticleBath index: Int) -> UnsafePointer<Lanes> {
    UnsafePointer(noise + laws.noiseStarts[index])
  }

  /// What drives the forces that have a state in the two halves of the step that follows so many, `2 * stepsPerDraw` apart.
  func forceNoise(step: Int) -> UnsafePointer<Lanes> { UnsafePointer(forceNoise + 2 * (step % stepsPerDraw)) }

  /// What every sub-step on a momentum draws in the step that follows so many, `stepsPerDraw` apart.
  func momentumNoise(step: Int) -> UnsafePointer<Lanes> { UnsafePointer(momentumNoise + step % stepsPerDraw) }
}

// MARK: clones

extension LaneBaths {
  /// Makes the baths of a lane go on from the state of those of another, with their own random numbers.
  func take(lane: Int, from other: LaneBaths, lane source: Int) {
    for particle in 0..<laws.layout.particleCount { positions[particle][lane] = other.positions[particle][source] }
    for force in laws.forces.indices { forceStates[force][lane] = other.forceStates[force][source] }
  }
}

// MARK: saved states

extension LaneBaths {
  func save(to writer: inout StateWriter) {
    writer.add(positions, count: laws.layout.particleCount)
    if !laws.forces.isEmpty { writer.add(forceStates, count: laws.forces.count) }
  }

  /// Takes up what `save` wrote.
  func restore(from reader: inout StateReader) throws(StateFault) {
    try reader.fillFinite(positions, count: laws.layout.particleCount)
    if !laws.forces.isEmpty { try reader.fillFinite(forceStates, count: laws.forces.count) }
  }

  /// Whether the particles can be where a saved state said: of so many turns nothing is left behind the point.
  var isOnRing: Bool {
    (0..<laws.layout.particleCount).allSatisfy { all((positions[$0] .< 0x1p52) .& (positions[$0] .> -0x1p52)) }
  }

  /// Goes on after a number of steps. Random streams have names, so their place follows from it.
  func resume(step: Int) {
    let withinBlock = step % Self.stepsPerBlock
    guard withinBlock > 0 else { return }
    for first in stride(from: 0, to: withinBlock, by: stepsPerDraw) { enterDraw(step - withinBlock + first) }
    for index in particleStreams.indices {
      for _ in 0..<withinBlock { drawNoise(ofParticleBath: index) }
    }
  }
}
