import ArgumentParser
import Foundation
import NessModel
import NessStudy

/// A program `ness`: its commands, how it starts and how it ends.
package protocol CommandLineProgram: AsyncParsableCommand {
  /// `ness serve`. It is named by the program, so that all other commands can be built without the explorer's server.
  static var serve: any ParsableCommand.Type { get }
}

extension CommandLineProgram {
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ness",
      abstract: "Heat currents of nonequilibrium steady states, with honest error bars and exact theory beside them.",
      discussion: """
        EXAMPLES
          ness init chain                           a commented file to begin with
          ness check chain.yaml                     what a run will do and how long
          ness theory Examples/hot-particles.yaml   exact and approximate theory
          ness run Examples/hot-particles.yaml      simulation beside theory
          ness device diode diode.yaml              rectification; other devices too
          ness probe Examples/single-probe.yaml     one probe among particles
          ness list                                 the results that are kept
          ness plot Examples/hot-particles.yaml     figures for a paper
          ness serve                                all of it in the browser
          ness submit sweep.yaml --engine slurm     a sweep on a cluster
          ness reproduce krekels2026                a paper's figures and claims
          ness verify                               its formulas, checked
          ness kinds particles                      the keys of a medium or bath

        MEDIA, AND THE BATHS OF EACH
        \(media)

        Numbers go to standard output (text, or JSON with --format json); progress and notes go to standard error.

        Exit status: 0 done, 1 failed run, 2 unusable input, 124 time over with points left (submit, work kept), 130 interrupted \
        (work kept).
        """,
      version: "\(nessVersion) (\(Machine.vectorUnit))",
      subcommands: [
        Init.self, Check.self, Run.self, Theory.self, DeviceCommand.self, Probe.self, Submit.self, Status.self,
        Collect.self, Work.self,
        Session.self, List.self, Show.self,
        Export.self, Plot.self, serve, Remove.self, Merge.self, Kinds.self, Reproduce.self, Verify.self, Bench.self,
      ])
  }

  /// The names of the commands that are shown.
  private static var commands: [String] {
    ["help"]
      + configuration.subcommands.filter { $0.configuration.shouldDisplay }.map {
        $0.configuration.commandName ?? "\($0)".lowercased()
      }
  }

  private static var media: String {
    Catalogue.media.map { medium in
      let baths = Catalogue.baths(touching: medium).map { $0.kind.key }.joined(separator: ", ")
      return "  \(medium.kind.key): \(baths)"
    }.joined(separator: "\n")
  }

  /// It is not asynchronous: the process may start itself once more, which is to be before it has any other thread.
  package static func main() {
    StandardStreams.secure()
    prepareLibraries()
    if let refusal = Machine.refusal { Console.fail(refusal, status: 1) }
    if let reason = MemoryLimit.reasonAgainstThreads { Console.fail(reason, status: 2) }
    Task { await work() }
    dispatchMain()
  }

  private static func work() async -> Never {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      try OpenStores.close()
    } catch {
      exit(withFailure: error)
    }
    Console.end(0)
  }

  /// OpenBLAS and the allocator of memory read their environment when they are loaded, so the program starts itself once more
  /// with what they need there; the process stays the same.
  ///
  /// Kernels: they differ by processor in the last digit, so all take those that every processor can run, and that a
  /// release has alone (Scripts/dist.sh). Threads: a pool of them spins for a tenth of a second after it starts, longer than
  /// `ness theory` works. Memory: every thread would reserve 64 MiB of addresses for itself, so they share one heap where
  /// addresses are limited.
  private static func prepareLibraries() {
    #if os(Linux)
      #if arch(x86_64)
        let kernels = "Nehalem"
      #else
        let kernels = "ARMV8"
      #endif
      let isPrepared =
        getenv("OPENBLAS_NUM_THREADS") != nil && getenv("OPENBLAS_CORETYPE").map { String(cString: $0) } == kernels
      if isPrepared { return }
      setenv("OPENBLAS_CORETYPE", kernels, 1)
      setenv("OPENBLAS_NUM_THREADS", "1", 0)
      if MemoryLimit.isAddressSpaceLimited { setenv("MALLOC_ARENA_MAX", "1", 0) }
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }

  /// Ends the program with the exit status that the kind of error calls for.
  private static func exit(withFailure error: any Error) -> Never {
    do { try OpenStores.close() } catch { Console.note("ness: \((error as? Failure)?.message ?? "\(error)")") }
    switch error {
    case let error as UnusableInput: Console.fail("\(error)", status: 2)
    case let error as Failure: Console.fail(error.message, status: error.status)
    default:
      // The argument parser's own errors, --help and --version; wrong usage is unusable input.
      let code = exitCode(for: error)
      if code == .validationFailure, let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
        !commands.contains(word)
      {
        Console.fail("\(UnusableInput(unknown: "command", word, among: commands))", status: 2)
      }
      if code == .validationFailure {
        Console.fail(fullMessage(for: error), status: 2, prefix: "")
      }
      if code == .failure { Console.fail("\(error)", status: 1) }
      if code == .success {
        // Its own way does not notice that nothing could be printed.
        Console.result(fullMessage(for: error))
        Self.exit(withError: nil)
      }
      Self.exit(withError: error)
    }
  }
}
