import Foundation
import NessStatistics
import NessModel

/// What the waves of a long harmonic chain still know of its start, where it has too many sites for the whole linear theory.
///
/// A wave of wave number kappa exchanges energy with bath a at the rate  Gamma_a = gamma_a u_a²/m,  where u_a is the
/// amplitude at the site of the bath of a standing wave between the pinned ends, and tends to the temperature
/// sum Gamma_a T_a / sum Gamma_a. A chain in equilibrium at one temperature begins off by the difference; and by the part
/// of the energy that flows, as large as the temperature difference of the baths where a wave is damped within one passage.
struct ChainWaves: Sendable {
  private static let points = 512

  private struct Wave {
    /// Total rate of the exchange of energy [1/time].
    let rate: Double
    /// How far its temperature may be off at the start [energy].
    let deviation: Double
    /// Heat that it carries between the baths [energy/time].
    let heat: Double
    /// Largest rate of one bath [1/time].
    let largestRate: Double
  }

  private let waves: [Wave]

  /// - Parameters:
  ///   - model: a chain with harmonic bonds.
  ///   - temperature: that of the start [energy].
  init(_ model: ChainModel, temperature: Double) {
    let chain = model.medium
    let sites = Double(chain.sites)
    let impedance = chain.springConstant * chain.mass
    let speed = (chain.springConstant / chain.mass).squareRoot()
    let temperatures = model.attachments.map(\.bath.temperature)
    let span = (temperatures.max() ?? 0) - (temperatures.min() ?? 0)
    waves = (0..<Self.points).map { point in
      let angle = Double.pi * (Double(point) + 0.5) / Double(Self.points)
      func share(_ site: Int) -> Double {
        guard site == 1 || site == chain.sites else { return 1 / sites }
        // (k + K - m w²) u_1 = k u_2 with u_j = cos(kappa (j - 1) + theta).
        let slope =
          (chain.springConstant * (1 - cos(angle)) - chain.pinning(ofSite: site)) / (chain.springConstant * sin(angle))
        return 2 / sites / (1 + slope * slope)
      }
      let rates = model.attachments.map { attachment -> Double in
        let friction = attachment.bath.linear.frictionKernel.markovFriction
        return friction / (1 + friction * friction / impedance) / chain.mass * share(attachment.site)
      }
      let total = rates.reduce(0, +)
      let own = zip(rates, temperatures).reduce(0) { $0 + $1.0 * $1.1 } / total
      let spacing = .pi / sites * speed * cos(angle / 2)
      return Wave(
        rate: total, deviation: abs(own - temperature) + 0.5 * span * min(1, total / spacing),
        heat: 0.5 * zip(rates, temperatures).reduce(0) { $0 + $1.0 * abs($1.1 - own) }, largestRate: rates.max() ?? 0)
    }
  }

  /// How far the mean of a kinetic temperature may be off in a measurement that follows a burn-in, roughly [energy].
  func temperatureBias(burnIn: Double, duration: Double) -> Double {
    waves.reduce(0) { $0 + $1.deviation * Transient.share(rate: $1.rate, burnIn, duration) } / Double(Self.points)
  }

  /// How far the heat may be off after a burn-in, over the heat that flows, roughly.
  func relativeHeatBias(after time: Double) -> Double {
    let left = waves.reduce(0) { $0 + $1.largestRate * $1.deviation * exp(-$1.rate * time) }
    return left / waves.reduce(0) { $0 + $1.heat }
  }
}

/// What is left of something that decays.
enum Transient {
  /// Mean of exp(-rate t) over a measurement that follows a burn-in: 1 if nothing has decayed.
  static func share(rate: Double, _ burnIn: Double, _ duration: Double) -> Double {
    let (before, within) = (rate * burnIn, rate * duration)
    guard within.isFinite else { return 0 }
    return within < 1e-6 ? exp(-before) : exp(-before) * -expm1(-within) / within
  }

  /// How many standard errors an uptake of energy must be to be more than noise.
  static let seen = 4.0

  /// What is left of the start in a current that begins without it and comes as energy is exchanged with the baths, over the time
  /// `settlingTime`. (FPUT chains of 4, 12 and 32 sites between 6 and 1, several hundred runs of chosen burn-in each: nothing was left within
  /// 0.1 % of J.)
  static func ofCurrent(
    _ current: Estimate, settlingTime: Double, _ burnIn: Double, _ duration: Double
  ) -> Double {
    (abs(current.value) + 2 * current.error) * share(rate: 1 / settlingTime, burnIn, duration)
  }
}
