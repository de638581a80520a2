import NessFiles

/// The script that Slurm runs for every task of a job.
package struct BatchScript: Sendable {
  /// What is asked of Slurm beside the array.
  package struct Request: Hashable, Sendable {
    /// Time of a task [s]; nil for the partition's default.
    package var timeLimit: Double?
    /// Partition; nil for the default.
    package var partition: String?
    /// Account; nil for the default.
    package var account: String?
    /// Memory of a task as Slurm writes it, for example `2G`; nil for the default.
    package var memory: String?
    /// Further options of sbatch, word for word.
    package var options: [String]

    /// A request.
    package init(
      timeLimit: Double? = nil, partition: String? = nil, account: String? = nil, memory: String? = nil,
      options: [String] = []
    ) {
      self.timeLimit = timeLimit
      self.partition = partition
      self.account = account
      self.memory = memory
      self.options = options
    }
  }

  /// The text of the script. Its argument is the task of the array's first element.
  ///
  /// - Parameters:
  ///   - folder: the folder of the job, absolute.
  ///   - program: the program, absolute.
  package static func text(folder: String, name: String, threads: Int, program: String, _ request: Request) -> String {
    let directives = [
      "--job-name=\(name)", "--ntasks=1", "--cpus-per-task=\(threads)", "--requeue", "--open-mode=append",
      "--output=log/%A_%a.txt",
      request.timeLimit.map { "--time=\(WallTime.minutes($0))" }, request.partition.map { "--partition=\($0)" },
      request.account.map { "--account=\($0)" }, request.memory.map { "--mem=\($0)" },
    ]
    let lines = (directives.compactMap { $0 } + request.options).map { "#SBATCH \($0)" }
    return """
      #!/bin/sh
      # A task of \(name). It keeps its work, ends before its time is over and asks Slurm to start it again; what is
      # finished is not computed twice. By hand: sh task.sh FIRST, with SLURM_ARRAY_TASK_ID set.
      \(lines.joined(separator: "\n"))
      # exec: signals reach the program itself.
      exec \(shellQuoted(program)) work \(shellQuoted(folder)) --task "$((${1:-0} + SLURM_ARRAY_TASK_ID))" --threads \(threads)

      """
  }

  /// How tasks are split over arrays no larger than the site allows.
  package static func arrays(taskCount: Int, largest: Int) -> [(firstTask: Int, taskCount: Int)] {
    stride(from: 0, to: taskCount, by: largest).map { ($0, min(largest, taskCount - $0)) }
  }
}
