/// Which sites a network has, and which pairs of them its lattice joins.
package enum Lattice: Hashable, Sendable {
  /// Sites in a row.
  case chain(Int)
  /// Sites in a row whose last is joined to the first.
  case ring(Int)
  /// Two rows of as many sites, joined by rungs; rung j joins sites 2j-1 and 2j.
  case ladder(Int)
  /// Rows of a rectangle: site 1 + x + y columns.
  case square(columns: Int, rows: Int)
  /// Layers of rectangles: site 1 + x + y a + z a b.
  case cube(Int, Int, Int)
  /// Site 1 joined to each of the others.
  case star(Int)
  /// Every site joined to every other one.
  case complete(Int)
  /// Sites without bonds, to be joined by hand.
  case sites(Int)

  /// Most sites of a network.
  package static let mostSites = 1_000_000
  /// Most bonds of a network.
  package static let mostBonds = 8_000_000

  /// How it is written, and what that means.
  static let forms: [ParameterDescription.Choice] = [
    .init(word: "{chain: n}", meaning: "n sites in a row"),
    .init(word: "{ring: n}", meaning: "n sites in a row whose last is joined to the first"),
    .init(word: "{ladder: n}", meaning: "two rows of n sites joined by n rungs; rung j joins sites 2j-1 and 2j"),
    .init(word: "{square: [a, b]}", meaning: "a rectangle of b rows of a sites: site 1 + x + a y"),
    .init(word: "{cube: [a, b, c]}", meaning: "c layers of rectangles: site 1 + x + a y + a b z"),
    .init(word: "{star: n}", meaning: "site 1 joined to each of n - 1 others"),
    .init(word: "{complete: n}", meaning: "n sites, each joined to every other one"),
    .init(word: "{sites: n}", meaning: "n sites that only `bonds` joins"),
  ]

  /// Name and sizes.
  package var parts: (name: String, sizes: [Int]) {
    switch self {
    case .chain(let count): ("chain", [count])
    case .ring(let count): ("ring", [count])
    case .ladder(let count): ("ladder", [count])
    case .square(let columns, let rows): ("square", [columns, rows])
    case .cube(let columns, let rows, let layers): ("cube", [columns, rows, layers])
    case .star(let count): ("star", [count])
    case .complete(let count): ("complete", [count])
    case .sites(let count): ("sites", [count])
    }
  }

  /// Number of sizes of a lattice of that name; nil if there is none.
  static func sizes(of name: String) -> Int? {
    switch name {
    case "chain", "ring", "ladder", "star", "complete", "sites": 1
    case "square": 2
    case "cube": 3
    default: nil
    }
  }

  /// Names of the lattices.
  static let names = ["chain", "ring", "ladder", "square", "cube", "star", "complete", "sites"]

  /// A lattice by name and sizes; nil if there is none, or not of so many sizes.
  init?(_ name: String, _ sizes: [Int]) {
    guard Self.sizes(of: name) == sizes.count else { return nil }
    switch name {
    case "chain": self = .chain(sizes[0])
    case "ring": self = .ring(sizes[0])
    case "ladder": self = .ladder(sizes[0])
    case "square": self = .square(columns: sizes[0], rows: sizes[1])
    case "cube": self = .cube(sizes[0], sizes[1], sizes[2])
    case "star": self = .star(sizes[0])
    case "complete": self = .complete(sizes[0])
    default: self = .sites(sizes[0])
    }
  }

  /// Number of sites; as large as the type allows where that is too small.
  package var count: Int {
    let product = parts.sizes.reduce(1) { product, size in
      let (value, isOver) = product.multipliedReportingOverflow(by: max(0, size))
      return isOver ? Int.max : value
    }
    if case .ladder = self { return product > Int.max / 2 ? Int.max : 2 * product }
    return product
  }

  /// Number of pairs that are joined.
  package var bondCount: Int {
    switch self {
    case .complete(let count): count < 100_000 ? count * (count - 1) / 2 : Int.max
    case .sites: 0
    default: count > Self.mostSites ? Int.max : pairs.count
    }
  }

  /// The joined pairs, sites from 0, the smaller one first, sorted.
  package var pairs: [(Int, Int)] {
    func row(_ count: Int) -> [(Int, Int)] { count < 2 ? [] : (0..<(count - 1)).map { ($0, $0 + 1) } }
    switch self {
    case .chain(let count): return row(count)
    // A ring of two sites would join one pair twice.
    case .ring(let count): return count < 3 ? row(count) : [(0, 1), (0, count - 1)] + row(count).dropFirst()
    case .ladder(let count):
      return (0..<max(0, count)).flatMap { rung -> [(Int, Int)] in
        let along = rung + 1 < count ? [(2 * rung, 2 * rung + 2), (2 * rung + 1, 2 * rung + 3)] : []
        return [(2 * rung, 2 * rung + 1)] + along
      }
    case .square(let columns, let rows): return Self.grid(columns, rows, 1)
    case .cube(let columns, let rows, let layers): return Self.grid(columns, rows, layers)
    case .star(let count): return count < 2 ? [] : (1..<count).map { (0, $0) }
    case .complete(let count):
      return (0..<max(0, count)).flatMap { first in ((first + 1)..<max(first + 1, count)).map { (first, $0) } }
    case .sites: return []
    }
  }

  private static func grid(_ columns: Int, _ rows: Int, _ layers: Int) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for z in 0..<max(0, layers) {
      for y in 0..<max(0, rows) {
        for x in 0..<max(0, columns) {
          let site = x + columns * (y + rows * z)
          if x + 1 < columns { pairs.append((site, site + 1)) }
          if y + 1 < rows { pairs.append((site, site + columns)) }
          if z + 1 < layers { pairs.append((site, site + columns * rows)) }
        }
      }
    }
    return pairs
  }
}
