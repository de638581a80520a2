import Foundation
import NessModel
import NessSampling
import NessStatistics

/// Turns the record of an ensemble into estimates.
struct ChannelAnalysis {
  let ensemble: Ensemble
  let model: ChainModel
  /// What the noise of the steps told about every followed heat, less what is still to come of it: series of mean zero.
  private let innovations: [ReplicaSeries]
  /// Every followed heat less its innovation, with the coefficient 1 of the linear theory, so that nothing is fitted, by
  /// the bath that it comes from; empty without a quadratic forecast of the medium itself.
  let sharpHeats: [Int: ReplicaSeries]

  init(_ ensemble: Ensemble, _ model: ChainModel) {
    self.ensemble = ensemble
    self.model = model
    innovations = (0..<ensemble.ledger.followed).map { Self.innovation($0, ensemble) }
    var sharpHeats: [Int: ReplicaSeries] = [:]
    if let law = ensemble.innovations, law.isQuadratic, !law.isFitted {
      for (heat, innovation) in zip(law.heats, innovations) {
        guard case .heat(let bath) = heat.subject else { continue }
        var rest = ensemble.series(channel: ensemble.ledger.heat(bath))
        rest.add(innovation, times: -1)
        sharpHeats[bath] = rest
      }
    }
    self.sharpHeats = sharpHeats
  }

  private static func innovation(_ heat: Int, _ ensemble: Ensemble) -> ReplicaSeries {
    let ledger = ensemble.ledger
    var sum = ensemble.series(channel: ledger.innovations.forces(heat))
    sum.add(ensemble.series(channel: ledger.innovations.momenta(heat)))
    sum.add(ensemble.series(channel: ledger.innovations.forecastChange(heat)), times: -1)
    return sum
  }

  var ledger: Ledger { ensemble.ledger }

  /// An estimate, and whether the innovations were taken out of it.
  struct Passage {
    let estimate: Estimate
    let isSharp: Bool
  }

  /// All estimates of a simulation; a quantity whose data allow no honest error bar is left out with a note.
  ///
  /// - Parameter briefly: whether to leave out bond currents and mean displacements.
  /// - Throws: `StatisticsError` if no quantity allows one.
  func answer(briefly: Bool = false) throws -> Answer {
    var sampled = SampledAnswer()
    if model.terminals != nil { sampled.add(.heatCurrent) { try heatCurrent().estimate } }
    for (index, attachment) in model.attachments.enumerated() {
      sampled.add(.heat(from: attachment.name)) { try heat(from: index).estimate }
    }
    for bond in 0..<(briefly ? 0 : ledger.sites - 1) {
      sampled.add(.bondHeatCurrent(bond: bond + 1)) { try bondHeatCurrent(bond).estimate }
    }
    for site in 0..<ledger.sites {
      sampled.add(.kineticTemperature(site: site + 1)) { try estimate(channel: ledger.kinetic(site)) }
    }
    for (index, item) in model.particleBaths.enumerated() where !briefly {
      sampled.add(.meanDisplacement(site: item.attachment.site)) {
        try estimate(channel: ledger.displacement(ofParticleBath: index))
      }
    }
    if !briefly {
      let fluctuations = SampledFluctuations(
        ensemble: ensemble, heats: ensemble.heats, tick: ensemble.tick,
        baths: model.attachments.map { ($0.name, $0.bath.temperature, $0.bath.law.isThermal) },
        memory: model.slowExchange)
      fluctuations.add(to: &sampled, current: model.terminals == nil ? nil : try? heatCurrent().estimate)
    }
    return try sampled.finished()
  }

  func estimate(channel: Int) throws -> Estimate {
    try BlockedMean(of: ensemble.series(channel: channel)).estimate
  }

  /// The mean heat from one bath.
  func heat(from bath: Int) throws -> Passage {
    Self.better(try estimate(channel: ledger.heat(bath)), try? sharpHeat(from: [bath]) ?? controlledHeat(from: bath))
  }

