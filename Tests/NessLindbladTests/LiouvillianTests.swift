import NessLindblad
import NessModel
import Testing

/// The whole density matrix.
@Suite struct LiouvillianTests {
  /// The Pauli equation is the diagonal part of the Davies equation, coincident Bohr frequencies included (12 levels
  /// have 8² - 7² = 4² - 1² and others).
  @Test(arguments: couplings, spectra)
  func agreesWithDavies(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let model = try box(left: 33, right: 4, coupling, spectrum, levels: 12)
    let davies = try daviesSteadyState(of: model)
    let state = try liouvillianSteadyState(of: model)
    #expect(deviation(state.currents[0], davies.currents[0]) < 1e-10)
    #expect(abs(state.currents[0] + state.currents[1]) <= state.currentBounds[0] + state.currentBounds[1])
    for level in 0..<12 {
      #expect(abs(state.realPart[level, level] - davies.populations[level]) < 1e-12)
      for other in 0..<level { #expect(state.realPart[level, other] == 0 && state.imaginaryPart[level, other] == 0) }
    }
    #expect(state.smallestEigenvalue > 0)
    #expect(deviation(state.meanEnergy, davies.meanEnergy) < 1e-10)
  }

  /// Coherences with the same Bohr frequency are coupled: left out, the spectrum is another one.
  @Test func groupingMatters() throws {
    let model = try box(left: 100, right: 25, .uniform, .ohmic, levels: 8)
    func rates(_ spectrum: [(real: Double, imaginary: Double)]) -> [Double] { spectrum.map(\.real).sorted() }
    let grouped = try rates(liouvillianSpectrum(of: model))
    let ungrouped = try rates(ungroupedSpectrum(of: model, levels: 8))
    let largest = zip(grouped, ungrouped).map { deviation($0, $1) }.dropLast().max()
    #expect(try #require(largest) > 1e-3)
    // Below the first coincidence among the pairs (7² - 5² = 5² - 1²) there is no difference.
    let small = try box(left: 33, right: 4, .wall, .ohmic, levels: 4)
    let pairs = try zip(rates(liouvillianSpectrum(of: small)), rates(ungroupedSpectrum(of: small, levels: 4)))
    for (first, second) in pairs.dropLast() { #expect(deviation(first, second) < 1e-12) }
  }

  /// One zero eigenvalue, nothing grows, eigenvalues in conjugate pairs: trace and Hermiticity are conserved.
  @Test(arguments: couplings)
  func spectrum(coupling: LindbladBath.Coupling) throws {
    let values = try liouvillianSpectrum(of: box(left: 33, right: 4, coupling, .glauber, levels: 9))
    #expect(values.count == 81)
    let norm = values.reduce(0) { max($0, abs($1.real)) }
    #expect(values.filter { abs($0.real) + abs($0.imaginary) < 1e-12 * norm }.count == 1)
    #expect(values.allSatisfy { $0.real < 1e-12 * norm })
    #expect(abs(values.reduce(0) { $0 + $1.imaginary }) < 1e-9)
  }

  /// Two levels: the populations relax at the sum of all rates, the coherence at half of it, turning at the gap.
  @Test func twoLevels() throws {
    let model = try box(left: 20, right: 5, .uniform, .bosonic, levels: 2, hbar: 0.7)
    let gap = model.medium.firstGap
    let sum = model.attachments.reduce(0) { total, attachment in
      total + attachment.bath.emission(gap, hbar: 0.7) + attachment.bath.absorption(gap, hbar: 0.7)
    }
    let values = try liouvillianSpectrum(of: model).sorted { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
    #expect(deviation(values[0].real, -sum) < 1e-13)
    #expect(deviation(values[1].real, -sum / 2) < 1e-13)
    #expect(deviation(values[1].imaginary, -gap / 0.7) < 1e-13)
  }

  /// Two levels have one frequency only: the local equation is the secular one.
  @Test(arguments: spectra)
  func localTwoLevels(spectrum: LindbladBath.Spectrum) throws {
    let model = try box(left: 20, right: 5, .wall, spectrum, levels: 2)
    let davies = try daviesSteadyState(of: model)
    let local = try localSteadyState(of: model, levels: 2)
    #expect(deviation(local.currents[0], davies.currents[0]) < 1e-12)
  }

  /// Three baths: the heats of the local equation add up to 0, the state has trace 1 and no negative eigenvalue.
  @Test(arguments: 1...4)
  func localConserves(seed: UInt64) throws {
    var sequence = FixedSequence(seed: seed)
    let attachments = try (1...3).map { index in
      QuantumBoxModel.Attachment(
        name: "bath\(index)", site: 1,
        bath: LindbladBath(
          temperature: sequence.next(5...50), coupling: try randomMatrix(6, &sequence), spectrum: .ohmic))
    }
    let model = try QuantumBoxModel(medium: QuantumBox(length: 1, levels: 6), attachments: attachments)
    let state = try localSteadyState(of: model, levels: 6)
    #expect(abs(state.currents.reduce(0, +)) <= state.currentBounds.reduce(0, +))
    #expect(abs((0..<6).reduce(0) { $0 + state.realPart[$1, $1] } - 1) < 1e-13)
    #expect(state.smallestEigenvalue > -1e-13)
    #expect(state.imaginaryPart.largestElement > 1e-6)
  }

  /// Heat from the colder to the hotter bath; the value agrees with an independent dense solution.
  @Test func localAgainstTheBias() throws {
    let model = try box(left: 14, right: 20, .position, .ohmic, levels: 8)
    let answer = try LindbladSolver().answer(.all, of: model, by: [.local])
    #expect(deviation(try #require(answer.estimate(.heatCurrent, by: .local)).value, 2.151122767065181) < 1e-11)
    #expect(try #require(answer.estimate(.entropyProduction, by: .local)).value < -0.04)
    #expect(answer.notes.contains { $0.contains("below 0") })
  }

  /// Heat flows between baths of one temperature through the local equation, not through the secular one; with mirrored
  /// walls nothing can flow.
  @Test func localBreaksTheSecondLaw() throws {
    let broken = try box(left: 20, right: 20, .position, .ohmic, levels: 8)
    let answer = try LindbladSolver().answer(.all, of: broken, by: [.local, .davies])
    let local = try #require(answer.estimate(.heatCurrent, by: .local))
    let davies = try #require(answer.estimate(.heatCurrent, by: .davies))
    #expect(local.value > 1)
    #expect(abs(davies.value) <= davies.error)
    #expect(answer.notes.contains { $0.hasPrefix("warning: local: breaks the second law") })
    let kept = try box(left: 20, right: 20, .wall, .ohmic, levels: 8)
    let notes = try LindbladSolver().answer(.all, of: kept, by: [.local]).notes
    #expect(notes.contains { $0.hasPrefix("local: keeps the second law here") })
  }
}
