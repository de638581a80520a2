import Foundation
import NessLindblad
import NessMath
import NessModel
import NessStatistics
import Testing

private func thermal(_ coupling: String, _ temperature: Double, _ rate: Double) -> ThermalBath {
  ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: .ohmic, rate: rate)
}

/// Two qubits between two baths, in units of an energy; the time is in units of 1 over it.
private func qubits(
  _ hamiltonian: String, _ left: ThermalBath, _ right: ThermalBath, observables: [(String, String)] = [],
  unit: Double = 1,
  state: LevelStart? = nil, every: Double = 3
) throws -> LevelModel {
  var system = LevelSystem(
    parts: [.qubit, .qubit], hamiltonian: "u*(\(hamiltonian))", parameters: [.init("u", unit)])
  system.observables = observables.map { .init($0.0, .formula($0.1)) }
  func scaled(_ bath: ThermalBath) -> ThermalBath {
    var bath = bath
    bath.temperature *= unit
    return bath
  }
  var transient = Transient(duration: 3 * every / unit, every: every / unit)
  transient.state = state
  return try LevelModel(
    medium: system,
    attachments: [
      .init(name: "left", site: 1, bath: .thermal(scaled(left))),
      .init(name: "right", site: 2, bath: .thermal(scaled(right))),
    ]
  ).with(state == nil ? nil : transient)
}

private let turned = "0.5*Z1 + 0.65*Z2 + 0.2*(X1*X2 + Y1*Y2) + 0.1*X1"
private let asked = [("up", "Z1"), ("both", "X1*X2"), ("flow", "0.3*(X1*Y2 - Y1*X2)")]

/// The numbers are those of a numpy program: the whole superoperator, its null vector and its exponential, Wootters' formula by the
/// eigenvalues of rho Y rho* Y.
@Suite("Systems of levels: observables, mixedness, entanglement, starts from states")
struct LevelObservableTests {
  struct Case: Sendable {
    let method: NessModel.Method
    let means: [Double]
    let purity: Double
    let entropy: Double
    /// Of the observables and the energy at the first and third sample.
    let pure: [[Double]]
    let mixed: [[Double]]
  }

  static let cases = [
    Case(
      method: .redfield, means: [-0.47565172696493985, -0.1895003805318896, 0.01777147663636628],
      purity: 0.4451372292869501, entropy: 0.9937499364969138,
      pure: [
        [-0.5332435894641369, 0.35105219623302325, 0.09896907624233303, -0.12764515524207312],
        [-0.42050023737949926, 0.03329791329572576, 0.050438518273034916, -0.5087266060642772],
      ],
      mixed: [
        [-0.033183755669664694, 0.050242565608320626, 0.19406517541533186, -0.278395164458818],
        [-0.28756077621135195, -0.010982714060029902, 0.01004479458564401, -0.5541602177548796],
      ]),
    Case(
      method: .local, means: [-0.5194308834944158, -0.06799573352983873, 0.024424190988547673],
      purity: 0.4363687032684548, entropy: 1.0395114779899808,
      pure: [
        [-0.5136850421744072, 0.40328193375551064, 0.10374453374678551, -0.07458085311242743],
        [-0.4317829622823819, 0.13469503612038905, 0.04955318343817333, -0.42903180604599944],
      ],
      mixed: [
        [-0.008945050086330564, 0.15970868962080764, 0.1881893370767454, -0.26170857694345284],
        [-0.33559302411238867, 0.07163164050703208, 0.007729091571901444, -0.5099025935184648],
      ]),
  ]

