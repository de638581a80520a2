import CVectorMath
import NessFormula
import NessModel

/// A network made ready for stepping: every constant of one time step, computed once.
///
/// The step is that of a chain (`ChainDynamics`): all sites drift, then at fixed displacements half a kick, the baths, half a
/// kick. In one step a bond with the slope f = V'(r) gives its sites i and j the kinetic energies (h/2) f (v + v')_i and
/// -(h/2) f (v + v')_j, with v and v' the velocities before and after the exchange: the halves of the kick and the baths
/// between them telescope, so
///
///     change of m v²/2 = heats of the baths + sum over bonds and fields of what they give
///
/// to rounding in every step and at every site. What flows through the bond from i to j is half of what j gets and i loses,
/// -(h/4) f [(v + v')_i + (v + v')_j]; the rest is what the bond itself stores and, of order h³, what the step creates.
package final class NetworkDynamics: Sendable {
  package let bathed: BathedNetwork
  package let timeStep: Double
  let plan: NetworkPlan
  /// The slopes of all potentials, and those that are compiled, of kind `ness_slope_none` where one is not.
  let slopes: [LaneSlope]
  let compiledSlopes: [ness_slope]
  /// h/m of every site [time/mass].
  let kicks: [Double]
  let baths: BathLaws
  /// Steps whose noise on the momenta is drawn together.
  let stepsPerDraw: Int
  /// Steps between two readings of flows, kinetic temperatures and displacements: a power of two, at most a tick.
  package let stepsPerReading: Int
  /// Where the sums of the motion alone are.
  package let ledger: NetworkLedger
  /// Places at which potentials are infinite.
  let walls: PotentialWalls
  /// What changes with the time; nil for nothing.
  let driving: NetworkDriving?

  /// - Parameters:
  ///   - bathed: what to step.
  ///   - timeStep: length of a step [time].
  ///   - rate: the fastest rate of the motion, of which readings must miss nothing [1/time].
  ///   - noise: law of the noise that diffuses the particles.
  ///   - stepsPerReading: steps between two readings; nil chooses by the rate.
  package convenience init(
    _ bathed: BathedNetwork, timeStep: Double, rate: Double, noise: ParticleNoise = .matched,
    stepsPerReading: Int? = nil
  ) {
    self.init(bathed, timeStep: timeStep, rate: rate, noise: noise, stepsPerReading: stepsPerReading, driving: nil)
  }

  /// A driven network.
  convenience init(_ system: DrivenSystem, timeStep: Double) {
    self.init(
      system.bathed, timeStep: timeStep, rate: system.scales.readingRate, noise: .matched, stepsPerReading: nil
    ) { laws in
      NetworkDriving(
        system.model, system.form, references: system.references, laws, steps: system.steps(timeStep: timeStep))
    }
  }

  private init(
    _ bathed: BathedNetwork, timeStep: Double, rate: Double, noise: ParticleNoise, stepsPerReading: Int?,
    driving: ((BathLaws) -> NetworkDriving)?
  ) {
    let network = bathed.network
    self.bathed = bathed
    self.timeStep = timeStep
    walls = PotentialWalls(network, temperature: bathed.hottest)
    let layout = BathLayout(bathed.siteBaths)
    plan = NetworkPlan(network, contacts: layout.contacts.map(\.site))
    slopes = network.potentials.map(LaneSlope.init)
    compiledSlopes = network.potentials.map { ness_slope($0.form) }
    kicks = network.masses.map { timeStep / $0 }
    baths = BathLaws(
      bathed.siteBaths, layout, mass: { network.masses[$0] }, timeStep: timeStep, noise: noise)
    // A whole block of noise for every site of a large network would be larger than all the rest.
    stepsPerDraw = baths.momentumSteps.count <= 1024 ? LaneBaths.stepsPerBlock : 16
    self.stepsPerReading = stepsPerReading ?? Self.stepsPerReading(rate: rate, timeStep: timeStep)
    self.driving = driving?(baths)
    var ledger = NetworkLedger(baths: bathed.baths.count, bonds: network.bonds.count, sites: network.sites)
    ledger.isDriven = driving != nil
    self.ledger = ledger
  }

  /// The same with other laws of the baths.
  init(_ other: NetworkDynamics, baths: BathLaws) {
    (bathed, timeStep, plan) = (other.bathed, other.timeStep, other.plan)
    (slopes, compiledSlopes, kicks) = (other.slopes, other.compiledSlopes, other.kicks)
    self.baths = baths
    (stepsPerDraw, stepsPerReading) = (other.stepsPerDraw, other.stepsPerReading)
    (ledger, walls, driving) = (other.ledger, other.walls, other.driving)
  }

  /// As for the kinetic temperatures of a chain (`ChainDynamics`), and for flows, which are products of velocities and forces:
  /// readings at most half of 1/w apart know all their frequencies, up to 2 w.
  static func stepsPerReading(rate: Double, timeStep: Double) -> Int {
    var steps = 1
    while 2 * steps <= NetworkLedger.stepsPerTick && Double(2 * steps) * timeStep * rate <= 0.5 { steps *= 2 }
    return steps
  }

  var sites: Int { bathed.network.sites }

  /// What the running sum of a flow must be multiplied with, and divided by the number of its steps [energy/time].
  static func flowFactor(stepsPerReading: Int) -> Double { 0.25 * Double(stepsPerReading) }

  /// What a running sum must be multiplied with, and divided by the number of its steps, to give its channel: heat or flow per
  /// time [energy/time], kinetic temperature [energy], displacement [length]; energy [energy]; innovations and changes per time.
  package func factor(ofChannel channel: Int) -> Double {
    let masses = bathed.network.masses
    let readings = Double(stepsPerReading)
    if channel < ledger.bond(0) { return 0.5 * masses[bathed.baths[channel].site] / timeStep }
    if channel < ledger.kinetic(0) { return Self.flowFactor(stepsPerReading: stepsPerReading) }
    if channel < ledger.displacement(0) { return masses[channel - ledger.kinetic(0)] * readings }
    if channel == ledger.energy { return Double(NetworkLedger.stepsPerTick) }
    return channel < ledger.measured ? readings : 1 / timeStep
  }
}

extension ness_slope {
  /// The compiled slope of a form, of kind `ness_slope_none` if there is none. Polynomials have the next odd degree.
  init(_ form: PotentialForm) {
    self.init()
    func take(_ coefficients: [Double]) {
      withUnsafeMutableBytes(of: &c) { bytes in
        let values = bytes.bindMemory(to: Double.self)
        for (power, value) in coefficients.enumerated() { values[power] = value }
      }
    }
    switch form {
    case .polynomial(let coefficients):
      kind = (coefficients.count - 1) | 1
      take(coefficients)
    case .sided(let factor):
      kind = factor.count <= 3 ? Int(ness_slope_sided) : Int(ness_slope_long_sided)
      take(factor)
    case .sine(let amplitude, let wavenumber, let phase, let linear, let offset):
      self = ness_make_sine(amplitude, wavenumber / .pi, phase / .pi, linear, offset)
    case .general: break
    }
  }
}

extension NetworkDynamics {
  /// Where a bond of the network is among those of the ledger.
  package func place(ofBond bond: Int) -> Int { plan.placeOfBond[bond] }
}
