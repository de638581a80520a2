import Foundation
import NessTestSupport
import Testing

@Suite("Jobs: submit, status, collect", .serialized)
struct ClusterCommandTests {
  private static let json = ["--format", "json"]

  private static func run(_ arguments: [String], in place: Workplace, status: Int32 = 0) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: place)
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    return outcome
  }

  /// What `ness run` prints from the store, which must have everything, and from a fresh one.
  private static func expectBytes(_ file: String, in place: Workplace) throws {
    let kept = try run(["run", file] + json, in: place)
    #expect(!kept.errors.contains("done after"), "computed again: \(kept.errors)")
    let fresh = try run(["run", file, "--store", "fresh", "--quiet"] + json, in: place)
    #expect(kept.output == fresh.output)
  }

  @Test("shares worked off here give the bytes of a plain run", .timeLimit(.minutes(20)))
  func local() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "[8.0, 12.0, 5.0, 3.0]"))
    let submitted = try Self.run(["submit", "small.yaml", "--array", "3", "--threads", "1"], in: place)
    #expect(submitted.text.contains("small-1: 4 of 4 points") && submitted.text.contains("in 3 tasks"))
    try Self.expectBytes("small.yaml", in: place)
    let again = try Self.run(["collect"], in: place).text
    #expect(again.contains("small-1: 0 new, 0 better than here, 4 as good here already; 4 of 4 points finished"))
    #expect(try Self.run(["status"], in: place).text.contains("all 4 points finished and collected"))
    #expect(try Self.run(["submit", "small.yaml"], in: place).text.contains("all 4 points are finished"))
  }

  /// The law: whatever ends a task, it was brought forward. The shortest time leaves one piece of work for every start,
  /// on a machine of any speed.
  @Test("a time limit that is far too short ends a job, and the next goes on where it was", .timeLimit(.minutes(20)))
  func resumed() throws {
    let place = try Workplace()
    let text = SampleText.long.replacing("duration: 1500.0, burnIn: 20.0", with: "duration: 10.0, burnIn: 2.5")
    try place.write("long.yaml", text + "\nsweep: {parameter: baths.left.temperature, values: [8, 16]}\n")
    let command = ["submit", "long.yaml", "--array", "1", "--threads", "1", "--time", "0.001s"]
    // Ten pieces of 64 steps a point.
    var jobs = 0
    while jobs < 40 {
      let outcome = try Program.run(command, in: place)
      #expect([0, 124].contains(outcome.status), "\(outcome.errors)")
      if outcome.status == 124 { #expect(outcome.errors.contains("ness submit long.yaml goes on where it was")) }
      if outcome.text.contains("points are finished") { break }
      jobs += 1
      if jobs == 1 {
        let status = try Self.run(["status", "long-1"], in: place).text
        #expect(status.contains("1 ended of 1") && status.contains("ness submit long.yaml --engine local"))
      }
    }
    #expect(jobs > 4 && jobs < 40)
    try Self.expectBytes("long.yaml", in: place)
  }

  @Test("a task that another process holds all the time says that nothing was kept, and ends with a status")
  func idle() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "")
    let made = try Self.withFake(
      ["submit", "small.yaml", "--engine", "slurm", "--time", "1s", "--array", "1"], in: place)
    #expect(made.status == 0, "\(made.errors)")
    let task = place.folder.appending(path: ".ness/jobs/small-1/task-0")
    try FileManager.default.createDirectory(at: task, withIntermediateDirectories: true)
    let descriptor = open(task.appending(path: "lock").path, O_RDWR | O_CREAT, 0o666)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    let work = ["work", ".ness/jobs/small-1", "--task", "0"]
    let held = try Self.run(work, in: place, status: 1).errors
    #expect(held.contains("nothing was kept, 2 of 2 points are left") && held.contains("another process"), "\(held)")
    // Not for ever.
    _ = try Self.run(work, in: place, status: 1)
    let third = try Self.run(work, in: place, status: 1).errors
    #expect(third.contains("started 3 times") && third.contains("submit small.yaml again"), "\(third)")
    // The control.
    flock(descriptor, LOCK_UN)
    #expect(try !Self.run(work, in: place).errors.contains("nothing was kept"))
  }

  @Test("two submits at once compute every point once", .long, .timeLimit(.minutes(20)))
  func twoAtOnce() throws {
    let place = try Workplace()
    let values = (0..<20).map { 8 + 0.5 * Double($0) }
    try place.write("long.yaml", SampleText.long + "\nsweep: {parameter: baths.left.temperature, values: \(values)}\n")
    let both = try (0..<2).map { _ in
      try Program.Running(["submit", "long.yaml", "--threads", "1", "--array", "20"], in: place)
    }
    let outcomes = try both.map { try $0.outcome() }
    #expect(outcomes.map(\.status) == [0, 0], "\(outcomes.map(\.errors))")
    let counts = outcomes.map { $0.errors.components(separatedBy: "done after").count - 1 }
    #expect(counts.reduce(0, +) == 20, "\(counts)")
  }

  @Test("Slurm is asked to start the task again that ran, and no other of its array")
  func requeued() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "")
    let command = ["submit", "small.yaml", "--engine", "slurm", "--array", "2", "--time", "0.001s"]
    #expect(try Self.withFake(command, in: place).status == 0)
    let calls = place.folder.appending(path: "scontrol-calls")
    try FileManager.default.removeItem(at: calls)
    // Of the last element of an array SLURM_JOB_ID is the number of the whole.
    let task =
      "PATH=$PWD/bin:$PATH SLURM_JOB_ID=1 SLURM_ARRAY_JOB_ID=1 SLURM_ARRAY_TASK_ID=1 sh .ness/jobs/small-1/task.sh 0"
    let outcome = try Program.run([], in: place, throughShell: task)
    #expect(outcome.status == 0 && outcome.errors.contains("Slurm starts the task again"), "\(outcome.errors)")
    #expect(try String(contentsOf: calls, encoding: .utf8) == "requeue 1_1\n")
    // In a session of another job nothing is started again.
    let other = try Program.run([], in: place, throughShell: task.replacing("ARRAY_JOB_ID=1", with: "ARRAY_JOB_ID=9"))
    #expect(other.status == 0 && !other.errors.contains("Slurm starts"), "\(other.errors)")
    #expect(try String(contentsOf: calls, encoding: .utf8) == "requeue 1_1\n")
  }

  @Test(
    "what would wait for ever is refused or told",
    arguments: ["PartitionConfig", "QOSMaxCpuPerJobLimit", "JobHeldUser"])
  func stuck(reason: String) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "1|0|PENDING|\(reason)", nodes: "main*|2\nmain*|16\nfat|64+")
    func submit(_ more: String...) throws -> Program.Outcome {
      try Self.withFake(["submit", "small.yaml", "--engine", "slurm", "--array", "1"] + more, in: place)
    }
    let refused = try submit("--threads", "17")
    #expect(refused.status == 1 && refused.errors.contains("the largest has 16"), "\(refused.errors)")
    #expect(try submit("--threads", "64", "--partition", "fat", "--dry-run").status == 0)
    #expect(try submit("--threads", "16").status == 0)
    let status = try Self.withFake(["status", "small-2"], in: place).text
    #expect(status.contains(reason) && !status.contains("nothing is wrong"), "\(status)")
    #expect(status.contains("scancel 1") || status.contains("scontrol release 1_0"), "\(status)")
  }

  @Test(
    "a damaged plan is told and ends with a status",
    arguments: ["{", "points", "threads", "taskCount", "label", "hash"])
  func damagedPlan(what: String) throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "1|0|PENDING|Priority")
    #expect(try Self.withFake(["submit", "small.yaml", "--engine", "slurm", "--array", "1"], in: place).status == 0)
    #expect(try Self.withFake(["status"], in: place).status == 0)
    let plan = place.folder.appending(path: ".ness/jobs/small-1/plan.json")
    let text = try String(contentsOf: plan, encoding: .utf8)
    let faults = [
      "{": "{", "points": text.replacing(/"points": \[[^\]]*\]/, with: "\"points\": []"),
      "threads": text.replacing(/"threads": 1/, with: "\"threads\": -1"),
      "taskCount": text.replacing(/"taskCount": 1/, with: "\"taskCount\": 70"),
      // Sound in itself, and not what was planned.
      "label": text.replacing("= 12", with: "= 13"),
      "hash": text.replacing(/"hash": "./, with: "\"hash\": \"z"),
    ]
    let damaged = try #require(faults[what])
    #expect(damaged != text)
    try Data(damaged.utf8).write(to: plan)
    for command in ["status", "collect"] {
      let outcome = try Self.withFake([command], in: place)
      #expect(outcome.status == 1 && outcome.errors.contains("plan.json"), "\(command): \(outcome.errors)")
    }
    #expect(
      try Self.run(["work", ".ness/jobs/small-1", "--task", "0"], in: place, status: 1).errors.contains("plan.json"))
  }

  @Test("Ctrl-C keeps what is there", .long)
  func interrupt() throws {
    let place = try Workplace()
    let values = (0..<40).map { 8 + 0.25 * Double($0) }
    try place.write("long.yaml", SampleText.long + "\nsweep: {parameter: baths.left.temperature, values: \(values)}\n")
    let running = try Program.Running(["submit", "long.yaml", "--array", "2"], in: place)
    while running.isRunning, try !running.errorsSoFar().contains("done after") { usleep(5000) }
    // Whatever the speed of the machine, it stays as it is while it is looked at.
    running.send(SIGSTOP)
    #expect(try Self.run(["status"], in: place).text.contains("1 running, 1 waiting of 2"))
    let second = try Self.run(["submit", "long.yaml"], in: place).text
    #expect(second.contains("points are finished, ") && second.contains(" in work"), "taken twice: \(second)")
    running.interrupt()
    running.send(SIGCONT)
    let outcome = try running.outcome()
    #expect(outcome.status == 130, "\(outcome.errors)")
    let kept = try Self.run(["status", "long-1"], in: place).text
    let count = try #require(kept.firstMatch(of: /points +(\d+) finished/).flatMap { Int($0.1) })
    let again = try Self.run(["submit", "long.yaml"], in: place)
    #expect(
      count > 0 && again.text.contains("long-2: \(40 - count) of 40 points (\(count) finished before, 0 in work)"))
    #expect(try !Self.run(["run", "long.yaml"] + Self.json, in: place).errors.contains("done after"))
  }

  @Test(
    "a terminal that is closed, a wish to end: work is kept", .long, arguments: [SIGHUP, SIGTERM, SIGUSR1, SIGUSR2])
  func signals(signal: Int32) throws {
    let place = try Workplace()
    try place.write("long.yaml", SampleText.long.replacing("duration: 1500.0", with: "duration: 1e6"))
    let running = try Program.Running(["run", "long.yaml", "--quiet"] + Self.json, in: place)
    // A state is kept as soon as the simulation has begun.
    while running.isRunning, try !Program.run(["list", "--unfinished"], in: place).text.contains("Long") {
      usleep(100_000)
    }
    running.send(signal)
    // timeout tells the program and its group.
    running.send(signal)
    let outcome = try running.outcome()
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(try outcome.document().interrupted == true)
    // Who wants it to outlive the terminal may have that.
    let deaf = try Program.run(
      ["run", "long.yaml", "--time-limit", "2s"], in: place,
      throughShell: "trap '' HUP; \"$0\" \"$@\" & sleep 0.5; kill -HUP $!; wait $!")
    #expect(deaf.status == 0, "\(deaf.errors)")
  }

  /// Programs in the place of Slurm's, which write down how they were called.
  private static func fakeSlurm(in place: Workplace, queue: String, nodes: String = "") throws {
    let folder = place.folder.appending(path: "bin")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let programs = [
      "sbatch":
        "echo \"$@\" >>calls\n[ -f refuse ] && { echo 'sbatch: error: invalid partition specified' >&2; exit 1; }\nwc -l <calls",
      "scontrol": "echo \"$@\" >>scontrol-calls\necho 'MaxArraySize            = 2'",
      "squeue": "cat <<END\n\(queue)\nEND", "sinfo": "cat <<END\n\(nodes)\nEND",
    ]
    for (name, text) in programs {
      let file = folder.appending(path: name)
      try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  private static func withFake(_ arguments: [String], in place: Workplace) throws -> Program.Outcome {
    try Program.run(arguments, in: place, throughShell: "PATH=$PWD/bin:$PATH exec \"$0\" \"$@\"")
  }

  @Test("tasks beyond the site's largest array go into further ones; a refusal is told and leaves nothing behind")
  func arrays() throws {
    let place = try Workplace()
    try place.write("five.yaml", SampleText.small.replacing("[8.0, 12.0]", with: "[8.0, 12.0, 5.0, 3.0, 4.0]"))
    try Self.fakeSlurm(in: place, queue: "")
    try Data().write(to: place.folder.appending(path: "refuse"))
    let command = ["submit", "five.yaml", "--engine", "slurm", "--array", "5"]
    let refused = try Self.withFake(command, in: place)
    #expect(refused.status == 1 && refused.errors.contains("invalid partition") && refused.errors.contains("sinfo"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.appending(path: ".ness/jobs").path) == [])
    for name in ["refuse", "calls"] { try FileManager.default.removeItem(at: place.folder.appending(path: name)) }
    let made = try Self.withFake(command, in: place)
    #expect(made.status == 0 && made.text.contains("in 5 tasks") && made.text.contains("job 1, 2, 3"), "\(made.errors)")
    let calls = try String(contentsOf: place.folder.appending(path: "calls"), encoding: .utf8).split(separator: "\n")
    #expect(calls.map { $0.split(separator: " ").last } == ["0", "2", "4"])
    #expect(calls[0].contains("--array=0-1 ") && calls[2].contains("--array=0-0 "))
  }

  @Test("a task that failed shows why, the end of its log and the remedy; waiting ones are not submitted again")
  func failed() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "1|0|OUT_OF_MEMORY|None\n1|1|PENDING|Resources")
    let made = try Self.withFake(["submit", "small.yaml", "--engine", "slurm", "--array", "2"], in: place)
    #expect(made.status == 0, "\(made.errors)")
    let job = place.folder.appending(path: ".ness/jobs/small-1")
    try Data("one\nkilled: out of memory\n".utf8).write(to: job.appending(path: "log/1_0.txt"))
    let status = try Self.withFake(["status"], in: place).text
    #expect(status.contains("1 waiting, 1 failed of 2") && status.contains("| killed: out of memory"), "\(status)")
    #expect(status.contains("OUT_OF_MEMORY") && status.contains("larger --memory"))
    let again = try Self.withFake(["submit", "small.yaml", "--engine", "slurm"], in: place).text
    #expect(again.contains("small-2: 1 of 2 points (0 finished before, 1 in work) in 1 task, "), "\(again)")
    #expect(try Self.withFake(["status", "small-1"], in: place).text.contains("1 waiting, 1 replaced of 2"))
    // The script does what Slurm would have it do.
    let script = try Program.run(
      [], in: place,
      throughShell: "for i in 0 1; do SLURM_ARRAY_TASK_ID=$i sh .ness/jobs/small-1/task.sh 0 || exit 1; done")
    #expect(script.status == 0, "\(script.errors)")
    #expect(script.errors.components(separatedBy: "done after").count - 1 == 2)
    let twice = try Program.run(
      [], in: place, throughShell: "SLURM_ARRAY_TASK_ID=0 sh .ness/jobs/small-1/task.sh 0")
    #expect(twice.status == 0 && !twice.errors.contains("done after"), "computed again: \(twice.errors)")
    #expect(try Self.withFake(["collect", "small-1"], in: place).text.contains("2 of 2 points finished"))
    try Self.expectBytes("small.yaml", in: place)
  }

  @Test("a dry run shows the script and submits nothing")
  func dryRun() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    try Self.fakeSlurm(in: place, queue: "")
    let command = [
      "submit", "small.yaml", "--engine", "slurm", "--time", "2:00:00", "--sbatch", "--qos=low", "--dry-run",
    ]
    let outcome = try Self.withFake(command, in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.text.contains("#SBATCH --time=120\n#SBATCH --qos=low") && outcome.text.contains("# sbatch --parsable"))
    #expect(!FileManager.default.fileExists(atPath: place.folder.appending(path: "calls").path))
    #expect(try Self.withFake(["status"], in: place).text.contains("1 planned of 1"))
    // Points that others compute do not make a job of it.
    #expect(try Program.run(["run", "small.yaml"], in: place).status == 0)
    let after = try Self.withFake(["status"], in: place).text
    #expect(after.contains("planned by a dry run, nothing was submitted") && !after.contains("finished"), "\(after)")
  }

  @Test("a quantum box has nothing to submit; without Slurm the remedy is told")
  func nothing() throws {
    let place = try Workplace()
    let box = Program.root.appending(path: "Examples/quantum-box.yaml").path
    #expect(try Self.run(["submit", box], in: place, status: 2).errors.contains("computes it exactly"))
    try place.write("small.yaml", SampleText.small)
    let script = "PATH=/nowhere exec \"$0\" \"$@\""
    let outcome = try Program.run(["submit", "small.yaml", "--engine", "slurm"], in: place, throughShell: script)
    #expect(outcome.status == 1 && outcome.errors.contains("sbatch is not on this machine"))
  }
}
