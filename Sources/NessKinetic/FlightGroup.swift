import CVectorMath
import Foundation
import NessModel
import NessRandom
import NessSampling

/// Eight replicas of a box in the lanes of SIMD vectors, event by event.
///
/// All times are relative to the end of the last completed window, so they do not lose digits in a long run. Lanes that
/// have no collision left before the given time wait, and so do their random streams: what a replica does depends on
/// nothing but its seed and its number.
package final class FlightGroup {
  /// What is summed over a window, in this order.
  package enum Channel: Int, CaseIterable {
    /// Heat from the left wall [energy].
    case heatFromLeft
    /// Heat from the right wall [energy].
    case heatFromRight
    /// Time integral of the energy [energy time].
    case energyTime
    /// Time in flights that left the left wall [time].
    case timeFromLeft
    /// Collisions with the left wall [1].
    case collisionsLeft
    /// Collisions with the right wall [1].
    case collisionsRight
  }

  private let model: BoxModel
  private var stream: LaneStream
  private var particle: LaneParticle
  /// Time of the next collision.
  private var next: Lanes
  /// Time of the last collision, or of the end of the last window.
  private var last = Lanes()
  private var towardsRight: LaneMask
  /// Sums of the window so far.
  private var sums = [Lanes](repeating: Lanes(), count: Channel.allCases.count)
  /// The heats among them that were taken already.
  private var taken = (left: Lanes(), right: Lanes())

  /// Replicas `firstReplica` to `firstReplica + 7` at a random moment of their flights.
  package init(_ model: BoxModel, seed: UInt64, firstReplica: Int) {
    self.model = model
    stream = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .wallCollisions)
    var start = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState)
    let initial = InitialFlights(model, &start)
    particle = initial.particle
    next = initial.timeToWall
    towardsRight = initial.towardsRight
  }

  /// Kinetic energy of every replica [energy].
  var energy: Lanes { particle.energy }
  /// Distance of every replica from the left wall at the end of the last window [length].
  var position: Lanes {
    let distance = next * particle.speed
    return ness_select(towardsRight, model.medium.length - distance, distance)
  }

  // By lane, for a SIMD value is returned in other registers by modules that are compiled for other processors.

  /// Kinetic energy of the replica of a lane [energy].
  package func energy(of lane: Int) -> Double { particle.energy[lane] }
  /// Its distance from the left wall at the end of the last window [length].
  package func position(of lane: Int) -> Double { position[lane] }
  /// Its velocity, positive to the right [length/time].
  package func velocity(of lane: Int) -> Double {
    towardsRight[lane] != 0 ? particle.speed[lane] : -particle.speed[lane]
  }
  /// Time of its next collision, after the end of the last window [time].
  package func nextCollision(of lane: Int) -> Double { next[lane] }

  /// Flies all lanes until `end`, a time after the end of the last window.
  package func fly(until end: Double) {
    let (left, right) = (model.attachments[0].bath.collisionLaw, model.attachments[1].bath.collisionLaw)
    let mass = model.medium.mass
    func open<Wall: LaneWall>(_ left: Wall, _ end: Double) {
      switch right {
      case .maxwell(let bath): fly(until: end, left, MaxwellLaneWall(bath, mass: mass))
      case .metropolis(let bath) where bath.proposal == .energy:
        fly(until: end, left, EnergyMoveLaneWall(bath, mass: mass))
      case .metropolis(let bath): fly(until: end, left, SpeedMoveLaneWall(bath, mass: mass))
      }
    }
    switch left {
    case .maxwell(let bath): open(MaxwellLaneWall(bath, mass: mass), end)
    case .metropolis(let bath) where bath.proposal == .energy: open(EnergyMoveLaneWall(bath, mass: mass), end)
    case .metropolis(let bath): open(SpeedMoveLaneWall(bath, mass: mass), end)
    }
  }

  /// The walls take turns, so that each has its own code and no lane has to look up its wall.
  private func fly<Left: LaneWall, Right: LaneWall>(until end: Double, _ left: Left, _ right: Right) {
    let ends = Lanes(repeating: end)
    var flight = Flight(
      length: model.medium.length, stream: stream, particle: particle, next: next, last: last,
      energyTime: sums[Channel.energyTime.rawValue])
    var heat = (left: sums[0], right: sums[1])
    var timeFromLeft = sums[Channel.timeFromLeft.rawValue]
    var collisions = (left: sums[4], right: sums[5])
    var towardsRight = towardsRight
    while true {
      let due = ness_less_or_equal(flight.next, ends)
      if ness_any(due) == 0 { break }
      let atRight = due & towardsRight
      if ness_any(atRight) != 0 {
        let done = flight.collide(with: right, where: atRight)
        heat.right += done.heat
        timeFromLeft += done.time
        collisions.right += ness_select(atRight, Lanes(repeating: 1), Lanes())
        towardsRight &= ~atRight
      }
      let atLeft = ness_less_or_equal(flight.next, ends) & ~towardsRight
      if ness_any(atLeft) != 0 {
        heat.left += flight.collide(with: left, where: atLeft).heat
        collisions.left += ness_select(atLeft, Lanes(repeating: 1), Lanes())
        towardsRight |= atLeft
      }
    }
    (stream, particle, next, last) = (flight.stream, flight.particle, flight.next, flight.last)
    self.towardsRight = towardsRight
    sums = [heat.left, heat.right, flight.energyTime, timeFromLeft, collisions.left, collisions.right]
  }

  /// Completes a window that ends at `end`, up to which all lanes have flown, and starts the next one.
  ///
  /// - Returns: the sums over the window, in the order of `Channel`.
  package func closeWindow(at end: Double) -> [SIMD8<Double>] {
    let rest = end - last
    sums[Channel.energyTime.rawValue] = ness_fma(rest, particle.energy, sums[Channel.energyTime.rawValue])
    sums[Channel.timeFromLeft.rawValue] += ness_select(towardsRight, rest, Lanes())
    defer {
      sums = [Lanes](repeating: Lanes(), count: Channel.allCases.count)
      taken = (Lanes(), Lanes())
      next -= end
      last = Lanes()
    }
    return sums
  }
}

