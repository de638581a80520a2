import NessMath
import NessModel
import NessStatistics

/// The change of the heats of a quantum network with the temperatures of its baths, whose friction does not depend on them,
///
///     dJ_a/dT_b = -(1/2 pi) int dw T_ab du_b/dT_b,     dJ_b/dT_b = (1/2 pi) int dw sum_a T_ab du_b/dT_b
///
/// - Source: Rego, Kirczenow, Phys. Rev. Lett. 81, 232 (1998); `Documentation/Theory/quantum-networks.md`.
/// - Checked by: differences of the heats, the quantum of heat conductance, the classical limit (QuantumNetworkTests).
struct QuantumConductance {
  /// dJ_a/dT_b, `[a][b]` [1/time].
  let conductances: [[Estimate]]

  /// - Throws: `QuadratureError`.
  init(_ heat: NetworkHeat, relativeTolerance: Double, watch: WorkWatch) throws(QuadratureError) {
    let (modes, count) = (heat.modes, heat.modes.baths.count)
    let functions = (0..<count).flatMap { one in
      (0..<count).filter { $0 != one }.map { NetworkCumulants.Function.slope(one, $0) }
    }
    let integral = try NetworkIntegral(
      NetworkCumulants(modes, functions), modes, heat.mesh, relativeTolerance: relativeTolerance, watch: watch)
    var table = [[Estimate]](
      repeating: [Estimate](repeating: .numerical(0, bound: 0), count: count), count: count)
    for (place, function) in functions.enumerated() {
      guard case .slope(let one, let other) = function else { continue }
      let value = modes.frequencyUnit * max(0, integral.values[place])
      let bound = modes.frequencyUnit * (integral.errors[place] + heat.missed(for: function)) + 4e-16 * value
      table[one][other] = .numerical(-value, bound: bound)
      let own = table[other][other]
      table[other][other] = .numerical(own.value + value, bound: own.error + bound)
    }
    conductances = table
  }
}
