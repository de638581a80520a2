import Foundation
import NessFormula
import NessMath
import NessModel

/// The harmonic network that stands for an anharmonic one where heats are forecast: every bond and field is as stiff as it is in
/// the mean over Gaussian displacements, which are those of the harmonic network at the temperatures that are expected
/// (equivalent linearization; its Gaussian is the best one in the sense of Gibbs and Bogoliubov where temperatures are equal).
struct HarmonicStandIn: Sendable {
  /// Most sites; the forecast of more takes too long to make.
  static let mostSites = LinearStep.longestState / 2
  private static let rounds = 40
  /// Part of the way to the next stiffness that a round goes.
  private static let share = 0.6

  /// Of every bond [mass/time²].
  private(set) var ofBonds: [Double]
  /// Of every field [mass/time²].
  private(set) var ofFields: [Double]
  /// Mean displacement of every site [length].
  private(set) var rest: [Double]

  /// - Parameters:
  ///   - network: masses, bonds and fields.
  ///   - stiffness: where to begin.
  ///   - temperatures: expected at every site [energy].
  /// - Returns: nil for too many sites, or where displacements have no Gaussian law that lasts.
  init?(_ network: SiteNetwork, startingFrom stiffness: ThermalStiffness, temperatures: [Double]) {
    guard network.sites <= Self.mostSites else { return nil }
    // A bond that turns over has no length that lasts.
    for bond in network.bonds {
      if case .sine(_, _, _, let linear, _) = network.potentials[bond.potential].form, linear == 0 { return nil }
    }
    ofBonds = network.bonds.map { stiffness.ofPotentials[$0.potential] }
    ofFields = network.fields.map { stiffness.ofPotentials[$0.potential] }
    rest = [Double](repeating: 0, count: network.sites)
    for _ in 0..<(network.isHarmonic ? 1 : Self.rounds) {
      guard let change = improve(network, temperatures) else { return nil }
      if change < 1e-4 { break }
    }
    guard (ofBonds + ofFields + rest).allSatisfy(\.isFinite) else { return nil }
  }

  /// One round: the covariance of the displacements, and from it the mean stiffness and force of every potential.
  ///
  /// - Returns: the largest change of a stiffness over the largest stiffness; nil where there is no covariance.
  private mutating func improve(_ network: SiteNetwork, _ temperatures: [Double]) -> Double? {
    guard let covariance = covariance(network) else { return nil }
    let largest = (ofBonds + ofFields).reduce(0) { max($0, abs($1)) }
    var forces = Matrix(rows: network.sites, columns: 1)
    var change = 0.0
    func move(_ stiffness: inout Double, _ mean: Double) {
      change = max(change, abs(mean - stiffness) / largest)
      stiffness += Self.share * (mean - stiffness)
    }
    for (index, field) in network.fields.enumerated() {
      let variance = temperatures[field.site] * covariance[field.site, field.site]
      guard let mean = GaussianMean(network.potentials[field.potential], at: rest[field.site], variance) else {
        return nil
      }
      forces[field.site, 0] -= mean.slope
      move(&ofFields[index], mean.curvature)
    }
    for (index, bond) in network.bonds.enumerated() {
      let (i, j) = (bond.first, bond.second)
      let temperature = 0.5 * (temperatures[i] + temperatures[j])
      let variance = temperature * (covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])
      guard let mean = GaussianMean(network.potentials[bond.potential], at: rest[j] - rest[i], variance) else {
        return nil
      }
      forces[i, 0] += mean.slope
      forces[j, 0] -= mean.slope
      move(&ofBonds[index], mean.curvature)
    }
    let shift = covariance * forces
    for site in rest.indices { rest[site] += Self.share * shift[site, 0] }
    return change
  }

  /// Inverse of the stiffness matrix, which times the temperature is the covariance of the displacements; held weakly where
  /// nothing holds.
  private func covariance(_ network: SiteNetwork) -> Matrix? {
    let count = network.sites
    var stiffness = Matrix(rows: count, columns: count)
    for (field, value) in zip(network.fields, ofFields) { stiffness[field.site, field.site] += value }
    for (bond, value) in zip(network.bonds, ofBonds) {
      let (i, j) = (bond.first, bond.second)
      stiffness[i, i] += value
      stiffness[j, j] += value
      stiffness[i, j] -= value
      stiffness[j, i] -= value
    }
    if network.fields.isEmpty {
      let largest = (0..<count).reduce(0) { max($0, abs(stiffness[$1, $1])) }
      for site in 0..<count { stiffness[site, site] += ForecastMedium.hold * largest }
    }
    guard let lowest = try? symmetricEigenvalues(stiffness).first, lowest > 0 else { return nil }
    return try? solve(stiffness, Matrix.identity(count))
  }
}

