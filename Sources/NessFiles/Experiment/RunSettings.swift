import NessModel

/// How an experiment is to be simulated. What is nil is chosen by Ness from the model, and the choice explained.
package struct RunSettings: Hashable, Codable, Sendable {
  /// Seed of all random streams.
  package var seed: UInt64
  /// Number of independent copies of the system.
  package var replicas: Int
  /// Simulated time per replica after the burn-in [time]; with a target error it is the limit.
  package var duration: Double?
  /// Simulated time per replica that is thrown away before measuring [time].
  package var burnIn: Double?
  /// Step of the integrator [time].
  package var timeStep: Double?
  /// Relative standard error of the heat current at which the run stops.
  package var targetError: Double?
  /// Law of the noise that diffuses the particles of a chain's baths.
  package var noise: ParticleNoise?
  /// What is recorded along the time, if anything: it changes nothing of the results.
  package var record: RecordRequest?

  /// Settings of a run; every one that is left out has its default.
  package init(
    seed: UInt64 = 1, replicas: Int = 64, duration: Double? = nil, burnIn: Double? = nil, timeStep: Double? = nil,
    targetError: Double? = nil, noise: ParticleNoise? = nil, record: RecordRequest? = nil
  ) {
    self.seed = seed
    self.replicas = replicas
    self.duration = duration
    self.burnIn = burnIn
    self.timeStep = timeStep
    self.targetError = targetError
    self.noise = noise
    self.record = record
  }

  /// The numbers below `run`.
  static let numberKeys = ["seed", "replicas", "duration", "burnIn", "timeStep", "targetError"]
  /// The keys below `run`.
  package static let keys = numberKeys + ["noise", "record"]

  /// The most replicas that a run may have.
  package static let mostReplicas = 1_000_000

  /// Every setting out of range, with its key.
  var faults: [FileFault] {
    var faults: [FileFault] = []
    func check(_ key: String, _ value: Double?, _ expected: String, _ condition: (Double) -> Bool) {
      guard let value, !(value.isFinite && condition(value)) else { return }
      faults.append(FileFault(key: "run.\(key)", found: "\(value)", expected: expected))
    }
    if !(1...Self.mostReplicas).contains(replicas) {
      faults.append(
        FileFault(
          key: "run.replicas", found: "\(replicas)", expected: "a whole number between 1 and \(Self.mostReplicas)"))
    }
    check("duration", duration, "a time > 0") { $0 > 0 }
    check("burnIn", burnIn, "a time >= 0") { $0 >= 0 }
    check("timeStep", timeStep, "a time > 0") { $0 > 0 }
    check("targetError", targetError, "a relative error between 0 and 1, for example 0.02") { $0 > 0 && $0 < 1 }
    if let duration, let timeStep, duration > 0, timeStep > duration {
      faults.append(
        FileFault(
          key: "run.timeStep", found: "\(timeStep)", expected: "a time step no longer than the duration, \(duration)"))
    }
    return faults + (record?.faults(replicas: replicas, duration: duration) ?? [])
  }
}
