import Foundation
import NessFiles
import NessModel
import NessReport
import NessSampling
import Synchronization

/// A simulation that was asked for in the browser: how far it is and what it has measured.
package final class LiveRun: Sendable {
  package enum State: String, Encodable {
    case waiting, running, stopping, stopped, finished, failed

    /// Whether nothing more will change.
    package var isEnded: Bool { self == .stopped || self == .finished || self == .failed }
  }

  /// One point of the sweep.
  package struct Point: Encodable {
    package enum State: String, Encodable { case running, finished }

    package let state: State
    package let result: PointResult

    /// Keeps what was simulated, and of that what is drawn: theory has its own curves.
    init(_ state: State, _ result: PointResult) {
      self.state = state
      self.result = PointResult(
        parameters: result.parameters,
        estimates: result.estimates.filter { entry in
          guard entry.method == .simulation else { return false }
          return entry.quantity == .heatCurrent
        }, notes: result.notes, run: result.run)
    }

    package func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(state, forKey: .state)
    }

    private enum CodingKeys: String, CodingKey { case state }
  }

  private struct Progress {
    var state = State.waiting
    var fraction = 0.0
    var doing: String?
    var began: ContinuousClock.Instant?
    var points: [Int: Point] = [:]
    var notes: [String] = []
    var verdicts: [Verdict] = []
    var message: String?
    var version = 0
  }

  /// Notes kept of a run, the last ones.
  private static let mostNotes = 50

  package let identifier: String
  let experiment: Experiment
  private let tree: ExperimentTree
  private let asked = Date()
  private let progress = Mutex(Progress())

  init(identifier: String, experiment: Experiment) {
    self.identifier = identifier
    self.experiment = experiment
    tree = ExperimentTree(experiment)
  }

  /// Counts the changes.
  var version: Int { progress.withLock(\.version) }
  package var state: State { progress.withLock(\.state) }
  var shouldStop: Bool { state == .stopping }

  private func change(_ body: (inout Progress) -> Void) {
    progress.withLock { progress in
      body(&progress)
      progress.version += 1
    }
  }

  /// Asks the run to end; what it measured is kept.
  package func stop() {
    change { progress in
      switch progress.state {
      case .waiting: progress.state = .stopped
      case .running: progress.state = .stopping
      default: break
      }
    }
  }

  /// Takes the run up; false if it was stopped while it waited.
  func begin() -> Bool {
    var isWanted = false
    change { progress in
      guard progress.state == .waiting else { return }
      isWanted = true
      progress.state = .running
      progress.began = .now
    }
    return isWanted
  }

  /// Shows how far the run is.
  func show(_ doing: String, _ fraction: Double) {
    change {
      $0.fraction = fraction
      $0.doing = doing
    }
  }

  func note(_ text: String) {
    change {
      $0.notes.append(text)
      $0.notes = $0.notes.suffix(Self.mostNotes)
    }
  }

  /// Shows what is known of a point; a finished one stays as it is.
  func show(_ result: PointResult, at index: Int, _ state: Point.State) {
    change { progress in
      if state == .running, progress.points[index]?.state == .finished { return }
      progress.points[index] = Point(state, result)
    }
  }

  /// The run has ended with a document, and reasons why points are missing.
  func end(_ document: ResultDocument, _ failures: [String]) {
    change { progress in
      progress.points = Dictionary(
        uniqueKeysWithValues: document.points.enumerated().map { ($0, Point(.finished, $1)) })
      progress.verdicts = document.verdicts
      progress.notes += document.notes
      progress.state = document.interrupted ? .stopped : failures.isEmpty ? .finished : .failed
      progress.message = failures.isEmpty ? nil : failures.joined(separator: "\n")
      if !document.interrupted { progress.fraction = 1 }
    }
  }

  /// The run has ended without one.
  func fail(_ reason: String) {
    change { progress in
      let isStopped = progress.state == .stopping
      progress.state = isStopped ? .stopped : .failed
      progress.message = isStopped ? nil : reason
    }
  }
}

extension LiveRun {
  /// Everything that a page shows of a run.
  package struct Snapshot: Encodable {
    let id: String
    let title: String?
    let state: State
    package let fraction: Double
    let secondsLeft: Double?
    let doing: String?
    let started: String
    let experiment: ExperimentTree
    package let points: [Point]
    let notes: [String]
    package let verdicts: [Verdict]
    let message: String?
  }

  package var snapshot: Snapshot {
    progress.withLock { progress in
      let elapsed = progress.began.map { $0.duration(to: .now) / .seconds(1) } ?? 0
      let left = progress.state.isEnded ? nil : secondsLeft(elapsed: elapsed, fraction: progress.fraction)
      return Snapshot(
        id: identifier, title: experiment.title, state: progress.state, fraction: progress.fraction,
        secondsLeft: left, doing: progress.doing,
        started: asked.formatted(.iso8601), experiment: tree,
        points: progress.points.sorted { $0.key < $1.key }.map(\.value), notes: progress.notes,
        verdicts: progress.verdicts, message: progress.message)
    }
  }
}
