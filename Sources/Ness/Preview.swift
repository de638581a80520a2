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

  package typealias Remark = StudyPreview.Remark

  /// All of it, with the points of which everything is said.
  package let record: StudyPreview

  /// Title of the study.
  public var title: String? { record.title }
  /// Number of points of the sweep.
  public var points: Int { record.points }
  /// Those that are simulated.
  public var simulated: Int { record.simulated }
  /// Those of them that are finished in the store.
  public var finished: Int { record.finished }
  /// Expected time of what is left to simulate [s]; nil if short trials cannot tell.
  public var seconds: Double? { record.seconds }
  /// Largest relative error of the heat current to be expected, the statistical part alone unless an error was asked for; nil
  /// if it cannot be told.
  public var relativeError: Double? { record.relativeError }
  /// Expected time of the theories [s], on one thread.
  public var theorySeconds: Double { record.theorySeconds }
  /// The theories that answer, the best first.
  public var theories: [Theory] { record.theories.map { Theory(method: $0.method, claim: $0.claim) } }
  /// Why theories refuse a point or a question, each reason once.
  public var refusals: [String] { record.refusals.map(\.text) }
  /// Settings that are chosen for the points that are left, and warnings, each sentence once.
  public var notes: [String] { record.notes.map(\.text) }

  /// All of it as JSON.
  ///
  /// - Throws: ``Failure`` if a number is not finite.
  public func json() throws(Failure) -> String { try Failure.told { try OrderedJSON.text(of: record) } }
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
      return try Self.closing(open) { try preview(in: open, threads: threads, watch: watch) }
    }
  }

  /// A look with a store that is open already; nil for none.
  package func preview(in store: ResultStore?, threads: Int, watch: Watch) throws(Failure) -> Preview {
    try Failure.told {
      Preview(
        record: try NessStudy.Study(experiment, threads: max(1, threads)).preview(
          store: store, onProgress: { watch.onProgress("looking", $0) }, shouldStop: watch.shouldStop))
    }
  }
}
