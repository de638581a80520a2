import Foundation
import NessModel

/// A time step chosen from the model, with the reasons and the bias to be expected.
package struct TimeStepChoice: Sendable, Hashable {
  /// One condition that a time step must meet.
  package struct Limit: Sendable, Hashable {
    /// What limits the step, in words with numbers.
    package let reason: String
    /// The largest step that meets it [time].
    package let timeStep: Double
  }

  /// The chosen step [time].
  package let timeStep: Double
  /// Every condition, strictest first.
  package let limits: [Limit]
  /// Expected relative bias of the current from the discretisation of the particle force, for the chosen step.
  package let frictionBias: Double
  /// Expected relative bias of the current from the oscillations of the chain, an upper estimate.
  package let bandBias: Double
  /// Expected relative bias of the current from the damping of the ends, an upper estimate.
  package let dampingBias: Double
  /// Expected relative bias of the current from the forces of baths that have a state of their own, an upper estimate.
  package let forceBias: Double

  /// The choice in a sentence.
  package var explanation: String { "time step \(timeStep.short) chosen: \(limits[0].reason)" }

  /// The largest time step whose expected relative bias stays below `tolerance`.
  ///
  /// - Particle force, under Gaussian noise: the friction is an integral over the force correlation, which the stepper does by the trapezoidal
  ///   rule, so harmonic n of the coupling contributes (x/2) coth(x/2) with x = n² h/tau instead of 1.
  /// - Chain: in one step of length h an oscillation of angular frequency w is off by (w h)²/24 in frequency and up to
  ///   (w h)²/8 in its energy; the kinetic temperature is off by up to (w h)²/4, because the velocity is read in the
  ///   middle of the drift. That is required to be below `tolerance` at the highest frequency of the band.
  /// - Drift: the Taylor series of the particle drift needs h |a'| well below 1, at the displacement of a well too.
  /// - Damping: an end under Langevin friction moves as if its mobility were larger by (x/2) coth(x/2) with
  ///   x = h friction/mass, all its baths together, about x²/12 too much; the current of a strongly damped chain has
  ///   the same relative bias. Required to be below `tolerance`.
  ///
  /// - Forces with a state of their own: what they exchange is an integral over their correlation by the trapezoidal rule, with
  ///   (x/2) coth(x/2), x = h times the rate at which they change, instead of 1.
  ///
  /// The current is off by at most the sum of the biases (StepperOrderTests).
  ///
  /// - Parameters:
  ///   - model: what is to be simulated.
  ///   - tolerance: the largest expected relative bias of the current.
  ///   - displacement: largest displacement that matters of a site that particles touch [length]; left out, three
  ///     thermal ones beyond the deepest well.
  ///   - noise: law of the noise that diffuses the particles; the step does not depend on it, the told bias does.
  package init(
    for model: ChainModel, tolerance: Double = 0.002, displacement: Double? = nil, noise: ParticleNoise = .matched
  ) {
    let particles = model.particleBaths.filter { $0.bath.sharpness > 0 }.map { attachment, bath in
      TouchedBath(
        name: attachment.name, bath: bath, reach: displacement ?? Self.reach(of: bath, attachment.site, model))
    }
    self.init(
      medium: "the chain", Rates(model), particles: particles, tolerance: tolerance, noise: noise)
  }

  /// A particle bath, and the largest displacement that matters of the site that it touches [length].
  struct TouchedBath {
    let name: String
    let bath: ParticleBath
    let reach: Double
  }

  /// What a time step must resolve of a medium between its baths.
  struct Rates {
    /// The fastest oscillation [1/time].
    let frequency: Double
    /// Every site under friction without memory: its baths, and their friction over the mass [1/time].
    let damped: [(names: [String], rate: Double)]
    /// The baths whose particles are simulated.
    let particles: [ParticleBath]
    /// Every bath whose force has a state of its own, and how fast that changes [1/time].
    var forces: [(name: String, rate: Double)] = []
    /// Times between possible collisions, of which a step must be a whole part [time].
    var intervals: [Double] = []
  }

  /// The choice for a medium with the given rates.
  init(medium: String, _ rates: Rates, particles: [TouchedBath], tolerance: Double, noise: ParticleNoise) {
    var limits = [
      Limit(
        reason: "\(medium) oscillates at up to \(rates.frequency.short)",
        timeStep: (4 * tolerance).squareRoot() / rates.frequency)
    ]
    for touched in particles {
      let (name, bath) = (touched.name, touched.bath)
      let h = Self.resolvingStep(bath, tolerance: tolerance)
      limits.append(
        Limit(
          reason: "the particles of bath \(name) relax in tau = \(bath.relaxationTime.short) "
            + "and harmonics up to \(bath.harmonicWeights.prefix { $0 > 1e-6 * bath.harmonicWeights[0] }.count) of their coupling matter",
          timeStep: h))
      let gradient = Self.driftGradient(bath, displacement: touched.reach)
      limits.append(
        Limit(
          reason: "the drift of the particles of bath \(name) changes at a rate \(gradient.short)",
          timeStep: 2.5 * tolerance.squareRoot() / gradient))
    }
    for (names, rate) in rates.damped {
      limits.append(
        Limit(
          reason: names.count == 1
            ? "bath \(names[0]) damps its site at a rate \(rate.short)"
            : "the baths \(names.joined(separator: ", ")) damp their site at a rate \(rate.short)",
          timeStep: (12 * tolerance).squareRoot() / rate))
    }
    for (name, rate) in rates.forces {
      limits.append(
        Limit(
          reason: "the force of bath \(name) changes at a rate \(rate.short)",
          timeStep: (12 * tolerance).squareRoot() / rate))
    }
    for interval in rates.intervals {
      limits.append(
        Limit(reason: "collisions are possible every \(interval.short)", timeStep: interval))
    }
    limits.sort { $0.timeStep < $1.timeStep }
    var step = Self.rounded(limits[0].timeStep)
    // A whole part of all intervals; whether it is one where they have no common measure is checked by who takes it.
    if let interval = Self.commonMeasure(of: rates.intervals) ?? rates.intervals.min() {
      step = interval / (interval / step).rounded(.up)
    }
    timeStep = step
    self.limits = limits
    (frictionBias, bandBias, dampingBias, forceBias) = Self.biases(rates, timeStep: step, noise: noise)
  }

  /// The longest time of which all intervals are whole multiples, a thousandth of the shortest one or more; nil if there is none.
  package static func commonMeasure(of intervals: [Double]) -> Double? {
    guard let shortest = intervals.min() else { return nil }
    var measure = shortest
    for interval in intervals {
      var (one, other) = (max(interval, measure), min(interval, measure))
      let zero = 1e-9 * one
      while other > zero { (one, other) = (other, abs(one - other * (one / other).rounded())) }
      measure = one
    }
    guard measure >= 1e-3 * shortest else { return nil }
    // Not the last digits of the differences.
    return shortest / (shortest / measure).rounded()
  }

  /// Expected relative bias of the current at a given step, an upper estimate: the sum of its parts.
  package static func relativeBias(
    of model: ChainModel, timeStep: Double, noise: ParticleNoise = .matched
  ) -> Double {
    let biases = Self.biases(Rates(model), timeStep: timeStep, noise: noise)
    return biases.friction + biases.band + biases.damping + driftBias(model, timeStep: timeStep)
  }

  /// Expected relative bias from the drift of particles that hold their site in a well, (h a')²/12, an upper estimate: that
  /// of an Ornstein-Uhlenbeck process whose drift and noise are split; 0 where there
  /// is no well, and the linear dynamics tells the whole bias.
  private static func driftBias(_ model: ChainModel, timeStep: Double) -> Double {
    model.particleBaths.reduce(0) { largest, item in
      let well = well(of: item.bath, item.attachment.site, model)
      guard well > 0 else { return largest }
      let reach = well + thermalDisplacement(item.bath, model)
      let change = timeStep * driftGradient(item.bath, displacement: reach)
      return max(largest, change * change / 12)
    }
  }

  /// Expected relative bias of the current at a given step of a medium with the given rates, without that of a well.
  static func relativeBias(_ rates: Rates, timeStep: Double, noise: ParticleNoise) -> Double {
    let biases = biases(rates, timeStep: timeStep, noise: noise)
    return biases.friction + biases.band + biases.damping + biases.force
  }

  private static func biases(
    _ rates: Rates, timeStep step: Double, noise: ParticleNoise
  ) -> (friction: Double, band: Double, damping: Double, force: Double) {
    let angle = rates.frequency * step
    return (
      rates.particles.map { frictionBias(of: $0, timeStep: step, noise: noise) }.max() ?? 0, angle * angle / 8,
      rates.damped.map { trapezoidalExcess(step * $0.rate) }.max() ?? 0,
      rates.forces.map { trapezoidalExcess(step * $0.rate) }.max() ?? 0
    )
  }

  /// (x/2) coth(x/2) - 1
  private static func trapezoidalExcess(_ x: Double) -> Double {
    let half = 0.5 * x
    return half < 1e-4 ? half * half / 3 : half / tanh(half) - 1
  }

  /// Relative bias of the effective friction at time step h:
  /// sum_n (w_n/n²) ((x_n/2) (1 + rho_n)/(1 - rho_n) - 1) / sum_n (w_n/n²),  x_n = n² h/tau, w_n = (I_n/I_0)², with rho_n
  /// the share of harmonic n that the noise keeps in a step; of Gaussian noise (x_n/2) coth(x_n/2) - 1.
  package static func frictionBias(
    of bath: ParticleBath, timeStep: Double, noise: ParticleNoise = .matched
  ) -> Double {
    var bias = 0.0
    var total = 0.0
    let weights = bath.harmonicWeights
    for (index, weight) in weights.enumerated() {
      let square = Double((index + 1) * (index + 1))
      total += weight / square
      let decay = square * timeStep / bath.relaxationTime
      // The laws differ by terms of order decay⁵; where that, or the weight, is nothing the closed form serves.
      if noise == .gaussian || decay < 1e-4 || weight < 1e-10 * weights[0] {
        bias += weight / square * trapezoidalExcess(decay)
      } else {
        let kept = noise.characteristicFunction((2 * decay).squareRoot())
        bias += weight / square * (0.5 * decay * (1 + kept) / (1 - kept) - 1)
      }
    }
    return total > 0 ? bias / total : 0
  }

  private static func resolvingStep(_ bath: ParticleBath, tolerance: Double) -> Double {
    var low = 0.0
    var high = bath.relaxationTime
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if frictionBias(of: bath, timeStep: middle, noise: .gaussian) > tolerance { high = middle } else { low = middle }
    }
    return low
  }

  /// Largest |a'| = (eps q/zeta) (2 pi/L)² p F(0) of a particle at a displacement q of the probe.
  private static func driftGradient(_ bath: ParticleBath, displacement: Double) -> Double {
    let wavenumber = 2 * Double.pi / bath.ringLength
    let peak = bath.strength * (1 + 2 * bath.harmonicWeights.reduce(0) { $0 + $1.squareRoot() })
    return abs(bath.coupling) * displacement / bath.friction * wavenumber * wavenumber * bath.sharpness * peak
  }

  /// Largest displacement that matters of a site that particles touch [length].
  private static func reach(of bath: ParticleBath, _ site: Int, _ model: ChainModel) -> Double {
    well(of: bath, site, model) + 3 * thermalDisplacement(bath, model)
  }

  /// Thermal displacement of the probe; without any pinning or spring that over which the particles answer linearly.
  private static func thermalDisplacement(_ bath: ParticleBath, _ model: ChainModel) -> Double {
    let chain = model.medium
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let stiffness = max(chain.pinning.left, chain.pinning.right, 0.1 * chain.springConstant)
    guard stiffness > 0 else { return bath.coupling == 0 ? 0 : bath.temperature / abs(bath.coupling * bath.strength) }
    return (min(hottest, 10 * bath.temperature) / stiffness).squareRoot()
  }

  /// Places on the ring and displacements that are tried for a well.
  private static let wellGrid = (places: 64, displacements: 64)

  /// Displacement at which the mean force of the particles holds their site against pinning and springs: the farthest
  /// well, or 0 if there is none [length].
  private static func well(of bath: ParticleBath, _ site: Int, _ model: ChainModel) -> Double {
    guard bath.coupling != 0, bath.sharpness > 0,
      let compliance = BareCompliance(model.medium)?.between(site, site)
    else { return 0 }
    let forces = (0..<wellGrid.places).map { bath.relativeForce(atTurns: Double($0) / Double(wellGrid.places)) }
    let scale = abs(bath.coupling) * bath.strength
    let force = Double(bath.count) * scale
    /// Force outwards on the probe at a distance from 0, on the side where F is large (+1) or small (-1).
    func outward(_ distance: Double, _ side: Double) -> Double {
      let tilt = side * scale * distance / bath.temperature
      let extreme = side > 0 ? forces[0] : forces[wellGrid.places / 2]
      let weights = forces.map { exp(tilt * ($0 - extreme)) }
      let mean = zip(forces, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      return side * force * (mean - 1)
    }
    return [1.0, -1.0].reduce(0) { farthest, side in
      let most = side * force * ((side > 0 ? forces[0] : forces[wellGrid.places / 2]) - 1) * compliance
      let found = (1...wellGrid.displacements).reversed().lazy
        .map { most * Double($0) / Double(wellGrid.displacements) }
        .first { outward($0, side) * compliance > $0 }
      return max(farthest, found ?? 0)
    }
  }

  /// Rounded down to a few binary digits, so that a step reads well and is reproducible.
  private static func rounded(_ step: Double) -> Double { step.rounded(.down, bits: 6) }
}

