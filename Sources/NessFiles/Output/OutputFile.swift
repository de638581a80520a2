import Foundation

/// Why a file cannot be written.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  package let path: String
  /// Why, for example `Permission denied`.
  package let reason: String

  init(_ path: String, _ fault: SystemFault) {
    self.path = path
    reason = fault.reason
  }

  /// The file and the reason.
  package var description: String { "cannot write \(path): \(reason)" }
}

/// A file that a command leaves behind: the one writer of all of them.
///
/// A link is followed, and what it points to is written. A file is replaced whole or not at all, and keeps its mode and
/// owner. Into everything else, for example a device, a pipe or standard output under another name, the bytes are written.
package struct OutputFile: Sendable {
  /// Its path as it was named.
  package let path: String

  /// The file with this path.
  package init(_ path: String) { self.path = path }

  /// Shows before hours of work that the file can be written, and makes its directory.
  package func prepare() throws(OutputError) {
    do throws(SystemFault) {
      switch try Place(path) {
      case .descriptor: break
      case .stream: if access(path, W_OK) != 0 { throw SystemFault(code: errno) }
      case .file(let target, let existing):
        // One that cannot be replaced may still be written.
        if existing != nil { return }
        try Self.makeDirectory(Self.folder(of: target))
        _ = try ScratchFolder(in: Self.folder(of: target))
      }
    } catch { throw OutputError(path, error) }
  }

  /// Writes the file.
  package func write(_ bytes: Data) throws(OutputError) {
    do throws(SystemFault) {
      switch try Place(path) {
      case .descriptor(let number): try writeAll(bytes, to: number)
      case .stream: try Self.fill(path, O_WRONLY, with: bytes)
      case .file(let target, let existing):
        do throws(SystemFault) {
          try Self.replace(target, existing, by: bytes)
        } catch  where existing != nil && [EACCES, EPERM, EROFS, EMLINK].contains(error.code) {
          // Another one cannot be put in its place: its directory, its owner or its other names forbid it.
          try Self.fill(target, O_WRONLY | O_TRUNC, with: bytes)
        }
      }
    } catch { throw OutputError(path, error) }
  }

  /// What a path leads to.
  private enum Place {
    /// A descriptor that is open, whatever is behind it.
    case descriptor(Int32)
    /// No file: written as it is.
    case stream
    /// A file, behind all links, and what is there.
    case file(String, existing: stat?)

    init(_ path: String) throws(SystemFault) {
      if let number = Self.number(of: path) {
        guard fcntl(number, F_GETFD) >= 0 else { throw SystemFault(code: EBADF) }
        self = .descriptor(number)
        return
      }
      var status = stat()
      guard stat(path, &status) == 0 else {
        guard errno == ENOENT, !path.isEmpty else { throw SystemFault(code: errno) }
        if path.hasSuffix("/") { throw SystemFault(code: EISDIR) }
        self = .file(try OutputFile.target(of: path), existing: nil)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw SystemFault(code: EISDIR)
      case S_IFREG:
        // Who may not write a file shall not replace it.
        guard access(path, W_OK) == 0 else { throw SystemFault(code: errno) }
        // Replaced, it would no longer be what standard output writes to.
        if let file = FileIdentity(path), let open = [1, 2].first(where: { FileIdentity(descriptor: $0) == file }) {
          self = .descriptor(open)
        } else {
          self = .file(try OutputFile.target(of: path), existing: status)
        }
      default: self = .stream
      }
    }

    private static func number(of path: String) -> Int32? {
      if path == "/dev/stdout" { return 1 }
      if path == "/dev/stderr" { return 2 }
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  /// Where a path leads to behind all links, whether or not there is something.
  package static func target(of path: String) throws(SystemFault) -> String {
    var path = path
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: 4097)
      let length = readlink(path, &buffer, 4096)
      if length < 0 { return path }
      let link = String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = link.hasPrefix("/") ? link : "\(folder(of: path))/\(link)"
    }
    throw SystemFault(code: ELOOP)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func makeDirectory(_ path: String) throws(SystemFault) {
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT != S_IFDIR { throw SystemFault(code: ENOTDIR) }
      return
    }
    let above = folder(of: path)
    if above != path { try makeDirectory(above) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw SystemFault(code: errno) }
  }

  private static func replace(_ target: String, _ existing: stat?, by bytes: Data) throws(SystemFault) {
    // Its other names would go on naming the old one.
    if let existing, existing.st_nlink > 1 { throw SystemFault(code: EMLINK) }
    let scratch = try ScratchFolder(in: folder(of: target))
    let fresh = "\(scratch.path)/new"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemFault(code: errno) }
    defer { close(descriptor) }
    if let existing {
      if existing.st_uid != geteuid() || existing.st_gid != getegid(),
        fchown(descriptor, existing.st_uid, existing.st_gid) != 0
      {
        throw SystemFault(code: errno)
      }
      guard fchmod(descriptor, existing.st_mode & 0o7777) == 0 else { throw SystemFault(code: errno) }
    }
    try writeAll(bytes, to: descriptor)
    guard fsync(descriptor) == 0 || errno == EINVAL, rename(fresh, target) == 0 else { throw SystemFault(code: errno) }
  }

  private static func fill(_ path: String, _ flags: Int32, with bytes: Data) throws(SystemFault) {
    let descriptor = open(path, flags | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemFault(code: errno) }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor)
  }
}

/// Writes all bytes to a descriptor, and waits where it is not ready.
package func writeAll(_ bytes: Data, to descriptor: Int32) throws(SystemFault) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno == EAGAIN {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&ready, 1, -1)
    } else if errno != EINTR {
      throw SystemFault(code: errno)
    }
  }
}
