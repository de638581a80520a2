import Foundation
import NessFiles
import NessStore
import NessStudy

/// What a run of a study will do, before it does it. Nothing is simulated but short trials, and nothing is kept.
public struct Preview: Sendable {
  /// A theory and what it will claim.
  public struct Theory: Hashable, Sendable {
    /// Its name, for example `markov`.
    public let method: String
    /// Exact, or an approximation of what; the weakest of the points.
    public let claim: String
  }

  package let preview: StudyPreview

  /// Number of points of the sweep.
  public var points: Int { preview.points }
  /// Those that are simulated.
  public var simulated: Int { preview.simulated }
  /// Those of them that are finished in the store.
  public var finished: Int { preview.finished }
  /// Expected time of what is left to simulate [s]; nil if short trials cannot tell.
  public var seconds: Double? { preview.seconds }
  /// Largest relative error of the heat current to be expected, the statistical part alone unless an error was asked for; nil
  /// if it cannot be told.
  public var relativeError: Double? { preview.relativeError }
  /// The theories that answer, the best first.
  public var theories: [Theory] { preview.theories.map { Theory(method: $0.method, claim: $0.claim) } }
  /// Why theories refuse a point or a question, each reason once.
  public var refusals: [String] { preview.refusals.map(\.text) }
  /// Settings that are chosen for the points that are left, and warnings, each sentence once.
  public var notes: [String] { preview.notes.map(\.text) }

  /// All of it as JSON.
  ///
  /// - Throws: ``Failure`` if a number is not finite.
  public func json() throws(Failure) -> String { try Failure.told { try OrderedJSON.text(of: preview) } }
}

extension Study {
  /// Looks at what a run would do.
  ///
  /// - Parameters:
  ///   - store: the folder of a store in which finished points are looked up; nil for none. It may be missing.
  ///   - threads: threads of the run.
  ///   - watch: told how far the look is, and asked whether to stop.
  /// - Throws: ``Failure`` if a point cannot be run at all, and if it was stopped.
  public func preview(
    store: String? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount, watch: Watch = Watch()
  ) throws(Failure) -> Preview {
    try Failure.told {
      let open = try store.flatMap { ResultStore.exists(in: $0) ? try ResultStore(readOnly: $0) : nil }
      let preview = try Self.closing(open) {
        try NessStudy.Study(experiment, threads: max(1, threads)).preview(
          store: open, onProgress: { watch.onProgress("looking", $0) }, shouldStop: watch.shouldStop)
      }
      return Preview(preview: preview)
    }
  }
}
