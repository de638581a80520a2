import NessMath
import NessModel
import NessStatistics

/// The heat that every bath of a harmonic network gives in the steady state.
package struct NetworkHeat {
  /// J_a of every bath, in the order of the network's [energy/time].
  package let currents: [Estimate]
  /// Heat that flows from bath a to bath b per difference of their temperatures, row by row [1/time]; the diagonal is 0.
  /// Symmetric, whatever the temperatures, on which it depends only in a quantum network.
  package let conductances: [[Estimate]]
  /// The modes that no bath reaches, in words; nil if there are none. They carry no heat between baths.
  package let darkReason: String?

  let modes: NetworkModes
  let mesh: NetworkMesh
  /// What the transmissions of every bath lack at most of resonances that were missed, in natural units.
  let missed: [Double]

  /// - Throws: `UnstableNetwork`; `QuadratureError`; `LinearAlgebraError.notConverged`.
  /// - Complexity: O(4 N³), and a hundred frequencies for every mode at O(N S²/2 + S³/2) for S sites with baths.
  package init(
    _ network: HarmonicNetwork, relativeTolerance: Double = 3e-10, watch: WorkWatch = WorkWatch()
  ) throws {
    try self.init(NetworkModes(network), relativeTolerance: relativeTolerance, watch: watch)
  }

  init(_ modes: NetworkModes, relativeTolerance: Double, watch: WorkWatch) throws {
    let transmissions = try NetworkTransmissions(modes, relativeTolerance: relativeTolerance, watch: watch)
    let (baths, unit) = (modes.baths, modes.frequencyUnit)
    let exchanges = try Self.exchanges(modes, transmissions, relativeTolerance, watch.quiet)
    let table = baths.indices.map { one in
      baths.indices.map { other -> Estimate in
        if one == other { return .numerical(0, bound: 0) }
        let pair = exchanges[one * baths.count + other] ?? transmissions.integral(one, other)
        return .numerical(unit * pair.value, bound: unit * pair.error)
      }
    }
    currents = baths.indices.map { one in
      var (sum, bound, size) = (0.0, 0.0, 0.0)
      for other in baths.indices {
        let difference = baths[one].temperature - baths[other].temperature
        sum += difference * table[one][other].value
        size += abs(difference * table[one][other].value)
        bound += abs(difference) * table[one][other].error
      }
      return .numerical(sum, bound: bound + 2e-16 * Double(baths.count) * size)
    }
    conductances = table
    darkReason = modes.darkReason
    self.modes = modes
    mesh = transmissions.mesh
    missed = baths.indices.map(transmissions.missed(of:))
  }

  /// The integrals between two baths of quantum waves, which depend on their temperatures; none of classical ones.
  private static func exchanges(
    _ modes: NetworkModes, _ transmissions: NetworkTransmissions, _ relativeTolerance: Double, _ watch: WorkWatch
  ) throws(QuadratureError) -> [Int: NetworkTransmissions.Pair] {
    guard modes.quantum > 0 else { return [:] }
    let count = modes.baths.count
    let functions = (0..<count).flatMap { one in (0..<one).map { NetworkCumulants.Function.exchange(one, $0) } }
    let integral = try NetworkIntegral(
      NetworkCumulants(modes, functions), modes, transmissions.mesh, relativeTolerance: relativeTolerance, watch: watch)
    var found: [Int: NetworkTransmissions.Pair] = [:]
    for (place, function) in functions.enumerated() {
      guard case .exchange(let one, let other) = function else { continue }
      let value = max(0, integral.values[place])
      let pair = NetworkTransmissions.Pair(
        value: value, error: integral.errors[place] + transmissions.missed(one, other) + 4e-16 * value)
      found[one * count + other] = pair
      found[other * count + one] = pair
    }
    return found
  }

  /// What the transmissions lack at most that a function of them depends on.
  func missed(for function: NetworkCumulants.Function) -> Double {
    switch function {
    case .cumulant(let bath, _): missed[bath]
    case .covariance(let one, let other), .exchange(let one, let other), .slope(let one, let other):
      min(missed[one], missed[other])
    case .generating, .quotient: missed[0]
    }
  }
}
