import Foundation

/// Standard input, output and error.
package enum StandardStreams {
  /// Takes the numbers 0 to 2 that nobody has opened, before any file does: what is printed would go into that file. Their
  /// use fails, as that of a closed stream does. A reader that goes away, or a file that may not grow, is an error of
  /// writing and does not end the program.
  static func secure() {
    for number in Int32(0)...2 where fcntl(number, F_GETFD) == -1 {
      // The lowest free number is given.
      _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Reads lines from standard input until it ends. No lock is held while it waits, so that the program can end meanwhile,
  /// as it could not within `readLine`.
  package static func readLines(_ take: (Data) -> Void) {
    var received = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      var rest = buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        take(received + rest[..<end])
        received.removeAll(keepingCapacity: true)
        rest = rest[(end + 1)...]
      }
      received += rest
    }
  }
}
