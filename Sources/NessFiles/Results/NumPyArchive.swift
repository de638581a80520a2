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
    var body = Data(capacity: 8 * numbers.count)
    for number in numbers { body.append(number.bitPattern) }
    try add(name, type: "<f8", shape: shape ?? [numbers.count], body)
  }

  /// Adds an array of shape [n] of texts.
  package mutating func add(_ name: String, texts: [String]) throws(ResultError) {
    let scalars = texts.map { Array($0.unicodeScalars) }
    let width = max(1, scalars.map(\.count).max() ?? 1)
    var body = Data(capacity: 4 * width * texts.count)
    for text in scalars {
      for scalar in text { body.append(scalar.value) }
      body.append(contentsOf: repeatElement(0, count: 4 * (width - text.count)))
    }
    try add(name, type: "<U\(width)", shape: [texts.count], body)
  }

  private mutating func add(_ name: String, type: String, shape: [Int], _ body: Data) throws(ResultError) {
    var header =
      "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    let unpadded = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var member = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    member.append(UInt16(header.utf8.count))
    member.append(contentsOf: header.utf8)
    member.append(body)
    guard members.count + member.count < Int(UInt32.max) - (1 << 20), self.count < Int(UInt16.max) else {
      throw .unreadable(reason: "more than 4 GiB in one file; export fewer results")
    }
    let offset = UInt32(members.count)
    let path = Array("\(name).npy".utf8)
    var common = Data()
    // Version 2.0, names in UTF-8, stored, 1 January 1980.
    for field in [20, 0x0800, 0, 0, 0x21] as [UInt16] { common.append(field) }
    for field in [cyclicRedundancyCheck(member), UInt32(member.count), UInt32(member.count)] { common.append(field) }
    for field in [UInt16(path.count), 0] { common.append(field) }
    members.append(UInt32(0x0403_4b50))
    members.append(common)
    members.append(contentsOf: path)
    members.append(member)
    directory.append(UInt32(0x0201_4b50))
    directory.append(UInt16(20))
    directory.append(common)
    for field in [0, 0, 0, 0, 0] as [UInt16] { directory.append(field) }
    directory.append(offset)
    directory.append(contentsOf: path)
    self.count += 1
  }

  /// The file.
  package func data() -> Data {
    var file = members + directory
    file.append(UInt32(0x0605_4b50))
    for field in [0, 0, UInt16(count), UInt16(count)] { file.append(field) }
    for field in [UInt32(directory.count), UInt32(members.count)] { file.append(field) }
    file.append(UInt16(0))
    return file
  }
}

extension Data {
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

/// CRC-32 of the zip format (polynomial 0xEDB88320, reflected).
func cyclicRedundancyCheck(_ bytes: Data) -> UInt32 {
  let polynomial: UInt32 = 0xEDB8_8320
  let table = (0..<256).map { (index: UInt32) -> UInt32 in
    var value = index
    for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ (value >> 1) : value >> 1 }
    return value
  }
  var sum: UInt32 = .max
  for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
  return ~sum
}
