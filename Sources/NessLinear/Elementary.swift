#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
/// Sine.
func sine(_ x: Double) -> Double { sin(x) }
/// Cosine.
func cosine(_ x: Double) -> Double { cos(x) }
/// Hyperbolic sine.
func hyperbolicSine(_ x: Double) -> Double { sinh(x) }
/// Hyperbolic cosine.
func hyperbolicCosine(_ x: Double) -> Double { cosh(x) }
/// Inverse tangent.
func arcTangent(_ x: Double) -> Double { atan(x) }
/// ln(1 + x), for small x as well.
func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
/// e to a power.
func exponential(_ x: Double) -> Double { exp(x) }
/// e to a power less 1, for small powers as well.
func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }
