import Foundation
import NessLindblad
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Noise, response, transients and modes of systems of levels, by the secular equation.
@Suite("Systems of levels: beyond means")
struct LevelFluctuationTests {
  private static let hamiltonian = "E/2*Z1 + 0.8*Z2 + g*X1*X2 + 0.2*Z1*Z2"

  private static func model(
    g: Double = 0.3, splitting: Double = 1, _ left: Double = 1.5, _ right: Double = 0.4,
    spectrum: LindbladBath.Spectrum = .ohmic, transient: Transient? = nil
  ) throws -> LevelModel {
    func bath(_ coupling: String, _ temperature: Double, _ rate: Double) -> LevelBath {
      .thermal(ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: spectrum, rate: rate))
    }
    let model = try LevelModel(
      medium: LevelSystem(
        parts: [.qubit, .qubit], hamiltonian: hamiltonian,
        parameters: [.init("E", splitting), .init("g", g)]),
      attachments: [
        .init(name: "left", site: 1, bath: bath("X1", left, 0.02)),
        .init(name: "right", site: 2, bath: bath("X2", right, 0.05)),
      ])
    return model.with(transient)
  }

  private static func answer(_ families: [Quantity.Family], _ model: LevelModel) throws -> Answer {
    try LevelEquations().answer(.only(families), of: model, by: [.davies])
  }

  private static func quantity(_ text: String) throws -> Quantity { try #require(Quantity(text)) }

  /// Derivatives of the largest eigenvalue of the weighted generator, by mpmath with 60 digits (a program of its own, which
  /// diagonalises the same Hamiltonian).
  @Test func cumulants() throws {
    let answer = try Self.answer(
      [.heatCurrent, .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio],
      Self.model())
    let known = [0.002836108754576433, 0.004665108423791159, 0.006079058739635155, 0.01216040119583767]
    for (text, value) in zip(["heatCurrent", "heatNoise", "heatSkewness", "heatKurtosis"], known) {
      let found = try answer.required(Self.quantity(text), .davies)
      #expect(abs(found.value - value) <= found.error + 1e-15 && found.error < 1e-11, "\(text) \(found)")
    }
    let fano = try answer.required(Self.quantity("fanoFactor"), .davies).value
    #expect(abs(fano - known[1] / known[0]) < 1e-11)
    let ratio = try answer.required(Self.quantity("uncertaintyRatio"), .davies).value
    #expect(abs(ratio - 0.5 * (1 / 0.4 - 1 / 1.5) * fano) < 1e-11 && ratio >= 1)
    // What one bath gives the other takes.
    for one in ["left", "right"] {
      let row = try ["left", "right"].map {
        try answer.required(Self.quantity("heatCovariance[\(one),\($0)]"), .davies)
      }
      #expect(abs(row[0].value + row[1].value) <= row[0].error + row[1].error && abs(row[0].value) > 1e-3)
    }
  }

  /// mu(x) = mu(1/T_right - 1/T_left - x), reflected as counted from the left.
  @Test func symmetry() throws {
    let answer = try Self.answer([.generatingFunction, .heatCurrent], Self.model())
    let entry = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
    guard case .values(let places)? = entry.axes.first?.places else { return #expect(Bool(false), "no places") }
    #expect(places.count > 30)
    let difference = 1 / 1.5 - 1 / 0.4
    var pairs = 0
    for (x, found) in zip(places, entry.estimates) {
      guard let other = places.firstIndex(where: { abs($0 - (difference - x)) < 1e-9 }) else { continue }
      pairs += 1
      #expect(abs(found.value - entry.estimates[other].value) <= found.error + entry.estimates[other].error, "\(x)")
    }
    #expect(pairs > 10)
  }

  /// The change with temperatures is that of differences of the current.
  @Test(arguments: [LindbladBath.Spectrum.ohmic, .bosonic, .metropolis, .glauber])
  func conductance(spectrum: LindbladBath.Spectrum) throws {
    let answer = try Self.answer([.conductance], Self.model(spectrum: spectrum))
    func current(_ left: Double, _ right: Double) throws -> Double {
      try Self.answer([.heatCurrent], Self.model(left, right, spectrum: spectrum)).required(.heatCurrent, .davies).value
    }
    func slope(_ current: (Double) throws -> Double) throws -> Double {
      func difference(_ h: Double) throws -> Double { (try current(h) - current(-h)) / (2 * h) }
      return (4 * (try difference(1e-3)) - (try difference(2e-3))) / 3
    }
    let left = try slope { try current(1.5 + $0, 0.4) }
    let right = try slope { try current(1.5, 0.4 + $0) }
    for (name, value) in [("left,left", left), ("left,right", right), ("right,left", -left), ("right,right", -right)] {
      let found = try answer.required(Self.quantity("conductance[\(name)]"), .davies)
      #expect(abs(found.value - value) < 1e-8 * abs(value) + 1e-10, "\(name) \(found) \(value)")
      #expect(found.error < 1e-11)
    }
  }

  /// And that with any other parameter.
  @Test func response() throws {
    let model = try Self.model()
    let answer = try Self.answer([.response, .heatResponse], model)
    for path in ["medium.parameters.g", "medium.parameters.E", "medium.hbar", "baths.left.rate", "baths.right.rate"] {
      let value = try #require(model.parameters.first { $0.path == path }?.value)
      func current(_ share: Double) throws -> Double {
        try Self.answer([.heatCurrent], #require(model.with(path, value * (1 + share)))).required(.heatCurrent, .davies)
          .value
      }
      func difference(_ h: Double) throws -> Double { (try current(h) - current(-h)) / (2 * h * value) }
      let known = (4 * (try difference(1e-3)) - (try difference(2e-3))) / 3
      let found = try answer.required(Self.quantity("response[\(path)]"), .davies)
      #expect(abs(found.value - known) < 1e-7 * abs(known) + found.error, "\(path) \(found) \(known)")
      #expect(found.error < 1e-5 * abs(found.value), "\(path) \(found)")
    }
  }

  /// Levels of equal energy have coherences, which take part in everything that is counted.
  @Test func equalEnergies() throws {
    let model = try LevelModel(
      medium: LevelSystem(parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 0.5*Z2"),
      attachments: [
        .init(
          name: "left", site: 1,
          bath: .thermal(ThermalBath(temperature: 1, coupling: .formula("X1 + 0.3*X2"), spectrum: .ohmic, rate: 0.1))),
        .init(
          name: "right", site: 2,
          bath: .thermal(ThermalBath(temperature: 2, coupling: .formula("X2"), spectrum: .ohmic, rate: 0.1))),
      ])
    let answer = try Self.answer([.heatCurrent, .heatNoise, .generatingFunction], model)
    #expect(answer.entries.contains { $0.quantity == .heatCurrent })
    #expect(answer.entries.contains { $0.quantity.family == .heatNoise })
    #expect(answer.entries.first { $0.quantity.family == .generatingFunction }?.estimates.count == 39)
    #expect(answer.refusals.isEmpty)
  }

  /// A two-level system on its way, in closed form; and its one mode.
  @Test func twoLevels() throws {
    var transient = Transient(duration: 40, every: 4)
    transient.populations = [0.25, 0.75]
    let model = try LevelModel(
      medium: LevelSystem(parts: [.qubit], hamiltonian: "0.5*Z1"),
      attachments: [
        .init(
          name: "left", site: 1,
          bath: .thermal(ThermalBath(temperature: 2, coupling: .formula("X1"), spectrum: .bosonic, rate: 0.03))),
        .init(name: "right", site: 1, bath: .jumps(JumpBath(operation: "Sm1", down: 0.08, up: 0.01))),
      ]
    ).with(transient)
    let number = 1 / (exp(0.5) - 1)
    let (upLeft, downLeft) = (0.03 * number, 0.03 * (number + 1))
    let (up, down) = (upLeft + 0.01, downLeft + 0.08)
    let answer = try Self.answer(
      [.transientHeat, .transientEnergy, .transientPopulation, .modeRate, .heatNoise], model)
    func all(_ family: Quantity.Family) throws -> [Estimate] {
      try #require(answer.entries.first { $0.quantity.family == family }).estimates
    }
    let rate = try all(.modeRate)[0]
    #expect(abs(rate.value - (up + down)) <= rate.error + 1e-15)
    let steady = up / (up + down)
    func excited(_ time: Double) -> Double { steady + (0.75 - steady) * exp(-(up + down) * time) }
    for sample in 1...10 {
      let (before, time) = (4 * Double(sample - 1), 4 * Double(sample))
      let population = try all(.transientPopulation)[10 + sample - 1]
      #expect(abs(population.value - excited(time)) <= population.error + 1e-15, "\(sample) \(population)")
      // Mean over the interval before.
      let mean = steady + (excited(before) - excited(time)) / ((up + down) * 4)
      let heat = try all(.transientHeat)[sample - 1]
      let known = upLeft * (1 - mean) - downLeft * mean
      #expect(abs(heat.value - known) <= heat.error + 1e-15, "\(sample) \(heat) \(known)")
      #expect(heat.error < 1e-12)
    }
    let last = try all(.transientEnergy)[9]
    #expect(abs(last.value - (excited(40) - 0.5)) <= last.error)
  }

  /// Late on it is the steady state, whatever the start.
  @Test func lateTimes() throws {
    var transient = Transient(duration: 4000, every: 400)
    transient.temperature = [3]
    let model = try Self.model(transient: transient)
    let answer = try Self.answer([.transientHeat, .transientEnergy, .heatFrom, .meanEnergy], model)
    let heat = try answer.required(.heat(from: "left"), .davies).value
    func all(_ family: Quantity.Family) throws -> [Estimate] {
      try #require(answer.entries.first { $0.quantity.family == family }).estimates
    }
    let found = try all(.transientHeat)[9]
    #expect(abs(found.value - heat) <= found.error + 1e-12)
    let first = try all(.transientHeat)[0]
    #expect(abs(first.value - heat) > 1e-9)
    let energy = try all(.transientEnergy)[9]
    #expect(abs(energy.value - (try answer.required(.meanEnergy, .davies).value)) <= energy.error + 1e-12)
  }
}
