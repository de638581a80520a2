#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }

/// exp(x).
func exponential(_ x: Double) -> Double { exp(x) }
