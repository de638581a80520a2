import NessModel
import NessStatistics

/// Steady states of free bosons or fermions in a box between baths, in the space of all states of the particles.
///
/// The energies are sums of those of one particle, and the baths act on every particle alike, so that many states have equal
/// energies: coherences between these are followed, which a Pauli equation for the numbers of particles leaves out.
///
/// | method | equation |
/// |---|---|
/// | `.davies` | secular: populations, and coherences between states of equal energy |
/// | `.liouvillian` | the same for the whole density matrix |
/// | `.redfield` | not secular, without shifts of the levels; not of Lindblad's form |
///
/// - Accuracy: every estimate carries a bound of its rounding error and what more, or some 15 % fewer, levels change.
/// - Complexity: that of `LevelEquations` for as many levels as there are states, up to 1024.
/// - Source: `Documentation/Theory/quantum-gas.md`.
/// - Checked by: one particle, the classical limit, closed forms, and an independent program (GasTests).
package struct GasEquations: Solver {
  /// Version of what master equations of particles give: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("quantum-gas", 3)

  /// Its methods.
  package static let methods: [Method] = [.davies, .liouvillian, .redfield]

  /// The part of the hottest bath's weight that levels left out may have.
  package var tolerance: Double

  /// A solver.
  package init(tolerance: Double = 1e-10) { self.tolerance = tolerance }

  /// The secular equation; others by name only.
  package static func usualMethods(for model: QuantumGasModel) -> [Method] { [.davies] }

  /// What is not answered of several particles: parameters of the box have no derivative here, states are no levels, and the places of a
  /// rate function are other ones with other levels.
  private static let unanswered = LevelEquations.response.union(LevelEquations.transientFamilies)
    .union(Quantity.Family.relaxationModes).union([.population, .rateFunction])

  /// Those of a system of as many levels as there are states, and how many particles are on every level.
  package static func offers(of method: Method, for model: QuantumGasModel) -> [Offer] {
    guard methods.contains(method) else { return [] }
    let levels = try? GasLevels(model, tolerance: 1e-10, method)
    guard let levels, let like = try? model.likeLevels(states: model.states(levels.taken)) else {
      return [
        model.heatCurrentOffer, Offer(.heatFrom, .baths(model.attachments.map(\.name))), model.entropyOffer,
        Offer(.meanEnergy),
      ]
    }
    return LevelEquations.offers(of: method, for: like).filter { !unanswered.contains($0.family) }
      + [Offer(.population, .numbers(levels.taken), work: Double(like.medium.levels))]
  }

  /// By the number of states.
  package static func expectedSeconds(
    _ questions: Questions, about model: QuantumGasModel, by method: Method
  ) -> Double {
    guard let levels = try? GasLevels(model, tolerance: 1e-10, method) else { return 0.1 }
    let states = Double(model.states(levels.taken))
    return 1e-3 + (method == .davies ? 2e-9 * states * states * states : 1e-6 * states * states * states)
  }

  /// All reasons not to answer that are known before a steady state is.
  package func refusals(of model: QuantumGasModel, by method: Method) -> [Refusal] {
    do throws(Refusal) {
      let levels = try GasLevels(model, tolerance: tolerance, method)
      let form = LevelForm(model, in: model.space(levels.taken))
      return LevelEquations.reason(against: method, form).map { [Refusal(method, $0)] } ?? []
    } catch {
      return [error]
    }
  }

  /// What an answer claims.
  package func claim(of method: Method, for model: QuantumGasModel) -> Claim {
    let of = "of \(model.medium.box.particlesInWords), for weak coupling"
    return switch method {
    case .davies: Claim(.approximation, "secular (Davies) master equation \(of)")
    case .liouvillian: Claim(.approximation, "secular master equation of the whole density matrix \(of)")
    case .redfield: Claim(.approximation, "Redfield equation without shifts of the levels \(of)")
    default: .unstated(method)
    }
  }

  /// The answers of one method.
  ///
  /// - Throws: `Refusal` for a steady state that is not unique; `LinearAlgebraError`.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: QuantumGasModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    let levels = try GasLevels(model, tolerance: tolerance, method)
    func answer(_ count: Int, _ watch: WorkWatch) throws -> Answer {
      let space = model.space(count)
      let like = try model.likeLevels(states: space.states.count)
      let found = LevelCase(like, LevelForm(model, in: space))
      return try LevelEquations().solve(for: wanted, of: like, found, by: method, watch)
    }
    var found = try answer(levels.taken, watch.part(from: 0, to: levels.compared == nil ? 1 : 0.6))
    // With fewer levels an equation may have no single steady state, or a table may not reach more of them.
    func attempt(_ count: Int, _ watch: WorkWatch) throws -> Answer? {
      do { return try answer(count, watch) } catch is Refusal { return nil }
    }
    var compared = try levels.compared.flatMap { try attempt($0, watch.part(from: 0.6, to: 0.9)) }
    // More levels may be too many for what these still answer: then fewer tell what levels change.
    let known = Set(compared?.entries.map(\.quantity.family) ?? [])
    let missing = Set(found.entries.map(\.quantity.family)).subtracting(known).subtracting([.population])
    let fewer = levels.taken - max(1, levels.taken / 7)
    if compared != nil, !missing.isEmpty, model.states(fewer) > 1,
      let other = try attempt(fewer, watch.part(from: 0.9, to: 1))
    {
      compared?.entries += other.entries.filter { missing.contains($0.quantity.family) }
    }
    if let compared { found.widen(by: compared) }
    found.entries.removeAll { $0.quantity.family == .population && $0.estimate.value < 1e-12 }
    found.notes.insert(note(model, levels, found, compared, method), at: 0)
    return found
  }

  private func note(
    _ model: QuantumGasModel, _ levels: GasLevels, _ answer: Answer, _ compared: Answer?, _ method: Method
  ) -> String {
    let what = "\(method.rawValue): \(model.medium.box.particlesInWords) on \(levels.taken) levels"
    guard let compared, let count = levels.compared else {
      return what + "; what more levels would change is not in the bounds"
    }
    func heats(_ answer: Answer) -> [Double] {
      model.attachments.compactMap { answer.estimate(.heat(from: $0.name), by: method)?.value }
    }
    let largest = heats(answer).reduce(0) { max($0, abs($1)) }
    let change = zip(heats(answer), heats(compared)).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let relative = largest > 0 ? change / largest : 0
    let text = "\(what): heats change by \(relative.text(digits: 2)) of the largest with \(count)"
    if relative <= 1e-2 { return text }
    return Note.warning(
      text + ", so these levels are too few for this box: "
        + (levels.isGiven
          ? "read the answers as those of a system of \(levels.taken) levels"
          : "take lower temperatures or fewer particles, about \(levels.needed.short) levels are needed"))
  }
}

