import Foundation
import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// What can be measured on a single probe in a particle bath.
package enum ProbeMeasurement: String, CaseIterable, Codable, Sendable {
  /// Mean force of a particle on a probe held at several displacements, against the exact average.
  case meanForce
  /// Correlation of the force on a probe at rest, against T Gamma(t).
  case noise
  /// Effective friction by Green and Kubo, against the formula.
  case greenKubo
  /// Effective friction from the ring-down of a kicked probe, against the formula and the friction with memory.
  case ringDown
  /// Histogram of the displacement, against the exact equilibrium law.
  case equilibrium
}

/// One measured number beside its theory.
package struct ProbeComparison: Codable, Sendable {
  /// What was measured.
  package let measurement: ProbeMeasurement
  /// Where: the name of the abscissa and its value, for example `displacement` or `time`.
  package let abscissa: String
  /// The abscissa.
  package let at: Double
  /// The measured value and its standard error.
  package let simulation: Estimate
  /// The exact or weak-coupling value that it is compared with.
  package let theory: Double
  /// Name of that theory.
  package let theoryName: String
  /// What a reader must know of the comparison; nil for nothing.
  package var note: String?

  /// Distance in standard errors.
  package var zScore: Double { (simulation.value - theory) / simulation.error }
}

/// Measurements on a single probe in a particle bath (Krekels et al. 2026, Sec. 3).
package struct ProbeStudy: Sendable {
  /// The probe and its bath: one site, one particle bath.
  package let model: ChainModel
  /// Seed of all random streams.
  package let seed: UInt64
  /// Independent replicas.
  package let replicas: Int
  /// Velocity of the kick for the ring-down; nil for one that the particles still answer linearly [length/time].
  package let initialVelocity: Double?
  private let bath: ParticleBath

  /// Measurements on the probe of `model`.
  ///
  /// - Throws: `Refusal` if the model is not a single site in one particle bath.
  package init(model: ChainModel, seed: UInt64, replicas: Int, initialVelocity: Double? = nil) throws(Refusal) {
    guard model.medium.sites == 1, model.attachments.count == 1, let bath = model.particleBaths.first?.bath else {
      throw Refusal(.simulation, "a probe is one site (medium.sites: 1) in one bath of kind particles and nothing else")
    }
    self.model = model
    self.seed = seed
    self.replicas = max(16, replicas)
    self.initialVelocity = initialVelocity
    self.bath = bath
  }

  /// Carries out one measurement.
  package func measure(
    _ measurement: ProbeMeasurement, threads: Int, onProgress: @escaping @Sendable (Double) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [ProbeComparison] {
    let context = JobContext(threads: threads, watch: SamplingWatch(onProgress: onProgress, shouldStop: shouldStop))
    switch measurement {
    case .meanForce: return try meanForce(context)
    case .noise: return try noise(context)
    case .greenKubo: return try greenKubo(context)
    case .ringDown: return try ringDown(context)
    case .equilibrium: return try equilibrium(context)
    }
  }

  private var frozen: FrozenBath { FrozenBath(bath) }

  /// Twice the displacement at which the force of the particles is no longer linear, or two thermal ones.
  private var reach: Double {
    let pinning = model.medium.pinning.left
    let thermal = pinning > 0 ? 2 * (bath.temperature / pinning).squareRoot() : .infinity
    let force = abs(bath.coupling) * bath.strength
    let linear = force > 0 ? 2 * bath.temperature / force : .infinity
    return min(thermal, linear).isFinite ? min(thermal, linear) : bath.ringLength
  }

  private func meanForce(_ context: JobContext) throws -> [ProbeComparison] {
    let points = linearGrid(from: -reach, to: reach, count: 7)
    return try points.enumerated().map { index, displacement in
      if context.watch.shouldStop() { throw Interrupted() }
      let step = TimeStepChoice(for: model, tolerance: 0.001, displacement: abs(displacement)).timeStep
      var probe = FrozenProbe(bath: bath, displacement: displacement, timeStep: step, seed: seed, replicas: replicas)
      probe.shouldStop = context.watch.shouldStop
      let force = try probe.meanForce(duration: 100 * bath.relaxationTime, threads: context.threads)
      context.watch.onProgress(Double(index + 1) / Double(points.count))
      return ProbeComparison(
        measurement: .meanForce, abscissa: "displacement", at: displacement, simulation: force,
        theory: try frozen.meanForce(atDisplacement: displacement), theoryName: "exact")
    }
  }

  private func noise(_ context: JobContext) throws -> [ProbeComparison] {
    let step = bath.relaxationTime / 40
    var probe = FrozenProbe(bath: bath, displacement: 0, timeStep: step, seed: seed, replicas: replicas)
    probe.shouldStop = context.watch.shouldStop
    let measured = try probe.forceAutocorrelation(lags: 5, stepsPerLag: 20, samples: 2000, threads: context.threads)
    let scale = Double(bath.count) * bath.coupling * bath.coupling
    return measured.enumerated().map { index, estimate in
      let time = Double(index) * 20 * step
      return ProbeComparison(
        measurement: .noise, abscissa: "time", at: time, simulation: estimate,
        theory: scale * frozen.forceAutocorrelation(atTime: time), theoryName: "T Gamma(t)")
    }
  }

  private func greenKubo(_ context: JobContext) throws -> [ProbeComparison] {
    let step = bath.relaxationTime / 40
    var probe = FrozenProbe(bath: bath, displacement: 0, timeStep: step, seed: seed, replicas: replicas)
    probe.shouldStop = context.watch.shouldStop
    let friction = try probe.greenKuboFriction(lags: 161, stepsPerLag: 2, samples: 8000, threads: context.threads)
    return [
      ProbeComparison(
        measurement: .greenKubo, abscissa: "temperature", at: bath.temperature, simulation: friction,
        theory: bath.frictionKernel.markovFriction, theoryName: "formula")
    ]
  }

  private func ringDown(_ context: JobContext) throws -> [ProbeComparison] {
    let stiffness = model.medium.pinning.left + bath.stiffnessShift
    guard stiffness > 0 else {
      throw Refusal(
        .simulation,
        "the probe has no ring-down about q = 0: its effective stiffness is \(stiffness.short); "
          + "warm the particles above \((bucklingTemperature(of: model) ?? 0).short)")
    }
    let square = stiffness / model.medium.mass
    let kick = RingDownKick(bath, angularFrequency: square.squareRoot())
    let initialVelocity = try self.initialVelocity ?? kick.velocity(changingResponseBy: 0.005)
    let withMemory = bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude * $1.rate / ($1.rate * $1.rate + square) }
    let step = TimeStepChoice(
      for: model, displacement: abs(initialVelocity) / square.squareRoot()
    ).timeStep
    let ringDown = RingDown(
      model: model, initialVelocity: initialVelocity, angularFrequency: square.squareRoot(), timeStep: step, seed: seed,
      replicas: replicas)
    let duration = max(16 * Double.pi / square.squareRoot(), 2 * model.medium.mass / withMemory)
    let friction = try ringDown.measure(
      duration: duration, threads: context.threads, onProgress: context.watch.onProgress,
      shouldStop: context.watch.shouldStop
    ).friction
    let note = try kick.note(initialVelocity, friction)
    return [("formula", bath.frictionKernel.markovFriction), ("with memory", withMemory)].map { name, theory in
      ProbeComparison(
        measurement: .ringDown, abscissa: "initial velocity", at: initialVelocity, simulation: friction, theory: theory,
        theoryName: name, note: note)
    }
  }

  private func equilibrium(_ context: JobContext) throws -> [ProbeComparison] {
    guard model.medium.pinning.left > 0 else {
      throw Refusal(.simulation, "an unpinned probe has no equilibrium law: medium.pinning must be > 0")
    }
    let density = try ProbeDensity(bath, pinning: model.medium.pinning.left)
    let width = try density.variance().value.squareRoot()
    let centre = try density.mean().value
    let edges = linearGrid(from: centre - 2.5 * width, to: centre + 2.5 * width, count: 11)
    // Without a linear theory a hundred times the period of the pinning.
    let period = (model.medium.mass / model.medium.pinning.left).squareRoot()
    let relaxation = (try? 1 / slowestRelaxationRate(of: model)) ?? 100 * period
    let settings = TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: TimeStepChoice(for: model, tolerance: 0.001).timeStep,
      burnIn: 6 * relaxation, duration: 60 * relaxation, threads: context.threads)
    let histogram = try ProbeHistogram(
      of: model, edges: edges, settings: settings, interval: relaxation / 4, onProgress: context.watch.onProgress,
      shouldStop: context.watch.shouldStop)
    return try histogram.shares.enumerated().map { bin, share in
      let (from, to) = (edges[bin], edges[bin + 1])
      // Simpson's rule on 16 panels: the density is smooth on the scale of a bin.
      let panels = 16
      let exact =
        try (0...panels).reduce(0.0) { sum, index in
          let weight = index == 0 || index == panels ? 1.0 : index % 2 == 1 ? 4 : 2
          return sum + weight * exp(try density.logDensity(at: from + (to - from) * Double(index) / Double(panels)))
        } * (to - from) / Double(3 * panels)
      return ProbeComparison(
        measurement: .equilibrium, abscissa: "displacement", at: 0.5 * (from + to), simulation: share, theory: exact,
        theoryName: "exact law")
    }
  }
}
