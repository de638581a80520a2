/// A span of wall time as Slurm and people write it: `30` (minutes), `2:00:00`, `1-12:00:00`, `90s`, `10m`, `2h`, `3d`.
package struct WallTime: Hashable, Sendable {
  /// The span [s].
  package let seconds: Double

  /// Nil for anything else than a span > 0.
  package init?(_ text: String) {
    guard let seconds = Self.units(text) ?? Self.clock(text), seconds > 0, seconds < 1e9 else { return nil }
    self.seconds = seconds
  }

  /// Whole minutes for Slurm, which knows nothing shorter.
  package static func minutes(_ seconds: Double) -> Int { max(1, Int((seconds / 60).rounded(.up))) }

  private static func units(_ text: String) -> Double? {
    let units = ["s": 1.0, "m": 60, "min": 60, "h": 3600, "d": 86_400]
    let unit = String(text.drop { $0.isNumber || $0 == "." })
    return units[unit].flatMap { size in Double(text.dropLast(unit.count)).map { $0 * size } }
  }

  /// `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours[:minutes[:seconds]]`.
  private static func clock(_ text: String) -> Double? {
    let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let words = (halves.last ?? "").split(separator: ":", omittingEmptySubsequences: false)
    let numbers = words.compactMap { UInt32($0).map(Double.init) }
    guard numbers.count == words.count, (1...3).contains(numbers.count) else { return nil }
    if halves.count == 2 {
      guard let days = UInt32(halves[0]) else { return nil }
      return Double(days) * 86_400 + zip(numbers, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let units: [Double] = numbers.count == 3 ? [3600, 60, 1] : [60, 1]
    return zip(numbers, units).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
