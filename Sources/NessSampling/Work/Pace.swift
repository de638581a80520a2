/// How many ticks are done between two looks at whether to stop: by measured time, for nobody knows how fast a machine is.
struct Pace {
  /// Time of a piece that is neither too long for who wants to stop nor too short for the threads [s].
  private static let wanted = 0.05...0.2
  /// Time after which a piece is left unfinished [s].
  static let longestPiece = 0.4

  /// Time in which nobody needs to be asked whether to go on [s].
  static let shortestWait = 0.1

  private let longest: Int
  private(set) var ticks: Int

  /// - Parameter longest: most ticks.
  init(longest: Int) {
    self.longest = longest
    ticks = longest
  }

  /// Takes note of the time that the last piece took [s].
  mutating func took(_ seconds: Double) {
    if seconds > Self.wanted.upperBound { ticks = max(1, ticks / 2) }
    if seconds < Self.wanted.lowerBound { ticks = min(longest, 2 * ticks) }
  }
}
