import NessMath
import NessModel
import NessStatistics

extension LevelEquations {
  /// Levels of which all modes of the density matrix are found.
  static let mostRelaxing = 32
  /// Most real numbers of a density matrix that are followed along time.
  private static let mostFollowedNumbers = 1024

  /// Adds what is asked beyond means by an equation for the density matrix, and says what is not answered.
  func addOfDensityMatrix(
    _ asked: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ state: LevelState, _ watch: WorkWatch,
    to answer: inout Answer
  ) throws {
    let method = state.method
    if !asked.isDisjoint(with: Quantity.Family.relaxationModes) {
      answer.add(asked, by: method, "level", try LevelEquation(form, method, isWhole: true).generator.modes(form))
    }
    let equation = try LevelEquation(form, method, isWhole: false)
    try noting(to: &answer, method) { try addTransient(asked, of: model, equation, to: &$0) }
    if !asked.isDisjoint(with: Self.generating) {
      try noting(to: &answer, method) { try addGenerating(of: model, equation, watch, to: &$0) }
    }
    guard !asked.isDisjoint(with: Self.counted.union(Self.response)), model.attachments.count > 1 else { return }
    guard equation.count <= Self.mostNumbers else {
      let reason =
        "the density matrix has \(equation.count) numbers here, and its fluctuations and responses are found for \(Self.mostNumbers)"
      for family in asked.intersection(Self.counted.union(Self.response)).sorted(by: { $0.rawValue < $1.rawValue }) {
        answer.refusals.append(Refusal(method, "\(family.rawValue): \(reason)", to: .family(family)))
      }
      return
    }
    let counting = try LevelCounting(equation)
    if !asked.isDisjoint(with: Self.counted) { addCounted(asked, of: model, state, counting, to: &answer) }
    if !asked.isDisjoint(with: Self.response) { try addResponse(of: model, form, state, counting, watch, to: &answer) }
  }

  /// Adds generating and rate function, on the places at which those of harmonic media are given.
  private func addGenerating(
    of model: LevelModel, _ equation: LevelEquation, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    let temperatures = model.attachments.map(\.bath.temperature)
    guard model.terminals != nil, model.attachments.allSatisfy({ $0.bath.law.isThermal && $0.bath.temperature > 0 })
    else { return }
    let method = equation.method
    guard equation.count <= LevelGenerating.mostNumbers else {
      throw Refusal(
        method,
        "generatingFunction and rateFunction: all eigenvalues of \(equation.count) numbers of the density matrix would be needed, "
          + "and up to \(LevelGenerating.mostNumbers) are found")
    }
    let law = LevelGenerating(equation: equation)
    var points: [GeneratingPoint] = []
    for (place, x) in GeneratingPoint.grid(temperatures[0], temperatures[1]).enumerated() {
      watch.report(place, of: GeneratingPoint.count)
      if watch.shouldStop() { throw QuadratureError.stopped }
      if let point = try law.point(at: x) { points.append(point) }
    }
    if points.count < GeneratingPoint.count {
      answer.notes.append(
        Note.warning(
          "\(method.rawValue): generatingFunction and rateFunction are left out at \(GeneratingPoint.count - points.count) of "
            + "\(GeneratingPoint.count) places, where the eigenvalue with the largest real part is not real, or rounding hides it"
        ))
    }
    answer.add(points, by: method)
    noteQuasiProbability(method, to: &answer)
  }

  private func noteQuasiProbability(_ method: Method, to answer: inout Answer) {
    guard method == .redfield || method == .local else { return }
    let note =
      "\(method.rawValue): cumulants are those of a quasi-probability of the heat, for what this equation counts are not jumps "
      + "between energies of the whole; davies counts such jumps"
    if !answer.notes.contains(note) { answer.notes.append(note) }
  }

  /// Adds what is counted in the density matrix.
  private func addCounted(
    _ asked: Set<Quantity.Family>, of model: LevelModel, _ state: LevelState, _ counting: LevelCounting,
    to answer: inout Answer
  ) {
    let method = state.method
    func estimate(_ number: Bounded) -> Estimate { .numerical(number.value, bound: number.bound) }
    let axis = Answer.Axis("bath", names: model.attachments.map(\.name))
    let temperatures = model.attachments.map(\.bath.temperature)
    let areThermal = model.attachments.allSatisfy(\.bath.law.isThermal)
    let isPair = model.terminals != nil
    if !asked.isDisjoint(with: [.heatNoise, .heatSkewness, .heatKurtosis, .fanoFactor, .uncertaintyRatio]) {
      for (index, attachment) in model.attachments.enumerated() where !isPair || index == 0 {
        let cumulants = counting.cumulants(ofBath: index).dropFirst().map(estimate)
        for (family, rate) in zip([Quantity.Family.heatNoise, .heatSkewness, .heatKurtosis], cumulants) {
          answer.entries.append(.init(.all(family, bath: isPair ? nil : attachment.name), method, rate))
        }
        if isPair {
          let areWarm = areThermal && temperatures.allSatisfy { $0 > 0 }
          answer.addRatios(
            of: cumulants[0], to: model.areAllAtOneTemperature ? nil : state.heatCurrent,
            affinity: areWarm ? 1 / temperatures[1] - 1 / temperatures[0] : nil, asked, by: method)
        }
      }
    }
    if asked.contains(.heatCovariance) {
      answer.entries.append(
        .init(.heatCovariance, method, axes: [axis, axis], counting.covariance().flatMap { $0.map(estimate) }))
    }
    if asked.contains(.conductance), areThermal {
      let slopes = counting.conductance().flatMap { $0.map(estimate) }
      if slopes.allSatisfy({ $0.value.isFinite && $0.error.isFinite }) {
        answer.entries.append(.init(.conductance, method, axes: [axis, axis], slopes))
      } else {
        answer.refusals.append(
          Refusal(
            method, "conductance: a rate at the frequency 0 has no derivative with respect to its temperature here",
            to: .family(.conductance)))
      }
    }
    if !asked.isDisjoint(with: Self.counted.subtracting([.conductance])) { noteQuasiProbability(method, to: &answer) }
  }

