/// Why a saved state cannot be used.
public struct StateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public let description: String

  /// A fault in words.
  public init(_ description: String) { self.description = description }
}

/// The state of a simulation as bytes, one plain value after the other.
public struct StateWriter {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written yet.
  public init() {}

  /// Adds a plain value.
  public mutating func add<Value: BitwiseCopyable>(_ value: Value) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  /// Adds plain values from memory, without their number.
  public mutating func add<Value: BitwiseCopyable>(_ start: UnsafePointer<Value>, count: Int) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count * MemoryLayout<Value>.stride))
  }

  /// Adds an array, its number first.
  public mutating func add<Value: BitwiseCopyable>(_ values: [Value]) {
    add(values.count)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// Reads back what a `StateWriter` wrote, in the same order.
public struct StateReader {
  private let bytes: [UInt8]
  private var position = 0

  /// A reader of saved bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether everything has been read.
  public var isAtEnd: Bool { position == bytes.count }

  private mutating func take(_ count: Int) throws(StateFault) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else { throw StateFault("the saved state is truncated") }
    defer { position += count }
    return position..<(position + count)
  }

  /// The next plain value.
  public mutating func next<Value: BitwiseCopyable>(_ type: Value.Type = Value.self) throws(StateFault) -> Value {
    let range = try take(MemoryLayout<Value>.size)
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self) }
  }

  /// Fills memory with the next `count` values.
  public mutating func fill<Value: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Value>, count: Int
  ) throws(StateFault) {
    let range = try take(count * MemoryLayout<Value>.stride)
    bytes.withUnsafeBytes { source in
      UnsafeMutableRawPointer(start).copyMemory(
        from: source.baseAddress! + range.lowerBound, byteCount: range.count)  // not empty: the range lies within
    }
  }

  /// The next array; it must have `count` values.
  public mutating func array<Value: BitwiseCopyable>(count: Int) throws(StateFault) -> [Value] {
    guard try next(Int.self) == count else { throw StateFault("the saved state has another shape") }
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try next()) }
    return values
  }
}
