import Foundation
import NessLinear
import NessModel
import NessStatistics
import NessStore
import NessTrajectory

extension Job {
  /// The heat current of a two-terminal model to an absolute standard error.
  ///
  /// Its result is the current less what the linear dynamics tells of its bias, which is what theories are compared with, and
  /// the current as it was measured.
  ///
  /// - Parameters:
  ///   - title: for the progress line.
  ///   - model: two baths.
  ///   - error: standard error to reach [energy/time].
  ///   - tolerance: largest expected relative bias from the time step.
  ///   - seed: seed of all random streams.
  package static func heatCurrent(
    _ title: String, of model: ChainModel, error: Double, tolerance: Double, seed: UInt64
  ) -> Job {
    let step = TimeStepChoice(for: model, tolerance: tolerance).timeStep
    let replicas = 64
    let fastest = model.highestAngularFrequency
    let burnIn = BurnInChoice(
      model, timeStep: step, noise: .matched, relativeError: nil, replicas: replicas
    ).burnIn
    let particles = model.particleBaths.reduce(0) { $0 + $1.bath.count } + model.medium.sites / 4 + 1
    let measured = expectedVarianceRate(of: model) / (error * error) + Double(replicas) * 20 / fastest
    let steps = (measured + Double(replicas) * burnIn) / step
    let key = CacheKey(
      head("heatCurrent and its bias", by: TrajectorySolver.engines(of: model) + [.linear]) + CacheKey.lines(for: model)
        + [
          .whole("seed", seed), .whole("replicas", replicas), .number("timeStep", step), .number("burnIn", burnIn),
          .number("error", error),
        ])
    return Job(title: title, key: key, cost: steps * Double(particles)) { context in
      let settings = TrajectorySettings(
        seed: seed, replicas: replicas, timeStep: step, burnIn: burnIn,
        duration: 8 * measured / Double(replicas), target: .absolute(error), threads: context.threads)
      var solver = TrajectorySolver(settings)
      solver.watch = context.watch
      let outcome = try solver.simulate(model)
      if outcome.stopReason == .interrupted { throw Interrupted() }
      let entries = outcome.answer.entries
      guard let current = entries.first(where: { $0.quantity == .heatCurrent && $0.method == .simulation }) else {
        throw Refusal(.simulation, "the model has no two terminals")
      }
      return [current.withoutKnownBias, current.estimate]
    }
  }

  /// Rough time of all replicas together to a relative error of the heat current [time]; nil if there is none.
  package static func expectedTime(of model: ChainModel, relativeError: Double) -> Double? {
    guard let current = markovCurrent(of: model), current != 0 else { return nil }
    return expectedVarianceRate(of: model) / (relativeError * relativeError * current * current)
  }

  private static func markovCurrent(of model: ChainModel) -> Double? {
    (try? LinearSolver().answer(.only(.heatCurrent), of: model, by: [.markov]))?.estimate(.heatCurrent, by: .markov)?
      .value
  }

  /// Rough variance of the heat that passes per time, for planning: 2 G T_L T_R + 10 J² t_r, with J = G (T_L - T_R).
  /// Where the noise of particles is followed (`Documentation/Theory/innovations.md`) a hundredth of it, or less, is left.
  private static func expectedVarianceRate(of model: ChainModel) -> Double {
    guard let terminals = model.terminals else { return 0 }
    let (left, right) = (terminals.left.bath.temperature, terminals.right.bath.temperature)
    let bias = abs(left - right)
    let current = markovCurrent(of: model)
    // Where no theory tells the conductance, a good part of what a chain can carry stands for it.
    let known = bias > 0 ? current.map { abs($0) / bias } : nil
    let conductance = known ?? 0.1 * model.highestAngularFrequency
    let plain = 2 * conductance * left * right + 10 * conductance * conductance * bias * bias
    return model.particleBaths.isEmpty ? plain : 0.02 * plain
  }
}

extension Job {
  /// The first lines of a key: what is computed, by which versions of the engines on which it depends. Where the way from
  /// their numbers to the result changes, it gets another name.
  package static func head(_ quantity: String, by engines: [EngineVersion]) -> [CacheKey.Line] {
    [.text("quantity", quantity)] + CacheKey.lines(for: engines)
  }

  /// The same, engine by engine.
  package static func head(_ quantity: String, by engines: EngineVersion...) -> [CacheKey.Line] {
    head(quantity, by: engines)
  }
}
