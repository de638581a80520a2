import NessMath
import NessModel
import NessStatistics

extension LevelEquations {
  static let fluctuations: Set<Quantity.Family> = [
    .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio, .conductance,
    .generatingFunction, .rateFunction,
  ]
  static let response: Set<Quantity.Family> = [.response, .heatResponse]
  static let transientFamilies: [Quantity.Family] = [
    .transientHeat, .transientEnergy, .transientPopulation, .transientObservable,
  ]

  /// What the secular equation offers beyond means.
  static func populationOffers(for model: LevelModel) -> [Offer] {
    let levels = model.medium.levels
    let work = Double(levels * levels)
    return fluctuationOffers(for: model, work: work)
      + model.parameterResponseOffers(work: work, unless: heatReason(for: model))
      + Quantity.Family.relaxationModes.map {
        Offer($0, work: work, unless: levels == 1 ? "one level does not relax" : nil)
      } + transientOffers(for: model)
  }

  private static func transientOffers(for model: LevelModel) -> [Offer] {
    model.transientOffers(transientFamilies.dropLast())
      + model.transientOffers([.transientObservable], unless: noObservables(model))
  }

  /// What every equation for the density matrix offers beyond means.
  static func densityMatrixOffers(for model: LevelModel, work: Double) -> [Offer] {
    let levels = model.medium.levels
    let reason =
      levels == 1
      ? "one level does not relax"
      : levels > mostRelaxing
        ? "all \(levels * levels) modes of the density matrix would be needed: \(mostRelaxing) levels are the limit"
        : nil
    let most = LevelGenerating.mostNumbers
    let eigenvalueReason =
      levels * levels > most
      ? "all \(levels * levels) eigenvalues of a density matrix would be needed, and up to \(most) are found" : nil
    return fluctuationOffers(for: model, work: work).map { offer in
      generating.contains(offer.family)
        ? Offer(offer.family, work: 40 * work, unless: offer.reason ?? eigenvalueReason) : offer
    }
      + model.parameterResponseOffers(work: 30 * work, unless: heatReason(for: model))
      + Quantity.Family.relaxationModes.map { Offer($0, work: work, unless: reason) }
      + transientOffers(for: model)
  }

  static let generating: Set<Quantity.Family> = [.generatingFunction, .rateFunction]
  /// What is counted in the density matrix, mu(x) apart.
  static let counted = fluctuations.subtracting(generating)

  private static func heatReason(for model: LevelModel) -> String? {
    model.oneBathReason ?? (model.medium.levels == 1 ? "one level carries no heat" : nil)
  }

  private static func fluctuationOffers(for model: LevelModel, work: Double) -> [Offer] {
    let reason = heatReason(for: model)
    let athermal = model.attachments.filter { !$0.bath.law.isThermal }.map(\.name)
    let cold = model.attachments.filter { $0.bath.law.isThermal && $0.bath.temperature == 0 }.map(\.name)
    let noTemperature =
      athermal.isEmpty
      ? nil : "\(athermal.joined(separator: ", ")) \(athermal.count > 1 ? "have" : "has") no temperature"
    let coldReason =
      noTemperature ?? (cold.isEmpty ? nil : "the temperature of \(cold.joined(separator: ", ")) is 0")
    return PopulationFluctuations.offers(
      for: model, work: work, unless: reason, ifEqual: model.areAllAtOneTemperature, withoutTemperature: coldReason)
      + [Offer(.conductance, .places(model.pairsOfBaths), work: work, unless: reason ?? noTemperature)]
  }

  /// Adds what is asked beyond means.
  func addBeyondMeans(
    _ wanted: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ state: LevelState, _ watch: WorkWatch,
    to answer: inout Answer
  ) throws {
    let asked = wanted.intersection(
      Self.fluctuations.union(Self.response).union(Quantity.Family.relaxationModes).union(Self.transientFamilies))
    guard !asked.isEmpty, form.levels > 1 else { return }
    guard let secular = state.secular else {
      return try addOfDensityMatrix(asked, of: model, form, state, watch, to: &answer)
    }
    if model.attachments.count > 1 {
      try addFluctuations(asked, of: model, form, state, secular, to: &answer)
      if !asked.isDisjoint(with: Self.response) { addResponse(of: model, form, secular, to: &answer) }
    }
    if !asked.isDisjoint(with: Quantity.Family.relaxationModes) {
      answer.add(asked, by: .davies, "level", try secular.populationModes())
    }
    try noting(to: &answer, .davies) { try addTransient(asked, of: model, form, secular.rates, to: &$0) }
  }

