import Foundation
import NessSampling

/// What something takes that is done as often as fits into a fifth of a second, at least once, on one thread.
struct RepeatedTime {
  /// Elapsed, each time [s].
  let seconds: Double
  /// Of the processor, each time [s].
  let processorSeconds: Double

  /// - Parameter work: is told its number, from 1.
  init(_ work: (_ number: Int) throws -> Void) rethrows {
    let (start, processorStart) = (ContinuousClock.now, clock())
    var count = 0
    while count == 0 || start.secondsAgo < 0.2 {
      count += 1
      try work(count)
    }
    seconds = start.secondsAgo / Double(count)
    processorSeconds = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC) / Double(count)
  }
}
