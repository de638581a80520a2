import Foundation
import NessFormula
import NessMath
import NessModel

extension SiteNetwork {
  /// Squares of the angular frequencies with a stiffness of every potential, ascending [1/time²].
  ///
  /// - Throws: `LinearAlgebraError.notConverged`.
  func squaredFrequencies(_ stiffness: (_ potential: Int) -> Double) throws(LinearAlgebraError) -> [Double] {
    var matrix = Matrix(rows: sites, columns: sites)
    func add(_ one: Int, _ other: Int, _ value: Double) {
      matrix[one, other] += value / (masses[one] * masses[other]).squareRoot()
    }
    for field in fields { add(field.site, field.site, stiffness(field.potential)) }
    for bond in bonds {
      let spring = stiffness(bond.potential)
      add(bond.first, bond.first, spring)
      add(bond.second, bond.second, spring)
      add(bond.first, bond.second, -spring)
      add(bond.second, bond.first, -spring)
    }
    return try symmetricEigenvalues(matrix)
  }

  /// Why a network of linear forces has no steady state; nil if it may have one.
  package var instabilityReason: String? {
    guard isHarmonic, sites <= 1000, potentials.contains(where: { $0.curvature(0) < 0 }) else { return nil }
    guard let squares = try? squaredFrequencies({ potentials[$0].curvature(0) }), let least = squares.first,
      let most = squares.last
    else { return nil }
    return least < -1e-10 * max(most, -least) ? Self.unstable : nil
  }

  private static let unstable =
    "the network is not stable: its energy falls without bound along a mode (a negative spring or pinning constant that "
    + "nothing outweighs), so there is no steady state"

  /// Why sites are pushed on for ever; nil if they are not: potentials that fall without end, whether or not other sites follow.
  package func fallReason(temperature: Double) -> String? {
    guard temperature > 0, fields.contains(where: { potentials[$0.potential].slope(0) != 0 }) else { return nil }
    // Bonds that keep their sites together for good.
    let confines = potentials.map { potential in
      [1.0, -1.0].allSatisfy { Self.rises(potential, towards: $0, temperature) }
    }
    let parts = SiteNetwork(
      masses: masses, potentials: potentials, bonds: bonds.filter { confines[$0.potential] }, fields: []
    ).components
    var partOf = [Int](repeating: 0, count: sites)
    for (index, part) in parts.enumerated() { for site in part { partOf[site] = index } }
    for own in Dictionary(grouping: fields, by: { partOf[$0.site] }).sorted(by: { $0.key < $1.key }).map(\.value) {
      func force(_ field: Field) -> Double { abs(potentials[field.potential].slope(0)) }
      let falling = own.filter { potentials[$0.potential].isUnboundedBelow != false && force($0) > 0 }
      guard let first = falling.max(by: { force($0) < force($1) }) else { continue }
      let ranges = own.map { ThermalRange(potentials[$0.potential], temperature: temperature, depth: 1) }
      func moved(_ distance: Double) -> Double { ranges.reduce(0) { $0 + $1.energy(distance) } }
      // Of all fields together, with the sites moved as one.
      let length = temperature / force(first)
      let ways = [1.0, -1.0].filter { way in
        let (near, far) = (moved(way * 1e3 * length), moved(way * 2e3 * length))
        return far < near && far < moved(0) - 100 * temperature
      }
      guard !ways.isEmpty else { continue }
      return
        "site \(first.site + 1) is pushed on for ever: its potential \(potentials[first.potential].formula.asWritten) falls without end, and "
        + "nothing holds it. A force that does work for ever belongs to no energy: take it out of the potential and give it by "
        + "drive: {medium.force[\(first.site + 1)]: \"...\", period: ...}, which counts its power and its entropy"
    }
    return nil
  }

  private static func rises(_ potential: Potential, towards way: Double, _ temperature: Double) -> Bool {
    let range = ThermalRange(potential, temperature: temperature, depth: 1)
    var length = max(range.upper, -range.lower)
    for _ in 0..<40 {
      let energy = range.energy(way * length) - potential.energy(0)
      if energy.isNaN || energy > 100 * temperature { return true }
      length *= 2
    }
    return false
  }
}