  /// Adds the derivatives of the heats with respect to all parameters; those to temperatures exactly, others by differences of the
  /// heats, whose bounds they know.
  private func addResponse(
    of model: LevelModel, _ form: LevelForm, _ state: LevelState, _ counting: LevelCounting, _ watch: WorkWatch,
    to answer: inout Answer
  ) throws {
    let conductance = counting.conductance()
    let bounds = state.currents.map(\.bound)
    let scales = state.currents.map { max(abs($0.value), $0.bound / form.rounding) }
    // By the secular equation levels that meet or part have no derivative.
    let isSecular = state.method == .davies || state.method == .liouvillian
    var (paths, heats): ([String], [[Estimate]]) = ([], [])
    for (index, parameter) in model.parameters.enumerated() {
      watch.report(index, of: model.parameters.count)
      if let bath = model.attachments.firstIndex(where: { parameter.path == "baths.\($0.name).temperature" }),
        conductance.allSatisfy({ $0[bath].value.isFinite && $0[bath].bound.isFinite })
      {
        paths.append(parameter.path)
        heats.append(conductance.map { .numerical($0[bath].value, bound: $0[bath].bound) })
        continue
      }
      if isSecular, !form.keepsBlocks(of: model, parameter.path, parameter.value, state.method) { continue }
      let slopes = ParameterDerivative(at: parameter.value, scales: scales, noise: bounds) { value in
        guard !watch.shouldStop(), let other = model.with(parameter.path, value),
          let changed = try? LevelForm(other, state.method)
        else { return nil }
        if isSecular, changed.blocks != form.blocks { return nil }
        return try? Self.state(of: other, changed, state.method, mostFactorised: mostFactorised).currents.map(\.value)
      }
      if watch.shouldStop() { throw QuadratureError.stopped }
      guard let slopes, slopes.errors.allSatisfy(\.isFinite) else { continue }
      paths.append(parameter.path)
      heats.append(zip(slopes.values, slopes.errors).map { .numerical($0, bound: $1) })
    }
    answer.addResponse(heats, to: paths, ofBaths: model.attachments.map(\.name), by: state.method)
  }

  /// Adds what was asked along a transient.
  func addTransient(
    _ asked: Set<Quantity.Family>, of model: LevelModel, _ equation: LevelEquation, to answer: inout Answer
  ) throws {
    guard let transient = model.transient, !asked.isDisjoint(with: Self.transientFamilies) else { return }
    let (form, method) = (equation.form, equation.method)
    let start = try Self.start(transient, of: model, form, method)
    // Coherences of a start are to be followed, too.
    let equation = transient.state == nil ? equation : try LevelEquation(form, method, isWhole: true)
    guard equation.count <= Self.mostFollowedNumbers else {
      throw Refusal(
        method,
        "a transient of \(equation.count) numbers of the density matrix: up to \(Self.mostFollowedNumbers) are followed"
      )
    }
    if transient.state != nil, method == .davies || method == .liouvillian {
      answer.notes += LevelValidity(form: form, method: method).coherenceNotes(start)
    }
    let generator = equation.generator
    let found = DensityTransient(
      generator, form, start: start, every: transient.every, samples: transient.samples)
    func add(_ family: Quantity.Family, _ axes: [Answer.Axis], _ numbers: [Bounded]) {
      if !asked.contains(family) { return }
      answer.entries.append(
        .init(.all(family), method, axes: axes, numbers.map { .numerical($0.value, bound: $0.bound) }))
    }
    let baths = Answer.Axis("bath", names: model.attachments.map(\.name))
    let levels = Answer.Axis("level", values: (1...form.levels).map(Double.init))
    add(.transientHeat, [baths, transient.axis], found.heats.flatMap { $0 })
    add(.transientEnergy, [transient.axis], found.energies)
    add(
      .transientPopulation, [levels, transient.axis],
      (0..<form.levels).flatMap { level in found.populations.map { $0[level] } })
    guard !form.observables.isEmpty, asked.contains(.transientObservable) else { return }
    if let reason = Self.reason(
      againstFollowing: { $0 == $1 || generator.pair(min($0, $1), max($0, $1)) != nil }, start, form)
    {
      answer.refusals.append(Refusal(method, reason, to: .family(.transientObservable)))
    } else {
      add(.transientObservable, [model.observableAxis, transient.axis], found.observables.flatMap { $0 })
    }
  }
}

extension LevelForm {
  /// Whether levels of equal energy stay so, and others apart, when a parameter changes.
  fileprivate func keepsBlocks(of model: LevelModel, _ path: String, _ value: Double, _ method: Method) -> Bool {
    let step = value == 0 ? spread : value / 64
    return [value + step, value - step].allSatisfy { place in
      guard let other = model.with(path, place), let form = try? LevelForm(other, method) else { return true }
      return form.blocks == blocks
    }
  }
}
