import NessModel
import NessStatistics

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

  /// Biases of the heats from all baths per time where these were found [energy/time].
  ///
  /// Heat flows from hot to cold. All that the k hottest baths give, F_k, flows to the others, so what flows between two baths i and j
  /// on both sides of that cut is F_k at most, and per temperature F_k/(T_i - T_j). As above twice as much of it is allowed for, and
  /// no more than the rates at which two baths can exchange energy.
  ///
  /// - Parameter found: of all baths; nil where they are not known.
  package func heats(_ found: [Estimate]?) -> [Double] {
    let plain = bathed.baths.indices.map { heat(from: $0) }
    guard let pairs = pairs(found) else { return plain }
    return zip(plain, pairs).map { min($0, $1.reduce(0, +)) }
  }

  /// The same of what flows between two baths; nil where nothing is known.
  private func pairs(_ found: [Estimate]?) -> [[Double]]? {
    let (baths, count) = (bathed.baths, bathed.baths.count)
    guard let found, found.count == count, baths.allSatisfy({ $0.law.law.isThermal }) else { return nil }
    let order = baths.indices.sorted { (baths[$0].law.temperature, $0) > (baths[$1].law.temperature, $1) }
    /// What some baths give together, at most.
    func most(_ some: ArraySlice<Int>) -> Double {
      abs(some.reduce(0) { $0 + found[$1].value }) + some.reduce(0) { $0 + 2 * found[$1].error }
    }
    let cuts = (0...count).map { min(most(order[..<$0]), most(order[$0...])) }
    var pairs = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for (place, hot) in order.enumerated() {
      var least = Double.infinity
      for other in (place + 1)..<max(count, place + 1) {
        let cold = order[other]
        least = min(least, cuts[other])
        let difference = baths[hot].law.temperature - baths[cold].law.temperature
        let rate = min(rates[hot], rates[cold], Double(bondsOfSites[baths[hot].site]) * band)
        let perTemperature = min(
          difference > 0 ? 2 * least / difference : .infinity,
          baths[hot].site == baths[cold].site ? min(rates[hot], rates[cold]) : rate)
        pairs[hot][cold] = relative * baths[hot].law.temperature * perTemperature
        pairs[cold][hot] = pairs[hot][cold]
      }
    }
    return pairs
  }

  /// Bias of the heat through any bond per time, where the heats from all baths were found: in a network without loops all that flows
  /// through a bond flows between baths [energy/time].
  func bondHeat(_ found: [Estimate]?) -> Double {
    guard !bathed.network.hasLoops, let pairs = pairs(found) else { return bondHeat }
    return min(bondHeat, 0.5 * pairs.reduce(0) { $0 + $1.reduce(0, +) })
  }

  /// Bias of the heat through any bond per time [energy/time].
  private var bondHeat: Double { relative * hottest * min(band, wholeRate) }
}
