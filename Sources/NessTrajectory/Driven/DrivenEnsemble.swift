import NessModel
import NessSampling
import NessStatistics

/// All replicas of one driven network at one time step.
typealias DrivenEnsemble = ReplicaEnsemble<DrivenReplicas>

extension DrivenEnsemble {
  /// Replicas 0 to `settings.replicas - 1` of a driven network.
  convenience init(
    _ driven: DrivenSystem, _ settings: TrajectorySettings, recorded: RecordedSystem? = nil,
    in recording: SeriesRecording? = nil
  ) {
    let dynamics = NetworkDynamics(driven, timeStep: settings.timeStep)
    let ticksPerPeriod = driven.steps(timeStep: settings.timeStep) / NetworkLedger.stepsPerTick
    let burnIn = Int((settings.burnIn / driven.period - 1e-9).rounded(.up))
    let capacity = ReplicaRecord.Layout.capacity(replicas: settings.replicas)
    let total = JoinedBatches.completeAdditions(
      atLeast: max(1, Int((settings.duration / driven.period - 1e-9).rounded(.up))), capacity: capacity)
    let workPerTick = Double(NetworkLedger.stepsPerTick * settings.replicas) * driven.workOfAStep.rounded(.down)
    let ticks = Double((burnIn + total) * ticksPerPeriod)
    let schedule = Schedule(
      burnInTicks: burnIn * ticksPerPeriod, ticksPerEntry: ticksPerPeriod,
      checkpoints: settings.target == nil
        ? [total]
        : Schedule.checkpoints(
          first: max(4, 2 * capacity / ticksPerPeriod), last: total, capacity: capacity),
      longestPiece: Int(min(ticks / 400, 2e7 / max(1, workPerTick))))
    let ledger = dynamics.ledger
    let masses = driven.form.network.masses.map { $0 / Double(ledger.sites) }
    let layout = ReplicaRecord.Layout(
      channels: ledger.channels, local: ledger.bond(0)..<ledger.measured,
      flow: .init(channels: ledger.bond(0)..<ledger.bond(0)),
      temperatures: .init(channels: ledger.kinetic(0)..<ledger.displacement(0), weights: masses),
      heats: FollowedHeats(temperatures: [], weights: []), replicas: settings.replicas,
      localCapacity: NetworkEnsemble.localCapacity(ledger, replicas: settings.replicas))
    let sampling = DrivenSampling(
      dynamics, layout, seed: settings.seed, velocityVariances: driven.scales.velocityVariances,
      ticksPerPeriod: ticksPerPeriod, burnInTicks: burnIn * ticksPerPeriod, recorded: recorded,
      recording: recording)
    let shape = StateShape(
      counts: [
        NetworkLedger.stepsPerTick, layout.capacity, layout.localCapacity, ledger.channels, dynamics.sites,
        sampling.burnInTicks, ticksPerPeriod,
      ], spans: [settings.timeStep])
    self.init(replicas: settings.replicas, schedule: schedule, shape: shape) {
      DrivenReplicas(sampling, firstReplica: $0)
    }
  }

  private var sampling: DrivenSampling { motions[0].sampling }
  var dynamics: NetworkDynamics { sampling.dynamics }
  var ledger: NetworkLedger { sampling.ledger }
  var periodOfSteps: Double { Double(sampling.stepsPerPeriod) * dynamics.timeStep }
  /// Time that was discarded per replica [time].
  var burnIn: Double { Double(sampling.burnInTicks * NetworkLedger.stepsPerTick) * dynamics.timeStep }
  /// Periods of the record per replica.
  var recordedPeriods: Int { motions[0].record.count * motions[0].record.ticksPerBatch }
  /// Steps of all replicas, burn-in included.
  var replicaSteps: Int { ticks * NetworkLedger.stepsPerTick * replicas }
  /// What it takes to analyse the record briefly, roughly [s].
  var secondsOfALook: Double { 3e-8 * Double(replicas * sampling.layout.capacity * (ledger.sites + ledger.baths + 10)) }

  /// The course of the kinetic temperature during the burn-in.
  var burnInRecord: BurnInRecord {
    let periods = sampling.burnInTicks / sampling.ticksPerPeriod
    let length = JoinedBatches.additionsPerBatch(after: periods, capacity: sampling.layout.capacity)
    return BurnInRecord(burnInTemperature, batchLength: Double(length) * periodOfSteps)
  }

  /// The record of one channel, in its physical unit.
  func series(channel: Int) -> ReplicaSeries {
    series(
      sampling.layout.place(of: channel), factor: dynamics.factor(ofChannel: channel),
      stepsPerTick: sampling.stepsPerPeriod)
  }

  /// The mean kinetic temperature of the sites [energy].
  var meanTemperature: ReplicaSeries {
    series(
      .common(sampling.layout.meanSquare), factor: sampling.temperatureFactor, stepsPerTick: sampling.stepsPerPeriod)
  }
}
