import Foundation
import NessLindblad
import NessModel
import NessStatistics
import Testing

private let drude = "w*64/(64 + w^2)/(1 - exp(-w/T))"
private let exponential = "w*exp(-w/10)/(1 - exp(-w/T))"

private func bath(_ coupling: String, _ temperature: Double, _ spectrum: String, _ rate: Double) throws -> ThermalBath {
  ThermalBath(
    temperature: temperature, coupling: .formula(coupling), spectrum: .formula(try SpectralFormula(spectrum)),
    rate: rate
  )
}

private func model(
  _ parts: [LevelPart], _ hamiltonian: String, shifts: LevelShifts, _ left: ThermalBath, _ right: ThermalBath
) throws -> LevelModel {
  try LevelModel(
    medium: LevelSystem(parts: parts, hamiltonian: hamiltonian, shifts: shifts),
    attachments: [
      .init(name: "left", site: 1, bath: .thermal(left)), .init(name: "right", site: 1, bath: .thermal(right)),
    ])
}

/// An independent program (numpy, principal values by mpmath to 30 digits) for systems with and without shifts.
private struct ShiftCase: Sendable {
  let name: String
  let method: NessModel.Method
  let model: @Sendable (LevelShifts) throws -> LevelModel
  let shifted: (current: Double, energy: Double)
  let plain: (current: Double, energy: Double)

  static let all = [
    ShiftCase(
      name: "qubit", method: .redfield,
      model: {
        try NessLindbladTests.model(
          [.qubit], "0.5*Z1", shifts: $0, bath("X1 + 0.3*Z1", 1.3, drude, 0.05),
          bath("0.5*X1 - 0.4*Z1", 0.4, drude, 0.08))
      }, shifted: (0.004793094179125844, -0.21857855654438182), plain: (0.004750023667503999, -0.21900864429870925)),
    ShiftCase(
      name: "two qubits", method: .redfield,
      model: {
        try NessLindbladTests.model(
          [.qubit, .qubit], "0.5*Z1 + 0.6*Z2 + 0.1*(X1*X2 + Y1*Y2)", shifts: $0, bath("X1", 1, exponential, 0.05),
          bath("X2", 0.2, exponential, 0.05))
      }, shifted: (0.007119379053673285, -0.7636323118763917), plain: (0.006838146288985214, -0.7671567216478482)),
    ShiftCase(
      name: "equal energies", method: .davies,
      model: {
        try NessLindbladTests.model(
          [.qubit, .qubit], "0.5*(Z1 + Z2)", shifts: $0, bath("X1 + 0.5*X2", 1, exponential, 0.05),
          bath("X2 + 0.3*Z1*X2", 0.2, exponential, 0.05))
      }, shifted: (0.005012355779022326, -0.6312409070524512), plain: (0.0034682053480946384, -0.6369023576042591)),
  ]
}

@Suite("Shifts of levels by their baths, spectra by formula")
struct LevelShiftTests {
  @Test(arguments: ShiftCase.all.indices)
  func independentProgram(index: Int) throws {
    let it = ShiftCase.all[index]
    for (shifts, expected) in [(LevelShifts.lamb, it.shifted), (.none, it.plain)] {
      let model = try it.model(shifts)
      for mostFactorised in it.method == .redfield ? [1024, 4] : [1024] {
        let found = try LevelEquations(mostFactorised: mostFactorised).answer(
          .only([.heatCurrent, .heatFrom, .meanEnergy]), of: model, by: [it.method])
        let current = try found.required(.heatCurrent, it.method)
        let energy = try found.required(.meanEnergy, it.method)
        #expect(deviation(current.value, expected.current) < 1e-9, "\(it.name) \(shifts) \(current)")
        #expect(abs(current.value - expected.current) <= current.error + 1e-14)
        #expect(deviation(energy.value, expected.energy) < 1e-10, "\(it.name) \(shifts) \(energy)")
        let heats = try ["left", "right"].map { try found.required(.heat(from: $0), it.method) }
        #expect(abs(heats[0].value + heats[1].value) <= heats[0].error + heats[1].error)
      }
    }
  }

  /// One part is all there is, so the local equation is the secular one, shifts and all.
  @Test func local() throws {
    let shifted = try ShiftCase.all[2].model(.lamb)
    let found = try LevelEquations().answer(.only(.heatCurrent), of: shifted, by: [.local, .liouvillian])
    for method in [NessModel.Method.local, .liouvillian] {
      #expect(deviation(try found.required(.heatCurrent, method).value, 0.005012355779022326) < 1e-9)
    }
  }

  /// Where every level has an energy of its own the secular state knows of no shifts, to the last digit.
  @Test func populations() throws {
    let currents = try [LevelShifts.none, .lamb].map {
      try LevelEquations().answer(.only(.heatCurrent), of: ShiftCase.all[1].model($0), by: [.davies]).required(
        .heatCurrent, .davies
      ).value
    }
    #expect(currents[0] == currents[1])
  }

