import NessMath
import NessModel
import NessStatistics

/// Kinetic temperatures along an eliminated chain,
///
///     m <v_j²> = sum_b T_b c_jb,      c_jb = (2m/pi) int_0^inf dw w² Re g_b(w) |G_jb(w)|²,      sum_b c_jb = 1
///
/// The last is equipartition: what the sum misses of 1 belongs to resonances that no bath reaches or that are too narrow
/// for the numbers, and it is a part of the bound.
struct KineticProfile {
  /// m <v_j²> of every site [energy].
  let temperatures: [Estimate]

  /// Why there is no profile.
  struct DarkModes: Error, CustomStringConvertible {
    let site: Int
    let share: Double

    var description: String {
      "\((100 * share).text(digits: 3)) % of the motion of site \(site) belongs to modes that no bath reaches, "
        + "which keep what they had at the start"
    }
  }

  /// - Complexity: O(N²), a hundred frequencies for every mode.
  /// - Throws: `DarkModes`, `QuadratureError`.
  init(_ chain: EliminatedChain, relativeTolerance: Double, watch: WorkWatch = WorkWatch()) throws {
    let lowest = chain.baths.map(\.temperature).min() ?? 0
    let spread = (chain.baths.map(\.temperature).max() ?? 0) - lowest
    guard spread > 0 else {
      temperatures = (0..<chain.sites).map { _ in .numerical(lowest, bound: 2e-16 * lowest) }
      return
    }
    var sums = SiteSums(chain, above: lowest, spread: spread)
    let mesh = try FrequencyMesh(chain, distance: 0, shouldStop: watch.shouldStop)
    try sums.integrate(mesh, relativeTolerance: relativeTolerance, watch)
    for (index, site) in sums.sites.enumerated() where 1 - site.whole > 1e-6 + site.error {
      throw DarkModes(site: index + 1, share: 1 - site.whole)
    }
    temperatures = sums.sites.map { site in
      let bound = spread * (site.error + abs(1 - site.whole)) + 4e-16 * (lowest + spread)
      return .numerical(lowest + spread * site.hot, bound: bound)
    }
  }
}

/// The integrals of all sites at once.
private struct SiteSums {
  struct Site {
    /// sum_b c_jb, and sum_b c_jb (T_b - T_lowest)/(T_highest - T_lowest).
    var whole = 0.0
    var hot = 0.0
    var error = 0.0
  }

  private(set) var sites: [Site]
  private let chain: EliminatedChain
  private let rounding: RoundingError
  private let heats: [Double]
  /// Baths of every station.
  private let bathsOfStation: [[(index: Int, site: Int)]]
  private var waves: SiteWaves

  init(_ chain: EliminatedChain, above lowest: Double, spread: Double) {
    self.chain = chain
    rounding = RoundingError(chain)
    heats = chain.baths.map { ($0.temperature - lowest) / spread }
    var baths = [[(index: Int, site: Int)]](repeating: [], count: chain.stationSites.count)
    for (index, bath) in chain.baths.enumerated() { baths[bath.station].append((index, bath.site)) }
    bathsOfStation = baths
    waves = SiteWaves(chain)
    sites = Array(repeating: Site(), count: chain.sites)
  }

  mutating func integrate(
    _ mesh: FrequencyMesh, relativeTolerance: Double, _ watch: WorkWatch
  ) throws(QuadratureError) {
    var cells = mesh.cells
    let accepted = relativeTolerance / Double(max(32, cells.count))
    var evaluated = 0
    while !cells.isEmpty {
      var next: [FrequencyMesh.Cell] = []
      for (index, cell) in cells.enumerated() {
        // The first round is most of the work.
        if cells.count == mesh.cells.count { watch.report(index, of: cells.count) }
        if watch.shouldStop() { throw .stopped }
        evaluated += 1
        if add(cell, accepted: evaluated > 1_000_000 ? .infinity : accepted) { continue }
        if let precise = cell.convertedIfNarrow() {
          next.append(precise)
        } else {
          next += cell.halves
        }
      }
      cells = next
    }
  }

