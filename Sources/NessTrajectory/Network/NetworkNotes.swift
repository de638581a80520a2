import Foundation
import NessModel
import NessStatistics

/// What a reader must know of a simulated network besides the numbers.
struct NetworkNotes {
  let analysis: NetworkAnalysis
  let burnIn: Double
  let duration: Double
  /// End of what was seen of a transient in the burn-in [time].
  let transient: Double

  var all: [String] {
    ([analysis.gainNote] + reservoirs + [start, drift, broken, wandering, keeping]).compactMap { $0 }
  }

  /// The temperatures of self-consistent reservoirs, and how they were found.
  private var reservoirs: [String?] {
    guard let found = analysis.reservoirs else { return [] }
    let places = analysis.bathed.reservoirs
    func name(_ place: Int) -> String { analysis.bathed.baths[places[place]].name }
    guard found.isSampled else {
      let temperature = found.temperatures[0].short
      return ["self-consistent reservoirs have the temperature \(temperature), which all other baths have"]
    }
    let most = 8
    var notes = found.temperatures.indices.prefix(most).map { place -> String? in
      guard let temperature = try? analysis.temperature(ofReservoir: place),
        let heat = try? analysis.heat(from: places[place])
      else { return nil }
      // Half of what the linear answer makes of the heat that is left is uncertain, as in the budget.
      let shift = 0.5 * (temperature.value - found.temperatures[place])
      let error = (temperature.error * temperature.error + shift * shift).squareRoot()
      return
        "bath \(name(place)) gives no heat at the temperature \(temperature.value.text(error: error)): found by "
        + "\(found.trials) trial runs, it was measured at \(found.temperatures[place].text(digits: 6)), where it gave \(heat.value.text(error: heat.error))"
    }
    if found.count > most { notes.append("\(found.count - most) more reservoirs: kineticTemperature of their sites") }
    let far = found.temperatures.indices.filter { place in
      guard let temperature = try? analysis.temperature(ofReservoir: place) else { return false }
      let shift = abs(temperature.value - found.temperatures[place])
      return shift > 0.1 * found.temperatures[place] && shift > 5 * temperature.error
    }
    if found.isSettled, let place = far.first {
      notes.append(
        Note.warning(
          "bath \(name(place)) was measured far from the temperature at which it gives no heat\(far.count > 1 ? ", and \(far.count - 1) more" : ""): "
            + "what the linear answer makes of that is in the error budget; give a longer run.duration or more run.replicas"
        ))
    }
    if !found.isSettled {
      notes.append(
        Note.warning(
          "the temperatures of the reservoirs were still changing when the search ended after \(found.trials) trial runs: what "
            + "that leaves uncertain is in the error budget; give a longer run.burnIn"))
    }
    return notes
  }

  private var start: String {
    let scales = analysis.scales
    let head = "burn-in \(burnIn.short): all replicas begin \(scales.startInWords)"
    if let slowest = scales.exchange.slowestMode, !slowest.isFinite {
      return Note.warning(
        "\(head); there is a mode that no bath damps, so what is measured of it depends on the start for ever")
    }
    if transient > 0.8 * burnIn {
      return Note.warning(
        "burn-in may be too short: a transient was seen until \(transient.short) of the \(burnIn.short) discarded; "
          + "give a longer run.burnIn")
    }
    if burnIn + duration < 3 * scales.settlingTime {
      return Note.warning(
        "\(head); the whole run lasts \(((burnIn + duration) / scales.settlingTime).text(digits: 2)) of the time in which "
          + "it is forgotten, about \(scales.settlingTime.short), so it cannot show a transient; run.duration "
          + "\((3 * scales.settlingTime - burnIn).text(digits: 2)) or more could")
    }
    if transient > 0 { return "\(head); a transient was seen until \(transient.short)" }
    return burnIn == 0
      ? "\(head); nothing was discarded in which a transient could be seen" : "\(head); no transient was seen"
  }

  private var drift: String? {
    let energies = [analysis.ensemble.meanTemperature, analysis.ensemble.series(channel: analysis.ledger.energy)]
    let scores = energies.compactMap { series in
      series.halvesDifference.flatMap { $0.error > 0 ? $0.value / $0.error : nil }
    }
    if let worst = scores.max(by: { abs($0) < abs($1) }), abs(worst) > 4 {
      return Note.warning(
        "the energy still drifts: first and second half of the measurement differ by "
          + "\(worst.short) standard errors; use a longer burn-in")
    }
    guard analysis.ensemble.hasLocalBatches else { return nil }
    let held = analysis.bathed.isHeld
    let found = held.indices.filter { held[$0] }.compactMap { site -> (site: Int, drift: Estimate)? in
      analysis.drift(ofChannel: analysis.ledger.displacement(site)).map { (site, $0) }
    }
    func score(_ drift: Estimate) -> Double { abs(drift.value) / drift.error }
    guard let worst = found.max(by: { score($0.drift) < score($1.drift) }) else { return nil }
    let others = found.count > 1 ? " (and of \(found.count - 1) other site\(found.count == 2 ? "" : "s"))" : ""
    return Note.warning(
      "the mean displacement of site \(worst.site + 1)\(others) still drifts: it is \(worst.drift.value.text(error: worst.drift.error)) more in the "
        + "second half of the measurement than in the first: replicas are on their way to where they belong, or to the wells that "
        + "they will share; use a longer run.burnIn")
  }

