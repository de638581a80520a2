import NessFiles
import NessModel

/// A swept parameter in the symbols of `Documentation/Notation.md`.
struct ParameterWords {
  /// The symbol, for example `T_L`.
  let symbol: String
  /// What it is, for example `temperature of the left bath`.
  let meaning: String

  /// - Parameters:
  ///   - path: for example `baths.left.temperature`.
  ///   - contacts: the baths of the experiment, whose kinds decide what `friction` is.
  init(_ path: String, _ contacts: [Contact]) {
    let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
    guard parts.count >= 2 else {
      (symbol, meaning) = (path, path)
      return
    }
    if parts[0] == "medium" {
      let name = parts.dropFirst().joined(separator: ".")
      (symbol, meaning) = Self.ofMedium[name] ?? (name, "parameter of the medium")
    } else {
      let name = parts.count > 2 ? parts[2] : parts[1]
      let kind = contacts.first { $0.name == parts[1] }?.bath.kind
      let (letter, words) = Self.ofBath(name, kind)
      symbol = "\(letter)\(letter.contains("_") ? "," : "_")\(Self.index(ofBath: parts[1]))"
      meaning = "\(words) of the \(parts[1]) bath"
    }
  }

  /// The label of an axis.
  var label: String { symbol == meaning ? symbol : "\(symbol), \(meaning)" }

  /// A value of it, for a legend.
  func text(_ value: Double) -> String { "\(symbol) = \(value.short.replacing("-", with: "−"))" }

  /// The subscript of a bath.
  static func index(ofBath name: String) -> String {
    ["left": "L", "right": "R"][name] ?? "{\(name)}"
  }

  private static let ofMedium: [String: (String, String)] = [
    "sites": ("N", "number of sites"), "mass": ("m", "mass"), "spring": ("k", "spring constant"),
    "quartic": ("β", "quartic constant of the bonds"), "pinning": ("K", "pinning of both ends"),
    "pinning.left": ("K_L", "pinning of the left end"), "pinning.right": ("K_R", "pinning of the right end"),
    "length": ("l", "length of the box"), "hbar": ("ħ", "Planck constant over 2π"), "levels": ("M", "number of levels"),
  ]

  private static func ofBath(_ name: String, _ kind: AnyBath.Kind?) -> (String, String) {
    switch name {
    case "temperature": ("T", "temperature")
    case "friction": kind == .particles ? ("ζ", "friction of the particles") : ("γ", "friction")
    case "coupling": ("ε", "coupling")
    case "count": ("N_b", "number of particles")
    case "strength": ("λ", "strength of the interaction")
    case "sharpness": ("p", "sharpness of the interaction")
    case "ring": ("L", "ring")
    case "rate": ("γ", "rate")
    case "width": ("w", "width of the proposals")
    case "moves": ("n", "moves per collision")
    case "site": ("j", "site")
    default: (name, name)
    }
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
