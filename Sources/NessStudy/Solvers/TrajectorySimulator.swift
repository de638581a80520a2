import NessFiles
import NessLinear
import NessModel
import NessTrajectory

/// Chains by full stochastic dynamics: what a file leaves open is chosen (`TrajectoryPlan`), and the step is checked if asked.
struct TrajectorySimulator: Simulator {
  typealias MediumType = Chain
  static let engine = TrajectorySolver.engine
  static let engines = TrajectorySolver.engines

  /// A chain is followed from a start as the network that it is.
  static func engines(for model: ChainModel) -> [EngineVersion] {
    model.transient == nil ? TrajectorySolver.engines(of: model) : [NetworkSimulator.engine]
  }

  static func offers(for model: ChainModel) -> [Offer] {
    offers(TrajectorySolver.offers(for: model), following: model, unless: networkReason(model))
  }

  /// Why a chain is no network; nil if it is one.
  private static func networkReason(_ model: ChainModel) -> String? {
    model.attachments.first { NetworkBath($0.bath.law) == nil }.map { "bath \($0.name) touches no network" }
  }

  fileprivate static func network(_ model: ChainModel) throws(Refusal) -> NetworkModel {
    let attachments = model.attachments.compactMap { attachment in
      NetworkBath(attachment.bath.law).map {
        NetworkModel.Attachment(
          name: attachment.name, site: attachment.site, bath: $0, group: attachment.group)
      }
    }
    do {
      if let reason = networkReason(model) { throw Refusal(.simulation, reason) }
      return try Model(medium: model.medium.network, attachments: attachments)
    } catch let error as Refusal {
      throw error
    } catch {
      throw Refusal(.simulation, "\(error)")
    }
  }

  func claim(of method: NessModel.Method, for model: ChainModel) -> Claim { TrajectorySolver.claim }

  func plan(
    _ request: RunSettings, for model: ChainModel, threads: Int, checksStep: Bool
  ) throws(Refusal) -> SimulationPlan {
    if let transient = model.transient {
      return try NetworkSimulator.plan(transient, request, for: Self.network(model), threads: threads)
    }
    let plan = try TrajectoryPlan(request, for: model, threads: threads)
    if let refusal = TrajectorySolver(plan.settings).refusals(of: model).first { throw refusal }
    var recorded: RecordedSystem?
    if let record = request.record {
      let isOpen = request.duration == nil && plan.settings.target != nil
      recorded = try RecordedSystem(record, of: model, plan.settings, isOpen: isOpen)
    }
    return SimulationPlan(
      SteppedSimulation(model, recording: recorded), plan.settings, asked: plan.askedError, notes: plan.notes,
      cost: plan.particleSteps(model), checksStep: checksStep)
  }
}

extension SteppedSimulation {
  /// A chain.
  init(_ model: ChainModel, recording recorded: RecordedSystem? = nil) {
    self.init(
      workOfAStep: model.workOfAStep, refuses: { !TrajectorySolver($0).refusals(of: model).isEmpty },
      durationForCumulants: { model.durationForCumulants($0) }, recorded: recorded?.plan,
      simulate: { settings, watch, isPilot in
        var solver = TrajectorySolver(settings)
        solver.recorded = recorded
        solver.watch = watch
        solver.isPilot = isPilot
        return try solver.simulate(model)
      },
      measureBeside: { what, settings, watch in
        switch what {
        case .correlation:
          let frequency = model.highestAngularFrequency
          return try CorrelationRun(
            settings, interval: CurrentCorrelation.interval(of: model) ?? CurrentCorrelation.interval(unit: frequency),
            frequency: frequency, watch: watch
          ).simulate(model)
        // The populations are those of the network that a chain is.
        case .tails:
          return try CloningRun(settings, watch: watch).simulate(BathedNetwork(TrajectorySimulator.network(model)))
        case .response(let path):
          let (models, value, step) = try ResponseRun.models(of: model, at: path) {
            !TrajectorySolver(settings).refusals(of: $0).isEmpty
          }
          let outcome = try ResponseRun(settings, watch: watch).simulate(models, value: value, step: step)
          return (outcome.answer(path, ofBaths: model.attachments.map(\.name)), outcome.stopReason)
        }
      })
  }
}
