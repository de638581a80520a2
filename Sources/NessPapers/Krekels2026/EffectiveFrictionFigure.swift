import Foundation
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStore
import NessStudy
import NessTrajectory

/// Fig. 2b: effective friction of a single probe from its ring-down, against the temperature of the particles.
struct EffectiveFrictionFigure: PaperFigure {
  let identifier = "2b"
  let quality: Quality
  let seed: UInt64

  var temperatures: [Double] {
    quality == .quick ? [3, 5, 8, 14, 25, 45, 70] : [2.5, 3, 4, 5, 7, 10, 14, 20, 28, 40, 56, 80, 110]
  }

  /// The ring-down at one temperature, from the paper's initial velocity 50.
  func job(_ temperature: Double) throws -> Job {
    try .ringDown(
      "Fig. 2b, ring-down at T_L = \(temperature.short)", of: KrekelsParameters.bath(temperature: temperature),
      initialVelocity: KrekelsParameters.initialVelocity, replicas: quality == .quick ? 64 : 512,
      tolerance: quality.timeStepTolerance, seed: seed)
  }

  func jobs() throws -> [Job] { try temperatures.map(job) }

  func figure(_ bench: Workbench) throws -> Figure {
    let simulated = try temperatures.map { temperature -> Figure.Curve.Point in
      let friction = try bench.result(job(temperature))[0]
      return .init(temperature, friction.value, error: friction.error)
    }
    let grid = logarithmicGrid(from: 2.2, to: 130, count: 100)
    func formula(_ temperature: Double) -> Double {
      KrekelsParameters.bath(temperature: temperature).frictionKernel.markovFriction
    }
    func withMemory(_ temperature: Double) -> Double { Self.frictionWithMemory(temperature) }
    let name = "ring-down from v(0) = 50"
    return Figure(
      identifier: identifier, title: "Effective friction of a single probe",
      caption: """
        Friction from the decay of the envelope of the mean velocity, ⟨q'⟩ ~ exp(−γt/2m), against the paper's formula \
        γ_eff ~ T_L^{−2} (solid) and against the friction with memory, Re g(ω), at the frequency of the softened probe \
        (dashed). At low T_L the kick of v(0) = 50 drives the probe so far out that the coupling is no longer weak \
        (ε q F ≳ T_L): the friction there is a property of the kick and not of equilibrium.
        """,
      horizontal: .init(label: "T_L", unit: "energy", scale: .logarithmic),
      vertical: .init(label: "γ_{eff}", unit: "mass/time", scale: .logarithmic),
      curves: [
        .init(label: name, name: "simulation", role: .simulation, family: 0, points: simulated),
        .init(
          label: "formula (Markov)", name: "Markov formula", role: .theory, family: 0,
          points: grid.map { .init($0, formula($0)) }),
        .init(
          label: "with memory", name: "with memory", role: .approximation, family: 1,
          points: grid.map { .init($0, withMemory($0)) }),
      ],
      ratios: [
        .init(
          label: nil, name: "simulation / formula", role: .simulation, family: 0,
          points: simulated.map { .init($0.x, $0.y / formula($0.x), error: ($0.error ?? 0) / formula($0.x)) })
      ], ratioLabel: "sim. / formula")
  }

  /// Re g(w) at the frequency of the softened probe.
  static func frictionWithMemory(_ temperature: Double) -> Double {
    let bath = KrekelsParameters.bath(temperature: temperature)
    let square = (KrekelsParameters.pinning + bath.stiffnessShift) / KrekelsParameters.mass
    return bath.frictionKernel.terms.reduce(0) { sum, term in
      sum + term.amplitude * term.rate / (term.rate * term.rate + square)
    }
  }
}

extension Job {
  /// Effective friction from the ring-down of a probe.
  static func ringDown(
    _ title: String, of bath: ParticleBath, initialVelocity: Double, replicas: Int, tolerance: Double, seed: UInt64
  ) throws -> Job {
    let model = try KrekelsParameters.probe(in: bath)
    let stiffness = max(0.05, KrekelsParameters.pinning + bath.stiffnessShift)
    let frequency = (stiffness / KrekelsParameters.mass).squareRoot()
    let step = TimeStepChoice(for: model, tolerance: tolerance, displacement: initialVelocity).timeStep
    let decay = 2 * KrekelsParameters.mass / EffectiveFrictionFigure.frictionWithMemory(bath.temperature)
    let duration = max(8 * 2 * Double.pi / frequency, decay)
    let key = CacheKey(
      head("ringDown", by: .trajectory) + CacheKey.lines(for: model) + [
        .number("initialVelocity", initialVelocity), .number("angularFrequency", frequency),
        .whole("replicas", replicas), .number("duration", duration), .number("timeStep", step), .whole("seed", seed),
      ])
    let cost = Double(replicas * (bath.count + 1)) * duration / step
    return Job(title: title, key: key, cost: cost) { context in
      let ringDown = RingDown(
        model: model, initialVelocity: initialVelocity, angularFrequency: frequency, timeStep: step, seed: seed,
        replicas: replicas)
      return [
        try ringDown.measure(
          duration: duration, threads: context.threads, onProgress: context.watch.onProgress,
          shouldStop: context.watch.shouldStop
        ).friction
      ]
    }
  }
}
