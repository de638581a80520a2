import Foundation

/// The state of a part of unfinished work, for example of one group of replicas, to go on from.
public struct StoredPiece: Hashable, Sendable {
  /// Which part.
  public let index: Int
  /// The state, in whatever form its owner gives it.
  public let state: Data
  /// How far the part is, in the owner's unit (steps, or time simulated): of two states the further one is kept.
  public let done: Double
  /// When it was saved, by ISO 8601 in UTC.
  public let updated: String

  /// The state of a part, saved now.
  public init(index: Int, state: Data, done: Double) {
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
public struct StoredState {
  /// Number of pieces.
  public let count: Int
  /// How far it is, in its owner's unit.
  public let done: Double
  /// The state of the piece with an index below `count`.
  public let piece: (Int) throws -> Data

  /// A state of `count` pieces.
  public init(count: Int, done: Double, piece: @escaping (Int) throws -> Data) {
    self.count = count
    self.done = done
    self.piece = piece
  }
}
