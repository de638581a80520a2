import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

private typealias Driven = Model<DrivenLevels>

private func thermal(
  _ coupling: String, _ temperature: Double, _ rate: Double = 0.1, _ spectrum: LindbladBath.Spectrum = .ohmic
) -> AnyBath {
  AnyBath(ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: spectrum, rate: rate))
}

private func driven(
  _ parts: [LevelPart], _ hamiltonian: String, _ parameters: [(String, Double)] = [],
  _ baths: [(String, AnyBath)], _ drive: [(String, String)], period: Double? = nil
) throws -> Driven {
  try DrivenLevels.model(
    LevelSystem(parts: parts, hamiltonian: hamiltonian, parameters: parameters.map { .init($0.0, $0.1) }),
    Drive(drive.map { .init($0.0, $0.1) }, period: period), baths.map { ($0.0, 1, $0.1) })
}

/// A qubit that turns while its splitting and the rates of its baths change.
private func oneQubit() throws -> Driven {
  try driven(
    [.qubit], "E/2*Z1 + 0.3*X1", [("E", 0)],
    [("hot", thermal("X1", 2)), ("cold", thermal("X1 + 0.4*Z1", 0.5))],
    [
      ("medium.parameters.E", "1.5 + 0.8*cos(2*pi*t/7)"), ("baths.hot.rate", "0.1*(1 + cos(2*pi*t/7))"),
      ("baths.cold.rate", "0.075*(1 - cos(2*pi*t/7))"),
    ])
}

private func twoQubits() throws -> Driven {
  try driven(
    [.qubit, .qubit], "E/2*Z1 + 0.65*Z2 + 0.2*(X1*X2 + Y1*Y2)", [("E", 0)],
    [("left", thermal("X1", 1)), ("right", thermal("X2", 0.4, 0.07))],
    [("medium.parameters.E", "1 + 0.4*cos(2*pi*t/9)"), ("baths.left.temperature", "1.2 + 0.5*sin(2*pi*t/9)")])
}

private func answer(_ model: Driven, _ method: NessModel.Method) throws -> Answer {
  try DrivenLevelEquations().answer(.usual, of: model, by: [method])
}

private func heats(_ answer: Answer, _ names: [String], _ method: NessModel.Method) throws -> [Estimate] {
  try names.map { try answer.required(.heat(from: $0), method) }
}

/// Heats and work of driven systems of levels.
@Suite("Driven systems of levels")
struct DrivenLevelTests {
  /// Heats, power, energy and entropy production by a scipy program that integrates the superoperator in the basis of the parts
  /// (DOP853, 1e-12).
  @Test func otherProgram() throws {
    let known: [(Driven, NessModel.Method, [Double], Double?)] = [
      (
        try oneQubit(), .liouvillian,
        [0.00706373260467, -0.0151954887499, 0.00813175614528, -0.402308236272, 0.0268591111976], 0.10147222
      ),
      (
        try oneQubit(), .redfield,
        [0.00760116934032, -0.0154373895823, 0.00783622024198, -0.401677880865, 0.0270741944944], 0.098337306
      ),
      (
        try twoQubits(), .liouvillian,
        [0.0144652531301, -0.0196473002739, 0.00518204714387, -0.691985880772, 0.0408558989646], nil
      ),
      (
        try twoQubits(), .redfield,
        [0.0153319650672, -0.018983504146, 0.00365153907874, -0.696884679617, 0.0394157370877], nil
      ),
      (
        try twoQubits(), .local,
        [0.0187656301966, -0.0199643114158, 0.00119868121923, -0.678853646107, 0.0379658963826], nil
      ),
    ]
    for (model, method, numbers, radius) in known {
      let found = try answer(model, method)
      let all =
        try heats(found, model.attachments.map(\.name).contains("hot") ? ["hot", "cold"] : ["left", "right"], method)
        + [
          found.required(.power, method), found.required(.meanEnergy, method),
          found.required(.entropyProduction, method),
        ]
      for (estimate, number) in zip(all, numbers) {
        #expect(abs(estimate.value - number) <= estimate.error + 2e-12, "\(method) \(estimate) \(number)")
        #expect(estimate.error < 1e-9, "\(method) \(estimate)")
      }
      // Of two qubits not all that decays has to do with the populations.
      guard let radius else { continue }
      #expect(found.notes.contains { $0.contains("factor \(radius.text(digits: 4))") }, "\(found.notes)")
    }
  }

