import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics

/// Bonds and fields that have let go in a run: beyond some distance they pull no more, and nothing else brings back what they held, so
/// it drifts away for ever and there is no steady state.
struct BrokenLinks {
  /// A bond, or a field, which is a bond to what never moves.
  private struct Link {
    let first: Int
    /// nil for a field.
    let second: Int?
    let potential: Int
  }

  /// A link that has let go.
  struct Broken {
    /// The link in words.
    let name: String
    /// Replicas in which it has.
    let replicas: Int
    /// Largest distance from rest in them, at the end [length].
    let distance: Double
  }

  private let links: [Link]
  /// Of every potential: how far from rest it still holds, to the left and to the right [length].
  private let reaches: [ClosedRange<Double>?]

  init(_ bathed: BathedNetwork) {
    let network = bathed.network
    let reaches = network.potentials.map { Self.reach(of: $0, temperature: bathed.hottest) }
    let all =
      network.bonds.map { Link(first: $0.first, second: $0.second, potential: $0.potential) }
      + network.fields.map { Link(first: $0.site, second: nil, potential: $0.potential) }
    // What is joined otherwise stays together: the parts without the links that may break, all that is held being one with the wall.
    var parts = Parts(count: network.sites + 1)
    let wall = network.sites
    for link in all where reaches[link.potential] == nil { parts.join(link.first, link.second ?? wall) }
    for bath in bathed.particleBaths where bath.particles.isCoupled { parts.join(bath.bath.site, wall) }
    links = all.filter { reaches[$0.potential] != nil && parts.root($0.first) != parts.root($0.second ?? wall) }
    self.reaches = reaches
  }

  /// The links that have let go at the end of a record, that of the most replicas first.
  ///
  /// - Parameter series: displacement of a site [length].
  func broken(_ series: (Int) -> ReplicaSeries) -> [Broken] {
    var found: [Broken] = []
    var ends: [Int: [Double]] = [:]
    func end(_ site: Int) -> [Double] {
      if let known = ends[site] { return known }
      let series = series(site)
      let last = (0..<series.replicas).map { series.values[($0 + 1) * series.batches - 1] }
      ends[site] = last
      return last
    }
    for link in links {
      guard let reach = reaches[link.potential] else { continue }
      let own = end(link.first)
      let distances = link.second.map { zip(end($0), own).map { $0 - $1 } } ?? own
      let far = distances.filter { !reach.contains($0) }
      guard let largest = far.max(by: { abs($0) < abs($1) }) else { continue }
      let name =
        link.second.map { "bond of sites \(link.first + 1) and \($0 + 1)" } ?? "potential of site \(link.first + 1)"
      found.append(Broken(name: name, replicas: far.count, distance: largest))
    }
    return found.sorted { $0.replicas > $1.replicas }
  }

  /// How far from rest a potential holds, on either side: where its force has fallen for good below a hundredth of what it was at most,
  /// and a tenth of the temperature more would take it any distance away.
  ///
  /// - Returns: nil if it holds everywhere, as every polynomial and every sine does.
  static func reach(of potential: Potential, temperature: Double) -> ClosedRange<Double>? {
    guard case .general = potential.form, temperature > 0 else { return nil }
    let stiffness = potential.curvature(0)
    guard stiffness > 0, stiffness.isFinite else { return nil }
    let length = (temperature / stiffness).squareRoot()
    func reach(_ sign: Double) -> Double {
      // From a quarter of the thermal displacement to 2³⁰ of them.
      let places = (-4...60).map { sign * length * exp2(0.5 * Double($0)) }
      let forces = places.map { abs(potential.slope($0)) }
      guard forces.allSatisfy(\.isFinite) else { return .infinity }
      let least = 0.01 * (forces.max() ?? 0)
      guard let last = forces.lastIndex(where: { $0 > least }), last + 1 < places.count - 10 else { return .infinity }
      let far = potential.energy(places[places.count - 1])
      let start = places[(last + 1)...].first { abs(far - potential.energy($0)) < 0.1 * temperature }
      return start.map { abs($0) } ?? .infinity
    }
    let (left, right) = (reach(-1), reach(1))
    return left.isFinite || right.isFinite ? -left...right : nil
  }
}

/// Parts of a set that are joined pair by pair.
private struct Parts {
  private var above: [Int]

  init(count: Int) { above = Array(0..<count) }

  mutating func root(_ element: Int) -> Int {
    var element = element
    while above[element] != element {
      above[element] = above[above[element]]
      element = above[element]
    }
    return element
  }

  mutating func join(_ first: Int, _ second: Int) { above[root(first)] = root(second) }
}
