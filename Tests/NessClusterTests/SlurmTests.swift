import NessCluster
import Testing

@Suite("What Slurm is told and says")
struct SlurmTests {
  @Test(
    "spans of time as sbatch and people write them",
    arguments: [
      ("30", 1800), ("30:15", 1815), ("2:00:00", 7200), ("1-12", 129_600), ("1-12:30", 131_400),
      ("2-00:00:05", 172_805),
      ("90s", 90), ("10m", 600), ("1.5h", 5400), ("3d", 259_200),
    ] as [(String, Double)])
  func wallTime(text: String, seconds: Double) { #expect(WallTime(text)?.seconds == seconds) }

  @Test(
    "other texts are no span",
    arguments: ["", "0", "-5", "1:2:3:4", "soon", "1-", "::", "h", "nan", "infh", "-1s", "2x"])
  func noWallTime(text: String) { #expect(WallTime(text) == nil) }

  @Test("Slurm gets whole minutes, never fewer")
  func minutes() {
    #expect([1, 60, 61, 7200].map(WallTime.minutes) == [1, 1, 2, 120])
  }

  @Test("a task stops a tenth of its time early, a minute at most; the shortest limit counts")
  func end() {
    func seconds(_ limits: Double?...) -> Double? { TaskWork.secondsToEnd(limits) }
    #expect(seconds(nil, nil) == nil)
    #expect(seconds(100, nil) == 90)
    #expect(seconds(nil, 7200) == 7140)
    #expect(seconds(60, 7200) == 54)
  }

  @Test("the script asks for what was wanted, and paths may have any letters")
  func script() {
    let request = BatchScript.Request(
      timeLimit: 5400, partition: "long", account: "physics", memory: "2G", options: ["--qos=low", "--nice=10"])
    let text = BatchScript.text(
      folder: "/home/o'hara/my sweeps/%j", name: "sweep-1", threads: 4, program: "/opt/ness", request)
    #expect(
      text.split(separator: "\n").filter { !$0.hasPrefix("# ") }.joined(separator: "\n") == """
        #!/bin/sh
        #SBATCH --job-name=sweep-1
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=4
        #SBATCH --requeue
        #SBATCH --open-mode=append
        #SBATCH --output=log/%A_%a.txt
        #SBATCH --time=90
        #SBATCH --partition=long
        #SBATCH --account=physics
        #SBATCH --mem=2G
        #SBATCH --qos=low
        #SBATCH --nice=10
        exec /opt/ness work '/home/o'\\''hara/my sweeps/%j' --task "$((${1:-0} + SLURM_ARRAY_TASK_ID))" --threads 4
        """)
    let plain = BatchScript.text(folder: "/f", name: "n", threads: 1, program: "/p", .init())
    #expect(!plain.contains("--time") && !plain.contains("--partition") && !plain.contains("--mem"))
  }

  @Test("arrays are no larger than the site allows", arguments: [1, 5, 1000, 1001])
  func arrays(largest: Int) {
    for count in [1, 5, 6, 1001, 2500] {
      let arrays = BatchScript.arrays(taskCount: count, largest: largest)
      #expect(arrays.allSatisfy { (1...largest).contains($0.taskCount) })
      #expect(arrays.flatMap { $0.firstTask..<$0.firstTask + $0.taskCount } == Array(0..<count))
      #expect(arrays.count == (count + largest - 1) / largest)
    }
  }

  @Test("the site's largest array is read from its configuration")
  func largestArray() {
    #expect(
      Slurm.largestArray(configuration: "Configuration data\nMaxArraySize            = 51\nMaxBatchRequeue = 5\n") == 51
    )
    #expect(Slurm.largestArray(configuration: "nothing of the kind") == 1001)
  }

  @Test("the queue is read line by line; jobs without an array are others'")
  func queue() {
    let tasks = Slurm.queue(
      listed: "17|3|RUNNING|None\n17|4|PENDING|Resources\n18|N/A|RUNNING|None\n17|5|CANCELLED|None\n")
    #expect(tasks.map(\.element) == [3, 4, 5])
    #expect(tasks.map(\.isActive) == [true, true, false])
    #expect(tasks.map(\.reason) == ["", "Resources", ""])
  }

  @Test("a task knows itself by array and element, not by SLURM_JOB_ID")
  func element() {
    let last = Slurm.Element(["SLURM_JOB_ID": "17", "SLURM_ARRAY_JOB_ID": "17", "SLURM_ARRAY_TASK_ID": "3"])
    #expect(last.map { [$0.job, $0.element] } == [17, 3])
    #expect(Slurm.Element(["SLURM_JOB_ID": "17"]) == nil)
  }

  @Test("the largest node of a partition is read from the list of nodes")
  func processors() {
    let text = "main*|2\nmain*|16+\nfat|64\n"
    #expect(Slurm.processors(listed: text, partition: nil) == 16)
    #expect(Slurm.processors(listed: text, partition: "main") == 16)
    #expect(Slurm.processors(listed: text, partition: "fat") == 64)
    #expect(Slurm.processors(listed: text, partition: "none") == nil)
    #expect(Slurm.processors(listed: text, partition: "main,fat") == 64)
    #expect(Slurm.processors(listed: text, partition: "none, main") == 16)
  }

  @Test(
    "options given word for word say where a task runs",
    arguments: [
      (["--qos=low"], nil, nil), (["--partition=fat"], "fat", nil), (["-p fat --comment=x"], "fat", nil),
      (["-pfat", "-c", "8"], "fat", 8), (["--cpus-per-task=4", "--cpus-per-task 9"], nil, 9),
    ] as [([String], String?, Int?)])
  func options(options: [String], partition: String?, processors: Int?) {
    let found = BatchOptions(options)
    #expect(found.partition == partition && found.processors == processors && !found.namesCluster)
    #expect(BatchOptions(options + ["--clusters=other"]).namesCluster)
  }

  @Test("what waits for its turn is well, what waits for ever is told the remedy")
  func waiting() {
    func remedy(_ state: String, _ reason: String) -> String? {
      Slurm.queue(listed: "17|3|\(state)|\(reason)").first?.remedyOfWaiting
    }
    for reason in ["Priority", "Resources", "BeginTime", "JobArrayTaskLimit", "None", "QOSMaxJobsPerUserLimit"] {
      #expect(remedy("PENDING", reason) == nil)
    }
    for reason in ["PartitionConfig", "PartitionTimeLimit", "AssocMaxCpuPerJobLimit", "BadConstraints", "InvalidQOS"] {
      #expect(remedy("PENDING", reason)?.contains("scancel 17") == true)
      #expect(remedy("RUNNING", reason) == nil)
    }
    #expect(remedy("PENDING", "launch failed requeued held") == "scontrol release 17_3 lets it go on")
  }

  @Test(
    "refusals of sbatch come with a remedy",
    arguments: [
      ("Invalid account or account/partition combination specified", "--account"),
      ("invalid partition specified: nowhere", "sinfo"), ("Requested time limit is invalid", "--time"),
      ("Memory specification can not be satisfied", "--memory"),
      ("Requested node configuration is not available", "--threads"),
      ("AssocMaxSubmitJobLimit", "--array"), ("Unable to contact slurm controller (connect failure)", "scontrol ping"),
      ("something new", "man sbatch"),
    ])
  func remedies(words: String, part: String) { #expect(Slurm.remedy(for: words).contains(part)) }
}
