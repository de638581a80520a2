import Foundation

/// The built program, run in directories of its own.
enum Program {
  /// What a finished run left behind.
  struct Outcome {
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  enum Failure: Error, CustomStringConvertible {
    case notBuilt([String])
    case noTerminal(Int32)
    case endedBySignal(Int32, errors: String)
    case notDecodable(any Error, text: String)

    var description: String {
      switch self {
      case .notBuilt(let places): "no executable ness in \(places.joined(separator: ", ")): build the product first"
      case .noTerminal(let code): "no pseudoterminal: \(String(cString: strerror(code)))"
      case .endedBySignal(let signal, let errors): "ness was ended by signal \(signal): \(errors)"
      case .notDecodable(let error, let text): "not the promised JSON (\(error)): \(text.prefix(300))"
      }
    }
  }

  /// The root of the checkout.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The example files of the project.
  static func examples() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: root.appending(path: "Examples"), includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
  }

  /// The program of the same build as the tests: it lies beside them, on macOS beside the bundle that holds them.
  private static func executable() throws -> URL {
    let tests = [CommandLine.arguments[0], "/proc/self/exe"].map { URL(filePath: $0).resolvingSymlinksInPath() }
    var folders = (tests + Bundle.allBundles.map(\.bundleURL)).flatMap { place in
      (1...4).map { levels in (0..<levels).reduce(place) { folder, _ in folder.deletingLastPathComponent() } }
    }
    folders += ["release", "debug"].map { root.appending(path: ".build/\($0)") }
    let places = folders.map { $0.appending(path: "ness") }
    guard let found = places.first(where: isProgram) else { throw Failure.notBuilt(places.map(\.path)) }
    return found
  }

