import Foundation
import NessSampling

/// Keeps samples in memory, each at its place.
package final class SampleTable: SeriesKeeper {
  package let token: UInt64
  private let plan: SeriesPlan
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var values: [[Double]]

  /// An empty table; what is not written is not a number.
  package init(_ plan: SeriesPlan, token: UInt64 = 7) {
    (self.plan, self.token) = (plan, token)
    values = plan.series.map { .init(repeating: .nan, count: plan.replicas * plan.samples * $0.width) }
  }

  package func write(_ numbers: UnsafeBufferPointer<Double>, series: Int, replica: Int, sample: Int) {
    lock.withLock {
      let start = (replica * plan.samples + sample) * plan.series[series].width
      for (index, number) in numbers.enumerated() { values[series][start + index] = number }
    }
  }

  package func sync() {}

  /// All numbers, series after series.
  package var all: [[Double]] { lock.withLock { values } }

  /// One number of every sample of a replica.
  package func column(_ name: String, _ number: Int, replica: Int) -> [Double] {
    guard let series = plan.series.firstIndex(where: { $0.name == name }) else { return [] }
    let width = plan.series[series].width
    return (0..<plan.samples).map { all[series][(replica * plan.samples + $0) * width + number] }
  }
}
