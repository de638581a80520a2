import Foundation

/// A heat bath of a system of levels, given by the Hermitian operator A through which it couples and by a spectral function g that
/// obeys detailed balance, g(-w) = exp(-hbar w/T) g(w). What equation that makes is for the method.
package struct ThermalBath: Bath {
  /// Temperature [energy]; at 0 nothing is absorbed.
  package var temperature: Double
  /// The operator A.
  package var coupling: LevelOperator
  /// The spectral function, as that of a bath of a quantum box.
  package var spectrum: LindbladBath.Spectrum
  /// Factor of the spectral function, the strength of the bath [1/time over the square of A, or 1 for `ohmic`].
  package var rate: Double

  /// A bath; see the properties.
  package init(temperature: Double, coupling: LevelOperator, spectrum: LindbladBath.Spectrum, rate: Double = 1) {
    (self.temperature, self.coupling, self.spectrum, self.rate) = (temperature, coupling, spectrum, rate)
  }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> ThermalBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// The part that its operator names first.
  package var ownSite: Int? {
    if case .formula(let text) = coupling { firstPart(in: text) ?? 1 } else { 1 }
  }

  /// g at the angular frequency of an energy that is given to the bath, of a negative one that is taken from it [1/time over A²].
  ///
  /// At 0 it is the limit from either side: rate T/hbar for `ohmic`, infinite for `bosonic` above T = 0, rate for `metropolis`, rate/2
  /// for `glauber`, what the table or the formula says.
  ///
  /// - Returns: not a number beyond the ends of a table.
  package func rate(ofGiving energy: Double, hbar: Double) -> Double {
    if energy != 0 {
      let exchange = exchange(abs(energy), hbar: hbar)
      return energy > 0 ? exchange.emission : exchange.absorption
    }
    switch spectrum {
    case .ohmic: return rate * temperature / hbar
    case .bosonic: return temperature > 0 ? .infinity : rate
    case .metropolis: return rate
    case .glauber: return rate / 2
    case .tabulated(let table): return rate * table.value(at: 0)
    case .formula(let formula): return rate * formula.limit(temperature: temperature, hbar: hbar)
    }
  }
}

extension ThermalBath {
  /// The rates of giving the energy `energy` >= 0 to the bath and of taking it, together [1/time over A²].
  package func exchange(_ energy: Double, hbar: Double) -> (emission: Double, absorption: Double) {
    if energy == 0 {
      let rate = rate(ofGiving: 0, hbar: hbar)
      return (rate, rate)
    }
    // The same numbers as for a quantum box.
    return LindbladBath(temperature: temperature, coupling: .uniform, spectrum: spectrum, rate: rate)
      .exchange(energy, hbar: hbar)
  }
}

extension ThermalBath {
  /// How `rate(ofGiving:hbar:)` changes with the temperature at an energy that is not 0 [1/time over A², per energy].
  package func rateSlope(ofGiving energy: Double, hbar: Double) -> Double {
    let bath = LindbladBath(temperature: temperature, coupling: .uniform, spectrum: spectrum, rate: rate)
    let slope = bath.exchangeSlope(abs(energy), hbar: hbar)
    return energy > 0 ? slope.emission : slope.absorption
  }
}

extension ThermalBath {
  /// `thermal`
  package static let kind = KindDescription(
    "thermal", title: "Thermal bath of levels",
    meaning:
      "a bath of a system of levels, coupled by an operator A with a spectral function g; `kind: lindblad` is the same there"
  )
  /// An operator that flips the first part.
  package static let example = ThermalBath(temperature: 1, coupling: .formula("X1"), spectrum: .ohmic)
  /// Its temperature, the operator A and the spectral function g.
  package static let parameters: [Parameter<ThermalBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...4, isRequired: true,
      meaning: "at 0 nothing is absorbed"),
    .hermitianOperator(
      "coupling", "A", \.coupling,
      forms: [
        .init(word: "\"X1\"", meaning: "a Hermitian formula of operators of the parts and of `medium.parameters`")
      ], meaning: "the operator A through which it couples"),
    Parameter(
      "spectrum", "g", \.spectrum, isRequired: true,
      table: .init(
        "ω and g, linear between the points, `[[0, 1], [100, 2]]` or `{file: NAME.csv}`; beyond its ends Ness refuses",
        get: { bath in
          guard case .tabulated(let table) = bath.spectrum else { return nil }
          return zip(table.angularFrequencies, table.values).map { [$0, $1] }
        }, set: { bath, rows throws(ModelError) in bath.spectrum = .tabulated(try SpectralTable(rows: rows)) }),
      text: LindbladBath.Spectrum.formula(\.spectrum),
      meaning: "g for emission of E = ħω > 0; absorption is exp(−E/T) times that"),
    Parameter(
      "rate", "γ", \.rate, dimension: "1/time", range: .positive, usual: 0.01...100,
      meaning: "factor of g (over the square of the unit of A)"),
  ]
}

/// Jumps of given rates, of no temperature: an operator L lowers at one rate, its adjoint raises at another.
package struct JumpBath: Bath {
  /// The operator L, a formula of the operators of the parts.
  package var operation: String
  /// Rate of L [1/time over the square of L].
  package var down: Double
  /// Rate of its adjoint [1/time over the square of L].
  package var up: Double

  /// Jumps; see the properties.
  package init(operation: String, down: Double, up: Double) {
    (self.operation, self.down, self.up) = (operation, down, up)
  }

  /// It has none.
  package var temperature: Double { 0 }
  /// The same: its rates are given.
  package func at(temperature: Double) -> JumpBath { self }
  /// It has no temperature.
  package var isThermal: Bool { false }
  /// The part that its operator names first.
  package var ownSite: Int? { firstPart(in: operation) ?? 1 }
}

extension JumpBath {
  /// `jumps`
  package static let kind = KindDescription(
    "jumps", title: "Jumps",
    meaning:
      "jumps of a system of levels at given rates: an operator L at the rate `down`, its adjoint at the rate `up`")
  /// A decay of the first part, one in three times undone.
  package static let example = JumpBath(operation: "Sm1", down: 1, up: 0.3)
  /// The operator and its rates.
  package static let parameters: [Parameter<JumpBath>] = [
    .operation(
      "operator", "L", \.operation, dimension: "word",
      forms: [.init(word: "\"Sm1\"", meaning: "a formula of operators of the parts and of `medium.parameters`")],
      meaning: "the operator L of the jumps"),
    Parameter(
      "down", "γ_d", \.down, dimension: "1/time", range: .notNegative, usual: 0.01...100, isRequired: true,
      name: "rate of the jumps", meaning: "rate of L"),
    Parameter(
      "up", "γ_u", \.up, dimension: "1/time", range: .notNegative, usual: 0.01...100, isRequired: true,
      name: "rate of the jumps back", meaning: "rate of its adjoint"),
  ]
}
