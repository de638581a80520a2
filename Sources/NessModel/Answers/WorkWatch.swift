/// Who watches long work: asked whether it is to end, told how far it is.
package struct WorkWatch: Sendable {
  /// Asked during long work; true ends it with `QuadratureError.stopped` or the like.
  package var shouldStop: @Sendable () -> Bool
  /// Told the part of the work that is done, 0 to 1.
  package var onProgress: @Sendable (Double) -> Void

  /// Nobody, unless given.
  package init(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    onProgress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.shouldStop = shouldStop
    self.onProgress = onProgress
  }

  /// Of a part of the work, from one fraction of the whole to another.
  package func part(from start: Double, to end: Double) -> WorkWatch {
    WorkWatch(shouldStop: shouldStop) { [onProgress] in onProgress(start + (end - start) * $0) }
  }

  /// Asked, and told nothing: of work that is short beside the rest.
  package var quiet: WorkWatch { WorkWatch(shouldStop: shouldStop) }

  /// Told at a hundred steps at most.
  package func report(_ done: Int, of count: Int) {
    let stride = max(1, count / 100)
    if done % stride == 0 { onProgress(Double(done) / Double(count)) }
  }
}
