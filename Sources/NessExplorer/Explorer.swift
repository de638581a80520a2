import Foundation
import Hummingbird
import Logging
import NIOCore
import NessFiles
import NessPapers
import NessStore

/// The explorer: a page in the browser over the same library, with live theory and live runs.
package struct Explorer: Sendable {
  /// What the explorer needs of its surroundings.
  package struct Settings: Sendable {
    /// Address to listen on; 127.0.0.1 lets nobody in from outside.
    package var host: String
    /// Port to listen on; 0 for any that is free.
    package var port: Int
    /// Threads of the simulation; its results do not depend on it.
    package var threads: Int
    /// Version of Ness.
    package var version: String
    /// Directory of the store.
    package var storeDirectory: String
    /// Opens the store for results that are computed from an experiment, or from none.
    package var openStore: @Sendable (Experiment.Source?) throws -> ResultStore
    /// Asked a few times a second whether to end.
    package var shouldStop: @Sendable () -> Bool
    /// Program and arguments of a worker: a process that calls `ExplorerWorker.work`.
    package var worker: [String]
    /// What every request must carry; nil for nothing.
    package var token: AccessToken?
    /// Whether pages of other programs, notebooks, may show the page within theirs.
    package var isFramed = false

    /// Settings of an explorer.
    package init(
      host: String, port: Int, threads: Int, version: String, storeDirectory: String,
      openStore: @escaping @Sendable (Experiment.Source?) throws -> ResultStore,
      shouldStop: @escaping @Sendable () -> Bool, worker: [String], token: AccessToken?
    ) {
      self.host = host
      self.port = port
      self.threads = threads
      self.version = version
      self.storeDirectory = storeDirectory
      self.openStore = openStore
      self.shouldStop = shouldStop
      self.worker = worker
      self.token = token
    }
  }

  /// Most connections at a time; others wait until one of them ends.
  private static let mostConnections = 2048
  /// A connection on which nothing is asked for this long is closed.
  private static let idleTimeout = TimeAmount.seconds(60)
  /// Once it is asked to stop: time for answers that are being computed, and for simulations to keep what they have; then
  /// the program ends, whatever is still being done [s].
  private static let (timeToAnswer, timeToKeep, timeToEnd) = (0.3, 0.8, 1.4)

  let settings: Settings
  let store: ResultStore
  package let runs: RunQueue
  /// Short pieces of work in this process.
  let gate: WorkGate
  let workshop: Workshop
  let scenes: SceneLimit
  package let page: PageFiles
  let presets: [Preset]

  /// An explorer.
  ///
  /// - Throws: `ExplorerFault` if the files of the page are not beside the program; what `openStore` throws.
  package init(_ settings: Settings) throws {
    self.settings = settings
    store = try settings.openStore(nil)
    page = try PageFiles()
    presets = try Preset.all()
    runs = RunQueue(threads: settings.threads, openStore: settings.openStore)
    gate = WorkGate(threads: settings.threads)
    workshop = Workshop(command: settings.worker, threads: settings.threads)
    scenes = SceneLimit()
  }

  /// Serves until it is asked to stop; a simulation in work keeps what it measured. The program ends within two seconds
  /// then, whatever it is doing.
  ///
  /// - Parameter onReady: told the address of the page, with the token, once it can be opened.
  package func serve(onReady: @escaping @Sendable (String) -> Void) async throws {
    Self.allowManyConnections()
    endInTime()
    var silent = Logger(label: "ness")
    silent.logLevel = .critical
    let shown = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    let query = settings.token.map { "?token=\($0.text)" } ?? ""
    let application = Application(
      router: router(),
      server: .http1(
        configuration: .init(additionalChannelHandlers: [ConnectionKeeper()], idleTimeout: Self.idleTimeout)),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), serverName: "ness", backlog: 1024,
        availableConnectionsDelegate: .maximum(Self.mostConnections, logger: silent)),
      onServerRunning: { channel in
        onReady("http://\(shown):\(channel.localAddress?.port ?? settings.port)/\(query)")
      }, logger: silent)
    do {
      try await withThrowingTaskGroup { group in
        group.addTask { try await application.runService(gracefulShutdownSignals: []) }
        group.addTask { [settings] in
          while !settings.shouldStop() { try await Task.sleep(for: .milliseconds(100)) }
        }
        try await group.next()
        runs.stopAll()
        let end = ContinuousClock.now + .seconds(Self.timeToAnswer)
        while workshop.isBusy, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
        workshop.close()
        // Streams would never end by themselves.
        group.cancelAll()
      }
    } catch let error as IOError {
      throw ExplorerFault(
        "cannot listen on \(shown):\(settings.port): \(String(cString: strerror(error.errnoCode))); "
          + "choose another --port, or --port 0 for any that is free")
    } catch is CancellationError {
      // Asked to stop.
    }
    runs.waitUntilIdle(atMost: Self.timeToKeep)
  }

  /// Ends the program in time even if every other thread is in a computation that cannot be interrupted.
  private func endInTime() {
    Thread.detachNewThread { [settings, workshop] in
      while !settings.shouldStop() { usleep(50_000) }
      usleep(UInt32(Self.timeToEnd * 1e6))
      workshop.close()
      _exit(0)
    }
  }

  /// Every connection is a file for the system, which allows few unless asked.
  private static func allowManyConnections() {
    var limit = rlimit()
    #if os(Linux)
      let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let files = RLIMIT_NOFILE
    #endif
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(2 * mostConnections))
    _ = setrlimit(files, &limit)
  }
}

/// Why the explorer cannot be started.
package struct ExplorerFault: Error, CustomStringConvertible, Sendable {
  /// The reason in words, for the user.
  package let description: String

  init(_ description: String) { self.description = description }
}
