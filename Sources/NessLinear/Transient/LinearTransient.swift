import NessMath
import NessModel
import NessStatistics

/// How a harmonic network comes from an initial state to its steady state: means and second moments along time.
///
/// - Accuracy: the bounds, of rounding in as many products as there are steps, and of the frequencies of the modes.
/// - Complexity: O(n³) for every sample, n = 2N plus the number of kernel terms.
/// - Source: `Documentation/Theory/time.md`.
/// - Checked by: one oscillator in closed form, the first law, the steady state at late times, small steps
///   (LinearTransientTests).
struct LinearTransient {
  /// Mean heat per time from every contact over the interval before every sample, `[contact][sample]` [energy/time].
  private(set) var heats: [[Estimate]]
  /// m <v²> of every site, `[site][sample]` [energy].
  private(set) var temperatures: [[Estimate]]
  /// <q> of every site, `[site][sample]` [length].
  private(set) var displacements: [[Estimate]]
  /// Mean energy, that of the potentials at rest included [energy].
  private(set) var energies: [Estimate] = []
  /// Variance of the energy, if all noise is Gaussian [energy²].
  private(set) var energyVariances: [Estimate] = []
  /// Mean energy at the start [energy].
  private(set) var startEnergy: Estimate

  /// Most equations of motion.
  static let mostEquations = 800

  /// - Parameters:
  ///   - network: harmonic, its contacts at their own temperatures.
  ///   - forces: on every site at displacement 0 [energy/length].
  ///   - constant: energy of the potentials at displacement 0 [energy].
  ///   - contacts: those that stand for a force (`DrivenContacts`).
  /// - Throws: `UnstableNetwork`, `LinearAlgebraError`; `Refusal` where a mode is dark.
  init(
    _ network: HarmonicNetwork, forces: [Double], constant: Double, forcing contacts: Set<Int> = [],
    _ transient: Transient,
    by method: Method, _ watch: WorkWatch
  ) throws {
    let dynamics = try ModeDynamics(network, withFreeCoordinates: true, forces: contacts)
    if let reason = dynamics.modes.darkReason { throw Refusal(method, "transient: \(reason)") }
    let system = System(network, dynamics, forces: forces)
    let unit = network.frequencyUnit
    let interval = unit * transient.every
    let propagator = try MomentPropagator(
      drift: dynamics.drift, diffusion: system.diffusion, forms: system.forms, time: interval,
      shouldStop: watch.shouldStop)
    var (mean, moments) = system.start(transient, network)
    let sites = network.sites
    (heats, temperatures, displacements) = (
      network.contacts.map { _ in [] }, network.masses.map { _ in [] }, network.masses.map { _ in [] }
    )
    let order = Double(dynamics.drift.rows)
    var scale = system.largest(moments)
    // Without forces of their own nothing grows.
    let growth = contacts.isEmpty ? 1 : propagator.growth * propagator.growth
    let inexact = min(
      dynamics.modes.perturbation / system.softest, dynamics.modes.perturbation.squareRoot())
    func error(_ sample: Int) -> Double {
      let steps = Double(sample + 1 + propagator.doublings) * growth
      return scale * (4.5e-16 * (order + 16) * steps + 2 * inexact * interval * Double(sample + 1))
    }
    let rest = system.restEnergy + constant
    startEnergy = .numerical(
      system.energy(moments) + rest, bound: 1e-15 * (order * scale + abs(constant) + abs(system.restEnergy)))
    for sample in 0..<transient.samples {
      if watch.shouldStop() { throw QuadratureError.stopped }
      watch.onProgress(Double(sample) / Double(transient.samples))
      let before = moments
      moments = propagator.moments(after: moments)
      mean = propagator.mean(after: mean)
      scale = max(scale, system.largest(moments))
      let error = error(sample)
      for contact in network.contacts.indices {
        let value = propagator.integral(contact, before) / interval + system.injected[contact]
        let bound = error * system.sizes[contact] + 2e-15 * (abs(value) + system.injected[contact])
        heats[contact].append(.numerical(unit * value, bound: unit * bound))
      }
      let (values, places) = (system.temperatures(moments), system.displacements(mean))
      for site in 0..<sites {
        temperatures[site].append(.numerical(values[site], bound: error))
        displacements[site].append(
          .numerical(places[site].value, bound: places[site].error + error.squareRoot(of: scale) * system.reach(site)))
      }
      energies.append(
        .numerical(
          system.energy(moments) + rest,
          bound: order * error + 1e-15 * (abs(constant) + abs(system.restEnergy))))
      let variance = system.energyVariance(moments, mean)
      energyVariances.append(.numerical(variance, bound: 4 * order * error * scale * order))
    }
  }
}

