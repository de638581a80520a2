import Foundation
import NessLinear
import NessModel
import NessStatistics
import Testing

private func langevin(_ temperature: Double, _ friction: Double) -> NetworkBath {
  NetworkBath(LangevinBath(temperature: temperature, friction: friction))
}

/// The chain of three sites of PHYSICS.md, section 7, in other units if wanted.
private func three(
  hbar: Double, hot: Double = 3, cold: Double = 1, mass: Double = 1, time: Double = 1, energy: Double = 1
) throws -> NetworkModel {
  let stiffness = mass / time / time
  var chain = Chain(sites: 3, mass: mass, springConstant: stiffness, pinning: stiffness)
  chain.rules.hbar = hbar * energy * time
  return try Model(
    medium: chain.network,
    attachments: [
      .init(name: "left", site: 1, bath: langevin(hot * energy, 0.7 * mass / time)),
      .init(name: "right", site: 3, bath: langevin(cold * energy, 1.3 * mass / time)),
    ])
}

/// Three unlike sites in a ring, each with a bath: one with memory.
private func ring(hbar: Double) throws -> NetworkModel {
  let network = Network(
    lattice: .ring(3), mass: .list([1, 2, 0.5]), bond: "1.3*r^2/2", site: "0.4*q^2/2", hbar: hbar)
  return try Model(
    medium: network,
    attachments: [
      .init(
        name: "a", site: 1, bath: NetworkBath(MemoryBath(temperature: 2, terms: [.init(weight: 1.6, time: 0.5)]))),
      .init(name: "b", site: 2, bath: langevin(0.7, 0.6)), .init(name: "c", site: 3, bath: langevin(0.2, 0.9)),
    ])
}

private func answer(_ families: [Quantity.Family], of model: NetworkModel, _ method: NessModel.Method = .markov) throws
  -> Answer
{
  try NetworkSolver().answer(.only(families), of: model, by: [method])
}

private func isNear(_ estimate: Estimate, _ value: Double, digits: Double) -> Bool {
  abs(estimate.value - value) <= pow(10, -digits) * abs(value) + estimate.error
    && estimate.error < pow(10, -digits) * abs(value)
}

/// Quantum heat in harmonic networks.
@Suite struct QuantumNetworkTests {
  /// Our own numbers from the formulas of Saito and Dhar, by another program.
  @Test(arguments: [
    (0.5, 0.35606312328, 1.66976511091), (1, 0.34426068758, 1.64284049945), (3, 0.25582462794, 1.42028229113),
  ])
  func threeSites(hbar: Double, current: Double, noise: Double) throws {
    let found = try answer([.heatCurrent, .heatNoise, .fanoFactor], of: three(hbar: hbar))
    #expect(isNear(try found.required(.heatCurrent, .markov), current, digits: 10))
    #expect(isNear(try found.required(.heatNoise(), .markov), noise, digits: 10))
    #expect(isNear(try found.required(.fanoFactor, .markov), noise / current, digits: 10))
  }

