import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

private func thermal(_ coupling: String, _ temperature: Double, _ rate: Double = 0.1) -> ThermalBath {
  ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: .ohmic, rate: rate)
}

/// mu(x) of the heat of systems of levels, by every equation.
@Suite("Systems of levels: generating function")
struct LevelGeneratingTests {
  typealias Numbers = [(NessModel.Method, [(place: Int, value: Double, mean: Double)])]

  private static let coupled = "0.5*Z1 + 0.65*Z2 + 0.2*(X1*X2 + Y1*Y2) + 0.1*X1"

  private static func points(
    _ model: LevelModel, _ method: NessModel.Method
  ) throws -> (answer: Answer, x: [Double], values: [Estimate], currents: [Double], rates: [Estimate]) {
    let answer = try LevelEquations().answer(.only([.generatingFunction, .rateFunction]), of: model, by: [method])
    let generating = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
    let rate = try #require(answer.entries.first { $0.quantity.family == .rateFunction })
    return (
      answer, try #require(generating.axes.first).values, generating.estimates, try #require(rate.axes.first).values,
      rate.estimates
    )
  }

  private static func expect(_ model: LevelModel, _ known: Numbers) throws {
    for (method, numbers) in known {
      let found = try points(model, method)
      #expect(found.x.count == 39)
      for (place, value, mean) in numbers {
        let mu = found.values[place - 1]
        #expect(abs(mu.value - value) < 1e-11 && mu.error < 1e-9, "\(method) \(place) \(mu)")
        #expect(abs(mu.value - value) <= mu.error + 2e-13, "\(method) \(place) \(mu)")
        #expect(abs(found.currents[place - 1] - mean) < 1e-9, "\(method) \(place)")
        // Legendre's transform.
        let rate = found.rates[place - 1]
        #expect(abs(rate.value - (found.x[place - 1] * mean - value)) < 1e-8 && rate.error < 1e-7, "\(rate)")
      }
      #expect(
        found.answer.notes.contains { $0.contains("quasi-probability") } == (method == .redfield || method == .local))
    }
  }

  /// By a numpy program from the weighted superoperator, mu' by differences of sixth order.
  @Test("two qubits of four energies")
  func twoQubits() throws {
    try Self.expect(
      levels(
        [.qubit, .qubit], Self.coupled, [("left", thermal("X1", 1.2)), ("right", thermal("X2 + 0.3*Z2", 0.4, 0.07))]),
      [
        (
          .davies,
          [
            (3, 0.0146578610782, -0.0359600097), (12, -0.00234403072683, -0.0121262344), (30, 0, 0.0160977631),
            (38, 0.0178117260926, 0.0397805294),
          ]
        ),
        (
          .liouvillian,
          [
            (3, 0.0146578610782, -0.0359600097), (12, -0.00234403072683, -0.0121262344), (30, 0, 0.0160977631),
            (38, 0.0178117260926, 0.0397805294),
          ]
        ),
        (
          .redfield,
          [
            (3, 0.01393302998, -0.0339716407), (12, -0.00224583740709, -0.0116333459), (30, 0, 0.0154465004),
            (38, 0.0169980201934, 0.0377570279),
          ]
        ),
        (
          .local,
          [
            (3, 0.0170335129116, -0.0428683765), (12, -0.00351309206672, -0.0146823123), (30, 0, 0.0197815121),
            (38, 0.0209888291232, 0.0453986425),
          ]
        ),
      ])
  }

  @Test("two qubits of equal energies, whose coherences take part")
  func equalEnergies() throws {
    try Self.expect(
      levels(
        [.qubit, .qubit], "0.5*Z1 + 0.5*Z2",
        [("left", thermal("X1 + 0.4*X2", 1.2)), ("right", thermal("X2", 0.4, 0.07))]),
      [
        (
          .davies,
          [
            (3, 0.0046981700826, -0.0108367162), (12, -0.000821660293814, -0.00431954416), (30, 0, 0.00555602227),
            (38, 0.00563877341483, 0.0117451779),
          ]
        ),
        (
          .liouvillian,
          [
            (3, 0.0046981700826, -0.0108367162), (12, -0.000821660293814, -0.00431954416), (30, 0, 0.00555602227),
            (38, 0.00563877341483, 0.0117451779),
          ]
        ),
        (
          .redfield,
          [
            (3, 0.00469816680993, -0.0108366944), (12, -0.00082166027371, -0.00431954384), (30, 0, 0.00555602227),
            (38, 0.00563876788213, 0.0117451448),
          ]
        ),
        (
          .local,
          [
            (3, 0.0046981700826, -0.0108367162), (12, -0.000821660293814, -0.00431954416), (30, 0, 0.00555602227),
            (38, 0.00563877341483, 0.0117451779),
          ]
        ),
      ])
  }

  @Test("the whole density matrix has the symmetry of Gallavotti and Cohen, and the mean of the populations")
  func symmetry() throws {
    let model = try levels(
      [.qubit, .qubit], Self.coupled, [("left", thermal("X1", 1.2)), ("right", thermal("X2 + 0.3*Z2", 0.4, 0.07))])
    let (whole, populations) = (try Self.points(model, .liouvillian), try Self.points(model, .davies))
    for (one, other) in zip(whole.values, whole.values.reversed()) {
      #expect(abs(one.value - other.value) <= one.error + other.error)
    }
    for (one, other) in zip(whole.values, populations.values) {
      #expect(abs(one.value - other.value) <= one.error + other.error)
    }
    // The negative control: the local equation counts what are no jumps of the whole.
    let local = try Self.points(model, .local).values
    #expect(zip(local, local.reversed()).contains { abs($0.value - $1.value) > 1e-4 })
  }

  @Test("too many numbers are refused with how many")
  func tooMany() throws {
    let model = try levels(
      Array(repeating: .qubit, count: 5), "0.5*Z1 + 0.5*Z2 + 0.5*Z3 + 0.5*Z4 + 0.5*Z5 + X1*X2 + X2*X3 + X3*X4 + X4*X5",
      [("left", thermal("X1", 1.2)), ("right", thermal("X5", 0.4))])
    let answer = try LevelEquations().answer(.only([.generatingFunction]), of: model, by: [.redfield])
    #expect(answer.entries.isEmpty)
    #expect(
      answer.refusals.contains { $0.reason.contains("1024 eigenvalues") && $0.reason.contains("256") }, "\(answer)")
  }
}
