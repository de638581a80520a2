#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
