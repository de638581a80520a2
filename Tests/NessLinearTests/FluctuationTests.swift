import Foundation
import NessLinear
import NessModel
import NessStatistics
import NessTestSupport
import Testing

private func langevin(_ temperature: Double, _ friction: Double) -> ChainBath {
  ChainBath(LangevinBath(temperature: temperature, friction: friction))
}

private func particles(_ temperature: Double, friction: Double = 0.1) -> ChainBath {
  ChainBath(ParticleBath(temperature: temperature, friction: friction, coupling: 0.2))
}

private func chain(_ sites: Int, _ baths: [(name: String, site: Int, bath: ChainBath)]) throws -> ChainModel {
  try Model(
    medium: Chain(sites: sites, mass: 1.3, springConstant: 0.8, pinning: .init(left: 0.7, right: 1.6)),
    attachments: baths.map { .init(name: $0.name, site: $0.site, bath: $0.bath) })
}

/// The chain of three sites of PHYSICS.md, section 7.
private func three(_ left: Double = 3, _ right: Double = 1) throws -> ChainModel {
  try Model(
    medium: Chain(sites: 3, pinning: 1),
    attachments: [
      .init(name: "left", site: 1, bath: langevin(left, 0.7)),
      .init(name: "right", site: 3, bath: langevin(right, 1.3)),
    ])
}

