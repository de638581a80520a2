import Foundation
import NessLindblad
import NessModel
import Testing

/// Generators with levels that cannot be reached, T = 0, and questions without an answer.
@Suite struct UniquenessTests {
  /// With both baths at 0 the ground state, and nothing flows; with one, heat flows into it.
  @Test(arguments: couplings, spectra)
  func zeroTemperature(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let cold = try daviesSteadyState(of: box(left: 0, right: 0, coupling, spectrum, levels: 6))
    #expect(cold.populations == [1, 0, 0, 0, 0, 0])
    #expect(cold.currents == [0, 0])
    #expect(cold.entropyProduction == nil)
    let half = try daviesSteadyState(of: box(left: 10, right: 0, coupling, spectrum, levels: 6))
    let nearly = try daviesSteadyState(of: box(left: 10, right: 1e-3, coupling, spectrum, levels: 6))
    #expect(half.currents[0] > 0)
    #expect(deviation(half.currents[0], nearly.currents[0]) < 1e-13)
  }

  /// So cold that every Boltzmann factor underflows.
  @Test func underflow() throws {
    let state = try daviesSteadyState(of: box(left: 1e-3, right: 1e-4, .wall, .ohmic, levels: 40))
    #expect(state.populations[0] == 1)
    #expect(state.currents == [0, 0])
    #expect(try #require(try state.relaxationRate()) > 0)
  }

  private func matrixBox(_ rows: [[Double]], _ temperature: Double) throws -> QuantumBoxModel {
    let coupling = LindbladBath.Coupling.matrix(try CouplingMatrix(rows: rows))
    return try box(left: temperature, right: 5, coupling, .bosonic)
  }

  /// Two sets of levels that never meet: refused, by every method, and the sets are named.
  @Test func twoClosedClasses() throws {
    let model = try matrixBox([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]], 20)
    let refusals = LindbladSolver().refusals(of: model, by: [.davies, .liouvillian])
    #expect(refusals.map(\.method) == [.davies, .liouvillian])
    #expect(try #require(refusals.first).reason.contains("levels {1, 3} and levels {2, 4}"))
    #expect(throws: Refusal.self) { try liouvillianSteadyState(of: model, levels: 4) }
  }

  /// Without any coupling no level leads anywhere.
  @Test func zeroMatrix() throws {
    let model = try matrixBox([[1, 0], [0, 2]], 20)
    #expect(throws: Refusal.self) { try daviesSteadyState(of: model) }
  }

  /// A second set of levels that a bath at 0 only empties: transient, not a second steady state.
  @Test func transientLevels() throws {
    let model = try box(left: 0, right: 0, .nearest, .bosonic, levels: 5)
    #expect(try daviesSteadyState(of: model).populations[0] == 1)
    #expect(deviation(try #require(try daviesSteadyState(of: model).relaxationRate()), 2) < 1e-14)
  }

  @Test func oneLevel() throws {
    let answer = try LindbladSolver().answer(.all, of: box(left: 20, right: 5, .wall, .ohmic, levels: 1))
    #expect(answer.estimate(.heatCurrent, by: .davies)?.value == 0)
    #expect(answer.notes.contains { $0.contains("one level cannot carry heat") })
  }

  /// A table that ends too early, and one that does not.
  @Test func tabulated() throws {
    let table = try SpectralTable(angularFrequencies: [0, 1000], values: [0, 1000])
    let linear = try daviesSteadyState(of: box(left: 20, right: 0, .wall, .tabulated(table), levels: 10))
    #expect(linear.currents[0] > 0)
    let refusals = LindbladSolver().refusals(of: try box(left: 20, right: 5, .wall, .tabulated(table), levels: 16))
    #expect(try #require(refusals.first).reason.contains("its table covers 0 to 1000"))
  }

  /// hbar -> 0 ends in words with numbers, at once.
  @Test func classicalLimitIsRefused() throws {
    let model = try box(left: 20, right: 5, .wall, .ohmic, hbar: 1e-9)
    let refusal = try #require(LindbladSolver().refusals(of: model).first)
    #expect(refusal.reason.contains("levels and"))
    #expect(try LindbladSolver().answer(.all, of: model).entries.isEmpty)
  }

  /// Numbers at the edge of double precision: finite answers or words, by every method.
  @Test(arguments: [
    (1e-320, 1.0, 1.0, 1.0), (1e9, 1e-320, 1e4, 1.0), (3, 2, 1, 1e-300), (1e150, 1e140, 1e75, 1e-200),
    (1e-200, 1e-201, 1e-100, 1e100), (20, 5, 1, 1e200),
  ])
  func extremes(left: Double, right: Double, hbar: Double, rate: Double) throws {
    let model = try box(left: left, right: right, .uniform, .glauber, rate: rate, levels: 6, hbar: hbar)
    let answer = try LindbladSolver().answer(.all, of: model, by: LindbladSolver.methods)
    for method in LindbladSolver.methods {
      let energy = try #require(answer.estimate(.meanEnergy, by: method))
      #expect(energy.value > 0)
    }
    for entry in answer.entries.members { #expect(entry.estimate.value.isFinite && entry.estimate.error.isFinite) }
  }

  /// A tolerance that cannot be reached stops at rounding.
  @Test func zeroTolerance() throws {
    let convergence = try convergedLevels(of: box(left: 20, right: 5, .uniform, .ohmic), tolerance: 0)
    #expect(convergence.levels < 40)
  }

  /// One level, and T = 0, by every method.
  @Test(arguments: [1, 5])
  func frozen(levels: Int) throws {
    let model = try box(left: 0, right: 0, .wall, .metropolis, levels: levels)
    let answer = try LindbladSolver().answer(.all, of: model, by: LindbladSolver.methods)
    for method in LindbladSolver.methods {
      let current = try #require(answer.estimate(.heatCurrent, by: method))
      #expect(abs(current.value) <= 1e-12)
      let energy = try #require(answer.estimate(.meanEnergy, by: method))
      #expect(deviation(energy.value, model.medium.energy(ofLevel: 1)) < 1e-12)
    }
  }

  /// Where all levels decay at the same rate the two gaps agree within their bounds.
  @Test(arguments: [4, 8, 12, 20])
  func equalRates(levels: Int) throws {
    let model = try box(left: 0.3, right: 0.2, .nearest, .bosonic, levels: levels)
    let answer = try LindbladSolver().answer(.all, of: model, by: [.davies])
    let gap = try #require(answer.estimate(.relaxationRate, by: .davies))
    #expect(abs(gap.value - 2) <= gap.error + 1e-13)
  }
}