  /// The mean heat through one bond, counted from 0: in a harmonic chain that from the baths on its left.
  func bondHeatCurrent(_ bond: Int) throws -> Passage {
    let plain = try estimate(channel: ledger.bond(bond))
    guard model.medium.isHarmonic, !sharpHeats.isEmpty else { return Passage(estimate: plain, isSharp: false) }
    return Self.better(
      plain, sharpHeat(from: model.attachments.indices.filter { model.attachments[$0].site <= bond + 1 }))
  }

  /// The sharp estimate of the heat from some baths together: that of each less its innovation. All heats of a harmonic
  /// chain add up to the change of a stored energy, which has mean zero in the steady state, so minus the heat from all
  /// other baths is as good.
  ///
  /// - Returns: nil if neither of them is followed whole.
  private func sharpHeat(from baths: [Int]) -> Estimate? {
    let acting = model.attachments.indices.filter { !model.attachments[$0].bath.stochasticLaw.isDecoupled }
    func sum(_ part: [Int], sign: Double) -> Estimate? {
      let series = part.compactMap { sharpHeats[$0] }
      guard !series.isEmpty, series.count == part.count else { return nil }
      var sum = series[0]
      for other in series.dropFirst() { sum.add(other) }
      sum.scale(by: sign)
      return try? BlockedMean(of: sum).estimate
    }
    let others = acting.filter { !baths.contains($0) }
    if others.isEmpty { return nil }
    return sum(acting.filter(baths.contains), sign: 1) ?? (model.medium.isHarmonic ? sum(others, sign: -1) : nil)
  }

  /// The heat from one of several followed baths where a coefficient is fitted: between two baths of a harmonic chain that of
  /// the current, else with what the noise told about it as controls.
  private func controlledHeat(from bath: Int) throws -> Estimate? {
    guard let law = ensemble.innovations, law.takesCoefficients,
      law.heats.count > 1 || law.isFitted || model.terminals == nil
    else { return nil }
    if model.terminals != nil, model.medium.isHarmonic {
      let current = try controlledCurrent(law)
      return bath == 0 ? current : current.negated
    }
    guard let place = law.heats.firstIndex(where: { $0.subject == .heat(from: bath) || $0.subject == .current }) else {
      return nil
    }
    return try BlockedMean(of: ensemble.series(channel: ledger.heat(bath)), controls: controls(place, law)).estimate
  }

  /// What the noise told about a followed heat, and where the forces alone are forecast the squared displacement at its bath.
  func controls(_ place: Int, _ law: Innovations) -> [ReplicaSeries] {
    [innovations[place]] + (law.isFitted ? [] : [ensemble.series(channel: ledger.innovations.squareChange(place))])
  }

  private static func better(_ plain: Estimate, _ sharp: Estimate?) -> Passage {
    guard let sharp, sharp.error < plain.error else { return Passage(estimate: plain, isSharp: false) }
    return Passage(estimate: sharp, isSharp: true)
  }

  /// The heat current: the sharp estimate if innovations are followed and make it better, else the plain one.
  func heatCurrent() throws -> Passage {
    Self.better(try plainHeatCurrent(), try? sharpHeatCurrent())
  }

  /// The heat current from all the places where it passes.
  ///
  /// The heat from the left, through the bonds and into the right bath have the same mean, because they differ by the
  /// change of a stored energy. Their mean is corrected by those differences as controls, which removes most of what
  /// the energy stored in the chain adds to the noise of a finite run. Of quartic bonds the steps do not conserve the
  /// energy exactly, so left and right differ in the mean; half of both and the bonds do not.
  func plainHeatCurrent(controls more: [ReplicaSeries] = []) throws -> Estimate {
    var right = ensemble.series(channel: ledger.heat(1))
    right.scale(by: -1)
    var passages = [ensemble.series(channel: ledger.heat(0)), right]
    if !model.medium.isHarmonic { passages = [Self.mean(passages.indices) { [passages] in passages[$0] }] }
    if let terminals = model.terminals, terminals.left.site < terminals.right.site {
      passages.append(ensemble.meanFlow)
    }
    let combined = Self.mean(passages.indices) { passages[$0] }
    let controls = passages.dropLast().map { passage in
      var difference = passage
      difference.add(combined, times: -1)
      return difference
    }
    return try BlockedMean(of: combined, controls: controls + more).estimate
  }