extension Double {
  /// The error of an amplitude whose square has this error and is up to `scale`.
  fileprivate func squareRoot(of scale: Double) -> Double { scale > 0 ? self / scale.squareRoot() : 0 }
}

/// What is read of the moments of a network in its modes.
private struct System {
  private let dynamics: ModeDynamics
  private let unit: Double
  private let roots: [Double]
  let diffusion: Matrix
  /// Heat per time from every contact as a quadratic form, without what its noise brings at any moment.
  var forms: [Matrix] = []
  /// g T of every contact.
  var injected: [Double] = []
  /// Largest factor of a form.
  var sizes: [Double] = []
  /// (w a) of every held mode at rest.
  private let rest: [Double]
  /// u_k(i), mode by site.
  private let shapes: Matrix

  init(_ network: HarmonicNetwork, _ dynamics: ModeDynamics, forces: [Double]) {
    self.dynamics = dynamics
    unit = network.frequencyUnit
    roots = network.masses.map { $0.squareRoot() }
    let (count, order) = (dynamics.count, dynamics.drift.rows)
    for (index, bath) in dynamics.modes.baths.enumerated() {
      let amplitudes = dynamics.amplitudes[index]
      var form = Matrix(rows: order, columns: order)
      for row in 0..<count {
        for column in 0..<count {
          let square = bath.instantaneous * amplitudes[row] * amplitudes[column]
          form[dynamics.velocity(row), dynamics.velocity(column)] = -square
        }
      }
      var size = bath.instantaneous
      for (place, term) in dynamics.auxiliaries.enumerated() where term.bath == index {
        let z = dynamics.auxiliary(place)
        size += term.coupling
        for mode in 0..<count {
          form[dynamics.velocity(mode), z] = 0.5 * term.coupling * amplitudes[mode]
          form[z, dynamics.velocity(mode)] = form[dynamics.velocity(mode), z]
        }
      }
      forms.append(form)
      injected.append(bath.instantaneous * bath.temperature)
      sizes.append(size)
    }
    diffusion = dynamics.diffusion
    let sites = network.sites
    var shapes = Matrix(rows: count, columns: sites)
    for mode in 0..<count {
      for site in 0..<sites { shapes[mode, site] = dynamics.modes.vectors[mode * sites + site] }
    }
    self.shapes = shapes
    rest = (dynamics.free..<count).map { mode in
      var force = 0.0
      for site in 0..<sites {
        force += dynamics.modes.vectors[mode * sites + site] * forces[site] / network.masses[site].squareRoot()
      }
      return force / network.frequencyUnit / dynamics.modes.frequencies[mode]
    }
  }

  /// The lowest frequency of a mode that is held.
  var softest: Double { dynamics.modes.frequencies.first { $0 > 0 } ?? 1 }
  /// Energy of the springs and forces at rest, less that at displacement 0 [energy].
  var restEnergy: Double { -0.5 * rest.reduce(0) { $0 + $1 * $1 } }

