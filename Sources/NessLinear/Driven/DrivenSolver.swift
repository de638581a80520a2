import NessMath
import NessModel
import NessStatistics

/// Exact theory of driven harmonic networks between Langevin baths: means over a period in the periodic state.
///
/// - Accuracy: every estimate carries its own bound, from the extrapolation in the step and from rounding.
/// - Complexity: O(steps N (N + bonds)) and O(N³).
/// - Source: `Documentation/Theory/driving.md`.
/// - Checked by: closed forms of one oscillator, linear theory where nothing moves, the first law (DrivenSolverTests).
package struct DrivenSolver: Solver {
  /// Version of the theory: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("floquet", 1)

  /// Its method.
  package static let methods: [Method] = [.floquet]

  /// A solver.
  package init() {}

  /// Everything comes with the periodic state.
  package static func offers(of method: Method, for model: DrivenModel) -> [Offer] {
    model.drivenOffers + [
      Offer(.kineticTemperature, .numbers(model.medium.sites)),
      Offer(
        .meanDisplacement, .numbers(model.medium.sites),
        unless: DrivenHarmonic(model).map { $0.isHeld.contains(true) } ?? true
          ? nil : "nothing holds the sites in place, so their displacements have no mean"),
    ]
  }

  /// By the numbers that are touched.
  package static func expectedSeconds(
    _ questions: Questions, about model: DrivenModel, by method: Method
  ) -> Double {
    DrivenHarmonic(model).map { 1e-3 + 1e-9 * DrivenSteadyState.work($0) } ?? 1e-6
  }

  /// Why it does not apply.
  package func refusals(of model: DrivenModel, by method: Method) -> [Refusal] {
    if let bath = model.attachments.first(where: { !($0.bath.law is LangevinBath) }) {
      return [
        Refusal(
          method,
          "bath \(bath.name) is of kind \(type(of: bath.bath.law).kind.key): theory of a driven network knows Langevin baths alone"
        )
      ]
    }
    guard DrivenHarmonic(model) == nil else { return [] }
    return [Refusal(method, "a potential is not harmonic, and theory of a driven network knows springs alone")]
  }

  /// It leaves nothing out.
  package func claim(of method: Method, for model: DrivenModel) -> Claim {
    Claim(.exact, "driven harmonic network, means over a period")
  }

  /// The answers.
  ///
  /// - Throws: `Refusal` without a periodic state; `QuadratureError.stopped`.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: DrivenModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    guard let network = DrivenHarmonic(model) else { throw Refusal(method, "it does not apply") }
    let state = try DrivenSteadyState(network, watch)
    try checkFirstLaw(state)
    var answer = Answer()
    func add(_ quantity: Quantity, _ estimate: Estimate) { answer.entries.append(.init(quantity, method, estimate)) }
    let heats = zip(model.attachments.map(\.name), state.heats)
    if model.terminals != nil, !model.medium.course.doesWork { add(.heatCurrent, state.heats[0]) }
    for (name, heat) in heats { add(.heat(from: name), heat) }
    if model.medium.course.doesWork { add(.power, state.power) }
    if model.entropyReason == nil { add(.entropyProduction, state.entropyProduction) }
    for (site, estimate) in state.temperatures.enumerated() { add(.kineticTemperature(site: site + 1), estimate) }
    for (site, isHeld) in network.isHeld.enumerated() where isHeld {
      add(.meanDisplacement(site: site + 1), state.displacements[site])
    }
    answer.notes.append(
      "\(method.rawValue): means over the period \(model.medium.course.period.text(digits: 8)); the slowest deflection shrinks by the "
        + "factor \(state.radius.text(digits: 4)) in a period")
    return answer
  }

  /// The heats and the work must add up to 0; where they do not, nothing is answered.
  private func checkFirstLaw(_ state: DrivenSteadyState) throws {
    let sum = state.heats.reduce(state.power.value) { $0 + $1.value }
    let bound = state.heats.reduce(state.power.error) { $0 + $1.error }
    if abs(sum) > 4 * bound {
      throw Refusal(
        .floquet,
        "the first law is broken: heats and power add up to \(sum.text(digits: 3)), not to 0 within \(bound.text(digits: 2))"
      )
    }
  }
}

extension DrivenSolver {
  /// What a simulation of so many steps in a period would measure besides the truth, by quantities.
  ///
  /// - Throws: `Refusal` without a periodic state.
  package func biases(of model: DrivenModel, steps: Int) throws -> [Quantity: Double] {
    guard let network = DrivenHarmonic(model) else { return [:] }
    let state = try DrivenSteadyState(network)
    let level = try DrivenLevel(network, steps: steps)
    var biases: [Quantity: Double] = [.power: level.power - state.power.value]
    for (index, contact) in network.contacts.enumerated() {
      biases[.heat(from: contact.name)] = level.heats[index] - state.heats[index].value
    }
    if model.terminals != nil {
      biases[.heatCurrent] = 0.5 * (level.heats[0] - level.heats[1]) - state.heats[0].value
    }
    for site in 0..<network.sites {
      biases[.kineticTemperature(site: site + 1)] = level.readTemperatures[site] - state.temperatures[site].value
      biases[.meanDisplacement(site: site + 1)] = level.displacements[site] - state.displacements[site].value
    }
    biases[.entropyProduction] = level.entropyProduction - state.entropyProduction.value
    return biases.filter { $0.value.isFinite }
  }
}
