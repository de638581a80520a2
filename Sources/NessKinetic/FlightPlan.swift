import NessModel
import NessSampling

/// How a run is cut: burn-in, windows, slices of a window, and the windows at which to judge the error.
package struct FlightPlan: Sendable {
  /// Pieces of the burn-in, which leave no trace.
  let burnInPieces: Int
  /// Length of such a piece [time].
  let burnInPiece: Double
  /// Length of a window [time].
  let window: Double
  /// Parts of a window between which the user may interrupt.
  let slices: Int
  /// When to look at the error, the work being counted in units: the windows, a power of two of them, are the entries.
  package let schedule: Schedule

  /// - Parameters:
  ///   - settings: burn-in, duration, replicas and target.
  ///   - cycleTime: mean time between two collisions with the same wall, roughly [time].
  ///   - workPerCycle: work of a collision with each wall, that with a Maxwell wall being 1.
  package init(_ settings: KineticSettings, cycleTime: Double, workPerCycle: Double = 2) {
    // Snapshots at the ends of windows shall cost little, some 250 000 in all; and since the eight lanes of a group wait
    // for the slowest at the end of a window, it shall be long.
    var affordable = min(4096, 262_144 / Double(settings.replicas), settings.duration / (100 * cycleTime))
    // With a target the duration is only a limit, and may be far off: windows of some hundred cycles allow to stop soon.
    if settings.targetError != nil {
      affordable = max(affordable, min(1e9, settings.duration / (400 * cycleTime)))
    }
    var count = settings.replicas < 64 ? 64 : 8
    while Double(2 * count) <= affordable { count *= 2 }
    window = settings.duration / Double(count)
    // The work of about 10^7 collisions, a fraction of a second of one core, between two looks.
    func pieces(_ time: Double) -> Int {
      max(1, Int(min(1e9, workPerCycle * time / cycleTime * Double(settings.replicas) / 1e7)))
    }
    slices = pieces(window)
    burnInPieces = settings.burnIn > 0 ? pieces(settings.burnIn) : 0
    burnInPiece = settings.burnIn / Double(max(1, burnInPieces))
    let capacity = FlightEnsemble.capacity(replicas: settings.replicas)
    schedule = Schedule(
      burnInTicks: burnInPieces, ticksPerEntry: slices,
      checkpoints: settings.targetError == nil
        ? [count] : Schedule.checkpoints(first: min(64, count / 4), last: count, capacity: capacity),
      longestPiece: 1, burnInWeight: burnInPiece * Double(slices) / window)
  }

  /// The work is cut into units: the pieces of the burn-in, then the slices of the windows.
  enum Unit {
    case burnIn
    /// A slice that ends at a time after the start of its window.
    case slice(end: Double, isLast: Bool)
  }

  /// The unit with this number.
  func unit(_ number: Int) -> Unit {
    guard number >= burnInPieces else { return .burnIn }
    let slice = (number - burnInPieces) % slices + 1
    return .slice(end: slice == slices ? window : window * Double(slice) / Double(slices), isLast: slice == slices)
  }

  /// The longest time for which flights are counted from one moment [time].
  var longestPiece: Double { max(window, burnInPiece) }
}
