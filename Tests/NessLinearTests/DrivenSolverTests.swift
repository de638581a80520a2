import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import Testing

/// Exact theory of driven harmonic networks against closed forms, an independent integration, and theory at rest.
@Suite("Theory of driven networks")
struct DrivenSolverTests {
  private static func model(
    _ medium: any Medium, _ baths: [(String, Int, any Bath)], _ items: [(String, String)], period: Double? = nil
  ) throws -> DrivenModel {
    try DrivenNetwork.model(
      AnyMedium(medium), Drive(items.map { .init($0.0, $0.1) }, period: period),
      baths.map { ($0.0, $0.1, AnyBath($0.2)) })
  }

  private static func answer(_ model: DrivenModel) throws -> Answer {
    try DrivenSolver().answer(.all, of: model, by: [.floquet])
  }

  private static func isNear(_ estimate: Estimate, _ value: Double, _ digits: Double = 1e-9) -> Bool {
    abs(estimate.value - value) <= estimate.error + digits * abs(value) && estimate.error <= 1e-8 * (1 + abs(value))
  }

  /// m q'' = -K q - gamma q' + A cos w t + noise: the work is A²/2 w² gamma / ((K - m w²)² + gamma² w²), and all of it goes into the
  /// bath. In other units it is the same.
  @Test(
    "One oscillator under a force: power and heat in closed form",
    arguments: [
      (1.0, 0.5, 0.8, 1.0), (0, 0.5, 0.8, 1), (1, 1e-3, 1.0, 1), (2, 7, 0.3, 1), (1, 0.5, 0.8, 1e9),
      (1, 0.5, 0.8, 1e-9),
    ])
  func forcedOscillator(stiffness: Double, friction: Double, frequency: Double, unit: Double) throws {
    let (mass, amplitude, temperature) = (1.5, 0.4, 0.7)
    // Times in other units.
    let (k, g, w) = (stiffness / unit / unit, friction / unit, frequency / unit)
    let chain = Chain(sites: 1, mass: mass, pinning: k)
    let model = try Self.model(
      chain, [("left", 1, LangevinBath(temperature: temperature / unit / unit, friction: g))],
      [("medium.force[1]", "\(amplitude / unit / unit)*cos(\(w)*t + 0.3)")])
    let found = try Self.answer(model)
    let square = pow(stiffness - mass * frequency * frequency, 2) + pow(friction * frequency, 2)
    let scale = pow(unit, -3)
    let power = 0.5 * amplitude * amplitude * frequency * frequency * friction / square
    let (work, heat) = (try found.required(.power, .floquet), try found.required(.heat(from: "left"), .floquet))
    #expect(abs(work.value / scale - power) <= work.error / scale + 1e-9 * power && work.error < 1e-7 * power * scale)
    #expect(abs(work.value + heat.value) <= work.error + heat.error)
    // All of the temperature that is not the bath's is the motion that is driven.
    let kinetic = try found.required(.kineticTemperature(site: 1), .floquet).value * unit * unit
    #expect(abs(kinetic - temperature - power * mass / friction) < 1e-8 * kinetic)
    #expect((found.estimate(.meanDisplacement(site: 1), by: .floquet) == nil) == (stiffness == 0))
    // Control: another friction gives another power.
    let other = 0.5 * amplitude * amplitude * frequency * frequency * (1.01 * friction) / square
    #expect(abs(work.value / scale - other) > 10 * work.error / scale)
  }

  /// All three drives together, against the equations of the moments integrated by DOP853 to 1e-12 over the 41st period.
  @Test("Stiffness, force and temperature together, against an independent integration")
  func independent() throws {
    let model = try Self.model(
      Chain(sites: 3, pinning: 1),
      [
        ("left", 1, LangevinBath(temperature: 1, friction: 0.7)),
        ("right", 3, LangevinBath(temperature: 1, friction: 1.3)),
      ],
      [
        ("medium.spring", "1 + 0.3*cos(2*pi*t/3)"), ("medium.force[2]", "0.5*cos(2*pi*t/3 + 1)"),
        ("baths.left.temperature", "1 + 0.5*sin(2*pi*t/6)"),
      ])
    #expect(model.medium.course.period == 6)
    let found = try Self.answer(model)
    let expected: [(Quantity, Double)] = [
      (.heat(from: "left"), -2.29709716e-02), (.heat(from: "right"), -2.52738270e-02), (.power, 4.82447986e-02),
      (.entropyProduction, 1.11249337e-01), (.kineticTemperature(site: 1), 1.03281567),
      (.kineticTemperature(site: 2), 1.17410484), (.kineticTemperature(site: 3), 1.01944141),
      (.meanDisplacement(site: 1), -5.79242320e-04), (.meanDisplacement(site: 2), 9.19475081e-03),
    ]
    for (quantity, value) in expected {
      #expect(Self.isNear(try found.required(quantity, .floquet), value, 1e-8), "\(quantity)")
    }
    #expect(found.estimate(.heatCurrent, by: .floquet) == nil)
    let asked = try DrivenSolver().answer(.only(.heatCurrent), of: model, by: [.floquet])
    #expect(asked.refusals.contains { $0.reason.contains("the drive does work") })
  }

