import Foundation
import NessModel
import NessStatistics

/// The steady state of a particle between two Maxwell walls, exactly.
///
/// Every collision starts afresh, so a flight to one wall and back is a renewal cycle: with the mean flight times
/// t_a = l sqrt(pi m / 2 T_a) and the mean energies T_a carried,
///
///     J = (T_L - T_R) / (t_L + t_R),   share of the time from wall a = t_a / (t_L + t_R),   m<v²> = sqrt(T_L T_R)
///
/// Several particles of equal mass exchange their velocities where they meet, so to the walls they are independent ones in the
/// free room: n times as much heat.
///
/// - Source: Zou, Gong, Wang, Casati, Benenti 2026 for J; Documentation/Theory/renewal.md for the rest.
/// - Checked by: simulation (KineticSolverTests) and the collision kernel with many moves (KernelSolverTests).
package struct RenewalSolver: Solver {
  /// The medium it solves.
  package typealias MediumType = Box
  /// That of all exact theory of classical boxes.
  package static var engine: EngineVersion { KernelSolver.engine }
  /// Its method.
  package static let methods: [Method] = [.renewal]

  /// A renewal solver; there is nothing to set.
  package init() {}

  /// The usual one where no wall has memory.
  package static func usualMethods(for model: BoxModel) -> [Method] { model.hasMetropolisWall ? [] : methods }

  /// J, heats, entropy production, mean energy, collision rates, time shares, density, kinetic temperature, energy density.
  package static func offers(of method: Method, for model: BoxModel) -> [Offer] {
    model.motionOffers(atRest: model.trap != nil) + [
      Offer(
        .energyDensity, .numbers(Box.energyClasses),
        unless: model.companyReason ?? (model.trap == nil ? nil : BoxModel.restWords)),
      Offer(.heatNoise, .baths([]), work: 1, unless: model.trap == nil ? noiseReason(model) : BoxModel.restWords),
      Offer(
        .conductance, .places(model.attachments.flatMap { one in model.attachments.map { "\(one.name),\($0.name)" } }),
        work: 1, unless: model.trap == nil ? nil : BoxModel.restWords),
    ]
      + model.parameterResponseOffers(
        work: 1, unless: model.trap == nil ? nil : BoxModel.restWords)
  }

  /// Flight times t of speeds near 0 have the density of 1/t³, so <t²> diverges and with it, where J t is not 0, the variance.
  private static func noiseReason(_ model: BoxModel) -> String? {
    Set(model.attachments.map(\.bath.temperature)).count == 1
      ? nil
      : "the variance of the heat grows faster than the time, like t ln t, because the second moment of the flight time "
        + "diverges; only at equal temperatures, where no heat flows on average, has it a rate"
  }

  /// A formula.
  package static func expectedSeconds(_ questions: Questions, about model: BoxModel, by method: Method) -> Double {
    1e-4
  }

  /// Refuses walls with memory.
  package func refusals(of model: BoxModel, by method: Method) -> [Refusal] {
    if let reason = model.unlikeReason { return [Refusal(.renewal, reason)] }
    return model.attachments.compactMap { attachment in
      guard case .metropolis = attachment.bath.collisionLaw else { return nil }
      return Refusal(
        .renewal, "wall \(attachment.name) remembers the energy before the collision; the argument needs Maxwell walls")
    }
  }

  /// The closed forms.
  ///
  /// - Accuracy: relative error below 1e-14, of the energy density 1e-13.
  /// - Complexity: O(1).
  package func solve(
    for wanted: Set<Quantity.Family>, of model: BoxModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    if model.medium.isGas, let mass = model.medium.equalMass {
      return answer(of: try model.ofOneParticle(mass: mass), among: model.medium.particles).times(model)
    }
    return answer(of: model, among: 1)
  }

  /// The closed forms for one particle, which may be one of several.
  private func answer(of model: BoxModel, among particles: Int) -> Answer {
    if let trap = model.trap {
      return .trapped(model, by: trap, method: .renewal, claim: claim(of: .renewal, for: model))
    }
    let temperatures = model.attachments.map(\.bath.temperature)
    let names = model.attachments.map(\.name)
    let flights = temperatures.map {
      model.medium.length * (Double.pi / 2).squareRoot() / Box.thermalSpeed(temperature: $0, mass: model.medium.mass)
    }
    let cycle = flights[0] + flights[1]
    let shares = flights.map { $0 / cycle }
    let current = (temperatures[0] - temperatures[1]) / cycle
    let kinetic = Self.geometricMean(temperatures[0], temperatures[1])
    var answer = Answer()
    func add(_ quantity: Quantity, _ value: Double, accuracy: Double = 4e-15) {
      answer.entries.append(.init(quantity, .renewal, .numerical(value, bound: accuracy * abs(value))))
    }
    add(.heatCurrent, current)
    add(.heat(from: names[0]), current)
    add(.heat(from: names[1]), -current)
    add(.entropyProduction, current / temperatures[1] * ((temperatures[0] - temperatures[1]) / temperatures[0]))
    add(.meanEnergy, 0.5 * kinetic)
    for name in names { add(.collisionRate(bath: name), 1 / cycle) }
    for (name, share) in zip(names, shares) { add(.timeShare(bath: name), share) }
    for part in 1...Box.parts { add(.density(part: part), 1 / model.medium.length) }
    for part in 1...Box.parts { add(.kineticTemperature(site: part), kinetic) }
    addFluctuations(temperatures, names, flights, model.medium, among: particles, to: &answer)
    let width = Box.energyClassWidth(of: model)
    for index in 0..<Box.energyClasses {
      let probability = zip(shares, temperatures).reduce(0) { sum, item in
        sum + item.0 * Self.probability(from: Double(index) * width, to: Double(index + 1) * width, item.1)
      }
      add(.energyDensity(index: index + 1), probability / width, accuracy: 1e-13)
    }
    return answer
  }

  /// Every cycle carries E_L - E_R, of variance T_L² + T_R²; without a mean current the length of cycles does not matter.
  private func addFluctuations(
    _ temperatures: [Double], _ names: [String], _ flights: [Double], _ box: Box, among particles: Int,
    to answer: inout Answer
  ) {
    let cycle = flights[0] + flights[1]
    if temperatures[0] == temperatures[1] {
      let noise = 2 * temperatures[0] * temperatures[0] / cycle
      answer.entries.append(.init(.heatNoise(), .renewal, .numerical(noise, bound: 8e-15 * noise)))
    }
    // d t_a/d T_a = -t_a/2 T_a
    let current = (temperatures[0] - temperatures[1]) / cycle
    let changes = zip(flights, temperatures).map { 0.5 * current * $0 / $1 / cycle }
    let left = [1 / cycle + changes[0], -1 / cycle + changes[1]]
    let bounds = changes.map { 8e-15 * (1 / cycle + abs($0)) }
    let axis = Answer.Axis("bath", names: names)
    answer.entries.append(
      .init(
        .conductance, .renewal, axes: [axis, axis],
        [1.0, -1].flatMap { sign in zip(left, bounds).map { .numerical(sign * $0, bound: $1) } }))
    // J is as 1/l and as 1/sqrt(m); each of n rods takes its own length away from l.
    let byLength = -current / box.length
    let parameters = [
      ("medium.length", byLength), ("medium.mass", -0.5 * current / box.mass),
      ("medium.diameter", -Double(particles) * byLength),
    ]
    let slopes =
      parameters.map { Estimate.numerical($0.1, bound: 8e-15 * abs($0.1)) }
      + zip(left, bounds).map { .numerical($0, bound: $1) }
    answer.addResponse(
      slopes.map { [$0, .numerical(-$0.value, bound: $0.error)] },
      to: parameters.map(\.0) + names.map { "baths.\($0).temperature" }, ofBaths: names, by: .renewal)
  }

  /// sqrt(a b), also where a/b is beyond the range of numbers.
  private static func geometricMean(_ first: Double, _ second: Double) -> Double {
    let ratio = first / second
    return ratio.isNormal ? second * ratio.squareRoot() : first.squareRoot() * second.squareRoot()
  }

  /// Probability of an energy in a class at a temperature, one degree of freedom: its density is exp(-E/T)/sqrt(pi T E).
  private static func probability(from lower: Double, to upper: Double, _ temperature: Double) -> Double {
    let (a, b) = ((lower / temperature).squareRoot(), (upper / temperature).squareRoot())
    return b < 0.5 ? erf(b) - erf(a) : erfc(a) - erfc(b)
  }
}