  /// Cumulants of order 1 to 4 of the heat from every bath, by quadrature of the derivatives of
  /// ln det[1 + n (1 - U^-1 S^+ U S)] on a circle in the counting field, a program of scipy.
  @Test func severalBaths() throws {
    let model = try ring(hbar: 1.2)
    let found = try answer(
      [.heatFrom, .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .bondHeatCurrent], of: model, .memory)
    let known: [(String, [Double])] = [
      ("a", [0.24335961822857888, 0.6804429998613444, 2.126471652309132, 10.320671410054729]),
      ("b", [-0.07690380498827021, 0.2965678771369355, -0.4230162650541324, 1.874475789515432]),
    ]
    for (bath, values) in known {
      let quantities: [Quantity] = [
        .heat(from: bath), .heatNoise(from: bath), .heatSkewness(from: bath), .heatKurtosis(from: bath),
      ]
      for (quantity, value) in zip(quantities, values) {
        #expect(isNear(try found.required(quantity, .memory), value, digits: 8), "\(quantity)")
      }
    }
    // The diagonal is less the sum of the others, and must be the noise.
    for bath in ["a", "b", "c"] {
      let noise = try found.required(.heatNoise(from: bath), .memory)
      let own = try found.required(try #require(Quantity("heatCovariance[\(bath),\(bath)]")), .memory)
      #expect(abs(noise.value - own.value) <= noise.error + own.error && own.error < 1e-9)
    }
    // What bath a gives leaves by the two bonds of its site.
    let flows = try [2, 3].map { try found.required(.bondHeatCurrent(from: 1, to: $0), .memory) }
    let heat = try found.required(.heat(from: "a"), .memory)
    #expect(abs(flows[0].value + flows[1].value - heat.value) <= flows[0].error + flows[1].error + heat.error)
    #expect(flows.allSatisfy { $0.error < 1e-9 })
  }

  /// The first correction grows as hbar².
  @Test func classicalLimit() throws {
    for family in [Quantity.Family.heatCurrent, .heatNoise, .heatSkewness, .heatKurtosis] {
      func value(_ hbar: Double) throws -> Double {
        try answer([family], of: three(hbar: hbar)).required(.all(family), .markov).value
      }
      let classical = try value(0)
      let ratio = (try value(0.04) - classical) / (try value(0.02) - classical)
      #expect(abs(ratio - 4) < 0.01, "\(family) \(ratio)")
      #expect(try value(0.04) != classical)
      #expect(abs(try value(1e-7) - classical) < 1e-9 * classical)
    }
  }

  /// The change with temperatures is that of differences of the heats; what one bath gets others give.
  @Test(arguments: [0.3, 2.0]) func conductance(hbar: Double) throws {
    let model = try ring(hbar: hbar)
    let found = try answer([.conductance], of: model, .memory)
    for (place, other) in ["a", "b", "c"].enumerated() {
      let temperature = [2.0, 0.7, 0.2][place]
      func heats(_ shift: Double) throws -> [Double] {
        let changed = try #require(model.with("baths.\(other).temperature", temperature + shift))
        let heats = try answer([.heatFrom], of: changed, .memory)
        return try ["a", "b", "c"].map { try heats.required(.heat(from: $0), .memory).value }
      }
      func slopes(_ h: Double) throws -> [Double] { zip(try heats(h), try heats(-h)).map { ($0 - $1) / (2 * h) } }
      let (near, far) = (try slopes(0.01 * temperature), try slopes(0.02 * temperature))
      var sum = 0.0
      for (index, one) in ["a", "b", "c"].enumerated() {
        let value = try found.required(try #require(Quantity("conductance[\(one),\(other)]")), .memory)
        #expect(abs(value.value - (4 * near[index] - far[index]) / 3) < 1e-6 * abs(value.value), "\(one) \(other)")
        #expect(value.error < 1e-8)
        sum += value.value
      }
      #expect(abs(sum) < 1e-12)
    }
  }

  /// Long waves that nothing hinders: pi T/(6 hbar), the quantum of heat conductance; and the classical limit.
  @Test func conductanceOfLongWaves() throws {
    let free = try Model(
      medium: Network(lattice: .chain(20), bond: "r^2/2", hbar: 1),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(1e-3, 1)), .init(name: "right", site: 20, bath: langevin(1e-3, 1)),
      ])
    let quantum = try #require(Quantity("conductance[left,left]"))
    let found = try answer([.conductance], of: free).required(quantum, .markov)
    #expect(abs(found.value / (Double.pi * 1e-3 / 6) - 1) < 1e-4)
    #expect(found.error < 1e-6 * found.value)
    // Negative control: at a temperature of the bond's frequency it is not.
    let warm = try #require(free.with("baths.left.temperature", 1.0)?.with("baths.right.temperature", 1.0))
    #expect(abs(try answer([.conductance], of: warm).required(quantum, .markov).value / (Double.pi / 6) - 1) > 0.1)
    let classical = try answer([.conductance], of: three(hbar: 0)).required(quantum, .markov).value
    let nearly = try [0.02, 0.01].map {
      try answer([.conductance], of: three(hbar: $0)).required(quantum, .markov).value
    }
    #expect(abs((4 * nearly[1] - nearly[0]) / 3 - classical) < 1e-8)
  }

