import NessModel

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Relative bias of a particle bath's effective friction when its particles make exact free steps of size h and the force
/// between them is interpolated linearly (symmetric splitting):
///
///     sum_n (w_n/n²) [ (x_n/2) coth(x_n/2) - 1 ] / sum_n (w_n/n²),     x_n = n² h / tau,   w_n = (I_n/I_0)²
///
/// - Parameters:
///   - bath: the particle bath.
///   - timeStep: h [time].
/// - Returns: (friction at step h) / (friction) - 1, positive, h² sum_n w_n n² / (12 tau² sum_n w_n/n²) for small h;
///   0 for a decoupled bath.
/// - Accuracy: rounding; a series replaces the hyperbolic function below x = 0.02.
/// - Complexity: O(number of harmonics).
/// - Checked by: the trapezoid sum of the force autocorrelation over steps of h (FrozenBathTests).
public func timeStepBias(of bath: ParticleBath, timeStep: Double) -> Double {
  var bias = 0.0
  var total = 0.0
  for (index, weight) in bath.harmonicWeights.enumerated().reversed() {
    let square = Double((index + 1) * (index + 1))
    let half = 0.5 * square * timeStep / bath.relaxationTime
    let excess = half < 0.01 ? half * half / 3 * (1 - half * half / 15) : half / tanh(half) - 1
    bias += weight / square * excess
    total += weight / square
  }
  return total > 0 ? bias / total : 0
}
