import NessLindblad
import NessModel
import NessStatistics
import Testing

/// Levels that lie near one another beside the range of energies, but not beside the rates.
@Suite("Systems of levels: near levels")
struct NearLevelTests {
  /// Two equal qubits, joined by g, between jumps: what they do does not depend on their splitting E.
  private static func jumping(_ splitting: Double) throws -> LevelModel {
    try LevelModel(
      medium: LevelSystem(
        parts: [.qubit, .qubit], hamiltonian: "E/2*Z1 + E/2*Z2 + 1e4*(X1*X2 + Y1*Y2)",
        parameters: [.init("E", splitting)]),
      attachments: [
        .init(name: "a", site: 1, bath: .jumps(JumpBath(operation: "Sm1", down: 2e3, up: 1e3))),
        .init(name: "b", site: 1, bath: .jumps(JumpBath(operation: "Sm2", down: 2e3, up: 0))),
      ])
  }

  /// Populations by mpmath, 40 digits: 0.6401, 0.16, 0.16, 0.03985.
  @Test func theSplittingDoesNotMatter() throws {
    func populations(_ splitting: Double) throws -> [Estimate] {
      let answer = try LevelEquations().answer(.only([.population]), of: Self.jumping(splitting), by: [.local])
      return try (1...4).map { try answer.required(.population(level: $0), .local) }
    }
    let small = try populations(3e8)
    #expect(abs(small[0].value - 0.6401) < 1e-4 && abs(small[3].value - 0.03985) < 1e-5)
    for splitting in [3e12, 3e15, 3e17] {
      for (one, other) in zip(try populations(splitting), small) {
        #expect(abs(one.value - other.value) <= one.error + other.error, "\(splitting): \(one) \(other)")
      }
    }
    // Not merely because nothing is known.
    #expect(try populations(3e15)[0].error < 1e-2)
  }

  /// A qubit of a splitting of 8e-11 beside one of 1 exchanges heat as if it were alone.
  @Test func aSmallSplittingBesideALargeOne() throws {
    func bath(_ operation: String, _ temperature: Double) -> LevelBath {
      .thermal(ThermalBath(temperature: temperature, coupling: .formula(operation), spectrum: .ohmic, rate: 1e-3))
    }
    func heat(_ hamiltonian: String, _ parts: [LevelPart], _ operation: String) throws -> Estimate {
      var attachments: [LevelModel.Attachment] = [
        .init(name: "hot", site: 1, bath: bath(operation, 2e-10)),
        .init(name: "cold", site: 1, bath: bath(operation, 1e-10)),
      ]
      if parts.count > 1 { attachments.append(.init(name: "atom", site: 1, bath: bath("X1", 0.3))) }
      let model = try LevelModel(
        medium: LevelSystem(parts: parts, hamiltonian: hamiltonian), attachments: attachments)
      return try LevelEquations().answer(.only([.heatFrom]), of: model, by: [.davies])
        .required(.heat(from: "hot"), .davies)
    }
    let alone = try heat("4e-11*Z1", [.qubit], "X1")
    let beside = try heat("0.5*Z1 + 4e-11*Z2", [.qubit, .qubit], "X2")
    #expect(alone.value > 0 && abs(beside.value - alone.value) <= beside.error + alone.error)
    #expect(beside.error < 0.01 * alone.value, "\(beside) \(alone)")
  }
}