/// Means of the slope and the curvature of a potential over a Gaussian length.
private struct GaussianMean {
  private static let points = 48
  /// Range of the points, in standard deviations.
  private static let reach = 6.0

  let slope: Double
  let curvature: Double

  /// - Returns: nil where the potential has no number.
  init?(_ potential: Potential, at mean: Double, _ variance: Double) {
    guard variance >= 0, mean.isFinite else { return nil }
    if case .sine(let amplitude, let wavenumber, let phase, let linear, let offset) = potential.form {
      // <exp(i w x)> of a Gaussian x.
      let size = amplitude * exp(-0.5 * wavenumber * wavenumber * variance)
      slope = size * sin(wavenumber * mean + phase) + linear * mean + offset
      curvature = size * wavenumber * cos(wavenumber * mean + phase) + linear
      return
    }
    // Equal steps: exact to all digits for what is smooth on the width of the Gaussian.
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for point in 0...Self.points {
      let x = Self.reach * (2 * Double(point) / Double(Self.points) - 1)
      let share = exp(-0.5 * x * x)
      let length = mean + variance.squareRoot() * x
      weight += share
      first += share * potential.slope(length)
      second += share * potential.curvature(length)
    }
    guard first.isFinite, second.isFinite else { return nil }
    (slope, curvature) = (first / weight, second / weight)
  }
}

extension Innovations {
  /// Of a network whose heats a harmonic one forecasts.
  ///
  /// - Returns: nil of a harmonic network between Langevin baths alone, of which exact theory knows more, and where nothing can be
  ///   forecast.
  package init?(of dynamics: NetworkDynamics, _ scales: NetworkScales) {
    let network = dynamics.bathed.network
    guard !network.isHarmonic || !dynamics.bathed.particleBaths.isEmpty || dynamics.bathed.hasBathBeyondLangevin,
      let standIn = HarmonicStandIn(
        network, startingFrom: scales.stiffness, temperatures: scales.exchange.temperatures),
      let innovations = Innovations.fitted(
        dynamics.forecastMedium(standIn), modes: dynamics.forceModes,
        isExact: network.isHarmonic && dynamics.bathed.particleBaths.isEmpty)
    else { return nil }
    self = innovations
  }
}

extension Innovations {
  /// Whether the innovations of an anharmonic network, if anything is forecast, are followed in groups of steps: where the noise of
  /// the baths does not depend on the state.
  static func followsInGroups(_ bathed: BathedNetwork) -> Bool {
    followableBaths.contains(bathed.baths.count) && bathed.network.sites <= HarmonicStandIn.mostSites
      && bathed.baths.allSatisfy(\.law.stochasticLaw.hasGaussianNoise)
  }
}

extension NetworkDynamics {
  /// The harmonic network that stands for this one where heats are forecast.
  func forecastMedium(_ standIn: HarmonicStandIn) -> ForecastMedium {
    let network = bathed.network
    var pinning = [Double](repeating: 0, count: sites)
    var springs = [[ForecastMedium.Spring]](repeating: [], count: sites)
    for (field, constant) in zip(network.fields, standIn.ofFields) { pinning[field.site] += constant }
    for (bond, constant) in zip(network.bonds, standIn.ofBonds) {
      springs[bond.first].append(.init(site: bond.second, constant: constant))
      springs[bond.second].append(.init(site: bond.first, constant: constant))
    }
    let stiffest = (0..<sites).map { site in springs[site].reduce(abs(pinning[site])) { $0 + abs($1.constant) } }
    return ForecastMedium(
      timeStep: timeStep, masses: network.masses, pinning: pinning, springs: springs, rest: standIn.rest, baths: baths,
      units: NaturalUnits(
        mass: network.masses[0], stiffness: stiffest.max() ?? 0, temperature: bathed.hottest, timeStep: timeStep))
  }

  /// The harmonics of the forces of all particle baths, bath after bath.
  var forceModes: [ForceMode] {
    bathed.particleBaths.enumerated().flatMap { index, item in
      ForceMode.modes(
        of: item.particles, index: index, site: item.bath.site, timeStep: timeStep,
        noise: baths.particles[index].noise)
    }
  }
}
