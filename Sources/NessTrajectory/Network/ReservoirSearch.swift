import Foundation
import NessMath
import NessModel
import NessSampling
import NessStatistics

/// Finds the temperatures at which self-consistent reservoirs give no heat in the mean, before a run is measured at them.
///
/// Trial runs, whose numbers are not used again, measure the heats J of all baths and their covariance between replicas. At
/// equal temperatures the fluctuations of heats tell how they answer to temperatures: with the spectral density S at zero
/// frequency of two heats,
///
///     dJ_a/dT_b = S_ab / (2 T_a T_b),
///
/// and between unequal ones roughly so, with the geometric mean of the temperatures of reservoir and site in the place of T, which is good enough for the steps of Newton's method: J = 0 is asked of the trial runs,
/// not of the formula. The trials grow until the heats of the reservoirs are as well known as the asked error needs. The run
/// measures what heats are left; they are small, so that their effect is told by the linear answer (`FoundReservoirs.shares`),
/// half of which counts as uncertain.
///
/// - Source: F. Bonetto, J. Lebowitz, J. Lukkarinen, J. Stat. Phys. 116, 783 (2004), for the reservoirs; the fluctuation relation
///   as in H. Callen, T. Welton, Phys. Rev. 83, 34 (1951).
/// - Checked by: harmonic networks against linear theory (ReservoirTests).
struct ReservoirSearch {
  /// Most reservoirs: their heats' covariance needs four times as many replicas.
  static let mostReservoirs = 128
  private static let mostTrials = 24
  /// Longest trial over the shortest.
  private static let mostMultiple = 4096
  /// Errors of the reservoirs' heats that are small enough, over that of the largest heat that is asked for.
  private static let share = 0.75

  private let bathed: BathedNetwork
  private let settings: TrajectorySettings
  private let watch: SamplingWatch<Answer>
  private let burnIn: Double
  private let replicas: Int

  /// - Parameters:
  ///   - bathed: with reservoirs at the temperatures that are expected of them.
  ///   - settings: of the run that is to be made.
  ///   - scales: of the network.
  init(
    _ bathed: BathedNetwork, _ settings: TrajectorySettings, _ scales: NetworkScales, _ watch: SamplingWatch<Answer>
  ) {
    (self.bathed, self.settings, self.watch) = (bathed, settings, watch)
    let count = bathed.reservoirs.count
    replicas = (max(settings.replicas, 64, 4 * count) + 7) / 8 * 8
    let tick = Double(NetworkLedger.stepsPerTick) * settings.timeStep
    let settling = scales.settlingTime
    burnIn = max(settings.burnIn, settling.isFinite ? settling : 0, 8 * tick)
  }

  /// The search: from the start, or from where a kept state of it or of the run was.
  ///
  /// - Throws: `TrajectoryError` if a site is lost or the run is interrupted; `LinearAlgebraError` if a reservoir is not joined
  ///   to any bath.
  func found() throws -> FoundReservoirs {
    let start = bathed.reservoirs.map { bathed.baths[$0].law.temperature }
    var found = FoundReservoirs(start)
    if bathed.isBalanced {
      found.isDone = true
      return found
    }
    let (preamble, baths) = (preamble, bathed.baths.count)
    found =
      watch.stateKeeper?.firstHead {
        FoundReservoirs($0, after: preamble, reservoirs: start.count, baths: baths)
      } ?? found
    while !found.isDone {
      let sample = try trial(found)
      try found.improve(with: sample)
      judge(&found, sample)
    }
    return found
  }

  /// What must be the same to go on with a search.
  private var preamble: [Double] {
    var target = [0.0, 0.0]
    switch settings.target {
    case .relative(let error)?: target = [1, error]
    case .absolute(let error)?: target = [2, error]
    case nil: break
    }
    return target + [settings.timeStep, burnIn, settings.target == nil ? settings.duration : 0, Double(replicas)]
      + bathed.baths.map(\.law.temperature)
  }

