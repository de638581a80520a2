import NessMath

/// Panels of frequency that resolve every resonance of an eliminated chain before anything is integrated.
///
/// A resonance is found by the phase of the determinant, which grows by pi over its width however narrow it is
/// (`ChainWaves.phases`): a cell over which it grows by more than `largestTurn` is halved, and cells beside narrow ones are
/// halved until sizes change gradually, so that no resonance stands close to a wide cell. Where doubles do not tell the
/// frequencies apart any more, cells go on in twice the precision.
struct FrequencyMesh {
  /// A range of frequencies, by its ends in the coordinate of its region.
  struct Cell {
    var region: FrequencyRegion
    var lower: Point
    var upper: Point
    /// The width, the same bits for all cells of equal width.
    var width: Double
    var turn: Double { abs(upper.phase - lower.phase) }

    /// The same cell with frequencies as coordinates; nil if doubles still tell its frequencies apart well.
    func convertedIfNarrow() -> Cell? {
      guard region != .precise && width < 4e-3 else { return nil }
      let (frequency, width) = FrequencyMesh.span(self)
      guard width < FrequencyMesh.narrowest * frequency else { return nil }
      let (first, last) = (FrequencyMesh.frequency(lower, region), FrequencyMesh.frequency(upper, region))
      return Cell(region: .precise, lower: Point(high: first), upper: Point(high: last), width: last - first)
    }

    var middle: Point { lower.middle(to: upper) }

    var halves: [Cell] {
      let middle = middle
      return [
        Cell(region: region, lower: lower, upper: middle, width: 0.5 * width),
        Cell(region: region, lower: middle, upper: upper, width: 0.5 * width),
      ]
    }
  }

  /// An end of a cell: its coordinate, in twice the precision where the region is `.precise`, and the phase there.
  struct Point {
    var high: Double
    var low = 0.0
    var phase = 0.0

    func middle(to other: Point) -> Point { moved(by: 0.5 * ((other.high - high) + (other.low - low))) }

    func moved(by distance: Double) -> Point {
      let sum = high + distance
      let part = sum - high
      return Point(high: sum, low: (high - (sum - part)) + (distance - part) + low)
    }
  }

  /// Cells in the order of their frequency.
  private(set) var cells: [Cell] = []
  private let chain: EliminatedChain
  private var waves: ChainWaves
  private let preciseWaves: PreciseWaves

  /// Below this width relative to its frequency a cell goes on in twice the precision.
  static let narrowest = 1e-6
  /// Below this one it is not halved any more.
  static let resolution = 1e-26
  private static let largestTurn = 1.2
  private static let largestRatio = 2.5
  /// Beyond this number of cells no more are made; what then is not resolved tells `unresolvedWidth`.
  static let mostCells = 1_000_000

  /// The cells of a chain, up to where nothing passes between baths that are `distance` or more sites apart.
  ///
  /// - Throws: `QuadratureError.stopped` if `shouldStop`.
  init(
    _ chain: EliminatedChain, distance: Int, mostCells: Int = FrequencyMesh.mostCells, shouldStop: () -> Bool
  ) throws(QuadratureError) {
    self.chain = chain
    waves = ChainWaves(chain, from: 0, to: 0)
    preciseWaves = PreciseWaves(chain, from: 0, to: 0)
    cells = firstCells(distance: distance)
    while cells.count < mostCells, refine() {
      if shouldStop() { throw .stopped }
    }
  }

  // MARK: the first cells

