import Foundation
import NessModel
import NessSampling
import NessTrajectory

/// Workload W1 of the benchmarks: 64 trajectories of a 16-site chain with 40 particles and a Langevin bath.
package struct BenchmarkW1: Sendable {
  /// Steps of each trajectory.
  package let steps: Int
  /// Steps of each trajectory before the measurement.
  package let warm: Int
  /// Law of the noise that diffuses the particles.
  package let noise: ParticleNoise

  /// The workload with the given number of steps, after `warm` steps that are not measured.
  package init(steps: Int, warm: Int = 0, noise: ParticleNoise = .matched) {
    self.steps = steps
    self.warm = warm
    self.noise = noise
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer = "ness"
    /// What was run.
    package var workload = "W1"
    /// Elapsed seconds.
    package var seconds: Double
    /// Processor seconds.
    package var cpu_seconds: Double
    /// Processor nanoseconds per particle-step.
    package var unit_ns: Double
    /// Steps of each trajectory.
    package var steps: Int
    /// Trajectories.
    package var traj: Int
    /// Sites.
    package var N: Int
    /// Particles.
    package var nb: Int
    /// Coupling.
    package var eps: Double
    /// Heat current.
    package var J: Double
    /// Its standard error.
    package var J_se: Double
    /// Law of the noise that diffuses the particles.
    package var noise: String
    /// Kinetic temperature of the first site.
    package var T1: Double
    /// Kinetic temperature of the last site.
    package var TN: Double
  }

  /// Runs the workload on one thread.
  package func run() throws -> Result {
    let bath = ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)
    let model = try Model(
      medium: Chain(sites: 16, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: .init(bath)),
        .init(name: "right", site: 16, bath: .init(LangevinBath(temperature: 1, friction: 1))),
      ])
    let timeStep = 1e-3
    let settings = TrajectorySettings(
      timeStep: timeStep, burnIn: Double(warm) * timeStep, duration: Double(steps) * timeStep, innovations: false,
      noise: noise)
    let start = ContinuousClock.now
    let processorStart = clock()
    let outcome = try TrajectorySolver(settings).simulate(model)
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    let elapsed = start.secondsAgo
    func value(_ quantity: Quantity) -> (Double, Double) {
      outcome.answer.estimate(quantity, by: .simulation).map { ($0.value, $0.error) } ?? (.nan, .nan)
    }
    let current = value(.heatCurrent)
    return Result(
      seconds: elapsed, cpu_seconds: processor, unit_ns: processor * 1e9 / Double(outcome.replicaSteps * bath.count),
      steps: outcome.replicaSteps / 64, traj: 64, N: 16, nb: bath.count, eps: bath.coupling, J: current.0,
      J_se: current.1, noise: noise.rawValue, T1: value(.kineticTemperature(site: 1)).0,
      TN: value(.kineticTemperature(site: 16)).0)
  }
}
