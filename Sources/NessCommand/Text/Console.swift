import Foundation
import NessFiles
import NessModel
import NessReport
import NessSampling

/// Standard output for results, standard error for everything else.
package enum Console {
  /// Writes a result to standard output.
  package static func result(_ text: String) {
    do throws(SystemFault) {
      try writeAll(Data((text.hasSuffix("\n") ? text : text + "\n").utf8), to: 1)
    } catch {
      if error.code == EPIPE {
        // Whoever read it has seen enough, for example head: the end that everybody expects, without words.
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      fail("cannot write the result to standard output: \(error.reason)", status: 1)
    }
  }

  /// Writes a note to standard error.
  package static func note(_ text: String) {
    // Nowhere to complain if even standard error is closed.
    try? writeAll(Data((text + "\n").utf8), to: 2)
  }

  /// Writes an error and ends the program.
  static func fail(_ text: String, status: Int32, prefix: String = "ness: ") -> Never {
    note(prefix + text)
    try? OpenStores.close()
    end(status)
  }

  /// Ends the program. Threads that nobody waits for any more may be within a library, which must not be taken down under
  /// them, so nothing is: what is to be kept or said has been by now.
  static func end(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }
}

/// Notes of a run of many points, told from several threads: of those alike the first few, and at the end how many more.
final class NoteLog: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = NSLock()
  private var fold = NoteFold<String>()

  /// Tells a note, or counts it.
  func add(_ note: String) {
    lock.withLock { if fold.shows(note) { Console.note(note) } }
  }

  /// Says what was not told.
  func end() {
    lock.withLock { fold.rest.forEach(Console.note) }
  }
}

/// Input that cannot be used: exit status 2, nothing written.
struct UnusableInput: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A run that failed or was interrupted, with its exit status.
package struct Failure: Error {
  let message: String
  let status: Int32

  package init(message: String, status: Int32) {
    self.message = message
    self.status = status
  }
}

/// Ctrl-C, the termination signal, a terminal that is closed and the two signals by which clusters announce an end: the first
/// asks the work to stop and keep what it has, the
/// second ends at once.
package enum Interrupt {
  // Written by a signal handler only, and only from 0 upwards; read as a flag. A word is written in one instruction.
  nonisolated(unsafe) private static var signals: sig_atomic_t = 0

  /// When the first came [s]; written and read by the handler only.
  nonisolated(unsafe) private static var first = 0.0

  /// True while there is nothing to keep, so that the first signal ends the program.
  // Written by the main thread, read by the handler; a word is written in one instruction.
  nonisolated(unsafe) static var hasNothingToKeep = false

  /// Starts to listen.
  package static func listen() {
    // A parent may have left them blocked.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]
    for number in numbers { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in numbers {
      // nohup wants a run that outlives its terminal.
      if number == SIGHUP, isIgnored(number) { continue }
      signal(number) { _ in
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        // timeout and a closing terminal send the same wish twice within a moment.
        if Interrupt.hasNothingToKeep || Interrupt.signals > 0 && now - Interrupt.first > 0.2 { _exit(130) }
        if Interrupt.signals == 0 { Interrupt.first = now }
        Interrupt.signals += 1
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// True once the user has asked to stop.
  package static var requested: Bool { signals > 0 }
}

/// One line of progress on standard error: redrawn in place on a terminal, every half minute in a log file.
final class ProgressLine: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = NSLock()
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private var shown = false
  private let terminal = isatty(2) == 1
  private let silent: Bool

  /// A progress line; a silent one shows nothing.
  init(silent: Bool = false) { self.silent = silent }

  /// Shows what is begun, where it takes seconds: it may tell nothing of itself for as long.
  func announce(_ title: String, seconds: Double) {
    if seconds > 2 { show(title, fraction: 0, secondsLeft: seconds, isAtOnce: true) }
  }

  /// Shows how far the work is. Nothing is shown in the first second, unless at once.
  func show(_ title: String, fraction: Double, secondsLeft: Double?, isAtOnce: Bool = false) {
    lock.lock()
    defer { lock.unlock() }
    guard !silent, isAtOnce || start.secondsAgo > 1, last?.secondsAgo ?? .infinity > (terminal ? 0.1 : 20) else {
      return
    }
    last = .now
    let percent = String(format: "%3.0f %%", 100 * min(1, fraction))
    let left = secondsLeft.map { ", \(TaskTime.words($0)) left" } ?? ""
    if terminal {
      let filled = Int(24 * min(1, fraction))
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
      try? writeAll(Data("\r\u{1B}[K\(bar) \(percent)\(left)  \(title)".utf8), to: 2)
      shown = true
    } else {
      Console.note("\(percent)\(left)  \(title)")
    }
  }

  /// Removes the line, so that what follows starts on a clean one.
  func end() {
    lock.lock()
    defer { lock.unlock() }
    if shown { try? writeAll(Data("\r\u{1B}[K".utf8), to: 2) }
    shown = false
  }

  /// Time left from the part done since the line was made; nil while it is too early to tell.
  func secondsLeft(fraction: Double) -> Double? {
    NessSampling.secondsLeft(elapsed: start.secondsAgo, fraction: fraction)
  }
}
