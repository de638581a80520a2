/// A number together with how sure we are of it. No bare number leaves a solver.
public struct Estimate: Codable, Hashable, Sendable {
  /// Where the uncertainty of an estimate comes from.
  public enum Uncertainty: Codable, Hashable, Sendable {
    /// One standard error of a sampled mean. `effectiveSamples` is the number of independent blocks of data behind it,
    /// less what their correlation and the control variates cost: the error itself is known to about
    /// 1/sqrt(2 effectiveSamples).
    case statistical(standardError: Double, effectiveSamples: Double)
    /// A bound on the numerical error of a deterministic computation (quadrature, linear algebra, truncation).
    case numerical(bound: Double)
  }

  /// The estimated value, in the unit of its quantity.
  public let value: Double
  /// How far the value may be off, and why.
  public let uncertainty: Uncertainty

  /// An estimate of `value` with the given uncertainty.
  public init(value: Double, uncertainty: Uncertainty) {
    self.value = value
    self.uncertainty = uncertainty
  }

  /// A sampled mean with its standard error.
  public static func statistical(_ value: Double, standardError: Double, effectiveSamples: Double) -> Estimate {
    Estimate(
      value: value, uncertainty: .statistical(standardError: standardError, effectiveSamples: effectiveSamples))
  }

  /// A deterministic result with a bound on its numerical error.
  public static func numerical(_ value: Double, bound: Double) -> Estimate {
    Estimate(value: value, uncertainty: .numerical(bound: bound))
  }

  /// The size of the uncertainty: one standard error, or the numerical bound.
  public var error: Double {
    switch uncertainty {
    case .statistical(let standardError, _): standardError
    case .numerical(let bound): bound
    }
  }

  /// How many standard errors two estimates are apart: (a - b) / sqrt(error_a² + error_b²).
  public func zScore(against other: Estimate) -> Double {
    let combined = (error * error + other.error * other.error).squareRoot()
    return (value - other.value) / combined
  }
}
