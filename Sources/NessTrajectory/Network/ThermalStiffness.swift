import Foundation
import NessFormula
import NessModel

/// How stiff the bonds and fields of a network are at a temperature, and what follows from that: the fastest oscillation.
struct ThermalStiffness: Sendable {
  /// Depth of the range of a potential that counts, in temperatures.
  private static let depth = 8.0
  private static let points = 256

  /// Of every potential sqrt<V''²> over its own Boltzmann weight, of one with kinks <V'²>/T; of a sine the largest |V''| [mass/time²].
  let ofPotentials: [Double]
  /// Whether a potential has kinks, over which a step is of first order only.
  let hasKinks: Bool
  /// Of the fields and bonds of every site together [mass/time²].
  let ofSites: [Double]
  /// Upper bound of the angular frequencies, by Gershgorin's circles [1/time].
  let highestAngularFrequency: Double

  init(_ network: SiteNetwork, temperature: Double) {
    let found = network.potentials.map { Self.stiffness(of: $0, temperature: temperature) }
    let ofPotentials = found.map(\.value)
    hasKinks = found.contains(where: \.isKinked)
    var (ofSites, rows) = ([Double](repeating: 0, count: network.sites), [Double](repeating: 0, count: network.sites))
    for field in network.fields { ofSites[field.site] += ofPotentials[field.potential] }
    for bond in network.bonds {
      for site in [bond.first, bond.second] {
        ofSites[site] += ofPotentials[bond.potential]
        rows[site] += ofPotentials[bond.potential]
      }
    }
    self.ofPotentials = ofPotentials
    self.ofSites = ofSites
    highestAngularFrequency =
      network.masses.indices.reduce(0) { max($0, (ofSites[$1] + rows[$1]) / network.masses[$1]) }.squareRoot()
  }

  /// Most sites of which the lowest frequency is computed.
  private static let mostSolved = 100

  /// A lower bound of the squares of the angular frequencies of the network with these stiffnesses; 0 of one that nothing holds, and of many
  /// sites [1/time²].
  func lowestSquaredFrequency(of network: SiteNetwork) -> Double {
    guard network.sites <= Self.mostSolved, !network.fields.isEmpty else { return 0 }
    guard let squares = try? network.squaredFrequencies({ ofPotentials[$0] }), let lowest = squares.first,
      let highest = squares.last, lowest > 1e-9 * highest
    else { return 0 }
    // The last digits of eigenvalues depend on the units.
    return lowest.rounded(.down, bits: 20)
  }

  private static func stiffness(of potential: Potential, temperature: Double) -> (value: Double, isKinked: Bool) {
    switch potential.form {
    case .polynomial(let coefficients) where coefficients.count <= 2:
      return (coefficients.count == 2 ? abs(coefficients[1]) : 0, false)
    case .sine(let amplitude, let wavenumber, _, let linear, _):
      return (abs(amplitude * wavenumber) + abs(linear), false)
    default: break
    }
    guard temperature > 0 else { return (abs(potential.curvature(0)), false) }
    let range = ThermalRange(potential, temperature: temperature, depth: depth)
    let curvatures: [Double]? =
      if case .polynomial(let slope) = potential.form {
        slope.indices.dropFirst().map { Double($0) * slope[$0] }
      } else {
        nil
      }
    var (weight, square, squaredForce) = (0.0, 0.0, 0.0)
    for point in 0...points {
      let x = range.lower + (range.upper - range.lower) * Double(point) / Double(points)
      let share = exp(-(range.energy(x) - range.lowest) / temperature)
      let curvature = curvatures?.reversed().reduce(0) { $0 * x + $1 } ?? potential.curvature(x)
      guard share.isFinite, curvature.isFinite else { continue }
      weight += share
      square += share * curvature * curvature
      let force = potential.slope(x)
      if force.isFinite { squaredForce += share * force * force }
    }
    // <V''> = <V'²>/T of whatever confines, kinks included, of which V'' at other places knows nothing.
    let ends = min(range.energy(range.lower), range.energy(range.upper)) - range.lowest
    if weight > 0, ends > 0.7 * depth * temperature, squaredForce / temperature > 1.1 * (square * weight).squareRoot() {
      return (squaredForce / (weight * temperature), true)
    }
    return (weight > 0 ? (square / weight).squareRoot() : abs(potential.curvature(0)), false)
  }
}

/// Where a potential is within a number of temperatures of its lowest value. Nothing here is a length of ours: all of it
/// follows from where the potential has risen by the temperature.
struct ThermalRange {
  /// Steps of a factor 2^(1/4) from the thermal length on, inwards and outwards.
  private static let steps = (inwards: 16, outwards: 40)
  /// Largest range of a potential that does not confine, in thermal lengths.
  private static let open = 8.0

