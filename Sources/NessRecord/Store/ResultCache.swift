import Foundation

/// Results kept in a directory, one file per key, so that nothing is computed twice. Entries are written whole or not
/// at all; several processes may use one directory. An entry is
///
///     ness-cache 1 <hash of what follows>
///     { "key": "...", "payload": ... }
public struct ResultCache: Sendable {
  /// An entry that could not be used and is ignored; it will be computed and written again.
  public struct Warning: Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// The file and why it is ignored.
    public var description: String { "\(path): ignored, \(reason)" }
  }

  /// The directory.
  public let directory: String
  private let warn: @Sendable (Warning) -> Void
  private static let format = "ness-cache 1"

  /// A cache in a directory, which is made if it does not exist.
  ///
  /// - Parameter warn: told of every entry that is damaged and ignored.
  /// - Throws: `CacheError` if the directory cannot be made or written.
  public init(directory: String, warn: @escaping @Sendable (Warning) -> Void) throws(CacheError) {
    self.directory = directory
    self.warn = warn
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw CacheError(
        path: directory, reason: "the directory cannot be made: \(Self.reason(error))",
        remedy: "name a directory that can be written with --store")
    }
    if access(directory, W_OK | X_OK) != 0 {
      throw CacheError(directory, "the directory cannot be written", SystemFault(code: errno))
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = [underlying, error as NSError].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }?.code
    return code.map { SystemFault(code: Int32($0)).reason } ?? error.localizedDescription
  }

  /// The file of a key.
  public func path(for key: CacheKey) -> String { "\(directory)/\(key.digest).json" }

  /// The value kept for a key; nil if there is none, or none that can be used, which is told to `warn`.
  ///
  /// - Throws: `CacheError` if an entry is there and cannot be read.
  public func load<Value: Codable>(_ type: Value.Type, for key: CacheKey) throws(CacheError) -> Value? {
    let path = path(for: key)
    let bytes: [UInt8]
    do throws(SystemFault) {
      bytes = try readBytes(ofFile: path, atMost: .max)
    } catch {
      if error.code == ENOENT { return nil }
      throw CacheError(path, "the entry cannot be read", error)
    }
    let (value, fault): (Value?, String?) = Self.decode(bytes, for: key)
    if let fault { warn(Warning(path: path, reason: fault)) }
    return value
  }

  private static func decode<Value: Codable>(_ bytes: [UInt8], for key: CacheKey) -> (Value?, String?) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return (nil, "it is truncated") }
    let body = bytes[(end + 1)...]
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    guard head.hasPrefix("\(format) ") else { return (nil, "it is no cache entry of this version") }
    guard head == "\(format) \(stableHash(body))" else { return (nil, "it is damaged (its hash does not fit)") }
    guard let name = try? JSONDecoder().decode(EntryKey.self, from: Data(body)) else {
      return (nil, "its content cannot be decoded")
    }
    guard name.key == key.description else { return (nil, "it belongs to another key of the same hash") }
    do {
      return (try JSONDecoder().decode(Entry<Value>.self, from: Data(body)).payload, nil)
    } catch {
      return (nil, "its content is no \(Value.self)")
    }
  }

  private struct EntryKey: Codable {
    let key: String
  }

  private struct Entry<Value: Codable>: Codable {
    let key: String
    let payload: Value
  }

  /// Keeps a value for a key, in place of what was there.
  ///
  /// - Throws: `CacheError` if the entry cannot be written (no permission, full disk) or the value has no JSON form.
  public func save<Value: Codable>(_ value: Value, for key: CacheKey) throws(CacheError) {
    let body: String
    do {
      body = try OrderedJSON.text(of: Entry(key: key.description, payload: value))
    } catch {
      let reason =
        if case EncodingError.invalidValue(_, let context) = error { context.debugDescription } else { "\(error)" }
      throw CacheError(
        path: path(for: key), reason: "the value cannot be written as JSON: \(reason)",
        remedy: "only finite numbers can be kept")
    }
    try Self.write("\(Self.format) \(stableHash(body.utf8))\n\(body)", to: path(for: key), in: directory)
  }

  /// Writes under a temporary name in the same directory and renames, so that no reader sees half a file.
  private static func write(_ text: String, to path: String, in directory: String) throws(CacheError) {
    let temporary = "\(directory)/.\(UUID().uuidString).tmp"
    do throws(SystemFault) {
      try writeSynchronised(Array(text.utf8), toFile: temporary)
      guard rename(temporary, path) == 0 else { throw SystemFault(code: errno) }
    } catch {
      unlink(temporary)
      throw CacheError(path, "the entry cannot be written", error)
    }
    let descriptor = open(directory, O_RDONLY)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }
}

/// Writes a new file and waits until it is on the disk.
private func writeSynchronised(_ bytes: [UInt8], toFile path: String) throws(SystemFault) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
  guard descriptor >= 0 else { throw SystemFault(code: errno) }
  defer { close(descriptor) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw SystemFault(code: errno) }
    rest = rest.dropFirst(count)
  }
  guard fsync(descriptor) == 0 else { throw SystemFault(code: errno) }
}

/// Why the cache cannot be used.
public struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or directory.
  public let path: String
  /// What went wrong.
  public let reason: String
  /// What to do about it.
  public let remedy: String

  init(path: String, reason: String, remedy: String) {
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  init(_ path: String, _ what: String, _ fault: SystemFault) {
    let remedy =
      switch fault.code {
      case ENOSPC, EDQUOT: "free some space or name another directory with --store"
      case EACCES, EPERM, EROFS: "change its permissions or name another directory with --store"
      case EISDIR: "a directory is in its place: remove it"
      default: "name another directory with --store"
      }
    self.init(path: path, reason: "\(what): \(fault.reason)", remedy: remedy)
  }

  /// The path, the reason and the remedy, in one line.
  public var description: String { "\(path): \(reason) (\(remedy))" }
}
