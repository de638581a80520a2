import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A connection to a server on this machine that can also say what no well-behaved client would.
final class HTTPExchange {
  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; empty if it is none.
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
  }

  struct Failure: Error { let reason: String }

  private let socketNumber: Int32

  /// Connects; nothing is waited for longer than `timeout` seconds.
  init(port: Int, timeout: Int = 30) throws {
    #if os(Linux)
      socketNumber = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socketNumber = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var limit = timeval(tv_sec: timeout, tv_usec: 0)
    setsockopt(socketNumber, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socketNumber, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socketNumber, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(reason: "cannot connect: \(String(cString: strerror(errno)))") }
  }

  deinit { close(socketNumber) }

  func send(_ bytes: Data) throws {
    var left = bytes[...]
    while !left.isEmpty {
      #if os(Linux)
        let count = left.withUnsafeBytes {
          Glibc.send(socketNumber, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
      #else
        let count = left.withUnsafeBytes { Darwin.send(socketNumber, $0.baseAddress, $0.count, 0) }
      #endif
      guard count > 0 else { throw Failure(reason: "cannot send: \(String(cString: strerror(errno)))") }
      left = left.dropFirst(count)
    }
  }

  /// Whether something has come that was not taken yet, or the end.
  func hasReceived() throws -> Bool {
    var state = pollfd(fd: socketNumber, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, 0) >= 0 else { throw Failure(reason: "cannot look: \(String(cString: strerror(errno)))") }
    return state.revents != 0
  }

  /// What has come, at least one byte; empty at the end.
  func receive() throws -> Data {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socketNumber, &buffer, buffer.count, 0)
    guard count >= 0 else { throw Failure(reason: "nothing came: \(String(cString: strerror(errno)))") }
    return Data(buffer.prefix(count))
  }

  /// Everything until the server closes.
  func receiveAll() throws -> Data {
    var all = Data()
    while true {
      let part = try receive()
      if part.isEmpty { return all }
      all += part
    }
  }

  /// One request and its answer, on a connection of its own.
  static func ask(
    _ method: String, _ path: String, port: Int, body: String? = nil, headers: [String: String] = [:]
  ) throws -> Answer {
    let exchange = try HTTPExchange(port: port)
    var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"].merging(headers) { $1 }
    if let body { fields["Content-Length"] = "\(body.utf8.count)" }
    let head = "\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    try exchange.send(Data((head + (body ?? "")).utf8))
    return try parse(exchange.receiveAll())
  }

  static func parse(_ bytes: Data) throws -> Answer {
    guard let end = bytes.firstRange(of: Data("\r\n\r\n".utf8)) else {
      throw Failure(reason: "no HTTP answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let headers = lines.dropFirst().compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (line[..<colon].lowercased(), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
    }
    return Answer(
      status: lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
      headers: Dictionary(headers) { first, _ in first }, body: Data(bytes[end.upperBound...]))
  }
}
