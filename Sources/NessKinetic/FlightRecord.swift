import NessModel
import NessStatistics

/// Sums over the windows of every lane. When the record is full, neighbouring windows are joined, so its memory does not
/// grow with the length of the run.
struct WindowRecord {
  private static let channels = FlightGroup.Channel.allCases.count
  let capacity: Int
  /// Windows joined to one: 1, 2, 4, ...
  private(set) var windowsPerBatch = 1
  /// Complete batches.
  private(set) var count = 0
  private var sums: [Lanes]
  private var windowsInLast = 0

  /// An empty record of at most `capacity` batches, a power of two.
  init(capacity: Int) {
    self.capacity = capacity
    sums = Array(repeating: Lanes(), count: Self.channels * (capacity + 1))
  }

  mutating func add(_ window: [Lanes]) {
    for channel in 0..<Self.channels { sums[count * Self.channels + channel] += window[channel] }
    windowsInLast += 1
    guard windowsInLast == windowsPerBatch else { return }
    windowsInLast = 0
    count += 1
    if count == capacity { joinNeighbours() }
  }

  private mutating func joinNeighbours() {
    let channels = Self.channels
    for batch in 0..<(capacity / 2) {
      for channel in 0..<channels {
        let first = 2 * batch * channels + channel
        sums[batch * channels + channel] = sums[first] + sums[first + channels]
      }
    }
    for index in (capacity / 2 * channels)..<sums.count { sums[index] = Lanes() }
    windowsPerBatch *= 2
    count = capacity / 2
  }

  /// Number of sums that are kept for all lanes.
  var vectors: Int { sums.count }

  func save(to writer: inout StateWriter) {
    writer.add([windowsPerBatch, count, windowsInLast])
    writer.add(sums)
  }

  /// Takes up a saved record of a number of windows, which fixes its shape.
  mutating func restore(from reader: inout StateReader, windows: Int) throws(StateFault) {
    let counts: [Int] = try reader.array(count: 3)
    var length = 1
    while windows / length >= capacity { length *= 2 }
    guard counts == [length, windows / length, windows % length] else {
      throw StateFault("the saved record of a group makes no sense")
    }
    (windowsPerBatch, count, windowsInLast) = (counts[0], counts[1], counts[2])
    sums = try reader.finiteArray(count: sums.count)
  }

  /// Sum of a channel over a complete batch, for the eight lanes.
  func sum(batch: Int, channel: FlightGroup.Channel) -> Lanes { sums[batch * Self.channels + channel.rawValue] }

  /// The smallest number of windows >= `windows` after which no batch is left incomplete.
  static func completeWindows(atLeast windows: Int, capacity: Int) -> Int {
    var length = 1
    while length * (capacity - 1) < windows { length *= 2 }
    return (windows + length - 1) / length * length
  }
}

/// What was seen at the ends of windows, where a particle is met at a random moment: how often in each part of the box
/// and in each class of energy, and twice the energy in each part. Kept by segments of time; when the record is full,
/// neighbouring segments are joined.
struct SnapshotRecord {
  static let columns = 2 * Box.parts + Box.energyClasses + 1
  static func count(part: Int) -> Int { part }
  static func twiceEnergy(part: Int) -> Int { Box.parts + part }
  static func count(energyClass: Int) -> Int { 2 * Box.parts + energyClass }
  static let total = 2 * Box.parts + Box.energyClasses

  /// Most segments kept, a power of two; 1 to tell no times apart.
  let capacity: Int
  /// Windows joined to one segment: 1, 2, 4, ...
  private var windowsPerSegment = 1
  private var windowsInLast = 0
  /// The segment that is being filled, and so the number of complete ones before it.
  private var segment = 0
  /// Sums, segment after segment.
  private var sums: [Double]

  init(capacity: Int) {
    self.capacity = capacity
    sums = Array(repeating: 0, count: capacity * Self.columns)
  }

  /// Segments that may be read: the complete ones, or the only one.
  var complete: Int { capacity == 1 ? 1 : segment }

  /// Whether anything was ever seen.
  var isEmpty: Bool { !(0..<capacity).contains { self[$0, Self.total] > 0 } }

  /// A sum over a segment.
  subscript(segment: Int, column: Int) -> Double { sums[segment * Self.columns + column] }

  mutating func add(part: Int, energy: Double, energyClass: Int) {
    let start = segment * Self.columns
    sums[start + Self.count(part: part)] += 1
    sums[start + Self.twiceEnergy(part: part)] += 2 * energy
    if energyClass < Box.energyClasses { sums[start + Self.count(energyClass: energyClass)] += 1 }
    sums[start + Self.total] += 1
  }

  /// Ends a window.
  mutating func endWindow() {
    guard capacity > 1 else { return }
    windowsInLast += 1
    guard windowsInLast == windowsPerSegment else { return }
    windowsInLast = 0
    segment += 1
    guard segment == capacity else { return }
    let columns = Self.columns
    for joined in 0..<(capacity / 2) {
      for column in 0..<columns {
        sums[joined * columns + column] = self[2 * joined, column] + self[2 * joined + 1, column]
      }
    }
    for index in (capacity / 2 * columns)..<sums.count { sums[index] = 0 }
    windowsPerSegment *= 2
    segment = capacity / 2
  }

  func save(to writer: inout StateWriter) {
    writer.add([windowsPerSegment, windowsInLast, segment])
    writer.add(sums)
  }

  /// Numbers that are kept.
  var numbers: Int { sums.count }

  /// Takes up a saved record of a number of windows, which fixes its shape.
  mutating func restore(from reader: inout StateReader, windows: Int) throws(StateFault) {
    let counts: [Int] = try reader.array(count: 3)
    var length = 1
    while capacity > 1, windows / length >= capacity { length *= 2 }
    guard counts == (capacity > 1 ? [length, windows % length, windows / length] : [1, 0, 0]) else {
      throw StateFault("the saved snapshots of a group make no sense")
    }
    (windowsPerSegment, windowsInLast, segment) = (counts[0], counts[1], counts[2])
    sums = try reader.array(count: sums.count)
    guard sums.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw StateFault("the saved snapshots make no sense") }
  }
}
