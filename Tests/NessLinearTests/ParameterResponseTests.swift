import Foundation
import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import Testing

private func langevin(_ temperature: Double, _ friction: Double) -> ChainBath {
  ChainBath(LangevinBath(temperature: temperature, friction: friction))
}

/// Derivatives of the heats with respect to the parameters of media and baths.
@Suite struct ParameterResponseTests {
  /// Every offered response of a model against a difference of order four of the exact heats.
  private func check<MediumType>(
    _ model: Model<MediumType>, _ method: NessModel.Method, heats solve: (Model<MediumType>) throws -> Answer,
    _ answer: Answer, tolerance: Double = 3e-7
  ) throws -> Int {
    var seen = 0
    let names = model.attachments.map(\.name)
    for parameter in model.parameters {
      guard let one = Quantity("heatResponse[\(names[0]),\(parameter.path)]"),
        answer.estimate(one, by: method) != nil
      else { continue }
      let step = parameter.value == 0 ? 1e-3 : 2e-3 * parameter.value
      let values = try [-2.0, -1, 1, 2].map { shift -> [Double]? in
        guard let moved = model.with(parameter.path, parameter.value + shift * step) else { return nil }
        let answer = try solve(moved)
        return try names.map { try answer.required(.heat(from: $0), method).value }
      }
      // At the edge of its range there is no symmetric difference.
      guard let a = values[0], let b = values[1], let c = values[2], let d = values[3] else { continue }
      let scale = abs(try answer.required(.heat(from: names[0]), method).value)
      for (index, name) in names.enumerated() {
        let slope = (a[index] - 8 * b[index] + 8 * c[index] - d[index]) / (12 * step)
        let found = try answer.required(
          try #require(Quantity("heatResponse[\(name),\(parameter.path)]")), method)
        let size = abs(slope) + scale / max(abs(parameter.value), step)
        #expect(abs(found.value - slope) <= tolerance * size, "\(method) \(name) \(parameter.path): \(found) \(slope)")
        #expect(found.error <= 1e-7 * size, "\(method) \(name) \(parameter.path): \(found)")
        seen += 1
      }
      if names.count == 2 {
        let current = try answer.required(try #require(Quantity("response[\(parameter.path)]")), method)
        let first = try answer.required(one, method)
        #expect(current == first)
      }
    }
    return seen
  }

  private let asked: Questions = .only([.response, .heatResponse, .heatFrom, .conductance])

  /// Chains between Langevin baths and particles, with and without memory.
  @Test(arguments: [NessModel.Method.markov, .memory]) func chains(method: NessModel.Method) throws {
    let model = try ChainModel(
      medium: Chain(sites: 7, mass: 1.3, springConstant: 0.8, pinning: .init(left: 0.7, right: 1.6)),
      attachments: [
        .init(name: "left", site: 1, bath: ChainBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
        .init(name: "right", site: 7, bath: langevin(10, 0.9)),
      ])
    let answer = try LinearSolver().answer(asked, of: model, by: [method])
    let seen = try check(
      model, method, heats: { try LinearSolver().answer(.only([.heatFrom]), of: $0, by: [method]) }, answer)
    // mass, spring, both pinnings; temperature, friction, coupling, strength, sharpness, ring; temperature, friction.
    #expect(seen == 2 * 12)
    // The response to a temperature is the conductance.
    for (one, other) in [("left", "left"), ("left", "right"), ("right", "left")] {
      let conductance = try answer.required(try #require(Quantity("conductance[\(one),\(other)]")), method)
      let found = try answer.required(
        try #require(Quantity("heatResponse[\(one),baths.\(other).temperature]")), method)
      #expect(abs(found.value - conductance.value) <= found.error + conductance.error, "\(found) \(conductance)")
    }
  }

  /// A network of unlike masses and formulas, three baths of which one remembers, on a ring.
  @Test(arguments: [NessModel.Method.markov, .memory]) func networks(method: NessModel.Method) throws {
    let model = try NetworkModel(
      medium: Network(
        lattice: .ring(5), mass: .list([1.2, 2.5, 2.5, 1.2, 0.7]), bond: "k*r^2/2", site: "u*u*q^2/2 + 0.1*j*q^2/2",
        parameters: [.init("k", 0.9), .init("u", 0.6)]),
      attachments: [
        .init(name: "a", site: 1, bath: NetworkBath(LangevinBath(temperature: 3, friction: 0.4))),
        .init(
          name: "b", site: 3,
          bath: NetworkBath(
            MemoryBath(temperature: 1, terms: [.init(weight: 0.8, time: 0.7), .init(weight: 0.2, time: 3)]))),
        .init(name: "c", site: 5, bath: NetworkBath(LangevinBath(temperature: 2, friction: 1.4))),
      ])
    let answer = try NetworkSolver().answer(asked, of: model, by: [method])
    let seen = try check(
      model, method, heats: { try NetworkSolver().answer(.only([.heatFrom]), of: $0, by: [method]) }, answer)
    // Two numbers of the formulas; temperature and friction; temperature, two weights and times; temperature and friction.
    #expect(seen >= 3 * 11)
  }

  /// One site in closed form: J = (T_L - T_R) g_L g_R/(m (g_L + g_R)), at any strength of the coupling.
  @Test(arguments: [0.7, 1e-3, 1e-7]) func oneSite(friction: Double) throws {
    let (mass, hot, cold, left, right) = (1.7, 3.0, 0.8, friction, 0.3 * friction)
    let model = try ChainModel(
      medium: Chain(sites: 1, mass: mass, springConstant: 0, pinning: .init(left: 0.4, right: 0.4)),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(hot, left)),
        .init(name: "right", site: 1, bath: langevin(cold, right)),
      ])
    let sum = left + right
    let current = (hot - cold) * left * right / (mass * sum)
    let known = [
      ("medium.mass", -current / mass), ("medium.pinning", 0), ("baths.left.temperature", current / (hot - cold)),
      ("baths.right.temperature", -current / (hot - cold)), ("baths.left.friction", current * right / (left * sum)),
      ("baths.right.friction", current * left / (right * sum)),
    ]
    let network = try NetworkModel(
      medium: model.medium.network,
      attachments: model.attachments.map {
        .init(name: $0.name, site: $0.site, bath: try #require(NetworkBath($0.bath.law)))
      })
    for (answer, isChain) in [
      (try LinearSolver().answer(asked, of: model, by: [.markov]), true),
      (try NetworkSolver().answer(asked, of: network, by: [.markov]), false),
    ] {
      for (path, value) in known where isChain || path.hasPrefix("baths") {
        let found = try answer.required(try #require(Quantity("response[\(path)]")), .markov)
        #expect(abs(found.value - value) <= found.error, "\(path) \(found) \(value)")
        let size = path == "medium.pinning" ? current / 0.4 : abs(value)
        #expect(found.error < 1e-6 * size, "\(path) \(found) \(value)")
      }
    }
  }

  /// Chains of any length at weak coupling and with soft modes: the bound holds against differences and stays small.
  @Test func weakCouplingAndSoftModes() throws {
    for (friction, pinning, sites) in [(1e-4, 1.0, 4), (1.0, 1e-4, 8), (1e-3, 1e-3, 24)] {
      let model = try ChainModel(
        medium: Chain(sites: sites, pinning: pinning),
        attachments: [
          .init(name: "left", site: 1, bath: langevin(4, friction)),
          .init(name: "right", site: sites, bath: langevin(1, 2 * friction)),
        ])
      let answer = try LinearSolver().answer(asked, of: model, by: [.markov])
      let seen = try check(
        model, .markov, heats: { try LinearSolver().answer(.only([.heatFrom]), of: $0, by: [.markov]) }, answer,
        tolerance: 1e-6)
      #expect(seen >= 12)
    }
  }

  /// Everything scales with the units.
  @Test func units() throws {
    let (energy, time, mass) = (1.4e-23, 1e-12, 6.6e-26)
    let length = time * (energy / mass).squareRoot()
    func model(_ units: Bool) throws -> ChainModel {
      let (e, t, m, l) = units ? (energy, time, mass, length) : (1, 1, 1, 1)
      return try ChainModel(
        medium: Chain(
          sites: 5, mass: 1.3 * m, springConstant: 0.8 * m / t / t, pinning: .init(left: 0, right: 1.6 * m / t / t)),
        attachments: [
          .init(
            name: "left", site: 1,
            bath: ChainBath(
              ParticleBath(
                temperature: 20 * e, friction: 0.1 * m / t, coupling: 0.2 * e / l, ringLength: 25 * l))),
          .init(name: "right", site: 5, bath: langevin(0, 0.9 * m / t)),
        ])
    }
    let units = [
      "medium.mass": mass, "medium.spring": mass / time / time, "medium.pinning.left": mass / time / time,
      "medium.pinning.right": mass / time / time, "baths.left.temperature": energy, "baths.left.friction": mass / time,
      "baths.left.coupling": energy / length, "baths.left.strength": 1, "baths.left.sharpness": 1,
      "baths.left.ring": length, "baths.right.temperature": energy, "baths.right.friction": mass / time,
    ]
    let (one, other) = (
      try LinearSolver().answer(asked, of: model(false), by: [.memory]),
      try LinearSolver().answer(asked, of: model(true), by: [.memory])
    )
    for (path, unit) in units {
      let quantity = try #require(Quantity("response[\(path)]"))
      let (a, b) = (try one.required(quantity, .memory), try other.required(quantity, .memory))
      let scaled = b.value * unit / (energy / time)
      #expect(
        abs(a.value - scaled) <= a.error + b.error * unit / (energy / time) + 1e-14 * abs(scaled), "\(path) \(a) \(b)")
      #expect(a.error < 1e-7, "\(path) \(a)")
    }
  }

  /// Whole numbers, names that are none, and what would make the medium anharmonic are refused in words.
  @Test func refusals() throws {
    let model = try ChainModel(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: ChainBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
        .init(name: "right", site: 3, bath: langevin(1, 1)),
      ])
    for (name, word) in [
      ("response[medium.sites]", "whole"), ("response[baths.left.count]", "whole"),
      ("response[baths.left.site]", "whole"), ("response[medium.quartic]", "not harmonic"),
      ("response[baths.left.frction]", "did you mean response[baths.left.friction]"),
      ("heatResponse[left,medium.sites]", "whole"),
    ] {
      let quantity = try #require(Quantity(name))
      let answer = try LinearSolver().answer(.only(quantity), of: model, by: [.markov])
      #expect(answer.entries.isEmpty && answer.refusals.contains { $0.reason.contains(word) }, "\(answer.refusals)")
    }
  }
}
