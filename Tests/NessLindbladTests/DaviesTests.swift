import Foundation
import NessLindblad
import NessModel
import Testing

/// The Pauli equation against closed forms.
@Suite struct DaviesTests {
  /// p_2/p_1 is the ratio of the total rates up and down; J = gap (up_L p_1 - down_L p_2).
  @Test(arguments: spectra)
  func twoLevels(spectrum: LindbladBath.Spectrum) throws {
    let model = try box(left: 20, right: 5, .wall, spectrum, rate: 0.3, levels: 2)
    let state = try daviesSteadyState(of: model)
    let gap = model.medium.firstGap
    let down = model.attachments.map { 4 * $0.bath.emission(gap, hbar: 1) }
    let up = zip(down, [20.0, 5]).map { $0 * exp(-gap / $1) }
    let sum = down[0] + down[1] + up[0] + up[1]
    let exact = gap * (up[0] * down[1] - up[1] * down[0]) / sum
    #expect(deviation(state.currents[0], exact) < 1e-13)
    #expect(deviation(state.currents[1], -exact) < 1e-13)
    #expect(deviation(state.populations[1], (up[0] + up[1]) / sum) < 1e-14)
    #expect(deviation(try #require(try state.relaxationRate()), sum) < 1e-13)
    #expect(deviation(try #require(state.entropyProduction), exact * (0.2 - 0.05)) < 1e-12)
  }

  /// At equal temperatures the Gibbs state, whatever the bath.
  @Test(arguments: couplings, spectra)
  func equalTemperatures(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let model = try box(left: 17, right: 17, coupling, spectrum, levels: 10)
    let state = try daviesSteadyState(of: model)
    for level in 2...10 {
      let exact = exp(-Double(level * level - 1) * model.medium.energy(ofLevel: 1) / 17)
      #expect(deviation(state.populations[level - 1] / state.populations[0], exact) < 1e-13)
    }
    for (current, bound) in zip(state.currents, state.currentBounds) { #expect(abs(current) <= bound) }
    #expect(try #require(state.entropyProduction) < 1e-20)
  }

  /// Nearest levels only: a birth-death chain, whose populations are a product of ratios, here down to 1e-200.
  @Test func birthDeathChain() throws {
    let model = try box(left: 12, right: 3, .nearest, .ohmic, levels: 30)
    let state = try daviesSteadyState(of: model)
    var exact = 1.0
    for level in 1..<30 {
      let gap = Double(2 * level + 1) * model.medium.energy(ofLevel: 1)
      let down = model.attachments.map { $0.bath.emission(gap, hbar: 1) }
      let up = model.attachments.map { $0.bath.absorption(gap, hbar: 1) }
      exact *= (up[0] + up[1]) / (down[0] + down[1])
      #expect(deviation(state.populations[level] / state.populations[0], exact) < 1e-13)
    }
    #expect(exact < 1e-150)
  }

  /// Values of an independent program (A = m n/M², rate 0.01, T = 20 and 5, numpy).
  @Test(arguments: [
    (8, 1.888630730580399e-2), (16, 1.180431043110994e-3), (32, 7.377694019443715e-5), (64, 4.611058762152322e-6),
    (128, 2.881911726345201e-7), (256, 1.801194828965751e-8), (512, 1.125746768103594e-9),
  ])
  func referenceCurrents(levels: Int, exact: Double) throws {
    let model = try box(left: 20, right: 5, .wall, .ohmic, rate: 0.01 / pow(Double(levels), 4), levels: levels)
    let state = try daviesSteadyState(of: model)
    #expect(deviation(state.currents[0], exact) < 1e-13)
    #expect(abs(state.currents[0] + state.currents[1]) <= state.currentBounds[0] + state.currentBounds[1])
  }

  /// Random couplings and temperatures, three baths: energy balance, second law, and a small residual.
  @Test(arguments: 1...12)
  func randomModels(seed: UInt64) throws {
    var sequence = FixedSequence(seed: seed)
    let attachments = try (1...3).map { index in
      QuantumBoxModel.Attachment(
        name: "bath\(index)", site: 1 + index % 2,
        bath: LindbladBath(
          temperature: sequence.next(1...60), coupling: try randomMatrix(9, &sequence),
          spectrum: spectra[index % 4], rate: sequence.next(0.1...3)))
    }
    let model = try QuantumBoxModel(medium: QuantumBox(length: 1, levels: 9), attachments: attachments)
    let state = try daviesSteadyState(of: model)
    #expect(abs(state.currents.reduce(0, +)) <= state.currentBounds.reduce(0, +))
    let entropy = try #require(state.entropyProduction)
    let clausius = zip(state.currents, model.attachments).reduce(0) { $0 - $1.0 / $1.1.bath.temperature }
    #expect(entropy > 0)
    #expect(deviation(entropy, clausius) < 1e-11)
    #expect(state.residual < 1e-14)
    #expect(abs(state.populations.reduce(0, +) - 1) < 1e-14)
  }

  /// Swapping the walls turns the current round, if the operators are mirrored: not `position`, which counts from the left.
  @Test(arguments: couplings.filter { $0 != .position })
  func mirror(coupling: LindbladBath.Coupling) throws {
    let there = try daviesSteadyState(of: box(left: 25, right: 4, coupling, .bosonic, levels: 10))
    let back = try daviesSteadyState(of: box(left: 4, right: 25, coupling, .bosonic, levels: 10))
    #expect(deviation(there.currents[0], back.currents[1]) < 1e-12)
  }

  /// The blocked elimination of many levels agrees with that of few: a birth-death chain over several blocks.
  @Test(arguments: [143, 144, 145, 192, 193, 300])
  func blocks(levels: Int) throws {
    let model = try box(left: 4000, right: 900, .nearest, .glauber, levels: levels)
    let state = try daviesSteadyState(of: model)
    var exact = 1.0
    for level in 1..<levels {
      let gap = Double(2 * level + 1) * model.medium.energy(ofLevel: 1)
      let ratio = model.attachments.reduce(0) { $0 + $1.bath.absorption(gap, hbar: 1) }
      exact *= ratio / model.attachments.reduce(0) { $0 + $1.bath.emission(gap, hbar: 1) }
      #expect(deviation(state.populations[level] / state.populations[0], exact) < 1e-12)
    }
  }
}
