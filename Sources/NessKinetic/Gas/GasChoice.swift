import NessModel

/// A sensible burn-in and length of a simulation of several particles, from the times of the model.
package struct GasChoice: Sendable, Hashable {
  /// Time to discard [time].
  package let burnIn: Double
  /// Time to measure per replica with 64 replicas for an error of about a percent [time].
  package let duration: Double
  /// Mean time of a free flight to the other wall and back, roughly [time].
  package let cycleTime: Double
  /// Collisions in that time, roughly.
  package let collisionsPerCycle: Double
  /// Where the numbers come from.
  package let explanation: String

  /// The choice for a model.
  ///
  /// Equal masses pass heat on as one particle does. Of unlike ones the part R = ((m - m')/(m + m'))² of an energy is thrown
  /// back at a collision, so that a disturbance takes about n R / (4 pi) cycles to diffuse through the box; and two of very
  /// unlike masses need (m + m')²/(4 m m') collisions to share their energy.
  ///
  /// - Accuracy: an estimate to within a small factor; the burn-in has a margin of ten.
  package init(for model: BoxModel) throws(ModelError) {
    let masses = model.medium.masses
    let count = Double(masses.count)
    let mean = masses.reduce(0, +) / count
    let one = KineticChoice(for: try model.ofOneParticle(mass: mean))
    let reflected = zip(masses, masses.dropFirst()).map { (($0 - $1) / ($0 + $1)) * (($0 - $1) / ($0 + $1)) }
    let reflection = reflected.isEmpty ? 0 : reflected.reduce(0, +) / Double(reflected.count)
    let slowest = 1 / (1 - min(0.999_999, reflected.max() ?? 0))
    let factor = slowest + count * reflection / 12.5
    cycleTime = one.cycleTime
    collisionsPerCycle = 1.4 * count * (count - 1) + 2 * count
    burnIn = factor * one.burnIn
    duration = max(factor * one.duration / count, 100 * factor * cycleTime)
    explanation =
      one.explanation
      + (reflection > 0
        ? "; at a collision of two particles \(reflection.short) of the energy is thrown back, so heat diffuses through the "
          + "\(masses.count) particles in about \(factor.short) such times"
        : "; equal masses exchange velocities, so heat flies through the \(masses.count) particles as through one")
  }
}
