import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

/// Free particles in a box of unit length and mass between two equal baths.
private func gas(
  _ particles: Int, _ statistics: ParticleStatistics, left: Double, right: Double,
  _ coupling: LindbladBath.Coupling = .wall, _ spectrum: LindbladBath.Spectrum = .metropolis, levels: Int? = nil,
  hbar: Double = 1, amplitude: LindbladBath.Amplitude = .unit
) throws -> QuantumGasModel {
  func bath(_ temperature: Double) -> LindbladBath {
    LindbladBath(temperature: temperature, coupling: coupling, amplitude: amplitude, spectrum: spectrum)
  }
  return try QuantumGasModel(
    medium: QuantumGas(
      QuantumBox(length: 1, hbar: hbar, levels: levels, particles: particles, statistics: statistics)),
    attachments: [
      .init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: 2, bath: bath(right)),
    ])
}

private func answer(
  _ model: QuantumGasModel, _ method: NessModel.Method = .davies,
  _ questions: Questions = .only([.heatCurrent, .heatFrom, .meanEnergy, .entropyProduction, .population])
) throws -> Answer {
  try GasEquations().answer(questions, of: model, by: [method])
}

/// One case of the independent program: particles in the space of all that can be told apart, projected on what is (anti)symmetric, and
/// the whole superoperator solved by least squares (numpy).
private struct Case: Sendable {
  let statistics: ParticleStatistics
  let particles: Int
  let levels: Int
  let coupling: LindbladBath.Coupling
  let spectrum: LindbladBath.Spectrum
  let left: Double
  let right: Double
  let current: Double
  let energy: Double
  let occupations: [Double]

  init(
    _ statistics: ParticleStatistics, _ particles: Int, _ levels: Int, _ coupling: LindbladBath.Coupling,
    _ spectrum: LindbladBath.Spectrum, _ left: Double, _ right: Double, _ current: Double, _ energy: Double,
    _ occupations: [Double]
  ) {
    (self.statistics, self.particles, self.levels, self.coupling) = (statistics, particles, levels, coupling)
    (self.spectrum, self.left, self.right, self.current) = (spectrum, left, right, current)
    (self.energy, self.occupations) = (energy, occupations)
  }

  static let all: [Case] = [
    Case(
      .bosons, 2, 5, .wall, .metropolis, 40, 10, 1435.013419351, 30.19531945462,
      [1.2002200174, 0.55929523706, 0.18070463949, 0.048821595341, 0.010958510749]),
    Case(
      .bosons, 3, 4, .uniform, .ohmic, 40, 10, 2517.690060572, 41.49913654097,
      [1.8970688767, 0.78453325317, 0.24572636319, 0.072671506924]),
    Case(
      .fermions, 2, 8, .wall, .metropolis, 40, 10, 3410.925571038, 46.56875230695,
      [
        0.80634864697, 0.70006261419, 0.34929463325, 0.11133438696, 0.026813981891, 0.0052183823563, 0.00082405186479,
        0.0001033025171,
      ]),
    Case(
      .fermions, 3, 6, .uniform, .glauber, 60, 5, 60.70213017202, 105.2227572176,
      [0.91038047369, 0.85385195714, 0.71001456706, 0.34016873393, 0.13791492622, 0.04766934196]),
    Case(
      .fermions, 2, 7, .position, .ohmic, 30, 8, 6.693526534891, 31.44983668521,
      [
        0.93719966437, 0.8787746246, 0.15186578081, 0.028469162408, 0.0031483322633, 0.00052423698043, 1.8198575003e-05,
      ]),
    Case(
      .bosons, 2, 7, .position, .metropolis, 30, 8, 0.2807396672048, 16.35330794018,
      [
        1.6879644353, 0.25682712001, 0.042045102098, 0.012335814513, 0.00063774294699, 0.00018629823042,
        3.4868877692e-06,
      ]),
    Case(
      .bosons, 2, 7, .nearest, .bosonic, 50, 20, 14.46033484143, 39.97634001506,
      [1.0195706327, 0.59583724773, 0.26148230227, 0.091007584565, 0.025456783948, 0.0056560085514, 0.00098944025308]),
  ]
}