  /// Conductance is the derivative of what is answered, shifts included.
  @Test func conductance() throws {
    func system(_ temperature: Double) throws -> LevelModel {
      try model(
        [.qubit, .qubit], "0.5*Z1 + 0.6*Z2 + 0.1*(X1*X2 + Y1*Y2)", shifts: .lamb,
        bath("X1", temperature, exponential, 0.05), bath("X2", 0.2, exponential, 0.05))
    }
    func current(_ temperature: Double) throws -> Double {
      try LevelEquations().answer(.only(.heatCurrent), of: system(temperature), by: [.redfield]).required(
        .heatCurrent, .redfield
      ).value
    }
    let slope = try LevelEquations().answer(.only([.conductance]), of: system(1), by: [.redfield]).entries.members.first
    {
      $0.quantity.places == ["left", "left"]
    }?.estimate.value
    let step = 1e-3
    let (one, two) = (
      try (current(1 + step) - current(1 - step)) / (2 * step),
      try (current(1 + 2 * step) - current(1 - 2 * step)) / (4 * step)
    )
    #expect(deviation(try #require(slope), (4 * one - two) / 3) < 1e-7)
  }

  /// No shift is finite where the spectrum does not fall off, or is infinite at 0.
  @Test func refusals() throws {
    func refused(_ spectrum: LindbladBath.Spectrum, _ coupling: String = "X1") throws -> String? {
      let bath = ThermalBath(temperature: 1, coupling: .formula(coupling), spectrum: spectrum, rate: 0.1)
      let model = try model([.qubit], "0.5*Z1", shifts: .lamb, bath, bath)
      return LevelEquations().refusals(of: model, by: [.redfield]).first?.reason
    }
    for spectrum in [LindbladBath.Spectrum.ohmic, .bosonic, .metropolis, .glauber] {
      #expect(try refused(spectrum)?.contains("high frequencies") == true)
    }
    #expect(try refused(.formula(SpectralFormula("1")))?.contains("infinite") == true)
    #expect(try refused(.formula(SpectralFormula(exponential))) == nil)
    let table = try SpectralTable(angularFrequencies: [0, 1, 5], values: [1, 1, 0])
    #expect(try refused(.tabulated(table)) == nil)
  }

  /// A formula of what has a name is that, for boxes and for levels, in every quantity, at any hbar and at T = 0.
  @Test(arguments: [0.0, 0.7, 4.0], [1.0, 0.3])
  func namedSpectra(temperature: Double, hbar: Double) throws {
    for (name, text) in [
      (LindbladBath.Spectrum.ohmic, "w/(1 - exp(-hbar*w/T))"), (.glauber, "1/(1 + exp(-hbar*w/T))"),
      (.metropolis, "1"), (.bosonic, "1/(1 - exp(-hbar*w/T))"),
    ] {
      let formula = LindbladBath.Spectrum.formula(try SpectralFormula(text))
      func boxed(_ spectrum: LindbladBath.Spectrum) throws -> Answer {
        try LindbladSolver().answer(
          .only([.heatCurrent, .meanEnergy, .conductance]),
          of: box(left: 9, right: temperature, .uniform, spectrum, levels: 8, hbar: hbar), by: [.davies])
      }
      func leveled(_ spectrum: LindbladBath.Spectrum) throws -> Answer {
        func bath(_ coupling: String, _ temperature: Double) -> ThermalBath {
          ThermalBath(temperature: temperature, coupling: .formula(coupling), spectrum: spectrum, rate: 0.05)
        }
        let coupling = name == .bosonic ? "X1" : "X1 + 0.4*Z2"
        return try LevelEquations().answer(
          .only([.heatCurrent, .meanEnergy, .conductance]),
          of: levels(
            [.qubit, .qubit], "0.5*Z1 + 0.5*Z2 + 0.2*Z1*Z2 + 0.1*X1*X2", hbar: hbar,
            [("left", bath(coupling, 1.5)), ("right", bath("X2", temperature))]), by: [.redfield])
      }
      for answer in [boxed, leveled] {
        let (one, other) = (try answer(name), try answer(formula))
        #expect(one.entries.members.count == other.entries.members.count && one.entries.members.count > 1)
        for (entry, same) in zip(one.entries.members, other.entries.members) {
          let size = max(abs(entry.estimate.value), 1e-9)
          #expect(
            abs(entry.estimate.value - same.estimate.value) <= 1e-10 * size, "\(text) \(entry.quantity)")
        }
      }
    }
  }

  /// What is no rate is refused with its place.
  @Test func noRates() throws {
    let negative = LindbladBath.Spectrum.formula(try SpectralFormula("w - 40"))
    let reason = LindbladSolver().refusals(of: try box(left: 9, right: 3, .uniform, negative, levels: 8), by: [.davies])
    #expect(reason.first?.reason.contains("is -") == true && reason.first?.reason.contains("w - 40") == true)
    #expect(throws: ModelError.self) { try SpectralFormula("w*exp(-w/cutoff)") }
    #expect(throws: ModelError.self) { try SpectralFormula("w*(1 - ") }
  }
}
