import NessStatistics

/// Sums over batches of what a run adds to its record: of its ticks, its windows or its looks.
///
/// A batch has 1, 2, 4, ... of them: when the record is full, neighbouring batches are joined, so its memory does not grow with
/// the length of the run. What is not yet needed is not yet touched.
package struct JoinedBatches: Sendable {
  /// Number of quantities that are summed.
  package let channels: Int
  /// Replicas side by side; each has its own sum of every channel.
  package let lanes: Int
  /// Most batches kept, a power of two; 1 for one sum over everything.
  package let capacity: Int
  /// Sums of the complete batches and of one that is not: batch after batch, channel after channel, lane after lane.
  package private(set) var sums: [Double] = []
  /// Additions that complete a batch: 1, 2, 4, ...
  private var length = 1
  private var complete = 0
  private var additionsInLast = 0

  /// An empty record.
  package init(channels: Int, lanes: Int, capacity: Int) {
    (self.channels, self.lanes, self.capacity) = (channels, lanes, max(1, capacity))
    sums.reserveCapacity(self.capacity * channels * lanes)
  }

  /// Sums in one batch.
  private var width: Int { channels * lanes }
  /// Batches that may be read: the complete ones, or the only one.
  package var count: Int { capacity == 1 ? 1 : complete }
  /// All additions.
  package var additions: Int { complete * length + additionsInLast }
  /// Additions in each of them.
  package var additionsPerBatch: Int { capacity == 1 ? max(1, additionsInLast) : length }

  /// Adds to all channels.
  ///
  /// - Parameter values: channel after channel, lane after lane.
  package mutating func add(_ values: UnsafePointer<Double>) {
    let start = complete * width
    if sums.count == start {
      sums.append(contentsOf: UnsafeBufferPointer(start: values, count: width))
    } else {
      let width = width
      sums.withUnsafeMutableBufferPointer { all in
        let last = UnsafeMutableBufferPointer(rebasing: all[start..<(start + width)])
        for index in 0..<width { last[index] += values[index] }
      }
    }
    endAddition()
  }

  /// Adds to all channels of eight lanes.
  package mutating func add(_ values: UnsafePointer<SIMD8<Double>>) {
    values.withMemoryRebound(to: Double.self, capacity: 8 * channels) { add($0) }
  }

  /// Adds to one channel of one lane a part of what `endAddition` ends.
  package mutating func add(_ value: Double, to channel: Int, lane: Int = 0) {
    beginBatch()
    sums[complete * width + channel * lanes + lane] += value
  }

  private mutating func beginBatch() {
    if sums.count == complete * width { sums.append(contentsOf: repeatElement(0, count: width)) }
  }

  /// All channels have what they get of one tick, window or look.
  package mutating func endAddition() {
    beginBatch()
    additionsInLast += 1
    guard capacity > 1, additionsInLast == length else { return }
    additionsInLast = 0
    complete += 1
    if complete == capacity { joinNeighbours() }
  }

  /// Makes one of every two complete batches; of an odd number the last is left out, as is one that is not complete.
  private mutating func joinNeighbours() {
    let (pairs, width) = (complete / 2, width)
    sums.withUnsafeMutableBufferPointer { sums in
      for batch in 0..<pairs {
        for index in 0..<width {
          sums[batch * width + index] = sums[2 * batch * width + index] + sums[(2 * batch + 1) * width + index]
        }
      }
    }
    sums.removeLast(sums.count - pairs * width)
    length *= 2
    complete = pairs
  }

  /// Leaves the batches that are complete in all of some records, of which the shortest has `fewest` and the longest `most`
  /// additions. One sum over everything stays whole.
  package mutating func cut(fewest: Int, most: Int) {
    guard capacity > 1 else { return }
    let common = Self.additionsPerBatch(after: most, capacity: capacity)
    while length < common { joinNeighbours() }
    (complete, additionsInLast) = (fewest / common, 0)
    sums.removeLast(sums.count - complete * width)
  }

  /// The sum of a channel over a batch in one lane.
  package func sum(batch: Int, channel: Int, lane: Int = 0) -> Double { sums[batch * width + channel * lanes + lane] }

  /// Additions in a batch when so many have been made.
  package static func additionsPerBatch(after additions: Int, capacity: Int) -> Int {
    var length = 1
    while additions / length >= capacity { length *= 2 }
    return length
  }

  /// The smallest number of additions >= `additions` after which no batch is left incomplete.
  package static func completeAdditions(atLeast additions: Int, capacity: Int) -> Int {
    var length = 1
    while length * (capacity - 1) < additions { length *= 2 }
    return (additions + length - 1) / length * length
  }
}