@Suite("Free bosons and fermions in a box")
struct GasTests {
  /// The independent program, to its ten digits.
  @Test(arguments: Case.all.indices)
  func independentProgram(index: Int) throws {
    let it = Case.all[index]
    let model = try gas(
      it.particles, it.statistics, left: it.left, right: it.right, it.coupling, it.spectrum, levels: it.levels)
    for method in [NessModel.Method.davies, .liouvillian] {
      let found = try answer(model, method)
      #expect(deviation(try found.required(.heatCurrent, method).value, it.current) < 1e-10)
      #expect(deviation(try found.required(.meanEnergy, method).value, it.energy) < 1e-10)
      for (level, occupation) in it.occupations.enumerated() {
        let value = try found.required(.population(level: level + 1), method).value
        #expect(abs(value - occupation) < 1e-10, "\(method) \(level + 1)")
      }
    }
    // Negative control: the other statistics have another current.
    let other = try gas(
      it.particles, it.statistics == .bosons ? .fermions : .bosons, left: it.left, right: it.right, it.coupling,
      it.spectrum, levels: it.levels)
    #expect(deviation(try answer(other).required(.heatCurrent, .davies).value, it.current) > 1e-3)
  }

  /// The same program by Redfield's equation.
  @Test func redfield() throws {
    for (statistics, coupling, spectrum, current, energy) in [
      (
        ParticleStatistics.bosons, LindbladBath.Coupling.uniform, LindbladBath.Spectrum.ohmic, -0.54638919201,
        10.111525156495
      ), (.fermions, .nearest, .glauber, 0.02263271386, 24.703844883752),
    ] {
      let model = try gas(2, statistics, left: 4, right: 3, coupling, spectrum, levels: 5)
      let found = try answer(model, .redfield)
      #expect(deviation(try found.required(.heatCurrent, .redfield).value, current) < 1e-8)
      #expect(deviation(try found.required(.meanEnergy, .redfield).value, energy) < 1e-10)
    }
  }

  /// One particle of a gas is the particle of a box, in every digit that its bound promises.
  @Test(arguments: couplings, spectra)
  func oneParticle(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    let alone = try LindbladSolver().answer(
      .all, of: try box(left: 60, right: 20, coupling, spectrum, levels: 12), by: [.davies])
    for statistics in [ParticleStatistics.bosons, .fermions] {
      let found = try answer(try gas(1, statistics, left: 60, right: 20, coupling, spectrum, levels: 12), .davies, .all)
      for quantity in [
        Quantity.heatCurrent, .meanEnergy, .entropyProduction, .heatNoise(), .relaxationRate,
        .population(level: 3),
      ] {
        let (one, other) = (try found.required(quantity, .davies), try alone.required(quantity, .davies))
        #expect(deviation(one.value, other.value) < 1e-10, "\(quantity) \(one) \(other)")
      }
    }
  }

  /// On two levels N bosons hop on a ladder of N + 1 states at rates that grow with the numbers on either level.
  @Test(arguments: [1, 2, 5, 30])
  func twoLevels(particles: Int) throws {
    let model = try gas(particles, .bosons, left: 8, right: 3, .uniform, .metropolis, levels: 2)
    let energy = 1.5 * Double.pi * Double.pi
    let (left, right) = (exp(-energy / 8), exp(-energy / 3))
    let ratio = (left + right) / 2
    let weights = (0...particles).map { pow(ratio, Double($0)) }
    let sum = weights.reduce(0, +)
    // Up at (k + 1)(N - k), so the left bath gives E (left - ratio) of each.
    let flow = (0..<particles).reduce(0.0) { $0 + weights[$1] / sum * Double(($1 + 1) * (particles - $1)) }
    let found = try answer(model)
    let current = try found.required(.heat(from: "left"), .davies).value
    #expect(deviation(current, energy * (left - ratio) * flow) < 1e-12)
    let upper = zip(0..., weights).reduce(0.0) { $0 + Double($1.0) * $1.1 / sum }
    #expect(deviation(try found.required(.population(level: 2), .davies).value, upper) < 1e-12)
  }

