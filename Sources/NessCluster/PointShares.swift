/// How points are shared out among the tasks of a job: long ones first, each to the task that has least to do, so that all
/// end at about the same time. The same costs give the same shares.
package enum PointShares {
  /// Points of every task, the longest first; no task is empty.
  ///
  /// - Parameters:
  ///   - costs: expected work of every point, > 0.
  ///   - tasks: number of tasks; more than there are points are not used.
  package static func shares(of costs: [Double], among tasks: Int) -> [[Int]] {
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    var shares = Array(repeating: [Int](), count: max(1, min(tasks, costs.count)))
    // A heap of tasks by what they have to do, ties by their number.
    var heap = shares.indices.map { (load: 0.0, task: $0) }
    for point in order {
      shares[heap[0].task].append(point)
      heap[0].load += costs[point]
      sink(&heap)
    }
    return shares.filter { !$0.isEmpty }
  }

  /// Number of tasks with which a task has about a given length, and no more than can be of use.
  ///
  /// - Parameters:
  ///   - costs: expected work of every point.
  ///   - length: work that a task should have, in the same unit.
  ///   - most: largest number.
  package static func taskCount(for costs: [Double], length: Double, most: Int = 1000) -> Int {
    guard let longest = costs.max(), longest > 0 else { return 1 }
    // Beyond total/longest all further tasks end before the longest point does.
    let useful = (costs.reduce(0, +) / max(length, longest)).rounded(.up)
    return max(1, min(most, costs.count, Int(min(useful, Double(most)))))
  }

  private static func sink(_ heap: inout [(load: Double, task: Int)]) {
    var place = 0
    while true {
      let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
      guard let least = children.min(by: { heap[$0] < heap[$1] }), heap[least] < heap[place] else { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
