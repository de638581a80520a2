import Foundation
import NessModel

/// Times and energies of a network between baths, from which a run is planned: what a step must resolve, where replicas begin,
/// how long they take to forget that.
package struct NetworkScales: Sendable {
  let stiffness: ThermalStiffness
  let exchange: NetworkExchange
  /// What a time step must resolve.
  let rates: TimeStepChoice.Rates
  /// Where replicas begin, and what of that is forgotten slowly.
  package let start: NetworkStart
  private let bathed: BathedNetwork

  package init(_ bathed: BathedNetwork) {
    self.bathed = bathed
    let stiffness = ThermalStiffness(bathed.network, temperature: bathed.hottest)
    self.stiffness = stiffness
    exchange = NetworkExchange(bathed, stiffness)
    start = NetworkStart(bathed, stiffness, temperatures: exchange.temperatures)
    let laws = bathed.baths.map { (site: $0.site, name: $0.name, law: $0.law.stochasticLaw) }
    energyScale = Self.energyScale(bathed, stiffness)
    rates = TimeStepChoice.Rates(
      frequency: Self.frequencyOfSteps(bathed, stiffness),
      damped: TimeStepChoice.Rates.damped(laws) { bathed.network.masses[$0] },
      particles: bathed.particleBaths.map(\.particles),
      forces: TimeStepChoice.Rates.forces(laws) { bathed.network.masses[$0] },
      intervals: TimeStepChoice.Rates.intervals(laws.map(\.law)))
  }

  /// What a step resolves: the fastest oscillation, kinks, and the turn of what comes to a wall as fast as hardly anything does [1/time].
  private static func frequencyOfSteps(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness) -> Double {
    let fastest = stiffness.highestAngularFrequency
    let wall = PotentialWalls(bathed.network, temperature: bathed.hottest).angularFrequency
    return max((stiffness.hasKinks ? kinkFactor : 1) * fastest, min(wall, wallFactor * fastest))
  }

  /// The largest temperature that the baths can be expected to give a site: an active bath gives less than that of a thermal one whose noise is
  /// as strong at low frequencies, the less the stiffer everything is that it moves [energy].
  let energyScale: Double

  private static func energyScale(_ bathed: BathedNetwork, _ stiffness: ThermalStiffness) -> Double {
    var softest: Double?
    return bathed.baths.reduce(0) { largest, bath in
      guard case .active(let law) = bath.law.stochasticLaw else { return max(largest, bath.law.temperature) }
      let square = softest ?? stiffness.lowestSquaredFrequency(of: bathed.network)
      softest = square
      // Of one oscillator it is less by another term in the friction; modes are oscillators of less friction.
      return max(largest, law.temperature / (1 + square * law.correlationTime * law.correlationTime))
    }
  }

  /// Upper bound of the angular frequencies, potentials as stiff as they are at the hottest bath's temperature [1/time].
  package var highestAngularFrequency: Double { stiffness.highestAngularFrequency }

  /// How often flows and kinetic temperatures are to be read: at most 1/w apart, as they hold frequencies up to 2 w, and at
  /// most half of m/gamma, as a friction forgets them [1/time].
  package var readingRate: Double { max(0.5 * highestAngularFrequency, rates.damped.map(\.rate).max() ?? 0) }

  /// Variance of every site's velocity at the start: replicas begin at one place, and a part of the kinetic energy of a bound site is soon
  /// potential, half of it where that is harmonic (`NetworkStart.shares`) [length²/time²].
  package var velocityVariances: [Double] {
    bathed.network.masses.indices.map { site in
      let factor = stiffness.ofSites[site] > 0 ? start.shares?[site] ?? 2 : 1
      return factor * exchange.temperatures[site] / bathed.network.masses[site]
    }
  }

  /// The fewest steps in a time, no fewer than some, of which the times between possible collisions are whole multiples; those some if that
  /// takes many more.
  package func steps(in time: Double, atLeast least: Double) -> Double {
    let found = (0..<4096).lazy.map { least + Double($0) }.first { count in
      rates.intervals.allSatisfy { interval in
        let steps = interval / (time / count)
        return abs(steps - steps.rounded()) <= 1e-9 * steps
      }
    }
    return found ?? least
  }

  /// Where sites begin [length].
  package var displacements: [Double] { start.displacements }

  /// The largest time step whose expected relative bias of a current stays below `tolerance`.
  package func timeStep(tolerance: Double, noise: ParticleNoise) -> TimeStepChoice {
    let particles = bathed.particleBaths.filter { $0.particles.sharpness > 0 }.map { bath, particles in
      TimeStepChoice.TouchedBath(name: bath.name, bath: particles, reach: reach(of: particles, bath.site))
    }
    return TimeStepChoice(medium: "the network", rates, particles: particles, tolerance: tolerance, noise: noise)
  }

  /// Three thermal displacements of the site; without any stiffness those over which the particles answer linearly.
  private func reach(of bath: ParticleBath, _ site: Int) -> Double {
    let stiffness = stiffness.ofSites[site]
    guard stiffness > 0 else {
      return bath.coupling == 0 ? 0 : 3 * bath.temperature / abs(bath.coupling * bath.strength)
    }
    return 3 * (bathed.hottest / stiffness).squareRoot()
  }

  /// By how much shorter the step is where a potential has kinks.
  private static let kinkFactor = 10.0

  /// By how much shorter at most where a potential is infinite at a place: logarithms are met at any distance, and no step is short enough.
  private static let wallFactor = 32.0

  /// Expected relative bias of a temperature at a given step, an upper estimate. A step over a kink is of first order: 5 |q| at T = 1 was 31 % too
  /// hot at w h = 0.18.
  package func relativeBias(timeStep: Double, noise: ParticleNoise) -> Double {
    TimeStepChoice.relativeBias(rates, timeStep: timeStep, noise: noise)
      + (stiffness.hasKinks ? 2 * timeStep * stiffness.highestAngularFrequency : 0)
  }
}

