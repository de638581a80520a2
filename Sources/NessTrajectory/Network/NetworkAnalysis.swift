import NessModel
import NessSampling
import NessStatistics

/// Turns the record of an ensemble of networks into estimates.
struct NetworkAnalysis {
  let ensemble: NetworkEnsemble
  let scales: NetworkScales
  let names: NetworkNames
  /// How the temperatures of self-consistent reservoirs were found; nil if there are none, or they are not looked at.
  var reservoirs: FoundReservoirs?

  var bathed: BathedNetwork { ensemble.dynamics.bathed }
  var ledger: NetworkLedger { ensemble.ledger }
  private var hasCurrent: Bool { bathed.written.ends != nil }

  /// All estimates of a simulation; a quantity whose data allow no honest error bar is left out with a note.
  ///
  /// - Parameter briefly: whether to leave out bond currents and mean displacements.
  /// - Throws: `StatisticsError` if no quantity allows one.
  func answer(briefly: Bool = false) throws -> Answer {
    var sampled = SampledAnswer()
    if hasCurrent { sampled.add(.heatCurrent) { try heatCurrent() } }
    for (index, bath) in bathed.baths.enumerated() {
      sampled.add(.heat(from: bath.name)) { try heat(from: index) }
    }
    for bath in bathed.written.groups { sampled.add(.heat(from: bath.name)) { try heat(from: bath) } }
    if !briefly {
      for pair in names.pairs { sampled.add(pair.quantity) { try bondHeatCurrent(pair) } }
    }
    for site in 0..<ledger.sites {
      sampled.add(.kineticTemperature(site: site + 1)) { try kineticTemperature(site) }
    }
    sampled.add(.meanEnergy) { try estimate(channel: ledger.energy) }
    if !briefly {
      for (site, isHeld) in bathed.isHeld.enumerated() where isHeld {
        sampled.add(.meanDisplacement(site: site + 1)) { try estimate(channel: ledger.displacement(site)) }
      }
    }
    if !briefly {
      let fluctuations = SampledFluctuations(
        ensemble: ensemble, heats: ensemble.heats, tick: ensemble.tick,
        baths: bathed.written.map { bath in
          let law = bathed.baths[bath.members[0]].law
          return (bath.name, law.temperature, law.law.isThermal)
        },
        memory: bathed.slowExchange(scales.stiffness))
      fluctuations.add(to: &sampled, current: hasCurrent ? try? heatCurrent() : nil)
    }
    return try sampled.finished()
  }

  func estimate(channel: Int) throws -> Estimate {
    try BlockedMean(of: ensemble.series(channel: channel)).estimate
  }

  /// The mean over the second half of the measurement less that over the first, where it is more than noise.
  func drift(ofChannel channel: Int) -> Estimate? {
    guard let drift = ensemble.series(channel: channel).halvesDifference, drift.error > 0,
      abs(drift.value) > Transient.seen * drift.error
    else { return nil }
    return drift
  }

  /// By which share a site still has the kinetic energy that its replica began with, where that is more than chance: it exchanges hardly any
  /// with its neighbours. nil where parts of a run are not kept.
  func memory(ofSite site: Int) -> Double? {
    guard ensemble.hasLocalBatches, !bathed.network.isHarmonic else { return nil }
    return ensemble.series(channel: ledger.kinetic(site)).halvesCorrelation
  }

  /// What the noise of the steps told about a heat, less what is still to come of it: a series of mean zero.
  ///
  /// - Parameter bath: from which the heat comes; nil for the current between two.
  /// - Returns: nil if it is not followed.
  func innovation(_ bath: Int?) -> ReplicaSeries? {
    guard let followed = ensemble.innovations,
      let place = followed.heats.firstIndex(where: { heat in
        heat.subject == .current || bath.map { heat.subject == .heat(from: $0) } ?? false
      })
    else { return nil }
    let channels = ledger.innovations
    var sum = ensemble.series(channel: channels.forces(place))
    sum.add(ensemble.series(channel: channels.momenta(place)))
    sum.add(ensemble.series(channel: channels.forecastChange(place)), times: -1)
    return sum
  }