extension TimeStepChoice.Rates {
  init(_ model: ChainModel) {
    self.init(
      frequency: model.highestAngularFrequency,
      damped: Self.damped(model.attachments.map { ($0.site, $0.name, $0.bath.stochasticLaw) }) { _ in model.medium.mass
      },
      particles: model.particleBaths.map(\.bath))
  }

  /// The baths whose force has a state of its own, and how fast that changes, alone or with the site.
  static func forces(
    _ baths: [(site: Int, name: String, law: StochasticLaw)], mass: (_ site: Int) -> Double
  ) -> [(name: String, rate: Double)] {
    baths.compactMap { bath in
      switch bath.law {
      case .memory(let terms, _):
        (bath.name, terms.map { max(1 / $0.time, (3 * $0.weight / mass(bath.site)).squareRoot()) }.max() ?? 0)
      case .active(let law): (bath.name, 1 / law.correlationTime)
      case .ornsteinUhlenbeck, .ringParticles, .collisions: nil
      }
    }
  }

  /// Times between possible collisions [time].
  static func intervals(_ laws: [StochasticLaw]) -> [Double] {
    laws.compactMap { law in
      if case .collisions(.periodically(_, let interval), _) = law { interval } else { nil }
    }
  }

  /// The sites under friction without memory, in order.
  static func damped(
    _ baths: [(site: Int, name: String, law: StochasticLaw)], mass: (_ site: Int) -> Double
  ) -> [(names: [String], rate: Double)] {
    let damping = baths.compactMap { bath in
      bath.law.momentum.map { (site: bath.site, name: bath.name, rate: $0.rate(mass: mass(bath.site))) }
    }
    return Dictionary(grouping: damping, by: \.site).sorted { $0.key < $1.key }.map { _, baths in
      (baths.map(\.name), baths.reduce(0) { $0 + $1.rate })
    }
  }
}
