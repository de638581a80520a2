import NessMath
import NessModel
import NessStatistics

/// Steady states of a system of levels between baths, by four master equations side by side.
///
/// | method | equation |
/// |---|---|
/// | `.davies` | secular: Bohr frequencies apart do not mix; populations, and coherences between levels of equal energy |
/// | `.liouvillian` | the same for the whole density matrix |
/// | `.redfield` | not secular, without shifts of the levels; not of Lindblad's form |
/// | `.local` | every bath acts as if the parts that it touches were alone |
///
/// - Accuracy: every estimate carries a bound of its rounding error, of first order.
/// - Complexity: `.davies` O(10 M³) for M levels of different energies; the others O(2 M⁶) for the whole density matrix of up to 200
///   numbers, and O(M³) for each of some tens of steps of more (`LevelState.init(stepwise:)`); less where symmetries part the levels.
/// - Source: `Documentation/Theory/levels.md`.
/// - Checked by: closed forms, and an independent program for random systems (LevelTests).
package struct LevelEquations: Solver {
  /// Version of what master equations of levels give: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("levels", 10)

  /// Its methods.
  package static let methods: [Method] = [.davies, .liouvillian, .local, .redfield]

  /// Numbers of a density matrix up to which the equations of `.redfield` and `.local` are factorised; those of more are solved step by
  /// step.
  package var mostFactorised: Int

  /// A solver.
  package init(mostFactorised: Int = Self.mostDirect) { self.mostFactorised = mostFactorised }

  /// The literature differs by the equation.
  package static let isSideBySide = true
  /// Where steps have become faster than factors.
  package static let mostDirect = 200
  /// Levels up to which the equations are set side by side unasked.
  private static let mostUnasked = 16
  /// Most real numbers of a density matrix whose equations are factorised: 64 levels.
  static let mostNumbers = 4096
  /// Most levels of an equation that is solved step by step.
  static let mostLevels = 512

  /// The secular equation, and beside it what others say of it, where that takes little. Jumps at given rates are an equation already: it is
  /// solved as it stands, by `local` or, beside thermal baths, by `redfield` too.
  package static func usualMethods(for model: LevelModel) -> [Method] {
    if model.hasJumps {
      return model.hasJumpsAlone ? [.local] : model.medium.levels <= mostUnasked ? [.redfield, .local] : [.redfield]
    }
    // Only that of the whole density matrix follows the coherences of a start.
    let secular: Method = model.transient?.state == nil ? .davies : .liouvillian
    return model.medium.levels <= mostUnasked ? [secular, .local, .redfield] : [secular]
  }

  /// The same for all of them.
  package static func offers(of method: Method, for model: LevelModel) -> [Offer] {
    guard methods.contains(method) else { return [] }
    let levels = model.medium.levels
    let work = Double(levels * levels) * (method == .davies ? 1 : Double(levels * levels) / 10)
    return [
      model.heatCurrentOffer, Offer(.heatFrom, .baths(model.attachments.map(\.name))), model.entropyOffer,
      Offer(.meanEnergy),
      Offer(
        .relaxationRate, work: work,
        unless: method != .davies && levels > mostRelaxing
          ? "all \(levels * levels) rates of the density matrix would be needed: \(mostRelaxing) levels are the limit"
          : nil),
      Offer(.population, .numbers(levels), work: Double(levels)),
    ] + stateOffers(for: model, work: work)
      + (method == .davies ? populationOffers(for: model) : densityMatrixOffers(for: model, work: work))
  }

  /// By the number of levels.
  package static func expectedSeconds(_ questions: Questions, about model: LevelModel, by method: Method) -> Double {
    let levels = Double(model.medium.levels)
    let square = levels * levels
    if method == .davies { return 1e-4 + 1e-6 * square + 1e-9 * levels * square }
    // A response is that of some thirty steady states to each parameter.
    let isResponse = questions.items.contains { response.contains($0.family) }
    let isStepwise = isSolvedStepwise(method) && square > Double(mostDirect)
    let once = isStepwise ? 1.5e-7 * levels * square : 1e-4 + 1e-9 * square * square * square
    return once * Double(isResponse ? 1 + 30 * model.parameters.count : 1)
  }

  /// All reasons not to answer that are known before a steady state is.
  package func refusals(of model: LevelModel, by method: Method) -> [Refusal] {
    do {
      let form = try LevelCase.of(model, method).form
      if let reason = Self.reason(against: method, form) { return [Refusal(method, reason)] }
      if method == .local { for bath in form.baths { _ = try form.localJumps(of: bath) } }
      return []
    } catch let refusal as Refusal {
      return [refusal]
    } catch {
      return [Refusal(method, "\(error)")]
    }
  }

  static func reason(against method: Method, _ form: LevelForm) -> String? {
    let isWhole = method != .davies
    let numbers = isWhole ? form.levels * form.levels : form.blocks.reduce(0) { $0 + $1.count * $1.count }
    let hasPopulations = !isWhole && form.hasOwnEnergies
    if isSolvedStepwise(method) {
      if form.levels > mostLevels { return "\(form.levels) levels: \(mostLevels) are the limit of this equation" }
      let bytes =
        numbers <= LevelState.mostTogether
        ? LevelGenerator.bytes(count: Double(numbers))
        : LevelState.stepwiseBytes(levels: form.levels, count: numbers)
      if let reason = memoryReason("equations of \(numbers) numbers", bytes: bytes, remedy: "take fewer levels") {
        return reason
      }
    } else if !hasPopulations {
      if numbers > mostNumbers {
        return "the density matrix of \(form.levels) levels has \(numbers) numbers here: \(mostNumbers) are the limit"
          + (method == .liouvillian ? "; davies has the same steady state" : "")
      }
      if let reason = factorsReason(numbers) { return reason }
    }
    if !hasPopulations, let reason = form.reasonAgainstShifts { return reason }
    if method == .local { return nil }
    for bath in form.baths where !form.hasRates(bath, needsZero: isWhole || !form.hasOwnEnergies) {
      for (matrix, _) in form.operators(of: bath) {
        let acts = isWhole || form.blocks.contains { $0.count > 1 && !Self.isNumber(matrix, on: $0) }
        if let reason = form.reason(
          against: bath, matrix, form.energies, needsZero: acts && !Self.isNumber(matrix, on: 0..<form.levels))
        {
          return reason
        }
      }
    }
    return nil
  }

  /// Whether equations of many numbers are solved without their matrix: what the secular equation does is no product of matrices.
  private static func isSolvedStepwise(_ method: Method) -> Bool { method == .redfield || method == .local }

  private static func factorsReason(_ numbers: Int) -> String? {
    memoryReason(
      "equations of \(numbers) numbers", bytes: LevelGenerator.bytes(count: Double(numbers)),
      remedy: "take fewer levels"
    )
  }

  /// Whether an operator is a number times the identity among some levels, as far as these have equal energies.
  private static func isNumber(_ matrix: ComplexMatrix, on block: Range<Int>) -> Bool {
    block.allSatisfy { row in
      block.allSatisfy { matrix[row, $0] == (row == $0 ? matrix[block.lowerBound, block.lowerBound] : Complex(0)) }
    }
  }

  /// What an answer claims.
  package func claim(of method: Method, for model: LevelModel) -> Claim {
    if model.hasJumpsAlone, method == .local || method == .redfield {
      return Claim(.exact, "master equation of the given jumps")
    }
    return switch method {
    case .davies: Claim(.approximation, "secular (Davies) master equation, for weak coupling")
    case .liouvillian:
      Claim(.approximation, "secular master equation of the whole density matrix, for weak coupling")
    case .redfield:
      Claim(
        .approximation,
        "Redfield equation with\(model.medium.shifts == .lamb ? "" : "out") shifts of the levels, for weak coupling")
    case .local: Claim(.approximation, "local master equation, which may break the second law")
    default: .unstated(method)
    }
  }

  /// The answers of one method.
  ///
  /// - Throws: `Refusal` for a steady state that is not unique; `LinearAlgebraError`.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: LevelModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    try solve(for: wanted, of: model, LevelCase.of(model, method), by: method, watch)
  }

  /// The same, with what is known of a model, whose transient may be another one.
  func solve(
    for wanted: Set<Quantity.Family>, of model: LevelModel, _ found: LevelCase, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    let form = found.form
    var answer = Answer()
    let state: LevelState
    do {
      state = try found.state(by: method, mostFactorised: mostFactorised, watch)
    } catch let refusal as Refusal {
      // Where there are many steady states, or too many numbers to find it, a start has a future all the same.
      guard try addTransientAlone(wanted, of: model, form, method, to: &answer) else { throw refusal }
      answer.refusals += wanted.subtracting(Self.transientFamilies).sorted { $0.rawValue < $1.rawValue }.map {
        Refusal(method, refusal.reason, to: .family($0))
      }
      return answer
    }
    func add(_ quantity: Quantity, _ number: Bounded) {
      answer.entries.append(.init(quantity, method, .numerical(number.value, bound: number.bound)))
    }
    if model.terminals != nil { add(.heatCurrent, state.heatCurrent) }
    for (attachment, current) in zip(model.attachments, state.currents) { add(.heat(from: attachment.name), current) }
    let entropy = state.entropy(of: model)
    if let entropy { add(.entropyProduction, entropy) }
    add(.meanEnergy, state.meanEnergy)
    if wanted.contains(.relaxationRate), let rate = try Self.relaxationRate(state, form, method) {
      add(.relaxationRate, rate)
    }
    if wanted.contains(.population) {
      for (level, population) in state.populations.enumerated() { add(.population(level: level + 1), population) }
    }
    try addMeasures(wanted, of: model, form, state, to: &answer)
    try addBeyondMeans(wanted, of: model, form, state, watch, to: &answer)
    answer.notes += LevelNotes(model: model, form: form, state: state).all(entropy)
    if wanted.contains(.population), form.occupations == nil, let equal = form.blocks.first(where: { $0.count > 1 }) {
      // The same words by every method, so that they are said once.
      answer.notes.append(
        Note.warning(
          "population: levels \(equal.lowerBound + 1) to \(equal.upperBound) have one energy, and nothing says which is which: each is told their "
            + "mean; observables tell more"))
    }
    if method != .davies, !model.hasJumps, let davies = try? found.state(by: .davies, mostFactorised: mostFactorised) {
      answer.notes += state.disagreement(with: davies, of: model)
    }
    return answer
  }

  static func state(
    of model: LevelModel, _ form: LevelForm, _ method: Method, mostFactorised: Int, _ watch: WorkWatch = WorkWatch()
  ) throws -> LevelState {
    if let reason = reason(against: method, form) { throw Refusal(method, reason) }
    if method == .davies, form.hasOwnEnergies { return try LevelState(populationsOf: form, model) }
    let equation = try LevelEquation(form, method, isWhole: false)
    if isSolvedStepwise(method), equation.count > mostFactorised {
      let mayFactorise = equation.count <= mostNumbers && factorsReason(equation.count) == nil
      let few = min(mostFactorised, form.levels + LevelState.pairsTogether)
      var attempts = [(together: few, slowness: LevelState.slowness)]
      if !mayFactorise { attempts.append((LevelState.mostTogether, .infinity)) }
      for (place, attempt) in attempts.enumerated() {
        do {
          return try LevelState(
            stepwise: equation, together: attempt.together, slowness: attempt.slowness, mayFactorise: mayFactorise,
            watch)
        } catch let refusal as Refusal {
          if !mayFactorise && place + 1 == attempts.count { throw refusal }
        }
      }
    }
    return try LevelState(equation.generator, form, method)
  }

  /// Smallest decay rate of what a method follows; nil for a single number.
  private static func relaxationRate(_ state: LevelState, _ form: LevelForm, _ method: Method) throws -> Bounded? {
    if let secular = state.secular { return try secular.slowestDecayRate().map { Bounded($0.value, $0.bound) } }
    return try LevelState.relaxationRate(of: LevelEquation(form, method, isWhole: true).generator)
  }
}

