import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

private func thermal(
  _ coupling: String, _ temperature: Double, _ spectrum: LindbladBath.Spectrum = .ohmic, _ rate: Double = 0.1
) -> ThermalBath {
  ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: spectrum, rate: rate)
}

private let heats: [Quantity.Family] = [.heatCurrent, .heatFrom, .meanEnergy, .population]

/// So few numbers are solved for together that the others have to be found step by step.
private func stepwise(_ model: LevelModel, _ method: NessModel.Method) throws -> Answer {
  try LevelEquations(mostFactorised: 12).answer(.only(heats), of: model, by: [method])
}

/// Equations of many numbers, solved step by step.
@Suite("Systems of levels: step by step")
struct LevelStepwiseTests {
  private static let chain = "0.5*Z1 + 0.61*Z2 + 0.43*Z3 + 0.3*(X1*X2 + Y1*Y2) + 0.22*(X2*X3 + Y2*Y3) + 0.17*Z1*Z2"

  /// Systems of many kinds: symmetric and not, with a Hamiltonian that is not real, with baths that do not commute, weak and strong.
  private static func systems(rate: Double) throws -> [LevelModel] {
    [
      try levels(
        [.qubit, .qubit, .qubit], chain,
        [("left", thermal("X1", 1.3, .ohmic, rate)), ("right", thermal("X3", 0.4, .ohmic, 0.7 * rate))]),
      try levels(
        [.qubit, .qubit, .qubit], chain + " + 0.2*Y1*X2 + 0.1*X1*Y3 + 0.05*Y2",
        [("left", thermal("X1 + 0.3*Z1", 1.3, .ohmic, rate)), ("right", thermal("X3 + 0.2*Y2", 0.4, .ohmic, rate))]),
      try levels(
        [.qubit, .oscillator(levels: 6)], "0.5*Z1 + 1.1*N2 + 0.2*X1*(a2 + ad2)",
        [
          ("left", thermal("X1", 1.3, .bosonic, rate)), ("middle", thermal("a2 + ad2", 0.9, .ohmic, rate)),
          ("right", thermal("X1", 0.4, .bosonic, 0.4 * rate)),
        ]),
      try LevelModel(
        medium: LevelSystem(parts: [.qubit, .qubit, .qubit], hamiltonian: chain, hbar: 0.6),
        attachments: [
          .init(name: "left", site: 1, bath: .thermal(thermal("X1", 1.3, .ohmic, rate))),
          .init(name: "right", site: 1, bath: .jumps(JumpBath(operation: "Sm3", down: rate, up: 0.2 * rate))),
        ]),
    ]
  }

  @Test("the numbers are those of the factors, within both bounds", arguments: [1e-7, 0.02, 0.4])
  func factors(rate: Double) throws {
    for (place, model) in try Self.systems(rate: rate).enumerated() {
      for method in [NessModel.Method.redfield, .local] {
        let exact = try LevelEquations().answer(.only(heats), of: model, by: [method])
        let found = try stepwise(model, method)
        #expect(found.notes.contains { $0.contains("solved in") } && !exact.notes.contains { $0.contains("solved in") })
        let size = exact.entries.flatMap(\.estimates).reduce(0) { max($0, abs($1.value)) }
        for entry in exact.entries {
          let other = try #require(found.entries.first { $0.quantity == entry.quantity })
          for (one, another) in zip(entry.estimates, other.estimates) {
            #expect(abs(one.value - another.value) <= one.error + another.error, "\(place) \(method) \(entry.quantity)")
            #expect(another.error < 1e-7 * size, "\(place) \(method) \(entry.quantity) \(another)")
          }
        }
      }
    }
  }

