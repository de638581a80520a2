import Foundation
import NessKinetic
import NessLindblad
import NessModel
import NessSampling
import NessStatistics
import NessStore
import NessStudy

extension Job {
  /// Quantities of a classical box by simulation, until the current is known to a relative standard error.
  ///
  /// - Returns: a job whose result has one estimate for each of `quantities`, in order.
  static func boxSimulation(
    _ title: String, of model: BoxModel, _ quantities: [Quantity] = [.heatCurrent], replicas: Int = 256,
    duration: Double, seed: UInt64
  ) -> Job {
    let burnIn = KineticChoice(for: model).burnIn
    // Points of a curve shall be independent: the same random numbers would only stretch the same flights. What keys leave
    // out since, the seeds still depend on.
    let seed = seed ^ CacheKey(CacheKey.lines(for: AnyModel(model))).completed.number
    let key = CacheKey(
      head("box", by: .kinetic) + CacheKey.lines(for: AnyModel(model)) + quantities.map { .text("quantity", "\($0)") }
        + [
          .whole("seed", seed), .whole("replicas", replicas), .number("burnIn", burnIn), .number("duration", duration),
        ])
    let fastest = (model.attachments.map(\.bath.temperature).max() ?? 1) / model.medium.mass
    let collisions = Double(replicas) * (burnIn + duration) * fastest.squareRoot() / model.medium.length
    return Job(title: title, key: key, cost: 2 * collisions) { context in
      var solver = KineticSolver(
        KineticSettings(
          seed: seed, replicas: replicas, burnIn: burnIn, duration: duration, threads: context.threads))
      solver.watch = context.watch
      let outcome = try solver.simulate(model)
      if outcome.stopReason == .interrupted { throw Interrupted() }
      return try quantities.map { try outcome.answer.required($0, .simulation) }
    }
  }

  /// One quantity of several models by an exact method, in order of the models.
  ///
  /// - Parameters:
  ///   - seconds: processor time of a model, roughly, for the time left.
  static func exact<Exact: Solver>(
    _ title: String, _ quantity: Quantity, by method: NessModel.Method, _ solver: Exact,
    of models: [Model<Exact.MediumType>], described: (Model<Exact.MediumType>) -> AnyModel, seconds: Double
  ) -> Job {
    let key = CacheKey(
      head("exact", by: Exact.engine) + [.text("method", method.rawValue), .text("quantity", "\(quantity)")]
        + models.flatMap { CacheKey.lines(for: described($0)) })
    // A particle-step, the unit of cost, takes about 3 ns.
    return Job(title: title, key: key, cost: seconds * 3e8 * Double(models.count), isExact: true) { context in
      let done = WorkCount(total: models.count, context.watch.onProgress)
      return try concurrentMap(count: models.count, threads: context.threads) { index in
        Result {
          if context.watch.shouldStop() { throw Interrupted() }
          let estimate = try solver.answer(.only(quantity), of: models[index], by: [method]).required(quantity, method)
          done.addOne()
          return estimate
        }
      }.map { try $0.get() }
    }
  }

  /// Currents of quantum boxes.
  static func davies(
    _ title: String, _ models: [QuantumBoxModel], _ quantity: Quantity = .heatCurrent, seconds: Double = 0.01
  ) -> Job {
    exact(
      title, quantity, by: .davies, LindbladSolver(), of: models, described: { AnyModel($0) }, seconds: seconds)
  }
}

extension KernelSolver {
  /// The heat current of a classical box; nil where there is none.
  func current(_ model: BoxModel) throws -> Estimate? {
    try answer(.only(.heatCurrent), of: model).estimate(.heatCurrent, by: .kernel)
  }
}
