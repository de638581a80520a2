import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

private func thermal(_ coupling: String, _ temperature: Double, _ rate: Double = 0.1) -> ThermalBath {
  ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: .ohmic, rate: rate)
}

/// Two qubits of which no operator is spared: what turns takes part in what the populations do.
private func twoQubits(coupling: Double = 0.2) throws -> LevelModel {
  try LevelModel(
    medium: LevelSystem(
      parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 0.65*Z2 + g*(X1*X2 + Y1*Y2) + 0.1*X1",
      parameters: [.init("g", coupling)]),
    attachments: [
      .init(name: "left", site: 1, bath: .thermal(thermal("X1", 1.2))),
      .init(name: "right", site: 2, bath: .thermal(thermal("X2 + 0.3*Z2", 0.4, 0.07))),
    ])
}

private func equalQubits() throws -> LevelModel {
  try levels(
    [.qubit, .qubit], "0.5*Z1 + 0.5*Z2",
    [("left", thermal("X1 + 0.3*X2", 1.2)), ("right", thermal("X2", 0.4, 0.07))])
}

private func quantity(_ name: String) throws -> Quantity { try #require(Quantity(name)) }

/// Modes, transients and response by the equations for the density matrix.
///
/// The numbers are those of a numpy program with the Redfield and secular tensors of QuTiP 5.3.1, and with jumps of its own for
/// the local equation: eigenvalues, matrix exponentials, differences of fourth order of the steady heats.
@Suite("Systems of levels: the density matrix in time")
struct LevelDensityMatrixTests {
  /// Rate and frequency of every mode, slowest first.
  private static let knownModes: [(NessModel.Method, [(Double, Double)])] = [
    (
      .redfield,
      [
        (0.105995301725, 1.57263330771), (0.118283905534, 0.742274589142), (0.16981332905, 0),
        (0.187074176527, 2.31268941094), (0.187300824977, 0.836053410725), (0.187872392623, 0),
        (0.248405085409, 0.739879829531), (0.250347117011, 1.57276974362), (0.34331767193, 0),
      ]
    ),
    (
      .local,
      [
        (0.0984804013755, 1.57572901412), (0.134071698767, 0.746554752159), (0.152355515938, 0),
        (0.179614664427, 0.837255189102), (0.185601762305, 2.32249170389), (0.203017580119, 0),
        (0.224937700874, 0.74641955684), (0.257157681065, 1.57627060328), (0.341747894403, 0),
      ]
    ),
    (
      .liouvillian,
      [
        (0.10687213778, 1.58136576559), (0.120521927975, 0.741135827916), (0.170559200783, 0),
        (0.185668127861, 0.840229937673), (0.187033651575, 2.32250159351), (0.187683581058, 0),
        (0.247360811802, 0.741135827916), (0.249721016855, 1.58136576559), (0.343218086434, 0),
      ]
    ),
  ]

  @Test(arguments: LevelDensityMatrixTests.knownModes.indices) func modes(index: Int) throws {
    let (method, known) = Self.knownModes[index]
    let found = try levelAnswer(Quantity.Family.relaxationModes, twoQubits(), method)
    let (rates, turns) = (try levelEstimates(.modeRate, found), try levelEstimates(.modeFrequency, found))
    let shares = try levelEstimates(.modeShare, found)
    #expect(rates.count == known.count && shares.count == 4 * known.count)
    for (mode, number) in known.enumerated() {
      #expect(abs(rates[mode].value - number.0) < 2e-12 && rates[mode].error < 1e-11, "\(rates[mode]) \(number)")
      #expect(abs(turns[mode].value - number.1) < 2e-11 && turns[mode].error < 1e-11, "\(turns[mode]) \(number)")
      let whole = shares[(4 * mode)..<(4 * mode + 4)].reduce(0) { $0 + $1.value }
      #expect(abs(whole - 1) < 1e-12)
    }
    // The slowest is the relaxation rate.
    let slowest = try levelAnswer([.relaxationRate], twoQubits(), method).required(.relaxationRate, method)
    #expect(abs(slowest.value - known[0].0) < 2e-12)
  }

  /// Levels of equal energy are followed with their coherences by the secular equation too.
  @Test func modesOfEqualEnergies() throws {
    let rates = try levelEstimates(.modeRate, levelAnswer([.modeRate], equalQubits(), .davies))
    let known = [0.0948391724067, 0.140279335166, 0.179543043273, 0.261140858401, 0.401455850394]
    #expect(rates.count == known.count)
    for (rate, number) in zip(rates, known) { #expect(abs(rate.value - number) <= rate.error + 1e-12, "\(rate)") }
  }

  /// Heats of both baths, energy and populations at times 3, 6 and 9, begun in populations 0.4, 0.3, 0.2 and 0.1.
  private static let knownTransients: [(NessModel.Method, [[Double]])] = [
    (
      .redfield,
      [
        [
          -0.01181500277998, -0.03426769668692, -0.5286348343103, 0.4817874470825, 0.290953821727, 0.1495395314352,
          0.07771919975532,
        ],
        [
          -0.0008479851515384, -0.02677253991004, -0.611496409495, 0.5292724759634, 0.2870466413846, 0.1208756913869,
          0.06280519126507,
        ],
        [
          0.005811025764165, -0.02235481850015, -0.6611277877029, 0.5572570701486, 0.2850951281924, 0.1043108057546,
          0.05333699590441,
        ],
      ]
    ),
    (
      .local,
      [
        [
          -0.0067448398979, -0.03174640172224, -0.50586046077, 0.4867432323852, 0.2552294891067, 0.1795057575503,
          0.07852152095774,
        ],
        [
          0.004769429631668, -0.02750379830116, -0.5740635667784, 0.5365770620757, 0.2317293317137, 0.1655087301767,
          0.06618487603391,
        ],
        [
          0.01093541894344, -0.02477313972519, -0.6155767291237, 0.5657405723685, 0.2195306354598, 0.1561601925938,
          0.05856859957789,
        ],
      ]
    ),
    (
      .liouvillian,
      [
        [
          -0.01080594217165, -0.03480364157677, -0.5272154871548, 0.480808753279, 0.2913293656784, 0.1498900723276,
          0.07797180871501,
        ],
        [
          -5.575559654153e-05, -0.02726460059535, -0.6091765557305, 0.5279568628208, 0.2872232471468, 0.1214914780378,
          0.06332841199461,
        ],
        [
          0.006397952175074, -0.02277264961849, -0.6583006480607, 0.5557981772466, 0.2850928778512, 0.1050727444419,
          0.05403620046022,
        ],
      ]
    ),
  ]

  private static let along: [Quantity.Family] = [.transientHeat, .transientEnergy, .transientPopulation]

  @Test(arguments: LevelDensityMatrixTests.knownTransients.indices) func transients(index: Int) throws {
    let (method, known) = Self.knownTransients[index]
    var transient = Transient(duration: 9, every: 3)
    transient.populations = [0.4, 0.3, 0.2, 0.1]
    let found = try levelAnswer(Self.along, twoQubits().with(transient), method)
    let heats = try levelEstimates(.transientHeat, found)
    let energies = try levelEstimates(.transientEnergy, found)
    let populations = try levelEstimates(.transientPopulation, found)
    #expect(heats.count == 6 && energies.count == 3 && populations.count == 12)
    for (sample, numbers) in known.enumerated() {
      let all = [heats[sample], heats[3 + sample], energies[sample]] + (0..<4).map { populations[3 * $0 + sample] }
      for (estimate, number) in zip(all, numbers) {
        #expect(abs(estimate.value - number) <= estimate.error + 2e-13, "\(method) \(sample) \(estimate) \(number)")
        #expect(estimate.error < 1e-11)
      }
    }
  }

  /// The same of levels of equal energy, whose populations are told as their mean; they may not begin apart.
  @Test func transientOfEqualEnergies() throws {
    var transient = Transient(duration: 9, every: 3)
    transient.populations = [0.4, 0.3, 0.3, 0]
    let found = try levelAnswer(Self.along, equalQubits().with(transient), .davies)
    let (heats, energies) = (try levelEstimates(.transientHeat, found), try levelEstimates(.transientEnergy, found))
    let populations = try levelEstimates(.transientPopulation, found)
    for (estimate, number) in [
      (heats[0], 0.00178066498919), (heats[5], -0.01082404735433), (energies[1], -0.4762047493145),
      (populations[2], 0.5544506145963), (populations[3], 0.5 * (0.2579112382815 + 0.2090800902634)),
      (populations[6], 0.5 * (0.2579112382815 + 0.2090800902634)), (populations[11], 0.05369680417726),
    ] {
      #expect(abs(estimate.value - number) <= estimate.error + 2e-13, "\(estimate) \(number)")
    }
    transient.populations = [0.4, 0.3, 0.2, 0.1]
    let refused = try levelAnswer([.heatCurrent, .transientHeat], equalQubits().with(transient), .davies)
    #expect(refused.notes.contains { $0.contains("transientHeat") && $0.contains("levels 2 to 3 have equal energies") })
    #expect(refused.entries.map(\.quantity.family) == [.heatCurrent])
  }

  /// Where nothing turns with the populations their own equation gives the same; first law and late times hold by every equation, in
  /// any units, however long an interval is beside a turn.
  @Test(arguments: [1.0, 1e-9], [3.0, 3000]) func laws(unit: Double, every: Double) throws {
    func model(_ transient: Transient?) throws -> LevelModel {
      try LevelModel(
        medium: LevelSystem(
          parts: [.qubit, .qubit], hamiltonian: "e*(0.5*Z1 + 0.65*Z2 + 0.2*(X1*X2 + Y1*Y2))",
          parameters: [.init("e", unit)]),
        attachments: [
          .init(name: "left", site: 1, bath: .thermal(thermal("X1", 1.2 * unit))),
          .init(name: "right", site: 2, bath: .thermal(thermal("X2", 0.4 * unit))),
        ]
      ).with(transient)
    }
    let every = every / unit
    var transient = Transient(duration: 20 * every, every: every)
    transient.temperature = [3 * unit]
    let alone = try levelAnswer(Self.along, model(transient), .davies)
    let whole = try levelAnswer(Self.along, model(transient), .liouvillian)
    for family in Self.along {
      for (one, other) in zip(try levelEstimates(family, alone), try levelEstimates(family, whole)) {
        #expect(abs(one.value - other.value) <= one.error + other.error, "\(family) \(one) \(other)")
      }
    }
    for method in [NessModel.Method.redfield, .local] {
      let found = try levelAnswer(Self.along, model(transient), method)
      let (heats, energies) = (try levelEstimates(.transientHeat, found), try levelEstimates(.transientEnergy, found))
      for sample in 1..<20 {
        let given = heats[sample].value + heats[20 + sample].value
        let change = (energies[sample].value - energies[sample - 1].value) / every
        #expect(abs(given - change) < 1e-11 * unit * unit, "\(method) \(sample) \(given) \(change)")
      }
      guard every * unit > 100 else { continue }
      let steady = try levelAnswer([.heatFrom], model(nil), method)
      for (bath, place) in [("left", 19), ("right", 39)] {
        let known = try steady.required(.heat(from: bath), method)
        #expect(abs(heats[place].value - known.value) <= heats[place].error + known.error)
        #expect(heats[place].error < 2e-7 * abs(known.value))
      }
    }
  }

  /// Derivatives of the heat with the coupling of the qubits and with the rate of a bath; those with temperatures are the
  /// conductances.
  @Test(arguments: [
    (NessModel.Method.redfield, [0.0160768842892, 0.055004854546]), (.local, [0.0242855285419, 0.065996600063]),
    (.liouvillian, [0.011007775066, 0.064490573239]),
  ]) func response(method: NessModel.Method, known: [Double]) throws {
    let found = try levelAnswer([.response, .heatResponse, .conductance], twoQubits(), method)
    for (path, number) in zip(["medium.parameters.g", "baths.left.rate"], known) {
      let own = try found.required(quantity("response[\(path)]"), method)
      #expect(abs(own.value - number) <= own.error + 1e-10 && own.error < 1e-8, "\(path) \(own) \(number)")
      let other = try found.required(quantity("heatResponse[right,\(path)]"), method)
      #expect(abs(own.value + other.value) <= own.error + other.error)
    }
    for bath in ["left", "right"] {
      let own = try found.required(quantity("response[baths.\(bath).temperature]"), method)
      #expect(own == (try found.required(quantity("conductance[left,\(bath)]"), method)))
    }
  }

  /// Levels that meet have no derivative by the secular equation, and nothing is told; by Redfield's they have.
  @Test func meetingLevels() throws {
    let model = try LevelModel(
      medium: LevelSystem(
        parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 0.5*e*Z2", parameters: [.init("e", 1)]),
      attachments: [
        .init(name: "left", site: 1, bath: .thermal(thermal("X1 + 0.3*X2", 1.2))),
        .init(name: "right", site: 2, bath: .thermal(thermal("X2", 0.4, 0.07))),
      ])
    let secular = try levelAnswer([.response], model, .davies)
    #expect((try? secular.required(quantity("response[medium.parameters.e]"), .davies)) == nil)
    #expect((try? secular.required(quantity("response[baths.left.rate]"), .davies)) != nil)
    let redfield = try levelAnswer([.response], model, .redfield)
    let slope = try redfield.required(quantity("response[medium.parameters.e]"), .redfield)
    func current(_ change: Double) throws -> Double {
      let other = try #require(model.with("medium.parameters.e", 1 + change))
      return try levelAnswer([.heatCurrent], other, .redfield).required(.heatCurrent, .redfield).value
    }
    func difference(_ h: Double) throws -> Double { (try current(h) - current(-h)) / (2 * h) }
    let known = (4 * (try difference(1e-3)) - (try difference(2e-3))) / 3
    #expect(abs(slope.value - known) < 1e-8 && slope.error < 1e-9, "\(slope) \(known)")
  }
}
