import Foundation

/// How text stands out: in colour on a terminal, unless NO_COLOR is set or the terminal is dumb; plain elsewhere.
struct TextStyle {
  private let isColoured: Bool

  /// No letter but those of the text.
  static let plain = TextStyle(isColoured: false)

  /// The style of standard output (1) or standard error (2).
  static func of(_ descriptor: Int32) -> TextStyle {
    let environment = ProcessInfo.processInfo.environment
    let isWanted = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    return TextStyle(isColoured: isWanted && isatty(descriptor) == 1)
  }

  /// An answer.
  func bold(_ text: String) -> String { marked(text, "1") }
  /// What limits an answer.
  func warn(_ text: String) -> String { marked(text, "33") }
  /// What went wrong.
  func fault(_ text: String) -> String { marked(text, "31;1") }

  private func marked(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Characters of a line of the terminal that standard output is; nil if it is none.
  static var terminalWidth: Int? {
    guard isatty(1) == 1 else { return nil }
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    #if os(Linux)
      let request = UInt(TIOCGWINSZ)
    #else
      let request = TIOCGWINSZ
    #endif
    guard ioctl(1, request, &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
