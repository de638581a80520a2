import NessMath
import NessModel

/// Masses that are joined and held by springs, with baths whose own coordinates have been eliminated: what the exact theory of
/// networks works on. Displacements are counted from rest.
///
///     H = sum_i p_i²/2 m_i + sum_bonds (k/2)(q_second - q_first)² + sum_i (kappa_i/2) q_i²
///
/// Springs rather than a matrix: the energy of a soft mode is then a sum of squares and keeps its digits.
package struct HarmonicNetwork: Sendable {
  /// A spring between two sites, counted from 0 [mass/time²].
  package struct Bond: Hashable, Sendable {
    package let first: Int
    package let second: Int
    package let stiffness: Double

    /// A spring between two different sites.
    package init(_ first: Int, _ second: Int, stiffness: Double) {
      self.first = first
      self.second = second
      self.stiffness = stiffness
    }
  }

  /// A bath on a site, counted from 0.
  package struct Contact: Sendable {
    package let name: String
    package let site: Int
    package let temperature: Double
    package let friction: FrictionKernel
    /// What the bath adds to the stiffness of its site [mass/time²].
    package let stiffnessShift: Double

    /// A bath on a site; without memory, its friction is that of slow motion.
    package init(
      name: String, site: Int, temperature: Double, friction: FrictionKernel, stiffnessShift: Double = 0,
      withMemory: Bool = true
    ) {
      self.name = name
      self.site = site
      self.temperature = temperature
      self.friction = withMemory ? friction : FrictionKernel(instantaneous: friction.markovFriction)
      self.stiffnessShift = stiffnessShift
    }
  }

  /// Mass of every site [mass].
  package let masses: [Double]
  /// Springs, one for a pair; a stiffness may be negative.
  package let bonds: [Bond]
  /// What holds every site by itself, kappa without the shifts of the baths [mass/time²].
  package let siteStiffness: [Double]
  /// The baths, in the order of answers.
  package let contacts: [Contact]
  /// Planck's constant over 2 pi; 0 for a classical network [energy time].
  package let hbar: Double

  /// A network of as many sites as there are masses.
  package init(masses: [Double], bonds: [Bond], siteStiffness: [Double], contacts: [Contact], hbar: Double = 0) {
    precondition(siteStiffness.count == masses.count, "\(masses.count) masses and \(siteStiffness.count) stiffnesses")
    self.masses = masses
    precondition(
      Set(bonds.map { [$0.first, $0.second] }).count == bonds.count, "two springs between one pair of sites")
    self.bonds = bonds
    self.siteStiffness = siteStiffness
    self.contacts = contacts
    self.hbar = hbar
  }

  /// Number of sites.
  package var sites: Int { masses.count }

  /// Whether a bath on a site, counted from 0, has friction without memory.
  func hasInstantaneousFriction(_ site: Int) -> Bool {
    contacts.contains { $0.site == site && $0.friction.instantaneous > 0 }
  }

  /// Whether something holds every part of it.
  var isHeld: Bool {
    let held = heldStiffness
    return parts.allSatisfy { part in part.contains { held[$0] != 0 } }
  }

  /// What holds every site by itself, with the shifts of the baths [mass/time²].
  var heldStiffness: [Double] {
    var held = siteStiffness
    for contact in contacts { held[contact.site] += contact.stiffnessShift }
    return held
  }

  /// Bytes that the normal modes and the work on them take.
  static func bytes(sites: Int, stations: Int) -> Double {
    let (sites, stations) = (Double(sites), Double(stations))
    return 8 * (6 * sites * sites + 0.5 * sites * stations * (stations + 1))
  }

  /// The sites of every part that no spring joins to another, each ascending.
  var parts: [[Int]] {
    var neighbours = [[Int]](repeating: [], count: sites)
    for bond in bonds where bond.stiffness != 0 {
      neighbours[bond.first].append(bond.second)
      neighbours[bond.second].append(bond.first)
    }
    var part = [Int](repeating: -1, count: sites)
    var found: [[Int]] = []
    for start in 0..<sites where part[start] < 0 {
      var (members, open) = ([Int](), [start])
      part[start] = found.count
      while let site = open.popLast() {
        members.append(site)
        for other in neighbours[site] where part[other] < 0 {
          part[other] = found.count
          open.append(other)
        }
      }
      found.append(members.sorted())
    }
    return found
  }

  /// sqrt(m) of every site in units of that of the first.
  var massRoots: [Double] { masses.map { ($0 / masses[0]).squareRoot() } }

  /// The unit of frequency: no mode is faster; the friction of a free site where nothing is elastic [1/time].
  var frequencyUnit: Double {
    var elastic = heldStiffness.map(abs)
    for bond in bonds {
      // By Gershgorin's theorem for the mass-weighted matrix.
      elastic[bond.first] += abs(bond.stiffness) * (1 + (masses[bond.first] / masses[bond.second]).squareRoot())
      elastic[bond.second] += abs(bond.stiffness) * (1 + (masses[bond.second] / masses[bond.first]).squareRoot())
    }
    let fastest = zip(elastic, masses).map { ($0 / $1).squareRoot() }.max() ?? 0
    if fastest > 0 { return fastest }
    return contacts.map { $0.friction.markovFriction / masses[$0.site] }.max() ?? 0
  }

  /// Why the scales of the network are beyond the range of numbers; nil if they are not.
  package var rangeReason: String? {
    let unit = frequencyUnit
    let scales = contacts.flatMap { contact in
      [contact.friction.markovFriction / masses[contact.site] / unit, contact.friction.instantaneous]
        + contact.friction.terms.flatMap { [$0.rate / unit, $0.amplitude / masses[contact.site] / unit / unit] }
    }
    let stiffness = masses[0] * unit * unit
    let roots = massRoots + [stiffness]
    if unit > 0, (scales + roots).allSatisfy({ $0.isFinite }), roots.allSatisfy({ $0 > .leastNormalMagnitude }) {
      return nil
    }
    return
      "the frequencies of the network and of its baths are beyond the range of numbers: choose other units of mass and time"
  }
}
