/// Samples of neighbouring replicas that wait for their writing.
///
/// It is filled by one thread at a time: numbers are put where `place` says, then `endSample` is called.
package final class SampleBuffer {
  private let plan: SeriesPlan
  private let keeper: any SeriesKeeper
  /// The recorded replicas whose samples it holds.
  package let replicas: Range<Int>
  /// Series after series, replica after replica, sample after sample.
  private let waiting: UnsafeMutableBufferPointer<Double>
  private let starts: [Int]
  private let capacity: Int
  /// Number of the first sample that waits, and how many do.
  private var firstSample = 0
  private var count = 0

  /// Most memory for samples that wait [bytes].
  private static let mostBytes = 1 << 20

  /// A buffer for some of the replicas of a plan.
  ///
  /// - Precondition: They are recorded.
  package init(_ plan: SeriesPlan, _ keeper: any SeriesKeeper, replicas: Range<Int>) {
    precondition(!replicas.isEmpty && replicas.upperBound <= plan.replicas, "the replicas are recorded")
    (self.plan, self.keeper, self.replicas) = (plan, keeper, replicas)
    let widths = plan.series.map(\.width)
    let numbers = replicas.count * widths.reduce(0, +)
    let capacity = max(1, min(4096, plan.samples, Self.mostBytes / (8 * numbers)))
    self.capacity = capacity
    starts = widths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * replicas.count * capacity) }
    waiting = .allocate(capacity: numbers * capacity)
    waiting.initialize(repeating: 0)
  }

  deinit { waiting.deallocate() }

  /// Tells the place of the samples from any other.
  package var token: UInt64 { keeper.token }

  /// Where the numbers of a series belong in the sample that is being taken: those of the first replica, and how much further on
  /// those of the next one are.
  package func place(of series: Int) -> (first: UnsafeMutablePointer<Double>, stride: Int) {
    let width = plan.series[series].width
    // It has room for one number at least.
    return (waiting.baseAddress.unsafelyUnwrapped + (starts[series] + count * width), capacity * width)
  }

  /// The sample with a number, from 0, is complete.
  package func endSample(_ number: Int) {
    if count == 0 { firstSample = number }
    count += 1
    if count == capacity { flush() }
  }

  /// Writes the samples that wait.
  package func flush() {
    guard count > 0 else { return }
    for (index, series) in plan.series.enumerated() {
      for lane in 0..<replicas.count {
        let start = starts[index] + lane * capacity * series.width
        keeper.write(
          UnsafeBufferPointer(rebasing: waiting[start..<(start + count * series.width)]), series: index,
          replica: replicas.lowerBound + lane, sample: firstSample)
      }
    }
    count = 0
  }

  /// Writes what waits; returns when that survives an end of any kind.
  package func sync() {
    flush()
    keeper.sync()
  }

  /// Forgets the samples that wait.
  package func clear() { (firstSample, count) = (0, 0) }
}
