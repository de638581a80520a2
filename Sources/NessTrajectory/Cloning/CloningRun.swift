import NessModel
import NessSampling
import NessStatistics

/// The tails of the heat between two baths: generating function and rate function by populations of clones, in a run of its own.
///
/// - Source: `Documentation/Theory/fluctuations.md`, section 7.
/// - Checked by: exact generating functions of harmonic chains, the symmetry of anharmonic ones (CloningTests).
package struct CloningRun: Sendable {
  /// Fewest clones.
  package static let fewestClones = 32
  /// Work of all populations over that of the run to which they belong, roughly.
  package static let work = 8.0

  private let settings: TrajectorySettings
  private let watch: SamplingWatch<Answer>

  /// - Parameter settings: of the run to which it belongs; as many clones as replicas.
  package init(_ settings: TrajectorySettings, watch: SamplingWatch<Answer>) {
    var settings = settings
    settings.target = nil
    settings.innovations = false
    (self.settings, self.watch) = (settings, watch)
  }

  /// Time that every population is measured, in ticks of a batch.
  private var ticksPerBatch: Int {
    let tick = Double(NetworkLedger.stepsPerTick) * settings.timeStep
    let time = settings.duration * Self.work / Double(GeneratingPoint.count)
    return max(1, Int((time / (tick * Double(CloningSampling.batches))).rounded(.up)))
  }

  /// - Throws: `Refusal` if there are too few replicas; as a run does.
  package func simulate(_ bathed: BathedNetwork) throws -> (answer: Answer, stopReason: StopReason) {
    let scales = NetworkScales(bathed)
    let solver = NetworkTrajectorySolver(settings)
    guard bathed.baths.count == 2 else {
      throw Refusal(
        .simulation, "generatingFunction is of the heat between two baths, and there are \(bathed.baths.count)")
    }
    guard settings.replicas >= Self.fewestClones else {
      throw Refusal(
        .simulation,
        "generatingFunction: a population of \(settings.replicas) clones, one for every replica, tells no tail: give run.replicas "
          + "\(Self.fewestClones) or more")
    }
    let exchange = bathed.slowExchange(scales.stiffness)
    if exchange.time > 0, !bathed.slowForces.isEmpty {
      throw Refusal(
        .simulation,
        "generatingFunction: the heat of a bath with a memory is weighed as it comes, and clones forget too fast for the energy that is "
          + "exchanged in about \(exchange.time.text(digits: 2))"
          + (bathed.network.isHarmonic ? "; linear theory may answer it" : "; stronger baths would do"))
    }
    let clones = (settings.replicas + 7) / 8 * 8
    var whole = settings
    whole.replicas = clones * GeneratingPoint.count
    if let refusal = NetworkTrajectorySolver(whole).refusals(of: bathed, scales).first { throw refusal }
    let temperatures = bathed.baths.map(\.law.temperature)
    let places = GeneratingPoint.grid(temperatures[0], temperatures[1])
    let dynamics = NetworkDynamics(
      bathed, timeStep: settings.timeStep, rate: scales.readingRate, noise: settings.noise,
      stepsPerReading: NetworkLedger.stepsPerTick)
    let tick = Double(NetworkLedger.stepsPerTick) * settings.timeStep
    // Populations forget an untilted start, however well the replicas of the run itself begin.
    let forgetting = scales.burnIn(
      timeStep: settings.timeStep, relativeError: nil, replicas: clones * places.count)
    let burnInTicks = Int((max(settings.burnIn, forgetting.burnIn) / tick).rounded(.up))
    let sampling = CloningSampling(
      dynamics, seed: settings.seed, velocityVariances: scales.velocityVariances,
      displacements: scales.start.displacements, places: places, clones: clones,
      burnInTicks: burnInTicks, ticksPerBatch: ticksPerBatch)
    let ticks = CloningSampling.batches * ticksPerBatch
    let workPerTick = Double(NetworkLedger.stepsPerTick * clones) * bathed.workOfAStep
    let schedule = Schedule(
      burnInTicks: burnInTicks, ticksPerEntry: ticks, checkpoints: [1],
      longestPiece: max(1, min((burnInTicks + ticks) / 400, Int(2e7 / workPerTick))))
    let shape = StateShape(
      counts: [
        NetworkLedger.stepsPerTick, CloningSampling.stepsPerLook, clones, dynamics.sites, burnInTicks, ticksPerBatch,
        dynamics.ledger.channels,
      ], spans: [settings.timeStep])
    let ensemble = ReplicaEnsemble(
      replicas: clones * places.count, replicasPerMotion: clones, schedule: schedule, shape: shape
    ) { ClonePopulation(sampling, firstReplica: $0) }
    do {
      let stop = try ensemble.runWithoutLooks(threads: settings.threads, watch)
      // What was ended goes on, so half a run is no answer.
      if stop != .durationReached { throw TrajectoryError.interrupted }
    } catch let error as TrajectoryError {
      throw solver.told(error, bathed, scales)
    }
    let analysis = CloningAnalysis(
      populations: ensemble.motions, batch: Double(ticksPerBatch) * tick, isWeighed: !bathed.hasBathBeyondLangevin,
      shareOfTheStep: shareOfTheStep(
        power: 2, frequency: scales.highestAngularFrequency, timeStep: settings.timeStep, time: 0))
    return (analysis.answer().finished(NetworkTrajectorySolver.claim), .durationReached)
  }
}
