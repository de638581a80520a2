extension Quantity {
  /// What can be asked for; the raw values are the names in JSON and in files.
  package enum Family: String, CaseIterable, Hashable, Codable, Sendable {
    case heatCurrent, heatFrom, bondHeatCurrent, kineticTemperature, effectiveFriction, effectiveStiffness
    case meanDisplacement, meanEnergy, potentialEnergy, entropyProduction, relaxationRate, heatCapacity, population,
      density
    case energyDensity, collisionRate, timeShare, collisionsToThermalise
    case heatNoise, heatSkewness, heatKurtosis, heatCovariance, fanoFactor, uncertaintyRatio
    case generatingFunction, rateFunction, conductance, causes, response, heatResponse
    case power
    case modeRate, modeFrequency, participationRatio, modeShare
    case transientHeat, transientTemperature, transientDisplacement, transientEnergy, transientEnergyVariance
    case transientPopulation, currentCorrelation, greenKuboConductivity
    case observable, transientObservable, purity, vonNeumannEntropy, concurrence, levelEnergy
  }

  /// What tells the members of a family apart.
  package enum Members: Hashable, Sendable {
    /// There is one quantity.
    case one
    /// One for each bath; the words stand before the name of the bath, the other ones behind it.
    case ofBath(String, String = "bath")
    /// One for each bath of a kind; without a name if there is one such bath.
    case ofBathOrOne(String)
    /// One for each site, bond, level, ...: what is counted from 1.
    case numbered(String)
    /// One for each place along these axes: names of baths, names of other things, or values.
    case along([String])
  }
}

extension Quantity.Family {
  /// A family in words: everything that tables, axes, documents and the page say of it.
  private struct Words {
    let symbol: String?
    let words: String
    let dimension: String
    let members: Quantity.Members

    init(_ symbol: String?, _ words: String, _ dimension: String, _ members: Quantity.Members = .one) {
      self.symbol = symbol
      self.words = words
      self.dimension = dimension
      self.members = members
    }
  }