  /// Numbers by numpy, from the superoperator in the product basis.
  @Test(
    "six qubits: 2048 numbers by Redfield step by step, 924 by the local equation, which joins no others with the populations"
  )
  func sixQubits() throws {
    var hamiltonian = "0.5*Z1"
    for site in 1..<6 {
      hamiltonian += " + 0.5*Z\(site + 1) + X\(site)*X\(site + 1) + Y\(site)*Y\(site + 1) + 0.7*Z\(site)*Z\(site + 1)"
    }
    let model = try levels(
      Array(repeating: .qubit, count: 6), hamiltonian, [("left", thermal("X1", 1.5)), ("right", thermal("X6", 0.5))])
    for (method, current, energy) in [
      (NessModel.Method.redfield, 0.031324635678447, -7.9669754479139), (.local, 0.0073109846681079, -0.64144269627952),
    ] {
      let answer = try LevelEquations().answer(.only(heats), of: model, by: [method])
      #expect(answer.notes.contains { $0.contains("solved in") })
      // By factors of all at once, within both bounds.
      let whole = try LevelEquations(mostFactorised: 4096).answer(.only(heats), of: model, by: [method])
      #expect(!whole.notes.contains { $0.contains("solved in") })
      for (one, other) in zip(answer.entries.flatMap(\.estimates), whole.entries.flatMap(\.estimates)) {
        #expect(abs(one.value - other.value) <= one.error + other.error, "\(method) \(one) \(other)")
      }
      let found = try answer.required(.heatCurrent, method)
      #expect(abs(found.value - current) < 1e-12 && found.error < 1e-8, "\(method) \(found)")
      #expect(abs(try answer.required(.meanEnergy, method).value - energy) < 1e-11, "\(method)")
      // The first law, and a negative control.
      let heats = try ["left", "right"].map { try answer.required(.heat(from: $0), method) }
      #expect(abs(heats[0].value + heats[1].value) <= heats[0].error + heats[1].error)
      #expect(abs(found.value - 1.000_001 * current) > found.error)
    }
  }

  @Test("at one temperature nothing flows by Redfield, and the state is Gibbs'")
  func equilibrium() throws {
    let model = try levels(
      [.qubit, .qubit, .qubit], Self.chain, [("left", thermal("X1", 0.7)), ("right", thermal("X3", 0.7))])
    let answer = try stepwise(model, .redfield)
    let current = try answer.required(.heatCurrent, .redfield)
    #expect(abs(current.value) <= current.error && current.error < 1e-10)
  }

  @Test("other units that are powers of two give the same digits")
  func units() throws {
    func current(_ unit: Double) throws -> Estimate {
      let model = try LevelModel(
        medium: LevelSystem(
          parts: [.qubit, .qubit, .qubit], hamiltonian: "e*(\(Self.chain))", parameters: [.init("e", unit)]),
        attachments: [("left", "X1", 1.3), ("right", "X3", 0.4)].map {
          .init(name: $0.0, site: 1, bath: .thermal(thermal($0.1, $0.2 * unit, .ohmic, 0.1)))
        })
      return try stepwise(model, .redfield).required(.heatCurrent, .redfield)
    }
    let (one, other) = (try current(1), try current(0x1p-40))
    #expect(one.value * 0x1p-80 == other.value)
    #expect(abs(one.error * 0x1p-80 - other.error) <= 1e-12 * other.error)
  }

  @Test("a part that no bath reaches is refused in the words of the factors")
  func notUnique() throws {
    let model = try levels(
      [.qubit, .qubit, .qubit], "0.5*Z1 + 0.61*Z2 + 0.43*Z3 + 0.3*X1*X2",
      [("left", thermal("X1", 1.3)), ("right", thermal("X2", 0.4))])
    for method in [NessModel.Method.redfield, .local] {
      let refused = try [stepwise(model, method), LevelEquations().answer(.only(heats), of: model, by: [method])]
      for answer in refused {
        #expect(answer.entries.isEmpty && answer.notes.contains { $0.contains("not unique") }, "\(answer)")
      }
    }
  }

  @Test("a bath that turns coherences and moves no level is told to be strong, too")
  func strongDephasing() throws {
    func warnings(_ rate: Double) throws -> [String] {
      let model = try levels(
        [.qubit], "0.5*Z1", [("left", thermal("X1", 1, .ohmic, 0.01)), ("right", thermal("Z1", 1, .ohmic, rate))])
      return try LevelEquations().answer(.only(heats), of: model, by: [.local]).notes.filter {
        $0.contains("bath right changes levels at a rate")
      }
    }
    #expect(try warnings(10).count == 1)
    #expect(try warnings(0.1).isEmpty)
  }
}
