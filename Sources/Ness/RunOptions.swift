import Foundation

/// How a study is computed. None of these options changes a number: what is simulated, and how precisely, is set in the study
/// (`run.targetError`, `run.seed`, ...).
public struct RunOptions: Sendable {
  /// Folder where finished points and the state of unfinished ones are kept and looked up; nil for nowhere.
  public var store: String?
  /// Threads; the results do not depend on it.
  public var threads: Int
  /// Time for the whole study [s]; nil for no limit.
  public var timeLimit: Double?
  /// Whether every chain is simulated once more at twice the time step: a note of its point tells the bias of the step as
  /// measured. Takes twice as long.
  public var checksStep: Bool
  /// Folder of the files of what the study records along the time (`run.record`), one for each point; nil records nothing. Results
  /// do not depend on it.
  public var recordings: String?
  /// How the work was begun, as the store tells it.
  package var command = "import Ness"
  /// Whether a short run comes first, and a note tells how long the whole will take.
  package var wantsForecast = false
  /// Whether notes tell the settings that are chosen for a point; its results have them in any case.
  package var wantsChoices = true
  /// Whether the device that the file names is computed after its points.
  package var wantsDevice = true
  /// Whether short points come first, so that there is something to look at soon.
  package var beginsWithShortPoints = false

  /// Options of a run; see the properties.
  public init(
    store: String? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount, timeLimit: Double? = nil,
    checksStep: Bool = false, recordings: String? = nil
  ) {
    self.store = store
    self.threads = max(1, threads)
    self.timeLimit = timeLimit
    self.checksStep = checksStep
    self.recordings = recordings
  }
}

/// Functions that are called while a study is computed. All calls may come from several threads.
public struct Watch: Sendable {
  /// Told what is being done and the part of the whole that is done, 0 to 1.
  public var onProgress: @Sendable (_ doing: String, _ fraction: Double) -> Void
  /// Told choices and findings in words, as they are made.
  public var onNote: @Sendable (String) -> Void
  /// Told the place of a point and what is known of it so far, a few times a second. Looking does not change the results.
  public var onLook: (@Sendable (_ point: Int, Point) -> Void)?
  /// Told the place of a point that is finished, theory included; what the store holds, at once at the beginning.
  public var onPoint: @Sendable (_ point: Int, Point) -> Void
  /// Asked whether to stop; what was measured until then is kept.
  public var shouldStop: @Sendable () -> Bool
  /// Told when theory is done and the simulation begins: from here on a stop keeps what was measured.
  package var onSimulation: @Sendable () -> Void = {}

  /// Nobody watches, unless given.
  public init(
    onProgress: @escaping @Sendable (_ doing: String, _ fraction: Double) -> Void = { _, _ in },
    onNote: @escaping @Sendable (String) -> Void = { _ in },
    onLook: (@Sendable (_ point: Int, Point) -> Void)? = nil,
    onPoint: @escaping @Sendable (_ point: Int, Point) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.onProgress = onProgress
    self.onNote = onNote
    self.onLook = onLook
    self.onPoint = onPoint
    self.shouldStop = shouldStop
  }
}
