/// Who watches long work: asked whether it is to end, told how far it is.
struct WorkWatch: Sendable {
  /// Asked during long work; true ends it with `QuadratureError.stopped`.
  var shouldStop: @Sendable () -> Bool = { false }
  /// Told the part of the work that is done, 0 to 1.
  var onProgress: @Sendable (Double) -> Void = { _ in }

  /// Of a part of the work, from one fraction of the whole to another.
  func part(from start: Double, to end: Double) -> WorkWatch {
    WorkWatch(shouldStop: shouldStop) { [onProgress] in onProgress(start + (end - start) * $0) }
  }

  /// Told at a hundred steps at most.
  func report(_ done: Int, of count: Int) {
    let stride = max(1, count / 100)
    if done % stride == 0 { onProgress(Double(done) / Double(count)) }
  }
}