  /// At one temperature the canonical ensemble, by its recursion over the number of particles, and no heat.
  @Test(arguments: [ParticleStatistics.bosons, .fermions], [2, 3, 4])
  func canonical(statistics: ParticleStatistics, particles: Int) throws {
    let (temperature, levels) = (25.0, 8)
    let found = try answer(
      try gas(particles, statistics, left: temperature, right: temperature, .position, .ohmic, levels: levels))
    let weights = (1...levels).map { exp(-Double($0 * $0 - 1) * Double.pi * Double.pi / 2 / temperature) }
    let sign = statistics == .bosons ? 1.0 : -1.0
    func power(_ order: Int) -> Double { weights.reduce(0) { $0 + pow($1, Double(order)) } }
    // Z_N = (1/N) sum over k of (+-1)^(k+1) S_k Z_(N-k);  <n> = sum over k of (+-1)^(k+1) x^k Z_(N-k)/Z_N.
    var sums = [1.0]
    for number in 1...particles {
      sums.append(
        (1...number).reduce(0) { $0 + pow(sign, Double($1 + 1)) * power($1) * sums[number - $1] } / Double(number))
    }
    for level in 1...levels {
      let mean = (1...particles).reduce(0.0) {
        $0 + pow(sign, Double($1 + 1)) * pow(weights[level - 1], Double($1)) * sums[particles - $1] / sums[particles]
      }
      let value = try found.required(.population(level: level), .davies).value
      #expect(abs(value - mean) < 1e-11, "level \(level): \(value) \(mean)")
    }
    let heat = try found.required(.heatCurrent, .davies)
    #expect(abs(heat.value) <= heat.error)
  }

