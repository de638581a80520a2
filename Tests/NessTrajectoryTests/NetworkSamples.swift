import Foundation
import NessFormula
import NessMath
import NessModel
import NessRandom
import NessTrajectory

/// Networks that several suites use.
enum Networks {
  static func potential(_ text: String) throws -> Potential {
    Potential(try Formula(text, names: ["x"]), of: "x")
  }

  static func bath(_ name: String, _ site: Int, _ temperature: Double, friction: Double = 1) -> BathedNetwork.Bath {
    .init(name: name, site: site, law: Sample.langevin(temperature, friction: friction))
  }

  /// Bonds in a row.
  static func row(_ sites: Int, potential: Int = 0) -> [SiteNetwork.Bond] {
    (0..<(sites - 1)).map { .init(first: $0, second: $0 + 1, potential: potential) }
  }

  /// A chain with one potential for all bonds and fields on the named sites.
  static func chain(_ sites: Int, bond: String, fields: [Int: String] = [:]) throws -> SiteNetwork {
    let named = fields.sorted { $0.key < $1.key }
    return SiteNetwork(
      masses: .init(repeating: 1, count: sites),
      potentials: try [potential(bond)] + named.map { try potential($0.value) }, bonds: row(sites),
      fields: named.enumerated().map { .init(site: $1.key, potential: $0 + 1) })
  }

  /// A connected network without order: masses, bonds of several potentials and fields drawn by a seed, and some pairs with two
  /// bonds.
  static func random(_ sites: Int, bonds formulas: [String], field: String, seed: UInt64 = 7) throws -> SiteNetwork {
    var stream = LaneStream(seed: seed, firstReplica: 0, purpose: .initialState)
    func number() -> Double { stream.uniform()[0] }
    var bonds = (1..<sites).map { site in
      SiteNetwork.Bond(
        first: Int(number() * Double(site)), second: site, potential: Int(number() * Double(formulas.count)))
    }
    for _ in 0..<(2 * sites) {
      let (a, b) = (Int(number() * Double(sites)), Int(number() * Double(sites)))
      guard a != b else { continue }
      bonds.append(.init(first: min(a, b), second: max(a, b), potential: Int(number() * Double(formulas.count))))
    }
    let fields = (0..<sites).filter { $0 == 0 || number() < 0.5 }.map {
      SiteNetwork.Field(site: $0, potential: formulas.count)
    }
    return SiteNetwork(
      masses: (0..<sites).map { _ in 0.5 + number() }, potentials: try (formulas + [field]).map { try potential($0) },
      bonds: bonds, fields: fields)
  }
}

extension BathedNetwork.Bath {
  /// A bath that chains have too.
  init(name: String, site: Int, law: ChainBath) {
    self.init(name: name, site: site, law: NetworkBath(law.law).unsafelyUnwrapped)
  }
}

/// The exact steady state of a harmonic network between Langevin baths: the covariance of (q, v) by a Lyapunov equation that
/// is set up here, from the network alone.
struct ExactNetwork {
  let heats: [Double]
  let temperatures: [Double]
  /// Through every bond, from its first to its second site.
  let flows: [Double]

  init(_ bathed: BathedNetwork) throws {
    let (network, sites) = (bathed.network, bathed.network.sites)
    var (drift, diffusion) = (Matrix(rows: 2 * sites, columns: 2 * sites), Matrix(rows: 2 * sites, columns: 2 * sites))
    for site in 0..<sites { drift[site, sites + site] = 1 }
    func spring(_ potential: Int) -> Double { network.potentials[potential].curvature(0) }
    for field in network.fields {
      drift[sites + field.site, field.site] -= spring(field.potential) / network.masses[field.site]
    }
    for bond in network.bonds {
      for (one, other) in [(bond.first, bond.second), (bond.second, bond.first)] {
        drift[sites + one, one] -= spring(bond.potential) / network.masses[one]
        drift[sites + one, other] += spring(bond.potential) / network.masses[one]
      }
    }
    func law(_ bath: BathedNetwork.Bath) -> MomentumLaw {
      bath.law.stochasticLaw.momentum ?? MomentumLaw(friction: 0, temperature: 0)
    }
    for bath in bathed.baths {
      let mass = network.masses[bath.site]
      drift[sites + bath.site, sites + bath.site] -= law(bath).friction / mass
      diffusion[sites + bath.site, sites + bath.site] += 2 * law(bath).friction * law(bath).temperature / mass / mass
    }
    let covariance = try continuousLyapunov(drift: drift, diffusion: diffusion)
    temperatures = (0..<sites).map { network.masses[$0] * covariance[sites + $0, sites + $0] }
    heats = bathed.baths.map { [temperatures] bath in
      law(bath).friction / network.masses[bath.site] * (bath.law.temperature - temperatures[bath.site])
    }
    flows = network.bonds.map { bond in
      [bond.first, bond.second].reduce(0.0) { sum, site in
        sum - 0.5 * spring(bond.potential)
          * (covariance[bond.second, sites + site] - covariance[bond.first, sites + site])
      }
    }
  }
}