  /// A two-level system whose hot bath changes its temperature: p' = up - (up + down) p integrated by itself.
  @Test(arguments: [1.0, 1e-6]) func twoLevels(unit: Double) throws {
    let period = 11 / unit
    let model = try driven(
      [.qubit], "e/2*Z1", [("e", unit)],
      [("hot", thermal("X1", unit, 0.1)), ("cold", thermal("X1", 0.4 * unit, 0.06))],
      [("baths.hot.temperature", "\(1.5 * unit) + \(0.7 * unit)*sin(2*pi*t/\(period))")])
    func number(_ temperature: Double) -> Double { 1 / (exp(1 / temperature) - 1) }
    func rates(_ time: Double) -> [(up: Double, down: Double)] {
      let hot = number(1.5 + 0.7 * sin(2 * .pi * time / 11))
      return [(0.1, hot), (0.06, number(0.4))].map { ($0 * $1, $0 * ($1 + 1)) }
    }
    // Runge and Kutta over so many periods that the start is forgotten.
    var (p, heats) = (0.3, [0.0, 0.0])
    let steps = 2000
    let h = 11 / Double(steps)
    func slope(_ time: Double, _ p: Double) -> [Double] {
      let given = rates(time).map { $0.up * (1 - p) - $0.down * p }
      return given + [given[0] + given[1]]
    }
    for step in 0..<(steps * 12) {
      let time = h * Double(step % steps)
      let one = slope(time, p)
      let two = slope(time + h / 2, p + h / 2 * one[2])
      let three = slope(time + h / 2, p + h / 2 * two[2])
      let four = slope(time + h, p + h * three[2])
      func mean(_ place: Int) -> Double { h / 6 * (one[place] + 2 * two[place] + 2 * three[place] + four[place]) }
      if step >= steps * 11 { for bath in 0..<2 { heats[bath] += mean(bath) / 11 } }
      p += mean(2)
    }
    for method in [NessModel.Method.liouvillian, .redfield, .local] {
      let found = try answer(model, method)
      for (bath, name) in ["hot", "cold"].enumerated() {
        let estimate = try found.required(.heat(from: name), method)
        // Rates of an ohmic bath go with the energy.
        let scale = unit * unit
        #expect(abs(estimate.value / scale - heats[bath]) <= estimate.error / scale + 1e-11, "\(method) \(estimate)")
        #expect(estimate.error < 1e-10 * scale)
      }
      // No work is done, so there is one current.
      let current = try found.required(.heatCurrent, method)
      let first = try found.required(.heat(from: model.attachments[0].name), method)
      #expect(current.value == first.value && current.error == first.error, "\(current) \(first)")
      #expect(!found.entries.contains { $0.quantity == .power })
    }
  }