/// A chain as the network that it is.
private func network(_ model: ChainModel) throws -> NetworkModel {
  try Model(
    medium: model.medium.network,
    attachments: model.attachments.map {
      .init(name: $0.name, site: $0.site, bath: try #require(NetworkBath($0.bath.law)))
    })
}

private let asked: [Quantity.Family] = [
  .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio, .generatingFunction,
  .rateFunction, .conductance, .causes,
]

/// Cumulants of the heat by linear theory.
@Suite struct FluctuationTests {
  /// Our own numbers from the formulas of Saito and Dhar, by another program.
  @Test func threeSites() throws {
    let answer = try LinearSolver().answer(.only(asked + [.heatCurrent]), of: three(), by: [.markov])
    let known: [(Quantity, Double)] = [
      (.heatCurrent, 0.36020380950), (.heatNoise(), 1.67911707709), (.heatSkewness(), 7.529717576),
    ]
    for (quantity, value) in known {
      let found = try answer.required(quantity, .markov)
      #expect(abs(found.value - value) < 1e-9 * value + 5e-10 && found.error < 1e-8 * value, "\(quantity) \(found)")
    }
    let ratio = try answer.required(.uncertaintyRatio, .markov).value
    #expect(abs(ratio - 0.36020380950 * (1 - 1.0 / 3) * 1.67911707709 / (2 * 0.36020380950 * 0.36020380950)) < 1e-9)
    #expect(abs(try answer.required(.fanoFactor, .markov).value - 1.67911707709 / 0.36020380950) < 1e-8)
  }

  /// One site between two Langevin baths in closed form: with g = gL gR/gamma, gamma = gL + gR, (1/2 pi) int dw T^n is
  /// g/m, 2 g²/(m gamma), 6 g³/(m gamma²) and 20 g⁴/(m gamma³), however it is held.
  @Test(arguments: [(1.0, 0.6, 0.9), (1e-3, 1e-3, 4e-4), (50, 2, 1e-6)])
  func oneSite(stiffness: Double, left: Double, right: Double) throws {
    let (mass, hot, cold) = (1.7, 3.0, 0.8)
    let model = try ChainModel(
      medium: Chain(sites: 1, mass: mass, springConstant: 0, pinning: .init(left: stiffness, right: stiffness)),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(hot, left)),
        .init(name: "right", site: 1, bath: langevin(cold, right)),
      ])
    let friction = left + right
    let g = left * right / friction
    let powers = [
      g, 2 * g * g / friction, 6 * g * g * g / friction / friction, 20 * g * g * g * g / friction / friction / friction,
    ]
    .map { $0 / mass }
    let (a, b) = (hot * cold, hot - cold)
    let known: [(Quantity, Double)] = [
      (.heatNoise(), 2 * a * powers[0] + b * b * powers[1]),
      (.heatSkewness(), 6 * a * b * powers[1] + 2 * b * b * b * powers[2]),
      (.heatKurtosis(), 12 * a * a * powers[1] + 24 * a * b * b * powers[2] + 6 * b * b * b * b * powers[3]),
    ]
    for (answer, name) in [
      (
        try LinearSolver().answer(.only([.heatNoise, .heatSkewness, .heatKurtosis]), of: model, by: [.markov]), "chain"
      ),
      (
        try NetworkSolver().answer(
          .only([.heatNoise, .heatSkewness, .heatKurtosis]),
          of: NetworkModel(
            medium: Network(lattice: .chain(1), mass: .number(mass), site: "\(stiffness)*q^2/2"),
            attachments: [
              .init(name: "left", site: 1, bath: NetworkBath(LangevinBath(temperature: hot, friction: left))),
              .init(name: "right", site: 1, bath: NetworkBath(LangevinBath(temperature: cold, friction: right))),
            ]), by: [.markov]), "network"
      ),
    ] {
      for (quantity, value) in known {
        let found = try answer.required(quantity, .markov)
        #expect(
          abs(found.value - value) <= found.error && found.error < 1e-8 * value, "\(name) \(quantity) \(found) \(value)"
        )
      }
    }
  }

  /// Two ways to the same numbers: powers of the transmission of a chain, and waves between the baths of a network.
  @Test(arguments: [0, 1, 2, 3]) func chainsAreNetworks(number: Int) throws {
    let all: [[(name: String, site: Int, bath: ChainBath)]] = [
      [("left", 1, langevin(3, 0.4)), ("right", 6, langevin(1, 2))],
      [("left", 2, particles(20)), ("right", 5, langevin(8, 1e-3))],
      [("left", 1, langevin(2, 0.5)), ("right", 1, langevin(5, 0.9))],
      [("a", 1, particles(20)), ("b", 3, langevin(10, 0.3)), ("c", 6, particles(14, friction: 0.5))],
    ]
    let model = try chain(6, all[number])
    let (expected, found) = (
      try LinearSolver().answer(.only(asked), of: model, by: [.markov, .memory]),
      try NetworkSolver().answer(.only(asked), of: network(model), by: [.markov, .memory])
    )
    var seen = 0
    for entry in expected.entries.members {
      // Places along an axis that follows from the answer differ by rounding.
      if entry.quantity.family == .rateFunction || entry.quantity.family == .generatingFunction { continue }
      let other = try found.required(entry.quantity, entry.method)
      #expect(
        abs(other.value - entry.estimate.value) <= other.error + entry.estimate.error,
        "\(entry.quantity) \(entry.estimate) \(other)")
      #expect(other.error <= 1e-7 * abs(other.value) + 1e-9, "\(entry.quantity) \(other)")
      seen += 1
    }
    #expect(seen > 10)
    for family in [Quantity.Family.rateFunction, .generatingFunction] {
      let pairs = [expected, found].map { $0.entries.filter { $0.quantity.family == family } }
      for (one, other) in zip(pairs[0], pairs[1]) {
        for (a, b) in zip(one.estimates, other.estimates) {
          #expect(abs(a.value - b.value) <= a.error + b.error + 1e-12 * abs(a.value), "\(family) \(a) \(b)")
        }
      }
      #expect(pairs[0].count == pairs[1].count)
    }
  }

  /// mu(x) = mu(-x - (1/T_R - 1/T_L)), whose places mirror each other on the grid; a wrong temperature breaks it.
  @Test func symmetryOfGallavottiAndCohen() throws {
    for model in [try three(), try chain(5, [("left", 1, particles(20)), ("right", 5, langevin(12, 0.6))])] {
      let method: NessModel.Method = model.particleBaths.isEmpty ? .markov : .memory
      let answer = try LinearSolver().answer(.only([.generatingFunction, .rateFunction]), of: model, by: [method])
      let entry = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
      let values = entry.estimates
      #expect(values.count == 39)
      for (one, other) in zip(values, values.reversed()) {
        #expect(abs(one.value - other.value) <= one.error + other.error + 1e-12 * abs(one.value))
      }
      // Not symmetric about 0: negative control.
      let places = entry.axes[0].values
      #expect(abs(places[0] + places[38]) > 0.1 * abs(places[0]))
      // I(j) - I(-j) = -j (1/T_R - 1/T_L), by the Legendre transform.
      let rate = try #require(answer.entries.first { $0.quantity.family == .rateFunction })
      let temperatures = model.attachments.map(\.bath.temperature)
      let affinity = 1 / temperatures[1] - 1 / temperatures[0]
      let currents = rate.axes[0].values
      for place in 0..<39 {
        let difference = rate.estimates[place].value - rate.estimates[38 - place].value
        #expect(abs(currents[place] + currents[38 - place]) < 1e-8 * abs(currents[place]) + 1e-12)
        #expect(abs(difference + currents[place] * affinity) < 1e-7 * abs(difference) + 1e-10)
        #expect(rate.estimates[place].value >= -1e-12)
      }
    }
  }

  /// Near its minimum the rate function is that of the mean and the noise; derivatives of mu are the cumulants.
  @Test func generatingFunctionHasTheCumulants() throws {
    let answer = try LinearSolver().answer(
      .only([.generatingFunction, .rateFunction, .heatCurrent, .heatNoise]), of: three(3, 2.9), by: [.markov])
    let entry = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
    let (places, values) = (entry.axes[0].values, entry.estimates.map(\.value))
    // A parabola through five places, about their middle.
    let (h, m) = (places[20] - places[19], 19)
    let second =
      (-values[m - 2] + 16 * values[m - 1] - 30 * values[m] + 16 * values[m + 1] - values[m + 2]) / (12 * h * h)
    let noise = try answer.required(.heatNoise(), .markov).value
    #expect(abs(second / noise - 1) < 2e-3, "\(second) \(noise)")
  }

  /// At one temperature the noise is that of the conductance, D_ab = T² (G_ab + G_ba), for baths whose friction may depend on the
  /// temperature as well; away from it that fails.
  @Test func fluctuationsAndDissipation() throws {
    func difference(_ middle: Double) throws -> Double {
      let model = try chain(
        7, [("a", 1, langevin(5, 0.4)), ("b", 4, particles(middle)), ("c", 7, langevin(5, 2))])
      let answer = try LinearSolver().answer(.only([.heatCovariance, .conductance]), of: model, by: [.memory])
      var largest = 0.0
      for one in ["a", "b", "c"] {
        for other in ["a", "b", "c"] {
          func value(_ family: Quantity.Family, _ places: String) throws -> Double {
            try answer.required(try #require(Quantity("\(family.rawValue)[\(places)]")), .memory).value
          }
          let noise = try value(.heatCovariance, "\(one),\(other)")
          let response = try value(.conductance, "\(one),\(other)") + value(.conductance, "\(other),\(one)")
          largest = max(largest, abs(noise / (25 * response) - 1))
        }
      }
      return largest
    }
    #expect(try difference(5) < 1e-7)
    #expect(try difference(12) > 0.05)
  }

  /// Everything scales with the units of energy and time, whatever they are.
  @Test(arguments: [1e-21, 1e30]) func units(unit: Double) throws {
    let (one, scaled) = (
      try LinearSolver().answer(.only(asked), of: three(3, 1), by: [.markov]),
      try LinearSolver().answer(.only(asked), of: three(3 * unit, unit), by: [.markov])
    )
    for (quantity, power) in [
      (Quantity.heatNoise(), 2), (.heatSkewness(), 3), (.fanoFactor, 1), (.uncertaintyRatio, 0),
    ] {
      let (a, b) = (try one.required(quantity, .markov), try scaled.required(quantity, .markov))
      let factor = (0..<power).reduce(1.0) { factor, _ in factor * unit }
      #expect(abs(b.value / (a.value * factor) - 1) < 1e-9)
    }
  }

  /// Nothing is answered outside of what the theory holds for, and the reason is said.
  @Test func refusals() throws {
    let equal = try LinearSolver().answer(.only(asked), of: three(2, 2), by: [.markov])
    #expect(equal.refusals.contains { $0.item == .family(.fanoFactor) && $0.reason.contains("equal temperatures") })
    // Near equilibrium the ratio is 1.
    #expect(abs(try equal.required(.uncertaintyRatio, .markov).value - 1) < 1e-9)
    let cold = try LinearSolver().answer(.only(asked), of: three(2, 0), by: [.markov])
    #expect(cold.refusals.contains { $0.item == .family(.uncertaintyRatio) && $0.reason.contains("right is 0") })
    #expect(try cold.required(.heatNoise(), .markov).value > 0)
    let kicked = try NetworkModel(
      medium: Network(lattice: .chain(3), site: "q^2"),
      attachments: [
        .init(name: "left", site: 1, bath: NetworkBath(AndersenBath(temperature: 3, rate: 1))),
        .init(name: "right", site: 3, bath: NetworkBath(LangevinBath(temperature: 1, friction: 1))),
      ])
    let refused = try NetworkSolver().answer(.only([.heatNoise]), of: kicked, by: [.markov])
    #expect(refused.entries.isEmpty && refused.refusals.contains { $0.reason.contains("redraws momenta") })
  }
}