  private var inWords: Words {
    switch self {
    case .heatCurrent: Words("J", "heat current", "energy/time")
    case .heatFrom: Words("J_#", "heat", "energy/time", .ofBath("from"))
    case .bondHeatCurrent: Words("J_#", "heat through bond", "energy/time", .numbered("bond"))
    case .kineticTemperature: Words("T_#", "kinetic temperature of site", "energy", .numbered("site"))
    case .effectiveFriction: Words("γ_eff", "effective friction", "mass/time", .ofBathOrOne("of"))
    case .effectiveStiffness: Words("k_eff", "effective stiffness", "mass/time^2", .ofBathOrOne("at"))
    case .meanDisplacement: Words("⟨q_#⟩", "mean displacement of site", "length", .numbered("site"))
    case .meanEnergy: Words("⟨E⟩", "mean energy", "energy")
    case .potentialEnergy: Words("⟨U_#⟩", "mean potential energy of site", "energy", .numbered("site"))
    case .entropyProduction: Words("σ", "entropy production", "1/time")
    case .relaxationRate: Words(nil, "relaxation rate", "1/time")
    case .heatCapacity: Words(nil, "heat capacity", "1")
    case .population: Words("p_#", "population of level", "1", .numbered("level"))
    case .density: Words(nil, "density of the box in part", "1/length", .numbered("part"))
    case .energyDensity: Words(nil, "probability density of the energy, class", "1/energy", .numbered("class"))
    case .collisionRate: Words(nil, "rate of collisions", "1/time", .ofBath("with", "wall"))
    case .timeShare: Words(nil, "share of the time", "1", .ofBath("in flights from", "wall"))
    case .collisionsToThermalise: Words("N_c", "collisions to thermalise", "1", .ofBath("at", "wall"))
    case .heatNoise: Words("D", "variance rate of the heat", "energy^2/time", .ofBathOrOne("from"))
    case .heatSkewness: Words("κ_3", "third cumulant rate of the heat", "energy^3/time", .ofBathOrOne("from"))
    case .heatKurtosis: Words("κ_4", "fourth cumulant rate of the heat", "energy^4/time", .ofBathOrOne("from"))
    case .heatCovariance:
      Words("D_#", "covariance rate of the heats from baths", "energy^2/time", .along(["bath", "bath"]))
    case .fanoFactor: Words("D/|J|", "variance rate of the heat over the heat current", "energy")
    case .uncertaintyRatio: Words("σD/2J²", "thermodynamic uncertainty ratio", "1")
    case .generatingFunction:
      Words("μ(#)", "generating function of the heat at x =", "1/time", .along(["x"]))
    case .rateFunction: Words("I(#)", "rate function of the heat at a mean of", "1/time", .along(["current"]))
    case .conductance:
      Words("∂J_a/∂T_b", "change of heat and of temperature, baths", "1/time", .along(["bath", "bath"]))
    case .power: Words("P", "work of the drive per time", "energy/time")
    case .modeRate: Words("Γ_#", "decay rate of mode", "1/time", .numbered("mode"))
    case .modeFrequency: Words("ω_#", "angular frequency of mode", "1/time", .numbered("mode"))
    case .participationRatio: Words("P_#", "number of places on which sits mode", "1", .numbered("mode"))
    case .modeShare: Words(nil, "share of mode and of place", "1", .along(["mode", "place"]))
    case .transientHeat:
      Words("J(t)", "heat per time over the interval before, bath and time", "energy/time", .along(["bath", "time"]))
    case .transientTemperature:
      Words("T(t)", "kinetic temperature, site and time", "energy", .along(["site", "time"]))
    case .transientDisplacement:
      Words("⟨q⟩(t)", "mean displacement, site and time", "length", .along(["site", "time"]))
    case .transientEnergy: Words("⟨E⟩(t)", "mean energy at time", "energy", .along(["time"]))
    case .transientEnergyVariance: Words(nil, "variance of the energy at time", "energy^2", .along(["time"]))
    case .transientPopulation: Words("p(t)", "population, level and time", "1", .along(["level", "time"]))
    case .observable: Words("⟨#⟩", "mean of observable", "that of its formula", .along(["observable"]))
    case .transientObservable:
      Words("⟨O⟩(t)", "mean of an observable, name and time", "that of its formula", .along(["observable", "time"]))
    case .levelEnergy: Words("E_#", "energy of level", "energy", .numbered("level"))
    case .purity: Words("Tr ρ²", "purity of the state", "1")
    case .vonNeumannEntropy: Words("S", "von Neumann entropy of the state", "1")
    case .concurrence: Words("C_#", "concurrence of the qubits", "1", .along(["pair"]))
    case .currentCorrelation:
      Words("C(t)", "correlation of the total flow at time", "energy^2/time^2", .along(["time"]))
    case .greenKuboConductivity:
      Words("κ_GK", "conductivity by the correlation of the total flow", "1/time")
    case .causes:
      Words("∂J/∂T", "part of the change of the heat current, bath and cause", "1/time", .along(["bath", "cause"]))
    case .response:
      Words(
        "∂J/∂#", "change of the heat current with", "energy/time per unit of the parameter", .along(["parameter"]))
    case .heatResponse:
      Words(
        "∂J_a/∂p", "change of the heat from a bath with a parameter,", "energy/time per unit of the parameter",
        .along(["bath", "parameter"]))
    }
  }

  /// Whether it is shown only where it is named: what goes beyond mean values.
  package var isOnRequest: Bool {
    switch self {
    case .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio, .generatingFunction,
      .rateFunction, .conductance, .causes, .response, .heatResponse, .modeRate, .modeFrequency, .participationRatio,
      .modeShare, .currentCorrelation, .greenKuboConductivity, .potentialEnergy, .purity, .vonNeumannEntropy,
      .concurrence, .levelEnergy:
      true
    default: false
    }
  }

  /// Whether its members may be named by two sites, `[1-6]`, in place of a number.
  var joinsPairs: Bool { self == .bondHeatCurrent }
  /// Symbol in the notation of figures, with # for the bath or the number; nil if it has none.
  package var symbol: String? { inWords.symbol }
  /// The family in words.
  package var words: String { inWords.words }
  /// All its members in words: `heat from each bath`, `kinetic temperature of site n`.
  package var wordsOfAll: String {
    switch members {
    case .one: words
    case .ofBath(let before, let thing): "\(words) \(before) each \(thing)"
    case .ofBathOrOne(let before): "\(words) \(before) each bath"
    case .numbered: "\(words) n"
    case .along(let axes): "\(words) (\(axes.joined(separator: ", ")))"
    }
  }
  /// Their symbol, a standing for a bath and n for a number; nil if it has none.
  package var symbolOfAll: String? {
    if case .numbered = members { return symbol?.replacing("#", with: "n") }
    return symbol?.replacing("#", with: "a")
  }
  /// Dimension in words.
  package var dimension: String { inWords.dimension }
  /// What tells its members apart.
  package var members: Quantity.Members { inWords.members }
}
