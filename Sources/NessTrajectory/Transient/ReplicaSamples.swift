import NessSampling
import NessStatistics

/// The samples of all replicas of a transient, in memory; those of replicas in motion are part of their saved states.
///
/// It may be shared by threads, unchecked, for a replica belongs to one thread at a time and has places of its own; all are
/// read when nothing moves.
final class ReplicaSamples: StatefulKeeper, @unchecked Sendable {
  let plan: SeriesPlan
  /// It goes on in any process: samples are in the states.
  let token: UInt64 = 0x5452_414E_5349_454E
  /// Where every series begins: replica after replica, sample after sample, number after number.
  private let starts: [Int]
  private let values: UnsafeMutableBufferPointer<Double>

  init(_ plan: SeriesPlan) {
    self.plan = plan
    starts = plan.series.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.width * plan.replicas * plan.samples) }
    values = .allocate(capacity: max(1, starts[starts.count - 1]))
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  private func place(_ series: Int, replica: Int, sample: Int) -> Int {
    starts[series] + (replica * plan.samples + sample) * plan.series[series].width
  }

  func write(_ values: UnsafeBufferPointer<Double>, series: Int, replica: Int, sample: Int) {
    let start = place(series, replica: replica, sample: sample)
    for (index, value) in values.enumerated() { self.values[start + index] = value }
  }

  func sync() {}

  /// A number of a sample.
  func value(_ series: Int, replica: Int, sample: Int, number: Int) -> Double {
    values[place(series, replica: replica, sample: sample) + number]
  }

  // MARK: saved states

  /// Numbers that some replicas have after so many samples.
  func bytes(replicas: Int) -> Int { 8 * replicas * plan.samples * plan.series.reduce(0) { $0 + $1.width } }

  func save(replicas: Range<Int>, samples: Int, to writer: inout StateWriter) {
    for series in plan.series.indices {
      for replica in replicas {
        let start = place(series, replica: replica, sample: 0)
        writer.add(Array(values[start..<(start + samples * plan.series[series].width)]))
      }
    }
  }

  func restore(replicas: Range<Int>, samples: Int, from reader: inout StateReader) throws(StateFault) {
    for series in plan.series.indices {
      for replica in replicas {
        let start = place(series, replica: replica, sample: 0)
        let kept: [Double] = try reader.array(count: samples * plan.series[series].width)
        guard kept.allSatisfy(\.isFinite) else { throw StateFault("the saved state makes no sense") }
        for (index, value) in kept.enumerated() { values[start + index] = value }
      }
    }
  }
}
