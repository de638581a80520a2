/// Why a saved state cannot be used.
package struct StateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  package let description: String

  /// A fault in words.
  package init(_ description: String) { self.description = description }
}

/// The state of a simulation as bytes, one plain value after the other.
package struct StateWriter {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []

  /// Nothing written yet.
  ///
  /// - Parameter capacity: number of bytes to be expected.
  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Adds a plain value.
  package mutating func add<Value: BitwiseCopyable>(_ value: Value) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  /// Adds plain values from memory, without their number.
  package mutating func add<Value: BitwiseCopyable>(_ start: UnsafePointer<Value>, count: Int) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count * MemoryLayout<Value>.stride))
  }

  /// Adds an array, its number first.
  package mutating func add<Value: BitwiseCopyable>(_ values: [Value]) {
    add(values.count)
    addValues(values)
  }

  /// Adds an array without its number.
  package mutating func addValues<Value: BitwiseCopyable>(_ values: [Value]) {
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// Reads back what a `StateWriter` wrote, in the same order.
package struct StateReader {
  private let bytes: [UInt8]
  private var position = 0

  /// A reader of saved bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether everything has been read.
  package var isAtEnd: Bool { position == bytes.count }

  /// Where the next `count` values are. The count may come from damaged bytes, so nothing is believed of it.
  private mutating func take<Value>(_ count: Int, of type: Value.Type) throws(StateFault) -> Range<Int> {
    let (size, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard count >= 0, !overflows, size <= bytes.count - position else {
      throw StateFault("the saved state is truncated")
    }
    defer { position += size }
    return position..<(position + size)
  }

  private func copy(_ range: Range<Int>, to start: UnsafeMutableRawPointer) {
    bytes.withUnsafeBytes { source in
      if let base = source.baseAddress { start.copyMemory(from: base + range.lowerBound, byteCount: range.count) }
    }
  }

  /// The next plain value.
  package mutating func next<Value: BitwiseCopyable>(_ type: Value.Type = Value.self) throws(StateFault) -> Value {
    guard MemoryLayout<Value>.size <= bytes.count - position else { throw StateFault("the saved state is truncated") }
    defer { position += MemoryLayout<Value>.size }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Value.self) }
  }

  /// Fills memory with the next `count` values.
  package mutating func fill<Value: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Value>, count: Int
  ) throws(StateFault) {
    copy(try take(count, of: Value.self), to: start)
  }

  /// The next array; it must have `count` values.
  package mutating func array<Value: BitwiseCopyable>(count: Int) throws(StateFault) -> [Value] {
    guard try next(Int.self) == count else { throw StateFault("the saved state has another shape") }
    return try values(count: count)
  }

  /// The next `count` values.
  private mutating func values<Value: BitwiseCopyable>(count: Int) throws(StateFault) -> [Value] {
    let range = try take(count, of: Value.self)
    return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { copy(range, to: start) }
      filled = count
    }
  }
}

extension StateReader {
  /// Fills memory with the next `count` vectors of numbers; all of them must be finite.
  package mutating func fillFinite(_ start: UnsafeMutablePointer<SIMD8<Double>>, count: Int) throws(StateFault) {
    try fill(start, count: count)
    try Self.checkFinite(UnsafeBufferPointer(start: start, count: count))
  }

  /// The next `count` numbers, all of which must be finite.
  package mutating func finiteValues(count: Int) throws(StateFault) -> [Double] {
    let found: [Double] = try values(count: count)
    guard found.allSatisfy(\.isFinite) else { throw StateFault(Self.notFinite) }
    return found
  }

  /// The next array; it must have `count` vectors of finite numbers.
  package mutating func finiteArray(count: Int) throws(StateFault) -> [SIMD8<Double>] {
    let values: [SIMD8<Double>] = try array(count: count)
    try Self.checkFinite(values)
    return values
  }

  private static let notFinite = "the saved state has numbers that are not finite"

  private static func checkFinite(_ values: some Sequence<SIMD8<Double>>) throws(StateFault) {
    // Infinite and not a number times zero are not a number.
    let sum = values.reduce(into: SIMD8<Double>()) { $0 += $1 * 0 }
    guard sum == SIMD8() else { throw StateFault(notFinite) }
  }
}