  /// N fermions on N + 1 levels are one hole.
  @Test func hole() throws {
    let found = try answer(try gas(4, .fermions, left: 90, right: 30, .uniform, .glauber, levels: 5))
    // A hole on level n has the energy -E_n, so the five of them are levels of the energies E_5 - E_n, coupled like those of one particle.
    let unit = Double.pi * Double.pi / 2
    let energies = [5, 4, 3, 2, 1].map { Double(25 - $0 * $0) * unit }
    var rates = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 5)
    var ofLeft = rates
    for from in 0..<5 {
      for to in 0..<5 where to != from {
        let energy = energies[to] - energies[from]
        ofLeft[from][to] = 1 / (1 + exp(energy / 90))
        rates[from][to] = ofLeft[from][to] + 1 / (1 + exp(energy / 30))
      }
    }
    // The steady state by many small steps.
    var shares = [1.0, 0, 0, 0, 0]
    for _ in 0..<20_000 {
      var next = shares
      for from in 0..<5 {
        for to in 0..<5 where to != from {
          next[to] += 0.01 * rates[from][to] * shares[from]
          next[from] -= 0.01 * rates[from][to] * shares[from]
        }
      }
      shares = next
    }
    var heat = 0.0
    for from in 0..<5 {
      for to in 0..<5 { heat += shares[from] * ofLeft[from][to] * (energies[to] - energies[from]) }
    }
    #expect(deviation(try found.required(.heatCurrent, .davies).value, heat) < 1e-11)
    for (hole, level) in [5, 4, 3, 2, 1].enumerated() {
      #expect(abs(try found.required(.population(level: level), .davies).value - (1 - shares[hole])) < 1e-12)
    }
  }

  /// As hbar falls both become particles that do not know of one another: to first order bosons carry as much more as fermions less.
  @Test func classicalLimit() throws {
    var gaps: [Double] = []
    for hbar in [0.8, 0.4] {
      func current(_ particles: Int, _ statistics: ParticleStatistics) throws -> Double {
        try answer(
          try gas(particles, statistics, left: 20, right: 10, .collision(width: 400), .metropolis, hbar: hbar)
        ).required(.heatCurrent, .davies).value
      }
      let alone = try current(1, .bosons)
      let (bosons, fermions) = (try current(2, .bosons) / alone / 2, try current(2, .fermions) / alone / 2)
      #expect((bosons - 1) * (fermions - 1) < 0)
      gaps.append(abs(bosons - fermions))
      #expect(abs((bosons + fermions) / 2 - 1) < 0.3 * abs(bosons - fermions), "\(hbar): \(bosons) \(fermions)")
    }
    // First order in the thermal wavelength, and so in hbar.
    #expect(gaps[1] < 0.65 * gaps[0] && gaps[1] > 0.35 * gaps[0], "\(gaps)")
  }

  /// What fewer levels change is in the bound, and the bound holds.
  @Test func truncation() throws {
    let many = try answer(try gas(2, .bosons, left: 60, right: 20, levels: 40)).required(.heatCurrent, .davies)
    for levels in [6, 9, 14, 20] {
      let few = try answer(try gas(2, .bosons, left: 60, right: 20, levels: levels)).required(.heatCurrent, .davies)
      #expect(abs(few.value - many.value) <= 3 * few.error, "\(levels)")
    }
    let free = try answer(try gas(2, .bosons, left: 60, right: 20)).required(.heatCurrent, .davies)
    #expect(abs(free.value - many.value) <= free.error + many.error && free.error < 1e-6 * free.value)
  }

  /// Other units give the same digits.
  @Test func units() throws {
    let plain = try answer(try gas(2, .fermions, left: 40, right: 10, .wall, .ohmic, levels: 6, amplitude: .physical))
    for (energy, time) in [(0x1p-60, 0x1p-30), (0x1p30, 0x1p12)] {
      // Length stays; mass [energy time²/length²], hbar [energy time], rate [1/(time A²)] with A [energy/length], ohmic: times time.
      func bath(_ temperature: Double) -> LindbladBath {
        LindbladBath(
          temperature: temperature * energy, coupling: .wall, amplitude: .physical, spectrum: .ohmic,
          rate: 1 / (energy * energy))
      }
      let model = try QuantumGasModel(
        medium: QuantumGas(
          QuantumBox(
            length: 1, mass: energy * time * time, hbar: energy * time, levels: 6, particles: 2, statistics: .fermions)),
        attachments: [
          .init(name: "left", site: 1, bath: bath(40)), .init(name: "right", site: 2, bath: bath(10)),
        ])
      let found = try answer(model)
      let current = try found.required(.heatCurrent, .davies)
      #expect(current.value * time / energy == (try plain.required(.heatCurrent, .davies).value))
      #expect(current.error * time / energy == (try plain.required(.heatCurrent, .davies).error))
    }
  }

  /// Too many states, too few levels, an operator that is none.
  @Test func refusals() throws {
    let wide = try gas(5, .bosons, left: 40, right: 10, levels: 30)
    #expect(GasEquations().refusals(of: wide, by: .davies).first?.reason.contains("states") == true)
    #expect(throws: ModelError.self) { try gas(4, .fermions, left: 40, right: 10, levels: 3) }
    #expect(throws: ModelError.self) { try gas(2, .fermions, left: 40, right: 10, .maxwell) }
    // Hot: what can be taken is not enough, and the bound says so.
    let hot = try answer(try gas(4, .bosons, left: 2000, right: 1000), .davies, .only(.heatCurrent))
    #expect(hot.notes.contains { $0.contains("too few") })
    let current = try hot.required(.heatCurrent, .davies)
    #expect(current.error > 1e-2 * abs(current.value))
  }
}
