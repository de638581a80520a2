import NessFormula

/// A drive whose formulas are read, with numbers in place of all names but the time.
package struct DriveCourse: Hashable, Sendable {
  /// What is driven.
  package enum Target: Hashable, Sendable {
    /// The temperature of a bath.
    case temperature(bath: String)
    /// The rate of a bath of levels.
    case rate(bath: String)
    /// A number of the medium that stands under a name in its formulas.
    case parameter(name: String)
    /// The force on a site, from 1.
    case force(site: Int)
  }

  /// One of the driven parameters.
  package struct Item: Hashable, Sendable {
    package let path: String
    package let target: Target
    /// Its value at the time t.
    package let value: Formula
  }

  package let items: [Item]
  /// Time after which everything is as before [time].
  package let period: Double

  /// Courses of the temperatures of baths, by their names.
  package var temperatures: [String: Formula] {
    items.reduce(into: [:]) { if case .temperature(let bath) = $1.target { $0[bath] = $1.value } }
  }
  /// Courses of the rates of baths of levels, by their names.
  package var rates: [String: Formula] {
    items.reduce(into: [:]) { if case .rate(let bath) = $1.target { $0[bath] = $1.value } }
  }
  /// Courses of the numbers of the medium, by their names in its formulas.
  package var parameters: [String: Formula] {
    items.reduce(into: [:]) { if case .parameter(let name) = $1.target { $0[name] = $1.value } }
  }
  /// Courses of the forces, in the order of files.
  package var forces: [(site: Int, value: Formula)] {
    items.compactMap { if case .force(let site) = $0.target { (site, $0.value) } else { nil } }
  }
  /// Whether the drive changes the energy of the medium or pushes at it, and not only baths.
  package var doesWork: Bool {
    items.contains {
      switch $0.target {
      case .temperature, .rate: false
      case .parameter, .force: true
      }
    }
  }
}
