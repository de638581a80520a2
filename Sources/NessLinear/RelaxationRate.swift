import NessMath
import NessModel

/// The rate at which the slowest mode of the effective chain without memory forgets its start,
///
///     min |Re s|  over the modes  det( Phi_eff + m s² + s Gamma ) = 0,
///
/// a freely floating centre of mass excluded.
///
/// - Parameter model: a chain with any baths.
/// - Returns: rate [1/time]; the mean of a displacement decays as exp(-rate t) in the end. It may be 0 to rounding if a
///   mode has a node at every bath.
/// - Throws: `Refusal` if the bonds are not harmonic or the chain buckles; `LinearAlgebraError.notConverged`.
/// - Accuracy: rounding up to 128 sites; beyond, an estimate from first-order damping, within a factor 4 as a rule:
///   every undamped mode n is an oscillator of damping rate  sum_a gamma_a u_n(a)² / 2m, where a friction beyond the
///   impedance sqrt(k m) of the chain counts as  gamma / (1 + gamma²/(k m)),  for it clamps its site.
/// - Complexity: O(80 N³) up to 128 sites, O(N²) beyond.
/// - Checked by: the damped oscillator in closed form, and each route against the other (RelaxationTests).
public func slowestRelaxationRate(of model: ChainModel) throws -> Double {
  if let reason = model.linearityReason ?? model.bucklingReason() { throw Refusal(.markov, reason) }
  return model.medium.sites <= 128 ? try exactRelaxationRate(of: model) : try estimatedRelaxationRate(of: model)
}

private func exactRelaxationRate(of model: ChainModel) throws(LinearAlgebraError) -> Double {
  let state = LinearState(model, withMemory: false)
  return try eigenvalues(state.drift).reduce(Double.infinity) { min($0, abs($1.real)) }
}

private func estimatedRelaxationRate(of model: ChainModel) throws(LinearAlgebraError) -> Double {
  let medium = model.medium
  let (diagonal, offDiagonal) = model.effectiveStiffness()
  let impedance = medium.springConstant * medium.mass
  let frictions = model.attachments.map { attachment in
    let friction = attachment.bath.linear.frictionKernel.markovFriction
    return (site: attachment.site - 1, friction: friction / (1 + friction * friction / impedance))
  }
  var slowest = Double.infinity
  let values = try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
  for value in values where value > 1e-13 * values[values.count - 1] {
    let mode = tridiagonalMode(value, diagonal: diagonal, coupling: medium.springConstant)
    let rate = frictions.reduce(0) { $0 + $1.friction * mode[$1.site] * mode[$1.site] } / (2 * medium.mass)
    let square = value / medium.mass
    let overdamped = rate * rate > square
    slowest = min(slowest, overdamped ? square / (rate + (rate * rate - square).squareRoot()) : rate)
  }
  return slowest
}

/// Normalised eigenvector of a symmetric tridiagonal matrix with off-diagonal -coupling, by a twisted factorisation.
private func tridiagonalMode(_ eigenvalue: Double, diagonal: [Double], coupling: Double) -> [Double] {
  let shifted = diagonal.map { $0 - eigenvalue }
  let square = coupling * coupling
  let floor = 1e-300 + 1e-16 * coupling
  func pivots(_ entries: [Double]) -> [Double] {
    var result: [Double] = []
    for entry in entries {
      let pivot = entry - (result.last.map { square / $0 } ?? 0)
      result.append(abs(pivot) < floor ? floor : pivot)
    }
    return result
  }
  let forward = pivots(shifted)
  let backward = Array(pivots(shifted.reversed()).reversed())
  let defects = shifted.indices.map { abs(forward[$0] + backward[$0] - shifted[$0]) }
  let twist = defects.indices.min { defects[$0] < defects[$1] } ?? 0
  var mode = [Double](repeating: 0, count: shifted.count)
  mode[twist] = 1
  for site in stride(from: twist - 1, through: 0, by: -1) { mode[site] = coupling * mode[site + 1] / forward[site] }
  for site in mode.indices.dropFirst(twist + 1) { mode[site] = coupling * mode[site - 1] / backward[site] }
  let norm = mode.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return mode.map { $0 / norm }
}
