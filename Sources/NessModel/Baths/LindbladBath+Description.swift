extension LindbladBath {
  /// `lindblad`
  package static let kind = KindDescription(
    "lindblad", title: "Quantum bath",
    meaning: "a bath of a quantum box: the jump n → m has the rate |⟨m|A|n⟩|² g(E_n − E_m)")
  /// Equal rates for all pairs of levels.
  package static let example = LindbladBath(temperature: 10, coupling: .uniform, spectrum: .metropolis)
  /// Its temperature, the operator A and the spectral function g.
  package static let parameters: [Parameter<LindbladBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "at 0 nothing is absorbed"),
    Parameter(
      "coupling", "A", \.coupling, isRequired: true,
      table: .init(
        "any real symmetric matrix, `[[0, 1], [1, 0]]` or `{file: NAME.csv}` beside the experiment file",
        get: { if case .matrix(let matrix) = $0.coupling { matrix.rows } else { nil } },
        set: { bath, rows throws(ModelError) in bath.coupling = .matrix(try CouplingMatrix(rows: rows)) }),
      meaning: "the operator A, by its elements ⟨m|A|n⟩ at the left wall; the right wall has (−1)^(m+n) in addition"),
    Parameter(
      "width", "w", \.width, dimension: "energy", range: .positive, usual: 0.5...400, isRequired: true,
      name: "width of the proposals", if: .only("coupling", "collision"), meaning: "levels closer than this are coupled"
    ),
    // A thermalising wall has no spectral function, and its amplitude is what it is.
    Parameter(
      "amplitude", nil, \.amplitude, if: .unless("coupling", "maxwell"), meaning: "how the elements depend on the box"),
    Parameter(
      "spectrum", "g", \.spectrum, isRequired: true, if: .unless("coupling", "maxwell"),
      table: .init(
        "ω and g, linear between the points, `[[0, 1], [100, 2]]` or `{file: NAME.csv}`; beyond its ends Ness refuses",
        get: { bath in
          guard case .tabulated(let table) = bath.spectrum else { return nil }
          return zip(table.angularFrequencies, table.values).map { [$0, $1] }
        }, set: { bath, rows throws(ModelError) in bath.spectrum = .tabulated(try SpectralTable(rows: rows)) }),
      text: Spectrum.formula(\.spectrum),
      meaning: "g for emission of E = ħω > 0; absorption is exp(−E/T) times that"),
    Parameter(
      "rate", "γ", \.rate, dimension: "1/time", range: .positive, usual: 0.01...100,
      meaning: "factor of g (over the square of the unit of A)"),
  ]

  /// Nil for a bath of another kind.
  package init?(_ law: any Bath) {
    guard let law = law as? LindbladBath else { return nil }
    self = law
  }

  /// The bath itself.
  package var law: any Bath { self }
}

extension LindbladBath.Coupling: NamedChoice {
  /// The operators that have a name.
  package static let choices: [(word: String, value: LindbladBath.Coupling, meaning: String)] = [
    ("wall", .wall, "m n, from the force on the wall"),
    ("uniform", .uniform, "1 for every pair of levels"),
    ("nearest", .nearest, "1 for neighbouring levels"),
    ("position", .position, "x restricted to the half of the box at the bath"),
    (
      "collision", .collision(width: 40),
      "(πħ v_m v_n / (4 width l²))^(1/2) if the levels are closer than `width`: twin of the Metropolis wall with energy moves"
    ),
    (
      "maxwell", .maxwell,
      "twin of the Maxwell wall: jump n → m at the rate (v_n/2l) p_m, p_m ~ v_m exp(−E_m/T), normalised over all levels"
    ),
  ]

  /// The name in a file; nil for a matrix.
  package var word: String? {
    Self.choices.first { choice in
      if case .collision = choice.value, case .collision = self { true } else { choice.value == self }
    }?.word
  }
}

extension LindbladBath.Amplitude: NamedChoice {
  /// Both.
  package static let choices: [(word: String, value: LindbladBath.Amplitude, meaning: String)] = [
    ("unit", .unit, "as the coupling says"),
    ("physical", .physical, "`wall` times π²ħ²/(m l³), `uniform` and `nearest` times 2/l"),
  ]
}

extension LindbladBath.Spectrum: NamedChoice {
  /// The spectral functions that have a name.
  package static let choices: [(word: String, value: LindbladBath.Spectrum, meaning: String)] = [
    ("ohmic", .ohmic, "rate ω (n_B + 1)"),
    ("bosonic", .bosonic, "rate (n_B + 1)"),
    ("metropolis", .metropolis, "rate; so all rates are rate min(1, exp(−ΔE/T))"),
    ("glauber", .glauber, "rate / (1 + exp(−E/T))"),
  ]
}

extension LindbladBath.Spectrum {
  /// A formula in place of a name.
  static func formula<Owner>(
    _ path: WritableKeyPath<Owner, LindbladBath.Spectrum> & Sendable
  ) -> (structure: Parameter<Owner>.Structure, form: ParameterDescription.Choice) {
    (
      .init(
        get: { if case .formula(let formula) = $0[keyPath: path] { .text(formula.text) } else { nil } },
        set: { owner, tree throws(ModelError) in
          guard let text = tree.formula else { throw ModelError("spectrum", tree.words, "a formula of w and T") }
          owner[keyPath: path] = .formula(try SpectralFormula(text))
        }),
      .init(
        word: "\"w*exp(-w/10)/(1 - exp(-w/T))\"",
        meaning: "rate times a formula of the angular frequency `w` > 0, `T` and `hbar`; absorption follows from it")
    )
  }
}
