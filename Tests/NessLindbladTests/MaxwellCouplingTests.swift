import Foundation
import NessLindblad
import NessModel
import NessTestSupport
import Testing

/// Walls that thermalise at once: the coupling whose classical limit is a Maxwell wall.
@Suite struct MaxwellCouplingTests {
  private func model(_ left: Double, _ right: Double, hbar: Double = 1, levels: Int? = nil) throws -> QuantumBoxModel {
    func bath(_ temperature: Double) -> LindbladBath {
      LindbladBath(temperature: temperature, coupling: .maxwell, spectrum: .metropolis)
    }
    return try Model(
      medium: QuantumBox(length: 1.3, mass: 0.7, hbar: hbar, levels: levels),
      attachments: [.init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: 2, bath: bath(right))])
  }

  private func current(_ model: QuantumBoxModel, _ method: NessModel.Method = .davies) throws -> Double {
    try #require(try LindbladSolver().answer(.all, of: model, by: [method]).estimate(.heatCurrent, by: method)).value
  }

  /// At one temperature the populations are those of Gibbs: detailed balance.
  @Test(arguments: [0.3, 8, 200]) func equilibriumIsGibbs(temperature: Double) throws {
    let model = try model(temperature, temperature, levels: 12)
    let state = try daviesSteadyState(of: model, levels: 12)
    let box = model.medium
    let weights = (1...12).map { exp(-(box.energy(ofLevel: $0) - box.energy(ofLevel: 1)) / temperature) }
    // Below the range of numbers there is nothing to compare.
    for (population, weight) in zip(state.populations, weights) where weight > 1e-300 {
      #expect(abs(population / (weight / weights.reduce(0, +)) - 1) < 1e-12)
    }
  }

  /// Every level is drawn with the weight of its flux, and all levels together with 1.
  @Test(arguments: [0.0, 0.05, 30]) func fluxIsNormalised(temperature: Double) throws {
    let bath = LindbladBath(temperature: temperature, coupling: .maxwell, spectrum: .metropolis)
    let flux = bath.thermalFlux(levels: 60, of: QuantumBox(length: 1))
    #expect(abs(flux.reduce(0, +) - 1) < 1e-13)
    #expect(temperature > 0.1 || flux[0] > 1 - 1e-13)
  }

  /// With the cold wall at 0 and low enough levels the current is the rate of leaving the ground state times its heat.
  @Test func groundStateIsATrapWithALeak() throws {
    let model = try model(1, 0)
    let box = model.medium
    let up = box.speed(ofLevel: 1) / (2 * box.length) * exp(-box.firstGap)
    // Two levels: from the second both walls bring the particle down.
    let flux = 2.0  // p_2/p_1 over exp(-gap/T): the ratio of the speeds
    let share = 1 / (1 + flux * exp(-box.firstGap))
    let rateUp = up * flux * share
    let downLeft = box.speed(ofLevel: 2) / (2 * box.length) * share
    let downRight = box.speed(ofLevel: 2) / (2 * box.length)
    let excited = rateUp / (rateUp + downLeft + downRight)
    #expect(abs(try current(model) / (excited * downRight * box.firstGap) - 1) < 1e-6)
  }

  /// hbar -> 0: half the renewal current, T_L = 4, T_R = 1; the difference is proportional to hbar.
  @Test func classicalLimitIsHalfTheRenewalCurrent() throws {
    let time = 1.3 * (Double.pi * 0.7 / 2).squareRoot() * (1 / 2.0 + 1)
    let classical = 3 / time / 2
    let steps = [0.1, 0.05, 0.025]
    let excess = try steps.map { try current(model(4, 1, hbar: $0)) / classical - 1 }
    #expect(excess.allSatisfy { $0 > 0 } && excess[2] < 0.05)
    #expect(abs(excess[1] / excess[2] - 2) < 0.2)
    // The renewal current itself is no limit: negative control.
    #expect(abs(excess[2] - 1) > 0.5)
  }

  @Test func liouvillianAgrees() throws {
    let model = try model(30, 4, levels: 9)
    #expect(abs(try current(model, .liouvillian) / current(model) - 1) < 1e-10)
    #expect(LindbladSolver().refusals(of: model, by: [.local]).count == 1)
  }
}

/// What a second reader found.
@Suite struct ColdBathTests {
  private func model(_ left: Double, _ right: Double, _ coupling: LindbladBath.Coupling) throws -> QuantumBoxModel {
    func bath(_ temperature: Double) -> LindbladBath {
      LindbladBath(temperature: temperature, coupling: coupling, spectrum: .ohmic)
    }
    return try Model(
      medium: QuantumBox(length: 1),
      attachments: [.init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: 2, bath: bath(right))])
  }

  /// Absorption from a very cold bath is below the smallest number, and its entropy production is not.
  @Test(arguments: [1, 0.1, 0.01, 1e-9]) func entropyProductionIsThatOfTheHeats(right: Double) throws {
    let answer = try LindbladSolver().answer(.all, of: model(40, right, .uniform))
    let entropy = try #require(answer.estimate(.entropyProduction, by: .davies))
    let heats = try ["left", "right"].map { try #require(answer.estimate(.heat(from: $0), by: .davies)).value }
    #expect(abs(entropy.value / (-heats[0] / 40 - heats[1] / right) - 1) < 1e-10)
  }

  /// Rates over too many decades may cost the relaxation rate, but not the current.
  @Test func aFailedGapLeavesTheRest() throws {
    let answer = try LindbladSolver().answer(
      .only([.heatCurrent, .relaxationRate]), of: model(1e6, 1e-6, .uniform))
    #expect(try #require(answer.estimate(.heatCurrent, by: .davies)).value > 0)
    #expect(
      answer.estimate(.relaxationRate, by: .davies) != nil
        || answer.notes.contains { $0.contains("relaxation rate left out") })
  }
}