  /// Adds what is followed along time of a model without a steady state of its own; false if nothing of that is asked.
  func addTransientAlone(
    _ wanted: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ method: Method, to answer: inout Answer
  ) throws -> Bool {
    guard model.transient != nil, !wanted.isDisjoint(with: Self.transientFamilies), form.levels > 1 else {
      return false
    }
    if method == .davies, form.hasOwnEnergies {
      try noting(to: &answer, method) { try addTransient(wanted, of: model, form, JumpRates(form), to: &$0) }
    } else {
      let equation = try LevelEquation(form, method, isWhole: false)
      try noting(to: &answer, method) { try addTransient(wanted, of: model, equation, to: &$0) }
    }
    return !answer.entries.isEmpty
  }

  /// Adds what is followed along time, or says why it is not: the rest is answered all the same.
  func noting(to answer: inout Answer, _ method: Method, _ add: (inout Answer) throws -> Void) throws {
    do {
      try add(&answer)
    } catch let refusal as Refusal {
      let families = Self.transientFamilies.map(\.rawValue).joined(separator: ", ")
      answer.notes.append(Note.warning("\(method.rawValue): no \(families): \(refusal.reason)"))
    }
  }

  /// Of sums that come from `response`: populations of the state know the rates to 2 (M + 1) times their own error, and each response
  /// once more.
  private static func rounding(_ form: LevelForm) -> Double {
    4 * relativeRounding(levels: form.levels) + 8 * Double(form.levels + 1) * form.rounding
  }

  private func addFluctuations(
    _ asked: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ state: LevelState,
    _ secular: DaviesSteadyState, to answer: inout Answer
  ) throws {
    let temperatures = model.attachments.map(\.bath.temperature)
    let areThermal = model.attachments.allSatisfy { $0.bath.law.isThermal && $0.bath.temperature > 0 }
    let isPair = model.terminals != nil
    let fluctuations = PopulationFluctuations(
      laws: [DaviesFluctuations(secular)], names: model.attachments.map(\.name), rounding: Self.rounding(form),
      current: isPair && !model.areAllAtOneTemperature ? state.heatCurrent : nil,
      affinity: isPair && areThermal ? 1 / temperatures[1] - 1 / temperatures[0] : nil)
    fluctuations.addCumulants(asked, to: &answer)
    if !asked.isDisjoint(with: [.generatingFunction, .rateFunction]), isPair, areThermal {
      try DaviesGenerating.add([secular], temperatures, isOpen: false, to: &answer)
    }
    if asked.contains(.heatCovariance) { fluctuations.addCovariance(to: &answer) }
    if asked.contains(.conductance), model.attachments.allSatisfy({ $0.bath.law.isThermal }) {
      fluctuations.addConductance([JumpRates.temperatureSlopes(form)], to: &answer)
    }
  }

  /// Adds the derivatives of the heats with respect to all parameters; those to temperatures exactly.
  private func addResponse(
    of model: LevelModel, _ form: LevelForm, _ secular: DaviesSteadyState, to answer: inout Answer
  ) {
    let law = DaviesFluctuations(secular)
    let conductance = law.conductance(JumpRates.temperatureSlopes(form))
    let rounding = Self.rounding(form)
    var (paths, heats): ([String], [[Estimate]]) = ([], [])
    for parameter in model.parameters {
      let bath = model.attachments.firstIndex { parameter.path == "baths.\($0.name).temperature" }
      let found: [(sum: DaviesFluctuations.Sum, error: Double)]? =
        if let bath {
          conductance.map { ($0[bath], 0) }
        } else {
          law.response(at: parameter.value) { value in
            // Levels that meet on the way have no derivative of their own.
            guard let other = model.with(parameter.path, value), let form = try? LevelForm(other, .davies),
              form.hasOwnEnergies
            else { return nil }
            return try? JumpRates(form)
          }
        }
      guard let found else { continue }
      paths.append(parameter.path)
      heats.append(found.map { .numerical($0.sum.value, bound: rounding * $0.sum.gross + $0.error) })
    }
    answer.addResponse(heats, to: paths, ofBaths: model.attachments.map(\.name), by: .davies)
  }