  /// The head of the states of a phase.
  func head(_ found: FoundReservoirs) -> [UInt8] { found.bytes(after: preamble) }

  /// The heats of a trial run at the temperatures found so far.
  private func trial(_ found: FoundReservoirs) throws -> HeatSample {
    var own = settings
    // The search is not the run: other numbers, and others in every trial.
    own.seed = ~settings.seed &- 0x9E37_79B9_7F4A_7C15 &* UInt64(found.trials + 1)
    own.replicas = replicas
    own.burnIn = burnIn
    own.duration = duration(found.multiple)
    own.target = nil
    own.innovations = false
    let network = bathed.with(found)
    let ensemble = NetworkEnsemble(network, own, NetworkScales(network))
    var run = SamplingRun<Answer>()
    run.threads = settings.threads
    let done = 1 - 1 / Double(found.trials + 1)
    run.watch = watch.part(from: done, to: 1 - 1 / Double(found.trials + 2))
    run.watch.onLook = nil
    run.watch.isFirstOfSeveral = true
    run.watch.stateKeeper = watch.stateKeeper?.headed(head(found))
    let reading = SamplingRun<Answer>.Reading(seconds: 1, answer: { nil }, errorOverTarget: { _ in nil })
    guard let stop = try run.run(ensemble, reading), stop != .interrupted else { throw TrajectoryError.interrupted }
    return HeatSample(ensemble)
  }

  /// Length of a trial; that of a run of a given length at most, if it has one [time].
  private func duration(_ multiple: Int) -> Double {
    let wanted = Double(multiple) * 2 * burnIn
    return settings.target == nil ? min(wanted, max(settings.duration, 2 * burnIn)) : wanted
  }

  /// What is next after a trial whose step of the temperatures is known.
  private func judge(_ found: inout FoundReservoirs, _ sample: HeatSample) {
    let own = bathed.reservoirs
    let largest = bathed.baths.indices.filter { !own.contains($0) }.map { abs(sample.means[$0]) }.max() ?? 0
    let error = own.map { sample.error($0) }.max() ?? 0
    var allowed: Double?
    switch settings.target {
    case .relative(let relative)?: allowed = Self.share * relative * largest
    case .absolute(let absolute)?: allowed = Self.share * absolute
    case nil: break
    }
    let isLongest =
      found.multiple >= Self.mostMultiple
      || settings.target == nil && Double(found.multiple) * 2 * burnIn >= settings.duration
    if found.trials >= Self.mostTrials {
      found.isDone = true
    } else if found.isSettled {
      let excess = allowed.map { $0 > 0 ? error / $0 : .infinity } ?? .infinity
      if excess <= 1 || isLongest {
        found.isDone = true
      } else {
        // Errors fall as the square root of the time.
        found.multiple = min(Self.mostMultiple, found.multiple * max(2, Int(min(64, 1.1 * excess * excess))))
      }
    }
  }
}

extension FoundReservoirs {
  /// Step of a temperature that is as good as none, over the temperature.
  fileprivate static let smallStep = 0.02
  /// Errors within which the heats of so many reservoirs are taken as none: as many as the largest of them is off by chance.
  private static func largestDeviation(_ count: Int) -> Double { 2 + 0.5 * log(Double(max(1, count))) }