  /// Band: equal cells, four to eight a mode. Above it: cells that grow with eta.
  private mutating func firstCells(distance: Int) -> [Cell] {
    var count = 8
    while count < 4 * chain.sites { count *= 2 }
    let half = 0.5 * Double.pi
    let spacing = half / Double(count)
    var band = (0...count).map { Point(high: spacing * Double($0)) }
    for start in stride(from: 0, to: count, by: 16) {
      let phases = waves.bandPhases(from: band[start].high, spacing: spacing)
      for lane in 0..<min(16, count - start) {
        let place = start + lane
        band[place].phase = phases[lane] + kernelPhase(Self.frequency(band[place], .band))
      }
    }
    // The limit of the phase at 0; it is pi/2 if the chain is free.
    var bottom = [Point(high: 1e-290)]
    setPhases(&bottom, .band)
    band[0].phase = bottom[0].phase
    let reach = highestScale() + 40 / Double(4 * distance + 1)
    var above: [Point] = []
    var (point, width) = (0.0, 1 / Double(4 * chain.sites))
    while point < reach {
      above.append(Point(high: point))
      point += width
      width = min(2 * width, 1)
    }
    above.append(Point(high: point))
    // At the edge itself the numbers of a span are 0/0.
    above[0].high = 1e-9 / Double(chain.sites)
    setPhases(&above, .evanescent)
    above[0].high = 0
    band[count].phase = above[0].phase
    let inBand = zip(band, band.dropFirst()).map { Cell(region: .band, lower: $0, upper: $1, width: spacing) }
    return inBand
      + zip(above, above.dropFirst()).map {
        Cell(region: .evanescent, lower: $0, upper: $1, width: $1.high - $0.high)
      }
  }

  /// eta of the highest frequency scale of the stations.
  private func highestScale() -> Double {
    var highest = 2.0
    var elastic = chain.stationStiffness.map { abs($0.high) }
    var friction = elastic.map { _ in 0.0 }
    for bath in chain.baths {
      elastic[bath.station] += bath.dynamicStiffness
      friction[bath.station] += bath.markovFriction
      for term in bath.terms { highest = max(highest, term.rate) }
    }
    highest = max(highest, elastic.max()?.squareRoot() ?? 0, friction.max() ?? 0)
    return logarithm(highest)
  }

  // MARK: phases

  private mutating func setPhases(_ points: inout [Point], _ region: FrequencyRegion) {
    var start = 0
    while start < points.count {
      let count = min(16, points.count - start)
      var (high, low) = (Lanes(repeating: points[start].high), Lanes(repeating: points[start].low))
      for lane in 0..<count { (high[lane], low[lane]) = (points[start + lane].high, points[start + lane].low) }
      let phases =
        region == .precise
        ? preciseWaves.phases(at: PreciseLanes(high, low)) : waves.phases(region, at: high)
      for lane in 0..<count {
        points[start + lane].phase = phases[lane] + kernelPhase(Self.frequency(points[start + lane], region))
      }
      start += count
    }
  }

  /// Friction with memory changes at its rates, which the determinant may not show.
  private func kernelPhase(_ frequency: Double) -> Double {
    chain.baths.reduce(0) { sum, bath in
      guard let first = bath.terms.first, let last = bath.terms.last else { return sum }
      return sum + arcTangent(frequency / first.rate) + arcTangent(frequency / last.rate)
    }
  }

  /// w in natural units.
  static func frequency(_ point: Point, _ region: FrequencyRegion) -> Double {
    switch region {
    case .band: 2 * sine(point.high)
    case .evanescent: 2 * hyperbolicCosine(point.high)
    case .precise: point.high
    }
  }

  // MARK: refinement

  /// w of the lower end, and the width in w.
  fileprivate static func span(_ cell: Cell) -> (frequency: Double, width: Double) {
    let (a, half) = (cell.lower.high, 0.5 * cell.width)
    switch cell.region {
    case .band: return (2 * sine(a), 4 * cosine(a + half) * sine(half))
    case .evanescent: return (2 * hyperbolicCosine(a), 4 * hyperbolicSine(a + half) * hyperbolicSine(half))
    case .precise: return (a, cell.width)
    }
  }

  /// Whether the first cell is much wider than the second.
  private static func isWide(_ cell: Cell, beside other: Cell) -> Bool {
    if (cell.region == .precise) != (other.region == .precise) {
      return span(cell).width > largestRatio * span(other).width
    }
    return cell.width > largestRatio * other.width
  }

  /// The width in w of all cells that may hide a resonance.
  var unresolvedWidth: Double {
    cells.reduce(0) { $0 + (Self.isUnresolved($1) ? Self.span($1).width : 0) }
  }

