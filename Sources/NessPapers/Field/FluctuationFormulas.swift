import Foundation
import NessLindblad
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStore
import NessStudy
import NessTrajectory

/// Formulas of the field for what a current tells beyond its mean and for quantum heat, each against a number that was obtained
/// another way. Their papers were not at hand, so none of them is called printed.
package struct FluctuationFormulas {
  let seed: UInt64

  /// - Parameter seed: of the one simulation.
  package init(seed: UInt64) { self.seed = seed }

  /// The rows of `ness verify`.
  package func checks(_ bench: Workbench) throws -> [FormulaCheck] {
    let job = try simulatedNoise()
    try bench.run([job])
    let simulated = try bench.result(job)
    return try [oneSite()] + [three(simulated)] + [
      equilibrium(), symmetry(), twoLevels(), noiseOfTwoLevels(), ballistic(),
    ]
  }

  private func chain(sites: Int, _ left: (Double, Double), _ right: (Double, Double)) throws -> ChainModel {
    func bath(_ values: (Double, Double)) -> ChainBath {
      ChainBath(LangevinBath(temperature: values.0, friction: values.1))
    }
    return try Model(
      medium: Chain(sites: sites, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: sites, bath: bath(right)),
      ])
  }

  /// A quantum chain by the theory of networks.
  private func quantum(
    _ family: Quantity.Family, sites: Int, _ left: (Double, Double), _ right: (Double, Double), hbar: Double,
    pinning: Double
  ) throws -> Answer {
    func bath(_ values: (Double, Double)) -> NetworkBath {
      NetworkBath(LangevinBath(temperature: values.0, friction: values.1))
    }
    var chain = Chain(sites: sites, pinning: pinning)
    chain.rules.hbar = hbar
    let model = try NetworkModel(
      medium: chain.network,
      attachments: [
        .init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: sites, bath: bath(right)),
      ])
    return try NetworkSolver().answer(.only([family]), of: model, by: [.markov])
  }

  private func markov(_ quantity: Quantity, of model: ChainModel) throws -> Estimate {
    try LinearSolver().answer(.only(quantity), of: model, by: [.markov]).required(quantity, .markov)
  }

  // MARK: harmonic media

  private func oneSite() throws -> FormulaCheck {
    let (hot, cold, left, right) = (3.0, 0.8, 0.6, 0.9)
    let friction = left + right
    let g = left * right / friction
    let (product, difference) = (hot * cold, hot - cold)
    let formula = 2 * product * g + 2 * difference * difference * g * g / friction
    let model = try chain(sites: 1, (hot, left), (cold, right))
    return .judged(
      "noise of the heat through one site", printed: nil,
      corrected: "2 T_L T_R g/m + 2 (T_L − T_R)² g²/mγ, g = γ_L γ_R/γ",
      printedValue: nil, correctedValue: formula, independent: try markov(.heatNoise(), of: model),
      route: "transmission integral of the chain, N = 1, Langevin baths at 3 and 0.8", tolerance: 1e-8)
  }

  /// The chain of three sites of which other programs gave the numbers, too.
  private func threeSites() throws -> ChainModel { try chain(sites: 3, (3, 0.7), (1, 1.3)) }

  private func simulatedNoise() throws -> Job {
    let model = try threeSites()
    let settings = TrajectorySettings(
      seed: seed, replicas: 512, timeStep: 0.02, burnIn: 40, duration: 2000, threads: 1)
    let key = CacheKey(
      Job.head("noise of the heat", by: TrajectorySolver.engines(of: model)) + CacheKey.lines(for: model)
        + [.whole("seed", seed)])
    return Job(title: "noise of the heat, simulated", key: key, cost: 512 * 102_000 * 4) { context in
      var own = settings
      own.threads = context.threads
      var solver = TrajectorySolver(own)
      solver.watch = context.watch
      let outcome = try solver.simulate(model)
      if outcome.stopReason == .interrupted { throw Interrupted() }
      return [try outcome.answer.required(.heatNoise(), .simulation)]
    }
  }

  private func three(_ simulated: [Estimate]) throws -> FormulaCheck {
    .judged(
      "noise of the heat (Saito, Dhar; Kundu, Sabhapandit, Dhar)", printed: nil,
      corrected: "(1/2π) ∫ dω [2 T T_L T_R + T² (T_L − T_R)²]", printedValue: nil,
      correctedValue: try markov(.heatNoise(), of: threeSites()).value, independent: simulated[0],
      route: "full simulation, N = 3, γ = 0.7 and 1.3, T = 3 and 1", tolerance: 0.05)
  }

  private func equilibrium() throws -> FormulaCheck {
    let model = try chain(sites: 5, (2, 0.7), (2, 1.3))
    let conductance = try Quantity("conductance[left,left]").map { try markov($0, of: model) }
    return .judged(
      "fluctuation and dissipation", printed: nil, corrected: "D = 2 T² dJ/dT_L at one temperature", printedValue: nil,
      correctedValue: 8 * (conductance?.value ?? .nan), independent: try markov(.heatNoise(), of: model),
      route: "second cumulant by powers of the transmission, N = 5, T = 2; the conductance by normal modes",
      tolerance: 1e-8)
  }

  private func symmetry() throws -> FormulaCheck {
    let answer = try quantum(.generatingFunction, sites: 4, (3, 0.7), (1, 1.3), hbar: 2, pinning: 1)
    let values = answer.entries.first { $0.quantity.family == .generatingFunction }?.estimates ?? []
    let missing = Estimate.numerical(.nan, bound: .nan)
    return .judged(
      "symmetry of Gallavotti and Cohen", printed: nil, corrected: "μ(x) = μ(−x − 1/T_R + 1/T_L)", printedValue: nil,
      correctedValue: values.last?.value ?? .nan, independent: values.first ?? missing,
      route: "generating function of a quantum chain at the other end of its range, N = 4, ħ = 2", tolerance: 1e-7)
  }

  // MARK: levels

  /// Two levels of distance 1.3 between bosonic baths of rates 0.4 and 0.9.
  private func twoLevels(_ left: Double, _ right: Double) throws -> QuantumBoxModel {
    let length = (3 * Double.pi * Double.pi / 2 / Self.gap).squareRoot()
    let exchange = LindbladBath.Coupling.matrix(try CouplingMatrix(rows: [[0, 1], [1, 0]]))
    func bath(_ temperature: Double, _ rate: Double) -> LindbladBath {
      .init(temperature: temperature, coupling: exchange, spectrum: .bosonic, rate: rate)
    }
    return try Model(
      medium: QuantumBox(length: length),
      attachments: [
        .init(name: "left", site: 1, bath: bath(left, 0.4)), .init(name: "right", site: 2, bath: bath(right, 0.9)),
      ])
  }

  private static let gap = 1.3

  private func davies(_ quantity: Quantity, of model: QuantumBoxModel) throws -> Estimate {
    try LindbladSolver().answer(.only(quantity), of: model, by: [.davies]).required(quantity, .davies)
  }

  private func twoLevels() throws -> FormulaCheck {
    let numbers = [2.0, 0.5].map { 1 / expm1(Self.gap / $0) }
    let rates = [0.4, 0.9]
    let relaxation = zip(rates, numbers).reduce(0) { $0 + $1.0 * (1 + 2 * $1.1) }
    let formula = Self.gap * rates[0] * rates[1] * (numbers[0] - numbers[1]) / relaxation
    return .judged(
      "heat through two levels", printed: nil, corrected: "E g_L g_R (n_L − n_R)/(g_L (1 + 2 n_L) + g_R (1 + 2 n_R))",
      printedValue: nil, correctedValue: formula, independent: try davies(.heatCurrent, of: twoLevels(2, 0.5)),
      route: "secular master equation by elimination, E = 1.3, T = 2 and 0.5", tolerance: 1e-10)
  }

  /// mu'' of the larger eigenvalue of the 2 x 2 generator that counts, in closed form: with k the sum of the rates, D as in the row.
  private func noiseOfTwoLevels() throws -> FormulaCheck {
    let numbers = [2.0, 0.5].map { 1 / expm1(Self.gap / $0) }
    let (up, down) = ([0.4 * numbers[0], 0.9 * numbers[1]], [0.4 * (1 + numbers[0]), 0.9 * (1 + numbers[1])])
    let sum = up[0] + up[1] + down[0] + down[1]
    let (forth, back) = (up[0] * down[1], up[1] * down[0])
    let current = Self.gap * (forth - back) / sum
    let formula = (Self.gap * Self.gap * (forth + back) - 2 * current * current) / sum
    return .judged(
      "noise of the heat through two levels", printed: nil,
      corrected: "D = [E² (u_L d_R + u_R d_L) − 2 J²]/(u_L + u_R + d_L + d_R)",
      printedValue: nil, correctedValue: formula, independent: try davies(.heatNoise(), of: twoLevels(2, 0.5)),
      route: "expansion of the generator that counts, E = 1.3, T = 2 and 0.5", tolerance: 1e-10)
  }

  private func ballistic() throws -> FormulaCheck {
    let (hot, cold, hbar) = (1e-4, 5e-5, 1.7)
    let answer = try quantum(.heatCurrent, sites: 6, (hot, 1), (cold, 1), hbar: hbar, pinning: 0)
    return .judged(
      "quantum of heat conductance (Rego, Kirczenow)", printed: nil, corrected: "J = π (T_L² − T_R²)/12ħ",
      printedValue: nil,
      correctedValue: Double.pi * (hot * hot - cold * cold) / (12 * hbar),
      independent: try answer.required(.heatCurrent, .markov),
      route: "quantum transmission integral of a free chain, N = 6, T = 1e-4 and 5e-5", tolerance: 1e-6)
  }
}
