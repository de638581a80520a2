import NessMath
import NessModel
import NessStatistics

/// What the springs of a harmonic network hold in the mean, k <r²>, r being the length of a bond or the displacement of a site
/// counted from rest.
struct NetworkSprings {
  /// Of every spring between two sites, in the order of the network [energy].
  let bonds: [Estimate]
  /// Of what holds every site by itself, without the shifts of the baths [energy].
  let sites: [Estimate]
  /// How k <r²> of bonds and of sites grows with all temperatures together; in a quantum network no faster.
  let slopes: (bonds: [Double], sites: [Double])

  /// Mean potential energy of every site: of what holds it, and half of that of its bonds [energy].
  ///
  /// - Parameter temperatureError: how far temperatures that were found may be off [energy].
  func energiesOfSites(_ network: HarmonicNetwork, temperatureError: Double = 0) -> [Estimate] {
    var values = sites.map { 0.5 * $0.value }
    var bounds = zip(sites, slopes.sites).map { 0.5 * ($0.error + $1 * temperatureError) }
    for (spring, (energy, slope)) in zip(network.bonds, zip(bonds, slopes.bonds)) {
      for site in [spring.first, spring.second] {
        values[site] += 0.25 * energy.value
        bounds[site] += 0.25 * (energy.error + slope * temperatureError)
      }
    }
    return zip(values, bounds).map { .numerical($0, bound: $1 + 4e-16 * abs($0)) }
  }

  /// One spring in natural units; displacements there have the roots of the masses in them.
  struct Spring {
    let first: Int
    let firstShare: Double
    /// The other end, if there is one.
    let second: Int?
    let secondShare: Double
    let stiffness: Double
    /// k e Phi^-1 e, what it holds at temperature 1, and how far that may be off.
    let compliance: Double
    let error: Double
  }

  /// What the integrals of one spring add up to.
  struct Sum {
    let spring: Spring
    private(set) var whole = 0.0
    private(set) var hot = 0.0
    private(set) var error = 0.0

    init(spring: Spring) { self.spring = spring }

    mutating func add(_ part: (whole: Double, hot: Double, error: Double)) {
      whole += part.whole
      hot += part.hot
      error += part.error
    }
  }

  /// How all springs give way.
  struct Compliances {
    /// First those between sites, then those that hold sites.
    let springs: [Spring]
    private let bonds: Int

    /// - Precondition: every part is held.
    /// - Throws: `LinearAlgebraError.singular`.
    /// - Complexity: O(8 N³/3) for the largest part.
    init(_ network: HarmonicNetwork) throws(LinearAlgebraError) {
      let (held, roots) = (network.heldStiffness, network.massRoots)
      let unit = network.masses[0] * network.frequencyUnit * network.frequencyUnit
      let parts = network.parts
      var (part, place) = ([Int](repeating: 0, count: network.sites), [Int](repeating: 0, count: network.sites))
      var matrices: [Matrix] = []
      for (index, members) in parts.enumerated() {
        for (order, site) in members.enumerated() { (part[site], place[site]) = (index, order) }
        matrices.append(Matrix.diagonal(members.map { held[$0] / unit }))
      }
      for bond in network.bonds where bond.stiffness != 0 {
        let (index, first, second) = (part[bond.first], place[bond.first], place[bond.second])
        let stiffness = bond.stiffness / unit
        matrices[index][first, first] += stiffness
        matrices[index][second, second] += stiffness
        matrices[index][first, second] -= stiffness
        matrices[index][second, first] -= stiffness
      }
      var (inverses, errors): ([Matrix], [Double]) = ([], [])
      for matrix in matrices {
        let factors = try DenseFactors(matrix)
        let inverse = factors.solution(of: Matrix.identity(matrix.rows))
        inverses.append(inverse)
        errors.append(4e-16 / factors.reciprocalCondition * inverse.largestElement)
      }
      func spring(_ first: Int, _ second: Int?, _ stiffness: Double) -> Spring {
        let inverse = inverses[part[first]]
        let own = place[first]
        var (compliance, error) = (inverse[own, own], errors[part[first]])
        if let second, stiffness != 0 {
          let other = place[second]
          compliance += inverse[other, other] - inverse[own, other] - inverse[other, own]
          error *= 4
        }
        let natural = stiffness / unit
        return Spring(
          first: first, firstShare: 1 / roots[first], second: second, secondShare: second.map { 1 / roots[$0] } ?? 0,
          stiffness: natural, compliance: natural * compliance, error: abs(natural) * error)
      }
      springs =
        network.bonds.map { spring($0.first, $0.second, $0.stiffness) }
        + network.siteStiffness.enumerated().map { spring($0, nil, $1) }
      bonds = network.bonds.count
    }

    /// - Parameters:
    ///   - lowest: the temperature that all have [energy].
    ///   - spread: what the hot part of the sums counts in [energy].
    ///   - sums: of all springs; none where all temperatures are one.
    func energies(lowest: Double, spread: Double, _ sums: [Sum]) -> NetworkSprings {
      let found = springs.enumerated().map { index, spring -> Estimate in
        var (value, bound) = (lowest * spring.compliance, (lowest + spread) * spring.error)
        if let sum = sums.indices.contains(index) ? sums[index] : nil {
          value += spread * sum.hot
          bound += spread * (sum.error + abs(spring.compliance - sum.whole))
        }
        return .numerical(value, bound: bound + 4e-16 * abs(value))
      }
      let slopes = springs.map { abs($0.compliance) }
      return NetworkSprings(
        bonds: Array(found[..<bonds]), sites: Array(found[bonds...]),
        slopes: (Array(slopes[..<bonds]), Array(slopes[bonds...])))
    }
  }
}