/// The response of the heats to temperatures, and what it is made of.
@Suite struct ResponseTests {
  /// Against differences of the heats.
  @Test(arguments: [NessModel.Method.markov, .memory]) func differences(method: NessModel.Method) throws {
    func model(_ changed: String?, _ factor: Double) throws -> ChainModel {
      func at(_ name: String, _ temperature: Double) -> Double { name == changed ? temperature * factor : temperature }
      return try chain(
        6,
        [
          ("left", 1, particles(at("left", 20))), ("middle", 3, langevin(at("middle", 9), 0.4)),
          ("right", 6, particles(at("right", 14), friction: 0.7)),
        ])
    }
    let names = ["left", "middle", "right"]
    let answer = try LinearSolver().answer(.only([.conductance]), of: model(nil, 1), by: [method])
    for (other, temperature) in zip(names, [20.0, 9, 14]) {
      let heats = try [-2.0, -1, 1, 2].map { step in
        try LinearSolver().answer(.only([.heatFrom]), of: model(other, 1 + 0.002 * step), by: [method])
      }
      for one in names {
        let values = try heats.map { try $0.required(.heat(from: one), method).value }
        let slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * 0.002 * temperature)
        let found = try answer.required(try #require(Quantity("conductance[\(one),\(other)]")), method)
        #expect(abs(found.value - slope) < 2e-7 * abs(slope) + 1e-10, "\(one) \(other): \(found) \(slope)")
      }
    }
  }

