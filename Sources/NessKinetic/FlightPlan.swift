import NessModel

/// How a run is cut: burn-in, windows, slices of a window, and the windows at which to judge the error.
package struct FlightPlan {
  /// Pieces of the burn-in, which leave no trace.
  let burnInPieces: Int
  /// Length of such a piece [time].
  let burnInPiece: Double
  /// Windows in the whole duration, a power of two.
  let windows: Int
  /// Length of a window [time].
  let window: Double
  /// Parts of a window between which the user may interrupt.
  let slices: Int
  /// Numbers of windows at which no batch is left incomplete; the last one ends the run.
  let checkpoints: [Int]

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
    windows = count
    window = settings.duration / Double(count)
    // The work of about 10^7 collisions, a fraction of a second of one core, between two looks.
    func pieces(_ time: Double) -> Int {
      max(1, Int(min(1e9, workPerCycle * time / cycleTime * Double(settings.replicas) / 1e7)))
    }
    slices = pieces(window)
    burnInPieces = settings.burnIn > 0 ? pieces(settings.burnIn) : 0
    burnInPiece = settings.burnIn / Double(max(1, burnInPieces))
    guard settings.targetError != nil else {
      checkpoints = [count]
      return
    }
    let capacity = FlightEnsemble.capacity(replicas: settings.replicas)
    var points: [Int] = []
    var next = min(64, count / 4)
    while next < count {
      points.append(WindowRecord.completeWindows(atLeast: next, capacity: capacity))
      next += max(1, next / 4)
    }
    checkpoints = points.filter { $0 < count } + [count]
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

  /// The units up to the end of a number of windows.
  package func units(windows: Int) -> Int { burnInPieces + windows * slices }

  /// The longest time for which flights are counted from one moment [time].
  var longestPiece: Double { max(window, burnInPiece) }

  /// Windows complete after a number of units.
  func completeWindows(after units: Int) -> Int { max(0, units - burnInPieces) / slices }

  /// Part of the work done after a number of units.
  func fraction(after units: Int) -> Double {
    let all = Double(burnInPieces) * burnInPiece + Double(windows) * window
    let burnt = Double(min(units, burnInPieces)) * burnInPiece
    return (burnt + Double(max(0, units - burnInPieces)) / Double(slices) * window) / all
  }
}
