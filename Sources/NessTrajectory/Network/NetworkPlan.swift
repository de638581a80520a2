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

  /// How a tile can be swept in one pass where it is not read: without baths, all of whose bonds are one polynomial between
  /// neighbours from its first site on.
  enum Row: Int8, BitwiseCopyable {
    case none
    /// Its sites have drifted, and its fields have pushed.
    case kicked
    /// It drifts as well: all sites before the second one have drifted with the tile before, and its only field, if it has one,
    /// is a polynomial on all of its sites.
    case moved
  }

  struct Tile: BitwiseCopyable, Sendable {
    let sites: (first: Int, end: Int)
    /// Sites before this one drift before the forces of the tile.
    let drifted: Int
    let fields: (first: Int, end: Int)
    let bonds: (first: Int, end: Int)
    /// Contacts with baths in the tile.
    let contacts: (first: Int, end: Int)
    /// Whether it is swept in one pass.
    let row: Row
  }

  let tiles: [Tile]
  let bondBlocks: [Block]
  let fieldBlocks: [Block]
  /// Sites of the bonds in blocks of pairs, two by two.
  let pairs: [Int32]
  /// For every bond of the network, its place among those of the plan.
  let placeOfBond: [Int]

  /// - Parameters:
  ///   - network: what is swept.
  ///   - contacts: sites with baths, in order.
  init(_ network: SiteNetwork, contacts: [Int]) {
    var (tiles, bondBlocks, fieldBlocks, pairs) = ([Tile](), [Block](), [Block](), [Int32]())
    var places = [Int](repeating: 0, count: network.bonds.count)
    var (nextBond, nextField, nextContact, placed, drifted) = (0, 0, 0, 0, 0)
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
      let before = drifted
      drifted = bonds.reduce(max(drifted, end)) { max($0, network.bonds[$1].second + 1) }
      let (firstBonds, firstFields) = (bondBlocks.count, fieldBlocks.count)
      Self.add(fields, of: network, to: &fieldBlocks)
      Self.add(bonds, of: network, to: &bondBlocks, &pairs, &places, &placed)
      let row = Self.row(
        first..<end, drifted: (before, drifted), bonds: bondBlocks[firstBonds...], fields: fieldBlocks[firstFields...],
        isTouched: !touched.isEmpty, network)
      tiles.append(
        Tile(
          sites: (first, end), drifted: drifted, fields: (firstFields, fieldBlocks.count),
          bonds: (firstBonds, bondBlocks.count), contacts: (touched.lowerBound, touched.upperBound), row: row))
    }
    self.tiles = tiles
    self.bondBlocks = bondBlocks
    self.fieldBlocks = fieldBlocks
    self.pairs = pairs
    placeOfBond = places
  }

  private static func row(
    _ sites: Range<Int>, drifted: (before: Int, after: Int), bonds: ArraySlice<Block>, fields: ArraySlice<Block>,
    isTouched: Bool, _ network: SiteNetwork
  ) -> Row {
    func degree(_ block: Block) -> Int? {
      guard case .polynomial(let slope) = network.potentials[Int(block.potential)].form else { return nil }
      return slope.count - 1
    }
    guard !isTouched, bonds.count == 1, let bond = bonds.first, bond.shape == .run, bond.offset == 1,
      bond.first == sites.lowerBound, bond.count >= sites.count - 1, let order = degree(bond), order >= 1
    else { return .none }
    let isAlone = fields.isEmpty || fields.count == 1 && fields.first.map { $0.count == sites.count } == true
    let orders = [order] + fields.map { degree($0) ?? 0 }
    let isMoved = drifted.before == sites.lowerBound + 1 && drifted.after <= sites.upperBound + 1
    return isAlone && isMoved && orders.allSatisfy { $0 == 1 || $0 == 3 } ? .moved : .kicked
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
    _ bonds: Range<Int>, of network: SiteNetwork, to blocks: inout [Block], _ pairs: inout [Int32],
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
