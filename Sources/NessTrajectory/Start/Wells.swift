/// The wells of a site that particles push to several places: maxima of its density, and where one ends.
struct Wells: Sendable, Hashable {
  /// Depth of a barrier below the lower of its two maxima, in the logarithm of the density, from which on it counts.
  private static let depth = 1.0
  /// How far below the highest maximum another one still matters.
  private static let relevance = 20.0

  /// Index of the site, from 0.
  let place: Int
  /// Displacements of the density's maxima, one more than barriers [length].
  let centres: [Double]
  /// Displacements of the density's minima between them [length].
  let barriers: [Double]

  /// - Returns: nil if there is one maximum only.
  init?(place: Int, grid: [Double], logDensity: [Double]) {
    self.place = place
    let top = logDensity.max() ?? 0
    var (centres, barriers): ([Double], [Double]) = ([], [])
    // Climbing, `best` is the highest point so far; else the lowest one.
    var (isClimbing, best) = (true, 0)
    for point in logDensity.indices where logDensity[point] > top - Self.relevance {
      if isClimbing ? logDensity[point] > logDensity[best] : logDensity[point] < logDensity[best] { best = point }
      guard abs(logDensity[point] - logDensity[best]) > Self.depth else { continue }
      if isClimbing { centres.append(grid[best]) } else { barriers.append(grid[best]) }
      (isClimbing, best) = (!isClimbing, point)
    }
    if isClimbing { centres.append(grid[best]) }
    guard centres.count > 1 else { return nil }
    self.centres = centres
    self.barriers = Array(barriers.prefix(centres.count - 1))
  }

  /// Number of the well, from 0, in which a displacement lies.
  func well(of displacement: Double) -> Int { barriers.count { $0 < displacement } }
}
