import NessMath
import NessModel

/// Panels of frequency that resolve every resonance of a network before anything is integrated: as `FrequencyMesh` does for
/// chains, by the phase of the determinant, which grows by pi over a resonance however narrow it is.
///
/// Panels end at the frequencies of the undamped modes, and those between are counted from the nearer of two, so that a
/// resonance of weak friction, which stands there, may be as narrow as numbers allow. Beyond the modes the coordinate is
/// -reach/w, which ends at 0.
struct NetworkMesh {
  /// A range of frequencies.
  struct Cell {
    /// The anchor from which its coordinate is counted; nil beyond the modes.
    var anchor: Int?
    var lower: Double
    var upper: Double
    /// Phases at its ends; nan at an anchor, where the undamped network resonates.
    var lowerPhase = Double.nan
    var upperPhase = Double.nan

    var width: Double { upper - lower }
    var middle: Double { lower + 0.5 * (upper - lower) }

    /// Where it is divided: beside an anchor most goes to the outer part, which is far from the resonance for its width.
    var division: Double {
      guard anchor != nil else { return middle }
      return lower == 0 ? 0.25 * upper : upper == 0 ? 0.25 * lower : middle
    }
    /// Whether it is too narrow to be divided.
    var isLast: Bool {
      guard anchor != nil else { return width < 1e-15 }
      let far = max(abs(lower), abs(upper))
      return far < 1e-60 || width < 4e-16 * far
    }
    var halves: [Cell] {
      let division = division
      return [
        Cell(anchor: anchor, lower: lower, upper: division, lowerPhase: lowerPhase),
        Cell(anchor: anchor, lower: division, upper: upper, upperPhase: upperPhase),
      ]
    }
  }

  /// In the order of their frequency.
  private(set) var cells: [Cell] = []
  /// From here on the coordinate is -reach/w.
  let reach: Double
  private let modes: NetworkModes
  private var response: NetworkResponse

  /// By how much the estimated errors of panels are multiplied, which are no bounds.
  static let caution = 2.0
  private static let largestTurn = 1.2
  private static let largestRatio = 3.5
  private static let mostCells = 400_000

  /// - Throws: `QuadratureError.stopped` if `shouldStop`.
  init(_ modes: NetworkModes, shouldStop: () -> Bool) throws(QuadratureError) {
    self.modes = modes
    response = NetworkResponse(modes)
    let last = modes.anchors[modes.anchors.count - 1]
    reach = last > 0 ? 1.5 * last : 1
    setFirstCells()
    while cells.count < Self.mostCells, refine() {
      if shouldStop() { throw .stopped }
    }
  }

  private mutating func setFirstCells() {
    let anchors = modes.anchors
    for (place, anchor) in anchors.enumerated() {
      if place > 0 {
        cells.append(Cell(anchor: place, lower: -0.5 * (anchor - anchors[place - 1]), upper: 0))
      }
      let next = place + 1 < anchors.count ? anchor + 0.5 * (anchors[place + 1] - anchor) : reach
      cells.append(Cell(anchor: place, lower: 0, upper: next - anchor))
    }
    cells.append(Cell(anchor: nil, lower: -1, upper: 0))
    cells[0].lowerPhase = 0.5 * Double.pi * Double(modes.freeModes)
    cells[cells.count - 1].upperPhase = Double.pi * Double(modes.frequencies.count) + kernelPhase(.infinity)
    setPhases(after: Array(cells.indices.dropLast()))
  }

  /// Sets the phase between each of these cells and the next, except at an anchor.
  private mutating func setPhases(after places: [Int]) {
    let open = places.filter { cells[$0].upper != 0 || cells[$0].anchor == nil }
    for start in stride(from: 0, to: open.count, by: 16) {
      let chosen = open[start..<min(start + 16, open.count)]
      var at = NetworkFrequencies(anchor: .zero, offset: .zero, density: .zero)
      for lane in 0..<16 {
        let cell = cells[chosen[min(start + lane, chosen.endIndex - 1)]]
        if let anchor = cell.anchor {
          (at.anchor[lane], at.offset[lane]) = (modes.anchors[anchor], cell.upper)
        } else {
          at.offset[lane] = -reach / cell.upper
        }
      }
      let phases = response.phases(at)
      for (lane, place) in chosen.enumerated() {
        let phase = phases[lane] + kernelPhase(at.frequency[lane])
        (cells[place].upperPhase, cells[place + 1].lowerPhase) = (phase, phase)
      }
    }
  }

  /// Friction with memory changes at its rates, which the determinant may not show.
  private func kernelPhase(_ frequency: Double) -> Double {
    modes.baths.reduce(0) { sum, bath in
      guard let first = bath.terms.first, let last = bath.terms.last else { return sum }
      return sum + arcTangent(frequency / first.rate) + arcTangent(frequency / last.rate)
    }
  }

  /// The growth of the phase over every cell; of the two beside an anchor half of that over both.
  private func turns() -> [Double] {
    var turns = cells.map { abs($0.upperPhase - $0.lowerPhase) }
    for place in cells.indices.dropLast() where cells[place].anchor != nil && cells[place].upper == 0 {
      let half = 0.5 * abs(cells[place + 1].upperPhase - cells[place].lowerPhase)
      (turns[place], turns[place + 1]) = (half, half)
    }
    return turns
  }

  /// The width in w of all cells that may hide a resonance.
  var unresolvedWidth: Double {
    zip(cells, turns()).reduce(0) { sum, entry in
      let (cell, turn) = entry
      guard turn > Self.largestTurn else { return sum }
      return sum + span(cell)
    }
  }

