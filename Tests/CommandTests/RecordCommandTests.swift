import Foundation
import NessTestSupport
import Testing

/// `run.record` through the program.
@Suite("Recording through the program")
struct RecordCommandTests {
  private static func text(_ record: String, run: String = "duration: 400.0, burnIn: 20.0, timeStep: 0.02") -> String {
    """
    medium: {kind: chain, sites: 3, pinning: 1.0}
    baths:
      left: {kind: particles, temperature: 8.0, count: 10, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {replicas: 12, \(run), record: \(record)}
    sweep: {parameter: baths.left.temperature, values: [8.0, 12.0]}
    """
  }

  private static let files = ["baths.left.temperature=8.0.npz", "baths.left.temperature=12.0.npz"]

  private static func bytes(_ place: Workplace, _ folder: String) throws -> [Data] {
    try files.map { try Data(contentsOf: place.folder.appending(path: "\(folder)/\($0)")) }
  }

  @Test("the same results with and without, the same series for any number of threads, from the store or not")
  func sameBytes() throws {
    let place = try Workplace()
    let text = Self.text("{quantities: [heatFrom, position], every: 0.3, replicas: 10}")
    try place.write("chain.yaml", text)
    try place.write("plain.yaml", text.replacing(/, record: .*\}\}/, with: "}"))
    func run(_ arguments: String...) throws -> Program.Outcome {
      let outcome = try Program.run(["run", "--format", "json"] + arguments, in: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    let plain = try run("plain.yaml")
    // The result is in the store, so that it is computed once more.
    let first = try run("chain.yaml", "--threads", "1")
    #expect(first.output == plain.output && first.errors.contains("simulated once more to record it"))
    let again = try run("chain.yaml")
    #expect(again.output == plain.output && !again.errors.contains("once more"))
    let other = try run("chain.yaml", "--threads", "2", "--store", "other", "--record", "elsewhere")
    #expect(other.output == plain.output)
    #expect(try Self.bytes(place, "recordings/chain") == Self.bytes(place, "elsewhere"))
    // Two results, and no work that is not finished.
    let kept = try Program.run(["list"], in: place)
    #expect(kept.text.split(separator: "\n").count == 4, "\(kept.text)")
  }

  @Test("a run that is killed goes on, and gives the same bytes", .timeLimit(.minutes(5)))
  func killed() throws {
    let place = try Workplace()
    try place.write(
      "chain.yaml",
      Self.text(
        "{quantities: [heatFrom, velocity, particles], every: 3.13, replicas: 10}",
        run: "duration: 20000.0, burnIn: 20.0, timeStep: 0.02"))
    let arguments = ["run", "chain.yaml", "--quiet", "--record", "killed", "--store", "killed-store"]
    var kills = 0
    for number in 1...200 {
      let running = try Program.Running(arguments, in: place)
      // Longer each time, so that it comes to its end on any machine.
      let end = ContinuousClock.now + .milliseconds(1200 + 100 * number)
      while running.isRunning, ContinuousClock.now < end { usleep(20_000) }
      if !running.isRunning {
        #expect(try running.outcome().status == 0)
        break
      }
      running.send(SIGKILL)
      _ = try? running.outcome()
      kills += 1
    }
    #expect(kills < 200)
    #expect(
      try Program.run(["run", "chain.yaml", "--quiet", "--record", "whole", "--store", "whole"], in: place).status == 0)
    #expect(try Self.bytes(place, "killed") == Self.bytes(place, "whole"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/killed").count == 2)
  }

  @Test(
    "faults are told before any work",
    arguments: [
      ("{quantities: [heatForm], every: 0.1}", "did you mean heatFrom?"),
      ("{quantities: [velocity], sites: [9], every: 0.1}", "expected a site between 1 and 3"),
      ("{quantities: [velocity], every: 0.001}", "shorter than the time step: give 0.02 or more"),
      ("{quantities: [velocity], every: 0.1, replicas: 13}", "the replicas of the run, 12"),
      ("{quantities: [velocity], every: 1000}", "no more than what is recorded"),
      ("{quantities: [], every: 1}", "at least one quantity"), ("{every: 1}", "the required key quantities"),
    ])
  func faults(record: String, message: String) throws {
    let place = try Workplace()
    try place.write("chain.yaml", Self.text(record))
    let outcome = try Program.run(["run", "chain.yaml"], in: place)
    #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test("what would be too large is refused with its size")
  func tooLarge() throws {
    let place = try Workplace()
    try place.write(
      "chain.yaml",
      Self.text(
        "{quantities: [velocity], every: 0.02, replicas: 12}", run: "duration: 1.0e9, burnIn: 20.0, timeStep: 0.02"))
    let outcome = try Program.run(["run", "chain.yaml"], in: place)
    #expect(
      outcome.status == 2 && outcome.errors.contains(" bytes)") && outcome.errors.contains("a longer run.record.every"))
    let submitted = try Program.run(["submit", "chain.yaml"], in: place)
    #expect(submitted.status == 2 && submitted.errors.contains("does not record series"))
  }

  @Test("a full disk in the middle is told, the results are printed and kept, and the next run records")
  func fullDisk() throws {
    let place = try Workplace()
    let text = Self.text(
      "{quantities: [velocity], sites: [1], every: 0.02}", run: "duration: 2000.0, burnIn: 20.0, timeStep: 0.02")
    try place.write("chain.yaml", text.replacing(/\nsweep.*/, with: ""))
    // No file may grow beyond 1.2 MB: the samples have room, and the times at the end of the file have not.
    let script = "trap '' XFSZ; ulimit -f 2400; exec \"$0\" \"$@\""
    let run = try Program.run(["run", "chain.yaml"], in: place, throughShell: script)
    #expect(run.status == 1 && run.errors.contains("its result is kept, but its recording is not"), "\(run.errors)")
    #expect(run.text.contains("heatCurrent"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.path + "/recordings/chain").isEmpty)
    let again = try Program.run(["run", "chain.yaml"], in: place)
    #expect(
      again.status == 0 && again.errors.contains("simulated once more to record it") && again.output == run.output)
    #expect(FileManager.default.fileExists(atPath: place.folder.path + "/recordings/chain/series.npz"))
  }
}