  /// Adds what was asked along a transient.
  private func addTransient(
    _ asked: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ rates: JumpRates,
    to answer: inout Answer
  ) throws {
    guard let transient = model.transient, !asked.isDisjoint(with: Self.transientFamilies) else { return }
    let levels = form.levels
    guard levels <= Self.mostFollowed else {
      throw Refusal(.davies, "a transient of \(levels) levels: up to \(Self.mostFollowed) are followed")
    }
    let whole = try Self.start(transient, of: model, form, .davies)
    let start = (0..<levels).map { whole.real[$0, $0] }
    let found = PopulationTransient(
      rates, start: start, every: transient.every, samples: transient.samples)
    // What the rates lack adds up along the way, and never to more than in the steady state.
    let rounding = found.rounding + 2 * Double(levels + 1) * form.rounding
    let (time, samples) = (transient.axis, 0..<transient.samples)
    func add(_ family: Quantity.Family, _ axes: [Answer.Axis], _ numbers: [(value: Double, gross: Double)]) {
      if !asked.contains(family) { return }
      answer.entries.append(
        .init(
          .all(family), .davies, axes: axes, numbers.map { .numerical($0.value, bound: rounding * $0.gross) }))
    }
    add(
      .transientHeat, [Answer.Axis("bath", names: model.attachments.map(\.name)), time],
      found.heats.flatMap { $0 })
    let size = form.energies.map(abs).max() ?? 0
    add(.transientEnergy, [time], samples.map { (found.energies[$0], size) })
    add(
      .transientPopulation, [Answer.Axis("level", values: (1...levels).map(Double.init)), time],
      (0..<levels).flatMap { level in
        samples.map { (found.populations[$0][level], found.populations[$0][level]) }
      })
    guard !form.observables.isEmpty, asked.contains(.transientObservable) else { return }
    if let reason = Self.reason(againstFollowing: { $0 == $1 }, whole, form) {
      answer.refusals.append(Refusal(.davies, reason, to: .family(.transientObservable)))
      return
    }
    add(
      .transientObservable, [model.observableAxis, time],
      form.observables.flatMap { observable in
        samples.map { sample in
          let terms = (0..<levels).map { found.populations[sample][$0] * observable.real[$0, $0] }
          return (terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) } + observable.largestElement)
        }
      })
  }

  /// Why observables are not known along a transient if coherences are left out; nil if they are.
  ///
  /// - Parameter isFollowed: whether the coherence of two levels is followed.
  static func reason(
    againstFollowing isFollowed: (Int, Int) -> Bool, _ start: ComplexMatrix, _ form: LevelForm
  ) -> String? {
    for i in 0..<form.levels {
      for j in 0..<form.levels where start[i, j].magnitude > 1e-14 && !isFollowed(i, j) {
        if form.observables.allSatisfy({ $0[i, j] == Complex(0) }) { continue }
        return
          "transientObservable: the start has coherences between levels of different energy, which this equation does not follow: "
          + "ask for liouvillian, which is the same equation for the whole density matrix"
      }
    }
    return nil
  }

  /// The density matrix at the start of a transient, in the basis of the energies.
  ///
  /// - Throws: `Refusal` if there are more populations than levels, or levels of equal energy shall differ.
  static func start(
    _ transient: Transient, of model: LevelModel, _ form: LevelForm, _ method: Method
  ) throws -> ComplexMatrix {
    if let state = transient.state {
      return form.vectors.adjoint * (model.medium.densityMatrix(of: state) * form.vectors)
    }
    var matrix = ComplexMatrix(order: form.levels)
    for (level, value) in try populations(transient, form, method).enumerated() { matrix.real[level, level] = value }
    return matrix
  }

  private static func populations(_ transient: Transient, _ form: LevelForm, _ method: Method) throws -> [Double] {
    guard transient.populations.count <= form.levels else {
      throw Refusal(
        method, "transient.populations has \(transient.populations.count) levels, and there are \(form.levels)")
    }
    let start = PopulationTransient.start(transient, energies: form.energies)
    for block in form.blocks where Set(start[block]).count > 1 {
      throw Refusal(
        method,
        "transient.populations: levels \(block.lowerBound + 1) to \(block.upperBound) have equal energies, so nothing says which is "
          + "which: give all of them the same")
    }
    return start
  }

  /// Most levels that are followed.
  private static let mostFollowed = 512
}

extension LevelModel {
  /// The names of its observables.
  var observableAxis: Answer.Axis { Answer.Axis("observable", names: medium.observables.map(\.name)) }

  /// Whether all baths have one temperature, so that no heat flows.
  var areAllAtOneTemperature: Bool {
    attachments.allSatisfy(\.bath.law.isThermal) && Set(attachments.map(\.bath.temperature)).count == 1
  }
}

extension JumpRates {
  /// How the rates of every bath change with its temperature, in the order of `baths`; 0 of baths that have none [1/time per energy].
  static func temperatureSlopes(_ form: LevelForm) -> [[Double]] {
    let levels = form.levels
    return form.baths.map { bath in
      var slopes = [Double](repeating: 0, count: levels * levels)
      guard case .thermal(let law) = bath.law else { return slopes }
      for from in 0..<levels {
        for to in 0..<levels where to != from {
          let element = bath.matrix[max(from, to), min(from, to)]
          let square = element.real * element.real + element.imaginary * element.imaginary
          if square == 0 { continue }
          slopes[from * levels + to] =
            square * law.rateSlope(ofGiving: form.energies[from] - form.energies[to], hbar: form.hbar)
        }
      }
      return slopes
    }
  }
}
