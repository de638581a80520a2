import CVectorMath
import NessModel
import NessRandom

typealias Lanes = SIMD8<Double>
/// Which of eight lanes take part: all bits set or none.
typealias LaneMask = SIMD8<UInt64>

/// The particle of eight replicas: kinetic energy and speed, kept side by side so that none is rounded twice.
struct LaneParticle {
  /// Kinetic energy [energy].
  var energy: Lanes
  /// Speed [length/time].
  var speed: Lanes
}

/// How a wall sends a particle back, for eight lanes at once.
protocol LaneWall {
  /// The particle after its collision; lanes outside of the mask keep their random streams, their result is not used.
  func reflect(_ particle: LaneParticle, where mask: LaneMask, _ stream: inout LaneStream) -> LaneParticle
}

/// A uniform number as a number in the open interval (0, 1), symmetric about 1/2: no logarithm of it is infinite or 0.
@inline(__always) private func inside(_ uniform: Lanes) -> Lanes { (1 - uniform) - 0x1p-53 }

/// Energy from exp(-E/T)/T. The speed is built from its own scale, so that it stays above 0 at any temperature > 0.
struct MaxwellLaneWall: LaneWall {
  private let halfTemperature: Double
  private let speedScale: Double

  init(_ bath: MaxwellBath, mass: Double) {
    halfTemperature = 0.5 * bath.temperature
    speedScale = Box.thermalSpeed(temperature: bath.temperature, mass: mass)
  }

  @inline(__always)
  func reflect(_ particle: LaneParticle, where mask: LaneMask, _ stream: inout LaneStream) -> LaneParticle {
    let twice = ness_minus_two_log(inside(stream.uniform(where: mask)))
    return LaneParticle(energy: twice * halfTemperature, speed: ness_sqrt(twice) * speedScale)
  }
}

/// Metropolis moves in energy, as documented in `MetropolisBath`.
struct EnergyMoveLaneWall: LaneWall {
  private let width: Double
  private let moves: Int
  private let twiceInverseTemperature: Double
  private let twiceInverseMass: Double

  init(_ bath: MetropolisBath, mass: Double) {
    width = bath.width
    moves = bath.moves
    twiceInverseTemperature = 2 / bath.temperature
    twiceInverseMass = 2 / mass
  }

  @inline(__always)
  func reflect(_ particle: LaneParticle, where mask: LaneMask, _ stream: inout LaneStream) -> LaneParticle {
    var energy = particle.energy
    var moved = LaneMask()
    for _ in 0..<moves {
      let shift = ness_fma(stream.uniform(where: mask), Lanes(repeating: 2), Lanes(repeating: -1)) * width
      let threshold = ness_minus_two_log(inside(stream.uniform(where: mask)))
      let proposal = energy + shift
      // At T = 0 the factor is infinite: moves upwards are never accepted, moves downwards always.
      let accepted =
        ness_less(Lanes(), proposal) & ness_less_or_equal((proposal - energy) * twiceInverseTemperature, threshold)
      energy = ness_select(accepted, proposal, energy)
      moved |= accepted
    }
    let speed = ness_select(moved, ness_sqrt(energy * twiceInverseMass), particle.speed)
    return LaneParticle(energy: energy, speed: speed)
  }
}

/// Metropolis moves in speed, as documented in `MetropolisBath`.
struct SpeedMoveLaneWall: LaneWall {
  private let width: Double
  private let moves: Int
  private let twiceInverseTemperature: Double
  private let halfMass: Double

  init(_ bath: MetropolisBath, mass: Double) {
    width = bath.width
    moves = bath.moves
    twiceInverseTemperature = 2 / bath.temperature
    halfMass = 0.5 * mass
  }

  @inline(__always)
  func reflect(_ particle: LaneParticle, where mask: LaneMask, _ stream: inout LaneStream) -> LaneParticle {
    var current = particle
    for _ in 0..<moves {
      let shift = ness_fma(stream.uniform(where: mask), Lanes(repeating: 2), Lanes(repeating: -1)) * width
      let threshold = ness_minus_two_log(inside(stream.uniform(where: mask)))
      let speed = current.speed + shift
      let energy = speed * speed * halfMass
      let fluxFactor = ness_minus_two_log_signed(ness_divide(speed, current.speed))
      let exponent = (energy - current.energy) * twiceInverseTemperature + fluxFactor
      let accepted = ness_less(Lanes(), speed) & ness_less_or_equal(exponent, threshold)
      current.energy = ness_select(accepted, energy, current.energy)
      current.speed = ness_select(accepted, speed, current.speed)
    }
    return current
  }
}
