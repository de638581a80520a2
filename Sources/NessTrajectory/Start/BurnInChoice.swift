import Foundation
import NessModel

/// How long the replicas of a run are left to themselves before they are measured: until what their start is off is small
/// against the asked error.
package struct BurnInChoice: Sendable {
  /// Share of the asked error that the start may take.
  static let share = 0.3
  /// Asked error where none is asked.
  static let usualError = 0.01
  /// Most work of a burn-in that is chosen unasked, in particle-steps: some ten minutes.
  static let mostWork = 1e12

  /// Time to discard, a whole number of steps [time].
  package let burnIn: Double
  /// The choice in a sentence.
  package let explanation: String

  /// - Parameters:
  ///   - model: what is to be simulated.
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  ///   - relativeError: error of the current that is asked for; nil if none is.
  ///   - replicas: number of replicas.
  package init(
    _ model: ChainModel, timeStep: Double, noise: ParticleNoise, relativeError: Double?, replicas: Int
  ) {
    let start = StartLaw(model, timeStep: timeStep, noise: noise)
    guard !start.isExact else {
      burnIn = 0
      explanation = "no burn-in: all replicas begin \(start.description)"
      return
    }
    let allowed = Self.share * (relativeError ?? Self.usualError)
    let (wanted, reason) = Self.wanted(model, start, allowed)
    let most = Self.mostWork / (Double(replicas) * model.workOfAStep)
    let steps = min(wanted / timeStep, most)
    burnIn = Self.readable(steps) * timeStep
    var text = "burn-in \(burnIn.short) chosen: all replicas begin \(start.description), \(reason)"
    if wanted / timeStep > most {
      text += "; \(wanted.short) would be right but takes too long: what is left of the start is in the error budget"
    }
    explanation = text
  }

  private static func wanted(_ model: ChainModel, _ start: StartLaw, _ allowed: Double) -> (Double, String) {
    let particles = 10 * (model.particleBaths.filter(\.bath.isCoupled).map(\.bath.relaxationTime).max() ?? 0)
    let folds = max(0, log(start.deviation / allowed))
    if let waves = start.waves {
      let passage = Double(model.medium.sites) * (model.medium.mass / model.medium.springConstant).squareRoot()
      var time = passage
      while waves.relativeHeatBias(after: time) > allowed && time < 1e6 * passage { time *= 2.0.squareRoot() }
      return (
        max(time, particles),
        "and the waves that carry heat have forgotten it after \((time / passage).short) passages of sound"
      )
    }
    if let relaxation = start.relaxationTime, start.followsLinearTheory {
      // Energies decay twice as fast as displacements.
      return (
        particles + 0.5 * folds * relaxation,
        "expected to be off by \((100 * start.deviation).text(digits: 2)) %; the slowest relaxation time is \(relaxation.short)"
      )
    }
    return (
      particles + max(1, folds) * start.settlingTime,
      "and the energy is exchanged with the baths in about \(start.settlingTime.short); the slowest relaxation time is not known"
    )
  }

  /// Two significant digits, rounded up.
  static func readable(_ steps: Double) -> Double {
    guard steps > 0 else { return 0 }
    let unit = max(1, pow(10, floor(log10(steps)) - 1))
    return (steps / unit).rounded(.up) * unit
  }
}
