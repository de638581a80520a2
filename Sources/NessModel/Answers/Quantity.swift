/// The question, the same for all solvers. Its `description` is the name used in JSON.
public enum Quantity: Hashable, Sendable, CustomStringConvertible {
  /// J, mean heat per time from the left to the right bath of a two-terminal model [energy/time].
  case heatCurrent
  /// Mean heat per time from the named bath into the medium [energy/time].
  case heat(from: String)
  /// Mean heat per time through bond j, between sites j and j+1, from left to right [energy/time].
  case bondHeatCurrent(bond: Int)
  /// m <v_j²>, the kinetic temperature of site j (1 to N) [energy].
  case kineticTemperature(site: Int)
  /// Effective friction of a particle bath [mass/time]; the name is omitted if it is the only particle bath.
  case effectiveFriction(bath: String?)
  /// Effective stiffness of the site of a particle bath, pinning included [mass/time²].
  case effectiveStiffness(bath: String?)
  /// Mean displacement of site j (1 to N) [length].
  case meanDisplacement(site: Int)

  /// The name used in JSON, for example `kineticTemperature[1]`.
  public var description: String {
    switch self {
    case .heatCurrent: "heatCurrent"
    case .heat(let bath): "heatFrom.\(bath)"
    case .bondHeatCurrent(let bond): "bondHeatCurrent[\(bond)]"
    case .kineticTemperature(let site): "kineticTemperature[\(site)]"
    case .effectiveFriction(let bath): Self.named("effectiveFriction", bath)
    case .effectiveStiffness(let bath): Self.named("effectiveStiffness", bath)
    case .meanDisplacement(let site): "meanDisplacement[\(site)]"
    }
  }

  private static func named(_ quantity: String, _ bath: String?) -> String {
    bath.map { "\(quantity).\($0)" } ?? quantity
  }

  /// Dimension of the quantity in words, for axis labels and file headers.
  public var dimension: String {
    switch self {
    case .heatCurrent, .heat, .bondHeatCurrent: "energy/time"
    case .kineticTemperature: "energy"
    case .effectiveFriction: "mass/time"
    case .effectiveStiffness: "mass/time^2"
    case .meanDisplacement: "length"
    }
  }
}
