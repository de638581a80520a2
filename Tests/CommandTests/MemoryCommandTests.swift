#if os(Linux)
  import Foundation
  import Testing

  /// Work that does not fit into the memory that the user's shell allows is refused in words, before it begins.
  @Suite("Little memory")
  struct MemoryCommandTests {
    /// Work that needs more than there is.
    struct Work: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let command: [String]
      let medium: String
      /// Kind and further fields of both baths.
      let bath: String
      var run = ""
      /// What the shell allows [KiB]; the program itself takes about 200 MB of addresses, more with threads.
      var limit = 400_000

      fileprivate var text: String {
        """
        medium: {\(medium)}
        baths:
          left: {\(bath), temperature: 4.0}
          right: {\(bath), temperature: 1.0}
        \(run)
        """
      }
    }

    private static let lindblad = "kind: lindblad, coupling: wall, spectrum: metropolis"
    private static let langevin = "kind: langevin, friction: 1.0"

    static let works = [
      Work(
        testDescription: "local master equation", command: ["theory", "--method", "local"],
        medium: "kind: quantumBox, length: 1.0, levels: 64", bath: lindblad),
      Work(
        testDescription: "whole density matrix", command: ["theory", "--method", "liouvillian"],
        medium: "kind: quantumBox, length: 1.0, levels: 1000", bath: lindblad),
      Work(
        testDescription: "populations", command: ["theory", "--method", "davies"],
        medium: "kind: quantumBox, length: 1.0, levels: 9000", bath: lindblad),
      Work(
        testDescription: "kernels of collisions", command: ["theory", "--method", "kernel"],
        medium: "kind: box, length: 1.0",
        // With 400 MB it is near what they need.
        bath: "kind: metropolis, proposal: energy, width: 4.0", limit: 340_000),
      Work(
        testDescription: "theory of a long chain", command: ["theory"],
        medium: "kind: chain, sites: 100000, pinning: 1.0", bath: langevin),
      Work(
        testDescription: "profile along a long chain", command: ["theory", "--profile"],
        medium: "kind: chain, sites: 100000, pinning: 1.0", bath: langevin),
      Work(
        testDescription: "simulation of a long chain", command: ["run"],
        medium: "kind: chain, sites: 100000, pinning: 1.0", bath: langevin,
        run: "run: {replicas: 64, duration: 1, burnIn: 1}"),
      Work(
        testDescription: "many replicas of a box", command: ["run"], medium: "kind: box, length: 1.0",
        bath: "kind: maxwell",
        run: "run: {replicas: 1000000, duration: 10, burnIn: 1}"),
    ]

    @Test("what needs more memory than ulimit allows is refused, with both numbers and a remedy", arguments: works)
    func refused(work: Work) throws {
      let place = try Workplace()
      try place.write("large.yaml", work.text)
      let arguments = [work.command[0], "large.yaml", "--threads", "1"] + work.command.dropFirst()
      let outcome = try Program.run(
        arguments, in: place, throughShell: "ulimit -v \(work.limit); exec \"$0\" \"$@\"")
      let said = outcome.text + outcome.errors
      #expect(outcome.status == 2, "\(said)")
      #expect(said.contains(/need [0-9.]+ GB of memory and ulimit -v leaves this process [0-9.]+: \w+/), "\(said)")
    }

    @Test("whatever the shell allows, it ends: with an answer, or with the reason", .timeLimit(.minutes(20)))
    func everyLimit() throws {
      let place = try Workplace()
      try place.write(
        "small.yaml",
        Work(testDescription: "", command: [], medium: "kind: box, length: 1.0", bath: "kind: maxwell").text)
      var refusals = 0
      for limit in stride(from: 180_000, through: 400_000, by: 10_000) {
        let outcome = try Program.run(
          ["theory", "small.yaml"], in: place,
          throughShell: "ulimit -v \(limit); exec timeout -k 5 600 \"$0\" \"$@\"")
        if outcome.errors.contains(/threads need [0-9.]+ GB of addresses to begin with and ulimit -v leaves/) {
          #expect(outcome.status == 2)
          refusals += 1
        } else {
          // The loader itself says it where not even the program fits.
          #expect(
            outcome.status == 0 || outcome.errors.contains("error while loading shared libraries"),
            "\(limit): \(outcome.errors)")
        }
      }
      #expect(refusals > 0)
    }

    @Test("control: what fits is answered under the same limit")
    func answered() throws {
      let place = try Workplace()
      let work = Work(
        testDescription: "", command: [], medium: "kind: quantumBox, length: 1.0, levels: 8", bath: Self.lindblad)
      try place.write("small.yaml", work.text)
      let outcome = try Program.run(
        ["theory", "small.yaml", "--threads", "1", "--method", "local", "--method", "liouvillian"], in: place,
        throughShell: "ulimit -v \(work.limit); exec \"$0\" \"$@\"")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }
#endif
