/// What moves underneath a run: replicas that one thread at a time works on, and what is recorded of them.
///
/// The motion is cut into ticks, counted from the start of the burn-in; between two of them everything that it is can be
/// saved. What a replica does depends on its number and the seed alone: not on the thread, not on the other replicas, not on
/// where it was ended and went on. The inner loop is the motion's own, so a tick shall take microseconds or more.
package protocol ReplicaMotion: AnyObject {
  /// Why replicas cannot go on; `Never` if they always can.
  associatedtype Failure: Error

  /// Draws the initial states.
  ///
  /// - Parameter shouldStop: asked where that takes long; true gives it up, and the motion is of no use.
  func begin(orGiveUp shouldStop: () -> Bool)

  /// Moves on by one tick and records it.
  ///
  /// - Parameters:
  ///   - ticks: those that are done.
  ///   - shouldStop: asked where a tick takes long; true gives it up: it is as if it had not begun, for what is saved, and
  ///     the motion cannot be advanced any further.
  /// - Returns: whether the tick is done.
  func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(Failure) -> Bool

  /// Moves on tick by tick. The implementation is given; that it can be asked for here makes the compiler make one for every
  /// motion, and not look up in every tick what the motion is.
  ///
  /// - Parameters:
  ///   - progress: where to count the ticks.
  ///   - last: ticks to be done in the end.
  ///   - doesOne: whether a tick is done before `shouldPause` is asked.
  ///   - shouldPause: asked before every tick; true leaves the motion where it is, to be advanced later.
  ///   - shouldStop: as for one tick.
  func advance(
    _ progress: MotionProgress, to last: Int, doesOne: Bool, orPause shouldPause: () -> Bool,
    orGiveUp shouldStop: () -> Bool
  ) throws(Failure)

  /// Leaves of the record the batches that are complete in all motions, which have made from `fewest` to `most` entries; the
  /// motion cannot be advanced any further.
  ///
  /// - Returns: whether there is any.
  func cut(fewest: Int, most: Int) -> Bool

  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { get }

  /// Writes all that it is.
  func save(to writer: inout StateWriter)

  /// Takes up what `save` wrote after a number of ticks.
  ///
  /// - Throws: `StateFault` for a state that no motion can have been in; the motion is of no use then.
  func restore(from reader: inout StateReader, ticks: Int) throws(StateFault)
}

/// How far a motion is.
package final class MotionProgress {
  /// Whether the replicas have a state.
  package var hasBegun = false
  /// Ticks that are done.
  package var ticks = 0

  init() {}
}

extension ReplicaMotion {
  @inlinable package func advance(
    _ progress: MotionProgress, to last: Int, doesOne: Bool, orPause shouldPause: () -> Bool,
    orGiveUp shouldStop: () -> Bool
  ) throws(Failure) {
    var mayPause = !doesOne
    while progress.ticks < last {
      if mayPause, shouldPause() { return }
      mayPause = true
      guard try advance(after: progress.ticks, orGiveUp: shouldStop) else { return }
      progress.ticks += 1
    }
  }
}