  /// In other units of the energy, too, which no dimensionless number feels.
  @Test(arguments: cases.indices, [1.0, 1e-22]) func numbers(index: Int, unit: Double) throws {
    let known = Self.cases[index]
    func model(_ state: LevelStart? = nil) throws -> LevelModel {
      try qubits(
        turned, thermal("X1", 1.2, 0.1), thermal("X2", 0.4, 0.07), observables: asked, unit: unit, state: state)
    }
    let steady = try levelAnswer([.observable, .purity, .vonNeumannEntropy, .concurrence], model(), known.method)
    let means = try levelEstimates(.observable, steady)
    let measures = try [levelEstimates(.purity, steady)[0], levelEstimates(.vonNeumannEntropy, steady)[0]]
    for (estimate, number) in zip(means + measures, known.means + [known.purity, known.entropy]) {
      #expect(abs(estimate.value - number) <= estimate.error + 2e-14, "\(estimate) \(number)")
      #expect(estimate.error < 1e-11)
    }
    #expect(try levelEstimates(.concurrence, steady)[0].value == 0)
    let starts: [(LevelStart, [[Double]])] = [
      (.amplitudes([0, 2, 2, 1]), known.pure), (.operation("3*(1 + X1)*(1 - Y2)"), known.mixed),
    ]
    for (state, numbers) in starts {
      let found = try levelAnswer([.transientObservable, .transientEnergy, .transientHeat], model(state), known.method)
      let (means, energies) = (
        try levelEstimates(.transientObservable, found), try levelEstimates(.transientEnergy, found)
      )
      for (place, sample) in [0, 2].enumerated() {
        let all = (0..<3).map { (means[3 * $0 + sample], 1.0) } + [(energies[sample], unit)]
        for ((estimate, scale), number) in zip(all, numbers[place]) {
          #expect(abs(estimate.value / scale - number) <= estimate.error / scale + 2e-14, "\(estimate) \(number)")
          #expect(estimate.error / scale < 1e-10)
        }
      }
      // First law between the samples.
      let heats = try levelEstimates(.transientHeat, found)
      for sample in 1..<3 {
        let given = (heats[sample].value + heats[3 + sample].value) * 3 / unit
        #expect(abs(energies[sample].value - energies[sample - 1].value - given) < 1e-11 * unit)
      }
    }
  }

  /// X2 commutes with the Hamiltonian and both couplings: every mean of it between -1 and 1 is stationary, and no number is told of what it enters.
  @Test(arguments: [NessModel.Method.davies, .liouvillian, .redfield, .local])
  func whatLastsIsNotTold(method: NessModel.Method) throws {
    func answer(_ hamiltonian: String) throws -> Answer {
      let model = try qubits(
        hamiltonian, thermal("X1", 1, 0.1), thermal("X2", 0.5, 0.1),
        observables: [("up", "Z1"), ("x", "X2"), ("z", "Z2")])
      return try levelAnswer([.observable, .purity, .vonNeumannEntropy, .concurrence, .heatFrom], model, method)
    }
    func names(_ answer: Answer) throws -> Answer.Axis.Places {
      try #require(answer.entries.first { $0.quantity.family == .observable }).axes[0].places
    }
    let lasting = try answer("0.5*Z1")
    #expect(try names(lasting) == .names(["up", "z"]))
    #expect(lasting.refusals.filter { $0.reason.contains("keep for ever") }.count == 4)
    for family in [Quantity.Family.purity, .vonNeumannEntropy, .concurrence] {
      #expect(!lasting.entries.contains { $0.quantity.family == family })
    }
    #expect(lasting.entries.contains { $0.quantity.family == .heatFrom })
    // Control: a field that turns it.
    let turned = try answer("0.5*Z1 + 0.2*Z2")
    #expect(try names(turned) == .names(["up", "x", "z"]) && turned.refusals.isEmpty)
    #expect(turned.entries.contains { $0.quantity.family == .purity })
  }

  /// Bounds hold where E/T is large and its rounding is what counts: one qubit, in 60 digits from the same numbers.
  @Test(arguments: [NessModel.Method.davies, .liouvillian, .redfield, .local])
  func coldGibbs(method: NessModel.Method) throws {
    let known = [
      (0.00101, 2.881415156604803812631e-297), (0.0013, 4.082484404326988703607e-231),
      (0.003, 1.461281765063319050757e-100), (0.02, 1.058546875847286579727e-15),
    ]
    for (temperature, population) in known {
      let model = try LevelModel(
        medium: LevelSystem(parts: [.qubit], hamiltonian: "0.3*Z1 + 0.17*X1"),
        attachments: [.init(name: "a", site: 1, bath: .thermal(thermal("X1", temperature, 0.01)))])
      let found = try levelAnswer([.population], model, method).required(.population(level: 2), method)
      #expect(abs(found.value - population) <= found.error, "\(temperature) \(found) \(population)")
      // Redfield's populations are those of a matrix with coherences, of which 1 is the unit.
      #expect(found.error < (method == .redfield ? 1e-19 : 1e-11 * population), "\(temperature) \(found)")
    }
  }

