import Foundation

/// Arrays in NumPy's format `.npz`: a zip archive of `.npy` members, not compressed. Equal arrays give equal bytes.
///
/// Source: NumPy Enhancement Proposal 1 (format 1.0); PKWARE, APPNOTE 6.3 (local headers, central directory).
package struct NumPyArchive {
  private var members = Data()
  private var directory = Data()
  private var count = 0

  /// No arrays yet.
  package init() {}

  /// Adds an array of doubles, row by row.
  ///
  /// - Parameter shape: the counts of its axes, whose product is the count of the numbers; [n] unless given.
  package mutating func add(_ name: String, numbers: [Double], shape: [Int]? = nil) throws(ResultError) {
    try add(name, Self.member(numbers: numbers, shape: shape))
  }

  /// Adds an array of shape [n] of texts.
  package mutating func add(_ name: String, texts: [String]) throws(ResultError) {
    try add(name, Self.member(texts: texts))
  }

  /// An array of doubles as a file of its own.
  static func member(numbers: [Double], shape: [Int]? = nil) -> Data {
    var body = Data(capacity: 8 * numbers.count)
    for number in numbers { body.append(number.bitPattern) }
    return header(type: "<f8", shape: shape ?? [numbers.count]) + body
  }

  /// An array of whole numbers as a file of its own.
  static func member(wholeNumbers: [Int64]) -> Data {
    var body = Data(capacity: 8 * wholeNumbers.count)
    for number in wholeNumbers { body.append(number) }
    return header(type: "<i8", shape: [wholeNumbers.count]) + body
  }

  /// An array of texts as a file of its own.
  static func member(texts: [String]) -> Data {
    let scalars = texts.map { Array($0.unicodeScalars) }
    let width = max(1, scalars.map(\.count).max() ?? 1)
    var body = Data(capacity: 4 * width * texts.count)
    for text in scalars {
      for scalar in text { body.append(scalar.value) }
      body.append(contentsOf: repeatElement(0, count: 4 * (width - text.count)))
    }
    return header(type: "<U\(width)", shape: [texts.count]) + body
  }

  private mutating func add(_ name: String, _ member: Data) throws(ResultError) {
    guard members.count + member.count < ZipEntry.mostBytes, self.count < Int(UInt16.max) else {
      throw .unreadable(reason: "more than 4 GiB in one file; export fewer results")
    }
    let entry = ZipEntry(
      name: "\(name).npy", bytes: member.count, check: cyclicRedundancyCheck(member), offset: members.count)
    members.append(entry.localHeader)
    members.append(member)
    directory.append(entry.directoryHeader)
    self.count += 1
  }

  /// What stands before the numbers of an array, whose length is a multiple of 64.
  static func header(type: String, shape: [Int]) -> Data {
    var header =
      "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    let unpadded = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var bytes = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    bytes.append(UInt16(header.utf8.count))
    bytes.append(contentsOf: header.utf8)
    return bytes
  }

  /// The file.
  package func data() -> Data {
    members + directory + ZipEntry.end(count: count, directoryBytes: directory.count, offset: members.count)
  }
}

/// A member of a zip archive that is not compressed, as its two headers tell it.
struct ZipEntry {
  /// Most bytes of an archive.
  static let mostBytes = Int(UInt32.max) - (1 << 20)

  let name: String
  let bytes: Int
  /// CRC-32 of its bytes.
  let check: UInt32
  /// Where its local header begins in the archive.
  let offset: Int

  private var common: Data {
    var common = Data()
    // Version 2.0, names in UTF-8, stored, 1 January 1980.
    for field in [20, 0x0800, 0, 0, 0x21] as [UInt16] { common.append(field) }
    for field in [check, UInt32(bytes), UInt32(bytes)] { common.append(field) }
    for field in [UInt16(name.utf8.count), 0] { common.append(field) }
    return common
  }

  var localHeader: Data {
    var header = Data()
    header.append(UInt32(0x0403_4b50))
    return header + common + Data(name.utf8)
  }

  var directoryHeader: Data {
    var header = Data()
    header.append(UInt32(0x0201_4b50))
    header.append(UInt16(20))
    header.append(common)
    for field in [0, 0, 0, 0, 0] as [UInt16] { header.append(field) }
    header.append(UInt32(offset))
    return header + Data(name.utf8)
  }

  /// The end of an archive of so many members, behind its directory.
  static func end(count: Int, directoryBytes: Int, offset: Int) -> Data {
    var end = Data()
    end.append(UInt32(0x0605_4b50))
    for field in [0, 0, UInt16(count), UInt16(count)] { end.append(field) }
    for field in [UInt32(directoryBytes), UInt32(offset)] { end.append(field) }
    end.append(UInt16(0))
    return end
  }
}

extension Data {
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

/// CRC-32 of the zip format (polynomial 0xEDB88320, reflected).
func cyclicRedundancyCheck(_ bytes: Data) -> UInt32 {
  var sum = CyclicRedundancySum()
  bytes.withUnsafeBytes { sum.add($0) }
  return sum.value
}

/// CRC-32 of bytes that come one after the other; eight of them at a time (M. E. Kounavis and F. L. Berry, "slicing by 8").
struct CyclicRedundancySum {
  private static let tables: [UInt32] = {
    let polynomial: UInt32 = 0xEDB8_8320
    var tables = (0..<256).map { (index: UInt32) -> UInt32 in
      var value = index
      for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ (value >> 1) : value >> 1 }
      return value
    }
    for place in 256..<2048 {
      let before = tables[place - 256]
      tables.append(tables[Int(before & 0xFF)] ^ (before >> 8))
    }
    return tables
  }()

  private var sum: UInt32 = .max

  /// The sum of all bytes.
  var value: UInt32 { ~sum }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    Self.tables.withUnsafeBufferPointer { tables in
      var (sum, place) = (self.sum, 0)
      while place + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian ^ UInt64(sum)
        sum = 0
        for byte in 0..<8 { sum ^= tables[(7 - byte) * 256 + Int((word >> (8 * UInt64(byte))) & 0xFF)] }
        place += 8
      }
      while place < bytes.count {
        sum = tables[Int((sum ^ UInt32(bytes[place])) & 0xFF)] ^ (sum >> 8)
        place += 1
      }
      self.sum = sum
    }
  }
}
