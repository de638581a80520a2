import Foundation
internal import GRDB

/// FNV-1a with 64 bits over the fields of a row: it finds damage, and is no defence against an attacker.
struct RowHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// As SQLite keeps it.
  var value: Int64 { Int64(bitPattern: state) }

  private mutating func add(byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte: byte) }
    add(byte: 0xFF)
  }

  /// Many bytes, eight at a time. Every step can be undone, so no change of a word is without effect.
  mutating func add(words bytes: UnsafeRawBufferPointer) {
    add(Int64(bytes.count))
    let whole = bytes.count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      state = (state ^ word) &* 0x100_0000_01b3
      state ^= state >> 32
    }
    for byte in bytes[whole...] { add(byte: byte) }
  }

  /// A text, of which nil and empty differ. No byte of UTF-8 is 0xFF or 0xFE, so fields cannot run into one another.
  mutating func add(_ text: String?) {
    if let text { add(text.utf8) } else { add(byte: 0xFE) }
  }

  mutating func add(_ number: Int64) { withUnsafeBytes(of: number.littleEndian) { add($0) } }

  mutating func add(_ number: Double?) {
    if let number { add(Int64(bitPattern: number.bitPattern)) } else { add(byte: 0xFE) }
  }
}

/// A row of a table. It is read by `decode`, because what SQLite makes of damaged bytes
/// must not end the program.
protocol StoreRow: FetchableRecord {
  static var table: String { get }
  /// The columns after `id`, in the order in which `init(row:)` reads and `values` gives them.
  static var columns: [String] { get }
  var values: [(any DatabaseValueConvertible)?] { get }
}

/// A row whose hash needs nothing but itself.
protocol ClosedRow: StoreRow {
  var isIntact: Bool { get }
}

extension StoreRow {
  static var selection: String { (["id"] + columns).map { "\(table).\($0)" }.joined(separator: ", ") }

  /// Writes the row, in place of one with its `id` or name.
  ///
  /// - Parameter id: of the row; nil for a new one.
  func write(_ database: Database, id: Int64?) throws {
    let marks = (["id"] + Self.columns).map { _ in "?" }.joined(separator: ", ")
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO \(Self.table) (\((["id"] + Self.columns).joined(separator: ", "))) VALUES (\(marks))"
    ).execute(arguments: StatementArguments([id] + values))
  }
}

/// One result, or work that has begun: what a list shows.
struct ResultRow: ClosedRow {
  let id: Int64
  private(set) var result: StoredResult
  /// Name of the row of its provenance.
  let provenance: String
  let checksum: Int64

  static let table = "result"
  static let columns = [
    "digest", "title", "quantity", "parameters", "value", "uncertainty", "stopReason", "started", "wallSeconds",
    "isFinished", "family", "provenance", "checksum",
  ]

  init(_ result: StoredResult, provenance: String) {
    id = 0
    self.result = result
    self.provenance = provenance
    checksum = Self.hash(result, provenance)
  }

  init(row: Row) throws {
    id = try row.decode(atIndex: 0)
    let summary = ResultSummary(
      title: try row.decode(atIndex: 2), quantity: try row.decode(atIndex: 3),
      parameters: ResultSummary.parameters(ofText: try row.decode(atIndex: 4)), value: try row.decode(atIndex: 5),
      uncertainty: try row.decode(atIndex: 6), stopReason: try row.decode(atIndex: 7),
      started: try row.decode(atIndex: 8), wallSeconds: try row.decode(atIndex: 9))
    result = StoredResult(
      digest: try row.decode(atIndex: 1), summary: summary, isFinished: try row.decode(atIndex: 10),
      family: try row.decode(atIndex: 11))
    provenance = try row.decode(atIndex: 12)
    checksum = try row.decode(atIndex: 13)
  }

  var values: [(any DatabaseValueConvertible)?] {
    let summary = result.summary
    return [
      result.digest, summary.title, summary.quantity, summary.parameterText, summary.value, summary.uncertainty,
      summary.stopReason, summary.started, summary.wallSeconds, result.isFinished, result.family, provenance,
      checksum,
    ]
  }

  var isIntact: Bool { checksum == Self.hash(result, provenance) }

  /// Takes note of the engines that the key of the result names, if that is its key.
  mutating func takeEngines(from key: String?) {
    guard let key, stableHash(key.utf8) == result.digest else { return }
    result.engines = CacheKey.engines(ofText: key)
  }