  private static func isProgram(_ file: URL) -> Bool {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory)
    return exists && !isDirectory.boolValue && FileManager.default.isExecutableFile(atPath: file.path)
  }

  /// Runs the program in `directory` to its end.
  ///
  /// - Parameter throughShell: a script that becomes the program, `"$0" "$@"`; nil to start it directly.
  static func run(
    _ arguments: [String], in directory: Workplace, throughShell script: String? = nil
  ) throws -> Outcome {
    let running = try Running(arguments, in: directory, throughShell: script)
    return try running.outcome()
  }

  /// The same on a thread of its own, for what waits long: the threads of the test library go on with other tests.
  static func runAside(
    _ arguments: [String], in directory: Workplace, throughShell script: String? = nil
  ) async throws -> Outcome {
    try await withCheckedThrowingContinuation { waiting in
      Thread.detachNewThread {
        waiting.resume(with: Result { try run(arguments, in: directory, throughShell: script) })
      }
    }
  }

  #if os(Linux)
    /// What the program writes to a terminal, line ends as a terminal has them.
    static func onTerminal(
      _ arguments: [String], in directory: Workplace, environment: [String: String]
    ) throws -> String {
      // What posix_openpt, unlockpt and ptsname do, which Swift does not see on Linux.
      let (unlock, numberOf): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
      let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (locked, number): (Int32, UInt32) = (0, 0)
      guard master >= 0, ioctl(master, unlock, &locked) == 0, ioctl(master, numberOf, &number) == 0 else {
        throw Failure.noTerminal(errno)
      }
      let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      guard slave >= 0 else { throw Failure.noTerminal(errno) }
      defer { close(master) }
      let process = Process()
      process.executableURL = try executable()
      process.arguments = arguments
      process.currentDirectoryURL = directory.folder
      process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "NO_COLOR" }
        .merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
      process.standardError = FileHandle.nullDevice
      try withSignalsUnblocked { try process.run() }
      // While the test holds its end open, the terminal does not end; what was written is there until it is read.
      var text = Data()
      var piece = [UInt8](repeating: 0, count: 4096)
      while process.isRunning || isReadable(master) {
        guard isReadable(master) else { continue }
        let count = read(master, &piece, piece.count)
        if count <= 0 { break }
        text += piece[..<count]
      }
      process.waitUntilExit()
      return String(decoding: text, as: UTF8.self)
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&wanted, 1, 20) > 0 && wanted.revents & Int16(POLLIN) != 0
    }
  #endif

  /// A program that has been started. Its output goes to files, so that it never waits for a reader.
  struct Running {
    private let process = Process()
    private let outputFile: URL
    private let errorFile: URL

    init(_ arguments: [String], in directory: Workplace, throughShell script: String? = nil) throws {
      let name = UUID().uuidString
      outputFile = directory.streams.appending(path: "\(name).out")
      errorFile = directory.streams.appending(path: "\(name).err")
      try Data().write(to: outputFile)
      try Data().write(to: errorFile)
      let program = try Program.executable()
      process.executableURL = script == nil ? program : URL(filePath: "/bin/sh")
      process.arguments = script.map { ["-c", $0, program.path] + arguments } ?? arguments
      process.currentDirectoryURL = directory.folder
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: outputFile)
      process.standardError = try FileHandle(forWritingTo: errorFile)
      try withSignalsUnblocked { try process.run() }
    }

    var isRunning: Bool { process.isRunning }

    /// What the program has written to standard error so far.
    func errorsSoFar() throws -> String { String(decoding: try Data(contentsOf: errorFile), as: UTF8.self) }

    /// What the program has written to standard output so far.
    func outputSoFar() throws -> String { String(decoding: try Data(contentsOf: outputFile), as: UTF8.self) }

    #if os(Linux)
      /// Files, pipes and connections that the program has open.
      func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/fd").count
      }
    #endif

    /// Memory that the program holds [bytes].
    func residentBytes() throws -> Int {
      #if os(Linux)
        let pages = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
          .split(separator: " ")
        return (Int(pages[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
      #else
        let listing = Pipe()
        let ps = Process()
        ps.executableURL = URL(filePath: "/bin/ps")
        ps.arguments = ["-o", "rss=", "-p", "\(process.processIdentifier)"]
        ps.standardOutput = listing
        try ps.run()
        let text = String(decoding: listing.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return 1024 * (Int(text.trimmingCharacters(in: .whitespaces)) ?? 0)
      #endif
    }

    /// Presses Ctrl-C.
    func interrupt() { process.interrupt() }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    func outcome() throws -> Outcome {
      process.waitUntilExit()
      let errors = try errorsSoFar()
      guard process.terminationReason == .exit else {
        throw Failure.endedBySignal(process.terminationStatus, errors: errors)
      }
      return Outcome(status: process.terminationStatus, output: try Data(contentsOf: outputFile), errors: errors)
    }
  }
}

/// Starts a program with the signals of a terminal: the threads of the test library block them, and a program inherits
/// what the thread that starts it blocks.
private func withSignalsUnblocked(_ start: () throws -> Void) rethrows {
  var stopping = sigset_t()
  var before = sigset_t()
  sigemptyset(&stopping)
  for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&stopping, signal) }
  pthread_sigmask(SIG_UNBLOCK, &stopping, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  try start()
}

/// A fresh folder to run the program in, and one beside it for its streams; both go away with this.
final class Workplace: Sendable {
  let folder: URL
  let streams: URL
  private let whole: URL

  init() throws {
    whole = FileManager.default.temporaryDirectory.appending(path: "ness-command-\(UUID().uuidString)")
    folder = whole.appending(path: "work")
    streams = whole.appending(path: "streams")
    for made in [folder, streams] {
      try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: whole)
  }

  /// Writes an experiment file into the folder.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// Names of everything in the folder.
  func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
}

/// The JSON that the interface promises, read without the program's own types.
struct PrintedDocument: Decodable, Equatable {
  let title: String?
  let interrupted: Bool?
  let points: [Point]

  struct Point: Decodable, Equatable {
    let parameters: [String: Double]
    /// As they are printed: numbers and arrays.
    let entries: [Printed]
    let refusals: [Refusal]?
    let run: Run?

    private enum CodingKeys: String, CodingKey {
      case parameters, refusals, run
      case entries = "estimates"
    }

    /// All numbers, each with a name of its own.
    var estimates: [Estimate] { entries.flatMap(\.numbers) }

    func estimate(_ quantity: String, _ methods: String...) -> Estimate? {
      methods.lazy.compactMap { method in
        estimates.first { $0.quantity == quantity && $0.method == method }
      }.first
    }
  }

  struct Estimate: Decodable, Equatable {
    let quantity: String
    let method: String
    let value: Double
    let uncertainty: Double
    let kind: String
    /// What else may be wrong with it, without a sign.
    var unknownBias = 0.0
  }

  /// A number, or an array with one axis or two.
  struct Printed: Decodable, Equatable {
    struct Axis: Decodable, Equatable {
      let name: String
      let values: [Double]?
      let names: [String]?

      /// What its places are called in the names of members.
      var labels: [String] { names ?? (values ?? []).map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" } }
    }

    let quantity: String
    let method: String
    let validity: String
    let value: Double?
    let uncertainty: Double?
    let axes: [Axis]?
    let values: Rows?
    let uncertainties: Rows?
    let budget: Budget?
    let budgets: Budgets?
    let kind: String

    /// The systematic parts of an error.
    struct Budget: Decodable, Equatable {
      let timeStep: Double
      let burnIn: Double
      let truncation: Double
      let basis: [String: String]

      var unknown: Double {
        [("timeStep", timeStep), ("burnIn", burnIn), ("truncation", truncation)].reduce(0) {
          $0 + (basis[$1.0] == "linear" ? 0 : abs($1.1))
        }
      }
    }

    /// Those of an array, row by row.
    struct Budgets: Decodable, Equatable {
      let all: [Budget?]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode([Budget?].self) {
          all = one
        } else {
          all = try container.decode([[Budget?]].self).flatMap { $0 }
        }
      }
    }

    /// The numbers of an array, row by row.
    struct Rows: Decodable, Equatable {
      let all: [Double]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode([Double].self) {
          all = one
        } else {
          all = try container.decode([[Double]].self).flatMap { $0 }
        }
      }
    }

    var numbers: [Estimate] {
      guard let axes, let first = axes.first, let values = values?.all, let uncertainties = uncertainties?.all else {
        return [
          Estimate(
            quantity: quantity, method: method, value: value ?? .nan, uncertainty: uncertainty ?? .nan, kind: kind,
            unknownBias: budget?.unknown ?? 0)
        ]
      }
      let labels = axes.dropFirst().reduce(first.labels) { rows, axis in
        rows.flatMap { row in axis.labels.map { "\(row),\($0)" } }
      }
      return labels.indices.map { index in
        Estimate(
          quantity: "\(quantity)[\(labels[index])]", method: method, value: values[index],
          uncertainty: uncertainties[index], kind: kind, unknownBias: budgets?.all[index]?.unknown ?? 0)
      }
    }
  }

  struct Run: Decodable, Equatable {
    let stopReason: String
  }

  struct Refusal: Decodable, Equatable {
    let method: String
    let reason: String
  }
}

extension Program.Outcome {
  /// Standard output as a document; nothing else may be on it.
  func document() throws -> PrintedDocument {
    do {
      return try JSONDecoder().decode(PrintedDocument.self, from: output)
    } catch {
      throw Program.Failure.notDecodable(error, text: text)
    }
  }
}
