import ArgumentParser
import Foundation
import NessModel
import NessStudy

/// `ness bench`: speed of the engine on the workloads that are compared with other programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the engine's speed on a named workload.",
    discussion: """
      W1: chain of 16 sites, 40 particles, Langevin bath; nanoseconds of processor time per particle-step on one thread.

      EXAMPLES
        ness bench --workload W1 --format json
      """)

  @Option(help: "The workload: W1.") var workload = "W1"
  @Option(help: "Steps of each of the 64 replicas.") var steps = 20_000
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard workload == "W1" else { throw UnusableInput("unknown workload \(workload): expected W1") }
    guard steps >= 2000 else { throw UnusableInput("--steps \(steps): expected at least 2000") }
    let result = try BenchmarkW1(steps: steps).run()
    switch shared.format {
    case .json: Console.result(try result.json(onOneLine: true))
    case .text:
      Console.result(
        "W1: \(String(format: "%.2f", result.unit_ns)) ns per particle-step, J = \(result.J) ± \(result.J_se)")
    }
  }
}
