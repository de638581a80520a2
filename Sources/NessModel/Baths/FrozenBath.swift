import NessMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Exact statistics of a particle bath whose probe is held at a fixed displacement q: the particles are independent with
/// density  rho_q(x) ~ exp(-eps q F(x) / T).
package struct FrozenBath: Hashable, Sendable {
  /// The bath.
  package let bath: ParticleBath

  /// The equilibrium statistics of `bath`.
  package init(_ bath: ParticleBath) { self.bath = bath }

  /// Mean force of one particle on the probe at displacement q,  -eps <F>_q,  exact.
  ///
  /// - Parameter displacement: q [length].
  /// - Returns: force of one particle, the constant part -eps lambda included [energy/length].
  /// - Throws: `QuadratureError` if the density is too narrow for 2^20 points.
  /// - Accuracy: about 1e-13 relative; the largest exponent is taken out first, so nothing overflows.
  /// - Complexity: O(sqrt(1 + |eps q lambda / T|)) evaluations.
  /// - Source: Krekels et al. 2026, Eq. (A1).
  /// - Checked by: its slope at q = 0 (weak coupling), and -T d/dq of the partition function.
  package func meanForce(atDisplacement displacement: Double) throws(QuadratureError) -> Double {
    let weight = try angularIntegral(displacement) { _ in 1 }
    let moment = try angularIntegral(displacement) { $0 }
    return -bath.coupling * moment / weight
  }

  /// Weak-coupling mean force of one particle,  -eps lambda + eps² q Var(F) / T  [energy/length].
  package func weakCouplingMeanForce(atDisplacement displacement: Double) -> Double {
    -bath.coupling * bath.strength
      + bath.coupling * bath.coupling * displacement * bath.forceVariance / bath.temperature
  }

  /// Autocorrelation of F along the path of a free particle,  C(t) = 2 lambda² sum_n (I_n/I_0)² exp(-n² |t| / tau).
  ///
  /// - Parameter time: t [time].
  /// - Returns: C(t), in the unit of F squared.
  /// - Checked by: C(0) = Var(F) by quadrature; N_b eps² C(t) / T is the friction kernel.
  package func forceAutocorrelation(atTime time: Double) -> Double {
    let tau = bath.relaxationTime
    let sum = bath.harmonicWeights.enumerated().reversed().reduce(0.0) { sum, entry in
      let order = Double(entry.offset + 1)
      return sum + entry.element * exp(-order * order * abs(time) / tau)
    }
    return 2 * bath.strength * bath.strength * sum
  }

  /// log of (1/L) int exp(-eps q (F(x) - lambda) / T) dx: the free energy of one compensated particle is -T times this.
  package func logPartitionFunction(atDisplacement displacement: Double) throws(QuadratureError) -> Double {
    let integral = try angularIntegral(displacement) { _ in 1 }
    let tilt = bath.coupling * displacement / bath.temperature
    return log(integral / (2 * Double.pi)) + tilt * (bath.strength - extreme(tilt))
  }

  /// F at an angle 2 pi x / L.
  package func force(atAngle angle: Double) -> Double {
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
    // The rounding of a large exponent is a relative error of its exponential.
    let rounding = 4e-16 * abs(tilt) * amplitude * exp(bath.sharpness)
    let integral = try periodicTrapezoid(period: 2 * Double.pi, relativeTolerance: 1e-15 + rounding) { angle in
      let force = amplitude * exp(bath.sharpness * (cos(angle) - 1))
      return observable(force) * exp(-tilt * (force - reference))
    }
    return integral.value
  }
}