  /// Mean, from rest on, and second moments of the state at the start.
  func start(_ transient: Transient, _ network: HarmonicNetwork) -> (mean: [Double], moments: Matrix) {
    let (sites, count) = (network.sites, dynamics.count)
    let temperatures = Transient.values(transient.temperature, sites: sites)
    let displacements = Transient.values(transient.displacement, sites: sites)
    let velocities = Transient.values(transient.velocity, sites: sites)
    var mean = [Double](repeating: 0, count: dynamics.drift.rows)
    func projected(_ mode: Int, _ values: [Double]) -> Double {
      (0..<sites).reduce(0) { $0 + dynamics.modes.vectors[mode * sites + $1] * roots[$1] * values[$1] }
    }
    for mode in 0..<count {
      mean[dynamics.velocity(mode)] = projected(mode, velocities)
      let place = unit * projected(mode, displacements)
      if mode < dynamics.free {
        mean[freePlace(mode)] = place
      } else {
        mean[mode - dynamics.free] = dynamics.modes.frequencies[mode] * place - rest[mode - dynamics.free]
      }
    }
    var moments = Matrix(rows: mean.count, columns: mean.count)
    for row in mean.indices {
      for column in mean.indices { moments[row, column] = mean[row] * mean[column] }
    }
    var heated = shapes
    for site in 0..<sites {
      for mode in 0..<count { heated[mode, site] *= temperatures[site] }
    }
    let thermal = heated * shapes.transposed
    for row in 0..<count {
      for column in 0..<count { moments[dynamics.velocity(row), dynamics.velocity(column)] += thermal[row, column] }
    }
    for (place, term) in dynamics.auxiliaries.enumerated() {
      moments[dynamics.auxiliary(place), dynamics.auxiliary(place)] +=
        dynamics.modes.baths[term.bath].temperature * term.strength
    }
    return (mean, moments)
  }

  private func freePlace(_ mode: Int) -> Int { dynamics.held + dynamics.count + dynamics.auxiliaries.count + mode }

  /// The largest moment of what carries energy.
  func largest(_ moments: Matrix) -> Double {
    let most = dynamics.held + dynamics.count + dynamics.auxiliaries.count
    return (0..<most).reduce(0) { max($0, moments[$1, $1]) }
  }

  /// m <v²> of every site.
  func temperatures(_ moments: Matrix) -> [Double] {
    let count = dynamics.count
    var block = Matrix(rows: count, columns: count)
    for column in 0..<count {
      for row in 0..<count { block[row, column] = moments[dynamics.velocity(row), dynamics.velocity(column)] }
    }
    let turned = block * shapes
    return (0..<dynamics.modes.sites).map { site in
      (0..<count).reduce(0) { $0 + shapes[$1, site] * turned[$1, site] }
    }
  }

  /// <q> of every site, with the rounding of its sum.
  func displacements(_ mean: [Double]) -> [(value: Double, error: Double)] {
    let sites = dynamics.modes.sites
    return (0..<sites).map { site in
      var (sum, size) = (0.0, 0.0)
      for mode in 0..<dynamics.count {
        let place =
          mode < dynamics.free
          ? mean[freePlace(mode)]
          : (mean[mode - dynamics.free] + rest[mode - dynamics.free]) / dynamics.modes.frequencies[mode]
        let part = dynamics.modes.vectors[mode * sites + site] * place / (roots[site] * unit)
        sum += part
        size += abs(part)
      }
      return (sum, 4e-16 * Double(dynamics.count + 16) * size)
    }
  }

  /// How far an error of the state moves a site.
  func reach(_ site: Int) -> Double { 1 / (roots[site] * unit * softest) }

  /// Half the squares of what carries energy.
  func energy(_ moments: Matrix) -> Double {
    (0..<(dynamics.held + dynamics.count)).reduce(0) { $0 + 0.5 * moments[$1, $1] }
  }

  /// tr (C²)/2 + mean C mean of what carries energy, of a Gaussian.
  func energyVariance(_ moments: Matrix, _ mean: [Double]) -> Double {
    let most = dynamics.held + dynamics.count
    var sum = 0.0
    for row in 0..<most {
      for column in 0..<most {
        let covariance = moments[row, column] - mean[row] * mean[column]
        sum += 0.5 * covariance * covariance + mean[row] * covariance * mean[column]
      }
    }
    return sum
  }
}