  /// Width in w.
  private func span(_ cell: Cell) -> Double {
    cell.anchor != nil ? cell.width : cell.upper == 0 ? 0 : reach / -cell.upper - reach / -cell.lower
  }

  /// Widths that may be compared: of neighbours in one coordinate.
  private func isWide(_ one: Int, beside other: Int) -> Bool {
    if (cells[one].anchor == nil) == (cells[other].anchor == nil) {
      return cells[one].width > Self.largestRatio * cells[other].width
    }
    let isTail = cells[one].anchor == nil
    return (isTail ? reach : 1) * cells[one].width > Self.largestRatio * (isTail ? 1 : reach) * cells[other].width
  }

  /// Divides the cells that need it; false if none does.
  private mutating func refine() -> Bool {
    var flags = turns().map { $0 > Self.largestTurn }
    for place in cells.indices.dropLast() {
      if isWide(place, beside: place + 1) { flags[place] = true }
      if isWide(place + 1, beside: place) { flags[place + 1] = true }
    }
    var next: [Cell] = []
    next.reserveCapacity(cells.count + flags.count { $0 })
    var open: [Int] = []
    for (cell, isFlagged) in zip(cells, flags) {
      if isFlagged && !cell.isLast {
        open.append(next.count)
        next += cell.halves
      } else {
        next.append(cell)
      }
    }
    if open.isEmpty { return false }
    cells = next
    setPhases(after: open)
    return true
  }

  /// Whether a panel spans many times its lowest frequency and a scale on which an integrand changes: it may then be 0 at all of the
  /// sixteen frequencies and not between. Beyond the modes the lowest one shows what there is.
  func isWide(_ cell: Cell, for scale: Double) -> Bool {
    guard scale.isFinite, let anchor = cell.anchor else { return false }
    return cell.width > 4 * max(scale, modes.anchors[anchor] + cell.lower)
  }

  /// The sixteen frequencies of a panel.
  func frequencies(of cell: Cell) -> NetworkFrequencies {
    let half = 0.5 * cell.width
    let nodes = GaussKronrod15.nodes * half + cell.middle
    return frequencies(at: nodes, cell.anchor)
  }

  /// Frequencies at coordinates of one anchor, or beyond the modes.
  func frequencies(at coordinates: Lanes, _ anchor: Int?) -> NetworkFrequencies {
    if let anchor {
      return .init(
        anchor: Lanes(repeating: modes.anchors[anchor]), offset: coordinates, density: Lanes(repeating: 1))
    }
    let inverse = (-coordinates).reciprocal
    return .init(anchor: .zero, offset: reach * inverse, density: reach * inverse * inverse)
  }

  /// By how much of itself rounding of the numbers on the way may change what a panel adds: that of the frequency, which
  /// matters in panels as narrow as that, that of elimination, and that of the place of the modes.
  func roundingError(of cell: Cell, operations: Double) -> Double {
    let rounding = 2.3e-16 * operations * (1 + 2 * abs(cell.middle) / cell.width)
    guard let anchor = cell.anchor else { return rounding }
    let frequency = modes.anchors[anchor] + cell.middle
    let square = modes.anchors[anchor] * modes.anchors[anchor]
    return rounding + (square > 0 ? modes.shifts[anchor] * square / (square + frequency * frequency) : 0)
  }

  /// Ranges of up to sixteen neighbouring cells of one anchor.
  var groups: [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    while start < cells.count {
      var end = start + 1
      while end < cells.count, end - start < 16, cells[end].anchor == cells[start].anchor { end += 1 }
      groups.append(start..<end)
      start = end
    }
    return groups
  }

  /// Goes over all cells, group by group, and divides each until its parts are accepted.
  ///
  /// - Parameters:
  ///   - scale: on which an integrand changes, see `isWide`.
  ///   - most: cells after which none is divided any more.
  ///   - begin: called before the cells of a group.
  ///   - accept: takes a cell, with its place in the group and whether it cannot be divided; false to have it divided.
  /// - Throws: `QuadratureError.stopped`, and what `accept` throws.
  func visit(
    scale: Double = .infinity, most: Int, _ watch: WorkWatch, begin: (Range<Int>) -> Void,
    accept: (_ cell: Cell, _ lane: Int, _ isLast: Bool) throws(QuadratureError) -> Bool
  ) throws(QuadratureError) {
    var evaluated = 0
    let groups = groups
    for (index, group) in groups.enumerated() {
      watch.report(index, of: groups.count)
      if watch.shouldStop() { throw .stopped }
      begin(group)
      for (lane, place) in group.enumerated() {
        var open = [cells[place]]
        while let cell = open.popLast() {
          if watch.shouldStop() { throw .stopped }
          evaluated += 1
          let isLast = cell.isLast || evaluated > most
          if isLast || !isWide(cell, for: scale), try accept(cell, lane, isLast) { continue }
          open += cell.halves.reversed()
        }
      }
    }
  }

  /// The middles of a group, and the widths of its cells; 0 beyond its end.
  func middles(of group: Range<Int>) -> (at: NetworkFrequencies, widths: Lanes) {
    var (coordinates, widths) = (Lanes(repeating: cells[group.lowerBound].middle), Lanes.zero)
    for (lane, place) in group.enumerated() {
      (coordinates[lane], widths[lane]) = (cells[place].middle, cells[place].width)
    }
    return (frequencies(at: coordinates, cells[group.lowerBound].anchor), widths)
  }
}
