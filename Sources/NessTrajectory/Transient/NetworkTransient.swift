import NessModel
import NessSampling
import NessStatistics

extension NetworkTrajectorySolver {
  /// Follows all replicas of a network from their start, and measures means over them.
  ///
  /// - Parameter settings of the solver: without burn-in, of a step that goes into the interval of the samples.
  /// - Returns: heats, temperatures, displacements, energy and its variance along time, errors from the spread of the replicas.
  /// - Throws: `Refusal` if the settings cannot work, `TrajectoryError` if a site is lost or the run is interrupted.
  package func follow(_ bathed: BathedNetwork, _ scales: NetworkScales, _ transient: NessModel.Transient) throws
    -> TrajectoryOutcome
  {
    if let refusal = refusals(of: bathed, scales).first { throw refusal }
    let network = bathed.network
    var request = RecordRequest(
      [.heatFrom, .kineticTemperature, .position, .kineticEnergy, .potentialEnergy], every: transient.every,
      replicas: settings.replicas)
    request.duration = transient.duration
    let recorded = try RecordedSystem(request, of: bathed, scales, settings, isOpen: false)
    let samples = ReplicaSamples(recorded.plan)
    var plain = settings
    plain.innovations = false
    let ensemble = NetworkEnsemble(
      bathed, plain, scales, recorded: recorded, in: SeriesRecording(recorded.plan, in: samples),
      from: GivenStart(transient, masses: network.masses))
    do {
      let stop = try ensemble.runWithoutLooks(threads: settings.threads, watch)
      if stop != .durationReached { throw TrajectoryError.interrupted }
    } catch let error as TrajectoryError {
      throw told(error, bathed, scales)
    }
    ensemble.endRecording()
    let analysis = TransientAnalysis(
      samples, transient, names: bathed.baths.map(\.name), sites: network.sites,
      frequency: scales.highestAngularFrequency)
    return TrajectoryOutcome(
      answer: try analysis.answer().finished(Self.claim), stopReason: .durationReached, duration: transient.duration,
      burnIn: 0, detectedTransient: 0, replicaSteps: ensemble.replicaSteps)
  }

  /// Memory that the samples of a transient take [bytes].
  package static func memory(
    ofSamples transient: NessModel.Transient, baths: Int, sites: Int, replicas: Int
  ) -> Double {
    8 * Double(replicas) * Double(transient.samples) * Double(baths + 4 * sites)
  }
}

/// Means over independent replicas, and their errors, sample by sample.
struct TransientAnalysis {
  private let samples: ReplicaSamples
  private let transient: NessModel.Transient
  private let names: [String]
  private let sites: Int
  /// The highest angular frequency of the medium [1/time].
  private let frequency: Double

  init(
    _ samples: ReplicaSamples, _ transient: NessModel.Transient, names: [String], sites: Int, frequency: Double
  ) {
    (self.samples, self.transient, self.names, self.sites) = (samples, transient, names, sites)
    self.frequency = frequency
  }

  private var replicas: Int { samples.plan.replicas }

  func answer() throws -> Answer {
    var answer = Answer()
    var worst = 0.0
    let time = transient.axis
    let site = Answer.Axis("site", values: (1...sites).map(Double.init))
    func add(_ family: Quantity.Family, _ axes: [Answer.Axis], _ estimates: [Estimate], power: Double) {
      let budgets = zip(estimates, stepBias(of: estimates, power: power)).map {
        ErrorBudget(statistical: $0.error, timeStep: .init($1, .estimate), burnIn: .none)
      }
      for budget in budgets where budget.statistical > 0 {
        worst = max(worst, budget.timeStep.value / budget.statistical)
      }
      answer.entries.append(.init(.all(family), .simulation, axes: axes, estimates, budgets: budgets))
    }
    func table(_ series: Int, _ numbers: Int) -> [Estimate] {
      (0..<numbers).flatMap { number in
        (0..<transient.samples).map { sample in
          mean { samples.value(series, replica: $0, sample: sample, number: number) }
        }
      }
    }
    add(.transientHeat, [Answer.Axis("bath", names: names), time], table(0, names.count), power: 2)
    add(.transientTemperature, [site, time], table(1, sites), power: 2)
    add(.transientDisplacement, [site, time], table(2, sites), power: 1)
    let energies = (0..<transient.samples).map { sample in
      (0..<replicas).map { replica in
        (0..<sites).reduce(0.0) { sum, site in
          sum + samples.value(3, replica: replica, sample: sample, number: site)
            + samples.value(4, replica: replica, sample: sample, number: site)
        }
      }
    }
    add(.transientEnergy, [time], energies.map { energies in mean { energies[$0] } }, power: 2)
    add(.transientEnergyVariance, [time], energies.map(variance), power: 4)
    if worst > 3 {
      let step = samples.plan.timeStep
      answer.notes.append(
        "errors at late times are for the most part an upper estimate of what the time step \(step.short) may do, which grows with time "
          + "(up to \(worst.text(digits: 2)) times the standard error of the replicas): run.timeStep: "
          + "\((step / max(2, worst.squareRoot())).text(digits: 2)) makes them alike")
    }
    return answer
  }

  /// What the step may change, of the largest number of the family within five times 1/w.
  private func stepBias(of estimates: [Estimate], power: Double) -> [Double] {
    let count = transient.samples
    let sizes = (0..<count).map { sample in
      stride(from: sample, to: estimates.count, by: count).reduce(0) { max($0, abs(estimates[$1].value)) }
    }
    let near = Int(min(Double(count), (5 / (frequency * transient.every)).rounded(.up)))
    return estimates.indices.map { index in
      let sample = index % count
      let size = sizes[max(0, sample - near)...min(count - 1, sample + near)].max() ?? 0
      let time = Double(sample + 1) * transient.every
      return size
        * shareOfTheStep(power: power, frequency: frequency, timeStep: samples.plan.timeStep, time: time)
    }
  }

  private func mean(_ value: (Int) -> Double) -> Estimate {
    let count = Double(replicas)
    let mean = (0..<replicas).reduce(0) { $0 + value($1) } / count
    let squares = (0..<replicas).reduce(0) { $0 + (value($1) - mean) * (value($1) - mean) }
    return .statistical(mean, standardError: (squares / (count - 1) / count).squareRoot(), effectiveSamples: count)
  }

  /// The variance over the replicas, its error from their fourth moment.
  private func variance(_ values: [Double]) -> Estimate {
    let count = Double(replicas)
    let mean = values.reduce(0, +) / count
    let squares = values.map { ($0 - mean) * ($0 - mean) }
    let second = squares.reduce(0, +) / count
    let fourth = squares.reduce(0) { $0 + $1 * $1 } / count
    let error = (max(0, fourth - second * second * (count - 3) / (count - 1)) / count).squareRoot()
    return .statistical(second * count / (count - 1), standardError: error, effectiveSamples: count)
  }
}