  let lower: Double
  let upper: Double
  /// Lowest energy in the range [energy].
  let lowest: Double
  private let potential: Potential
  /// What is between the poles next to rest; no replica gets beyond them.
  private let domain: ClosedRange<Double>

  init(_ potential: Potential, temperature: Double, depth: Double) {
    self.potential = potential
    let everywhere = -Double.infinity ... .infinity
    let far = Self.thermalLength(potential, temperature, in: everywhere) * exp2(Double(Self.steps.outwards) / 4)
    let domain = Self.domain(of: potential, upTo: far)
    self.domain = domain
    let length = Self.thermalLength(potential, temperature, in: domain)
    let radii = (-Self.steps.inwards...Self.steps.outwards).map { length * exp2(Double($0) / 4) }
    let points = radii.reversed().map { -$0 } + [0] + radii
    let energies = points.map { Self.energy(potential, $0, in: domain) }
    let rest = Self.energy(potential, 0, in: domain)
    let confines = [energies.first, energies.last].allSatisfy { ($0 ?? 0) > rest + depth * temperature }
    var range = points.indices.filter { abs(points[$0]) <= Self.open * length }
    if confines {
      let lowest = energies.min() ?? rest
      range = points.indices.filter { energies[$0] <= lowest + depth * temperature }
      // The next points outside, so that the range ends behind its walls.
      range = Array(max(0, (range.first ?? 0) - 1)...min(points.count - 1, (range.last ?? 0) + 1))
    } else {
      // On every side no further than to the first wall or fall.
      let middle = points.count / 2
      func isNear(_ index: Int) -> Bool { abs(energies[index] - rest) <= depth * temperature }
      let left = range.filter { $0 < middle }.reversed().prefix(while: isNear).last ?? middle
      let right = range.filter { $0 > middle }.prefix(while: isNear).last ?? middle
      range = Array(left...right)
    }
    (lower, upper) = (points[range.first ?? 0], points[range.last ?? 0])
    lowest = range.reduce(Double.infinity) { min($0, energies[$1]) }
  }

  func energy(_ x: Double) -> Double { Self.energy(potential, x, in: domain) }

  private static func domain(of potential: Potential, upTo far: Double) -> ClosedRange<Double> {
    guard case .general = potential.form, potential.formula.mayDiverge else { return -.infinity ... .infinity }
    let poles = [-far, far].map { potential.formula.divergence(of: potential.variable, from: 0, to: $0) }
    return (poles[0] ?? -.infinity)...(poles[1] ?? .infinity)
  }

  /// Beyond the domain of a formula there is a wall.
  private static func energy(_ potential: Potential, _ x: Double, in domain: ClosedRange<Double>) -> Double {
    guard domain.contains(x) else { return .infinity }
    let energy =
      if case .polynomial(let slope) = potential.form {
        slope.indices.reversed().reduce(0.0) { ($0 + slope[$1] / Double($1 + 1)) * x }
      } else {
        potential.energy(x)
      }
    return energy.isNaN ? .infinity : energy
  }

  /// Distance from 0 at which the energy has changed by the temperature, the shorter one of both sides; of a potential that
  /// never does by half of what it does.
  private static func thermalLength(
    _ potential: Potential, _ temperature: Double, in domain: ClosedRange<Double>
  ) -> Double {
    let rest = energy(potential, 0, in: domain)
    func change(_ x: Double) -> Double {
      let change = max(
        abs(energy(potential, x, in: domain) - rest), abs(energy(potential, -x, in: domain) - rest))
      return change.isNaN ? .infinity : change
    }
    let stiffness = abs(potential.curvature(0))
    let guess = (temperature / stiffness).squareRoot()
    let start = guess.isNormal ? guess : 1
    let doublings = (-60...60).map { start * exp2(Double($0)) }
    let changes = doublings.map(change)
    var goal = temperature
    if !changes.contains(where: { $0 >= temperature }) {
      let most = changes.max() ?? 0
      if most == 0 { return start }
      goal = 0.5 * most
    }
    // The nearest one from inside: behind a pole the energy may be low again.
    var outer = doublings[changes.firstIndex { $0 >= goal } ?? 0]
    var inner = outer / 2
    for _ in 0..<30 {
      let middle = 0.5 * (inner + outer)
      if change(middle) < goal { inner = middle } else { outer = middle }
    }
    return outer
  }
}