  /// The better one of an estimate and of the same with what the noise told as one more control.
  private func better(
    _ combined: ReplicaSeries, _ controls: [ReplicaSeries], by innovation: ReplicaSeries?
  ) throws -> (best: Estimate, plain: Estimate) {
    let plain = try BlockedMean(of: combined, controls: controls).estimate
    guard let innovation,
      let sharp = try? BlockedMean(of: combined, controls: controls + [innovation]).estimate, sharp.error < plain.error
    else { return (plain, plain) }
    return (sharp, plain)
  }

  /// The mean heat from one bath.
  func heat(from bath: Int) throws -> Estimate { try heats(from: bath).best }

  private func heats(from bath: Int) throws -> (best: Estimate, plain: Estimate) {
    try heats(of: [(bath, 1)] + shares(of: bath))
  }

  /// The mean heat from a bath at all of its sites.
  private func heat(from bath: WrittenBath) throws -> Estimate {
    try heats(of: bath.members.map { ($0, 1) } + bath.members.flatMap(shares)).best
  }

  /// A sum of heats with weights.
  private func heats(of terms: [(bath: Int, weight: Double)]) throws -> (best: Estimate, plain: Estimate) {
    var (heat, innovation) = (ensemble.series(channel: ledger.heat(terms[0].bath)), innovation(terms[0].bath))
    heat.scale(by: terms[0].weight)
    innovation?.scale(by: terms[0].weight)
    for (bath, weight) in terms.dropFirst() where weight != 0 {
      heat.add(ensemble.series(channel: ledger.heat(bath)), times: weight)
      if let other = self.innovation(bath) { innovation?.add(other, times: weight) }
    }
    return try better(heat, [], by: innovation)
  }

  /// What the noise helped, in a sentence; nil if it is not followed.
  var gainNote: String? {
    guard let followed = ensemble.innovations else { return nil }
    func gain(_ pair: (best: Estimate, plain: Estimate)) -> Double? {
      InnovationGain.factor(plain: pair.plain, best: pair.best)
    }
    if followed.heats.contains(where: { $0.subject == .current }) {
      return InnovationGain.ofCurrent((try? currents()).flatMap(gain))
    }
    let gains = bathed.baths.enumerated().compactMap { index, bath -> (name: String, factor: Double)? in
      (try? heats(from: index)).flatMap(gain).map { (bath.name, $0) }
    }
    return InnovationGain.ofHeats(gains)
  }

  /// The mean heat from the first to the second site of a pair, by all its bonds.
  private func bondHeatCurrent(_ pair: NetworkNames.Pair) throws -> Estimate {
    let places = pair.bonds.map { ledger.bond(ensemble.dynamics.plan.placeOfBond[$0]) }
    var sum = ensemble.series(channel: places[0])
    for place in places.dropFirst() { sum.add(ensemble.series(channel: place)) }
    return try BlockedMean(of: sum).estimate
  }

  /// The heat current between two baths, from both of them and from the flows through all bonds.
  ///
  /// They differ by the change of stored energies, which has mean zero, so their mean is corrected by those differences as
  /// controls. Steps create energy in anharmonic networks, so that both heats do not add up to zero; half of their difference
  /// bears half of that, and the flows differ from it by at most as much, which is in the error budget.
  func heatCurrent() throws -> Estimate {
    if let ends = bathed.written.ends, bathed.baths.count > 2 { return try heat(from: ends.left) }
    return try currents().best
  }

  private func currents() throws -> (best: Estimate, plain: Estimate) {
    var passages = [ensemble.series(channel: ledger.heat(0)), ensemble.series(channel: ledger.heat(1))]
    passages[1].scale(by: -1)
    if !bathed.network.isHarmonic { passages = [Self.mean(passages)] }
    if let passage = ensemble.passage { passages.append(passage) }
    let combined = Self.mean(passages)
    let controls = passages.dropLast().map { passage in
      var difference = passage
      difference.add(combined, times: -1)
      return difference
    }
    return try better(combined, Array(controls), by: innovation(nil))
  }

  private static func mean(_ series: [ReplicaSeries]) -> ReplicaSeries {
    var sum = series[0]
    for other in series.dropFirst() { sum.add(other) }
    sum.scale(by: 1 / Double(series.count))
    return sum
  }

