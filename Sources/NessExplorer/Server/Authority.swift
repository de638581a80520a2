#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The host that a request names, as `Host` has it: a name or an address, perhaps with a port.
struct Authority {
  /// The name in small letters; of an address its bytes.
  enum Host: Hashable {
    case name(String)
    case address([UInt8])
  }

  let host: Host
  let port: Int?

  /// Nil for what is neither: a port that is no number, an address in version 6 without brackets, an empty name.
  init?(_ text: String) {
    let end: String.Index
    if text.hasPrefix("[") {
      guard let bracket = text.firstIndex(of: "]"),
        let bytes = Self.bytes(String(text[..<bracket].dropFirst()), AF_INET6, 16)
      else { return nil }
      host = .address(bytes)
      end = text.index(after: bracket)
    } else {
      end = text.firstIndex(of: ":") ?? text.endIndex
      let name = text[..<end]
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
      host = Self.host(String(name))
    }
    let digits = text[end...].dropFirst()
    if end == text.endIndex {
      port = nil
    } else {
      guard text[end] == ":", (1...5).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }),
        let number = Int(digits), number <= 65535
      else { return nil }
      port = number
    }
  }

  /// A host without brackets and port, as on the command line.
  static func host(_ text: String) -> Host {
    if let bytes = bytes(text, AF_INET, 4) ?? bytes(text, AF_INET6, 16) { return .address(bytes) }
    return .name(text.lowercased())
  }

  private static func bytes(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
