import NessModel
import NessSampling
import NessStatistics

/// All replicas of one chain at one time step.
typealias Ensemble = ReplicaEnsemble<ChainReplicas>

extension Ensemble {
  /// Replicas 0 to `settings.replicas - 1` of a model, which begin as `start` says or at rest.
  ///
  /// - Parameters:
  ///   - innovations: whether they are followed.
  ///   - recorded: what is recorded along the time.
  ///   - recording: where; nil for nothing.
  convenience init(
    _ model: ChainModel, _ settings: TrajectorySettings, innovations: Bool, start: StartLaw?,
    recorded: RecordedSystem? = nil, in recording: SeriesRecording? = nil
  ) {
    let replicas = settings.replicas
    let schedule = Schedule(settings, workOfAStep: model.workOfAStep)
    let dynamics = ChainDynamics(model, timeStep: settings.timeStep, noise: settings.noise)
    let followed = innovations ? Innovations(of: dynamics, model: model) : nil
    let ledger = Ledger(dynamics.layout, followed: followed?.heats.count ?? 0)
    let bonds = 0..<(model.medium.sites - 1)
    let passage = model.terminals.map { ($0.left.site - 1)..<($0.right.site - 1) } ?? bonds
    let heats = FollowedHeats(
      temperatures: model.attachments.map(\.bath.temperature),
      weights: model.attachments.indices.map {
        ledger.factor(ofChannel: ledger.heat($0), in: dynamics) * settings.timeStep
      })
    let layout = ReplicaRecord.Layout(ledger, replicas: replicas, passage: passage, heats: heats)
    let sampling = ChainSampling(
      dynamics, followed, ledger, layout, seed: settings.seed, start: start, burnInTicks: schedule.burnInTicks,
      recorded: recorded, recording: recording)
    let shape = StateShape(
      counts: [
        Ledger.stepsPerTick, layout.capacity, layout.localCapacity, ledger.channels, dynamics.sites,
        schedule.burnInTicks, ledger.followed, heats.sums.count,
      ], spans: [settings.timeStep])
    self.init(replicas: replicas, schedule: schedule, shape: shape) { ChainReplicas(sampling, firstReplica: $0) }
  }

  /// Memory that the replicas of a model take, roughly [bytes].
  static func memory(for model: ChainModel, replicas: Int) -> Double {
    let sites = Double(model.medium.sites)
    let particles = model.particleBaths.reduce(0.0) { $0 + 2 * Double($1.bath.count) }
    let baths = Double(model.attachments.count)
    let noise = Double(2 * LaneMotion.stepsPerBlock) * baths
    // Of every site its state (q, v, energy), the sums of two channels, and what is kept of them.
    let kept = Double(2 * max(1, ReplicaRecord.Layout.localCapacity(replicas: replicas)))
    let common =
      (2 * baths + 4 * Double(model.particleBaths.count) + 8)
      * Double(ReplicaRecord.Layout.capacity(replicas: replicas))
    let vectors = (5 + kept) * sites + Double(LaneMotion.mostStages) + particles + noise + common
    return Double((replicas + 7) / 8) * 64 * vectors
  }

  private var sampling: ChainSampling { motions[0].sampling }
  var dynamics: ChainDynamics { sampling.dynamics }
  /// What the noise tells about the heats, if that is followed.
  var innovations: Innovations? { sampling.innovations }
  var ledger: Ledger { sampling.ledger }
  /// How the replicas begin; nil for at rest.
  var start: StartLaw? { sampling.start }

  /// The heats whose cumulants are followed.
  var heats: FollowedHeats { sampling.layout.heats }
  /// Length of a tick [time].
  var tick: Double { time(ofTicks: 1) }

  /// What it takes to analyse the record briefly, roughly [s].
  var secondsOfALook: Double { 3e-8 * Double(replicas * sampling.layout.capacity * (ledger.sites + 10)) }

  /// Time that was discarded per replica [time].
  var burnIn: Double { time(ofTicks: schedule.burnInTicks) }
  /// Completed time of the record per replica [time].
  var recordedTime: Double { time(ofTicks: motions[0].record.count * motions[0].record.ticksPerBatch) }
  /// Steps of all replicas, burn-in included.
  var replicaSteps: Int { ticks * Ledger.stepsPerTick * replicas }

  private func time(ofTicks ticks: Int) -> Double { Double(ticks * Ledger.stepsPerTick) * dynamics.timeStep }

  /// Length of one batch of the burn-in [time].
  var burnInBatchLength: Double {
    time(
      ofTicks: JoinedBatches.additionsPerBatch(after: schedule.burnInTicks, capacity: sampling.layout.capacity))
  }

  /// The record of one channel, in its physical unit: in batches, or whole where there is a channel for every site.
  func series(channel: Int) -> ReplicaSeries {
    series(sampling.layout.place(of: channel), factor: ledger.factor(ofChannel: channel, in: dynamics))
  }

  /// The mean flow through the bonds between the two baths, from left to right [energy/time].
  var meanFlow: ReplicaSeries {
    let layout = sampling.layout
    let factor = layout.isPassageEmpty ? 0 : ledger.factor(ofChannel: ledger.bond(0), in: dynamics)
    return series(.common(layout.meanFlow), factor: factor)
  }

  /// The mean kinetic temperature of the sites [energy].
  var meanTemperature: ReplicaSeries {
    series(.common(sampling.layout.meanSquare), factor: sampling.temperatureFactor)
  }

  private func series(_ place: ReplicaRecord.Place, factor: Double) -> ReplicaSeries {
    series(place, factor: factor, stepsPerTick: Ledger.stepsPerTick)
  }
}

extension Schedule {
  /// When to look at a run of a chain: the time in ticks, the error at about every quarter more.
  ///
  /// - Parameters:
  ///   - settings: burn-in, duration and target.
  ///   - workOfAStep: work of one step of one replica, in particle-steps.
  init(_ settings: TrajectorySettings, workOfAStep: Double) {
    let tick = Double(Ledger.stepsPerTick) * settings.timeStep
    let capacity = ReplicaRecord.Layout.capacity(replicas: settings.replicas)
    let burnInTicks = Int((settings.burnIn / tick).rounded(.up))
    let total = JoinedBatches.completeAdditions(
      atLeast: max(1, Int((settings.duration / tick).rounded(.up))), capacity: capacity)
    let workPerTick = Double(Ledger.stepsPerTick * settings.replicas) * workOfAStep.rounded(.down)
    self.init(
      burnInTicks: burnInTicks,
      checkpoints: settings.target == nil
        ? [total] : Self.checkpoints(first: 2 * capacity, last: total, capacity: capacity),
      // Often enough for a smooth progress.
      longestPiece: min((burnInTicks + total) / 400, Int(2e7 / workPerTick)))
  }
}
