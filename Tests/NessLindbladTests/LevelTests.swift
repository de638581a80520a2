import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

/// A system of levels between baths that couple through formulas.
func levels(
  _ parts: [LevelPart], _ hamiltonian: String, hbar: Double = 1, _ baths: [(name: String, bath: ThermalBath)]
) throws -> LevelModel {
  try LevelModel(
    medium: LevelSystem(parts: parts, hamiltonian: hamiltonian, hbar: hbar),
    attachments: baths.map { .init(name: $0.name, site: 1, bath: .thermal($0.bath)) })
}

/// What one equation answers of some families.
func levelAnswer(
  _ families: [Quantity.Family], _ model: LevelModel, _ method: NessModel.Method
) throws -> Answer {
  try LevelEquations().answer(.only(families), of: model, by: [method])
}

/// The numbers of a family, of whatever axes.
func levelEstimates(_ family: Quantity.Family, _ answer: Answer) throws -> [Estimate] {
  try #require(answer.entries.first { $0.quantity.family == family }).estimates
}

private func makeLevels(
  _ parts: [LevelPart], _ hamiltonian: String, _ baths: [(name: String, bath: ThermalBath)]
) throws -> LevelModel { try levels(parts, hamiltonian, baths) }

private func thermal(
  _ coupling: String, _ temperature: Double, _ spectrum: LindbladBath.Spectrum = .ohmic, _ rate: Double = 0.1
) -> ThermalBath {
  ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: spectrum, rate: rate)
}

private let allMethods: [NessModel.Method] = [.davies, .liouvillian, .redfield, .local]

private func answer(_ model: LevelModel, _ methods: [NessModel.Method] = allMethods) throws -> Answer {
  try LevelEquations().answer(.all, of: model, by: methods)
}

@Suite("Systems of levels: closed forms and laws")
struct LevelTests {
  /// Three levels by matrices are what a spin 1 with the same matrices is, whatever they are called.
  @Test func levelsWithoutOperators() throws {
    func model(_ part: LevelPart) throws -> LevelModel {
      func bath(_ rows: [[Double]], _ temperature: Double) throws -> LevelBath {
        .thermal(
          ThermalBath(
            temperature: temperature, coupling: .matrix(try CouplingMatrix(rows: rows, of: "coupling")),
            spectrum: .ohmic,
            rate: 0.1))
      }
      let energies = try CouplingMatrix(rows: [[0, 0.1, 0], [0.1, 1, 0], [0, 0, 2.5]], of: "hamiltonian")
      let system = LevelSystem(parts: [part], hamiltonian: .matrix(energies))
      return try LevelModel(
        medium: system,
        attachments: [
          .init(name: "left", site: 1, bath: bath([[0, 1, 0], [1, 0, 0], [0, 0, 0]], 2)),
          .init(name: "right", site: 1, bath: bath([[0, 0, 0], [0, 0, 1], [0, 1, 0]], 1)),
        ])
    }
    let (own, spin) = (try answer(model(.levels(3))), try answer(model(.spin(halves: 2))))
    #expect(try own.required(.heatCurrent, .davies) == spin.required(.heatCurrent, .davies))
    #expect(try own.required(.heatCurrent, .redfield).value > 0)
    // Control: it has no operators to name but the number of its level.
    let warm = [(name: "left", bath: thermal("N1", 1))]
    #expect(throws: ModelError.self) { try levels([.levels(3)], "N1 + 0.1*X1", warm) }
    _ = try levels([.levels(3)], "N1", warm)
  }

