import Foundation

/// How a study is run. What is left out is chosen by Ness, or stands in the experiment.
public struct RunOptions: Sendable {
  /// Relative standard error of the heat current at which every point ends; nil as the experiment says.
  public var targetError: Double?
  /// Simulated time per replica [time]; nil as the experiment says.
  public var duration: Double?
  /// Seed of all random streams; nil as the experiment says.
  public var seed: UInt64?
  /// Independent replicas; nil as the experiment says.
  public var replicas: Int?
  /// Folder where finished points and the state of unfinished ones are kept and looked up; nil for nowhere.
  public var store: String?
  /// Threads; the results do not depend on it.
  public var threads: Int
  /// Time for the whole study [s]; nil for no limit.
  public var timeLimit: Double?

  /// Options of a run; see the properties.
  public init(
    targetError: Double? = nil, duration: Double? = nil, seed: UInt64? = nil, replicas: Int? = nil,
    store: String? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount, timeLimit: Double? = nil
  ) {
    self.targetError = targetError
    self.duration = duration
    self.seed = seed
    self.replicas = replicas
    self.store = store
    self.threads = max(1, threads)
    self.timeLimit = timeLimit
  }
}

/// Whoever watches a study at work. All calls may come from several threads.
public struct Watch: Sendable {
  /// Told what is being done and the part of the whole that is done, 0 to 1.
  public var onProgress: @Sendable (_ doing: String, _ fraction: Double) -> Void
  /// Told choices and findings in words, as they are made.
  public var onNote: @Sendable (String) -> Void
  /// Told the place of a point and what is known of it so far, a few times a second: nobody who looks changes a byte.
  public var onLook: (@Sendable (_ point: Int, Point) -> Void)?
  /// Asked whether to stop; what was measured until then is kept.
  public var shouldStop: @Sendable () -> Bool

  /// Nobody watches, unless given.
  public init(
    onProgress: @escaping @Sendable (_ doing: String, _ fraction: Double) -> Void = { _, _ in },
    onNote: @escaping @Sendable (String) -> Void = { _ in },
    onLook: (@Sendable (_ point: Int, Point) -> Void)? = nil, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.onProgress = onProgress
    self.onNote = onNote
    self.onLook = onLook
    self.shouldStop = shouldStop
  }
}
