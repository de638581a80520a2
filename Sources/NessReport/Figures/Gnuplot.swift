import Foundation

/// The program gnuplot.
struct Gnuplot: Sendable {
  /// The executable.
  let executable: URL
  /// How long one run may take.
  let timeout: Double

  /// gnuplot at a given place, or the first one on the search path.
  init(executable: URL?, timeout: Double) throws(FigureError) {
    guard let found = executable ?? Self.onSearchPath() else {
      throw FigureError.gnuplotMissing(lookedFor: "gnuplot in PATH")
    }
    guard Self.isExecutableFile(found.path) else { throw FigureError.gnuplotMissing(lookedFor: found.path) }
    self.executable = found
    self.timeout = timeout
  }

  /// Runs the script on standard input, in the directory in which it lies.
  ///
  /// Standard input, output and error are files, so no pipe can fill up, however long script or messages are.
  func run(_ script: URL, figure: String) throws {
    let directory = script.deletingLastPathComponent()
    let messages = directory.appendingPathComponent("messages.txt")
    try Data().write(to: messages)
    let input = try FileHandle(forReadingFrom: script)
    let output = try FileHandle(forWritingTo: messages)
    defer {
      try? input.close()
      try? output.close()
    }
    let process = Process()
    process.executableURL = executable
    process.currentDirectoryURL = directory
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch { throw FigureError.gnuplotMissing(lookedFor: executable.path) }
    guard ended.wait(timeout: .now() + timeout) == .success else {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw FigureError.gnuplotTimedOut(figure: figure, seconds: timeout)
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let message = try String(decoding: Data(contentsOf: messages), as: UTF8.self)
      throw FigureError.gnuplotFailed(
        figure: figure, status: process.terminationStatus, message: Self.essence(of: message))
    }
  }

  /// The message without empty lines, and no more than its end.
  private static func essence(of message: String) -> String {
    let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    let kept = lines.filter { !$0.isEmpty }.suffix(6).joined(separator: " | ")
    return kept.isEmpty ? "no message" : String(kept.suffix(800))
  }

  private static func onSearchPath() -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    let places = path.split(separator: ":").map { URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot") }
    return places.first { isExecutableFile($0.path) }
  }

  private static func isExecutableFile(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    return exists && !isDirectory.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }
}