  /// Where heat flows to the hotter bath entropy is lost, and sigma kappa_2 / 2 J² is negative.
  @Test func uncertaintyRatioHasTheSignOfTheEntropy() throws {
    func ratio(_ method: NessModel.Method) throws -> (value: Double, entropy: Double) {
      let model = try LevelModel(
        medium: LevelSystem(parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 2*Z2 + 0.6*(X1*X2 + Y1*Y2)"),
        attachments: [
          .init(name: "left", site: 1, bath: .thermal(thermal("X1", 0.5, 0.01))),
          .init(name: "right", site: 2, bath: .thermal(thermal("X2", 1, 0.01))),
        ])
      let answer = try levelAnswer([.uncertaintyRatio, .heatCurrent, .heatNoise, .entropyProduction], model, method)
      let current = try answer.required(.heatCurrent, method).value
      let entropy = try answer.required(.entropyProduction, method).value
      let noise = try answer.required(.heatNoise(), method).value
      let value = try answer.required(.uncertaintyRatio, method).value
      #expect(abs(value - 0.5 * entropy * noise / (current * current)) < 1e-9 * abs(value))
      return (value, entropy)
    }
    let local = try ratio(.local)
    #expect(local.value < -2 && local.entropy < 0)
    let davies = try ratio(.davies)
    #expect(davies.value >= 1 && davies.entropy > 0)
  }

  /// Baths that entangle; the secular equation, which knows nothing of the flow between levels, sees none of it.
  @Test func entangled() throws {
    func model(_ state: LevelStart? = nil) throws -> LevelModel {
      try qubits(
        "0.5*Z1 + 0.5*Z2 + 0.05*(X1*X2 + Y1*Y2)", thermal("X1", 2, 0.05), thermal("X2", 0.05, 0.5), state: state)
    }
    for (method, known) in [(NessModel.Method.redfield, 0.06178285404390997), (.local, 0.0589707351967326)] {
      let found = try levelEstimates(.concurrence, levelAnswer([.concurrence], model(), method))[0]
      #expect(abs(found.value - known) <= found.error + 1e-13 && found.error < 1e-9, "\(found) \(known)")
    }
    #expect(try levelEstimates(.concurrence, levelAnswer([.concurrence], model(), .davies))[0].value == 0)
  }

  /// The entropy and purity of a Gibbs state, and the mean of its Hamiltonian as an observable: by every equation that keeps it.
  @Test(arguments: [NessModel.Method.davies, .liouvillian, .redfield]) func gibbs(method: NessModel.Method) throws {
    let bath = thermal("X1 + 0.3*Z1", 0.7, 0.05)
    let model = try qubits(turned, bath, thermal("X2", 0.7, 0.2), observables: [("energy", "u*(\(turned))")])
    let found = try levelAnswer([.observable, .purity, .vonNeumannEntropy, .meanEnergy], model, method)
    let energies = try hermitianEigensystem(model.medium.energyOperator.matrix).values
    let weights = energies.map { exp(-$0 / 0.7) }
    let whole = weights.reduce(0, +)
    let shares = weights.map { $0 / whole }
    let expected = [
      (Quantity.Family.purity, shares.reduce(0) { $0 + $1 * $1 }),
      (.vonNeumannEntropy, shares.reduce(0) { $0 - $1 * log($1) }),
      (.observable, zip(shares, energies).reduce(0) { $0 + $1.0 * $1.1 }),
    ]
    for (family, number) in expected {
      let estimate = try levelEstimates(family, found)[0]
      #expect(
        abs(estimate.value - number) <= estimate.error + 1e-14 && estimate.error < 1e-9,
        "\(family) \(estimate) \(number)")
    }
  }

