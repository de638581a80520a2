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

  /// Bias of the heat that some baths give together per time, where the heats from all were found [energy/time].
  ///
  /// Heat flows from hot to cold. All that the baths above a temperature give, F, flows to those below, so what flows between those of two
  /// temperatures T > T' on both sides of it is F at most, and per temperature F/(T - T'). As above twice as much of it is allowed for.
  /// Baths of one temperature exchange none in the mean, and what the step makes flow between them is bounded by their rates.
  ///
  /// - Parameters:
  ///   - some: their places.
  ///   - found: heats from all baths; nil where they are not known.
  package func heat(from some: [Int], found: [Estimate]?) -> Double {
    let plain = some.reduce(0) { $0 + heat(from: $1) }
    guard let flows = flows(found) else { return plain }
    let own = Set(some)
    var sum = flows.between.reduce(0) { sum, flow in
      let members = flows.classes[flow.hot] + flows.classes[flow.cold]
      let mine = members.count(where: own.contains)
      return mine == 0 || mine == members.count ? sum : sum + flow.bias
    }
    for members in flows.classes {
      let others = members.filter { !own.contains($0) }
      for bath in members where own.contains(bath) {
        let reach = Double(bondsOfSites[bathed.baths[bath].site]) * band
        for other in others {
          let isHere = bathed.baths[other].site == bathed.baths[bath].site
          let rate = min(rates[bath], rates[other], isHere ? .infinity : reach)
          sum += relative * bathed.baths[bath].law.temperature * rate
        }
      }
    }
    return min(plain, sum)
  }

  /// Baths of one temperature each, descending, and what the step may change of the flow between two such classes; nil where nothing is known.
  private func flows(
    _ found: [Estimate]?
  ) -> (classes: [[Int]], between: [(hot: Int, cold: Int, bias: Double)])? {
    let baths = bathed.baths
    guard let found, found.count == baths.count, baths.allSatisfy({ $0.law.law.isThermal }) else { return nil }
    let temperatures = Set(baths.map(\.law.temperature)).sorted(by: >)
    let classes = temperatures.map { temperature in
      baths.indices.filter { baths[$0].law.temperature == temperature }
    }
    /// What some baths give together, at most.
    func most(_ some: ArraySlice<[Int]>) -> Double {
      let members = some.joined()
      return abs(members.reduce(0) { $0 + found[$1].value }) + members.reduce(0) { $0 + 2 * found[$1].error }
    }
    let cuts = (0...classes.count).map { min(most(classes[..<$0]), most(classes[$0...])) }
    var between: [(hot: Int, cold: Int, bias: Double)] = []
    for hot in classes.indices {
      var least = Double.infinity
      for cold in (hot + 1)..<max(classes.count, hot + 1) {
        least = min(least, cuts[cold])
        let bias = 2 * relative * temperatures[hot] * least / (temperatures[hot] - temperatures[cold])
        between.append((hot, cold, bias))
      }
    }
    return (classes, between)
  }

  /// Bias of the heat through any bond per time, where the heats from all baths were found: in a network without loops all that flows
  /// through a bond flows between baths [energy/time].
  func bondHeat(_ found: [Estimate]?) -> Double {
    guard !bathed.network.hasLoops, let flows = flows(found), flows.classes.allSatisfy({ $0.count == 1 }) else {
      return bondHeat
    }
    return min(bondHeat, flows.between.reduce(0) { $0 + $1.bias })
  }

  /// Bias of the heat through any bond per time [energy/time].
  private var bondHeat: Double { relative * hottest * min(band, wholeRate) }
}
