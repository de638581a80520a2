import NessModel

/// How long a box is simulated.
public struct KineticSettings: Sendable, Hashable {
  /// Seed of all random streams.
  public var seed: UInt64
  /// Independent replicas; multiples of 8 use the SIMD lanes fully.
  public var replicas: Int
  /// Time discarded at the start of every replica [time].
  public var burnIn: Double
  /// Longest time measured per replica, after the burn-in [time].
  public var duration: Double
  /// Relative standard error of the heat current at which to stop early; nil to use the whole duration.
  public var targetError: Double?
  /// Threads; the result does not depend on it.
  public var threads: Int

  /// Settings of a run; see the properties.
  public init(
    seed: UInt64 = 1, replicas: Int = 64, burnIn: Double, duration: Double, targetError: Double? = nil,
    threads: Int = 1
  ) {
    self.seed = seed
    self.replicas = replicas
    self.burnIn = burnIn
    self.duration = duration
    self.targetError = targetError
    self.threads = threads
  }
}
