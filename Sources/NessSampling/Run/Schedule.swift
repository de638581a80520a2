/// How a run is cut: ticks of burn-in, ticks from one entry of the record to the next, and when to look at the error.
package struct Schedule: Sendable {
  /// Ticks that are not measured.
  package let burnInTicks: Int
  /// Ticks from one entry of the record to the next.
  package let ticksPerEntry: Int
  /// Entries at which to judge the error, where no batch is left incomplete; the last one ends the run.
  package let checkpoints: [Int]
  /// Most ticks between two looks at whether to stop.
  package let longestPiece: Int
  /// What a tick of the burn-in takes, over what a later one takes.
  private let burnInWeight: Double

  /// A schedule; see the properties.
  package init(
    burnInTicks: Int, ticksPerEntry: Int = 1, checkpoints: [Int], longestPiece: Int, burnInWeight: Double = 1
  ) {
    precondition(!checkpoints.isEmpty && ticksPerEntry > 0, "a run has an end")
    self.burnInTicks = burnInTicks
    self.ticksPerEntry = ticksPerEntry
    self.checkpoints = checkpoints
    self.longestPiece = max(1, longestPiece)
    self.burnInWeight = burnInWeight
  }

  /// Where to judge the error of a run that shall end as soon as it is small enough: at steps of about a quarter.
  ///
  /// - Parameters:
  ///   - first: entries at the first of them, roughly.
  ///   - last: entries at the end.
  ///   - capacity: most batches of the record.
  package static func checkpoints(first: Int, last: Int, capacity: Int) -> [Int] {
    var points: [Int] = []
    var next = first
    while next < last {
      points.append(JoinedBatches.completeAdditions(atLeast: next, capacity: capacity))
      next += max(1, next / 4)
    }
    return points.filter { $0 < last } + [last]
  }

  /// Ticks after which a number of entries is complete.
  package func ticks(entries: Int) -> Int { burnInTicks + entries * ticksPerEntry }
  /// Entries that are complete after a number of ticks.
  package func entries(ticks: Int) -> Int { max(0, ticks - burnInTicks) / ticksPerEntry }
  /// Where the run ends at the latest.
  package var lastTick: Int { ticks(entries: checkpoints[checkpoints.count - 1]) }

  /// Part of the work that is done after a number of ticks.
  package func fraction(ticks: Double) -> Double {
    func work(_ ticks: Double) -> Double {
      burnInWeight * min(ticks, Double(burnInTicks)) + max(0, ticks - Double(burnInTicks))
    }
    return work(ticks) / work(Double(lastTick))
  }
}
