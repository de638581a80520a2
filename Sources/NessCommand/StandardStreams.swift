import Foundation

/// Standard input, output and error.
enum StandardStreams {
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
}