  /// In a harmonic medium the mean heats are those of the mean temperatures, however fast these change; the entropy is not.
  @Test("Temperatures that change: the heats of their means", arguments: [0.3, 3, 30])
  func temperatures(period: Double) throws {
    let baths: [(String, Int, any Bath)] = [
      ("left", 1, LangevinBath(temperature: 2, friction: 0.7)),
      ("right", 4, LangevinBath(temperature: 1, friction: 1.3)),
    ]
    let model = try Self.model(
      Chain(sites: 4, pinning: 0.5), baths,
      [
        ("baths.left.temperature", "2 + sin(2*pi*t/\(period))"),
        ("baths.right.temperature", "1 + 0.5*cos(4*pi*t/\(period))^2 - 0.25"),
      ])
    let found = try Self.answer(model)
    let network = try #require(Chain(sites: 4, pinning: 0.5).network as Network?)
    let still = try Model(
      medium: network,
      attachments: baths.compactMap { bath in NetworkBath(bath.2).map { .init(name: bath.0, site: bath.1, bath: $0) } })
    let current = try NetworkSolver().answer(.usual, of: still, by: [.markov]).required(.heatCurrent, .markov).value
    #expect(Self.isNear(try found.required(.heatCurrent, .floquet), current))
    #expect(found.estimate(.power, by: .floquet) == nil)
    let entropy = try found.required(.entropyProduction, .floquet).value
    #expect(entropy > current * 0.5 * 1.01)
    // At equal means nothing is pumped, but entropy is produced.
    let equal = try Self.answer(
      Self.model(
        Chain(sites: 4, pinning: 0.5), baths,
        [
          ("baths.left.temperature", "1 + 0.5*sin(2*pi*t/\(period))"),
          ("baths.right.temperature", "1 + 0*t + 0.1*sin(2*pi*t/\(period))"),
        ]))
    let pumped = try equal.required(.heatCurrent, .floquet)
    #expect(abs(pumped.value) <= pumped.error + 1e-12)
    #expect(try equal.required(.entropyProduction, .floquet).value > 1e-4)
  }

  /// A spring that changes slowly carries the mean of the currents of all its values; what is left falls as the period grows.
  @Test("Slow driving: the mean of the steady currents")
  func adiabatic() throws {
    let baths: [(String, Int, any Bath)] = [
      ("left", 1, LangevinBath(temperature: 3, friction: 0.7)),
      ("right", 2, LangevinBath(temperature: 1, friction: 1.3)),
    ]
    var mean = 0.0
    for step in 0..<64 {
      let spring = 1 + 0.5 * cos(2 * Double.pi * Double(step) / 64)
      var chain = Chain(sites: 2, pinning: 1)
      chain.springConstant = spring
      let still = try Model(
        medium: chain.network,
        attachments: baths.compactMap { bath in NetworkBath(bath.2).map { .init(name: bath.0, site: bath.1, bath: $0) }
        })
      mean += try NetworkSolver().answer(.usual, of: still, by: [.markov]).required(.heatCurrent, .markov).value / 64
    }
    let differences = try [100.0, 300].map { period in
      let found = try Self.answer(
        Self.model(Chain(sites: 2, pinning: 1), baths, [("medium.spring", "1 + 0.5*cos(2*pi*t/\(period))")]))
      let (left, right) = (
        try found.required(.heat(from: "left"), .floquet).value,
        try found.required(.heat(from: "right"), .floquet).value
      )
      return abs(0.5 * (left - right) - mean)
    }
    #expect(differences[0] < 1e-2 * mean && differences[1] < 0.2 * differences[0])
  }

  /// Mathieu's oscillator at twice its frequency: with the depth e it grows where the friction over the mass is below e/2.
  @Test("Parametric resonance is refused where it is", arguments: [(0.2, true), (0.3, false)])
  func resonance(friction: Double, grows: Bool) throws {
    let model = try Self.model(
      Chain(sites: 1, pinning: 1), [("left", 1, LangevinBath(temperature: 1, friction: friction))],
      [("medium.pinning.left", "1 + 0.5*cos(2*t)")])
    let found = try Self.answer(model)
    #expect(found.entries.isEmpty == grows)
    if grows { #expect(found.notes.contains { $0.contains("parametric resonance") }) }
  }

  /// The levels are what a simulation of that step measures: they approach the truth as the square of the step.
  @Test("Levels approach the truth with the square of the step")
  func order() throws {
    let model = try Self.model(
      Chain(sites: 3, pinning: 1),
      [
        ("left", 1, LangevinBath(temperature: 2, friction: 0.7)),
        ("right", 3, LangevinBath(temperature: 1, friction: 1)),
      ],
      [("medium.spring", "1 + 0.3*cos(2*pi*t/3)"), ("medium.force[2]", "0.5*sin(2*pi*t/3)")])
    let found = try Self.answer(model)
    let network = try #require(DrivenHarmonic(model))
    let errors = try [64, 128].map { steps -> [Double] in
      let level = try DrivenLevel(network, steps: steps)
      return [
        level.power - (try found.required(.power, .floquet).value),
        level.heats[0] - (try found.required(.heat(from: "left"), .floquet).value),
        level.temperatures[1] - (try found.required(.kineticTemperature(site: 2), .floquet).value),
      ]
    }
    for (coarse, fine) in zip(errors[0], errors[1]) { #expect(abs(coarse / fine - 4) < 0.1, "\(coarse) \(fine)") }
  }

  @Test("What is not harmonic or no Langevin bath is refused with the reason")
  func refusals() throws {
    var quartic = Chain(sites: 2, pinning: 1)
    quartic.quarticConstant = 0.1
    let langevin = LangevinBath(temperature: 1, friction: 1)
    let drive = [("medium.force[1]", "cos(t)")]
    let one = try Self.answer(Self.model(quartic, [("left", 1, langevin)], drive))
    #expect(one.refusals.contains { $0.reason.contains("not harmonic") })
    let other = try Self.answer(
      Self.model(Chain(sites: 2, pinning: 1), [("left", 1, AndersenBath(temperature: 1))], drive))
    #expect(other.refusals.contains { $0.reason.contains("Langevin baths alone") })
  }
}
