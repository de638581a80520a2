import NessMath
import NessModel

/// Temperature of the particle bath below which the effective chain has no steady state, because the particles' outward
/// push makes the smallest eigenvalue of the static stiffness matrix negative:
///
///     T_b = N_b eps² Var(F) (Phi_0^-1)_ss,        Phi_0 the stiffness of the bare chain, s the site of the bath
///
/// With several particle baths, all their temperatures are scaled together, and the answer is that of the first of them
/// (by site): T_b = T_first times the largest eigenvalue of  S^1/2 Phi_0^-1 S^1/2,  S = diag(N_b eps² Var(F) / T).
///
/// - Parameter model: a chain with any baths.
/// - Returns: the temperature [energy]; infinite if the bare chain is unpinned; nil without a coupled particle bath.
/// - Accuracy: rounding. It is a limit of the weak-coupling theory: the full dynamics stays stable below.
/// - Complexity: O(B²) plus the eigenvalues of a B by B matrix for B particle baths.
/// - Checked by: the sign change of the smallest eigenvalue of the stiffness matrix (BucklingTests).
package func bucklingTemperature(of model: ChainModel) -> Double? {
  let softening = model.particleBaths.filter { $0.bath.stiffnessShift < 0 }
  guard let first = softening.first else { return nil }
  guard let compliance = BareCompliance(model.medium) else { return .infinity }
  var scaled = Matrix(rows: softening.count, columns: softening.count)
  for (row, one) in softening.enumerated() {
    for (column, other) in softening.enumerated() {
      let weight = (one.bath.stiffnessShift * other.bath.stiffnessShift).squareRoot()
      scaled[row, column] = weight * compliance.between(one.attachment.site, other.attachment.site)
    }
  }
  let values = try? eigenvalues(scaled).map(\.real)
  return values?.max().map { $0 * first.bath.temperature }
}

extension Model<Chain> {
  /// Why there is no linear theory of the chain; nil if all its bonds are harmonic.
  var linearityReason: String? {
    guard !medium.isHarmonic else { return nil }
    return
      "the bonds are anharmonic (quartic \(medium.quarticConstant.text(digits: 6))), and linear theory needs harmonic "
      + "ones; the full simulation remains valid"
  }

  /// Why the effective chain has no steady state; nil if it has one.
  func bucklingReason() -> String? {
    guard case .buckled = EliminatedChain(self, withMemory: false).staticStability else { return nil }
    let (diagonal, offDiagonal) = effectiveStiffness()
    let smallest = (try? tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal))?.first
    let eigenvalue = smallest.map {
      "the smallest eigenvalue of the effective stiffness matrix is \($0.text(digits: 6))"
    }
    var text = (eigenvalue ?? "the effective stiffness matrix is not positive") + ": the particles buckle the chain"
    let names = particleBaths.filter { $0.bath.stiffnessShift < 0 }.map(\.attachment.name)
    if let temperature = bucklingTemperature(of: self), let name = names.first {
      if temperature.isFinite {
        text += ", which happens below temperature \(temperature.text(digits: 6)) of the particle bath \(name)"
        if names.count > 1 {
          text += " when the temperatures of all particle baths (\(names.joined(separator: ", "))) are scaled together"
        }
      } else {
        let unpinned = medium.pinning.left == 0 && medium.pinning.right == 0
        text +=
          " at every temperature of the particle bath \(name)" + (unpinned ? ", because nothing pins the chain" : "")
      }
    }
    return text + "; linear theory has no steady state there, but the full simulation remains valid"
  }
}
