import NessLindblad
import NessModel
import NessTestSupport
import Testing

/// A Hamiltonian that is given as a matrix.
@Suite("Systems of levels: Hamiltonian as a matrix")
struct LevelMatrixTests {
  private static let formula = "0.5*Z1 + 0.8*Z2 + 0.3*(a3 + ad3)*X2 + N3 + 0.2*X1*X2"
  private static let parts: [LevelPart] = [.qubit, .qubit, .oscillator(levels: 3)]

  /// Rows of the formula's matrix.
  private static func rows(_ formula: String, _ parts: [LevelPart]) -> [[Double]] {
    let matrix = LevelSystem(parts: parts, hamiltonian: formula).energyOperator.matrix
    let levels = parts.reduce(1) { $0 * $1.levels }
    return (0..<levels).map { row in (0..<levels).map { matrix[row, $0].real } }
  }

  private static func model(_ hamiltonian: LevelOperator) throws -> LevelModel {
    func bath(_ coupling: String, _ temperature: Double) -> ThermalBath {
      ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: .ohmic, rate: 0.01)
    }
    return try LevelModel(
      medium: LevelSystem(parts: parts, hamiltonian: hamiltonian),
      attachments: [
        .init(name: "left", site: 1, bath: .thermal(bath("X1", 1.5))),
        .init(name: "right", site: 3, bath: .thermal(bath("a3 + ad3", 0.4))),
      ])
  }

  /// All equations say the same of the matrix as of the formula, `local` where the terms of the formula have no part that
  /// acts on fewer parts than they name.
  @Test func asTheFormula() throws {
    let matrix = LevelOperator.matrix(try CouplingMatrix(rows: Self.rows(Self.formula, Self.parts)))
    for method in [Method.davies, .redfield, .liouvillian, .local] {
      let answers = try [LevelOperator.formula(Self.formula), matrix].map {
        try LevelEquations().answer(.only([.heatCurrent, .meanEnergy]), of: Self.model($0), by: [method])
      }
      for quantity in [Quantity.heatCurrent, .meanEnergy] {
        let (one, other) = (try answers[0].required(quantity, method), try answers[1].required(quantity, method))
        #expect(abs(one.value - other.value) <= one.error + other.error, "\(method) \(quantity) \(one) \(other)")
        #expect(one.value != 0)
      }
    }
  }

  /// The share of some parts is the mean over all states of the others: N2/2 of N1 N2 and 1 of N of three quanta.
  @Test func meanOverOthers() throws {
    func share(_ formula: String, _ parts: [LevelPart], within bits: UInt64) throws -> [[Double]] {
      let system = LevelSystem(parts: parts, hamiltonian: .matrix(try CouplingMatrix(rows: Self.rows(formula, parts))))
      let matrix = system.energyOperator.part(within: bits).matrix
      return (0..<system.levels).map { row in (0..<system.levels).map { matrix[row, $0].real } }
    }
    let pair: [LevelPart] = [.qubit, .oscillator(levels: 3)]
    #expect(try share("N1*N2", pair, within: 1) == Self.rows("N1", pair))
    #expect(try share("N1*N2", pair, within: 2) == Self.rows("N2/2", pair))
    #expect(try share("X1*(a2 + ad2) + Z1", pair, within: 1) == Self.rows("Z1", pair))
    #expect(try share("X1*(a2 + ad2) + Z1", pair, within: 3) == Self.rows("X1*(a2 + ad2) + Z1", pair))
    let three: [LevelPart] = [.qubit, .qubit, .qubit]
    #expect(try share("X1*X3 + Z2 + Z1*Z2", three, within: 5) == Self.rows("X1*X3", three))
  }
}