  /// A step of Newton's method, as far as the temperatures stay within a factor of two.
  fileprivate mutating func improve(with sample: HeatSample) throws {
    let own = sample.reservoirs
    let count = own.count
    // S of the reservoirs, and S of every bath with them.
    var among = Matrix(rows: count, columns: count)
    var between = Matrix(rows: count, columns: sample.means.count)
    for row in 0..<count {
      for column in 0..<count { among[row, column] = sample.density(own[row], own[column]) }
      for bath in sample.means.indices { between[row, bath] = sample.density(own[row], bath) }
    }
    let inverse = try solve(among, .identity(count))
    let coefficients = try solve(among, between)
    // The inverse of a sampled covariance is too large by this in the mean (Wishart).
    let excess = Double(sample.replicas - 1) / Double(max(1, sample.replicas - count - 2))
    // The noise of a heat is that of the reservoir and of what its site has.
    let levels = zip(temperatures, sample.siteTemperatures).map { own, site in
      site > 0 ? (own * site).squareRoot() : own
    }
    resistances = (0..<count).flatMap { row in
      (0..<count).map { 2 * levels[row] * levels[$0] * inverse[row, $0] / excess }
    }
    shares = sample.means.indices.flatMap { bath in
      (0..<count).map { own.contains(bath) ? 0 : -coefficients[$0, bath] }
    }
    let heats = own.map { sample.means[$0] }
    let steps = (0..<count).map { -Self.sum(resistances, $0, heats) }
    isSettled =
      zip(steps, temperatures).allSatisfy { abs($0) <= Self.smallStep * $1 }
      || own.allSatisfy { abs(sample.means[$0]) <= Self.largestDeviation(count) * sample.error($0) }
    temperatures = zip(temperatures, steps).map { max(0.5 * $0, min(2 * $0, $0 + $1)) }
    trials += 1
  }
}

/// The mean heats of all baths in the replicas of a trial run, each of which is one independent sample.
private struct HeatSample {
  /// Mean heats [energy/time]: those of the reservoirs from the kinetic temperatures of their sites, gamma/m (T - m <v²>), without the
  /// noise that the heats on the books have.
  let means: [Double]
  /// Standard errors of the means [energy/time].
  private let errors: [Double]
  let reservoirs: [Int]
  /// m <v²> of the sites of the reservoirs [energy].
  let siteTemperatures: [Double]
  private let deviations: [[Double]]
  private let duration: Double

  init(_ ensemble: NetworkEnsemble) {
    let bathed = ensemble.dynamics.bathed
    func means(_ series: ReplicaSeries) -> [Double] {
      return (0..<series.replicas).map { replica in
        let start = replica * series.batches
        return series.values[start..<(start + series.batches)].reduce(0, +) / Double(series.batches)
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let heats = bathed.baths.indices.map { means(ensemble.series(channel: ensemble.ledger.heat($0))) }
    deviations = heats.map { own in own.map { [mean = mean(own)] in $0 - mean } }
    reservoirs = bathed.reservoirs
    siteTemperatures = reservoirs.map {
      mean(means(ensemble.series(channel: ensemble.ledger.kinetic(bathed.baths[$0].site))))
    }
    let seen = bathed.baths.indices.map { bath in
      bathed.reservoirs.contains(bath) ? means(ensemble.heatByTemperature(ofReservoir: bath)) : heats[bath]
    }
    self.means = seen.map(mean)
    errors = seen.map { values in
      let mean = mean(values)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      return (square / Double(values.count)).squareRoot()
    }
    duration = ensemble.recordedTime
  }

  /// Spectral density of two heats at zero frequency, from the covariance of their means [energy²/time].
  func density(_ first: Int, _ second: Int) -> Double {
    let sum = zip(deviations[first], deviations[second]).reduce(0) { $0 + $1.0 * $1.1 }
    return sum / Double(deviations[first].count - 1) * duration
  }

  var replicas: Int { deviations[0].count }

  /// Standard error of a mean heat [energy/time].
  func error(_ bath: Int) -> Double { errors[bath] }
}

extension NetworkEnsemble {
  /// What a Langevin bath gives, from the kinetic temperature of its site: gamma/m (T - m v²) has the mean of its heat [energy/time].
  func heatByTemperature(ofReservoir index: Int) -> ReplicaSeries {
    let bathed = dynamics.bathed
    let bath = bathed.baths[index]
    let series = series(channel: ledger.kinetic(bath.site))
    let rate = bathed.friction(of: bath) / bathed.network.masses[bath.site]
    return ReplicaSeries(
      replicas: series.replicas, batches: series.batches,
      values: series.values.map { rate * (bath.law.temperature - $0) })
  }
}