  /// A state has a future where there are many steady states, and populations of the secular equation do not tell of coherences.
  @Test func manySteadyStates() throws {
    // One bath on the sum of both: the singlet is dark.
    var system = LevelSystem(parts: [.qubit, .qubit], hamiltonian: "0.5*Z1 + 0.5*Z2 + 0.1*(X1*X2 + Y1*Y2)")
    system.observables = [.init("singlet", .formula("(1 - X1*X2 - Y1*Y2 - Z1*Z2)/4")), .init("first", .formula("Z1"))]
    var transient = Transient(duration: 60, every: 20)
    transient.state = .amplitudes([0, 1, 0, 0])
    let model = try LevelModel(
      medium: system,
      attachments: [.init(name: "bath", site: 1, bath: .thermal(thermal("X1 + X2", 1, 0.01)))]
    ).with(transient)
    for method in [NessModel.Method.liouvillian, .redfield] {
      let found = try levelAnswer([.meanEnergy, .transientObservable, .transientEnergy], model, method)
      #expect(found.refusals.contains { $0.item == .family(.meanEnergy) && $0.reason.contains("not unique") })
      let means = try levelEstimates(.transientObservable, found)
      for sample in 0..<3 { #expect(abs(means[sample].value - 0.5) < 1e-12, "\(method) \(means[sample])") }
    }
    let davies = try levelAnswer([.transientObservable, .transientEnergy], model, .davies)
    #expect(davies.refusals.contains { $0.item == .family(.transientObservable) && $0.reason.contains("liouvillian") })
    let liouvillian = try levelAnswer([.transientEnergy], model, .liouvillian)
    for (one, other) in zip(
      try levelEstimates(.transientEnergy, davies), try levelEstimates(.transientEnergy, liouvillian))
    {
      #expect(abs(one.value - other.value) <= one.error + other.error + 1e-15)
    }
    #expect(LevelEquations.usualMethods(for: model) == [.liouvillian, .local, .redfield])
  }

  /// Coherences that turn nearly alike are passed on by the baths, which the secular equation leaves out: it says so, and only then.
  @Test(arguments: [(1e-3, true), (0.0, false), (0.4, false)]) func nearFrequencies(coupling: Double, isTold: Bool)
    throws
  {
    let model = try qubits(
      "0.5*Z1 + 0.5*Z2 + \(coupling)*Z1*Z2", thermal("X1", 1, 0.02), thermal("X2", 0.5, 0.02),
      observables: [("x", "X1")],
      state: .operation("1 + X1"), every: 20)
    let found = try levelAnswer([.transientObservable], model, .liouvillian)
    #expect(found.notes.contains { $0.contains("coherences of levels") } == isTold, "\(found.notes)")
    let redfield = try levelEstimates(.transientObservable, levelAnswer([.transientObservable], model, .redfield))
    let secular = try levelEstimates(.transientObservable, found)
    if isTold { #expect(abs(redfield[2].value - secular[2].value) > 0.1) }
    if coupling == 0 { #expect(abs(redfield[2].value - secular[2].value) < 0.02) }
  }

  @Test func faults() {
    var system = LevelSystem(parts: [.qubit, .qubit], hamiltonian: "Z1 + Z2")
    system.observables = [.init("up", .formula("Z3")), .init("up", .formula("Z1")), .init("a-b", .formula("Z1"))]
    #expect(system.faults.map(\.parameter) == ["observables.up", "observables.a-b"])
    system.observables = [.init("flip", .formula("Sp1")), .init("up", .formula("Z3"))]
    #expect(system.faults.map(\.parameter) == ["observables.flip", "observables.up"])
    system.observables = []
    for (start, words) in [
      (LevelStart.amplitudes([1, 0]), "2 amplitudes"), (.amplitudes([0, 0, 0, 0]), "all 0"),
      (.amplitudes([1, .nan, 0, 0]), "nan"), (.operation("Z1"), "a trace of 0"), (.operation("1 + 2*Z1"), "eigenvalue"),
      (.operation("X9"), "X9"), (.operation("Sp1"), "Hermitian"),
    ] {
      #expect(system.fault(in: start, at: "state")?.found.contains(words) == true, "\(start)")
    }
    for start in [LevelStart.amplitudes([0, 1e-300, 0, -1e-300]), .operation("1e-9*(1 + Z1)*(1 - Y2)")] {
      #expect(system.fault(in: start, at: "state") == nil)
      let matrix = system.densityMatrix(of: start)
      #expect(abs((0..<4).reduce(0) { $0 + matrix[$1, $1].real } - 1) < 1e-15)
    }
  }
}
