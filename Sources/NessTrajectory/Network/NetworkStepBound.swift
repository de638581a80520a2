import NessModel

/// Upper estimates of what the time step adds to the heats of a network: the conditions that the step is chosen by, added up, act on
/// the heats of the two directions, so they do not vanish where the current does.
package struct NetworkStepBound: Sendable {
  /// Bias of a temperature over that temperature.
  let relative: Double
  private let bathed: BathedNetwork
  private let hottest: Double
  /// Rate at which every bath can exchange energy with its site, at most [1/time].
  private let rates: [Double]
  private let wholeRate: Double
  private let ratesOfSites: [Int: Double]
  /// Heat that a bond can carry in one direction per temperature, at most: its modes, each of transmission 1 [1/time].
  private let band: Double
  private let bondsOfSites: [Int]

  /// The bounds at a time step.
  package init(_ bathed: BathedNetwork, _ scales: NetworkScales, timeStep: Double, noise: ParticleNoise) {
    self.bathed = bathed
    hottest = scales.energyScale
    relative = scales.relativeBias(timeStep: timeStep, noise: noise)
    rates = bathed.baths.map { bath in
      let (law, mass) = (bath.law.stochasticLaw, bathed.network.masses[bath.site])
      let remembered = law.forceCount > 0 ? bathed.friction(of: bath) : 0
      return (law.momentum?.rate(mass: mass) ?? 0) + ((law.particles?.largestFriction ?? 0) + remembered) / mass
    }
    wholeRate = rates.reduce(0, +)
    ratesOfSites = zip(bathed.baths, rates).reduce(into: [:]) { $0[$1.0.site, default: 0] += $1.1 }
    band = scales.highestAngularFrequency / (2 * Double.pi)
    bondsOfSites = bathed.network.bonds.reduce(into: [Int](repeating: 0, count: bathed.network.sites)) {
      $0[$1.first] += 1
      $0[$1.second] += 1
    }
  }

  /// Bias of the heat from a bath, counted from 0, per time [energy/time].
  package func heat(from bath: Int) -> Double {
    let site = bathed.baths[bath].site
    let (own, here) = (rates[bath], ratesOfSites[site] ?? 0)
    let (shared, apart) = (here - own, wholeRate - here)
    return relative * hottest * min(own, shared + min(apart, Double(bondsOfSites[site]) * band))
  }

  /// Bias of the current between two thermal baths over the current, at most: as far as temperatures are off by the share `relative`,
  /// the current is off by that times what it changes per temperature. Of this the mean over the difference of the baths is known,
  /// J/(T_hot - T_cold), and where the current is not linear in it twice as much is allowed for. (Measured at steps of 0.1 and 0.2 in
  /// chains of FPUT, phi-4, Toda, Frenkel-Kontorova and rotors: a tenth of it.) nil unless there are two such baths at
  /// different temperatures.
  package var ofCurrent: Double? {
    let baths = bathed.baths.map(\.law)
    guard baths.count == 2, baths.allSatisfy(\.law.isThermal) else { return nil }
    let difference = abs(baths[0].temperature - baths[1].temperature)
    return difference > 0 ? 2 * relative * hottest / difference : nil
  }

  /// Bias of the heat from a bath per time where it was found to be `size` within `error` [energy/time].
  func heat(from bath: Int, found size: Double, error: Double) -> Double {
    min(heat(from: bath), ofCurrent.map { $0 * (abs(size) + 2 * error) } ?? .infinity)
  }

  /// Bias of the heat through any bond per time [energy/time].
  var bondHeat: Double { relative * hottest * min(band, wholeRate) }
}