  /// The heat current without what the noise of the steps told about it; nil if no innovations are followed.
  private func sharpHeatCurrent() throws -> Estimate? {
    guard let law = ensemble.innovations else { return nil }
    if law.takesCoefficients { return try controlledCurrent(law) }
    if model.medium.isHarmonic { return sharpHeat(from: [0]) }
    // In a quartic chain the forecast of the harmonic one serves one heat better than the other.
    let heats = [sharpHeat(from: [0]), sharpHeat(from: [1])?.negated].compactMap { $0 }
    return heats.min { $0.error < $1.error }
  }

  /// The heat current where coefficients are fitted, with what the noise told about every followed heat as controls: what the
  /// forecast does not know of the chain is left to the differences between the passages.
  private func controlledCurrent(_ law: Innovations) throws -> Estimate {
    try plainHeatCurrent(controls: law.heats.indices.flatMap { controls($0, law) })
  }

  /// Mean of several series, of which only one is held at a time.
  private static func mean<Items: Collection>(_ items: Items, _ series: (Items.Element) -> ReplicaSeries)
    -> ReplicaSeries
  {
    var sum: ReplicaSeries?
    for item in items {
      if sum == nil { sum = series(item) } else { sum?.add(series(item)) }
    }
    guard var sum else { return ReplicaSeries(replicas: 0, batches: 0, values: []) }
    sum.scale(by: 1 / Double(items.count))
    return sum
  }

  /// Error of the heat current, or of the largest heat if there are not two terminals, over the target.
  func leadingError(over target: PrecisionTarget) throws -> Double {
    var leading: Estimate?
    if model.terminals != nil {
      leading = try heatCurrent().estimate
    } else {
      let heats = try model.attachments.indices.map { try heat(from: $0).estimate }
      leading = heats.max { abs($0.value) < abs($1.value) }
    }
    guard let leading else { return .infinity }
    return target.ratio(of: leading)
  }
}

/// The course of the kinetic temperature during the burn-in.
struct BurnInRecord {
  private let times: [Double]
  private let means: [Double]
  private let errors: [Double]

  /// - Parameters:
  ///   - temperature: mean kinetic temperature of the sites in every batch of the burn-in [energy].
  ///   - batchLength: length of a batch [time].
  init(_ temperature: ReplicaSeries, batchLength: Double) {
    let (replicas, batches) = (temperature.replicas, temperature.batches)
    var means: [Double] = []
    var errors: [Double] = []
    for batch in 0..<batches {
      let sample = (0..<replicas).map { temperature.values[$0 * batches + batch] }
      let mean = sample.reduce(0, +) / Double(replicas)
      let square = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      means.append(mean)
      errors.append((square / Double(max(1, replicas - 1)) / Double(replicas)).squareRoot())
    }
    times = (0..<batches).map { Double($0 + 1) * batchLength }
    self.means = means
    self.errors = errors
  }

  /// End of the last batch whose mean over the replicas is four standard errors or more away from the steady mean.
  func transient(comparedWith measured: ReplicaSeries) -> Double {
    let values = measured.values
    guard !values.isEmpty else { return 0 }
    let steady = values.reduce(0, +) / Double(values.count)
    for index in times.indices.reversed() where abs(means[index] - steady) > 4 * errors[index] {
      return times[index]
    }
    return 0
  }
}
