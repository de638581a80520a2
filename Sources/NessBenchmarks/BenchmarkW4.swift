import Foundation
import NessLinear
import NessModel

/// Workload W4 of the benchmarks: exact current of a harmonic chain between a Langevin bath of friction (2/T_L)² and one
/// of friction 1 at T_R = 1, for temperatures T_L from 1.1 to 10: each is a new integral over the band.
public struct BenchmarkW4: Sendable {
  /// Sites, N.
  public let sites: Int
  /// Number of temperatures.
  public let temperatures: Int

  /// The workload for a chain of `sites` sites and a number of temperatures.
  public init(sites: Int = 100, temperatures: Int = 200) {
    self.sites = sites
    self.temperatures = temperatures
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  public struct Result: Codable, Sendable {
    /// Who ran.
    public var peer = "ness"
    /// What was run.
    public var workload = "W4"
    /// Sites.
    public var N: Int
    /// Temperatures.
    public var ntemp: Int
    /// Elapsed seconds.
    public var seconds: Double
    /// Processor seconds.
    public var cpu_seconds: Double
    /// Processor seconds per temperature.
    public var seconds_per_temp: Double
    /// The first temperature.
    public var TL_first: Double
    /// The current there.
    public var J_first: Double
    /// The last temperature.
    public var TL_last: Double
    /// The current there.
    public var J_last: Double
    /// Largest stated relative error.
    public var largest_error: Double
  }

  /// Computes all temperatures on one thread.
  public func run() throws -> Result {
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
      return try LinearSolver(methods: [.markov]).solve(model).required(.heatCurrent, .markov)
    }
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    return Result(
      N: sites, ntemp: temperatures, seconds: start.secondsAgo, cpu_seconds: processor,
      seconds_per_temp: processor / Double(temperatures), TL_first: grid[0], J_first: currents[0].value,
      TL_last: grid[grid.count - 1], J_last: currents[currents.count - 1].value,
      largest_error: currents.map { $0.error / abs($0.value) }.max() ?? 0)
  }
}
