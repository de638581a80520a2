import NessFormula

/// A driven network as solvers see it: which potentials change with the time, and how.
package struct DrivenForm: Sendable {
  /// A potential that changes.
  package struct Driven: Sendable {
    /// Its place among the potentials of the network.
    package let place: Int
    /// V(x, t).
    package let formula: Formula
    /// The name of x.
    package let variable: String
    /// The site, from 0, of the potential -F(t) q of a force; nil for any other potential.
    package let forcedSite: Int?
    /// V(0, t), and the coefficients of dV/dx as functions of the time, from the constant upwards; nil where it is no polynomial.
    package let polynomial: (constant: Formula, slope: [Formula])?

    /// The potential at a time.
    package func potential(at time: Double) -> Potential {
      Potential(formula.substituting([Drive.time: time]), of: variable)
    }
  }

  /// The network at a time at which nothing is special: what does not change is as it is.
  package let network: SiteNetwork
  package let driven: [Driven]
  /// [time]
  package let period: Double

  /// Where nothing is special, as a part of the period.
  static let usualTime = 0.2718281828459045

  /// The network at a time.
  package func network(at time: Double) -> SiteNetwork {
    var potentials = network.potentials
    for item in driven { potentials[item.place] = item.potential(at: time) }
    return SiteNetwork(
      masses: network.masses, potentials: potentials, bonds: network.bonds, fields: network.fields)
  }

  /// The network without the potentials of the forces.
  package var withoutForces: SiteNetwork {
    let forces = Set(driven.filter { $0.forcedSite != nil }.map(\.place))
    return SiteNetwork(
      masses: network.masses, potentials: network.potentials, bonds: network.bonds,
      fields: network.fields.filter { !forces.contains($0.potential) })
  }

  /// Places of the potentials of forces.
  package var forces: Set<Int> { Set(driven.filter { $0.forcedSite != nil }.map(\.place)) }
}

extension DrivenForm.Driven {
  init(place: Int, formula: Formula, variable: String, forcedSite: Int?, period: Double) {
    (self.place, self.formula, self.variable, self.forcedSite) = (place, formula, variable, forcedSite)
    polynomial = Self.polynomial(formula, variable, period)
  }

  /// By derivatives at 0, where the potential is a polynomial at several times.
  private static func polynomial(
    _ formula: Formula, _ variable: String, _ period: Double
  ) -> (constant: Formula, slope: [Formula])? {
    let times = [0.0, 0.25, 0.5, 0.75, DrivenForm.usualTime, 0.6180339887, 0.141592653].map { $0 * period }
    var count = 1
    var found: [(time: Double, coefficients: [Double])] = []
    for time in times {
      guard
        case .polynomial(let coefficients) = Potential(formula.substituting([Drive.time: time]), of: variable).form
      else { return nil }
      count = max(count, coefficients.count)
      found.append((time, coefficients))
    }
    var (slopes, derivative, factorial): ([Formula], Formula, Double) = ([], formula, 1)
    for power in 0..<count {
      derivative = derivative.derivative(by: variable)
      factorial *= Double(max(1, power))
      slopes.append(derivative.substituting([variable: 0]).times(1 / factorial))
    }
    for (time, coefficients) in found {
      let size = coefficients.reduce(0) { max($0, abs($1)) }
      for (power, slope) in slopes.enumerated() {
        let value = slope.value([Drive.time: time])
        let known = power < coefficients.count ? coefficients[power] : 0
        if !(abs(value - known) <= 1e-12 * size) { return nil }
      }
    }
    return (formula.substituting([variable: 0]), slopes)
  }
}

extension NetworkBuilder {
  /// The network at every time; nil, and noted, if there is a fault.
  mutating func buildDriven(_ course: DriveCourse) -> DrivenForm? {
    usualTime = DrivenForm.usualTime * course.period
    guard let network = build() else { return nil }
    var (potentials, fields) = (network.potentials, network.fields)
    var driven = drivenFormulas.sorted { $0.key < $1.key }.map { place, item in
      DrivenForm.Driven(
        place: place, formula: item.formula, variable: item.variable, forcedSite: nil, period: course.period)
    }
    // What is no polynomial has a form of its own at every time, so it is worked on by its formula.
    for item in driven where item.polynomial == nil {
      potentials[item.place] = Potential(
        item.formula.substituting([Drive.time: usualTime]), of: item.variable, asFormula: true)
    }
    for (site, value) in course.forces {
      let formula = Formula.named("q").times(value).times(-1)
      potentials.append(Potential(formula.substituting([Drive.time: usualTime]), of: "q"))
      fields.append(.init(site: site - 1, potential: potentials.count - 1))
      driven.append(
        .init(
          place: potentials.count - 1, formula: formula, variable: "q", forcedSite: site - 1, period: course.period))
    }
    let whole = SiteNetwork(masses: network.masses, potentials: potentials, bonds: network.bonds, fields: fields)
    return DrivenForm(network: whole, driven: driven, period: course.period)
  }
}
