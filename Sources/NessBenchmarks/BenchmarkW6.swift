import Foundation
import NessKinetic
import NessModel
import NessSampling

/// Workload W6 of the benchmarks: a hard-point gas of masses 1 and 3 in turn, one length per particle, between walls at temperatures 2 and
/// 1, from its initial state on.
package struct BenchmarkW6: Sendable {
  /// Particles, n.
  package let particles: Int
  /// Time of every replica [time].
  package let duration: Double

  /// The workload for so many particles and so long.
  package init(particles: Int, duration: Double) {
    self.particles = particles
    self.duration = duration
  }

  private static let replicas = 16

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer = "ness"
    /// What was run.
    package var workload = "W6"
    /// Particles.
    package var n: Int
    /// Collisions of all replicas, with walls and of particles.
    package var collisions: Int
    /// Processor seconds.
    package var cpu_seconds: Double
    /// Processor nanoseconds per collision.
    package var unit_ns: Double
    /// Heat current during the run.
    package var J: Double
    /// Its standard error, from replicas.
    package var J_se: Double
  }

  /// Simulates on one thread.
  package func run() throws -> Result {
    let model = try Model(
      medium: Box(
        length: Double(particles), particles: particles, massRule: .list((0..<particles).map { $0 % 2 == 0 ? 1 : 3 })),
      attachments: [
        .init(name: "left", site: 1, bath: .init(MaxwellBath(temperature: 2))),
        .init(name: "right", site: 2, bath: .init(MaxwellBath(temperature: 1))),
      ])
    let start = clock()
    let replicas = (0..<Self.replicas).map { replica in
      let gas = HardPointGas(model, seed: 1, replica: replica)
      // Slices of the length that a run has.
      let slices = max(1, Int(duration * Double(particles) / 2e5))
      for _ in 0..<slices { gas.fly(for: duration / Double(slices)) }
      return gas.takeSums()
    }
    let processor = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    func sum(_ channels: HardPointGas.Channel...) -> [Double] {
      replicas.map { sums in channels.reduce(0) { $0 + sums[$1.rawValue] } }
    }
    let collisions = Int(sum(.pairs, .collisionsLeft, .collisionsRight).reduce(0, +))
    let currents = zip(sum(.heatFromLeft), sum(.heatFromRight)).map { 0.5 * ($0 - $1) / duration }
    let mean = currents.reduce(0, +) / Double(currents.count)
    let variance = currents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(currents.count - 1)
    return Result(
      n: particles, collisions: collisions, cpu_seconds: processor, unit_ns: 1e9 * processor / Double(collisions),
      J: mean,
      J_se: (variance / Double(currents.count)).squareRoot())
  }
}
