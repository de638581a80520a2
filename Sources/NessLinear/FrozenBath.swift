import NessMath
import NessModel
import NessStatistics

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Exact statistics of a particle bath whose probe is held at a fixed displacement q: the particles are independent with
/// density  rho_q(x) ~ exp(-eps q F(x) / T).
public struct FrozenBath: Hashable, Sendable {
  /// The bath.
  public let bath: ParticleBath

  /// The equilibrium statistics of `bath`.
  public init(_ bath: ParticleBath) { self.bath = bath }

  /// Mean force of one particle on the probe at displacement q,  -eps <F>_q,  exact.
  ///
  /// - Parameter displacement: q [length].
  /// - Returns: force of one particle, the constant part -eps lambda included [energy/length].
  /// - Throws: `QuadratureError` if the density is too narrow for 2^20 points.
  /// - Accuracy: about 1e-13 relative; the largest exponent is taken out first, so nothing overflows.
  /// - Complexity: O(sqrt(1 + |eps q lambda / T|)) evaluations.
  /// - Source: Krekels et al. 2026, Eq. (A1).
  /// - Checked by: its slope at q = 0 (weak coupling), and -T d/dq of the partition function.
  public func meanForce(atDisplacement displacement: Double) throws(QuadratureError) -> Double {
    let weight = try angularIntegral(displacement) { _ in 1 }
    let moment = try angularIntegral(displacement) { $0 }
    return -bath.coupling * moment / weight
  }

  /// Weak-coupling mean force of one particle,  -eps lambda + eps² q Var(F) / T  [energy/length].
  public func weakCouplingMeanForce(atDisplacement displacement: Double) -> Double {
    -bath.coupling * bath.strength
      + bath.coupling * bath.coupling * displacement * bath.forceVariance / bath.temperature
  }

  /// Autocorrelation of F along the path of a free particle,  C(t) = 2 lambda² sum_n (I_n/I_0)² exp(-n² |t| / tau).
  ///
  /// - Parameter time: t [time].
  /// - Returns: C(t), in the unit of F squared.
  /// - Checked by: C(0) = Var(F) by quadrature; N_b eps² C(t) / T is the friction kernel.
  public func forceAutocorrelation(atTime time: Double) -> Double {
    let tau = bath.relaxationTime
    let sum = bath.harmonicWeights.enumerated().reversed().reduce(0.0) { sum, entry in
      let order = Double(entry.offset + 1)
      return sum + entry.element * exp(-order * order * abs(time) / tau)
    }
    return 2 * bath.strength * bath.strength * sum
  }

  /// log of (1/L) int exp(-eps q (F(x) - lambda) / T) dx: the free energy of one compensated particle is -T times this.
  public func logPartitionFunction(atDisplacement displacement: Double) throws(QuadratureError) -> Double {
    let integral = try angularIntegral(displacement) { _ in 1 }
    let tilt = bath.coupling * displacement / bath.temperature
    return log(integral / (2 * Double.pi)) + tilt * (bath.strength - extreme(tilt))
  }

  /// F at an angle 2 pi x / L.
  func force(atAngle angle: Double) -> Double {
    let scaled = scaledBesselI(upTo: 0, bath.sharpness)[0]
    return bath.strength / scaled * exp(bath.sharpness * (cos(angle) - 1))
  }

  /// The value of F with the largest weight exp(-tilt F).
  private func extreme(_ tilt: Double) -> Double { force(atAngle: tilt < 0 ? 0 : Double.pi) }

  /// Integral over the circle of observable(F) exp(-tilt (F - F_extreme)).
  private func angularIntegral(
    _ displacement: Double, _ observable: (Double) -> Double
  ) throws(QuadratureError) -> Double {
    let tilt = bath.coupling * displacement / bath.temperature
    let reference = extreme(tilt)
    let amplitude = bath.strength / scaledBesselI(upTo: 0, bath.sharpness)[0]
    let integral = try periodicTrapezoid(period: 2 * Double.pi) { angle in
      let force = amplitude * exp(bath.sharpness * (cos(angle) - 1))
      return observable(force) * exp(-tilt * (force - reference))
    }
    return integral.value
  }
}

/// The exact stationary density of a single pinned probe in a particle bath at one temperature,
///
///     P(q) = (1/Z) exp(-K q² / 2T) [ (1/L) int exp(-eps q (F(x) - lambda) / T) dx ]^N_b
///
/// valid at any coupling; where the weak-coupling stiffness is negative it has two wells.
public struct ProbeDensity: Sendable {
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
  public init(_ bath: ParticleBath, pinning: Double) throws(QuadratureError) {
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
  public func logDensity(at displacement: Double) throws(QuadratureError) -> Double {
    try Self.exponent(frozen, pinning, displacement) - peak - logNorm
  }

  /// Mean of an observable of q over the stationary density.
  ///
  /// - Parameter observable: a smooth function of the displacement.
  /// - Returns: the mean with a bound on the error of the quadrature.
  public func expectation(of observable: (Double) -> Double) throws(QuadratureError) -> Estimate {
    let value = try Self.integral(frozen, pinning, reach, peak, observable) / exp(logNorm)
    let size = try Self.integral(frozen, pinning, reach, peak) { abs(observable($0)) } / exp(logNorm)
    return .numerical(value, bound: 1e-9 * size)
  }

  /// Mean displacement [length]; below zero as a rule, because F is skewed.
  public func mean() throws(QuadratureError) -> Estimate { try expectation(of: { $0 }) }

  /// Variance of the displacement [length²].
  public func variance() throws(QuadratureError) -> Estimate {
    let center = try mean().value
    return try expectation(of: { ($0 - center) * ($0 - center) })
  }
}
