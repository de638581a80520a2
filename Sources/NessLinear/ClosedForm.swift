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
  }

  /// J [energy/time].
  var heatCurrent: Double {
    let (k, m) = (springConstant, mass)
    let (a, b) = (left.friction, right.friction)
    let bottom = a * right.stiffness * right.stiffness + b * left.stiffness * left.stiffness
    let (farRight, farLeft) = (right.stiffness - 2 * k, left.stiffness - 2 * k)
    let top = a * farRight * farRight + b * farLeft * farLeft + 4 * k / m * a * b * (a + b)
    let root = bottom.squareRoot() + top.squareRoot()
    return prefactor * a * b * k * k * (left.temperature - right.temperature) / (m * 0.5 * root * root)
  }
}
