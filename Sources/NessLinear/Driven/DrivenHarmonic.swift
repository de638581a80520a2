import NessFormula
import NessMath
import NessModel

/// A harmonic network with Langevin baths, stiffnesses, forces and temperatures given as functions of the time: what the theory of
/// driven networks works on.
package struct DrivenHarmonic: Sendable {
  /// A number, or a function of the time.
  enum Course: Sendable {
    case constant(Double)
    case moving(Formula)

    func value(at time: Double) -> Double {
      switch self {
      case .constant(let value): value
      case .moving(let formula): formula.value([Drive.time: time])
      }
    }

    var isMoving: Bool { if case .moving = self { true } else { false } }
  }

  /// kappa r²/2 + g r, r the distance of two sites or, without the first, the displacement of one.
  struct Spring: Sendable {
    let first: Int?
    let second: Int
    let stiffness: Course
    let slope: Course

    var isMoving: Bool { stiffness.isMoving || slope.isMoving }
  }

  struct Contact: Sendable {
    let name: String
    let site: Int
    let friction: Double
    let temperature: Course
  }

  let masses: [Double]
  let springs: [Spring]
  /// Forces on sites, from 0.
  let forces: [(site: Int, force: Course)]
  let contacts: [Contact]
  let period: Double

  var sites: Int { masses.count }

  /// - Returns: nil where a potential is not harmonic, or a bath is no Langevin bath.
  package init?(_ model: DrivenModel) {
    let form = model.medium.form
    let temperatures = model.medium.course.temperatures
    var contacts: [Contact] = []
    for attachment in model.attachments {
      guard let law = attachment.bath.law as? LangevinBath else { return nil }
      contacts.append(
        .init(
          name: attachment.name, site: attachment.site - 1, friction: law.friction,
          temperature: temperatures[attachment.name].map { .moving($0) } ?? .constant(law.temperature)))
    }
    let driven = form.driven.reduce(into: [Int: DrivenForm.Driven]()) { $0[$1.place] = $1 }
    let zero = Course.constant(0)
    func parts(_ place: Int) -> (stiffness: Course, slope: Course)? {
      if let item = driven[place] {
        guard let slope = item.polynomial?.slope, slope.count <= 2 else { return nil }
        return (slope.count > 1 ? .moving(slope[1]) : zero, .moving(slope[0]))
      }
      guard case .polynomial(let slope) = form.network.potentials[place].form, slope.count <= 2 else { return nil }
      return (.constant(slope.count > 1 ? slope[1] : 0), .constant(slope[0]))
    }
    var springs: [Spring] = []
    let forced = form.forces
    for bond in form.network.bonds {
      guard let found = parts(bond.potential) else { return nil }
      springs.append(.init(first: bond.first, second: bond.second, stiffness: found.stiffness, slope: found.slope))
    }
    for field in form.network.fields where !forced.contains(field.potential) {
      guard let found = parts(field.potential) else { return nil }
      springs.append(.init(first: nil, second: field.site, stiffness: found.stiffness, slope: found.slope))
    }
    masses = form.network.masses
    self.springs = springs
    forces = model.medium.course.forces.map { ($0.site - 1, .moving($0.value)) }
    self.contacts = contacts
    period = form.period
  }

  /// Parts that springs join and nothing holds at any time: their sites, the first of which the others are counted from.
  var freeParts: [[Int]] {
    let times = Self.lookTimes.map { $0 * period }
    func acts(_ spring: Spring) -> Bool { times.contains { spring.stiffness.value(at: $0) != 0 } }
    var part = Array(0..<sites)
    func root(_ site: Int) -> Int {
      var site = site
      while part[site] != site { site = part[site] }
      return site
    }
    for spring in springs {
      guard let first = spring.first, acts(spring) else { continue }
      let (one, other) = (root(first), root(spring.second))
      part[max(one, other)] = min(one, other)
    }
    let held = Set(springs.filter { $0.first == nil && acts($0) }.map { root($0.second) })
    return Dictionary(grouping: 0..<sites, by: root).filter { !held.contains($0.key) }.values.map { $0.sorted() }
      .sorted { $0[0] < $1[0] }
  }

  /// Whether each site has a mean displacement.
  package var isHeld: [Bool] {
    var isHeld = [Bool](repeating: true, count: sites)
    for site in freeParts.joined() { isHeld[site] = false }
    return isHeld
  }

  private static let lookTimes = (0..<64).map { (Double($0) + 0.271828) / 64 }

  /// Upper bound of the rates that a step must resolve: frequencies by Gershgorin's theorem, and the frictions over the masses
  /// [1/time].
  package var fastestRate: Double {
    var fastest = 0.0
    for time in Self.lookTimes {
      var elastic = [Double](repeating: 0, count: sites)
      for spring in springs {
        let stiffness = abs(spring.stiffness.value(at: time * period))
        if let first = spring.first {
          let ratio = (masses[first] / masses[spring.second]).squareRoot()
          elastic[first] += stiffness * (1 + ratio)
          elastic[spring.second] += stiffness * (1 + 1 / ratio)
        } else {
          elastic[spring.second] += stiffness
        }
      }
      fastest = max(fastest, zip(elastic, masses).map { ($0 / $1).squareRoot() }.max() ?? 0)
    }
    var rates = [Double](repeating: 0, count: sites)
    for contact in contacts { rates[contact.site] += contact.friction / masses[contact.site] }
    return max(fastest, 0.5 * (rates.max() ?? 0))
  }
}
