import Foundation
import NessModel
import NessSampling
import NessStatistics

/// Relaxation of a single probe in a particle bath after a kick: the mean velocity oscillates and decays as
/// exp(-friction t / 2m) (Krekels et al. 2026, Sec. 3).
package struct RingDown: Sendable {
  /// A probe (one site) in a particle bath.
  package let model: ChainModel
  /// Velocity at t = 0, at displacement 0 [length/time].
  package let initialVelocity: Double
  /// Angular frequency used to form the amplitude, that of the undamped probe [1/time].
  package let angularFrequency: Double
  /// Time step [time].
  package let timeStep: Double
  /// Seed of all random streams.
  package let seed: UInt64
  /// Independent replicas, rounded up to a multiple of 8.
  package let replicas: Int
  /// Law of the noise that diffuses the particles.
  package let noise: ParticleNoise

  /// A ring-down of the probe of `model`; see the properties.
  package init(
    model: ChainModel, initialVelocity: Double, angularFrequency: Double, timeStep: Double, seed: UInt64,
    replicas: Int, noise: ParticleNoise = .matched
  ) {
    self.model = model
    self.initialVelocity = initialVelocity
    self.angularFrequency = angularFrequency
    self.timeStep = timeStep
    self.seed = seed
    self.replicas = replicas
    self.noise = noise
  }

  /// The decay of the envelope.
  package struct Result: Sendable {
    /// Effective friction, -2m times the slope of the logarithm of the envelope [mass/time].
    package let friction: Estimate
    /// Envelope A(t) of the mean velocity, one point per period: time [time], amplitude [length/time].
    package let envelope: [(time: Double, amplitude: Double)]
    /// Points of the envelope used in the fit.
    package let fittedPoints: Int
  }

  /// Runs the replicas for `duration` and fits the envelope of their mean velocity.
  ///
  /// The amplitude is A² = <v>² + (w <q>)², averaged over each period; ln A is fitted by a straight line, every point
  /// weighted with A² (the scatter of A does not depend on A), as long as A is above ten of its standard errors.
  /// The error is the jackknife's over the groups of eight replicas.
  ///
  /// - Throws: `TrajectoryError.interrupted`; `TrajectoryError.unusable` if the envelope sinks into the noise before three points can be fitted.
  package func measure(
    duration: Double, threads: Int, onProgress: @Sendable (Double) -> Void = { _ in },
    shouldStop: @Sendable () -> Bool = { false }
  ) throws -> Result {
    let stepsPerSample = max(1, Int((2 * Double.pi / angularFrequency / 16 / timeStep).rounded()))
    let periods = max(4, Int((duration / (16 * Double(stepsPerSample) * timeStep)).rounded(.up)))
    let groups = (replicas + 7) / 8
    let traces = record(
      groups: groups, periods: periods, stepsPerSample: stepsPerSample, threads: threads, onProgress, shouldStop)
    if shouldStop() { throw TrajectoryError.interrupted }
    let period = 16 * Double(stepsPerSample) * timeStep
    let whole = Trace.mean(traces)
    let noise = Trace.standardError(traces)
    let envelope = whole.envelope(angularFrequency)
    let usable = envelope.prefix { $0 > 10 * noise }.count
    guard usable >= 3 else {
      throw TrajectoryError.unusable(
        "the ring-down sinks into the noise after \(usable) periods: use more replicas or a larger initial velocity")
    }
    func friction(_ trace: Trace) -> Double {
      -2 * model.medium.mass * Self.slope(Array(trace.envelope(angularFrequency).prefix(usable)), interval: period)
    }
    let value = friction(whole)
    let partial = traces.indices.map { left in
      friction(Trace.mean(traces.enumerated().filter { $0.offset != left }.map(\.element)))
    }
    let mean = partial.reduce(0, +) / Double(groups)
    let square = partial.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (square * Double(groups - 1) / Double(groups)).squareRoot()
    return Result(
      friction: .statistical(value, standardError: error, effectiveSamples: Double(groups)),
      envelope: envelope.enumerated().map { (time: (Double($0.offset) + 0.5) * period, amplitude: $0.element) },
      fittedPoints: usable)
  }

  /// Mean velocity and displacement of every group of eight replicas, sixteen times a period.
  private func record(
    groups: Int, periods: Int, stepsPerSample: Int, threads: Int, _ onProgress: @Sendable (Double) -> Void,
    _ shouldStop: @Sendable () -> Bool
  ) -> [Trace] {
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: noise)
    return concurrentMap(count: groups, threads: threads) { index in
      let group = LaneGroup(dynamics, seed: seed, firstReplica: 8 * index)
      group.velocity[0] = SIMD8(repeating: initialVelocity)
      var trace = Trace()
      for period in 0..<periods where !shouldStop() {
        for _ in 0..<16 {
          group.advance(steps: stepsPerSample)
          // Displacement and velocity at the same instant: the step ends half a drift before the palindrome does.
          let displacement = group.displacement[0] + 0.5 * timeStep * group.velocity[0]
          trace.velocity.append(group.velocity[0].sum() / 8)
          trace.displacement.append(displacement.sum() / 8)
        }
        if index % threads == 0 { onProgress((Double(index) + Double(period + 1) / Double(periods)) / Double(groups)) }
      }
      return trace
    }
  }

  /// Slope of ln A over time, points weighted with A².
  private static func slope(_ amplitudes: [Double], interval: Double) -> Double {
    var (w, wt, wy, wtt, wty) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, amplitude) in amplitudes.enumerated() {
      let weight = amplitude * amplitude
      let time = (Double(index) + 0.5) * interval
      let value = log(amplitude)
      w += weight
      wt += weight * time
      wy += weight * value
      wtt += weight * time * time
      wty += weight * time * value
    }
    return (w * wty - wt * wy) / (w * wtt - wt * wt)
  }
}

/// Velocity and displacement, averaged over replicas, sixteen samples a period.
private struct Trace {
  var velocity: [Double] = []
  var displacement: [Double] = []

  static func mean(_ traces: [Trace]) -> Trace {
    func average(_ column: (Trace) -> [Double]) -> [Double] {
      traces[0].velocity.indices.map { index in
        traces.reduce(0) { $0 + column($1)[index] } / Double(traces.count)
      }
    }
    return Trace(velocity: average(\.velocity), displacement: average(\.displacement))
  }

  /// Standard error of the mean velocity over groups, largest over the run.
  static func standardError(_ traces: [Trace]) -> Double {
    let mean = mean(traces)
    let count = Double(traces.count)
    return stride(from: 0, to: mean.velocity.count, by: 16).map { index in
      let square = traces.reduce(0) {
        $0 + ($1.velocity[index] - mean.velocity[index]) * ($1.velocity[index] - mean.velocity[index])
      }
      return (square / (count - 1) / count).squareRoot()
    }.max() ?? 0
  }

  /// Root mean square amplitude of every period.
  func envelope(_ angularFrequency: Double) -> [Double] {
    stride(from: 0, to: velocity.count, by: 16).map { start in
      let squares = (start..<(start + 16)).reduce(0.0) { sum, index in
        let scaled = angularFrequency * displacement[index]
        return sum + velocity[index] * velocity[index] + scaled * scaled
      }
      return (squares / 16).squareRoot()
    }
  }
}