// MARK: samples along the time

extension FlightGroup {
  /// Flies as `fly(until:)` does, from sample to sample.
  ///
  /// - Parameter start: when the window began, after the end of the burn-in [time].
  func fly(until end: Double, _ recorder: FlightRecorder, start: Double) {
    while true {
      let time = recorder.next(after: start)
      guard time <= end else { break }
      fly(until: time)
      book(recorder)
      recorder.take { lane, _ in
        // As far from the wall ahead as the particle flies until its next collision.
        let distance = min(model.medium.length, max(0, (next[lane] - time) * particle.speed[lane]))
        let isRight = towardsRight[lane] != 0
        return (
          isRight ? model.medium.length - distance : distance, isRight ? particle.speed[lane] : -particle.speed[lane],
          model.medium.mass
        )
      }
    }
    fly(until: end)
    book(recorder)
  }

  private func book(_ recorder: FlightRecorder) {
    let (left, right) = (sums[Channel.heatFromLeft.rawValue], sums[Channel.heatFromRight.rawValue])
    for lane in 0..<recorder.replicas {
      recorder.book(lane, left: left[lane] - taken.left[lane], right: right[lane] - taken.right[lane])
    }
    taken = (left, right)
  }
}

extension FlightGroup {
  func save(to writer: inout StateWriter) {
    writer.add(stream.words)
    writer.add([particle.energy, particle.speed, next, last])
    writer.add(towardsRight)
    writer.add(sums)
  }

