import NessModel

/// How long a box is simulated.
package struct KineticSettings: Sendable, Hashable {
  /// Seed of all random streams.
  package var seed: UInt64
  /// Independent replicas; multiples of 8 use the SIMD lanes fully.
  package var replicas: Int
  /// Time discarded at the start of every replica [time].
  package var burnIn: Double
  /// Longest time measured per replica, after the burn-in [time].
  package var duration: Double
  /// Relative standard error of the heat current at which to stop early; nil to use the whole duration.
  package var targetError: Double?
  /// Threads; the result does not depend on it.
  package var threads: Int

  /// Settings of a run; see the properties.
  package init(
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

extension KineticSettings {
  /// Why no box can be simulated so, in words; empty if one can.
  var faults: [String] {
    var faults: [String] = []
    if !(duration > 0 && duration.isFinite) { faults.append("the duration \(duration) is not a positive time") }
    if !(burnIn >= 0 && burnIn.isFinite) { faults.append("the burn-in \(burnIn) is not a time >= 0") }
    if replicas < 1 { faults.append("\(replicas) replicas: at least one is needed") }
    return faults
  }
}
