import NessModel
import NessMath

/// The heat of every bath of an eliminated chain with many baths, and what passes between them, integrated together over a
/// mesh that resolves every resonance,
///
///     J_a = sum_b (T_a - T_b) I_ab,      I_ab as in `Transmission`   [energy/time in natural units]
///
/// One sweep along the chain gives all of them at one frequency, for |G_ab|² is a product of a part of a and a part of b
/// (`HeatFlows`). O(stations + baths) for every frequency, where pairs of baths would cost baths² stations.
struct HeatSweep {
  /// An integral in units of the spread of the temperatures, a bound on its error and the integral of sizes, all times 2 to
  /// `exponent`.
  struct Sum {
    var value = 0.0
    var error = 0.0
    var size = 0.0
    /// The size expected, by one point of every cell.
    var expected = 0.0
    var exponent = Int(Int32.min)
  }

  /// By bath, in the order of the chain's.
  private(set) var given: [Sum]
  /// Between a bath and the next of `baths`.
  private(set) var passing: [Sum]
  /// What resonances that are too narrow may add to each of them: through no bond and from no bath passes more than
  /// everything, (1/2 pi) dw.
  private(set) var unresolved: Double
  /// The baths by their place, as indices of the chain's.
  var baths: [Int] { flows.baths }

  private let chain: EliminatedChain
  private let rounding: RoundingError
  private let withPassing: Bool
  private var waves: ChainWaves
  private let preciseWaves: PreciseWaves
  private var response: StationResponse
  private var flows: HeatFlows
  private var tallies: [(flow: PanelTally, size: Double)] = []

  private static let mostPanels = 4_000_000

  /// - Throws: `QuadratureError.notFinite`, `.stopped`.
  init(
    _ chain: EliminatedChain, _ mesh: FrequencyMesh, lowest: Double, spread: Double, withPassing: Bool,
    relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) {
    self.chain = chain
    self.withPassing = withPassing
    rounding = RoundingError(chain)
    waves = ChainWaves(chain, from: 0, to: 0)
    preciseWaves = PreciseWaves(chain, from: 0, to: 0)
    response = StationResponse(chain)
    flows = HeatFlows(chain, lowest: lowest, spread: spread)
    given = Array(repeating: Sum(), count: chain.baths.count)
    passing = Array(repeating: Sum(), count: withPassing ? chain.baths.count - 1 : 0)
    unresolved = mesh.unresolvedWidth / (2 * Double.pi)
    tallies.reserveCapacity(given.count + passing.count)
    try expect(mesh.cells, watch)
    try integrate(mesh.cells, relativeTolerance / Double(max(32, mesh.cells.count)), watch)
  }

  // MARK: sizes

  /// Sizes by the middles of all cells, sixteen at a time.
  private mutating func expect(_ cells: [FrequencyMesh.Cell], _ watch: WorkWatch) throws(QuadratureError) {
    for region in FrequencyRegion.allCases {
      let cells = cells.filter { $0.region == region }
      for start in stride(from: 0, to: cells.count, by: 16) {
        if watch.shouldStop() { throw .stopped }
        var (high, low, width) = (Lanes(repeating: cells[start].middle.high), Lanes.zero, Lanes.zero)
        for lane in 0..<min(16, cells.count - start) {
          let middle = cells[start + lane].middle
          (high[lane], low[lane], width[lane]) = (middle.high, middle.low, cells[start + lane].width)
        }
        if region == .precise {
          preciseWaves.respond(at: PreciseLanes(high, low), into: &response)
        } else {
          waves.respond(region, at: high, into: &response)
        }
        flows.evaluate(response, withPassing: withPassing)
        for place in baths.indices { Self.expect(&given[baths[place]], flows.given[place], width) }
        for place in passing.indices { Self.expect(&passing[place], flows.passing[place], width) }
      }
    }
  }

