import NessModel

/// A sensible burn-in and length of a simulation of a box, with the reason in words.
package struct KineticChoice: Sendable, Hashable {
  /// Time to discard [time].
  package let burnIn: Double
  /// Time to measure per replica with 64 replicas for an error of about a percent [time].
  package let duration: Double
  /// Mean time of a flight to the other wall and back, roughly [time].
  package let cycleTime: Double
  /// Where the numbers come from.
  package let explanation: String

  /// The choice for a model; of no meaning where the particle comes to rest, which the solvers say.
  ///
  /// - Accuracy: an estimate to within a small factor; the burn-in has a margin of that size.
  package init(for model: BoxModel) {
    if model.restsForEver {
      (burnIn, duration, cycleTime) = (0, 1, 1)
      explanation = "a wall at temperature 0 brings the particle to rest: there is nothing to wait for"
      return
    }
    let flights = model.attachments.indices.map { wall -> Double in
      let speed = Self.thermalSpeed(of: model, wall: wall)
      return model.medium.length / speed * (Double.pi / 2).squareRoot()
    }
    cycleTime = flights[0] + flights[1]
    let memories = model.attachments.map { Self.memory(of: $0.bath, mass: model.medium.mass) }
    let collisions = min(memories[0], memories[1])
    let longest = model.longestFlight(cycleTime: cycleTime)?.time ?? 0
    let memory = (1 + collisions) * cycleTime
    burnIn = max(10 * memory, 10 * longest)
    duration = max(20_000 * memory, 200 * longest)
    explanation =
      "a flight there and back takes about \(cycleTime.short), and the wall that thermalises faster needs about "
      + "\(max(1, collisions).short) collisions"
      + (longest > memory ? "; flights of up to \(longest.short) matter" : "")
  }

  /// Speed sqrt(T/m) of a particle that comes from a wall [length/time]. A Metropolis wall colder than a tenth of its
  /// moves does not cool the particle down to its own temperature before the other wall heats it again.
  static func thermalSpeed(of model: BoxModel, wall: Int) -> Double {
    let mass = model.medium.mass
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    var temperature = model.attachments[wall].bath.temperature
    if case .metropolis(let bath) = model.attachments[wall].bath.collisionLaw {
      temperature = max(temperature, 0.1 * min(hottest, moveEnergy(of: bath, mass: mass)))
    }
    return Box.thermalSpeed(temperature: temperature, mass: mass)
  }

  /// Work of a collision with either wall, in collisions with a Maxwell wall: every Metropolis move draws and decides anew.
  package static func workPerCycle(of model: BoxModel) -> Double {
    model.attachments.reduce(0) { sum, attachment in
      if case .metropolis(let bath) = attachment.bath.collisionLaw { sum + Double(bath.moves) } else { sum + 1 }
    }
  }

  /// Energy of the largest move from rest [energy].
  static func moveEnergy(of bath: MetropolisBath, mass: Double) -> Double {
    bath.proposal == .energy ? bath.width : 0.5 * mass * bath.width * bath.width
  }

  /// Collisions after which a wall has forgotten the energy before, roughly: many refusals if the moves are long, a
  /// random walk if they are short.
  static func memory(of wall: WallBath, mass: Double) -> Double {
    guard case .metropolis(let bath) = wall.collisionLaw else { return 0 }
    guard bath.temperature > 0 else { return .infinity }
    let ratio =
      bath.proposal == .energy
      ? bath.width / bath.temperature : bath.width / Box.thermalSpeed(temperature: bath.temperature, mass: mass)
    return (2 * ratio + 12 / (ratio * ratio)) / Double(bath.moves)
  }
}
