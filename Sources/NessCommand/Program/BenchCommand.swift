import ArgumentParser
import Foundation
import NessBenchmarks
import NessModel
import NessReport
import NessStudy

extension ParticleNoise: ExpressibleByArgument {}

/// `ness bench`: speed on the workloads that are compared with other programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the speed on a named workload, on one thread.",
    discussion: """
      WORKLOADS
        W1   chain of 16 sites, 40 particles, Langevin bath: nanoseconds of
             processor time per particle-step
        W2-harm, W2-fput
             chain of 1024 sites between Langevin baths, harmonic or with quartic
             bonds: nanoseconds per site-step
        W3   quantum box of M levels: seconds for the steady state and both
             currents (--method davies or liouvillian)
        W4   exact current of a chain of 100 sites at 200 temperatures: seconds
             per temperature
        W5-phi4, W5-fk, W5-rotor, W5-formula, W5-rational, W5-lattice
             networks of 1024 sites by formula (phi-4, Frenkel-Kontorova and rotor
             chain, chain with a potential without a name, FPUT lattice):
             nanoseconds per site-step
        W6   hard-point gas of unlike masses between thermal walls: nanoseconds per
             collision
        W7   chain of qubits between two baths: seconds for the steady state and both
             currents (--method davies, redfield or local)
        coverage
             how often the 95 % interval of independent experiments holds the true
             current (some minutes)

      EXAMPLES
        ness bench --workload W1 --format json
        ness bench --workload W1 --noise gaussian
        ness bench --workload W2-fput --steps 100000 --warm 1000000
        ness bench --workload W3 --levels 512
        ness bench --workload W3 --levels 32 --method liouvillian
        ness bench --workload W4
        ness bench --workload W5-lattice --steps 100000 --warm 100000
        ness bench --workload W6 --particles 100
        ness bench --workload W7 --qubits 6 --method redfield
        ness bench --workload coverage --experiments 1000
      """)

  enum Workload: String, CaseIterable, ExpressibleByArgument {
    case W1
    case harmonicChain = "W2-harm"
    case quarticChain = "W2-fput"
    case W3, W4, coverage
    case phi4Chain = "W5-phi4"
    case frenkelKontorovaChain = "W5-fk"
    case rotorChain = "W5-rotor"
    case formulaChain = "W5-formula"
    case rationalChain = "W5-rational"
    case lattice = "W5-lattice"
    case W6, W7
  }
  enum QuantumMethod: String, CaseIterable, ExpressibleByArgument {
    case davies, liouvillian, redfield, local

    var method: NessModel.Method {
      switch self {
      case .davies: .davies
      case .liouvillian: .liouvillian
      case .redfield: .redfield
      case .local: .local
      }
    }
  }

  @Option(help: "The workload.") var workload: Workload = .W1
  @Option(help: "W1, W2, W5: steps of each of the 64 (W2, W5: 8) replicas.") var steps = 100_000
  @Option(help: "W1: noise of the particles, matched or gaussian.") var noise: ParticleNoise = .matched
  @Option(help: "W1, W2, W5: steps of each replica before the measurement.") var warm = 0
  @Option(help: "W3: levels.") var levels = 64
  @Option(help: "W6: particles.") var particles = 1000
  @Option(help: "W6: time of each of the 16 replicas.") var duration = 1000.0
  @Option(help: "W3: davies (the Pauli equation) or liouvillian; W7: davies, redfield or local.")
  var method: QuantumMethod = .davies
  @Option(help: "W7: qubits.") var qubits = 5
  @Option(help: "coverage: independent experiments of every kind.") var experiments = 1000
  @OptionGroup var shared: SharedOptions

  func run() throws {
    switch workload {
    case .coverage: try showCoverage()
    case .W1:
      guard steps >= 2000, warm >= 0 else {
        throw UnusableInput("--steps \(steps) --warm \(warm): expected at least 2000 and 0")
      }
      let result = try BenchmarkW1(steps: steps, warm: warm, noise: noise).run()
      let speed = String(format: "%.2f", result.unit_ns)
      try show(result, "W1: \(speed) ns per particle-step with \(result.noise) noise, J = \(result.J) ± \(result.J_se)")
    case .harmonicChain, .quarticChain:
      guard steps >= 2000, warm >= 0 else {
        throw UnusableInput("--steps \(steps) --warm \(warm): expected at least 2000 and 0")
      }
      let result = try BenchmarkW2(steps: steps, warm: warm, quartic: workload == .quarticChain ? 1 : 0).run()
      let speed = String(format: "%.3f", result.unit_ns)
      let current =
        if let value = result.J, let error = result.J_se { "J = \(value) ± \(error)" } else {
          "too short for a heat current"
        }
      try show(result, "\(result.workload): \(speed) ns per site-step, \(current)")
    case .phi4Chain: try showNetwork(.phi4)
    case .frenkelKontorovaChain: try showNetwork(.fk)
    case .rotorChain: try showNetwork(.rotor)
    case .formulaChain: try showNetwork(.formula)
    case .rationalChain: try showNetwork(.rational)
    case .lattice: try showNetwork(.lattice)
    case .W3:
      guard (2...4096).contains(levels) else { throw UnusableInput("--levels \(levels): expected 2 to 4096") }
      guard method == .davies || method == .liouvillian else {
        throw UnusableInput("--method \(method): expected davies or liouvillian for W3")
      }
      let result = try BenchmarkW3(levels: levels, method: method.method).run()
      try show(
        result,
        "W3: \(levels) levels by \(method.rawValue) in \(result.cpu_seconds) s, J = \(result.JL), balance \(result.balance)"
      )
    case .W6:
      guard (2...100_000).contains(particles), duration > 0, duration <= 1e9 else {
        throw UnusableInput(
          "--particles \(particles) --duration \(duration): expected 2 to 100000 and a time from 0 to 1e9")
      }
      let result = try BenchmarkW6(particles: particles, duration: duration).run()
      let speed = String(format: "%.1f", result.unit_ns)
      try show(result, "W6: \(speed) ns per collision of \(particles) particles, J = \(result.J) ± \(result.J_se)")
    case .W7:
      guard (2...9).contains(qubits) else { throw UnusableInput("--qubits \(qubits): expected 2 to 9") }
      guard method != .liouvillian else {
        throw UnusableInput("--method \(method): expected davies, redfield or local for W7")
      }
      let result = try BenchmarkW7(qubits: qubits, method: method.method).run()
      try show(
        result,
        "W7: \(qubits) qubits by \(method.rawValue) in \(result.cpu_seconds) s, J = \(result.JL), bound \(result.bound)"
      )
    case .W4:
      let result = try BenchmarkW4().run()
      try show(
        result,
        "W4: \(result.seconds_per_temp) s per temperature, J = \(result.J_first) and \(result.J_last), error below "
          + "\(result.largest_error) of it")
    }
  }

  private func showNetwork(_ network: BenchmarkW5.Network) throws {
    guard steps >= 2000, warm >= 0 else {
      throw UnusableInput("--steps \(steps) --warm \(warm): expected at least 2000 and 0")
    }
    let result = try BenchmarkW5(network, steps: steps, warm: warm).run()
    let current =
      if let value = result.J, let error = result.J_se { "J = \(value) ± \(error)" } else {
        "too short for a heat current"
      }
    try show(result, "\(result.workload): \(String(format: "%.3f", result.unit_ns)) ns per site-step, \(current)")
  }

  private func showCoverage() throws {
    guard (100...1_000_000).contains(experiments) else {
      throw UnusableInput("--experiments \(experiments): expected 100 to 1000000")
    }
    let progress = ProgressLine(silent: shared.quiet)
    let rows = try Coverage(experiments: experiments, threads: try shared.threadCount()).run {
      progress.show("coverage", fraction: $0, secondsLeft: progress.secondsLeft(fraction: $0))
    }
    progress.end()
    var table = TextTable(
      columns: [.init("experiments, replicas of duration")]
        + ["stated", "refused", "coverage", "rms z"].map { .init($0, alignment: .right) })
    for row in rows {
      table.append([
        row.experiment, "\(row.stated)", "\(row.refused)", String(format: "%.1f %%", 100 * row.coverage),
        String(format: "%.3f", row.rmsZ),
      ])
    }
    try show(rows, table.text())
    let failing = rows.filter { !$0.passes }.map(\.experiment)
    if !failing.isEmpty {
      throw Failure(message: "coverage outside 93 to 97 %: \(failing.joined(separator: "; "))", status: 1)
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
