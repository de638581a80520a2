import CVectorMath
import Foundation
import NessModel
import NessRandom

/// A harmonic chain at one temperature among particles that have settled at its sites: the displacements have the density
///
///     P(q) ~ exp(-q^T Phi q / 2T)  prod_b z_b(q_b)^(N_b T_b/T),    z_b(q) = (1/L) int exp(-eps q (F - lambda) / T_b) dx
///
/// which is the equilibrium, exactly and at any coupling, if all baths have that temperature. The sites that particles
/// touch are drawn one after the other from tables of their conditional density, wells included; the others are Gaussian
/// given those.
struct SettledChain: Sendable {
  /// Whether the tables resolve the density.
  let isResolved: Bool
  /// The wells of the sites that particles touch.
  let wells: [Wells]
  private let temperature: Double
  private let mass: Double
  private let touched: [TouchedSite]
  /// Of every site: its inverse pivot when those to its left are eliminated [length²]; 0 for one that is given.
  private let inversePivots: [Double]
  /// Spring constant over temperature [1/length²].
  private let bond: Double

  /// - Returns: nil if the temperature is zero or nothing holds the sites that particles touch.
  init?(_ model: ChainModel, temperature: Double) {
    let chain = model.medium
    guard temperature > 0 else { return nil }
    self.temperature = temperature
    mass = chain.mass
    let sites = chain.sites
    let bond = chain.springConstant / temperature
    self.bond = bond
    let diagonal = (1...sites).map { chain.stiffness(ofSite: $0) / temperature }
    let baths = Dictionary(grouping: model.particleBaths.filter { $0.bath.isCoupled }) { $0.attachment.site - 1 }
    let places = baths.keys.sorted()
    let isPinned = chain.pinning.left > 0 || chain.pinning.right > 0
    guard places.isEmpty || isPinned else { return nil }
    let reduced = Self.reduced(diagonal, bond, to: places)
    guard reduced.allSatisfy({ $0.stiffness > 0 && $0.coupling.isFinite }) else { return nil }
    let found = TouchedSite.all(reduced, places.map { baths[$0, default: []].map(\.bath) }, temperature)
    guard let found else { return nil }
    touched = found
    isResolved = found.allSatisfy(\.isResolved)
    wells = found.compactMap { $0.wells }
    // A chain that nothing holds is held at its first site: where it is as a whole means nothing.
    let given = Set(isPinned ? places : [0])
    var inverses: [Double] = []
    for site in 0..<sites {
      let pivot = diagonal[site] - bond * bond * (inverses.last ?? 0)
      inverses.append(given.contains(site) ? 0 : 1 / pivot)
    }
    inversePivots = inverses
  }

  /// Stiffness of some sites over the temperature, and the springs between successive ones, when all others are eliminated.
  private static func reduced(
    _ diagonal: [Double], _ bond: Double, to places: [Int]
  ) -> [TouchedSite.Precision] {
    var kept: [TouchedSite.Precision] = []
    // The row of the site at hand, and its coupling to the last kept one.
    var stiffness = diagonal[0]
    var coupling = 0.0
    var next = places[...]
    for site in diagonal.indices {
      let isLast = site + 1 == diagonal.count
      let following = isLast ? 0 : diagonal[site + 1]
      let right = isLast ? 0 : bond
      if next.first == site {
        next = next.dropFirst()
        if !kept.isEmpty { kept[kept.count - 1].coupling = coupling }
        kept.append(.init(stiffness: stiffness, coupling: 0, place: site))
        (stiffness, coupling) = (following, right)
      } else {
        if !kept.isEmpty { kept[kept.count - 1].stiffness -= coupling * coupling / stiffness }
        (stiffness, coupling) = (following - right * right / stiffness, coupling * right / stiffness)
      }
    }
    return kept
  }

  /// How far the particles' answer is from linear: the largest (eps q F / T)² at a thermal displacement q of the chain without
  /// them; 0 without particles that act, infinite if nothing holds them.
  static func nonlinearity(_ model: ChainModel, temperature: Double) -> Double {
    let acting = model.particleBaths.filter(\.bath.isCoupled)
    guard !acting.isEmpty else { return 0 }
    guard let compliance = BareCompliance(model.medium) else { return .infinity }
    return acting.reduce(0) { largest, item in
      let bath = item.bath
      let tilt = bath.coupling * FrozenBath(bath).force(atAngle: 0) / bath.temperature
      return max(largest, tilt * tilt * temperature * compliance.between(item.attachment.site, item.attachment.site))
    }
  }

  /// Draws q and v of all sites.
  func draw(
    _ stream: inout LaneStream, displacement: UnsafeMutablePointer<SIMD8<Double>>,
    velocity: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let sites = inversePivots.count
    stream.fillGaussians(displacement, count: sites)
    var previous = SIMD8<Double>()
    var drawn: [Int: SIMD8<Double>] = [:]
    for site in touched {
      previous = site.draw(after: previous, uniform: stream.uniform())
      drawn[site.place] = previous
    }
    // Forward: what the given sites pull; backward: site after site given its right neighbour.
    var pulls = [SIMD8<Double>](repeating: SIMD8(), count: sites)
    for site in 0..<(sites - 1) {
      let left = inversePivots[site] == 0 ? drawn[site] ?? SIMD8() : pulls[site] * inversePivots[site]
      pulls[site + 1] = left * bond
    }
    for site in (0..<sites).reversed() {
      if inversePivots[site] == 0 {
        displacement[site] = drawn[site] ?? SIMD8()
        continue
      }
      let right = site + 1 < sites ? displacement[site + 1] * bond : SIMD8()
      let spread = displacement[site] * inversePivots[site].squareRoot()
      displacement[site] = ness_fma(pulls[site] + right, SIMD8(repeating: inversePivots[site]), spread)
    }
    stream.begin(block: 1)
    stream.fillGaussians(velocity, count: sites)
    let scale = (temperature / mass).squareRoot()
    for site in 0..<sites { velocity[site] *= scale }
  }
}

extension ParticleBath {
  /// Whether the particles act on their site at all.
  package var isCoupled: Bool { coupling != 0 && sharpness > 0 }
}