  /// Jumps at given rates are the equation: two qubits, filled at one end and emptied at the other, exchange at g beside rates that are not
  /// small. With x the coherence of both: 2 g x = rate (1 - p1) = rate p2, rate x = g (p1 - p2).
  @Test func jumpsAreTheEquation() throws {
    let (g, rate) = (0.2, 1.0)
    func model(_ others: [LevelModel.Attachment] = []) throws -> LevelModel {
      try LevelModel(
        medium: LevelSystem(parts: [.qubit, .qubit], hamiltonian: "\(g / 2)*(X1*X2 + Y1*Y2) + 0.5*Z1 + 0.5*Z2"),
        attachments: [
          .init(name: "left", site: 1, bath: .jumps(JumpBath(operation: "Sp1", down: rate, up: 0))),
          .init(name: "right", site: 1, bath: .jumps(JumpBath(operation: "Sm2", down: rate, up: 0))),
        ] + others)
    }
    let (alone, flow) = (try model(), 2 * g * g / rate / (1 + 4 * g * g / (rate * rate)))
    #expect(LevelEquations.usualMethods(for: alone) == [.local])
    #expect(LevelEquations().claim(of: .local, for: alone).isExact)
    for method in [NessModel.Method.local, .redfield] {
      let found = try answer(alone, [method])
      let heat = try found.required(.heat(from: "left"), method)
      #expect(abs(heat.value - flow) <= heat.error && heat.error < 1e-12, "\(method) \(heat) \(flow)")
    }
    // What keeps energies of the whole apart is far off here, and says so.
    let secular = try answer(alone, [.davies])
    #expect(try abs(secular.required(.heat(from: "left"), .davies).value - flow) > 0.1)
    #expect(secular.notes.contains { $0.contains("of the given jumps only what does not mix energies") })
    // Beside a thermal bath no method is exact, and those that take jumps as they stand come first.
    let mixed = try model([.init(name: "warm", site: 1, bath: .thermal(thermal("X1", 1)))])
    #expect(LevelEquations.usualMethods(for: mixed) == [.redfield, .local])
    #expect(!LevelEquations().claim(of: .local, for: mixed).isExact)
  }

