import Foundation
import NessModel
import NessStatistics
import NessStore
import NessTrajectory

extension Job {
  /// Kinetic temperature of the last site of a chain.
  package static func kineticTemperature(
    _ title: String, ofLastSiteOf model: ChainModel, duration: Double, seed: UInt64
  ) throws -> Job {
    let step = TimeStepChoice(for: model).timeStep
    let burnIn = 100.0
    let particles = Double(model.particleBaths.reduce(1) { $0 + $1.bath.count })
    let key = CacheKey(
      head("kineticTemperature", by: .trajectory) + CacheKey.lines(for: model)
        + [.number("duration", duration), .number("timeStep", step), .whole("seed", seed)])
    return Job(title: title, key: key, cost: 64 * (duration + burnIn) / step * particles) { context in
      let settings = TrajectorySettings(
        seed: seed, timeStep: step, burnIn: burnIn, duration: duration, threads: context.threads)
      var solver = TrajectorySolver(settings)
      solver.watch = context.watch
      let answer = try solver.simulate(model).answer
      guard let estimate = answer.estimate(.kineticTemperature(site: model.medium.sites), by: .simulation) else {
        throw Refusal(.simulation, "no kinetic temperature was measured")
      }
      return [estimate]
    }
  }

  /// Effective friction of a bath by Green and Kubo.
  package static func greenKubo(_ title: String, of bath: ParticleBath, seed: UInt64) -> Job {
    correlationJob(title, quantity: "greenKubo", of: bath, seed: seed) { probe, threads in
      // 160 lags of tau/20: the slowest harmonic has decayed to exp(-8).
      [try probe.greenKuboFriction(lags: 161, stepsPerLag: 2, samples: 128_000, threads: threads)]
    }
  }

  /// Correlation of the force of a bath on a probe at rest, at half a relaxation time.
  package static func noiseCorrelation(_ title: String, of bath: ParticleBath, seed: UInt64) -> Job {
    correlationJob(title, quantity: "noiseCorrelation", of: bath, seed: seed) { probe, threads in
      [try probe.forceAutocorrelation(lags: 2, stepsPerLag: 20, samples: 32_000, threads: threads)[1]]
    }
  }

  /// A measurement on a probe held at 0, with a time step of tau/40.
  private static func correlationJob(
    _ title: String, quantity: String, of bath: ParticleBath, seed: UInt64,
    measure: @escaping @Sendable (FrozenProbe, Int) throws -> [Estimate]
  ) -> Job {
    let step = bath.relaxationTime / 40
    let key = CacheKey(
      head(quantity, by: .trajectory) + CacheKey.lines(for: AnyBath(bath)) + [
        .number("timeStep", step), .whole("seed", seed), .text("samples", "many"),
      ])
    return Job(title: title, key: key, cost: 64 * 300_000 * Double(bath.count)) { context in
      var probe = FrozenProbe(bath: bath, displacement: 0, timeStep: step, seed: seed)
      probe.shouldStop = context.watch.shouldStop
      return try measure(probe, context.threads)
    }
  }
}