extension NetworkScales {
  /// Expected share by which the start is off.
  private var deviation: Double { bathed.network.isHarmonic ? 1 : 0.5 }

  /// Time in which the start is forgotten by 1/e: of energies, which decay twice as fast as the slowest displacements [time].
  var settlingTime: Double {
    let particles = 10 * (bathed.particleBaths.filter(\.particles.isCoupled).map(\.particles.relaxationTime).max() ?? 0)
    let slowest = exchange.slowestMode.flatMap { $0.isFinite ? 0.5 * $0 : nil }
    return max(
      particles, slowest ?? exchange.relaxationTime, slowestSite?.time ?? 0, 0.5 * (exchange.slowestForcedMode ?? 0),
      start.creepTime ?? 0,
      start.wells?.time ?? 0)
  }

  /// The site that keeps its energy longest, if that is longer than the exchange with the baths.
  private var slowestSite: SlowSites.Site? { exchange.slowSites.max { $0.time < $1.time } }

  /// How the replicas begin, in words that complete "all replicas begin ".
  var startInWords: String {
    (start.displacements.allSatisfy { $0 == 0 } ? "at displacements of 0" : "at rest")
      + " with velocities of the temperatures that are expected of its sites"
  }

  /// How long replicas are left to themselves before they are measured, and why in a sentence.
  ///
  /// - Parameters:
  ///   - timeStep: length of a step [time].
  ///   - relativeError: error of the current that is asked for; nil if none is.
  ///   - replicas: number of replicas.
  package func burnIn(
    timeStep: Double, relativeError: Double?, replicas: Int
  ) -> (burnIn: Double, explanation: String) {
    let allowed = BurnInChoice.share * (relativeError ?? BurnInChoice.usualError)
    let wanted = max(1, log(deviation / allowed)) * settlingTime
    let most = BurnInChoice.mostWork / (Double(replicas) * bathed.workOfAStep)
    let steps = min(wanted / timeStep, most)
    let time = BurnInChoice.readable(steps) * timeStep
    let reason: String
    if let wells = start.wells, wells.time >= settlingTime {
      reason =
        "the unlike wells of site \(wells.site + 1) are shared in about \(wells.time.short), over a barrier of \(wells.barrier.text(digits: 2)) temperatures"
    } else if let creep = start.creepTime, creep >= settlingTime {
      reason = "sites that friction holds back come to rest in about \(creep.short)"
    } else if let slow = slowestSite, slow.time >= settlingTime {
      reason = "site \(slow.site + 1) gives its energy to its neighbours in about \(slow.time.short)"
    } else if let forced = exchange.slowestForcedMode, 0.5 * forced >= settlingTime {
      reason = "the slowest relaxation time is about \(forced.short), baths that remember included"
    } else if let slowest = exchange.slowestMode {
      reason =
        slowest.isFinite
        ? "the slowest relaxation time is \(slowest.short)"
        : "energy is exchanged with the baths in about \(settlingTime.short); a mode that no bath damps never forgets it"
    } else {
      reason =
        "energy is exchanged with the baths in about \(settlingTime.short), roughly; the slowest relaxation time is not known"
    }
    var text = "burn-in \(time.short) chosen: all replicas begin \(startInWords), and \(reason)"
    if wanted / timeStep > most, wanted.isFinite {
      text += "; \(wanted.short) would be right but takes too long: what is left of the start is in the error budget"
    }
    return (time, text)
  }
}
