import NessSampling
import NessStatistics

/// Products of the total flow at two times, summed up while the replicas move: for every replica and lag
///
///     S(lag) = sum_i J_i J_(i - lag)
///
/// with J_i the flow through all bonds together, averaged over the time since the sample before. What is kept does not grow with
/// the run. Sums are added up in blocks of samples that begin at fixed numbers, so that they are the same whatever the pieces in
/// which samples come.
///
/// It may be shared by threads, unchecked, for a replica belongs to one thread at a time and has places of its own; all are
/// read when nothing moves.
final class FlowCorrelator: StatefulKeeper, @unchecked Sendable {
  /// Samples between two lags.
  static let spacing = 4
  private static let block = 64

  let plan: SeriesPlan
  /// It goes on in any process: sums are in the states.
  let token: UInt64 = 0x464C_4F57_434F_5252
  /// Lags, with that of no time.
  let lags: Int
  /// For every replica the flows that are needed and the block that comes, then its products, the sum of its flows, and how many
  /// samples it has.
  private let values: UnsafeMutableBufferPointer<Double>
  private let longest: Int
  private var width: Int { longest + Self.block + lags + 2 }

  init(_ plan: SeriesPlan, lags: Int) {
    (self.plan, self.lags) = (plan, lags)
    longest = Self.spacing * (lags - 1)
    values = .allocate(capacity: plan.replicas * (longest + Self.block + lags + 2))
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  private func place(_ replica: Int) -> UnsafeMutablePointer<Double> {
    values.baseAddress.unsafelyUnwrapped + replica * width
  }

  /// Adds samples: of every bond one number.
  func write(_ values: UnsafeBufferPointer<Double>, series: Int, replica: Int, sample: Int) {
    let bonds = plan.series[series].width
    let own = place(replica)
    let (products, sum, count) = (own + longest + Self.block, own + width - 2, own + width - 1)
    for start in stride(from: 0, to: values.count, by: bonds) {
      var flow = 0.0
      for bond in start..<(start + bonds) { flow += values[bond] }
      let filled = Int(count.pointee) % Self.block
      own[longest + filled] = flow
      count.pointee += 1
      if filled == Self.block - 1 { close(own, products, sum) }
    }
  }

  /// A block is full: its products with all flows before, which it then joins.
  private func close(
    _ own: UnsafeMutablePointer<Double>, _ products: UnsafeMutablePointer<Double>, _ sum: UnsafeMutablePointer<Double>
  ) {
    let block = UnsafeRawPointer(own + longest)
    for lag in 0..<lags {
      let other = UnsafeRawPointer(own + longest - lag * Self.spacing)
      var dot = SIMD8<Double>.zero
      for part in stride(from: 0, to: 8 * Self.block, by: 64) {
        dot.addProduct(
          block.loadUnaligned(fromByteOffset: part, as: SIMD8<Double>.self),
          other.loadUnaligned(fromByteOffset: part, as: SIMD8<Double>.self))
      }
      products[lag] += dot.sum()
    }
    var flows = 0.0
    for index in 0..<Self.block { flows += own[longest + index] }
    sum.pointee += flows
    own.update(from: own + Self.block, count: longest)
  }

  func sync() {}

  // MARK: what was found

  /// Samples of a replica whose products are counted.
  private func samples(_ replica: Int) -> Int { Int(place(replica)[width - 1]) / Self.block * Self.block }

  /// Whether every lag has products of as many samples as it is long.
  var isLongEnough: Bool { (0..<plan.replicas).allSatisfy { samples($0) >= 2 * longest } }

  /// Mean flow of a replica.
  func mean(_ replica: Int) -> Double { place(replica)[width - 2] / Double(samples(replica)) }

  /// Mean products of a replica, lag after lag.
  func products(_ replica: Int) -> [Double] {
    let (sums, samples) = (place(replica) + longest + Self.block, samples(replica))
    return (0..<lags).map { sums[$0] / Double(samples - $0 * Self.spacing) }
  }

  // MARK: saved states

  func bytes(replicas: Int) -> Int { 8 * replicas * width }

  func save(replicas: Range<Int>, samples: Int, to writer: inout StateWriter) {
    for replica in replicas { writer.add(Array(UnsafeBufferPointer(start: place(replica), count: width))) }
  }

  func restore(replicas: Range<Int>, samples: Int, from reader: inout StateReader) throws(StateFault) {
    for replica in replicas {
      let kept: [Double] = try reader.array(count: width)
      guard kept.allSatisfy(\.isFinite), kept[width - 1] == Double(samples) else {
        throw StateFault("the saved state makes no sense")
      }
      for (index, value) in kept.enumerated() { place(replica)[index] = value }
    }
  }
}
