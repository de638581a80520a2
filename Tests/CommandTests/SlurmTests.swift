import Foundation
import Testing

/// Not among the other tests of jobs, which come one after another: this one waits most of its time, and all the others meanwhile
/// have the machine. The script bounds every wait itself.
@Suite("A real Slurm")
struct SlurmTests {
  private static var hasSlurm: Bool {
    let daemons = ["slurmctld", "slurmd", "munged"].allSatisfy { name in
      ["/usr/sbin", "/usr/local/sbin", "/usr/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }
    return daemons && getuid() == 0
  }

  @Test(
    "a node dies, one is taken down, tasks are cancelled, the time is short; nothing is lost",
    .long, .enabled(if: hasSlurm, "needs root, slurm-wlm and munge"))
  func slurm() async throws {
    let script = Program.root.appending(path: "Scripts/slurm-test.sh").path
    let place = try Workplace()
    let outcome = try await Program.runAside([], in: place, throughShell: "NESS=\"$0\" exec bash '\(script)'")
    #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.errors)")
    #expect(outcome.text.contains("all is well"))
  }
}