  /// Energy that the network took up per time, the sum of all heats: the change of what it stores, and less what the steps
  /// created [energy/time].
  var uptake: Estimate? {
    var sum = ensemble.series(channel: ledger.heat(0))
    for bath in bathed.baths.indices.dropFirst() { sum.add(ensemble.series(channel: ledger.heat(bath))) }
    return try? BlockedMean(of: sum).estimate
  }

  /// Error of the heat current, or of the largest heat if there are not two baths, over the target.
  func leadingError(over target: PrecisionTarget) throws -> Double {
    if hasCurrent { return target.ratio(of: try heatCurrent()) }
    let heats = try bathed.written.map { try heat(from: $0) }
    return heats.max { abs($0.value) < abs($1.value) }.map(target.ratio) ?? .infinity
  }
}

// MARK: self-consistent reservoirs

extension NetworkAnalysis {
  /// What a bath would take of the heat that every reservoir still gives.
  func shares(of bath: Int) -> [(bath: Int, weight: Double)] {
    guard let reservoirs, reservoirs.isSampled else { return [] }
    return bathed.reservoirs.enumerated().map { place, reservoir in
      (reservoir, reservoirs.shares[bath * reservoirs.count + place])
    }
  }

  /// Mean heats that the reservoirs still give [energy/time].
  ///
  /// - Throws: `StatisticsError` if the data allow no error bar.
  func remainingHeats() throws -> [Double] {
    try bathed.reservoirs.map { bath in
      let byBooks = try heat(from: bath)
      let byTemperature = try? BlockedMean(of: ensemble.heatByTemperature(ofReservoir: bath)).estimate
      return byTemperature.flatMap { $0.error < byBooks.error ? $0.value : nil } ?? byBooks.value
    }
  }

  /// The temperature at which a reservoir gives no heat, in the linear answer to the heats that are left.
  ///
  /// - Parameter place: among the reservoirs.
  func temperature(ofReservoir place: Int) throws -> Estimate {
    guard let reservoirs, reservoirs.isSampled else {
      return .numerical(bathed.baths[bathed.reservoirs[place]].law.temperature, bound: 0)
    }
    let terms = bathed.reservoirs.enumerated().map { other, bath in
      (bath, -reservoirs.resistances[place * reservoirs.count + other])
    }
    var step = try heats(of: terms).best
    // The same mean, with another noise.
    var sum = ensemble.heatByTemperature(ofReservoir: terms[0].0)
    sum.scale(by: terms[0].1)
    for (bath, weight) in terms.dropFirst() { sum.add(ensemble.heatByTemperature(ofReservoir: bath), times: weight) }
    if let other = try? BlockedMean(of: sum).estimate, other.error < step.error { step = other }
    guard case .statistical(let error, let samples) = step.uncertainty else { return step }
    return .statistical(
      reservoirs.temperatures[place] + step.value, standardError: error, effectiveSamples: samples)
  }

  /// m <v²> of a site. Where a reservoir is it is the reservoir's temperature, as its mean heat gamma/m (T - m <v²>) is 0.
  private func kineticTemperature(_ site: Int) throws -> Estimate {
    if let reservoirs, reservoirs.isSampled,
      let place = bathed.reservoirs.firstIndex(where: { bathed.baths[$0].site == site })
    {
      return try temperature(ofReservoir: place)
    }
    return try estimate(channel: ledger.kinetic(site))
  }
}

/// What the quantities of a network are called.
struct NetworkNames: Sendable {
  /// Two sites that bonds join.
  struct Pair: Sendable {
    let quantity: Quantity
    /// The bonds between them.
    let bonds: Range<Int>
  }

  let pairs: [Pair]

  init(_ network: SiteNetwork) {
    var pairs: [Pair] = []
    var start = 0
    for next in network.bonds.indices.dropFirst().map({ $0 }) + [network.bonds.count] where next > 0 {
      let bond = network.bonds[start]
      if next < network.bonds.count,
        (network.bonds[next].first, network.bonds[next].second) == (bond.first, bond.second)
      {
        continue
      }
      pairs.append(Pair(quantity: Self.quantity(bond), bonds: start..<next))
      start = next
    }
    self.pairs = pairs
  }

  private static func quantity(_ bond: SiteNetwork.Bond) -> Quantity {
    .bondHeatCurrent(from: bond.first + 1, to: bond.second + 1)
  }
}