  /// The paper's claim in numbers (PHYSICS.md, section 7): at T_L = 40 the particles let go by more than the larger bias drives.
  @Test func thermokineticPart() throws {
    for (temperature, known) in [
      (15.0, [0.0111396, -0.0071927, -7e-6, 0, 0.0039401]), (40, [0.00160951, -0.00240294, -2e-7, 0, -0.00079358]),
    ] {
      let model = try ChainModel(
        medium: Chain(sites: 16, pinning: 1),
        attachments: [
          .init(name: "left", site: 1, bath: particles(temperature)),
          .init(name: "right", site: 16, bath: langevin(10, 1)),
        ])
      let answer = try LinearSolver().answer(.only([.causes, .conductance]), of: model, by: [.markov, .memory])
      for (cause, value) in zip(["bias", "friction", "stiffness", "memory", "total"], known) {
        let found = try answer.required(try #require(Quantity("causes[left,\(cause)]")), .markov)
        #expect(abs(found.value - value) < 6e-8 + (cause == "stiffness" ? 6e-7 : 0), "\(cause): \(found)")
      }
      for method in [NessModel.Method.markov, .memory] {
        let parts = try ["bias", "friction", "stiffness", "memory"].map {
          try answer.required(try #require(Quantity("causes[left,\($0)]")), method).value
        }
        let total = try answer.required(try #require(Quantity("conductance[left,left]")), method).value
        #expect(abs(parts.reduce(0, +) - total) < 1e-12)
      }
    }
  }

  /// The law of every bath that linear theory knows changes with its temperature as it says.
  @Test func slopesOfTheLaws() throws {
    var seen = 0
    for bath in Catalogue.baths {
      guard let law = bath.example as? any LinearBath else { continue }
      func check(_ law: some LinearBath) {
        let (t, h) = (law.temperature, 1e-4 * law.temperature)
        func slope(_ value: (any LinearBath) -> Double) -> Double {
          let values = [-2.0, -1, 1, 2].map { value(law.at(temperature: t + $0 * h)) }
          return (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
        }
        func isNear(_ found: Double, _ value: (any LinearBath) -> Double) -> Bool {
          abs(found - slope(value)) <= 1e-8 * (abs(found) + abs(value(law)) / t)
        }
        let found = law.temperatureSlope
        #expect(isNear(found.stiffnessShift) { $0.stiffnessShift })
        #expect(isNear(found.instantaneous) { $0.frictionKernel.instantaneous })
        let terms = law.frictionKernel.terms
        for place in terms.indices {
          let slopes = found.terms.isEmpty ? (amplitude: 0, rate: 0) : found.terms[place]
          #expect(isNear(slopes.amplitude) { $0.frictionKernel.terms[place].amplitude })
          #expect(isNear(slopes.rate) { $0.frictionKernel.terms[place].rate })
        }
        seen += 1
      }
      check(law)
    }
    #expect(seen >= 3)
  }
}
