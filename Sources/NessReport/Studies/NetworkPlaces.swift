import Foundation
import NessModel

/// Where the sites of a network stand in a picture: as its lattice says, unless a bond by hand then passed over a site; x to the
/// right, y upwards, a bond of the lattice being about 1 long.
package struct NetworkPlaces {
  package typealias Place = SIMD2<Double>

  package let places: [Place]

  /// The longest chain in one row.
  private static let longestRow = 16

  package init(_ lattice: Lattice, pairs: [(first: Int, second: Int)]) {
    let regular = Self.regular(lattice)
    let chosen =
      regular.flatMap { StressLayout.passes($0, pairs) == 0 ? $0 : nil }
      ?? StressLayout(count: lattice.count, pairs: pairs).places
    // What a library of functions adds to the last digits is none of the reader's business.
    places = chosen.map { Place(Self.rounded($0.x), Self.rounded($0.y)) }
  }

  private static func rounded(_ number: Double) -> Double { (1e6 * number).rounded() / 1e6 + 0 }

  /// The places that a lattice has by itself; nil if it has none.
  private static func regular(_ lattice: Lattice) -> [Place]? {
    switch lattice {
    case .chain(let count): row(count)
    case .ring(let count), .complete(let count): circle(count)
    case .ladder(let rungs): (0..<2 * rungs).map { Place(Double($0 / 2), Double(-($0 % 2))) }
    case .square(let columns, let rows): grid(columns, rows, 1)
    case .cube(let columns, let rows, let layers): grid(columns, rows, layers)
    case .star(let count): [Place()] + circle(max(0, count - 1), atLeast: 1)
    case .sites: nil
    }
  }

  /// A row; a long one goes to and fro.
  private static func row(_ count: Int) -> [Place] {
    guard count > longestRow else { return (0..<count).map { Place(Double($0), 0) } }
    let columns = Int((1.8 * Double(count)).squareRoot().rounded(.up))
    return (0..<count).map { site in
      let (row, column) = (site / columns, site % columns)
      return Place(Double(row % 2 == 0 ? column : columns - 1 - column), Double(-row))
    }
  }

  /// Clockwise from the top, neighbours 1 apart, or farther if the circle would be too small.
  private static func circle(_ count: Int, atLeast least: Double = 0) -> [Place] {
    guard count > 1 else { return (0..<count).map { _ in Place(0, least) } }
    let radius = max(least, 0.5 / sin(Double.pi / Double(count)))
    return (0..<count).map { site in
      let angle = 2 * Double.pi * Double(site) / Double(count)
      return radius * Place(sin(angle), cos(angle))
    }
  }

  /// Rows from the top; the layers of a cube stand behind one another, aslant.
  private static func grid(_ columns: Int, _ rows: Int, _ layers: Int) -> [Place] {
    let shift = Place(1, 0.6) / Double(max(layers, 2))
    return (0..<columns * rows * layers).map { site in
      let (x, y, z) = (site % columns, site / columns % rows, site / (columns * rows))
      return Place(Double(x), Double(-y)) + Double(z) * shift
    }
  }
}