  /// J = E g_L g_R (n_L - n_R) / (g_L (1 + 2 n_L) + g_R (1 + 2 n_R)).
  @Test(arguments: [LindbladBath.Spectrum.bosonic, .ohmic], [0.3, 1.0, 7.0])
  func twoLevels(spectrum: LindbladBath.Spectrum, splitting: Double) throws {
    let (left, right) = (thermal("X1", 1.3, spectrum, 0.02), thermal("0.5*X1", 0.4, spectrum, 0.11))
    let model = try levels([.qubit], "\(splitting)/2*Z1", [("left", left), ("right", right)])
    func strength(_ rate: Double) -> Double { spectrum == .ohmic ? rate * splitting : rate }
    let (gl, gr) = (strength(0.02), 0.25 * strength(0.11))
    let (nl, nr) = (1 / (exp(splitting / 1.3) - 1), 1 / (exp(splitting / 0.4) - 1))
    let sum = gl * (1 + 2 * nl) + gr * (1 + 2 * nr)
    let exact = splitting * gl * gr * (nl - nr) / sum
    for method in allMethods {
      let found = try answer(model, [method])
      let current = try found.required(.heatCurrent, method)
      #expect(abs(current.value - exact) <= 1e-12 * exact, "\(method)")
      #expect(abs(current.value - exact) <= current.error, "\(method)")
      let up = (gl * nl + gr * nr) / sum
      let population = try found.required(.population(level: 2), method)
      #expect(abs(population.value - up) <= population.error && population.error < 1e-12)
      let entropy = try found.required(.entropyProduction, method)
      #expect(abs(entropy.value - exact * (1 / 0.4 - 1 / 1.3)) <= entropy.error + 1e-13 * entropy.value)
      // Populations relax at the sum of the rates; the coherence half as fast.
      let rate = try found.required(.relaxationRate, method).value
      #expect(
        abs(rate - (method == .davies ? sum : sum / 2)) < 1e-12 * sum || method == .redfield, "\(method) \(rate) \(sum)"
      )
    }
    // Negative control.
    #expect(abs(try answer(model, [.davies]).required(.heatCurrent, .davies).value - 1.0001 * exact) > 1e-12 * exact)
  }

  /// Splittings about the share of the range up to which frequencies count as one: however they are grouped, energy is conserved and entropy is
  /// produced.
  @Test(arguments: [0.5, 0.9, 1.2, 1.5, 1.9, 2.5, 20]) func nearlyEqual(share: Double) throws {
    let distance = share * 3e-10
    for coupling in ["X2 + 0.3*X1 + 0.4*Z1 + X3", "Y2 + 0.3*X1 + 0.4*Z1 + X3"] {
      let model = try levels(
        [.qubit, .qubit, .qubit], "0.5*Z1 + (0.5 + \(distance))*Z2 + 0.5*Z3",
        [("left", thermal("X1 + 0.5*X2", 2, .ohmic, 0.01)), ("right", thermal(coupling, 0.5, .ohmic, 0.02))])
      let found = try answer(model, [.liouvillian])
      let (left, right) = (
        try found.required(.heat(from: "left"), .liouvillian), try found.required(.heat(from: "right"), .liouvillian)
      )
      #expect(abs(left.value + right.value) <= left.error + right.error, "\(share): \(left) \(right)")
      #expect(left.error < 1e-2 * abs(left.value) && left.value > 0)
      #expect(try found.required(.entropyProduction, .liouvillian).value > 0)
    }
  }

  /// The closed form of an oscillator that is cut off nowhere is missed by as much as the warning says, and met where there is none.
  @Test func oscillatorsThatAreCutOff() throws {
    func current(_ levels: Int) throws -> (value: Double, isWarned: Bool) {
      let found = try answer(
        try makeLevels(
          [.oscillator(levels: levels)], "N1",
          [("left", thermal("a1 + ad1", 3, .ohmic, 0.01)), ("right", thermal("a1 + ad1", 1, .ohmic, 0.01))]), [.davies])
      return (
        try found.required(.heatCurrent, .davies).value, found.notes.contains { $0.contains("of the probability") }
      )
    }
    // Frequency 1, rates gamma = 0.01: J = gamma/2 (n(3) - n(1)).
    let exact = 0.005 * (1 / (exp(1 / 3.0) - 1) - 1 / (exp(1) - 1))
    let (short, long) = (try current(6), try current(48))
    #expect(short.isWarned && abs(short.value / exact - 1) > 0.05)
    #expect(!long.isWarned && abs(long.value / exact - 1) < 1e-6)
  }

  @Test func strongCouplingIsTold() throws {
    func isTold(_ rate: Double) throws -> Bool {
      try answer(
        levels(
          [.qubit], "Z1/2", [("hot", thermal("X1", 1, .ohmic, rate)), ("cold", thermal("X1", 0.5, .ohmic, rate))]),
        [.redfield]
      ).notes.contains { $0.contains("weak coupling") }
    }
    #expect(try isTold(100) && !isTold(0.1))
  }

  /// Spins, qubits and oscillators obey their algebra.
  @Test func operators() throws {
    func zero(_ text: String, _ parts: [LevelPart]) throws {
      let system = LevelSystem(parts: parts, hamiltonian: text)
      #expect(system.faults.isEmpty)
      #expect(system.energyOperator.matrix.largestElement < 1e-14, "\(text)")
    }
    for spin in 1...4 {
      let parts: [LevelPart] = [.qubit, .spin(halves: spin)]
      let square = Double(spin) / 2 * (Double(spin) / 2 + 1)
      try zero("X2^2 + Y2^2 + Z2^2 - \(square)", parts)
      try zero("(X2*Y2 - Y2*X2)^2 + Z2^2", parts)
      try zero("Sp2*Sm2 - Sm2*Sp2 - 2*Z2", parts)
      try zero("X2*Z1 - Z1*X2", parts)
      try zero("Sp2 + Sm2 - 2*X2", parts)
    }
    try zero("X1^2 + Y1^2 + Z1^2 - 3", [.qubit, .qubit])
    try zero("Sp1 + Sm1 - X1 + (N1 - (1 + Z1)/2)", [.qubit, .qubit])
    try zero("ad1*a1 - N1 + (a1 + ad1)^2 - (a1^2 + ad1^2 + a1*ad1 + N1)", [.oscillator(levels: 5), .qubit])
    // A product that does not commute is no Hermitian operator.
    #expect(!LevelSystem(parts: [.qubit], hamiltonian: "X1*Y1").faults.isEmpty)
    #expect(LevelSystem(parts: [.qubit], hamiltonian: "X1*Y1 + Y1*X1 + Z1").faults.isEmpty)
  }

  /// At one temperature the secular state is that of Gibbs, and nothing flows.
  @Test func equalTemperatures() throws {
    let model = try levels(
      [.qubit, .spin(halves: 2), .oscillator(levels: 3)],
      "0.5*Z1 + 0.7*Z2 + 0.2*X1*X2 + 0.9*N3 + 0.1*Y2*Z1 + 0.15*Z2*(a3 + ad3)",
      [("left", thermal("X1", 0.6)), ("hot", thermal("a3 + ad3", 0.6, .metropolis, 2)), ("right", thermal("Y2", 0.6))])
    let found = try answer(model, [.davies, .liouvillian])
    for method in [NessModel.Method.davies, .liouvillian] {
      for name in ["left", "hot", "right"] {
        let heat = try found.required(.heat(from: name), method)
        #expect(abs(heat.value) <= heat.error && heat.error < 1e-9, "\(method) \(name) \(heat)")
      }
      let energy = try found.required(.meanEnergy, method)
      let other = try found.required(.meanEnergy, .davies)
      #expect(abs(energy.value - other.value) <= energy.error + other.error)
    }
    let populations = try (1...18).map { try found.required(.population(level: $0), .davies).value }
    let mean = try found.required(.meanEnergy, .davies).value
    // p ln p + E p / T is the free energy: least for Gibbs, where all E + T ln p are one number.
    let free = mean + 0.6 * populations.reduce(0) { $0 + $1 * log($1) }
    #expect(populations.allSatisfy { $0 > 0 } && abs(populations.reduce(0, +) - 1) < 1e-14)
    #expect(free < 0)
  }

  /// Other units give the same digits.
  @Test func units() throws {
    func model(_ energy: Double, _ time: Double) throws -> LevelModel {
      try levels(
        [.qubit, .qubit, .spin(halves: 2)],
        "\(energy)*(0.5*Z1 + 0.5*Z2 + 0.3*X3 + 0.2*(X1*X2 + Y1*Y2) + 0.1*Z2*Y3)", hbar: energy * time,
        [
          ("left", thermal("X1 + 0.3*Z1", energy, .ohmic, 0.1)),
          ("right", thermal("Y3", 0.3 * energy, .glauber, 0.1 / time)),
        ])
    }
    let plain = try answer(try model(1, 1))
    for (energy, time) in [(0x1p-66, 0x1p-40), (0x1p19, 0x1p11)] {
      let other = try answer(try model(energy, time))
      #expect(plain.entries.members.count == other.entries.members.count)
      #expect(plain.entries.contains { $0.quantity.family == .heatKurtosis })
      for (one, same) in zip(plain.entries.members, other.entries.members) {
        // Those are told at places that have units themselves, or of parameters that have.
        if [.generatingFunction, .rateFunction, .response, .heatResponse].contains(one.quantity.family) { continue }
        let unit: Double =
          switch one.quantity.family {
          case .heatCurrent, .heatFrom: energy / time
          case .meanEnergy, .fanoFactor, .levelEnergy: energy
          case .heatNoise, .heatCovariance: energy * energy / time
          case .heatSkewness: energy * energy * energy / time
          case .heatKurtosis: energy * energy * energy * energy / time
          case .entropyProduction, .relaxationRate, .conductance, .modeRate, .modeFrequency: 1 / time
          default: 1
          }
        #expect(
          one.quantity == same.quantity && one.estimate.value * unit == same.estimate.value,
          "\(one.quantity) \(one.method)")
        #expect(one.estimate.error * unit == same.estimate.error, "\(one.quantity) \(one.method)")
      }
    }
  }

  /// Redfield comes to the secular equation as the rates go to 0; local does not.
  @Test func weakCoupling() throws {
    func found(_ rate: Double) throws -> [Double] {
      let model = try levels(
        [.qubit, .qubit], "0.5*Z1 + 0.8*Z2 + 0.3*X1*X2",
        [("left", thermal("X1", 1.5, .ohmic, rate)), ("right", thermal("X2", 0.3, .ohmic, rate))])
      let answer = try answer(model)
      return try allMethods.map { try answer.required(.heatCurrent, $0).value / rate }
    }
    let (one, other) = (try found(1e-3), try found(1e-4))
    #expect(abs(one[1] - one[0]) < 1e-12 * one[0])
    #expect(abs(other[2] - other[0]) < 0.02 * abs(one[2] - one[0]))
    #expect(abs(other[3] - other[0]) > 0.9 * abs(one[3] - one[0]) && abs(one[3] - one[0]) > 0.1 * one[0])
  }

  /// Heat flows from cold to hot in the local equation, and that is said.
  @Test func localBreaksTheSecondLaw() throws {
    let model = try levels(
      [.qubit, .qubit], "0.5*Z1 + 2*Z2 + 0.6*(X1*X2 + Y1*Y2)",
      [("left", thermal("X1", 0.5)), ("right", thermal("X2", 1.0))])
    let found = try answer(model, [.davies, .local])
    #expect(try found.required(.heatCurrent, .davies).value < 0)
    #expect(try found.required(.heatCurrent, .local).value > 0)
    #expect(found.notes.contains { Note.isWarning($0) && $0.contains("breaks the second law") })
    #expect(found.notes.contains { Note.isWarning($0) && $0.contains("differ in sign") })
  }

  /// Rates that are not small against the frequencies: populations of the Redfield equation below 0.
  @Test func redfieldNegativity() throws {
    func least(_ rate: Double) throws -> [String] {
      let model = try levels(
        [.qubit, .qubit], "0.5*Z1 + 0.52*Z2 + 0.01*X1*X2",
        [("left", thermal("X1 + X2", 0.05, .ohmic, rate)), ("right", thermal("X1", 0.02, .ohmic, rate))])
      return try answer(model, [.redfield]).notes
    }
    #expect(try least(2).contains { Note.isWarning($0) && $0.contains("not a state") })
    #expect(try least(1e-9).contains { Note.isWarning($0) && $0.contains("not a state") } == false)
  }

  @Test func uniqueness() throws {
    // Nobody touches the second qubit.
    let apart = try levels(
      [.qubit, .qubit], "0.5*Z1 + 0.8*Z2", [("left", thermal("X1", 1)), ("right", thermal("X1", 2))])
    for method in allMethods {
      let found = try answer(apart, [method])
      #expect(found.entries.isEmpty, "\(method)")
      #expect((found.notes + found.refusals.map(\.reason)).contains { $0.contains("not unique") }, "\(method)")
    }
    // Two equal spins on a common bath keep their singlet.
    let dark = try levels([.qubit, .qubit], "0.5*Z1 + 0.5*Z2", [("left", thermal("X1 + X2", 1))])
    for method in [NessModel.Method.davies, .liouvillian, .redfield] {
      let found = try answer(dark, [method])
      #expect(found.entries.isEmpty && found.notes.contains { $0.contains("not unique") }, "\(method)")
    }
    // Negative control: one of them a little stronger.
    let seen = try levels([.qubit, .qubit], "0.5*Z1 + 0.5*Z2", [("left", thermal("X1 + 1.1*X2", 1))])
    #expect(try !answer(seen, [.davies]).entries.isEmpty)
  }

  /// A bosonic bath at the frequency 0, and a table that begins above it; one that ends inside the spectrum makes no model.
  @Test func ratesThatAreNone() throws {
    let bosonic = try levels(
      [.qubit], "0.5*Z1", [("left", thermal("X1 + Z1", 1, .bosonic)), ("right", thermal("X1", 2))])
    #expect(try !answer(bosonic, [.davies]).entries.isEmpty)
    for method in [NessModel.Method.redfield, .local, .liouvillian] {
      let found = try answer(bosonic, [method])
      #expect(found.entries.isEmpty && found.refusals.contains { $0.reason.contains("infinite at the frequency 0") })
    }
    func short(_ frequencies: [Double], _ coupling: String = "X1") throws -> LevelModel {
      let table = LindbladBath.Spectrum.tabulated(try SpectralTable(angularFrequencies: frequencies, values: [1, 1]))
      return try levels([.qubit], "0.5*Z1", [("left", thermal(coupling, 1, table)), ("right", thermal("X1", 2))])
    }
    let above = try short([0.5, 2], "X1 + Z1")
    #expect(try !answer(above, [.davies]).entries.isEmpty)
    let found = try answer(above, [.redfield])
    #expect(found.entries.isEmpty && found.refusals.contains { $0.reason.contains("covers 0.5 to 2") })
    for frequencies in [[0, 0.9], [1.1, 2]] { #expect(throws: ModelError.self) { try short(frequencies) } }
    // An operator that joins no levels needs no more than it has.
    #expect(throws: Never.self) { try short([0, 0.9], "Z1") }
  }

  /// Jumps of given rates: the two-level system again, and a common state of all equations.
  @Test func jumps() throws {
    let model = try LevelModel(
      medium: LevelSystem(parts: [.qubit], hamiltonian: "0.5*Z1"),
      attachments: [
        .init(name: "left", site: 1, bath: .jumps(JumpBath(operation: "Sm1", down: 0.2, up: 0.05))),
        .init(name: "right", site: 1, bath: .thermal(thermal("X1", 1.5, .bosonic, 0.07))),
      ])
    let n = 1 / (exp(1 / 1.5) - 1)
    let (up, down) = (0.05 + 0.07 * n, 0.2 + 0.07 * (n + 1))
    let exact = 0.05 * down / (up + down) - 0.2 * up / (up + down)
    let found = try answer(model)
    for method in allMethods {
      #expect(abs(try found.required(.heatCurrent, method).value - exact) < 1e-14, "\(method)")
      #expect(found.entries.allSatisfy { $0.quantity != .entropyProduction })
    }
  }

  @Test func faults() {
    func fault(_ hamiltonian: String, _ parts: [LevelPart] = [.qubit, .oscillator(levels: 3)]) -> ParameterFault? {
      LevelSystem(parts: parts, hamiltonian: hamiltonian, parameters: [.init("g", 0.1)]).faults.first
    }
    #expect(fault("Z1 + g*(a2 + ad2)*X1") == nil)
    for (text, offset, found) in [
      ("Z1 + X3", 5, "X3"), ("Z1 + X2", 5, "X2"), ("Z1 + h*X1", 5, "unknown name h"), ("Z1 + X", 5, "X"),
      ("1/Z1", 1, "a division by an operator"), ("exp(Z1)", 0, "exp of an operator"),
      ("Z1^(-1)", 2, "the power -1 of an operator"), ("2^Z1", 1, "an operator as exponent"),
    ] {
      #expect(fault(text)?.offset == offset && fault(text)?.found == found && fault(text)?.parameter == "hamiltonian")
    }
    #expect(fault("a2")?.found.contains("not Hermitian: <up, 1|O|up, 2> is 1.414, <up, 2|O|up, 1> is 0") == true)
    #expect(fault("1/0*Z1")?.found == "an infinite element")
    #expect(fault("Z1", [LevelPart](repeating: .qubit, count: 13))?.parameter == "parts")
    #expect(fault("Z1", [])?.parameter == "parts")
    let named = LevelSystem(parts: [.qubit], hamiltonian: "Z1", parameters: [.init("X1", 1)])
    #expect(named.faults.contains { $0.parameter == "parameters.X1" })
    let error = #expect(throws: ModelError.self) { try levels([.qubit], "Z1", [("left", thermal("X1*Y1", 1))]) }
    #expect(error?.faults.first?.parameter == "baths.left.coupling")
  }
}

