import Foundation
import NessModel
import NessRandom
import NessSampling

/// One replica of several particles between two thermal walls, event by event: between collisions with neighbours and walls
/// all fly freely. Rods are points in the free room.
///
/// Every particle has its place at a time of its own, that of its last collision. Times are relative to the end of the last
/// slice, so that a long run loses no digits; there all places are brought to one time, and the state is places and
/// velocities alone. Particles never pass one another: a gap that rounding makes negative is 0.
package final class HardPointGas {
  /// What is summed, in this order.
  package enum Channel: Int, CaseIterable {
    /// Heat from the left wall [energy].
    case heatFromLeft
    /// Heat from the right wall [energy].
    case heatFromRight
    /// Time integral of the energy [energy time].
    case energyTime
    /// Collisions with the left wall [1].
    case collisionsLeft
    /// Collisions with the right wall [1].
    case collisionsRight
    /// Collisions of two particles [1].
    case pairs
  }

  private struct Particle {
    /// Place at `time` [length].
    var place: Double
    /// Velocity [length/time].
    var velocity: Double
    /// Time of `place` [time].
    var time: Double
    /// Mass [mass].
    var mass: Double
  }

  private let model: BoxModel
  private let count: Int
  private let room: Double
  private let particles: UnsafeMutablePointer<Particle>
  private let events: EventTree
  private var stream: CounterStream
  /// Energy, counted from the collisions with the walls since the last slice [energy].
  private var energy = 0.0
  /// Sums since they were last taken.
  private var sums = [Double](repeating: 0, count: Channel.allCases.count)

  /// A replica in its initial state: equal masses as independent flights at a random moment, unlike ones at temperatures
  /// between those of the walls.
  package init(_ model: BoxModel, seed: UInt64, replica: Int) {
    self.model = model
    count = model.medium.particles
    room = model.medium.freeLength
    particles = .allocate(capacity: count)
    events = EventTree(count: count + 1)
    stream = CounterStream(seed: seed, index: UInt64(replica), purpose: .gasWalls)
    var start = CounterStream(seed: seed, index: UInt64(replica), purpose: .gasStart)
    let room = room
    let places = (0..<count).map { _ in room * start.uniform() }.sorted()
    let temperatures = model.attachments.map(\.bath.temperature)
    let masses = model.medium.masses
    for index in 0..<count {
      let gaussian = start.gaussianPair().0
      let choice = start.uniform()
      var velocity: Double
      if let mass = model.medium.equalMass {
        let speeds = temperatures.map { Box.thermalSpeed(temperature: $0, mass: mass) }
        let isFromLeft = choice <= speeds[1] / (speeds[0] + speeds[1])
        velocity = isFromLeft ? abs(gaussian) * speeds[0] : -abs(gaussian) * speeds[1]
      } else {
        let part = (Double(index) + 0.5) / Double(count)
        let temperature = temperatures[0] + part * (temperatures[1] - temperatures[0])
        velocity = gaussian * Box.thermalSpeed(temperature: temperature, mass: masses[index])
      }
      // One at rest would never arrive.
      if velocity == 0 { velocity = 0x1p-50 * Box.thermalSpeed(temperature: temperatures[0], mass: masses[index]) }
      particles[index] = Particle(place: places[index], velocity: velocity, time: 0, mass: masses[index])
    }
    beginSlice()
  }

  deinit {
    particles.deallocate()
    events.deallocate()
  }

  /// Energy of all particles [energy].
  package var totalEnergy: Double {
    (0..<count).reduce(0) { $0 + 0.5 * particles[$1].mass * particles[$1].velocity * particles[$1].velocity }
  }

  /// Momentum of all particles [mass length/time].
  package var totalMomentum: Double { (0..<count).reduce(0) { $0 + particles[$1].mass * particles[$1].velocity } }

  /// Places of the points in the free room at the end of the last slice, in order [length].
  package var places: [Double] { (0..<count).map { particles[$0].place } }

  /// Flies for a slice, at whose end all places are at one time.
  package func fly(for slice: Double) { fly(for: slice, nil, start: 0) }

  /// The same.
  ///
  /// - Parameters:
  ///   - recorder: takes samples in between; nil for none.
  ///   - start: when the slice began, after the end of the burn-in [time].
  /// - Complexity: O(collisions log n + n).
  func fly(for slice: Double, _ recorder: FlightRecorder?, start: Double) {
    var (left, right, pairs) = (0, 0, 0)
    var (heatLeft, heatRight, energyTime, last) = (0.0, 0.0, 0.0, 0.0)
    let laws = model.attachments.map(\.bath.collisionLaw)
    let end = count
    var booked = (left: 0.0, right: 0.0)
    func book() {
      recorder?.book(0, left: heatLeft - booked.left, right: heatRight - booked.right)
      booked = (heatLeft, heatRight)
    }
    var sample = recorder?.next(after: start) ?? .infinity
    var stop = min(slice, sample)
    while true {
      let (event, time) = events.first
      if time > stop {
        guard let recorder, sample <= slice else { break }
        book()
        recorder.take { _, index in state(of: index, at: sample) }
        sample = recorder.next(after: start)
        stop = min(slice, sample)
        continue
      }
      if event > 0 && event < end {
        collide(event, at: time)
        pairs += 1
        continue
      }
      energyTime += energy * (time - last)
      last = time
      let index = event == 0 ? 0 : end - 1
      let heat = reflect(index, towardsRight: event == 0, laws[event == 0 ? 0 : 1], at: time)
      energy += heat
      if event == 0 {
        heatLeft += heat
        left += 1
      } else {
        heatRight += heat
        right += 1
      }
      update(event, at: time)
    }
    energyTime += energy * (slice - last)
    book()
    for (channel, value) in [heatLeft, heatRight, energyTime, Double(left), Double(right), Double(pairs)].enumerated() {
      sums[channel] += value
    }
    endSlice(slice)
  }

  /// The sums since they were last taken, in the order of `Channel`.
  package func takeSums() -> [Double] {
    defer { for channel in sums.indices { sums[channel] = 0 } }
    return sums
  }

  /// Calls with the place of the centre, in the box with its rods, and twice the energy of every particle.
  func look(_ see: (_ place: Double, _ twiceEnergy: Double) -> Void) {
    let diameter = model.medium.diameter
    for index in 0..<count {
      let particle = particles[index]
      see(
        particle.place + (Double(index) + 0.5) * diameter, particle.mass * particle.velocity * particle.velocity)
    }
  }

  /// Place of the middle of a particle, in the box with its rods, its velocity and its mass, at a time after its last collision.
  private func state(of index: Int, at time: Double) -> (place: Double, velocity: Double, mass: Double) {
    let particle = particles[index]
    let place = particle.place + particle.velocity * (time - particle.time)
    return (
      min(room, max(0, place)) + (Double(index) + 0.5) * model.medium.diameter, particle.velocity, particle.mass
    )
  }

  /// Two neighbours meet. Their relative velocity is reversed; equal masses exchange velocities without rounding.
  @inline(__always) private func collide(_ event: Int, at time: Double) {
    let (i, j) = (event - 1, event)
    var (first, second) = (particles[i], particles[j])
    first.place += first.velocity * (time - first.time)
    second.place += second.velocity * (time - second.time)
    let place = 0.5 * (first.place + second.place)
    (first.place, second.place, first.time, second.time) = (place, place, time, time)
    if first.mass == second.mass {
      (first.velocity, second.velocity) = (second.velocity, first.velocity)
    } else {
      let change = 2 * (second.velocity - first.velocity) / (first.mass + second.mass)
      first.velocity += second.mass * change
      second.velocity -= first.mass * change
    }
    particles[i] = first
    particles[j] = second
    update(event, at: time)
  }

  /// A particle comes back from a wall.
  ///
  /// - Returns: the heat from the wall [energy].
  private func reflect(_ index: Int, towardsRight: Bool, _ law: CollisionLaw, at time: Double) -> Double {
    var particle = particles[index]
    let (speed, heat) = law.reflect(speed: abs(particle.velocity), mass: particle.mass, &stream)
    particle.velocity = towardsRight ? speed : -speed
    particle.place = towardsRight ? 0 : room
    particle.time = time
    particles[index] = particle
    return heat
  }

  /// After an event those who took part do not meet again before one of them meets another.
  @inline(__always) private func update(_ event: Int, at time: Double) {
    let (low, high) = (max(0, event - 1), min(count, event + 1))
    // A wall and both ends of one particle.
    events.set(event, .infinity)
    if low < event { events.set(low, meeting(low, at: time)) }
    if high > event { events.set(high, meeting(high, at: time)) }
    events.play(from: low, to: high)
  }

  /// When the particles on both sides of a gap, or a particle and a wall, meet; never before `now`.
  @inline(__always) private func meeting(_ event: Int, at now: Double) -> Double {
    if event == 0 {
      let particle = particles[0]
      guard particle.velocity < 0 else { return .infinity }
      return now + max(0, particle.place + particle.velocity * (now - particle.time)) / -particle.velocity
    }
    let first = particles[event - 1]
    let place = first.place + first.velocity * (now - first.time)
    if event == count {
      return first.velocity > 0 ? now + max(0, room - place) / first.velocity : .infinity
    }
    let second = particles[event]
    let closing = first.velocity - second.velocity
    guard closing > 0 else { return .infinity }
    return now + max(0, second.place + second.velocity * (now - second.time) - place) / closing
  }

  /// Brings all places to the end of a slice, in order and within the room.
  private func endSlice(_ slice: Double) {
    var least = 0.0
    for index in 0..<count {
      particles[index].place += particles[index].velocity * (slice - particles[index].time)
      least = min(room, max(least, particles[index].place))
      particles[index].place = least
      particles[index].time = 0
    }
    beginSlice()
  }

  private func beginSlice() {
    energy = totalEnergy
    for event in 0...count { events.set(event, meeting(event, at: 0)) }
    events.playAll()
  }
}

