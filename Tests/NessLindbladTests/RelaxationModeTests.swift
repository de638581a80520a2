import NessLindblad
import NessModel
import NessStatistics
import Testing

/// Modes of relaxation of a quantum box.
@Suite struct RelaxationModeTests {
  private let asked = Quantity.Family.relaxationModes

  private func entry(_ answer: Answer, _ family: Quantity.Family) throws -> Answer.Entry {
    try #require(answer.entries.first { $0.quantity.family == family })
  }

  /// Two levels: the populations relax at the sum of all rates, the coherence at half of it and turns at the Bohr frequency.
  @Test(arguments: [1, 1e-9]) func twoLevels(rate: Double) throws {
    let model = try box(left: 7, right: 3, .nearest, .bosonic, rate: rate, levels: 2)
    let davies = try LindbladSolver().answer(.only(asked + [.relaxationRate]), of: model, by: [.davies])
    let gap = try davies.required(.relaxationRate, .davies)
    let rates = try entry(davies, .modeRate)
    #expect(rates.estimates.count == 1)
    // The comparison with three levels is in the bound.
    #expect(abs(rates.estimates[0].value - gap.value) < 1e-12 * gap.value)
    #expect(try entry(davies, .participationRatio).estimates[0].value - 2 < 1e-12)
    let whole = try LindbladSolver().answer(.only(asked), of: model, by: [.liouvillian])
    let all = try entry(whole, .modeRate)
    #expect(all.estimates.count == 2)
    #expect(abs(all.estimates[0].value - gap.value / 2) <= all.estimates[0].error + 1e-12 * gap.value)
    #expect(abs(all.estimates[1].value - gap.value) <= all.estimates[1].error + 1e-12 * gap.value)
    let frequencies = try entry(whole, .modeFrequency)
    let bohr = (model.medium.energy(ofLevel: 2) - model.medium.energy(ofLevel: 1)) / model.medium.hbar
    #expect(abs(frequencies.estimates[0].value - bohr) < 1e-12 * bohr && frequencies.estimates[1].value == 0)
    #expect(all.estimates.allSatisfy { $0.error < 1e-6 * $0.value })
  }

  /// The modes of the populations are among those of the density matrix; the slowest is the gap.
  @Test(arguments: [LindbladBath.Coupling.wall, .position]) func populationsAreAmongAll(coupling: LindbladBath.Coupling)
    throws
  {
    let model = try box(left: 60, right: 20, coupling, .bosonic, levels: 6)
    let davies = try LindbladSolver().answer(.only(asked + [.relaxationRate]), of: model, by: [.davies])
    let whole = try LindbladSolver().answer(.only(asked), of: model, by: [.liouvillian])
    let (some, all) = (try entry(davies, .modeRate), try entry(whole, .modeRate))
    // As many as real and pairs of complex eigenvalues make: 36 - 1 less half of those in pairs.
    let frequencies = try entry(whole, .modeFrequency)
    #expect(frequencies.estimates.reduce(1) { $0 + ($1.value > 0 ? 2 : 1) } == 36)
    let gap = try davies.required(.relaxationRate, .davies)
    #expect(abs(some.estimates[0].value - gap.value) < 1e-12 * gap.value)
    for rate in some.estimates {
      let nearest = all.estimates.map { abs($0.value - rate.value) }.min() ?? .infinity
      #expect(nearest < 1e-10 * rate.value, "\(rate) \(nearest)")
    }
    let shares = try entry(davies, .modeShare)
    for mode in 0..<some.estimates.count {
      #expect(abs(shares.estimates[(mode * 6)..<(mode * 6 + 6)].reduce(0) { $0 + $1.value } - 1) < 1e-12)
    }
  }
}