/// Random systems against an independent program.
@Suite("Systems of levels: reference")
struct ReferenceLevelTests {
  struct Reference: Decodable, Sendable {
    struct Bath: Decodable, Sendable {
      let coupling: String
      let temperature: Double
      let rate: Double
      let spectrum: String
    }
    struct Numbers: Decodable, Sendable {
      let heats: [Double]
      let energy: Double
      let populations: [Double]
      let gap: Double
      let least: Double
    }
    let parts: [[String: Double]]
    let hamiltonian: String
    let hbar: Double
    let baths: [Bath]
    let davies: Numbers
    let redfield: Numbers
    let local: Numbers?

    func model() throws -> LevelModel {
      let parts = self.parts.map { part -> LevelPart in
        if let spin = part["spin"] { return .spin(halves: Int(2 * spin)) }
        return part["oscillator"].map { .oscillator(levels: Int($0)) } ?? .qubit
      }
      return try levels(
        parts, hamiltonian, hbar: hbar,
        baths.enumerated().map { place, bath in
          let spectrum = LindbladBath.Spectrum.choices.first { $0.word == bath.spectrum }?.value ?? .ohmic
          return ("b\(place)", thermal(bath.coupling, bath.temperature, spectrum, bath.rate))
        })
    }
  }

  static func references() throws -> [Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/levels.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      try JSONDecoder().decode(Reference.self, from: Data($0.utf8))
    }
  }

  /// To 1e-8 of the largest heat, energy and rate; populations absolutely.
  @Test func randomSystems() throws {
    var (count, worst, sharp, checked) = (0, 0.0, 0, 0)
    for (line, reference) in try Self.references().enumerated() {
      let model = try reference.model()
      var wanted = [(NessModel.Method.davies, reference.davies), (.liouvillian, reference.davies)]
      wanted.append((.redfield, reference.redfield))
      if let local = reference.local { wanted.append((.local, local)) }
      for (method, exact) in wanted {
        let found = try answer(model, [method])
        func compare(_ quantity: Quantity, _ exact: Double, scale: Double) throws {
          let estimate = try found.required(quantity, method)
          let off = abs(estimate.value - exact)
          worst = max(worst, off / scale)
          #expect(off <= 1e-8 * scale, "system \(line + 1) \(method) \(quantity): \(estimate.value) for \(exact)")
          checked += 1
          if estimate.error <= 1e-9 * scale { sharp += 1 }
        }
        let scale = (exact.heats + reference.davies.heats).map(abs).max() ?? 0
        for (place, heat) in exact.heats.enumerated() {
          try compare(.heat(from: "b\(place)"), heat, scale: max(scale, 1e-6 * exact.gap))
        }
        try compare(.meanEnergy, exact.energy, scale: max(1, abs(exact.energy)))
        for (level, population) in exact.populations.enumerated() {
          try compare(.population(level: level + 1), population, scale: 1)
        }
        if method != .davies { try compare(.relaxationRate, exact.gap, scale: max(exact.gap, 1e-3)) }
        count += 1
      }
    }
    print("levels: \(count) solutions, \(checked) numbers, largest deviation \(worst), bounds below 1e-9: \(sharp)")
    #expect(count > 250 && worst > 0 && sharp > checked * 9 / 10)
  }
}
