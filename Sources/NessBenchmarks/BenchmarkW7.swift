import Foundation
import NessLindblad
import NessModel
import NessSampling

/// Workload W7 of the benchmarks: a chain of qubits, H = Σ Z/2 + Σ (X X + Y Y + 0.7 Z Z) over neighbours, with ohmic baths of rate 0.1 and temperatures
/// 1.5 and 0.5 on the X of its ends: steady state and both heat currents by a master equation, from the text of the Hamiltonian on.
package struct BenchmarkW7: Sendable {
  /// Number of qubits.
  package let qubits: Int
  /// The master equation.
  package let method: NessModel.Method

  /// The workload with a number of qubits, by `.davies`, `.redfield` or `.local`.
  package init(qubits: Int, method: NessModel.Method) {
    self.qubits = qubits
    self.method = method
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer: String
    /// What was run.
    package var workload = "W7"
    /// Qubits.
    package var N: Int
    /// Elapsed seconds of one solution.
    package var seconds: Double
    /// Processor seconds of one solution.
    package var cpu_seconds: Double
    /// Heat per time from the left bath.
    package var JL: Double
    /// Heat per time from the right bath.
    package var JR: Double
    /// Bound on the error of the former.
    package var bound: Double
  }

  /// The chain, with the factor of Z Z.
  package static func model(qubits: Int, anisotropy: Double = 0.7) throws -> LevelModel {
    let fields = (1...qubits).map { "0.5*Z\($0)" }
    let bonds = (1..<qubits).map { "X\($0)*X\($0 + 1) + Y\($0)*Y\($0 + 1) + \(anisotropy)*Z\($0)*Z\($0 + 1)" }
    func bath(_ name: String, _ qubit: Int, _ temperature: Double) -> LevelModel.Attachment {
      let law = ThermalBath(temperature: temperature, coupling: .formula("X\(qubit)"), spectrum: .ohmic, rate: 0.1)
      return .init(name: name, site: 1, bath: .thermal(law))
    }
    return try LevelModel(
      medium: LevelSystem(
        parts: Array(repeating: .qubit, count: qubits), hamiltonian: (fields + bonds).joined(separator: " + ")),
      attachments: [bath("left", 1, 1.5), bath("right", qubits, 0.5)])
  }

  /// Solves as often as fits into a fifth of a second, at least once after a first time, on one thread.
  package func run() throws -> Result {
    // What was solved last is remembered, so every chain is another one.
    func solve(_ number: Int) throws -> [(value: Double, error: Double)] {
      let model = try Self.model(qubits: qubits, anisotropy: 0.7 * (1 + 1e-9 * Double(number)))
      let answer = try LevelEquations().answer(.only([.heatFrom]), of: model, by: [method])
      return ["left", "right"].compactMap { answer.estimate(.heat(from: $0), by: method) }.map { ($0.value, $0.error) }
    }
    let heats = try solve(0)
    let time = try RepeatedTime { _ = try solve($0) }
    guard heats.count == 2 else { throw Refusal(method, "no heats were found") }
    return Result(
      peer: "ness-\(method.rawValue)", N: qubits, seconds: time.seconds,
      cpu_seconds: time.processorSeconds, JL: heats[0].value, JR: heats[1].value, bound: heats[0].error)
  }
}