  /// Takes up a saved state, whose times lie within a window of this length [time].
  func restore(from reader: inout StateReader, window: Double) throws(StateFault) {
    stream.words = try reader.next()
    let state = try reader.finiteArray(count: 4)
    particle = LaneParticle(energy: state[0], speed: state[1])
    (next, last) = (state[2], state[3])
    towardsRight = try reader.next()
    sums = try reader.finiteArray(count: sums.count)
    taken = (sums[Channel.heatFromLeft.rawValue], sums[Channel.heatFromRight.rawValue])
    guard (0..<8).allSatisfy({ isPossible(lane: $0, window: window) }) else {
      throw StateFault("the saved flights are impossible")
    }
  }

  /// Whether a particle moves with the speed of its energy, within the box and from a moment in the window. Faster ones
  /// than any wall sends would never come to the end of a window.
  private func isPossible(lane: Int, window: Double) -> Bool {
    let (energy, speed) = (particle.energy[lane], particle.speed[lane])
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let flight = (next[lane] - last[lane]) * speed
    let rounding = 1e-9 * model.medium.length + 1e-12 * window * speed
    return speed > 0 && abs(0.5 * model.medium.mass * speed * speed - energy) <= 1e-9 * energy
      && energy <= 1e4 * hottest && last[lane] >= 0 && last[lane] <= window && flight >= -rounding
      && flight <= model.medium.length + rounding && (towardsRight[lane] == 0 || towardsRight[lane] == .max)
  }
}

/// The part of the state that a collision changes.
private struct Flight {
  let length: Double
  var stream: LaneStream
  var particle: LaneParticle
  var next: Lanes
  var last: Lanes
  var energyTime: Lanes

  /// One collision of the lanes in the mask.
  ///
  /// - Returns: heat from the wall [energy] and time since the last collision or window [time], 0 in the other lanes.
  @inline(__always)
  mutating func collide<Wall: LaneWall>(with wall: Wall, where mask: LaneMask) -> (heat: Lanes, time: Lanes) {
    let time = ness_select(mask, next - last, Lanes())
    energyTime = ness_fma(time, particle.energy, energyTime)
    let after = wall.reflect(particle, where: mask, &stream)
    let heat = ness_select(mask, after.energy - particle.energy, Lanes())
    last = ness_select(mask, next, last)
    particle.energy = ness_select(mask, after.energy, particle.energy)
    particle.speed = ness_select(mask, after.speed, particle.speed)
    next = ness_select(mask, next + ness_divide(Lanes(repeating: length), particle.speed), next)
    return (heat, time)
  }
}

/// Flights at a random moment: with probability proportional to the mean time of its flights, the particle comes from
/// a wall, with a speed from the Gaussian law of that wall's temperature and at a uniform place.
///
/// Between two Maxwell walls this is the stationary law. Flights fresh from a wall would be a bad start: the rest of a
/// flight in progress has the tail 1/t, which a burn-in builds up only slowly.
private struct InitialFlights {
  let particle: LaneParticle
  let timeToWall: Lanes
  let towardsRight: LaneMask

  init(_ model: BoxModel, _ stream: inout LaneStream) {
    let speeds = model.attachments.indices.map { KineticChoice.thermalSpeed(of: model, wall: $0) }
    let shareFromLeft = speeds[1] / (speeds[0] + speeds[1])
    towardsRight = ness_less(stream.uniform(), Lanes(repeating: shareFromLeft))
    let fraction = 1 - stream.uniform()
    var gaussian = Lanes()
    stream.fillGaussians(&gaussian, count: 1)
    let scale = ness_select(towardsRight, Lanes(repeating: speeds[0]), Lanes(repeating: speeds[1]))
    // A draw of exactly 0 would never arrive.
    let size = ness_fma(gaussian, gaussian, Lanes(repeating: 0x1p-100))
    let speed = ness_sqrt(size) * scale
    particle = LaneParticle(energy: speed * speed * (0.5 * model.medium.mass), speed: speed)
    timeToWall = ness_divide(fraction * model.medium.length, speed)
  }
}