  private static func hash(_ result: StoredResult, _ provenance: String) -> Int64 {
    let summary = result.summary
    var hash = RowHash()
    for text in [result.digest, summary.title, summary.quantity] { hash.add(text) }
    for parameter in summary.parameters {
      hash.add(parameter.path)
      hash.add(parameter.value)
      hash.add(parameter.dimension)
    }
    hash.add(summary.value)
    hash.add(summary.uncertainty)
    hash.add(summary.stopReason)
    hash.add(summary.started)
    hash.add(summary.wallSeconds)
    hash.add(result.isFinished ? 1 : 0)
    hash.add(result.family)
    hash.add(provenance)
    return hash.value
  }
}

/// The key of a result in full and the result itself, under the same `id`. Whose it is says the key: its hash is the name
/// of the result.
struct ContentRow: ClosedRow {
  let id: Int64
  let key: String
  let payload: String?
  let checksum: Int64

  static let table = "content"
  static let columns = ["key", "payload", "checksum"]

  init(key: String, payload: String?) {
    id = 0
    self.key = key
    self.payload = payload
    checksum = Self.hash(key, payload)
  }

  init(row: Row) throws {
    id = try row.decode(atIndex: 0)
    key = try row.decode(atIndex: 1)
    payload = try row.decode(atIndex: 2)
    checksum = try row.decode(atIndex: 3)
  }

  var values: [(any DatabaseValueConvertible)?] { [key, payload, checksum] }
  var isIntact: Bool { checksum == Self.hash(key, payload) }

  /// Whether it is the content of this result.
  func belongs(to row: ResultRow) -> Bool { stableHash(key.utf8) == row.result.digest }

  private static func hash(_ key: String, _ payload: String?) -> Int64 {
    var hash = RowHash()
    hash.add(key)
    hash.add(payload)
    return hash.value
  }
}

/// A piece of unfinished work of the result with the `id` in `result`.
///
/// Its hash says also whose it is: of which result and family, and how many pieces the whole state has. Taken for that of
/// another physics, or without its other pieces, it does not fit.
struct PieceRow: StoreRow {
  /// Whose a state is.
  struct Owner {
    /// Name of the result.
    let digest: String
    /// Name of the work in general.
    let family: String?
    /// Number of pieces of the state.
    let pieces: Int

    init(_ result: StoredResult, pieces: Int) {
      digest = result.digest
      family = result.family
      self.pieces = pieces
    }
  }

  let result: Int64
  let piece: StoredPiece
  let checksum: Int64

  static let table = "piece"
  static let columns = ["result", "number", "done", "updated", "state", "checksum"]

  init(result: Int64, piece: StoredPiece, of owner: Owner) {
    self.result = result
    self.piece = piece
    checksum = Self.hash(piece, owner)
  }

  init(row: Row) throws {
    result = try row.decode(atIndex: 1)
    piece = StoredPiece(
      index: try row.decode(atIndex: 2), state: try row.decode(atIndex: 5), done: try row.decode(atIndex: 3),
      updated: try row.decode(atIndex: 4))
    checksum = try row.decode(atIndex: 6)
  }

  var values: [(any DatabaseValueConvertible)?] {
    [result, piece.index, piece.done, piece.updated, piece.state, checksum]
  }

  func isIntact(of owner: Owner) -> Bool { checksum == Self.hash(piece, owner) }

  private static func hash(_ piece: StoredPiece, _ owner: Owner) -> Int64 {
    var hash = RowHash()
    for text in ["state of version 2", owner.digest, owner.family] { hash.add(text) }
    for number in [owner.pieces, piece.index] { hash.add(Int64(number)) }
    hash.add(piece.done)
    hash.add(piece.updated)
    piece.state.withUnsafeBytes { hash.add(words: $0) }
    return hash.value
  }
}

/// Who computed results, under the name that they give in `provenance`.
struct ProvenanceRow: ClosedRow {
  let digest: String
  let provenance: Provenance

  static let table = "provenance"
  static let columns = ["digest", "ness", "engine", "machine", "command", "file", "text"]

  init(_ provenance: Provenance) {
    self.provenance = provenance
    digest = provenance.digest
  }

  init(row: Row) throws {
    digest = try row.decode(atIndex: 1)
    provenance = Provenance(
      ness: try row.decode(atIndex: 2), engine: try row.decode(atIndex: 3), machine: try row.decode(atIndex: 4),
      command: try row.decode(atIndex: 5), file: try row.decode(atIndex: 6), text: try row.decode(atIndex: 7))
  }

  var values: [(any DatabaseValueConvertible)?] {
    [
      digest, provenance.ness, provenance.engine, provenance.machine, provenance.command, provenance.file,
      provenance.text,
    ]
  }
  var isIntact: Bool { digest == provenance.digest }
}
