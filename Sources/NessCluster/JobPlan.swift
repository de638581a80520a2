import NessFiles
import NessStore

/// What a job is to compute, who computes what, and how it was submitted.
package struct JobPlan: Codable, Hashable, Sendable {
  /// A point that is simulated.
  package struct Point: Codable, Hashable, Sendable {
    /// Place among the points of the experiment.
    package let index: Int
    /// The swept parameters with their values.
    package let label: String
    /// Name of its result in a store.
    package internal(set) var result: String
    /// Expected time of one core on a fast machine [s]; nil if it is unknown.
    package var cost: Double?
  }

  /// A job array as it was submitted.
  package struct Submission: Codable, Hashable, Sendable {
    /// Slurm's number of the array.
    package let job: Int
    /// The task of its first element.
    package let firstTask: Int
    /// Number of its elements.
    package let taskCount: Int
  }

  /// Where the tasks run.
  package enum Engine: String, Codable, CaseIterable, Sendable {
    /// On this machine, in the foreground.
    case local
    /// As a job array of Slurm.
    case slurm
  }

  /// Name of the job and of its folder.
  package let name: String
  /// Title of the experiment, if it has one.
  package let title: String?
  /// The experiment file as the user named it.
  package let file: String
  /// When it was planned, by ISO 8601 in UTC.
  package let planned: String
  /// Where the tasks run.
  package let engine: Engine
  /// Threads of a task.
  package let threads: Int
  /// Time after which a task stops and goes on later [s]; nil for no limit.
  package let timeLimit: Double?
  /// The points that the job computes.
  package internal(set) var points: [Point]
  /// What every task computes: places in `points`, in the order in which they are begun.
  package let tasks: [[Int]]
  /// Arrays that were submitted.
  package var submissions: [Submission] = []
  /// Version of the store whose names the results have; nil before 3, where they had others.
  var names: Int? = Self.namesOfToday

  static let namesOfToday = 3

  /// Gives results their names of today.
  ///
  /// - Parameter known: those by the names that they had.
  mutating func rename(_ known: [String: String]) {
    names = Self.namesOfToday
    for index in points.indices { points[index].result = known[points[index].result] ?? points[index].result }
  }

  /// Hash of all the rest; nil in a plan of an older version.
  package private(set) var hash: String?

  /// The plan with its hash.
  func sealed() throws -> JobPlan {
    var plan = self
    plan.hash = nil
    plan.hash = stableHash(try OrderedJSON.text(of: plan).utf8)
    return plan
  }

  /// What makes no sense in a plan that was read; nil if it can be worked with.
  var fault: String? {
    if hash != nil, (try? sealed().hash) != hash { return "its hash does not fit" }
    if !tasks.joined().allSatisfy(points.indices.contains) { return "a task has a point that is not there" }
    if !points.allSatisfy({ $0.index >= 0 && $0.cost ?? 0 >= 0 }) { return "a point has no place or a cost below 0" }
    if tasks.isEmpty != points.isEmpty { return "it has \(tasks.count) tasks for \(points.count) points" }
    if Set(tasks.joined()).count != tasks.joined().count { return "a point belongs to two tasks" }
    if let timeLimit, !(timeLimit >= 0 && timeLimit < 1e9) { return "its time limit is \(timeLimit) s" }
    if threads < 1 { return "a task has \(threads) threads" }
    let isKnown = submissions.allSatisfy {
      $0.firstTask >= 0 && $0.taskCount >= 0 && $0.taskCount <= tasks.count - $0.firstTask
    }
    return isKnown ? nil : "an array has a task that is not there"
  }

  /// The points of a task.
  package func points(of task: Int) -> [Point] { tasks[task].map { points[$0] } }

  /// Expected time of one core for some points, as far as it is known [s].
  package var knownCost: Double { points.reduce(0) { $0 + ($1.cost ?? 0) } }
  /// Points whose cost is unknown.
  package var unknownCosts: Int { points.count { $0.cost == nil } }

  /// Work of some points: their cost, and where that is unknown that of the others on average [s], or 1 if all are unknown.
  func work(of points: some Sequence<Point>) -> Double {
    let known = self.points.count - unknownCosts
    let usual = known > 0 && knownCost > 0 ? knownCost / Double(known) : 1
    return points.reduce(0) { $0 + ($1.cost ?? usual) }
  }

  /// The task that an element of an array is; nil if the array is not of this job.
  package func task(ofJob job: Int, element: Int) -> Int? {
    submissions.first { $0.job == job && (0..<$0.taskCount).contains(element) }.map { $0.firstTask + element }
  }
}

/// How far a task is, as it tells it in a file.
package struct TaskProgress: Codable, Hashable, Sendable {
  /// A point that could not be computed.
  package struct Failure: Codable, Hashable, Sendable {
    /// Which one: the swept parameters with their values.
    package let point: String
    /// Why.
    package let reason: String
  }

  /// Names of the results that are finished.
  package var finished: Set<String> = []
  /// Points that could not be computed.
  package var failures: [Failure] = []
  /// The point in work; nil between points.
  package var point: String?
  /// Part of the whole task done, 0 to 1.
  package var fraction = 0.0
  /// The machine that worked on it last.
  package var host = ""
  /// How often it was started.
  package var starts = 0
  /// How many starts in a row brought nothing.
  package var idleStarts = 0
  /// Time that all starts took [s].
  package var seconds = 0.0
  /// When this was written, by ISO 8601 in UTC.
  package var updated = ""
  /// As in the plan.
  var names: Int? = JobPlan.namesOfToday
}