extension Answer {
  /// Adds to the bound of every number by how much another answer differs; what that has not is left out, but for populations, which
  /// are 0 there.
  fileprivate mutating func widen(by other: Answer) {
    func compared(_ member: Entry) -> Double? {
      other.estimate(member.quantity, by: member.method)?.value ?? (member.quantity.family == .population ? 0 : nil)
    }
    entries = entries.keeping { compared($0) != nil }.map { entry in
      let estimates = entry.members.map { member -> Estimate in
        let estimate = member.estimate
        let change = compared(member).map { abs(estimate.value - $0) } ?? .infinity
        return .numerical(estimate.value, bound: estimate.error + change)
      }
      guard entry.axes.isEmpty else {
        return Entry(entry.quantity, entry.method, axes: entry.axes, estimates, claim: entry.claim)
      }
      let change = estimates[0].error - entry.estimate.error
      return Entry(
        entry.quantity, entry.method, estimates[0],
        budget: entry.quantity == .heatCurrent
          ? ErrorBudget(
            statistical: 0, timeStep: .none, burnIn: .none, truncation: .init(change, .estimate)) : nil,
        claim: entry.claim)
    }
  }
}

extension QuantumBox {
  /// `2 free bosons`
  var particlesInWords: String { "\(particles) free \(statistics.word ?? "particles")" }
}

extension QuantumGasModel {
  /// The states of its particles on so many levels.
  func space(_ levels: Int) -> FockSpace {
    FockSpace(particles: medium.box.particles, levels: levels, statistics: medium.box.statistics)
  }

  /// How many there are.
  func states(_ levels: Int) -> Int {
    FockSpace.count(
      particles: medium.box.particles, levels: levels, medium.box.statistics, most: GasLevels.mostStates)
  }

  /// A system of as many levels between baths of the same names and temperatures.
  func likeLevels(states: Int) throws(ModelError) -> LevelModel {
    try LevelModel(
      medium: LevelSystem(parts: [.oscillator(levels: states)], hamiltonian: "N1", hbar: medium.box.hbar),
      attachments: attachments.map { attachment in
        let law = attachment.bath
        let thermal = ThermalBath(
          temperature: law.temperature, coupling: .formula("N1"), spectrum: law.spectrum, rate: law.rate)
        return .init(name: attachment.name, site: 1, bath: .thermal(thermal))
      })
  }
}
