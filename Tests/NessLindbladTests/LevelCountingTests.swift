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

private let cumulantFamilies: [Quantity.Family] = [
  .heatCurrent, .heatFrom, .heatNoise, .heatSkewness, .heatKurtosis, .heatCovariance, .fanoFactor, .uncertaintyRatio,
  .conductance,
]

private func fluctuations(_ model: LevelModel, _ methods: [NessModel.Method]) throws -> Answer {
  try LevelEquations().answer(.only(cumulantFamilies), of: model, by: methods)
}

private func quantity(_ name: String) throws -> Quantity { try #require(Quantity(name)) }

/// Heats of systems of levels beyond their means, counted in the density matrix.
@Suite("Systems of levels: counting")
struct LevelCountingTests {
  /// Two levels, the numbers of a 2 x 2 matrix in many digits by another program, those of `DaviesFluctuationTests`.
  @Test(arguments: [NessModel.Method.davies, .liouvillian, .redfield, .local]) func twoLevels(
    method: NessModel.Method
  ) throws {
    // The operator acts at the frequency 0 of no bath.
    let model = try levels(
      [.qubit], "0.65*Z1", [("left", thermal("X1", 2, .bosonic, 0.4)), ("right", thermal("X1", 0.5, .bosonic, 0.9))])
    let answer = try fluctuations(model, [method])
    for (name, value) in [
      ("heatCurrent", 0.204305226499544), ("heatNoise", 0.317696841388639), ("heatSkewness", 0.17728364526326),
      ("heatKurtosis", 0.211544074290516), ("conductance[left,left]", 0.0975734595439),
      ("conductance[left,right]", -0.162477755306), ("heatCovariance[left,right]", -0.317696841388639),
    ] {
      let found = try answer.required(quantity(name), method)
      #expect(abs(found.value - value) < 2e-12, "\(method) \(name) \(found)")
      #expect(abs(found.value - value) <= found.error + 5e-13 && found.error < 1e-9, "\(method) \(name) \(found)")
    }
    let ratio = try answer.required(.uncertaintyRatio, method)
    #expect(abs(ratio.value - 0.5 * 1.5 * 0.317696841388639 / 0.204305226499544) < 1e-11)
    #expect(
      abs(try answer.required(quantity("fanoFactor"), method).value - 0.317696841388639 / 0.204305226499544) < 1e-11)
  }

  /// Two qubits of three equations, by a numpy program that continues the largest eigenvalue of the weighted superoperator to a circle of complex
  /// x and takes its Taylor coefficients; conductance by differences of sixth order of its heats.
  @Test func twoQubits() throws {
    let model = try levels(
      [.qubit, .qubit], "0.5*Z1 + 0.65*Z2 + 0.2*(X1*X2 + Y1*Y2) + 0.1*X1",
      [("left", thermal("X1", 1.2)), ("right", thermal("X2 + 0.3*Z2", 0.4, .ohmic, 0.07))])
    let known: [(NessModel.Method, [Double])] = [
      (.davies, [0.01609776314724, 0.02561887966838, 0.02312285469345, 0.02976886000, 0.0180474539, -0.0137567524]),
      (
        .liouvillian,
        [0.01609776314724, 0.02561887966838, 0.02312285469345, 0.02976886000, 0.0180474539, -0.0137567524]
      ),
      (.redfield, [0.01544650044413, 0.02443496163933, 0.02142184320502, 0.02653194216, 0.0168175042, -0.0135174857]),
      (.local, [0.0197815120533, 0.02924842069716, 0.02245359281642, 0.02548671849, 0.0160551842, -0.0146597459]),
    ]
    let names = [
      "heatCurrent", "heatNoise", "heatSkewness", "heatKurtosis", "conductance[left,left]", "conductance[left,right]",
    ]
    for (method, numbers) in known {
      let answer = try fluctuations(model, [method])
      for (name, number) in zip(names, numbers) {
        let found = try answer.required(quantity(name), method)
        #expect(abs(found.value - number) < 2e-10, "\(method) \(name) \(found) \(number)")
        #expect(found.error < 2e-7, "\(method) \(name) \(found)")
      }
      #expect(answer.notes.contains { $0.contains("quasi-probability") } == (method == .redfield || method == .local))
    }
  }

  /// Levels of equal energy between three baths.
  @Test func equalEnergies() throws {
    let model = try levels(
      [.qubit, .qubit], "0.5*Z1 + 0.5*Z2", hbar: 0.7,
      [
        ("a", thermal("X1 + 0.4*X2", 1.2)), ("b", thermal("X2", 0.4, .ohmic, 0.07)),
        ("c", thermal("X1 + 0.2*Z1", 0.8, .glauber, 0.2)),
      ])
    let known: [(NessModel.Method, [(String, Double)])] = [
      (
        .davies,
        [
          ("heatNoise.a", 0.06020032393337), ("heatSkewness.a", 0.01438813485536), ("heatKurtosis.a", 0.0376747297135),
          ("heatNoise.b", 0.01114159263152), ("heatSkewness.b", -0.005095812275448),
          ("heatKurtosis.b", 0.005997613667307), ("heatCovariance[a,b]", -0.0110596853323),
          ("heatCovariance[b,c]", -8.19072992622e-05), ("heatCovariance[c,c]", 0.0492225459004),
          ("conductance[a,a]", 0.031364118), ("conductance[a,c]", -0.0335277256), ("conductance[b,c]", -0.000870769054),
        ]
      ),
      (
        .redfield,
        [
          ("heatNoise.a", 0.0601298097802), ("heatSkewness.c", -0.004939935233951),
          ("heatKurtosis.c", 0.02337699191465),
          ("heatCovariance[b,c]", -8.22810795982e-05), ("conductance[c,b]", -0.000679147087),
          ("conductance[c,c]", 0.0343502697),
        ]
      ),
      (.local, [("heatKurtosis.a", 0.0376747297135), ("heatCovariance[a,c]", -0.0491406386011)]),
    ]
    for (method, numbers) in known {
      let answer = try fluctuations(model, [method])
      for (name, number) in numbers {
        let found = try answer.required(quantity(name), method)
        #expect(abs(found.value - number) < 2e-10, "\(method) \(name) \(found) \(number)")
        #expect(found.error < 1e-6, "\(method) \(name) \(found)")
      }
      // Heats fluctuate against each other.
      for one in ["a", "b", "c"] {
        let row = try ["a", "b", "c"].map { try answer.required(quantity("heatCovariance[\(one),\($0)]"), method) }
        #expect(abs(row.reduce(0) { $0 + $1.value }) <= row.reduce(0) { $0 + $1.error })
        let column = try ["a", "b", "c"].map { try answer.required(quantity("conductance[\($0),\(one)]"), method) }
        #expect(abs(column.reduce(0) { $0 + $1.value }) <= column.reduce(0) { $0 + $1.error })
      }
      #expect(answer.entries.allSatisfy { $0.quantity.family != .fanoFactor })
    }
    // Negative control: another hbar is another number.
    let other = try levels(
      [.qubit, .qubit], "0.5*Z1 + 0.5*Z2",
      [("a", thermal("X1 + 0.4*X2", 1.2)), ("b", thermal("X2", 0.4, .ohmic, 0.07))])
    #expect(abs(try fluctuations(other, [.davies]).required(.heatNoise(), .davies).value - 0.06020032393337) > 1e-4)
  }

  /// Populations alone and the whole density matrix say the same; at one temperature D = 2 T² G, elsewhere not.
  @Test func fluctuationsAndDissipation() throws {
    func ratio(_ left: Double, _ right: Double) throws -> Double {
      let model = try levels(
        [.qubit, .spin(halves: 2)], "0.5*Z1 + 0.8*Z2 + 0.3*X1*X2 + 0.1*Z2^2",
        [("left", thermal("X1", left)), ("right", thermal("X2 + 0.2*Z2", right, .glauber))])
      let answer = try fluctuations(model, [.davies, .liouvillian])
      let found = try ["heatNoise", "conductance[left,left]"].map { name -> Double in
        let both = try [NessModel.Method.davies, .liouvillian].map { try answer.required(quantity(name), $0) }
        #expect(abs(both[0].value - both[1].value) <= both[0].error + both[1].error && both[1].error < 1e-8)
        return both[0].value
      }
      return found[0] / (2 * left * left * found[1])
    }
    #expect(abs(try ratio(0.9, 0.9) - 1) < 1e-10)
    #expect(abs(try ratio(0.9, 0.3) - 1) > 0.05)
  }

  /// Jumps of given rates have cumulants, but no temperature.
  @Test func jumps() throws {
    let model = try LevelModel(
      medium: LevelSystem(parts: [.qubit], hamiltonian: "0.5*Z1"),
      attachments: [
        .init(name: "left", site: 1, bath: .jumps(JumpBath(operation: "Sm1", down: 0.2, up: 0.05))),
        .init(name: "right", site: 1, bath: .jumps(JumpBath(operation: "Sm1", down: 0.1, up: 0.3))),
      ])
    let answer = try fluctuations(model, [.davies, .redfield])
    let (left, right) = ((up: 0.05, down: 0.2), (up: 0.3, down: 0.1))
    let (up, down) = (left.up + right.up, left.down + right.down)
    let sum = up + down
    // mu = (-(up+down) + sqrt((up-down)² + 4 (l_up e^x + r_up)(l_down e^-x + r_down)))/2 at 0.
    let slope = left.up * right.down - right.up * left.down
    let second = left.up * right.down + right.up * left.down
    let noise = second / sum - 2 * slope * slope / (sum * sum * sum)
    for method in [NessModel.Method.davies, .redfield] {
      #expect(abs(try answer.required(.heatCurrent, method).value - slope / sum) < 1e-14)
      #expect(abs(try answer.required(.heatNoise(), method).value - noise) < 1e-13)
    }
    #expect(answer.entries.allSatisfy { $0.quantity.family != .conductance && $0.quantity.family != .uncertaintyRatio })
  }

  /// Other units give the same digits.
  @Test func units() throws {
    func found(_ energy: Double, _ time: Double) throws -> Answer {
      try fluctuations(
        try levels(
          [.qubit, .qubit], "\(energy)*(0.5*Z1 + 0.5*Z2 + 0.2*X1*X2)", hbar: energy * time,
          [("left", thermal("X1 + 0.3*Z1", energy)), ("right", thermal("X2", 0.3 * energy))]), [.davies, .redfield])
    }
    let (plain, other) = (try found(1, 1), try found(0x1p-66, 0x1p-40))
    let units: [(String, Double)] = [
      ("heatNoise", 0x1p-132 / 0x1p-40), ("heatKurtosis", 0x1p-264 / 0x1p-40), ("conductance[left,right]", 0x1p40),
      ("fanoFactor", 0x1p-66),
    ]
    for method in [NessModel.Method.davies, .redfield] {
      for (name, unit) in units {
        let (one, same) = (try plain.required(quantity(name), method), try other.required(quantity(name), method))
        #expect(one.value * unit == same.value && one.error * unit == same.error, "\(method) \(name)")
      }
    }
  }
}
