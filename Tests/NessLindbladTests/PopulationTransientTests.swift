import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

/// Populations of a quantum box from a start on.
@Suite struct PopulationTransientTests {
  private func follow(_ model: QuantumBoxModel, _ transient: Transient) throws -> [Quantity.Family: Answer.Entry] {
    let asked: [Quantity.Family] = [.transientHeat, .transientEnergy, .transientPopulation]
    let answer = try LindbladSolver().answer(.only(asked), of: model.with(transient), by: [.davies])
    return Dictionary(uniqueKeysWithValues: answer.entries.map { ($0.quantity.family, $0) })
  }

  /// Two levels in closed form, at rates that differ by ten decades.
  @Test(arguments: [1, 1e-10]) func twoLevels(rate: Double) throws {
    var rows = [[0.0, 1], [1, 0]]
    rows[0][1] = 1
    let coupling = LindbladBath.Coupling.matrix(try CouplingMatrix(rows: rows))
    let model = try box(left: 20, right: 5, coupling, .bosonic, rate: rate)
    let gap = try #require(try daviesSteadyState(of: model).relaxationRate())
    let steady = try daviesSteadyState(of: model).populations
    var transient = Transient(duration: 3 / gap, every: 0.5 / gap)
    transient.populations = [0.25, 0.75]
    let found = try follow(model, transient)
    let populations = try #require(found[.transientPopulation])
    for (index, time) in transient.times.enumerated() {
      let exact = steady[1] + (0.75 - steady[1]) * exp(-gap * time)
      #expect(abs(populations.estimates[6 + index].value - exact) < 1e-13)
    }
  }

  /// First law, probability, and the steady state at late times, from hot and from cold.
  @Test(arguments: [0, 300]) func lawsAndLateTimes(temperature: Double) throws {
    let model = try box(left: 60, right: 20, .wall, .bosonic, levels: 12)
    let state = try daviesSteadyState(of: model)
    let gap = try #require(try state.relaxationRate())
    var transient = Transient(duration: 60 / gap, every: 2 / gap)
    transient.temperature = [temperature]
    let found = try follow(model, transient)
    let (heat, energy) = (try #require(found[.transientHeat]), try #require(found[.transientEnergy]))
    let populations = try #require(found[.transientPopulation])
    for index in 1..<30 {
      let given = transient.every * (heat.estimates[index].value + heat.estimates[30 + index].value)
      let change = energy.estimates[index].value - energy.estimates[index - 1].value
      #expect(abs(given - change) < 1e-10 * energy.estimates[index].value, "\(given) \(change)")
    }
    let levels = populations.axes[0].count
    for index in 0..<30 {
      let sum = (0..<levels).reduce(0) { $0 + populations.estimates[30 * $1 + index].value }
      #expect(abs(sum - 1) < 1e-11)
    }
    for level in 0..<levels {
      #expect(abs(populations.estimates[30 * level + 29].value - state.populations[level]) < 1e-12)
    }
    #expect(abs(heat.estimates[29].value - state.currents[0]) < 1e-9 * abs(state.currents[0]))
  }
}
