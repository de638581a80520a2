import Foundation
import NessModel
import NessSampling
import NessStatistics
import NessTrajectory

/// Workload W2 of the benchmarks: a chain of 1024 sites, harmonic or FPUT-beta, between Langevin baths of T_L = 2 and
/// T_R = 1 and friction 1, with time step 0.01; heat current from every step, kinetic temperatures as often as the engine
/// reads them.
package struct BenchmarkW2: Sendable {
  /// Steps of each replica that are measured.
  package let steps: Int
  /// Steps of each replica before those.
  package let warm: Int
  /// Quartic constant of the bonds: 0 for the harmonic chain, 1 for FPUT-beta.
  package let quartic: Double
  /// Independent replicas.
  package let replicas: Int

  /// The workload with the given number of steps, after `warm` steps that are not measured.
  package init(steps: Int, warm: Int, quartic: Double, replicas: Int = 8) {
    self.steps = steps
    self.warm = warm
    self.quartic = quartic
    self.replicas = replicas
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
    /// Heat current.
    package var J: Double?
    /// Its standard error.
    package var J_se: Double?
    /// Kinetic temperature of the first site.
    package var T1: Double?
    /// Kinetic temperature in the middle.
    package var Tmid: Double?
    /// Kinetic temperature of the last site.
    package var TN: Double?
  }

  /// Runs the workload on one thread.
  package func run() throws -> Result {
    let sites = 1024
    let timeStep = 0.01
    func bath(_ temperature: Double) -> ChainBath { .init(LangevinBath(temperature: temperature, friction: 1)) }
    let model = try Model(
      medium: Chain(sites: sites, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: bath(2)), .init(name: "right", site: sites, bath: bath(1)),
      ])
    let settings = TrajectorySettings(
      replicas: replicas, timeStep: timeStep, burnIn: Double(warm) * timeStep, duration: Double(steps) * timeStep)
    let start = ContinuousClock.now
    let processorStart = clock()
    let outcome = try TrajectorySolver(settings).simulate(model)
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    func estimate(_ quantity: Quantity) -> Estimate? { outcome.answer.estimate(quantity, by: .simulation) }
    func temperature(_ site: Int) -> Double? { estimate(.kineticTemperature(site: site))?.value }
    let current = estimate(.heatCurrent)
    return Result(
      workload: quartic == 0 ? "W2-harm" : "W2-fput", seconds: start.secondsAgo,
      cpu_seconds: processor, unit_ns: processor * 1e9 / Double(outcome.replicaSteps) / Double(sites),
      steps: Int((outcome.duration / timeStep).rounded()), warm: Int((outcome.burnIn / timeStep).rounded()),
      replicas: replicas, N: sites, J: current?.value, J_se: current?.error, T1: temperature(1),
      Tmid: temperature(sites / 2), TN: temperature(sites))
  }
}
