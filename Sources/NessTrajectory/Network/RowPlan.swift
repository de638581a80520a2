import NessFormula
import NessModel

/// How the sites of a tile are swept in rows, if they can be.
struct RowPlan {
  typealias Row = NetworkPlan.Row

  /// All sites of the tile, or none.
  private(set) var rows: [Row] = []
  /// Bonds that the rows work on.
  private(set) var bonds: [Int] = []
  /// Those that must have pulled before.
  private(set) var otherBonds: [Int] = []
  /// Whether sites drift, and are pushed by their fields, as the rows meet them.
  private(set) var drifts = false
  /// Sites before the first of these must drift before the tile; after it those before the second have drifted.
  private(set) var drifted: (before: Int, after: Int)

  /// From a site to the one below: the most frequent distance of bonds that are no neighbours, the larger of two; 0 if there is
  /// none.
  static func below(_ network: SiteNetwork) -> Int {
    var counts: [Int: Int] = [:]
    for bond in network.bonds where bond.second - bond.first > 1 && isCompiled(network, bond.potential) {
      counts[bond.second - bond.first, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  private static func isCompiled(_ network: SiteNetwork, _ potential: Int) -> Bool {
    network.potentials[potential].form != .general
  }

  /// The best plan for a tile.
  ///
  /// - Parameters:
  ///   - sites: those of the tile.
  ///   - bonds: those whose first site is in the tile.
  ///   - fields: those in the tile.
  ///   - below: from a site to the one below.
  ///   - drifted: sites before this one have drifted.
  ///   - shortest: mean number of sites in a row from which on rows are worth it.
  init(
    _ network: SiteNetwork, sites: Range<Int>, bonds: Range<Int>, fields: Range<Int>, below: Int, drifted: Int,
    shortest: Int
  ) {
    func plan(ofFormulas: Bool) -> RowPlan {
      RowPlan(
        network, sites, bonds, fields, below: ofFormulas ? 0 : below, drifted, shortest, ofFormulas: ofFormulas)
    }
    self = plan(ofFormulas: false)
    // Slopes that are not compiled are given to rows whose sites drift before.
    if !drifts {
      let other = plan(ofFormulas: true)
      if other.drifts { self = other }
    }
  }

  private init(
    _ network: SiteNetwork, _ sites: Range<Int>, _ bonds: Range<Int>, _ fields: Range<Int>, below: Int, _ drifted: Int,
    _ shortest: Int, ofFormulas: Bool
  ) {
    func isKnown(_ potential: Int) -> Bool { ofFormulas || Self.isCompiled(network, potential) }
    var next = [Int?](repeating: nil, count: sites.count)
    var down = next
    for index in bonds {
      let bond = network.bonds[index]
      let site = bond.first - sites.lowerBound
      guard isKnown(bond.potential) else { continue }
      if bond.second == bond.first + 1, next[site] == nil { next[site] = index }
      if bond.second == bond.first + below, below > 1, down[site] == nil { down[site] = index }
    }
    func potential(_ bond: Int?) -> Int? { bond.map { network.bonds[$0].potential } }
    for site in 0..<sites.count where next[site] != nil && potential(next[site]) != potential(down[site]) {
      down[site] = nil
    }
    let inRows = Set((next + down).compactMap { $0 })
    let others = bonds.filter { !inRows.contains($0) }
    let farthest = bonds.reduce(max(drifted, sites.upperBound)) { max($0, network.bonds[$1].second + 1) }
    self.drifted = (farthest, farthest)
    otherBonds = Array(bonds)
    guard let some = potential(inRows.min()) else { return }

    let isDeep = down.contains { $0 != nil }
    func rows(_ field: [Int], drifts: Bool) -> [Row] {
      var rows: [Row] = []
      for site in 0..<sites.count {
        let own = potential(next[site]) ?? potential(down[site])
        let (below, field) = (down[site] == nil ? 0 : below, field[site])
        let isBound = site > 0 && next[site - 1] != nil
        if isBound, let last = rows.last, own == nil || last.potential == own, last.below == below, last.field == field
        {
          rows[rows.count - 1].sites.end += 1
          rows[rows.count - 1].isJoined = next[site] != nil
          continue
        }
        let place = sites.lowerBound + site
        rows.append(
          Row(
            sites: (place, place + 1), isJoined: next[site] != nil, below: below, potential: own ?? some, field: field,
            // Where some have sites below, those without are the last, and have drifted.
            drifts: drifts && (below > 0) == isDeep))
      }
      return rows
    }
    var pushing = [Int](repeating: -1, count: sites.count)
    var canPush = true
    for index in fields {
      let field = network.fields[index]
      let site = field.site - sites.lowerBound
      canPush = canPush && pushing[site] < 0 && isKnown(field.potential)
      pushing[site] = field.potential
    }
    let ahead = isDeep ? below : 1
    let start = min(sites.lowerBound + ahead, network.sites)
    let pushed = rows(pushing, drifts: true)
    let meetsAll =
      isDeep
      ? (0..<sites.count).allSatisfy { down[$0] != nil || sites.lowerBound + $0 + below >= network.sites }
      : pushed.count == 1
    drifts =
      canPush && meetsAll && drifted <= start && others.allSatisfy { network.bonds[$0].second < start }
      && pushed.count * shortest <= sites.count
    let found = drifts ? pushed : rows(.init(repeating: -1, count: sites.count), drifts: false)
    guard found.count * shortest <= sites.count else { return }
    (self.rows, self.bonds, otherBonds) = (found, inRows.sorted(), others)
    if drifts {
      let end = sites.upperBound
      self.drifted = (start, isDeep ? min(end + below, network.sites) : end + (pushed[0].isJoined ? 1 : 0))
    }
  }
}