  private static func isUnresolved(_ cell: Cell) -> Bool {
    cell.turn > largestTurn && !(cell.region == .precise && cell.width < resolution * cell.lower.high)
  }

  /// Goes on with a part of the cells that are not resolved, `count` at most: the lowest, the highest and some between.
  mutating func resolveSome(_ count: Int, shouldStop: () -> Bool) throws(QuadratureError) {
    let open = cells.filter(Self.isUnresolved)
    if open.isEmpty { return }
    let ends = min(count / 4, open.count)
    let places = Set((0..<ends).flatMap { [$0, open.count - 1 - $0] } + (0..<count).map { $0 * open.count / count })
    let settled = cells.filter { !Self.isUnresolved($0) }
    cells = places.sorted().map { open[$0] }
    while refine() {
      if shouldStop() { throw .stopped }
    }
    cells += settled
  }

  /// The steepest growth of the phase with w: the inverse of the smallest damping rate where resonances stand apart.
  mutating func steepestPhase() -> Double {
    func slope(_ cell: Cell) -> Double { cell.turn / Self.span(cell).width }
    guard let steepest = cells.max(by: { slope($0) < slope($1) }) else { return 0 }
    // The cell is about as wide as the resonance, which may stand anywhere in it or at its ends.
    var points = (-16...32).map { steepest.lower.moved(by: steepest.width * Double($0) / 16) }
    let isInside = { (point: Point) in
      point.high > 0 && (steepest.region != .band || point.high < 0.5 * Double.pi)
    }
    points = points.filter(isInside)
    setPhases(&points, steepest.region)
    let slopes = zip(points, points.dropFirst()).map { one, other in
      slope(
        Cell(region: steepest.region, lower: one, upper: other, width: (other.high - one.high) + (other.low - one.low)))
    }
    return max(slope(steepest), slopes.max() ?? 0)
  }

  /// Which cells are to be halved.
  private func flags() -> [Bool] {
    cells.withUnsafeBufferPointer { cells in
      var flags = [Bool](repeating: false, count: cells.count)
      for index in cells.indices where cells[index].turn > Self.largestTurn { flags[index] = true }
      for index in cells.indices.dropLast() {
        let (one, other) = (cells[index].width, cells[index + 1].width)
        // Equal regions and widths are the rule.
        if one == other && cells[index].region == cells[index + 1].region { continue }
        if Self.isWide(cells[index], beside: cells[index + 1]) { flags[index] = true }
        if Self.isWide(cells[index + 1], beside: cells[index]) { flags[index + 1] = true }
      }
      return flags
    }
  }

  /// Halves the cells that need it; false if none does.
  private mutating func refine() -> Bool {
    let flags = flags()
    let count = flags.count { $0 }
    if count == 0 { return false }
    var next: [Cell] = []
    next.reserveCapacity(cells.count + count)
    var halved: [[Int]] = [[], [], []]
    var converted: [Int] = []
    for (index, cell) in cells.enumerated() {
      guard flags[index] else {
        next.append(cell)
        continue
      }
      if let precise = cell.convertedIfNarrow() {
        converted.append(next.count)
        next.append(precise)
        continue
      }
      // Below any number that matters there is nothing left to find.
      if cell.upper.high < 1e-280 || cell.region == .precise && cell.width < Self.resolution * cell.lower.high {
        next.append(cell)
        continue
      }
      halved[cell.region.order].append(next.count)
      next += cell.halves
    }
    if halved.allSatisfy(\.isEmpty) && converted.isEmpty { return false }
    for region in FrequencyRegion.allCases {
      let places = halved[region.order]
      var points = places.map { next[$0].upper }
      setPhases(&points, region)
      for (place, point) in zip(places, points) { (next[place].upper, next[place + 1].lower) = (point, point) }
    }
    var ends = converted.flatMap { [next[$0].lower, next[$0].upper] }
    setPhases(&ends, .precise)
    for (number, place) in converted.enumerated() {
      (next[place].lower, next[place].upper) = (ends[2 * number], ends[2 * number + 1])
    }
    cells = next
    return true
  }
}
