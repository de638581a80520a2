import NessMath
import NessModel
import NessStatistics

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The exact stationary density of a single pinned probe in a particle bath at one temperature,
///
///     P(q) = (1/Z) exp(-K q² / 2T) [ (1/L) int exp(-eps q (F(x) - lambda) / T) dx ]^N_b
///
/// valid at any coupling; where the weak-coupling stiffness is negative it has two wells.
package struct ProbeDensity: Sendable {
  private let frozen: FrozenBath
  private let pinning: Double
  private let reach: Double
  private let peak: Double
  private let logNorm: Double

  /// The density of a probe held by `pinning` K > 0 [mass/time²] among the particles of `bath`.
  ///
  /// - Throws: `QuadratureError` if a quadrature fails.
  /// - Accuracy: normalised to about 1e-10.
  /// - Checked by: its variance against T / k_eff at weak coupling, and <q U'(q)> = T (FrozenBathTests).
  package init(_ bath: ParticleBath, pinning: Double) throws(QuadratureError) {
    precondition(pinning > 0, "an unpinned probe has no stationary density")
    frozen = FrozenBath(bath)
    self.pinning = pinning
    let (top, bottom) = (frozen.force(atAngle: 0), frozen.force(atAngle: Double.pi))
    let push = Double(bath.count) * abs(bath.coupling) * max(top - bath.strength, bath.strength - bottom)
    // Beyond it the density is below exp(-100) of its value at q = 0.
    let outermost = (push + (push * push + 200 * pinning * bath.temperature).squareRoot()) / pinning
    reach = outermost
    var highest = 0.0
    for step in -64...64 {
      let displacement = outermost * Double(step) / 64
      highest = max(highest, try Self.exponent(frozen, pinning, displacement))
    }
    peak = highest
    logNorm = log(try Self.integral(frozen, pinning, outermost, highest) { _ in 1 })
  }

  private static func exponent(
    _ frozen: FrozenBath, _ pinning: Double, _ displacement: Double
  ) throws(QuadratureError) -> Double {
    let particles = Double(frozen.bath.count) * (try frozen.logPartitionFunction(atDisplacement: displacement))
    return particles - 0.5 * pinning * displacement * displacement / frozen.bath.temperature
  }

  private static func integral(
    _ frozen: FrozenBath, _ pinning: Double, _ reach: Double, _ peak: Double, _ observable: (Double) -> Double
  ) throws(QuadratureError) -> Double {
    var failure: QuadratureError?
    let points = (-32...32).map { reach * Double($0) / 32 }
    let result = try AdaptiveQuadrature(relativeTolerance: 1e-10).integrate(breakpoints: points) { displacement in
      do throws(QuadratureError) {
        return observable(displacement) * exp(try exponent(frozen, pinning, displacement) - peak)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return result.value
  }

  /// log P(q), P in [1/length].
  package func logDensity(at displacement: Double) throws(QuadratureError) -> Double {
    try Self.exponent(frozen, pinning, displacement) - peak - logNorm
  }

  /// Mean of an observable of q over the stationary density.
  ///
  /// - Parameter observable: a smooth function of the displacement.
  /// - Returns: the mean with a bound on the error of the quadrature.
  package func expectation(of observable: (Double) -> Double) throws(QuadratureError) -> Estimate {
    let value = try Self.integral(frozen, pinning, reach, peak, observable) / exp(logNorm)
    let size = try Self.integral(frozen, pinning, reach, peak) { abs(observable($0)) } / exp(logNorm)
    return .numerical(value, bound: 1e-9 * size)
  }

  /// Mean displacement [length]; below zero as a rule, because F is skewed.
  package func mean() throws(QuadratureError) -> Estimate { try expectation(of: { $0 }) }

  /// Variance of the displacement [length²].
  package func variance() throws(QuadratureError) -> Estimate {
    let center = try mean().value
    return try expectation(of: { ($0 - center) * ($0 - center) })
  }
}