  /// A friction that changes with its temperature takes part, which is refused.
  @Test func conductanceOfParticles() throws {
    let model = try Model(
      medium: three(hbar: 0.5).medium,
      attachments: [
        .init(
          name: "left", site: 1,
          bath: NetworkBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
        .init(name: "right", site: 3, bath: langevin(1, 1)),
      ])
    let found = try NetworkSolver().answer(.only([.heatCurrent, .conductance]), of: model, by: [.markov])
    #expect(found.entries.contains { $0.quantity == .heatCurrent })
    #expect(!found.entries.contains { $0.quantity.family == .conductance })
    #expect(found.refusals.contains { $0.reason.contains("the friction of bath left changes with its temperature") })
  }

  /// Where the long waves pass without hindrance, J = pi (T_L² - T_R²)/(12 hbar), the quantum of heat conductance
  /// (Rego and Kirczenow, Phys. Rev. Lett. 81, 232, 1998), and a gap shuts everything off as exp(-gap/T).
  @Test(arguments: [1e-2, 1e-3, 1e-5])
  func quantumOfConductance(temperature: Double) throws {
    func model(pinning: Double) throws -> NetworkModel {
      var chain = Chain(sites: 6, pinning: pinning)
      chain.rules.hbar = 1.7
      return try Model(
        medium: chain.network,
        attachments: [
          .init(name: "left", site: 1, bath: langevin(temperature, 1)),
          .init(name: "right", site: 6, bath: langevin(0.5 * temperature, 1)),
        ])
    }
    let current = try answer([.heatCurrent], of: model(pinning: 0)).required(.heatCurrent, .markov)
    let ballistic = Double.pi * 0.75 * temperature * temperature / (12 * 1.7)
    // The transmission is 1 - O(w²).
    #expect(abs(current.value / ballistic - 1) < 100 * temperature * temperature + 1e-10, "\(current)")
    #expect(current.error < 1e-9 * current.value)
    let held = try answer([.heatCurrent], of: model(pinning: 1)).required(.heatCurrent, .markov)
    #expect(held.value >= 0 && held.value < 0.1 * current.value)
  }

  /// One oscillator in equilibrium with a bath with memory: <p²>/m = T [1 + 2 sum_n (w0² + nu g)/(w0² + nu² + nu g)] over the
  /// frequencies nu_n = 2 pi n T/hbar, g = (w/m)/(nu + 1/tau)  (Grabert, Weiss, Talkner, Z. Phys. B 55, 87, 1984).
  @Test(arguments: [0.05, 0.7, 5])
  func groundState(temperature: Double) throws {
    let (hbar, mass, stiffness, weight, time) = (1.3, 0.8, 1.9, 0.9, 0.4)
    let bath = NetworkBath(MemoryBath(temperature: temperature, terms: [.init(weight: weight, time: time)]))
    let network = Network(
      lattice: .chain(1), mass: .number(mass), site: "\(stiffness)*q^2/2", hbar: hbar)
    let model = try Model(
      medium: network, attachments: [.init(name: "a", site: 1, bath: bath), .init(name: "b", site: 1, bath: bath)])
    let found = try answer([.kineticTemperature], of: model, .memory).required(.kineticTemperature(site: 1), .memory)
    let square = stiffness / mass
    let step = 2 * Double.pi * temperature / hbar
    let last = 4_000_000
    var sum = 0.0
    for n in (1...last).reversed() {
      let nu = step * Double(n)
      let friction = nu * 2 * weight / mass / (nu + 1 / time)
      sum += (square + friction) / (square + nu * nu + friction)
    }
    // The rest of the sum as an integral.
    sum += (square + 2 * weight / mass) / (step * step * (Double(last) + 0.5))
    let expected = temperature * (1 + 2 * sum)
    #expect(abs(found.value - expected) < 1e-8 * expected + found.error, "\(found) \(expected)")
    #expect(found.error < 1e-7 * expected && found.value > temperature)
  }

  /// Gallavotti and Cohen, and the mean at x = 0.
  @Test func symmetry() throws {
    let found = try answer([.generatingFunction, .rateFunction, .heatCurrent], of: three(hbar: 2))
    let entry = try #require(found.entries.first { $0.quantity == .all(.generatingFunction) })
    let values = entry.estimates
    for (one, other) in zip(values, values.reversed()) {
      #expect(abs(one.value - other.value) <= one.error + other.error && one.error < 1e-8)
    }
    let classical = try answer([.generatingFunction], of: three(hbar: 0)).entries
      .first { $0.quantity == .all(.generatingFunction) }
    let largest = try zip(values, #require(classical).estimates).map { abs($0.value - $1.value) }.max()
    #expect((largest ?? 0) > 1e-3)
    let rate = try #require(found.entries.first { $0.quantity == .all(.rateFunction) })
    guard case .values(let currents)? = rate.axes.first?.places else { return #expect(Bool(false), "\(rate.axes)") }
    let current = try found.required(.heatCurrent, .markov).value
    // x = 0 is one of the places.
    #expect(currents.contains { abs($0 - current) < 1e-8 * current })
    #expect(rate.estimates.allSatisfy { $0.value >= -$0.error })
  }

  /// Other units, the same physics.
  @Test func units() throws {
    let (mass, time, energy) = (3e-26, 1e-13, 4e-21)
    let own = try answer([.heatCurrent, .heatKurtosis], of: three(hbar: 1))
    let other = try answer(
      [.heatCurrent, .heatKurtosis], of: three(hbar: 1, mass: mass, time: time, energy: energy))
    func ratio(_ quantity: Quantity) throws -> Double {
      try other.required(quantity, .markov).value / own.required(quantity, .markov).value
    }
    #expect(abs(try ratio(.heatCurrent) / (energy / time) - 1) < 1e-12)
    #expect(abs(try ratio(.heatKurtosis()) / (pow(energy, 4) / time) - 1) < 1e-12)
  }

  /// Friction of 1e-9 of the frequencies: in proportion to it.
  @Test func weakCoupling() throws {
    func current(_ scale: Double) throws -> Estimate {
      var chain = Chain(sites: 2, pinning: 1)
      chain.rules.hbar = 2
      let model = try Model(
        medium: chain.network,
        attachments: [
          .init(name: "left", site: 1, bath: langevin(1, scale)),
          .init(name: "right", site: 2, bath: langevin(0.3, 2 * scale)),
        ])
      return try answer([.heatCurrent], of: model).required(.heatCurrent, .markov)
    }
    let (weak, weaker) = (try current(1e-7), try current(1e-9))
    #expect(abs(weak.value / weaker.value / 100 - 1) < 1e-6)
    #expect(weaker.error < 1e-8 * weaker.value)
    // Of each mode gL gR/(gL + gR) (u_L - u_R)/m, half of its motion on every site.
    let modes = [1.0, 3.0].map { square -> Double in
      let quantum = 2 * square.squareRoot()
      return quantum / (exp(quantum) - 1) - quantum / (exp(quantum / 0.3) - 1)
    }
    let expected = modes.reduce(0, +) * 0.5 * (1e-9 * 2e-9 / 3e-9)
    #expect(abs(weaker.value / expected - 1) < 1e-6, "\(weaker) \(expected)")
  }

  /// What has no answer is told why.
  @Test func refusals() throws {
    let model = try three(hbar: 1)
    let solver = NetworkSolver()
    #expect(solver.refusals(of: model, by: .markov).isEmpty)
    let andersen = try Model(
      medium: model.medium,
      attachments: [
        .init(name: "left", site: 1, bath: NetworkBath(AndersenBath(temperature: 1, rate: 1))),
        .init(name: "right", site: 3, bath: langevin(0.5, 1)),
      ])
    #expect(solver.refusals(of: andersen, by: .markov).first?.reason.contains("classical law") == true)
    let found = try answer([.kineticTemperature], of: model)
    #expect(found.entries.members.compactMap(\.quantity.number) == [2])
    #expect(found.notes.contains { "\($0)".contains("infinite kinetic energy") })
    // Nor are derivatives told where everything is asked.
    let everything = try NetworkSolver().answer(.all, of: model, by: [.markov]).entries.map(\.quantity.family)
    #expect(everything.contains(.heatNoise))
    #expect(Set(everything).isDisjoint(with: [.causes, .response, .heatResponse]))
    let anharmonic = try Model(
      medium: Network(lattice: .chain(2), site: "q^4/4", hbar: 1),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(1, 1)), .init(name: "right", site: 2, bath: langevin(2, 1)),
      ])
    #expect(!solver.refusals(of: anharmonic, by: .markov).isEmpty)
  }

  /// Potential energies by quadrature of the inverse of the dynamical matrix, a program of scipy; with memory everywhere the kinetic
  /// ones are finite, and so is the energy of all.
  @Test func potentialEnergies() throws {
    let known: [(hbar: Double, potentials: [Double], energy: Double?)] = [
      (0, [0.54918686638, 0.473498504644, 0.3423440591], 2.64733400423),
      (1.2, [0.772477014854, 0.674796773452, 0.672297417508], nil),
    ]
    for (hbar, potentials, energy) in known {
      let found = try answer([.potentialEnergy, .meanEnergy], of: ring(hbar: hbar), .memory)
      for (site, value) in potentials.enumerated() {
        #expect(isNear(try found.required(.potentialEnergy(site: site + 1), .memory), value, digits: 8))
      }
      #expect((found.estimate(.meanEnergy, by: .memory) == nil) == (energy == nil))
      if let energy { #expect(isNear(try found.required(.meanEnergy, .memory), energy, digits: 8)) }
    }
    let remembering = try Model(
      medium: ring(hbar: 1.2).medium,
      attachments: [(2, 1.6, 0.5), (0.7, 2, 0.3), (0.2, 4.5, 0.2)].enumerated().map { place, bath in
        .init(
          name: "bath\(place)", site: place + 1,
          bath: NetworkBath(MemoryBath(temperature: bath.0, terms: [.init(weight: bath.1, time: bath.2)])))
      })
    let found = try answer([.potentialEnergy, .meanEnergy], of: remembering, .memory)
    for (site, value) in [0.786420362047, 0.698706994105, 0.692066709521].enumerated() {
      #expect(isNear(try found.required(.potentialEnergy(site: site + 1), .memory), value, digits: 8))
    }
    #expect(isNear(try found.required(.meanEnergy, .memory), 4.79091869157, digits: 8))
  }

  /// One oscillator at weak coupling: half of (hbar w/2) coth(hbar w/2T), the ground state included.
  @Test(arguments: [0.02, 0.3, 4.0]) func potentialEnergyOfOne(temperature: Double) throws {
    let model = try Model(
      medium: Network(lattice: .chain(1), site: "0.5*q^2", hbar: 1),
      attachments: [.init(name: "bath", site: 1, bath: langevin(temperature, 1e-6))])
    let found = try answer([.potentialEnergy], of: model).required(.potentialEnergy(site: 1), .markov)
    #expect(abs(found.value - 0.25 / tanh(0.5 / temperature)) < 1e-5 && found.error < 1e-8, "\(found)")
  }
}
