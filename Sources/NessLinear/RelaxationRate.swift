import NessMath
import NessModel

/// The rate at which the slowest mode of the effective chain without memory forgets its start,
///
///     min |Re s|  over the modes  det( Phi_eff + m s² + s Gamma ) = 0,
///
/// a freely floating centre of mass excluded.
///
/// - Parameters:
///   - model: a chain with any baths.
///   - shouldStop: asked during long work; true throws `QuadratureError.stopped`.
/// - Returns: rate [1/time]; the mean of a displacement decays as exp(-rate t) in the end. If a mode has a node at every bath
///   it is about 1e-26 of that mode's frequency.
/// - Throws: `Refusal` if the bonds are not harmonic or the chain buckles; `LinearAlgebraError`, `QuadratureError`.
/// - Accuracy: rounding up to 32 sites, where the slowest rate is not below 1e-9 of the fastest. Beyond, the inverse of the
///   steepest growth of the determinant's phase with the frequency (`FrequencyMesh`): within 10 % if the slowest mode stands
///   apart, too low by as many times as modes overlap. Of more than 100 000 hardly damped modes a thousand are looked at.
/// - Complexity: O(600 N³) up to 32 sites, O(N) beyond.
/// - Checked by: the damped oscillator in closed form, and each route against the other (RelaxationTests).
package func slowestRelaxationRate(of model: ChainModel, shouldStop: () -> Bool = { false }) throws -> Double {
  if let reason = model.linearityReason ?? model.bucklingReason() { throw Refusal(.markov, reason) }
  let chain = EliminatedChain(model, withMemory: false)
  if chain.sites <= 32 {
    let values = try eigenvalues(LinearState(chain).drift)
    let slowest = values.reduce(Double.infinity) { min($0, abs($1.real)) }
    let fastest = values.reduce(0) { max($0, abs($1.real), abs($1.imaginary)) }
    if slowest > 1e-9 * fastest { return chain.frequencyUnit * slowest }
  }
  var mesh = try FrequencyMesh(chain, distance: chain.sites, mostCells: 400_000, shouldStop: shouldStop)
  try mesh.resolveSome(1000, shouldStop: shouldStop)
  return chain.frequencyUnit / mesh.steepestPhase()
}
