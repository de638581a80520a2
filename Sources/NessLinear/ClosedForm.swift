import NessStatistics

/// The current of an infinitely long chain between two baths without memory, one on each end, in closed form:
///
///     J = prefactor gamma_L gamma_R k² (T_L - T_R) / ( m [ D0 - D1 + sqrt(D0 (D0 - 2 D1)) ] )
///     D0 = gamma_L K_R² + gamma_R K_L²
///     D1 = 2k [ gamma_L (K_R - k) + gamma_R (K_L - k) ] - (2k/m) gamma_L gamma_R (gamma_L + gamma_R)
///
/// with K_L, K_R the stiffness of the end sites besides the springs. It is the phase average of the transmission over the
/// band. D0 - 2 D1 = gamma_L (K_R - 2k)² + gamma_R (K_L - 2k)² + (4k/m) gamma_L gamma_R (gamma_L + gamma_R) is a sum of
/// squares, and the bracket is (sqrt(D0) + sqrt(D0 - 2 D1))² / 2: nothing cancels, however small D0 is.
struct ClosedForm {
  /// 2 if derived correctly, 4 as printed.
  var prefactor: Double
  var mass: Double
  var springConstant: Double
  /// Friction [mass/time], stiffness besides the springs [mass/time²] and temperature [energy] of the two ends.
  var left: End
  var right: End

  struct End {
    var friction: Double
    var stiffness: Double
    var temperature: Double
    /// Bound on the error of the stiffness: what is left of larger numbers that cancel.
    var stiffnessError: Double
  }

  /// J [energy/time]. In units of k for stiffness, sqrt(k m) for friction and sqrt(k/m) for frequency.
  var heatCurrent: Estimate {
    let frequency = (springConstant / mass).squareRoot()
    let (a, b) = (left.friction / springConstant * frequency, right.friction / springConstant * frequency)
    let (stiffLeft, stiffRight) = (left.stiffness / springConstant, right.stiffness / springConstant)
    let bottom = a * stiffRight * stiffRight + b * stiffLeft * stiffLeft
    let (farRight, farLeft) = (stiffRight - 2, stiffLeft - 2)
    let top = a * farRight * farRight + b * farLeft * farLeft + 4 * a * b * (a + b)
    let root = bottom.squareRoot() + top.squareRoot()
    let value = prefactor * a * b * (left.temperature - right.temperature) * frequency / (0.5 * root * root)
    // Each root is the length of a vector with components sqrt(b) K_L and sqrt(a) K_R.
    let shift = (b.squareRoot() * left.stiffnessError + a.squareRoot() * right.stiffnessError) / springConstant
    return .numerical(value, bound: (5e-14 + 4 * shift / root) * abs(value))
  }
}
