import Foundation
import Ness
import NessFiles
import NessStore
import Synchronization

/// Simulations that were asked for in the browser: one at a time with all threads, the others wait.
package final class RunQueue: Sendable {
  /// Most runs that wait for their turn.
  package static let mostWaiting = 8
  /// Ended runs that stay in the list.
  private static let mostEnded = 30
  /// Longest time of one run [s]; the same experiment again goes on from there.
  private static let timeLimit = 1800.0

  private struct List {
    var runs: [LiveRun] = []
    var count = 0
  }

  private let threads: Int
  private let openStore: @Sendable (Experiment.Source?) throws -> ResultStore
  private let list = Mutex(List())
  private let queue = DispatchQueue(label: "ness.runs")

  init(threads: Int, openStore: @escaping @Sendable (Experiment.Source?) throws -> ResultStore) {
    self.threads = threads
    self.openStore = openStore
  }

  /// All runs, newest first.
  package var all: [LiveRun] { list.withLock { $0.runs.reversed() } }

  func run(_ identifier: String) throws -> LiveRun {
    guard let run = list.withLock({ $0.runs.first { $0.identifier == identifier } }) else {
      throw RequestFault.notFound("there is no run \(identifier)")
    }
    return run
  }

  /// Begins a run, or lets it wait for those before it.
  ///
  /// - Throws: `RequestFault.busy` if too many wait.
  package func start(_ experiment: Experiment) throws -> LiveRun {
    let run = try list.withLock { list in
      guard list.runs.count(where: { $0.state == .waiting }) < Self.mostWaiting else {
        throw RequestFault.busy("\(Self.mostWaiting) simulations wait already; stop one of them, or wait")
      }
      list.count += 1
      let run = LiveRun(identifier: "r\(list.count)", experiment: experiment)
      list.runs.append(run)
      let ended = list.runs.filter { $0.state.isEnded }.dropLast(Self.mostEnded).map(\.identifier)
      list.runs.removeAll { ended.contains($0.identifier) }
      return run
    }
    queue.async { [self] in work(run) }
    return run
  }

  /// Takes an ended run off the list.
  package func remove(_ identifier: String) throws {
    guard try run(identifier).state.isEnded else {
      throw RequestFault.conflict("run \(identifier) has not ended; stop it first")
    }
    list.withLock { $0.runs.removeAll { $0.identifier == identifier } }
  }

  /// Asks every run to end.
  package func stopAll() { for run in all { run.stop() } }

  /// Waits until the run in work has kept what it measured, or for some seconds.
  package func waitUntilIdle(atMost seconds: Double = .infinity) {
    let idle = DispatchSemaphore(value: 0)
    queue.async { idle.signal() }
    _ = idle.wait(timeout: seconds.isFinite ? .now() + seconds : .distantFuture)
  }

  private func work(_ run: LiveRun) {
    guard run.begin() else { return }
    do {
      let store = try openStore(run.experiment.source)
      if store.isReadOnly { run.note("the store cannot be written: results are shown, but not kept") }
      var options = RunOptions(threads: threads, timeLimit: Self.timeLimit)
      options.wantsForecast = true
      options.beginsWithShortPoints = true
      let watch = Watch(
        onProgress: { run.show($0, $1) }, onNote: { run.note($0) },
        onLook: { run.show($1.result, at: $0, .running) }, onPoint: { run.show($1.result, at: $0, .finished) },
        shouldStop: { run.shouldStop })
      // The page draws the points of the file, and its device by theory; simulated it is for the command and Python.
      options.wantsDevice = false
      let results = try Study(run.experiment).run(options, in: store, watch: watch)
      run.end(results.document, results.failures)
    } catch let failure as Failure where failure.results != nil {
      if let results = failure.results { run.end(results.document, results.failures) }
    } catch {
      run.fail("\(error)")
    }
  }
}
