import NessFiles
import NessModel

/// A swept parameter in the symbols of `Documentation/Notation.md`, as its descriptor has them.
package struct ParameterWords {
  /// The symbol, for example `T_L`.
  package let symbol: String
  /// What it is, for example `temperature of the left bath`.
  package let meaning: String

  /// - Parameters:
  ///   - path: for example `baths.left.temperature`.
  ///   - experiment: whose parameter it is; nil if its file cannot be read any more.
  package init(_ path: String, _ experiment: Experiment?) {
    let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
    let known = experiment?.description(ofParameter: path)
    let letter = known?.symbol ?? known?.key
    if parts.count == 3, parts[0] == "baths" {
      let letter = letter ?? parts[2]
      symbol = "\(letter)\(letter.contains("_") ? "," : "_")\(Self.index(ofBath: parts[1]))"
      meaning = "\(known?.name ?? parts[2]) of the \(parts[1]) bath"
    } else {
      symbol = letter ?? path
      meaning = known?.name ?? path
    }
  }

  /// The label of an axis.
  package var label: String { symbol == meaning ? symbol : "\(symbol), \(meaning)" }

  /// A value of it, for a legend.
  package func text(_ value: Double) -> String { "\(symbol) = \(value.short.replacing("-", with: "−"))" }

  /// The subscript of a bath.
  static func index(ofBath name: String) -> String {
    ["left": "L", "right": "R"][name] ?? "{\(name)}"
  }
}

extension Quantity {
  /// Symbol and words for an axis.
  var axisLabel: String {
    switch self {
    case .heatCurrent: "J, heat current"
    case .heat(let bath): "J_\(ParameterWords.index(ofBath: bath)), heat from the \(bath) bath"
    case .bondHeatCurrent(let bond): "J_{\(bond)}, heat through bond \(bond)"
    case .kineticTemperature(let site): "T_{\(site)}, kinetic temperature of site \(site)"
    case .effectiveFriction(let bath): "γ_eff, effective friction" + (bath.map { " of the \($0) bath" } ?? "")
    case .effectiveStiffness(let bath): "k_eff, effective stiffness" + (bath.map { " at the \($0) bath" } ?? "")
    case .meanDisplacement(let site): "⟨q_{\(site)}⟩, mean displacement of site \(site)"
    case .meanEnergy: "⟨E⟩, mean energy"
    case .entropyProduction: "σ, entropy production"
    case .relaxationRate: "relaxation rate"
    case .heatCapacity: "heat capacity"
    case .population(let level): "p_{\(level)}, population of level \(level)"
    case .density(let part): "density in part \(part) of the box"
    case .energyDensity(let index): "probability density of the energy, class \(index)"
    case .collisionRate(let bath): "rate of collisions with the \(bath) wall"
    case .timeShare(let bath): "share of the time after the \(bath) wall"
    case .collisionsToThermalise(let bath): "N_c, collisions to thermalise at the \(bath) wall"
    }
  }
}

extension Method {
  /// What a legend calls the method where it is not the exact one.
  var legend: String {
    switch self {
    case .simulation: "simulation"
    case .memory: "with memory"
    case .markov: "Markov"
    case .asymptotic: "N → ∞"
    case .printed: "as printed"
    case .corrected: "formula"
    case .renewal: "renewal"
    case .kernel: "collision kernel"
    case .davies: "secular"
    case .liouvillian: "full Liouvillian"
    case .local: "local"
    }
  }
}

extension StudyFigures {
  /// What a method claims to be for this study; without its model nothing is called exact.
  func claim(of method: Method) -> MethodClaim {
    document.claim(of: method) ?? MethodClaim(method, method == .simulation ? .sampled : .approximation, method.legend)
  }

  /// What a legend calls a method beside others: `exact` if it is, and no other one is.
  func legend(_ method: Method, beside others: [Method]) -> String {
    claim(of: method).isExact && !others.contains { $0 != method && claim(of: $0).isExact } ? "exact" : method.legend
  }
}
