import Foundation
import NessFormula
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// Workload W5 of the benchmarks: networks of 1024 sites by formula between Langevin baths of temperatures 2 and 1 and friction 1,
/// with time step 0.02: a phi-4 chain, a Frenkel-Kontorova chain, a rotor chain and a chain whose bonds have odd powers
/// of |r|, one whose bonds have a potential of no known form, and a 32 x 32 FPUT-beta lattice that is heated along one edge and cooled along the other.
package struct BenchmarkW5: Sendable {
  /// What is simulated.
  package enum Network: String, CaseIterable, Sendable {
    case phi4, fk, rotor, formula, rational, lattice
  }

  /// The network.
  package let network: Network
  /// Steps of each replica that are measured.
  package let steps: Int
  /// Steps of each replica before those.
  package let warm: Int
  /// Independent replicas.
  package let replicas: Int

  /// The workload with the given number of steps, after `warm` steps that are not measured.
  package init(_ network: Network, steps: Int, warm: Int, replicas: Int = 8) {
    (self.network, self.steps, self.warm, self.replicas) = (network, steps, warm, replicas)
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with. What was too short for an
  /// error bar is absent.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer = "ness"
    /// What was run.
    package var workload: String
    /// Elapsed seconds.
    package var seconds: Double
    /// Processor seconds.
    package var cpu_seconds: Double
    /// Processor nanoseconds per site-step.
    package var unit_ns: Double
    /// Steps of each replica that were measured.
    package var steps: Int
    /// Steps of each replica before those.
    package var warm: Int
    /// Replicas.
    package var replicas: Int
    /// Sites.
    package var N: Int
    /// Heat from the hot baths per time.
    package var J: Double?
    /// Its standard error, an upper estimate where there are several hot baths.
    package var J_se: Double?
    /// Kinetic temperature in the middle.
    package var Tmid: Double?
  }

  /// Runs the workload on one thread.
  package func run() throws -> Result {
    let timeStep = 0.02
    let bathed = try bathed()
    let settings = TrajectorySettings(
      replicas: replicas, timeStep: timeStep, burnIn: Double(warm) * timeStep, duration: Double(steps) * timeStep)
    let start = ContinuousClock.now
    let processorStart = clock()
    let outcome = try NetworkTrajectorySolver(settings).simulate(bathed)
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    func estimate(_ quantity: Quantity) -> Estimate? { outcome.answer.estimate(quantity, by: .simulation) }
    let hot = bathed.baths.filter { $0.law.temperature == 2 }.map { estimate(.heat(from: $0.name)) }
    let isWhole = !hot.contains { $0 == nil }
    let current =
      estimate(.heatCurrent).map { ($0.value, $0.error) }
      ?? (isWhole
        ? (hot.reduce(0) { $0 + ($1?.value ?? 0) }, hot.reduce(0) { $0 + ($1?.error ?? 0) }) : nil)
    let sites = bathed.network.sites
    return Result(
      workload: "W5-\(network.rawValue)", seconds: start.secondsAgo, cpu_seconds: processor,
      unit_ns: processor * 1e9 / Double(outcome.replicaSteps) / Double(sites),
      steps: Int((outcome.duration / timeStep).rounded()), warm: Int((outcome.burnIn / timeStep).rounded()),
      replicas: replicas, N: sites, J: current?.0, J_se: current?.1,
      Tmid: estimate(.kineticTemperature(site: sites / 2))?.value)
  }

  private func bathed() throws -> BathedNetwork {
    func potential(_ text: String) throws -> Potential { Potential(try Formula(text, names: ["x"]), of: "x") }
    func bath(_ name: String, _ site: Int, _ temperature: Double) -> BathedNetwork.Bath {
      .init(name: name, site: site, law: .init(LangevinBath(temperature: temperature, friction: 1)))
    }
    let (sites, side) = (1024, 32)
    let masses = [Double](repeating: 1, count: sites)
    let row = (0..<(sites - 1)).map { SiteNetwork.Bond(first: $0, second: $0 + 1, potential: 0) }
    let ends = [bath("hot", 0, 2), bath("cold", sites - 1, 1)]
    let fields = (0..<sites).map { SiteNetwork.Field(site: $0, potential: 1) }
    func chain(_ bond: Potential) -> SiteNetwork {
      SiteNetwork(masses: masses, potentials: [bond], bonds: row, fields: [])
    }
    switch network {
    case .phi4:
      return BathedNetwork(
        SiteNetwork(
          masses: masses, potentials: [try potential("x^2/2"), try potential("x^4/4")], bonds: row, fields: fields),
        ends)
    case .fk:
      let field = try potential("5/(4*pi^2)*(1 - cos(2*pi*x))")
      return BathedNetwork(
        SiteNetwork(masses: masses, potentials: [try potential("x^2/2"), field], bonds: row, fields: fields), ends)
    case .rotor: return BathedNetwork(chain(try potential("1 - cos(x)")), ends)
    case .formula: return BathedNetwork(chain(try potential("x^2/2 + x^4/4 + abs(x)^3/3")), ends)
    case .rational: return BathedNetwork(chain(try potential("x^2/2 + x^4/4 + 1/(1 + x^2)")), ends)
    case .lattice:
      let across = row.filter { $0.second % side != 0 }
      let down = (0..<(sites - side)).map { SiteNetwork.Bond(first: $0, second: $0 + side, potential: 0) }
      let edges = (0..<side).flatMap { row in
        [bath("hot\(row + 1)", side * row, 2), bath("cold\(row + 1)", side * row + side - 1, 1)]
      }
      return BathedNetwork(
        SiteNetwork(
          masses: masses, potentials: [try potential("x^2/2 + x^4/4")], bonds: across + down, fields: []), edges)
    }
  }
}