  /// Where next to nothing moves the means are those of the steady state; where it moves slowly, means of steady currents.
  @Test(arguments: [NessModel.Method.liouvillian, .redfield, .local]) func limits(method: NessModel.Method) throws {
    func model(_ depth: String, _ period: String) throws -> Driven {
      try driven(
        [.qubit, .qubit], "0.5*Z1 + 0.65*Z2 + g*(X1*X2 + Y1*Y2)", [("g", 0.2)],
        [("left", thermal("X1", 1.2)), ("right", thermal("X2", 0.4, 0.07))],
        [("medium.parameters.g", "0.2 + \(depth)*sin(2*pi*t/\(period))")])
    }
    func steady(_ coupling: Double) throws -> Double {
      let still = try #require(
        AnyModel(
          medium: AnyMedium(
            LevelSystem(
              parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 0.65*Z2 + g*(X1*X2 + Y1*Y2)",
              parameters: [.init("g", coupling)])),
          attachments: [("left", 1, thermal("X1", 1.2)), ("right", 1, thermal("X2", 0.4, 0.07))]
        ).levelSystem)
      return try LevelEquations().answer(.only(.heatCurrent), of: still, by: [method]).required(.heatCurrent, method)
        .value
    }
    let small = try model("1e-7", "5")
    let found = try answer(small, method)
    let still = try steady(0.2)
    #expect(abs(try found.required(.heat(from: "left"), method).value - still) < 1e-11)
    #expect(abs(try found.required(.power, method).value) < 1e-11)
    // Corrections go with 1/period².
    let mean = try (0..<64).reduce(0) { $0 + (try steady(0.2 + 0.1 * sin(2 * .pi * (Double($1) + 0.5) / 64))) / 64 }
    let deviations = try ["400", "800"].map { period in
      let slow = try model("0.1", period)
      let found = try answer(slow, method)
      return 0.5
        * (try found.required(.heat(from: "left"), method).value - found.required(.heat(from: "right"), method).value)
        - mean
    }
    #expect(abs(deviations[0]) < 1e-3 * mean && abs(deviations[1]) < 0.35 * abs(deviations[0]), "\(deviations)")
  }

  /// Heat and work add up; entropy is produced; an engine does not beat Carnot.
  @Test func engine() throws {
    let model = try driven(
      [.qubit], "E/2*Z1", [("E", 0)],
      [("hot", thermal("X1", 2)), ("cold", thermal("X1", 0.4))],
      [
        ("medium.parameters.E", "1.5 + 0.7*cos(2*pi*t/60)"),
        ("baths.hot.rate", "0.2*max(0, cos(2*pi*t/60))^4"), ("baths.cold.rate", "0.2*max(0, -cos(2*pi*t/60))^4"),
      ])
    let found = try answer(model, .liouvillian)
    let flows = try heats(found, ["hot", "cold"], .liouvillian)
    let power = try found.required(.power, .liouvillian)
    let entropy = try found.required(.entropyProduction, .liouvillian)
    #expect(power.value < -power.error && flows[0].value > 0 && flows[1].value < 0)
    #expect(abs(flows[0].value + flows[1].value + power.value) <= flows[0].error + flows[1].error + power.error)
    #expect(
      abs(entropy.value + flows[0].value / 2 + flows[1].value / 0.4)
        <= entropy.error + flows[0].error + 4 * flows[1].error)
    #expect(entropy.value > 0)
    let efficiency = -power.value / flows[0].value
    #expect(efficiency < 0.8 && efficiency > 0.2)
    #expect(found.notes.contains { $0.contains("an engine: \(efficiency.text(digits: 5)) of the heat from hot") })
  }

  /// A number that H is not defined for at some time is told, not met; near such an edge the work is known all the same, and it is where
  /// nearly nothing is forgotten in a period.
  @Test func edges() throws {
    func model(_ hamiltonian: String, _ course: String, _ rate: Double) throws -> Driven {
      try driven(
        [.qubit], hamiltonian, [("E", 1)], [("hot", thermal("X1", 1, rate)), ("cold", thermal("X1", 0.5, rate))],
        [("medium.parameters.E", course)])
    }
    #expect(throws: ModelError.self) { try model("sqrt(E)/2*Z1", "1 + 1.01*cos(2*pi*t/25)", 0.1) }
    for rate in [0.1, 1e-6] {
      let root = try answer(model("sqrt(E)/2*Z1", "1.002 + cos(2*pi*t/25)", rate), .liouvillian)
      let plain = try answer(model("E/2*Z1", "sqrt(1.002 + cos(2*pi*t/25))", rate), .liouvillian)
      for quantity in [Quantity.power, .heat(from: "hot")] {
        let (one, other) = (try root.required(quantity, .liouvillian), try plain.required(quantity, .liouvillian))
        #expect(abs(one.value - other.value) <= one.error + other.error, "\(quantity) \(one) \(other)")
        #expect(one.error < 1e-5 * rate, "\(quantity) \(one)")
      }
    }
  }

  /// What cannot be driven, or has no periodic state, is refused with the reason.
  @Test func refusals() throws {
    func fault(_ drive: [(String, String)], period: Double? = nil) -> String {
      do {
        _ = try driven(
          [.qubit], "E/2*Z1", [("E", 1)], [("left", thermal("X1", 1)), ("right", thermal("X1", 2))], drive,
          period: period)
        return ""
      } catch { return "\(error)" }
    }
    #expect(fault([("baths.left.temperature", "0.5 + cos(t)")]).contains("a temperature >= 0 at every time"))
    #expect(fault([("baths.left.rate", "0.5 + cos(t)")]).contains("a rate >= 0 at every time"))
    #expect(fault([("baths.left.coupling", "cos(t)")]).contains("temperature or rate"))
    #expect(
      fault([("medium.hbar", "1 + 0.1*cos(t)")]).contains("what can be driven: baths.NAME.temperature, baths.NAME.rate")
    )
    #expect(fault([("medium.force[1]", "cos(t)")]).contains("no such parameter"))
    #expect(fault([("medium.parameters.E", "t")]).contains("sines and cosines alone"))
    // A part that no bath reaches keeps what it has.
    let lonely = try driven(
      [.qubit, .qubit], "E/2*Z1 + 0.3*Z2", [("E", 1)], [("left", thermal("X1", 1)), ("right", thermal("X1", 2))],
      [("medium.parameters.E", "1 + 0.3*cos(t)")])
    let found = try answer(lonely, .liouvillian)
    #expect(found.entries.isEmpty && found.notes.contains { $0.contains("not unique") }, "\(found)")
    // Rates of the moment are for slow driving, and that is said.
    let fast = try driven(
      [.qubit], "E/2*Z1", [("E", 1)], [("left", thermal("X1", 1)), ("right", thermal("X1", 2))],
      [("medium.parameters.E", "1 + 0.3*cos(2*pi*t/0.5)")])
    #expect(try answer(fast, .liouvillian).notes.contains { $0.contains("rates of the moment are for slower driving") })
  }
}
