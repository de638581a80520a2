import Foundation
import NessModel
import NessSampling

/// How long a simulation will take and how sharp it will be, judged by a short one.
package struct RunForecast: Sendable {
  /// Seconds until the burn-in is over.
  package let burnInSeconds: Double
  /// Seconds per measured time of a replica.
  package let secondsPerTime: Double
  /// Relative standard error of the heat current after the measured time 1; nil if there is no current.
  package let errorAtUnitTime: Double?
  /// Relative error at which the run stops; nil if it has none.
  package let target: Double?
  /// The whole error that is asked for, of which the bias of the time step takes a part; nil if it is the target.
  package var asked: Double?
  /// Longest time measured.
  package let duration: Double
  /// What one unit of work takes on one thread, in words.
  package let speed: String
  /// Burn-in per replica [time].
  let burnIn: Double
  /// Seconds per time of all replicas on one thread of a fast machine: counted, not measured.
  let nominalSecondsPerTime: Double

  /// Time to be measured.
  private var time: Double {
    guard let target, let errorAtUnitTime else { return duration }
    // The error is judged at times that grow by a quarter.
    return min(duration, 1.12 * pow(errorAtUnitTime / target, 2))
  }

  /// Seconds for the whole run.
  package var seconds: Double { burnInSeconds + time * secondsPerTime }

  /// Seconds for the whole run on one thread of a fast machine: the same whatever the clock says.
  package var nominalSeconds: Double { (burnIn + time) * nominalSecondsPerTime }

  /// Relative error to be expected after some seconds; nil if it cannot be told.
  package func error(after seconds: Double) -> Double? {
    let measured = min(time, (seconds - burnInSeconds) / secondsPerTime)
    return measured > 0 ? errorAtUnitTime.map { $0 / measured.squareRoot() } : nil
  }

  /// How short the simulation is from which a forecast is made; its random numbers are its own.
  package struct Pilot: Sendable {
    /// Its work, in particle-steps or collisions.
    var work: Double
    /// The heat current, where theory knows it [energy/time].
    var current: Double?
    /// Asked between pieces of work; true ends it.
    var shouldStop: @Sendable () -> Bool

    /// A short run; see the properties.
    package init(work: Double, current: Double?, shouldStop: @escaping @Sendable () -> Bool) {
      self.work = work
      self.current = current
      self.shouldStop = shouldStop
    }
  }
}

/// What is to be expected of a whole study.
package struct StudyForecast {
  /// Most points that are tried; the others are taken to be like them.
  private static let mostPilots = 8
  /// A study that is shorter than this is not announced [s].
  private static let worthSaying = 3.0

  private let forecasts: [RunForecast]
  private let points: Int

  /// - Parameters:
  ///   - plans: the points that are simulated, with their currents where theory knows them.
  ///   - threads: threads of the study.
  ///   - clock: the time that the study has; the forecast takes a fiftieth of it, and two seconds at most.
  ///   - evenIfShort: whether a study of a moment has a forecast too.
  ///   - onFailure: told which of the plans a short run could not be made of, and why.
  /// - Returns: nil if the work is short, or if short runs cannot tell.
  package init?(
    _ plans: [(plan: SimulationPlan, current: Double?)], threads: Int, _ clock: StudyClock, evenIfShort: Bool = false,
    onFailure: (_ place: Int, any Error) -> Void = { _, _ in }
  ) {
    points = plans.count
    guard !plans.isEmpty else { return nil }
    let count = min(Self.mostPilots, plans.count)
    let chosen = (0..<count).map { count == 1 ? 0 : $0 * (plans.count - 1) / (count - 1) }
    let end = ContinuousClock.Instant.after(min(2, 0.02 * (clock.limit ?? .infinity)))
    let shouldStop: @Sendable () -> Bool = { clock.isStopped || ContinuousClock.now > end }
    func forecasts(_ work: Double) -> [RunForecast] {
      chosen.compactMap { place in
        if shouldStop() { return nil }
        let pilot = RunForecast.Pilot(work: work, current: plans[place].current, shouldStop: shouldStop)
        do {
          return try plans[place].plan.forecast(pilot)
        } catch {
          // What was ended is no failure.
          if !shouldStop() { onFailure(place, error) }
          return nil
        }
      }
    }
    // Some hundredths of a second tell whether it is worth a second.
    let quick = forecasts(1e7)
    if !evenIfShort, quick.count == count, Self.mean(quick.map(\.seconds)) * Double(points) < Self.worthSaying {
      return nil
    }
    let longer = forecasts(3e8 * Double(threads) / Double(count))
    self.forecasts = longer.count == count ? longer : quick
    guard self.forecasts.count == count, evenIfShort || seconds >= Self.worthSaying else { return nil }
  }

  /// Seconds for all points.
  package var seconds: Double { Self.mean(forecasts.map(\.seconds)) * Double(points) }

  /// Largest relative error of the heat current when all is done, the whole one where that is asked for; nil if it is not known.
  package var relativeError: Double? {
    forecasts.compactMap { forecast in
      forecast.error(after: forecast.seconds).map { reached in
        // The asked error is reached with what the time step adds.
        if let target = forecast.target, let asked = forecast.asked, reached <= 1.001 * target {
          asked
        } else {
          reached
        }
      }
    }.max()
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Time, error and speed in a sentence.
  package func text(timeLimit: Double?) -> String {
    let whole = points == 1 ? "" : " for \(points) points"
    var sentence = "about \(Self.words(seconds))\(whole)"
    let targets = Set(forecasts.compactMap { $0.asked ?? $0.target })
    let reached = forecasts.compactMap { $0.error(after: $0.seconds) }.max()
    if let target = targets.first, targets.count == 1, let reached, reached <= 1.001 * target {
      sentence += " until the asked error of \(Self.percent(target))"
    } else if let reached {
      sentence += " until the given duration is over, with an error of about \(Self.percent(reached))"
    }
    sentence += " (\(forecasts[0].speed))"
    guard let timeLimit, timeLimit < seconds else { return sentence }
    let errors = forecasts.map { $0.error(after: timeLimit / Double(points)) }
    let expected = errors.contains { $0 == nil } ? nil : errors.compactMap { $0 }.max()
    let outcome = expected.map { "with an error of about \(Self.percent($0))" } ?? "perhaps before anything is measured"
    return sentence + "; the time limit of \(Self.words(timeLimit)) ends it earlier, \(outcome)"
  }

  private static func percent(_ share: Double) -> String { share.percentText }

  private static func words(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(seconds.text(digits: 2)) s"
    case ..<5400: "\((seconds / 60).text(digits: 2)) min"
    case ..<172_800: "\((seconds / 3600).text(digits: 2)) h"
    default: "\((seconds / 86_400).text(digits: 3)) days"
    }
  }
}
