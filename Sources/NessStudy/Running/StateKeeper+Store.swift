import Foundation
import NessModel
import NessSampling
import NessStore

extension StateKeeper {
  /// Keeps the state of a simulation in a store, and finds there the furthest of its family that is of use.
  init(
    _ store: ResultStore, _ key: CacheKey, _ family: CacheKey, _ summary: ResultSummary,
    onWarning: @escaping @Sendable (String) -> Void
  ) {
    self.init(
      load: {
        try store.states(ofFamily: family).map { state in
          SavedState(count: state.count, done: state.done) { [UInt8](try state.piece($0)) }
        }
      },
      save: { state in
        let stored = StoredState(count: state.count, done: state.done) { Data(try state.part($0)) }
        try store.save(stored, for: key, summary: summary, family: family)
      }, onWarning: onWarning)
  }
}
