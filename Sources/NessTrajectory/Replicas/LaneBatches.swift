import NessModel
import NessStatistics

/// Batch means of every channel of eight replicas. When the record is full, neighbouring batches are joined, so its
/// memory does not grow with the length of the run; what is not yet needed is not yet touched.
struct LaneBatches: Sendable {
  let channels: Int
  /// Most batches kept; a power of two.
  let capacity: Int
  /// Ticks in one batch: 1, 2, 4, ...
  private(set) var ticksPerBatch = 1
  /// Complete batches.
  private(set) var count = 0
  /// Sums of the complete batches and of one that is not.
  private var sums: [SIMD8<Double>] = []
  private var ticksInLast = 0

  init(channels: Int, capacity: Int) {
    self.channels = channels
    self.capacity = capacity
    sums.reserveCapacity(channels * capacity)
  }

  /// Adds the sums of one tick.
  mutating func add(_ tick: UnsafePointer<SIMD8<Double>>) {
    if ticksInLast == 0 {
      sums.append(contentsOf: UnsafeBufferPointer(start: tick, count: channels))
    } else {
      for channel in 0..<channels { sums[count * channels + channel] += tick[channel] }
    }
    ticksInLast += 1
    guard ticksInLast == ticksPerBatch else { return }
    ticksInLast = 0
    count += 1
    if count == capacity { joinNeighbours() }
  }

  /// Leaves the first `count` batches of `length` ticks, all of which must be complete.
  mutating func cut(toBatches count: Int, of length: Int) {
    while ticksPerBatch < length { joinNeighbours() }
    sums.removeLast(sums.count - count * channels)
    (self.count, ticksInLast) = (count, 0)
  }

  /// Makes one of every two complete batches; of an odd number the last is left out, as is one that is not complete.
  private mutating func joinNeighbours() {
    let pairs = count / 2
    for batch in 0..<pairs {
      for channel in 0..<channels {
        sums[batch * channels + channel] =
          sums[2 * batch * channels + channel] + sums[(2 * batch + 1) * channels + channel]
      }
    }
    sums.removeLast(sums.count - pairs * channels)
    ticksPerBatch *= 2
    count = pairs
  }

  /// Number of sums that are kept for all lanes.
  var vectors: Int { sums.count }

  func save(to writer: inout StateWriter) {
    writer.add([ticksPerBatch, count, ticksInLast])
    writer.add(sums)
  }

  /// Takes up a saved record of a number of ticks, which fixes its shape.
  mutating func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    let counts: [Int] = try reader.array(count: 3)
    let length = Self.ticksPerBatch(afterTicks: ticks, capacity: capacity)
    guard counts == [length, ticks / length, ticks % length] else {
      throw StateFault("the saved record of a group makes no sense")
    }
    (ticksPerBatch, count, ticksInLast) = (counts[0], counts[1], counts[2])
    sums = try reader.finiteArray(count: channels * (count + (ticksInLast > 0 ? 1 : 0)))
  }

  /// Ticks in a batch when so many have been added.
  static func ticksPerBatch(afterTicks ticks: Int, capacity: Int) -> Int {
    var length = 1
    while ticks / length >= capacity { length *= 2 }
    return length
  }

  /// Mean per step of a channel over a complete batch, for the eight lanes.
  func mean(batch: Int, channel: Int, stepsPerTick: Int) -> SIMD8<Double> {
    sums[batch * channels + channel] / Double(ticksPerBatch * stepsPerTick)
  }

  /// The smallest number of ticks >= `ticks` after which no batch is left incomplete.
  static func completeTicks(atLeast ticks: Int, capacity: Int) -> Int {
    var length = 1
    while length * (capacity - 1) < ticks { length *= 2 }
    return (ticks + length - 1) / length * length
  }
}
