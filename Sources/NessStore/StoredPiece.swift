import Foundation

/// The state of a part of unfinished work, for example of one group of replicas, to go on from.
package struct StoredPiece: Hashable, Sendable {
  /// Which part.
  package let index: Int
  /// The state, in whatever form its owner gives it.
  package let state: Data
  /// How far the part is, in the owner's unit (steps, or time simulated): of two states the further one is kept.
  package let done: Double
  /// When it was saved, by ISO 8601 in UTC.
  package let updated: String

  /// The state of a part, saved now.
  package init(index: Int, state: Data, done: Double) {
    self.init(index: index, state: state, done: done, updated: Date().formatted(.iso8601))
  }

  init(index: Int, state: Data, done: Double, updated: String) {
    self.index = index
    self.state = state
    self.done = done
    self.updated = updated
  }
}

/// The whole state of a piece of work, made or read piece by piece.
package struct StoredState {
  /// Number of pieces.
  package let count: Int
  /// How far it is, in its owner's unit.
  package let done: Double
  /// The state of the piece with an index below `count`.
  package let piece: (Int) throws -> Data

  /// A state of `count` pieces.
  package init(count: Int, done: Double, piece: @escaping (Int) throws -> Data) {
    self.count = count
    self.done = done
    self.piece = piece
  }
}
