import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A process that answers questions, one at a time. What it computes can be ended at any moment, inside the longest call
/// of a linear algebra library, and its memory comes back with it.
final class Worker: @unchecked Sendable {
  // `process` and the descriptors are used on `queue` alone, except for signals, which go by number.
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let queue = DispatchQueue(label: "ness.worker")
  private var received = Data()
  private let number: pid_t
  #if os(Linux)
    private static let oneProcess = __priority_which_t(PRIO_PROCESS.rawValue)
  #else
    private static let oneProcess = PRIO_PROCESS
  #endif

  /// Starts a worker.
  ///
  /// - Parameter command: program and arguments.
  init(_ command: [String]) throws {
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    number = process.processIdentifier
  }

  deinit {
    end()
    // The process object outlives its process, and so would the files.
    try? input.fileHandleForWriting.close()
    try? output.fileHandleForReading.close()
  }

  /// Asks and waits for the answer.
  ///
  /// - Throws: `WorkerFault` if the process ended before.
  func ask(_ question: BoundedQuestion) async throws -> Reply {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.exchange(question) }) }
    }
  }

  /// Ends the process, whatever it does.
  func end() { if process.isRunning { kill(number, SIGKILL) } }

  /// Lets other processes go first from now on.
  func calm() {
    // The priority of a process is that of its first thread on Linux: every thread has its own.
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/task")) ?? ["\(number)"]
    for thread in threads.compactMap({ id_t($0) }) { setpriority(Self.oneProcess, thread, 10) }
  }

  /// Processor time that the process has had, all its threads together [s]; nil where the system does not tell.
  var processorSeconds: Double? {
    #if os(Linux)
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(number, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    #else
      return nil
    #endif
  }

  private func exchange(_ question: BoundedQuestion) throws -> Reply {
    try send(JSONEncoder().encode(question) + [UInt8(ascii: "\n")])
    var end = received.firstIndex(of: UInt8(ascii: "\n"))
    while end == nil {
      try receive()
      end = received.firstIndex(of: UInt8(ascii: "\n"))
    }
    let head = try JSONDecoder().decode(Reply.Head.self, from: received[..<end!])
    received = Data(received[(end! + 1)...])
    while received.count < head.length { try receive() }
    defer { received = Data(received.dropFirst(head.length)) }
    return Reply(status: head.status, type: head.type, work: head.work, body: Data(received.prefix(head.length)))
  }

  private func send(_ bytes: Data) throws {
    var left = bytes[...]
    while !left.isEmpty {
      let count = left.withUnsafeBytes { write(input.fileHandleForWriting.fileDescriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw WorkerFault() }
      left = left.dropFirst(count)
    }
  }

  private func receive() throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(output.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { return }
    guard count > 0 else { throw WorkerFault() }
    received.append(contentsOf: buffer[..<count])
  }
}

/// A worker has ended before its answer.
struct WorkerFault: Error {}

/// How much a worker has done since a moment. A second of a busy machine is worth less than one of an idle one: what counts is
/// the processor time, and of several threads the time that passed.
struct WorkClock {
  private let worker: Worker
  private let began = ContinuousClock.now
  private let before: Double?

  init(_ worker: Worker) {
    self.worker = worker
    before = worker.processorSeconds
  }

  /// Time that has passed [s].
  var passed: Double { began.duration(to: .now) / .seconds(1) }

  /// Work that has been done, in seconds of an idle machine.
  var worked: Double {
    guard let before, let now = worker.processorSeconds else { return passed }
    return min(passed, now - before)
  }
}