  private static func expect(_ sum: inout Sum, _ flow: HeatFlows.Flow, _ width: Lanes) {
    let exponents = flow.exponent &+ flow.size.binaryExponent.exponent
    let lowest = LaneIntegers(repeating: Int64(Int32.min))
    let highest = Int(lowest.replacing(with: exponents, where: (flow.size * width) .> 0 .& (exponents .> lowest)).max())
    if highest > sum.exponent {
      sum.expected *= Double(sign: .plus, exponent: max(-2000, sum.exponent - highest), significand: 1)
      sum.exponent = highest
    }
    sum.expected += (width * flow.size.scaled(byPowersOfTwo: flow.exponent &- Int64(sum.exponent))).sum()
  }

  // MARK: integrals

  private mutating func integrate(
    _ cells: [FrequencyMesh.Cell], _ accepted: Double, _ watch: WorkWatch
  ) throws(QuadratureError) {
    var evaluated = 0
    for (index, cell) in cells.enumerated() {
      watch.report(index, of: cells.count)
      var open = [cell]
      while let cell = open.popLast() {
        if watch.shouldStop() { throw .stopped }
        evaluated += 1
        let isNarrow = cell.region == .precise && cell.width < FrequencyMesh.resolution * cell.lower.high
        if try add(cell, evaluated > Self.mostPanels || isNarrow ? .infinity : accepted) {
          if isNarrow { unresolved += cell.width / (2 * Double.pi) }
        } else if let precise = cell.convertedIfNarrow() {
          open.append(precise)
        } else {
          open += cell.halves.reversed()
        }
      }
    }
  }

  /// Adds the part of a cell to all integrals; false, and nothing added, if an error is too large.
  private mutating func add(_ cell: FrequencyMesh.Cell, _ accepted: Double) throws(QuadratureError) -> Bool {
    let halfWidth = 0.5 * cell.width
    if cell.region == .precise {
      let offset = PreciseLanes(GaussKronrod15.nodes * halfWidth)
      preciseWaves.respond(at: PreciseLanes(repeating: cell.middle.high, cell.middle.low) + offset, into: &response)
    } else {
      waves.respond(cell.region, .init(center: cell.middle.high, halfWidth: halfWidth), into: &response)
    }
    flows.evaluate(response, withPassing: withPassing)
    tallies.removeAll(keepingCapacity: true)
    for place in baths.indices {
      guard try tally(flows.given[place], given[baths[place]], cell, halfWidth, accepted) else { return false }
    }
    for place in passing.indices {
      guard try tally(flows.passing[place], passing[place], cell, halfWidth, accepted) else { return false }
    }
    // Sums over the baths are rounded too.
    let relative = rounding.relative(cell) + 1e-15 * Double(chain.baths.count)
    for place in baths.indices { given[baths[place]].add(tallies[place], relative) }
    for place in passing.indices { passing[place].add(tallies[baths.count + place], relative) }
    return true
  }

  @inline(__always)
  private mutating func tally(
    _ flow: HeatFlows.Flow, _ sum: Sum, _ cell: FrequencyMesh.Cell, _ halfWidth: Double, _ accepted: Double
  ) throws(QuadratureError) -> Bool {
    let exponent = flow.exponent &- Int64(sum.exponent)
    let values = flow.value.scaled(byPowersOfTwo: exponent)
    let tally = withUnsafePointer(to: values) { PanelTally($0, halfWidth: halfWidth) }
    let size = halfWidth * (flow.size.scaled(byPowersOfTwo: exponent) * GaussKronrod15.weights).sum()
    guard tally.value.isFinite && size.isFinite else {
      throw .notFinite(near: chain.frequencyUnit * FrequencyMesh.frequency(cell.middle, cell.region))
    }
    tallies.append((tally, size))
    return tally.error <= accepted * sum.expected || accepted == .infinity
  }
}

extension HeatSweep.Sum {
  fileprivate mutating func add(_ tally: (flow: PanelTally, size: Double), _ rounding: Double) {
    value += tally.flow.value
    error += tally.flow.error + rounding * tally.size
    size += tally.size
  }
}