extension HardPointGas {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { 8 * (2 * count + sums.count + 4) }

  func save(to writer: inout StateWriter) {
    writer.add(stream.position)
    writer.add((0..<count).map { particles[$0].place })
    writer.add((0..<count).map { particles[$0].velocity })
    writer.add(sums)
  }

  /// Takes up a state saved at the end of a slice.
  func restore(from reader: inout StateReader) throws(StateFault) {
    stream.position = try reader.next()
    var arrays: [[Double]] = []
    for size in [count, count, sums.count] {
      guard try reader.next(Int.self) == size else { throw StateFault("the saved state has another shape") }
      arrays.append(try reader.finiteValues(count: size))
    }
    let places = arrays[0]
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    for index in 0..<count {
      particles[index].place = places[index]
      particles[index].velocity = arrays[1][index]
      particles[index].time = 0
    }
    sums = arrays[2]
    // Faster ones than any wall sends would never come to the end of a slice.
    guard zip([0] + places, places + [room]).allSatisfy({ $0 <= $1 }),
      totalEnergy <= 1e4 * hottest * Double(count)
    else { throw StateFault("the saved particles are impossible") }
    beginSlice()
  }
}

extension CollisionLaw {
  /// A collision of a particle with the wall, one draw after the other: the laws of `WallLaw.swift`.
  ///
  /// - Returns: its speed afterwards [length/time] and the heat from the wall [energy].
  func reflect(speed: Double, mass: Double, _ stream: inout CounterStream) -> (speed: Double, heat: Double) {
    let before = 0.5 * mass * speed * speed
    switch self {
    case .maxwell(let bath):
      // A draw of exactly 0 would never leave.
      let twice = max(-2 * log(stream.uniform()), 0x1p-53)
      return (
        twice.squareRoot() * Box.thermalSpeed(temperature: bath.temperature, mass: mass),
        0.5 * twice * bath.temperature - before
      )
    case .metropolis(let bath) where bath.proposal == .energy:
      var energy = before
      for _ in 0..<bath.moves {
        let proposal = energy + (2 * stream.uniform() - 1) * bath.width
        let threshold = -log(stream.uniform())
        if proposal > 0, (proposal - energy) / bath.temperature <= threshold { energy = proposal }
      }
      return energy == before ? (speed, 0) : ((2 * energy / mass).squareRoot(), energy - before)
    case .metropolis(let bath):
      var current = speed
      for _ in 0..<bath.moves {
        let proposal = current + (2 * stream.uniform() - 1) * bath.width
        let threshold = -log(stream.uniform())
        guard proposal > 0 else { continue }
        let exponent = 0.5 * mass * (proposal * proposal - current * current) / bath.temperature
        if exponent - log(proposal / current) <= threshold { current = proposal }
      }
      return (current, 0.5 * mass * current * current - before)
    }
  }
}
