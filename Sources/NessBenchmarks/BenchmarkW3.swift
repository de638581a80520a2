import Foundation
import NessLindblad
import NessModel
import NessSampling

/// Workload W3 of the benchmarks: a quantum box of M levels between two ohmic baths with the coupling m n / M², T_L = 20,
/// T_R = 5, rate 0.01: steady state and both heat currents.
package struct BenchmarkW3: Sendable {
  /// Number of levels, M.
  package let levels: Int
  /// By the Pauli equation or by the whole density matrix.
  package let method: NessModel.Method

  /// The workload with M levels, by `.davies` or `.liouvillian`.
  package init(levels: Int, method: NessModel.Method) {
    self.levels = levels
    self.method = method
  }

  /// One line of the benchmark table; the names are those of the programs it is compared with.
  package struct Result: Codable, Sendable {
    /// Who ran.
    package var peer: String
    /// What was run.
    package var workload = "W3"
    /// Levels.
    package var M: Int
    /// Elapsed seconds of one solution.
    package var seconds: Double
    /// Processor seconds of one solution.
    package var cpu_seconds: Double
    /// Heat per time from the left bath.
    package var JL: Double
    /// Heat per time from the right bath.
    package var JR: Double
    /// Their sum over the former.
    package var balance: Double
  }

  /// Solves as often as fits into a fifth of a second, at least once after a first time, on one thread.
  package func run() throws -> Result {
    let size = Double(levels)
    func bath(_ temperature: Double) -> LindbladBath {
      LindbladBath(
        temperature: temperature, coupling: .wall, spectrum: .ohmic, rate: 0.01 / (size * size * size * size))
    }
    let model = try Model(
      medium: QuantumBox(length: 1, levels: levels),
      attachments: [.init(name: "left", site: 1, bath: bath(20)), .init(name: "right", site: 2, bath: bath(5))])
    func solve() throws -> [Double] {
      method == .liouvillian
        ? try liouvillianSteadyState(of: model, levels: levels).currents
        : try daviesSteadyState(of: model, levels: levels).currents
    }
    var currents = try solve()
    let time = try RepeatedTime { _ in currents = try solve() }
    return Result(
      peer: "ness-\(method.rawValue)", M: levels, seconds: time.seconds,
      cpu_seconds: time.processorSeconds, JL: currents[0],
      JR: currents[1], balance: (currents[0] + currents[1]) / abs(currents[0]))
  }
}
