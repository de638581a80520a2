import ArgumentParser
import Foundation
import NessModel
import NessStudy

extension ParticleNoise: ExpressibleByArgument {}

/// `ness bench`: speed on the workloads that are compared with other programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the speed on a named workload, on one thread.",
    discussion: """
      WORKLOADS
        W1   chain of 16 sites, 40 particles, Langevin bath: nanoseconds of processor time per particle-step
        W3   quantum box of M levels: seconds for the steady state and both currents (--method davies or liouvillian)
        W4   exact current of a chain of 100 sites at 200 temperatures: seconds per temperature

      EXAMPLES
        ness bench --workload W1 --format json
        ness bench --workload W1 --noise gaussian
        ness bench --workload W3 --levels 512
        ness bench --workload W3 --levels 32 --method liouvillian
        ness bench --workload W4
      """)

  enum Workload: String, CaseIterable, ExpressibleByArgument { case W1, W3, W4 }
  enum QuantumMethod: String, CaseIterable, ExpressibleByArgument { case davies, liouvillian }

  @Option(help: "The workload.") var workload: Workload = .W1
  @Option(help: "W1: steps of each of the 64 replicas.") var steps = 20_000
  @Option(help: "W1: noise of the particles, matched or gaussian.") var noise: ParticleNoise = .matched
  @Option(help: "W3: levels.") var levels = 64
  @Option(help: "W3: by the Pauli equation or by the whole density matrix.") var method: QuantumMethod = .davies
  @OptionGroup var shared: SharedOptions

  func run() throws {
    switch workload {
    case .W1:
      guard steps >= 2000 else { throw UnusableInput("--steps \(steps): expected at least 2000") }
      let result = try BenchmarkW1(steps: steps, noise: noise).run()
      let speed = String(format: "%.2f", result.unit_ns)
      try show(result, "W1: \(speed) ns per particle-step with \(result.noise) noise, J = \(result.J) ± \(result.J_se)")
    case .W3:
      guard (2...4096).contains(levels) else { throw UnusableInput("--levels \(levels): expected 2 to 4096") }
      let way: NessModel.Method = method == .davies ? .davies : .liouvillian
      let result = try BenchmarkW3(levels: levels, method: way).run()
      try show(
        result,
        "W3: \(levels) levels by \(method.rawValue) in \(result.cpu_seconds) s, J = \(result.JL), balance \(result.balance)"
      )
    case .W4:
      let result = try BenchmarkW4().run()
      try show(
        result,
        "W4: \(result.seconds_per_temp) s per temperature, J = \(result.J_first) and \(result.J_last), error below "
          + "\(result.largest_error) of it")
    }
  }

  private func show(_ result: some Encodable, _ text: String) throws {
    switch shared.format {
    case .json: Console.result(try Line(result: result).json(onOneLine: true))
    case .text: Console.result("\(text) (engine built for \(Machine.vectorUnit))")
    }
  }

  /// A result with the vector instructions that produced it.
  private struct Line<Result: Encodable>: Encodable {
    let result: Result

    private enum Key: CodingKey { case vectorUnit }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(Machine.vectorUnit, forKey: .vectorUnit)
    }
  }
}
