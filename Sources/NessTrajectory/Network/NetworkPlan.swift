import CVectorMath
import NessFormula
import NessModel

/// In which order a network is swept, so that what is in the cache is used while it is there, and bonds that lie side by side
/// are worked on without a list of their sites.
///
/// Sites are taken in tiles. All bonds whose first site lies in a tile are done with it, after all of their sites have drifted;
/// then no bond to a site of the tile is left, for the first site of a bond is the smaller one, and the tile is kicked.
final class NetworkPlan: Sendable {
  /// Sites in a tile, at most; bonds or fields in a block.
  static let tileSize = 64
  /// Bonds that lie side by side from which on they are worked on without a list.
  private static let shortestRun = 4

  /// Bonds of one potential, or fields of one.
  struct Block: BitwiseCopyable, Sendable {
    /// How it finds its sites.
    enum Shape: Int8, BitwiseCopyable { case run, pairs }
    let shape: Shape
    let potential: Int32
    /// Of a run: the first site, from 0; of pairs: where they begin in the list.
    let first: Int
    /// Of a run of bonds: second site less first.
    let offset: Int
    let count: Int
    /// Where its bonds begin among those of the plan.
    let bond: Int
  }

  /// Neighbouring sites of a tile that are swept in one pass: each is bound to the next, and all of them or none to the sites
  /// `below` further on, by bonds of one compiled potential.
  struct Row: BitwiseCopyable, Sendable {
    var sites: (first: Int, end: Int)
    /// Whether its last site is bound to the next one.
    var isJoined: Bool
    /// 0 for none.
    let below: Int
    let potential: Int
    /// Potential of the field on all of its sites; negative if there is none or it has pushed.
    let field: Int
    /// Whether the sites below, or without them the next ones, drift as they are met.
    let drifts: Bool
  }

  struct Tile: BitwiseCopyable, Sendable {
    let sites: (first: Int, end: Int)
    /// Sites before this one drift before the forces of the tile; after it those before the other have drifted.
    let drifted: (before: Int, after: Int)
    /// Fields and bonds that are not worked on by rows.
    let fields: (first: Int, end: Int)
    let bonds: (first: Int, end: Int)
    /// Contacts with baths in the tile.
    let contacts: (first: Int, end: Int)
    /// All of its sites, or none.
    let rows: (first: Int, end: Int)
  }

  let tiles: [Tile]
  let bondBlocks: [Block]
  let fieldBlocks: [Block]
  let rows: [Row]
  /// Sites of the bonds in blocks of pairs, two by two.
  let pairs: [Int32]
  /// For every bond of the network, its place among those of the plan.
  let placeOfBond: [Int]

  /// - Parameters:
  ///   - network: what is swept.
  ///   - contacts: sites with baths, in order.
  init(_ network: SiteNetwork, contacts: [Int]) {
    var (tiles, bondBlocks, fieldBlocks, rows, pairs) = ([Tile](), [Block](), [Block](), [Row](), [Int32]())
    var places = [Int](repeating: 0, count: network.bonds.count)
    var (nextBond, nextField, nextContact, placed, drifted) = (0, 0, 0, 0, 0)
    let below = RowPlan.below(network)
    for first in stride(from: 0, to: network.sites, by: Self.tileSize) {
      let end = min(first + Self.tileSize, network.sites)
      func upTo(_ start: Int, _ count: Int, _ site: (Int) -> Int) -> Range<Int> {
        var stop = start
        while stop < count, site(stop) < end { stop += 1 }
        return start..<stop
      }
      let bonds = upTo(nextBond, network.bonds.count) { network.bonds[$0].first }
      let fields = upTo(nextField, network.fields.count) { network.fields[$0].site }
      let touched = upTo(nextContact, contacts.count) { contacts[$0] }
      (nextBond, nextField, nextContact) = (bonds.upperBound, fields.upperBound, touched.upperBound)
      let plan = RowPlan(
        network, sites: first..<end, bonds: bonds, fields: fields, below: below, drifted: drifted,
        shortest: Self.shortestRun)
      let (firstBonds, firstFields, firstRow) = (bondBlocks.count, fieldBlocks.count, rows.count)
      if !plan.drifts { Self.add(fields, of: network, to: &fieldBlocks) }
      Self.add(plan.otherBonds, of: network, to: &bondBlocks, &pairs, &places, &placed)
      let endOfBonds = bondBlocks.count
      // Bonds of rows are in blocks for the reading of flows alone.
      Self.add(plan.bonds, of: network, to: &bondBlocks, &pairs, &places, &placed)
      rows += plan.rows
      tiles.append(
        Tile(
          sites: (first, end), drifted: plan.drifted, fields: (firstFields, fieldBlocks.count),
          bonds: (firstBonds, endOfBonds), contacts: (touched.lowerBound, touched.upperBound),
          rows: (firstRow, rows.count)))
      drifted = plan.drifted.after
    }
    self.tiles = tiles
    self.bondBlocks = bondBlocks
    self.fieldBlocks = fieldBlocks
    self.rows = rows
    self.pairs = pairs
    placeOfBond = places
  }

  private static func add(_ fields: Range<Int>, of network: SiteNetwork, to blocks: inout [Block]) {
    let order = fields.sorted {
      let (first, second) = (network.fields[$0], network.fields[$1])
      return (first.potential, first.site) < (second.potential, second.site)
    }
    var start = 0
    while start < order.count {
      let field = network.fields[order[start]]
      var count = 1
      while start + count < order.count {
        let next = network.fields[order[start + count]]
        guard next.potential == field.potential, next.site == field.site + count else { break }
        count += 1
      }
      blocks.append(
        Block(shape: .run, potential: Int32(field.potential), first: field.site, offset: 0, count: count, bond: 0))
      start += count
    }
  }

  private static func add(
    _ bonds: [Int], of network: SiteNetwork, to blocks: inout [Block], _ pairs: inout [Int32],
    _ places: inout [Int], _ placed: inout Int
  ) {
    func key(_ bond: Int) -> (potential: Int, offset: Int, first: Int) {
      let bond = network.bonds[bond]
      return (bond.potential, bond.second - bond.first, bond.first)
    }
    let order = bonds.sorted { key($0) == key($1) ? $0 < $1 : key($0) < key($1) }
    var (start, single) = (0, [Int]())
    func end(_ potential: Int) {
      for first in stride(from: 0, to: single.count, by: tileSize) {
        let part = single[first..<min(first + tileSize, single.count)]
        let sites = part.sorted { network.bonds[$0].first < network.bonds[$1].first }
        blocks.append(
          Block(
            shape: .pairs, potential: Int32(potential), first: pairs.count / 2, offset: 0, count: part.count,
            bond: placed))
        for bond in sites {
          pairs += [Int32(network.bonds[bond].first), Int32(network.bonds[bond].second)]
          places[bond] = placed
          placed += 1
        }
      }
      single = []
    }
    while start < order.count {
      let (potential, offset, first) = key(order[start])
      var count = 1
      while start + count < order.count, count < tileSize,
        key(order[start + count]) == (potential, offset, first + count)
      {
        count += 1
      }
      if count < shortestRun {
        single += order[start..<(start + count)]
      } else {
        blocks.append(
          Block(
            shape: .run, potential: Int32(potential), first: first, offset: offset, count: count, bond: placed))
        for bond in order[start..<(start + count)] {
          places[bond] = placed
          placed += 1
        }
      }
      start += count
      if start == order.count || key(order[start]).potential != potential { end(potential) }
    }
  }
}
