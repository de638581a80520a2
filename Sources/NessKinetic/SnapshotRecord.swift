import NessModel
import NessSampling

/// What was seen at the ends of windows, where a particle is met at a random moment: how often in each part of the box
/// and in each class of energy, and twice the energy in each part. Kept by segments of time.
struct SnapshotRecord {
  static let columns = 2 * Box.parts + Box.energyClasses + 1
  static func count(part: Int) -> Int { part }
  static func twiceEnergy(part: Int) -> Int { Box.parts + part }
  static func count(energyClass: Int) -> Int { 2 * Box.parts + energyClass }
  static let total = 2 * Box.parts + Box.energyClasses

  /// Sums over segments of one, two, four, ... windows.
  private(set) var segments: JoinedBatches

  /// - Parameter capacity: most segments kept, a power of two; 1 to tell no times apart.
  init(capacity: Int) { segments = JoinedBatches(channels: Self.columns, lanes: 1, capacity: capacity) }

  /// Whether anything was ever seen.
  var isEmpty: Bool {
    !stride(from: Self.total, to: segments.sums.count, by: Self.columns).contains { segments.sums[$0] > 0 }
  }

  mutating func add(part: Int, energy: Double, energyClass: Int) {
    segments.add(1, to: Self.count(part: part))
    segments.add(2 * energy, to: Self.twiceEnergy(part: part))
    if energyClass < Box.energyClasses { segments.add(1, to: Self.count(energyClass: energyClass)) }
    segments.add(1, to: Self.total)
  }

  /// Ends a window.
  mutating func endWindow() { segments.endAddition() }

  mutating func cut(fewest: Int, most: Int) { segments.cut(fewest: fewest, most: most) }

  // A state has room for all segments. Of a single one it does not count the windows.

  func save(to writer: inout StateWriter) {
    writer.add(savedCounts)
    segments.saveSums(to: &writer, batches: segments.capacity)
  }

  private var savedCounts: [Int] {
    let counts = segments.counts
    return segments.capacity == 1 ? [1, 0, 0] : [counts[0], counts[2], counts[1]]
  }

  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int { segments.capacity * Self.columns * MemoryLayout<Double>.size }

  /// Takes up a saved record of a number of windows, which fixes its shape.
  mutating func restore(from reader: inout StateReader, windows: Int) throws(StateFault) {
    let counts: [Int] = try reader.array(count: 3)
    try segments.restoreSums(from: &reader, additions: windows, batches: segments.capacity)
    guard counts == savedCounts, segments.sums.allSatisfy({ $0 >= 0 }) else {
      throw StateFault("the saved snapshots of a group make no sense")
    }
  }
}