  /// Adds the part of a cell to all sites; false, and nothing added, if its error is too large.
  private mutating func add(_ cell: FrequencyMesh.Cell, accepted: Double) -> Bool {
    let (center, halfWidth) = (cell.middle, 0.5 * cell.width)
    waves.evaluate(cell.region, center: center, halfWidth: halfWidth)
    let isLast = cell.region == .precise && cell.width < FrequencyMesh.resolution * cell.lower.high
    let roundingError = rounding.relative(cell)
    var wholes: [PanelTally] = []
    var hots: [PanelTally] = []
    wholes.reserveCapacity(sites.count)
    hots.reserveCapacity(sites.count)
    let (toTheLeft, toTheRight) = sources()
    var station = 0
    for site in 0..<sites.count {
      // Baths on this site or to its right heat it as u_j, those to its left as v_j.
      if site + 1 > chain.stationSites[station] { station += 1 }
      let (u, v) = (waves.left[site], waves.right[site])
      var (whole, hot) = (Lanes.zero, Lanes.zero)
      if let source = toTheLeft[station] {
        let scale = u.value.scaled(byPowersOfTwo: u.exponent &+ source.exponent)
        whole += source.whole * scale
        hot += source.hot * scale
      }
      if let source = toTheRight[station] {
        let scale = v.value.scaled(byPowersOfTwo: v.exponent &+ source.exponent)
        whole += source.whole * scale
        hot += source.hot * scale
      }
      wholes.append(withUnsafePointer(to: whole) { PanelTally($0, halfWidth: halfWidth) })
      hots.append(withUnsafePointer(to: hot) { PanelTally($0, halfWidth: halfWidth) })
      let error = max(wholes[site].error, hots[site].error)
      if !isLast && !(error <= accepted) && error.isFinite { return false }
    }
    for site in sites.indices {
      sites[site].whole += wholes[site].value
      sites[site].hot += hots[site].value
      sites[site].error += hots[site].error + roundingError * wholes[site].size
    }
    return true
  }

  private struct Source {
    var whole: Lanes
    var hot: Lanes
    var exponent: SIMD16<Int64>

    mutating func add(_ other: Source) {
      let highest = exponent.replacing(with: other.exponent, where: other.exponent .> exponent)
      let (mine, its) = (exponent &- highest, other.exponent &- highest)
      whole = whole.scaled(byPowersOfTwo: mine) + other.whole.scaled(byPowersOfTwo: its)
      hot = hot.scaled(byPowersOfTwo: mine) + other.hot.scaled(byPowersOfTwo: its)
      exponent = highest
    }
  }

  /// For sites up to station s and beyond s - 1: what the baths on station s and to its right send to the left, and what
  /// those on stations before s send to the right.
  private func sources() -> (toTheLeft: [Source?], toTheRight: [Source?]) {
    let count = chain.stationSites.count
    var toTheLeft = [Source?](repeating: nil, count: count)
    var toTheRight = toTheLeft
    func source(_ bath: Int, _ wave: ScaledLanes) -> Source {
      let strength = waves.density * waves.dissipative[bath] * (wave.value * waves.inverseWronskian.value)
      return Source(
        whole: strength, hot: heats[bath] * strength, exponent: wave.exponent &+ waves.inverseWronskian.exponent)
    }
    func joined(_ a: Source?, _ b: Source) -> Source {
      guard var sum = a else { return b }
      sum.add(b)
      return sum
    }
    for station in (0..<count).reversed() {
      if station + 1 < count { toTheLeft[station] = toTheLeft[station + 1] }
      for bath in bathsOfStation[station] {
        toTheLeft[station] = joined(toTheLeft[station], source(bath.index, waves.right[bath.site - 1]))
      }
    }
    for station in 1..<max(count, 2) where station < count {
      toTheRight[station] = toTheRight[station - 1]
      for bath in bathsOfStation[station - 1] {
        toTheRight[station] = joined(toTheRight[station], source(bath.index, waves.left[bath.site - 1]))
      }
    }
    return (toTheLeft, toTheRight)
  }
}
