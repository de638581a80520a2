import Foundation
import NessLinear
import NessModel
import NessSampling

/// Workload W4 of the benchmarks: exact current of a harmonic chain between a Langevin bath of friction (2/T_L)² and one
/// of friction 1 at T_R = 1, for temperatures T_L from 1.1 to 10: each is a new integral over the band.
package struct BenchmarkW4: Sendable {
  /// Sites, N.
  package let sites: Int
  /// Number of temperatures.
  package let temperatures: Int

  /// The workload for a chain of `sites` sites and a number of temperatures.
  package init(sites: Int = 100, temperatures: Int = 200) {
    self.sites = sites
    self.temperatures = temperatures
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer = "ness"
    /// What was run.
    package var workload = "W4"
    /// Sites.
    package var N: Int
    /// Temperatures.
    package var ntemp: Int
    /// Elapsed seconds.
    package var seconds: Double
    /// Processor seconds.
    package var cpu_seconds: Double
    /// Processor seconds per temperature.
    package var seconds_per_temp: Double
    /// The first temperature.
    package var TL_first: Double
    /// The current there.
    package var J_first: Double
    /// The last temperature.
    package var TL_last: Double
    /// The current there.
    package var J_last: Double
    /// Largest stated relative error.
    package var largest_error: Double
  }

  /// Computes all temperatures on one thread.
  package func run() throws -> Result {
    let (first, last) = (1.1, 10.0)
    let grid = (0..<temperatures).map { first + (last - first) * Double($0) / Double(max(1, temperatures - 1)) }
    let (start, processorStart) = (ContinuousClock.now, clock())
    let currents = try grid.map { temperature in
      let model = try Model(
        medium: Chain(sites: sites, pinning: 1),
        attachments: [
          .init(
            name: "left", site: 1,
            bath: .init(LangevinBath(temperature: temperature, friction: 4 / (temperature * temperature)))),
          .init(name: "right", site: sites, bath: .init(LangevinBath(temperature: 1, friction: 1))),
        ])
      return try LinearSolver().answer(.only(.heatCurrent), of: model, by: [.markov]).required(.heatCurrent, .markov)
    }
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    return Result(
      N: sites, ntemp: temperatures, seconds: start.secondsAgo, cpu_seconds: processor,
      seconds_per_temp: processor / Double(temperatures), TL_first: grid[0], J_first: currents[0].value,
      TL_last: grid[grid.count - 1], J_last: currents[currents.count - 1].value,
      largest_error: currents.map { $0.error / abs($0.value) }.max() ?? 0)
  }
}