extension LevelState {
  /// Heat per time from the first to the second of two baths, from the one that is known better.
  var heatCurrent: Bounded {
    guard currents.count == 2, currents[1].bound < currents[0].bound else { return currents[0] }
    return Bounded(-currents[1].value, currents[1].bound)
  }

  /// Entropy produced in the baths per time; nil where a bath has no temperature above 0.
  func entropy(of model: LevelModel) -> Bounded? {
    guard model.attachments.allSatisfy({ $0.bath.law.isThermal && $0.bath.temperature > 0 }) else { return nil }
    if currents.count == 2 {
      let affinity = 1 / model.attachments[1].bath.temperature - 1 / model.attachments[0].bath.temperature
      let value = heatCurrent.value * affinity
      return Bounded(
        entropyProduction ?? value,
        heatCurrent.bound * abs(affinity) + 4 * .ulpOfOne
          * (abs(value) + abs(heatCurrent.value) / model.attachments[0].bath.temperature))
    }
    let terms = zip(currents, model.attachments).map { (current: $0, temperature: $1.bath.temperature) }
    let bound = terms.reduce(0) { $0 + $1.current.bound / $1.temperature }
    return Bounded(entropyProduction ?? terms.reduce(0) { $0 - $1.current.value / $1.temperature }, bound)
  }
}
