import Foundation
import NessLindblad
import NessModel
import Testing

/// The number of levels, and the limit of small hbar.
@Suite struct ConvergenceTests {
  /// Automatic levels against three times as many: the bounds hold and are as asked.
  @Test(arguments: couplings, spectra)
  func automaticLevels(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    // A collision couples neighbouring levels only as long as they are closer than its width.
    let temperature: Double = if case .collision = coupling { 15 } else { 60 }
    let model = try box(left: temperature, right: 7, coupling, spectrum)
    let convergence = try convergedLevels(of: model)
    let isLimited = if case .collision = coupling { true } else { false }
    let many = try daviesSteadyState(of: model, levels: isLimited ? 29 : 3 * convergence.levels)
    let change = abs(many.currents[0] - convergence.state.currents[0])
    #expect(change <= 1e-10 * many.currents[0])
    #expect(change <= convergence.currentChanges[0] + many.currentBounds[0] + convergence.state.currentBounds[0])
    #expect(abs(many.meanEnergy - convergence.state.meanEnergy) <= 1e-10 * many.meanEnergy)
  }

  /// Too few levels are answered with the error they make, and said.
  @Test func tooFewLevels() throws {
    let answer = try LindbladSolver().answer(.all, of: box(left: 40, right: 5, .wall, .ohmic, levels: 4))
    let exact = try daviesSteadyState(of: box(left: 40, right: 5, .wall, .ohmic))
    let current = try #require(answer.estimate(.heatCurrent, by: .davies))
    #expect(current.error > 0.1 * current.value)
    #expect(deviation(current.value, exact.currents[0]) > 0.01)
    #expect(answer.notes.contains { $0.contains("4 levels are too few") })
  }

  /// `collision` with `metropolis`: J converges as hbar -> 0, with an error of about the order of hbar, towards that of the
  /// jump process of a classical particle whose walls propose energies (0.16218, by an independent quadrature).
  @Test func classicalLimit() throws {
    let currents = try [0.1, 0.05, 0.025, 0.0125].map { hbar in
      try daviesSteadyState(of: box(left: 4, right: 1, .collision(width: 10), .metropolis, hbar: hbar)).currents[0]
    }
    let errors = currents.map { $0 - 0.16218 }
    for (error, next) in zip(errors, errors.dropFirst()) { #expect(0.35 < next / error && next / error < 0.65) }
  }

  /// The gap is among the eigenvalues of the whole generator.
  @Test(arguments: couplings, spectra)
  func gap(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let model = try box(left: 30, right: 6, coupling, spectrum, levels: 14)
    let gap = try #require(try daviesSteadyState(of: model).relaxationRate())
    let nearest = try liouvillianSpectrum(of: model).map { abs(-$0.real - gap) + abs($0.imaginary) }.min()
    #expect(try #require(nearest) < 1e-9 * gap)
  }

  /// Heat capacity of a hot box with small hbar is that of one classical degree of freedom, 1/2.
  @Test func heatCapacity() throws {
    let answer = try LindbladSolver().answer(of: box(left: 50, right: 50, .wall, .ohmic, hbar: 0.02))
    let capacity = try #require(answer.estimate(.heatCapacity, by: .davies))
    #expect(abs(capacity.value - 0.5) < 2e-3)
  }

  /// All quantities are there, and the populations that matter add up to 1.
  @Test func answers() throws {
    let model = try box(left: 20, right: 5, .wall, .ohmic)
    let answer = try LindbladSolver().answer(.all, of: model, by: [.davies, .liouvillian])
    for method in [Method.davies, .liouvillian] {
      for quantity in [Quantity.heatCurrent, .heat(from: "left"), .heat(from: "right"), .meanEnergy, .relaxationRate] {
        let estimate = try #require(answer.estimate(quantity, by: method))
        #expect(estimate.error < 1e-8 * abs(estimate.value))
      }
    }
    let populations = answer.entries.members.filter { $0.quantity.family == .population }
    #expect(abs(populations.reduce(0) { $0 + $1.estimate.value } - 1) < 1e-11)
    #expect(LindbladSolver().refusals(of: model, by: [.local]).first?.reason.contains("medium.levels") == true)
  }
}
