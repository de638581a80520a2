import Foundation
import NessFiles
import NessStore
import NessStudy

/// A study with what a store holds of it, or one that a store alone knows: what figures are drawn from.
package struct KeptStudy: Sendable {
  let stored: StoredStudy
  /// The experiment; nil if the store knows it by its results alone, or this version of Ness cannot read it any more.
  package let experiment: Experiment?

  /// A study with what a store holds of it; nil for theory alone.
  package init(_ study: Study, in store: ResultStore?) throws(Failure) {
    stored = try Failure.told { try StoredStudy(of: study.experiment, in: store) }
    experiment = study.experiment
  }

  /// The study of a store whose name begins so, as `ness plot --list` shows names.
  package init(named name: String, in store: ResultStore) throws(Failure) {
    stored = try Failure.told { try StoredStudy.named(name, in: store) }
    experiment = try? stored.experiment()
  }

  /// Its name in the store.
  package var identifier: String { stored.identifier }
  /// Its title; the name of its file if it has none.
  package var title: String { stored.title }
  /// The experiment file as it was named; nil if there was none.
  package var file: String? { stored.file }

  /// Theory at every point and what is kept beside it. Nothing is simulated.
  package func results(threads: Int) throws(Failure) -> ResultDocument {
    try Failure.told { try stored.document(threads: max(1, threads)) }
  }
}

extension Study {
  /// What a store holds of this study, beside theory. Nothing is simulated.
  ///
  /// - Parameters:
  ///   - store: the folder of the store.
  ///   - threads: threads for theory.
  /// - Throws: ``Failure`` if there is no store, or it cannot be read.
  public func kept(
    in store: String, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(Failure) -> Results {
    try Failure.told {
      let open = try ResultStore(directory: store, .existing) { _ in }
      let document = try Self.closing(open) { try KeptStudy(self, in: open).results(threads: threads) }
      return Results(document, of: experiment)
    }
  }
}