// MARK: saved states

extension JoinedBatches {
  /// Size of its saved state, roughly [bytes].
  package var bytesOfState: Int { sums.count * MemoryLayout<Double>.size }

  /// Additions that complete a batch, complete batches, additions beyond them.
  package var counts: [Int] { [length, complete, additionsInLast] }

  /// Writes the counts, then the sums.
  package func save(to writer: inout StateWriter) {
    writer.add(counts)
    saveSums(to: &writer)
  }

  /// Writes the sums.
  ///
  /// - Parameter batches: as many are written, those that have not begun as zeros; nil for no more than there are.
  package func saveSums(to writer: inout StateWriter, batches: Int? = nil) {
    let all = batches.map { $0 * width } ?? sums.count
    writer.add(all / max(1, lanes))
    writer.addValues(sums)
    writer.addValues([Double](repeating: 0, count: all - sums.count))
  }

  /// Takes up what `save` wrote of a record of a number of additions, which fixes its shape.
  package mutating func restore(from reader: inout StateReader, additions: Int) throws(StateFault) {
    let counts: [Int] = try reader.array(count: 3)
    setCounts(additions: additions)
    guard counts == self.counts else { throw StateFault("the saved record of a group makes no sense") }
    try restoreSums(from: &reader, additions: additions)
  }

  /// Takes up what `saveSums` wrote.
  ///
  /// - Parameter batches: as in `saveSums`.
  package mutating func restoreSums(
    from reader: inout StateReader, additions: Int, batches: Int? = nil
  ) throws(StateFault) {
    setCounts(additions: additions)
    let begun = width * (complete + (additionsInLast > 0 ? 1 : 0))
    let all = batches.map { $0 * width } ?? begun
    guard try reader.next(Int.self) == all / max(1, lanes) else {
      throw StateFault("the saved state has another shape")
    }
    sums = try reader.finiteValues(count: all)
    guard sums[begun...].allSatisfy({ $0 == 0 }) else {
      throw StateFault("the saved record of a group has sums of what has not begun")
    }
    sums.removeLast(all - begun)
  }

  private mutating func setCounts(additions: Int) {
    if capacity == 1 {
      (length, complete, additionsInLast) = (1, 0, additions)
    } else {
      length = Self.additionsPerBatch(after: additions, capacity: capacity)
      (complete, additionsInLast) = (additions / length, additions % length)
    }
  }
}

extension ReplicaSeries {
  /// A channel of replicas that lie side by side in records, all of which have the same batches: its sums over the batches, or
  /// its means.
  ///
  /// - Parameters:
  ///   - factor: makes of the sums, or of the means, what the series is of.
  ///   - steps: steps in an addition, for means per step; nil for sums.
  package init(
    of replicas: Int, in records: [JoinedBatches], channel: Int, factor: Double = 1, perStepOf steps: Int? = nil
  ) {
    let batches = records.first?.count ?? 0
    let values = [Double](unsafeUninitializedCapacity: replicas * batches) { values, filled in
      var first = 0
      for record in records {
        let length = steps.map { Double(record.additionsPerBatch * $0) } ?? 1
        let (width, lanes) = (record.channels * record.lanes, record.lanes)
        precondition(
          record.count == batches && record.sums.count >= batches * width,
          "records of different lengths: \(record.counts) beside \(records[0].counts), \(record.sums.count) sums")
        record.sums.withUnsafeBufferPointer { sums in
          for lane in 0..<min(lanes, replicas - first) {
            for batch in 0..<batches {
              let sum = sums[batch * width + channel * lanes + lane]
              values.initializeElement(at: (first + lane) * batches + batch, to: factor * (sum / length))
            }
          }
        }
        first += lanes
      }
      precondition(first >= replicas, "too few records")
      filled = replicas * batches
    }
    self.init(replicas: replicas, batches: batches, values: values)
  }
}