  /// Bonds that have let go, which a mean over the run does not show.
  private var broken: String? {
    let ensemble = analysis.ensemble
    guard ensemble.hasLocalBatches else { return nil }
    let found = BrokenLinks(analysis.bathed).broken { ensemble.series(channel: analysis.ledger.displacement($0)) }
    guard let worst = found.first else { return nil }
    let others = found.count > 1 ? " (and \(found.count - 1) more of the network)" : ""
    return Note.warning(
      "the \(worst.name)\(others) has let go in \(worst.replicas) of \(ensemble.replicas) replicas: at the end they are up to "
        + "\(abs(worst.distance).text(digits: 2)) from rest, where it pulls no more, and nothing else brings them back. They drift for ever, so "
        + "there is no steady state, and means depend on the duration. Lower the temperature, add a term that grows, or measure "
        + "for a time in which none breaks")
  }

  /// Most sites that are asked for what they keep.
  static let mostKeeping = 1024

  /// Sites whose replicas each keep the energy that they began with.
  private var keeping: String? {
    let found = (0..<min(analysis.bathed.network.sites, Self.mostKeeping)).compactMap { site in
      analysis.memory(ofSite: site).map { (site: site, share: $0) }
    }
    guard let worst = found.max(by: { $0.share < $1.share }) else { return nil }
    let others = found.count > 1 ? " (and \(found.count - 1) other sites)" : ""
    return Note.warning(
      "site \(worst.site + 1)\(others) hardly exchanges energy: \((100 * worst.share).text(digits: 2)) % of what the first half of the run "
        + "differs by between replicas, the second half still has, so the start is still in its kinetic temperature, and in the mean energy. "
        + "The error of the temperature counts half of it times that share; give a longer run.burnIn and run.duration")
  }

  /// Sites whose replicas each stay where they are.
  private var wandering: String? {
    guard analysis.ensemble.hasLocalBatches else { return nil }
    let held = analysis.bathed.isHeld
    let network = analysis.bathed.network
    func isPeriodic(_ potential: Int) -> Bool {
      if case .sine(_, _, _, let linear, _) = network.potentials[potential].form { linear == 0 } else { false }
    }
    let hasEqualWells = network.fields.allSatisfy { isPeriodic($0.potential) } && analysis.bathed.particleBaths.isEmpty
    // All wells of rotors are the same one, a turn apart.
    if hasEqualWells, network.bonds.allSatisfy({ isPeriodic($0.potential) }) { return nil }
    let found = held.indices.filter { held[$0] }.compactMap { site -> (site: Int, spread: ReplicaSpread)? in
      let spread = ReplicaSpread(analysis.ensemble.series(channel: analysis.ledger.displacement(site)))
      return spread.flatMap { $0.isFrozen(amongst: held.count) ? (site, $0) : nil }
    }
    guard let worst = found.max(by: { $0.spread.ratio < $1.spread.ratio }) else { return nil }
    let others = found.count > 1 ? " (and of \(found.count - 1) other sites)" : ""
    if analysis.bathed.network.isHarmonic {
      return Note.warning(
        "replicas move slowly: the mean displacements of site \(worst.site + 1)\(others) differ between replicas by "
          + "\(worst.spread.between.text(digits: 2)), while within a replica they change by "
          + "\(worst.spread.within.text(digits: 2)) from one part of the run to the next: the run is no longer than what a bath or a mode remembers. Error "
          + "bars are those of independent replicas; measure longer, or take more of them")
    }
    return Note.warning(
      "replicas do not mix: the mean displacements of site \(worst.site + 1)\(others) differ between replicas by "
        + "\(worst.spread.between.text(digits: 2)), while within a replica they change by "
        + "\(worst.spread.within.text(digits: 2)) from one part of the run to the next: the replicas sit in different wells\(hasEqualWells ? " (which may be the same, a period apart)" : ""), or "
        + "move too slowly. Error bars are those of independent replicas; shares of wells are those of the start, which no error "
        + "knows. Measure longer or hotter, or take more replicas")
  }
}

/// How the means of one quantity differ between replicas, and within each from one part of the run to the next.
struct ReplicaSpread {
  /// Standard deviation of the replicas' means.
  let between: Double
  /// Standard deviation of the parts' means within a replica.
  let within: Double
  /// Variance between replicas over what it would be if the parts were independent.
  let ratio: Double
  private let replicas: Int

  /// - Returns: nil for fewer than eight replicas or two parts.
  init?(_ series: ReplicaSeries) {
    let (replicas, batches) = (series.replicas, series.batches)
    guard replicas >= 8, batches >= 2 else { return nil }
    var (means, inside) = ([Double](), 0.0)
    for replica in 0..<replicas {
      let own = series.values[(replica * batches)..<((replica + 1) * batches)]
      let mean = own.reduce(0, +) / Double(batches)
      means.append(mean)
      inside += own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
    }
    let mean = means.reduce(0, +) / Double(replicas)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(replicas - 1)
    let square = inside / Double(replicas)
    guard variance > 0 else { return nil }
    (between, within, self.replicas) = (variance.squareRoot(), square.squareRoot(), replicas)
    ratio = square > 0 ? Double(batches) * variance / square : .infinity
  }

  /// Whether the replicas keep what they have: the spread between them is at least that within, and more than chance makes of
  /// independent parts at any of a number of sites.
  func isFrozen(amongst sites: Int) -> Bool {
    // Of the logarithm of a ratio of variances with as many degrees of freedom: 2/n each; with 4 standard deviations for one
    // site, and what more sites need of a Gaussian.
    let deviations = 4 + (2 * log(Double(sites))).squareRoot()
    let chance = exp(deviations * (4 / Double(replicas - 1)).squareRoot())
    return between >= within && ratio > max(4, chance)
  }
}
