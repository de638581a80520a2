import Foundation
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStudy
import NessTrajectory

/// Every formula of the paper, as printed and as corrected, against a number obtained another way.
struct KrekelsFormulas {
  let seed: UInt64
  /// Standard error of simulated currents relative to their size.
  let relativeError: Double

  // MARK: the work behind the rows

  /// Simulations that the rows compare with.
  func jobs() throws -> [Job] {
    [try softenedChain, try prefactorChain, try memoryChain, try warmEnd, try greenKubo, correlation, try ringDown]
  }

  /// N = 4, ε = 0.6, T_L = 30, T_R = 10, ζ = 0.1: strong softening.
  private func softenedModel() throws -> ChainModel {
    try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: 30, coupling: 0.6), rightTemperature: 10, sites: 4)
  }

  private func memoryModel() throws -> ChainModel {
    try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: 5, friction: 1), rightTemperature: 0, sites: 3)
  }

  private func prefactorModel() throws -> ChainModel {
    try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: 20, coupling: 0.3), rightTemperature: 0, sites: 16)
  }

  private func current(
    _ title: String, _ model: ChainModel, _ expected: Double, accuracy: Double? = nil
  ) -> Job {
    .heatCurrent(title, of: model, error: (accuracy ?? relativeError) * expected, tolerance: 0.002, seed: seed)
  }

  /// The two signs of the shift differ by 6.5 % of J, so five standard errors and the tolerance must fit well within that.
  private var softenedChain: Job {
    get throws {
      current("formula of k_eff, chain with ε = 0.6", try softenedModel(), 0.483, accuracy: min(relativeError, 0.004))
    }
  }
  private var prefactorChain: Job {
    get throws { current("closed form of J, N = 16", try prefactorModel(), 0.25) }
  }
  private var memoryChain: Job {
    get throws { current("theory with memory, ζ = 1", try memoryModel(), 0.3755) }
  }
  private var warmEnd: Job {
    get throws { try .kineticTemperature("noise on site N", ofLastSiteOf: softenedModel(), duration: 1600, seed: seed) }
  }
  private var ringDown: Job {
    get throws {
      try .ringDown(
        "γ_eff, ring-down at T_L = 30", of: KrekelsParameters.bath(temperature: 30), initialVelocity: 50,
        replicas: 512, tolerance: 0.002, seed: seed)
    }
  }
  private var greenKubo: Job {
    get throws { Job.greenKubo("γ_eff, Green-Kubo", of: KrekelsParameters.bath(temperature: 5), seed: seed) }
  }
  private var correlation: Job {
    Job.noiseCorrelation("noise correlation at t = τ/2", of: KrekelsParameters.bath(temperature: 5), seed: seed)
  }

  // MARK: the rows

  /// The table of `ness verify`, once the jobs have been run.
  func checks(_ bench: Workbench) throws -> [FormulaCheck] {
    [
      try weakCouplingForce(), try forceOnSiteOne(), try stiffness(), try stiffnessInCurrent(bench),
      try friction(bench),
      try frictionByRingDown(bench), try noise(bench), try noiseOnLastSite(bench), try definitionOfCurrent(),
      try prefactor(), try prefactorInSimulation(bench), try withMemory(bench),
    ]
  }

  private func weakCouplingForce() throws -> FormulaCheck {
    let bath = KrekelsParameters.bath(temperature: 5, coupling: KrekelsParameters.weakCoupling)
    let frozen = FrozenBath(bath)
    let slope = try (frozen.meanForce(atDisplacement: 1) - frozen.meanForce(atDisplacement: -1)) / 2
    let formula = bath.coupling * bath.coupling * bath.forceVariance / bath.temperature
    let text = "dF_qs/dq = +ε² Var(F)/T_L"
    return .judged(
      "mean force, Sec. 3", printed: text, corrected: text, printedValue: formula, correctedValue: formula,
      independent: .numerical(slope, bound: 1e-6 * slope),
      route: "difference quotient of the exact mean force by quadrature, ε = 0.001, T_L = 5", tolerance: 1e-4)
  }

  private func forceOnSiteOne() throws -> FormulaCheck {
    let bath = KrekelsParameters.bath(temperature: 20)
    let frozen = FrozenBath(bath)
    let (q, h) = (2.0, 1e-3)
    let count = Double(bath.count)
    let compensation = bath.coupling * bath.strength * count
    let mean = try count * frozen.meanForce(atDisplacement: q)
    let above = try frozen.logPartitionFunction(atDisplacement: q + h)
    let below = try frozen.logPartitionFunction(atDisplacement: q - h)
    let exact = count * bath.temperature * (above - below) / (2 * h)
    return .judged(
      "Eq. (2), force on q_1", printed: "+ε Σ F(x_i) + N_b Λ", corrected: "−ε Σ F(x_i) + Λ",
      printedValue: -mean + count * compensation, correctedValue: mean + compensation,
      independent: .numerical(exact, bound: 1e-6 * abs(exact)),
      route: "minus the slope of the free energy of H at q_1 = 2, by quadrature; ε = 0.2, T_L = 20", tolerance: 1e-5)
  }

  private func stiffness() throws -> FormulaCheck {
    let bath = KrekelsParameters.bath(temperature: 30, coupling: 0.6)
    let frozen = FrozenBath(bath)
    let h = 0.01
    let slope = try (frozen.meanForce(atDisplacement: h) - frozen.meanForce(atDisplacement: -h)) / (2 * h)
    let exact = KrekelsParameters.pinning - Double(bath.count) * slope
    return .judged(
      "k_eff, Sec. 4", printed: "K + N_b ε² Var(F)/T_L", corrected: "K − N_b ε² Var(F)/T_L",
      printedValue: KrekelsParameters.pinning - bath.stiffnessShift,
      correctedValue: KrekelsParameters.pinning + bath.stiffnessShift,
      independent: .numerical(exact, bound: 1e-5 * abs(exact)),
      route: "curvature of the exact free energy of the probe at q = 0; ε = 0.6, T_L = 30", tolerance: 1e-3)
  }

  private func stiffnessInCurrent(_ bench: Workbench) throws -> FormulaCheck {
    let model = try softenedModel()
    // The opposite sign of the shift is a stiffer pinning by twice the shift.
    let shift = KrekelsParameters.bath(temperature: 30, coupling: 0.6).stiffnessShift
    var chain = model.medium
    chain.pinning.left -= 2 * shift
    let opposite = try Model(medium: chain, attachments: model.attachments)
    return .judged(
      "k_eff, its effect on J", printed: "J with K + N_b ε² Var(F)/T_L", corrected: "J with K − N_b ε² Var(F)/T_L",
      printedValue: try CurrentCurve.theory(opposite, .memory),
      correctedValue: try CurrentCurve.theory(model, .memory) ?? .nan,
      independent: try bench.result(softenedChain)[0],
      route: "full simulation, N = 4, ε = 0.6, T_L = 30, T_R = 10, ζ = 0.1 (theory: finite N with memory)",
      tolerance: 0.03)
  }

  private func friction(_ bench: Workbench) throws -> FormulaCheck {
    let bath = KrekelsParameters.bath(temperature: 5)
    let formula = bath.frictionKernel.markovFriction
    let text = "γ_eff = N_b ε² (ζL²/2π²T_L²) (λ/I_0)² Σ I_{n}²/n²"
    return .judged(
      "γ_eff, Sec. 3", printed: text, corrected: text, printedValue: formula, correctedValue: formula,
      independent: try bench.result(greenKubo)[0],
      route: "Green-Kubo integral of the simulated force correlation at q = 0; ε = 0.2, T_L = 5, ζ = 0.1",
      tolerance: 0.03)
  }

  private func frictionByRingDown(_ bench: Workbench) throws -> FormulaCheck {
    let formula = KrekelsParameters.bath(temperature: 30).frictionKernel.markovFriction
    let text = "⟨q'(t)⟩ ~ exp(−γ_eff t/2m)"
    return .judged(
      "γ_eff, Eq. (3)", printed: text, corrected: text, printedValue: formula, correctedValue: formula,
      independent: try bench.result(ringDown)[0],
      route: "envelope of the ring-down from v(0) = 50; ε = 0.2, T_L = 30, ζ = 0.1", tolerance: 0.05)
  }

  private func noise(_ bench: Workbench) throws -> FormulaCheck {
    let bath = KrekelsParameters.bath(temperature: 5)
    let formula =
      bath.temperature
      * bath.frictionKernel.terms.reduce(0) { $0 + $1.amplitude * exp(-$1.rate * bath.relaxationTime / 2) }
    let text = "⟨η(t)η(0)⟩ = T_L Γ(t), Γ = (N_b ε²/T_L) (2λ²/I_{0}²) Σ I_{n}² exp(−n²t/τ)"
    return .judged(
      "noise, App. A.3", printed: text, corrected: text, printedValue: formula, correctedValue: formula,
      independent: try bench.result(correlation)[0],
      route: "correlation of the simulated force at t = τ/2, q = 0; ε = 0.2, T_L = 5", tolerance: 0.01)
  }

  private func noiseOnLastSite(_ bench: Workbench) throws -> FormulaCheck {
    let model = try softenedModel()
    let covariance = try steadyCovariance(of: model, withMemory: true)
    // The printed noise is that of a Langevin bath of friction gamma_R at the temperature gamma_L T_L / gamma_R.
    let friction = KrekelsParameters.bath(temperature: 30, coupling: 0.6).frictionKernel.markovFriction
    let printed = try KrekelsParameters.chain(
      left: KrekelsParameters.bath(temperature: 30, coupling: 0.6),
      rightTemperature: friction * 30 / KrekelsParameters.rightFriction, sites: 4)
    return .judged(
      "noise on site N, Sec. 4", printed: "√(2γ_L T_L) η_R", corrected: "√(2γ_R T_R) η_R",
      printedValue: try steadyCovariance(of: printed, withMemory: true).kineticTemperatures[3].value,
      correctedValue: covariance.kineticTemperatures[3].value, independent: try bench.result(warmEnd)[0],
      route: "kinetic temperature of site N, full simulation, N = 4, ε = 0.6, T_L = 30, T_R = 10", tolerance: 0.02)
  }

  private func definitionOfCurrent() throws -> FormulaCheck {
    let chain = Chain(sites: 5, mass: 1, springConstant: 2, pinning: 1)
    let baths = [3.0, 1.0].map { ChainBath(LangevinBath(temperature: $0, friction: 1)) }
    let model = try Model(
      medium: chain,
      attachments: [
        .init(name: "left", site: 1, bath: baths[0]), .init(name: "right", site: 5, bath: baths[1]),
      ])
    let covariance = try steadyCovariance(of: model)
    let heat = covariance.kineticTemperatures[4].value - 1
    return .judged(
      "definition of J, Sec. 2", printed: "(1/2m) ⟨(p_j + p_{j+1})(q_{j+1} − q_j)⟩",
      corrected: "−(k/2m) ⟨(p_j + p_{j+1})(q_{j+1} − q_j)⟩",
      printedValue: -covariance.bondHeatCurrents[1].value / 2, correctedValue: covariance.bondHeatCurrents[1].value,
      independent: .numerical(heat, bound: 1e-10),
      route: "heat into the right bath (γ_R/m)(m⟨v_N²⟩ − T_R) by Lyapunov, N = 5, k = 2, Langevin baths at 3 and 1",
      tolerance: 1e-8)
  }

  private static let closedForms = (
    printed: "4 γ_L γ_R k² ΔT / m(D_0 − D_1 + √…)", corrected: "2 γ_L γ_R k² ΔT / m(D_0 − D_1 + √…)"
  )

  private func prefactor() throws -> FormulaCheck {
    let langevin = [2.0, 1.0].map { ChainBath(LangevinBath(temperature: $0, friction: 1)) }
    let model = try Model(
      medium: Chain(sites: 32, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: langevin[0]), .init(name: "right", site: 32, bath: langevin[1]),
      ])
    let corrected = try CurrentCurve.theory(model, .asymptotic) ?? .nan
    let exact = try steadyCovariance(of: model).bondHeatCurrents[15]
    return .judged(
      "closed form of J, Sec. 4", printed: Self.closedForms.printed, corrected: Self.closedForms.corrected,
      printedValue: 2 * corrected, correctedValue: corrected, independent: exact,
      route: "Lyapunov covariance, N = 32, Langevin baths at 2 and 1; also (3 − √5)/4 of Rieder, Lebowitz, Lieb",
      tolerance: 1e-9)
  }

  private func prefactorInSimulation(_ bench: Workbench) throws -> FormulaCheck {
    let model = try prefactorModel()
    return .judged(
      "closed form of J, simulated", printed: Self.closedForms.printed, corrected: Self.closedForms.corrected,
      printedValue: try CurrentCurve.theory(model, .printed),
      correctedValue: try CurrentCurve.theory(model, .asymptotic) ?? .nan,
      independent: try bench.result(prefactorChain)[0],
      route: "full simulation, N = 16, ε = 0.3, T_L = 20, T_R = 0, ζ = 0.1", tolerance: 0.03,
      withoutLimit: .init(
        value: try CurrentCurve.theory(model, .memory) ?? .nan,
        theory:
          "the same weak coupling with N = 16 and the memory of the particles, which the closed form takes as infinitely fast",
        tolerance: 0.01))
  }

  private func withMemory(_ bench: Workbench) throws -> FormulaCheck {
    let model = try memoryModel()
    return .judged(
      "J for slow particles", printed: "closed form, Markov", corrected: "finite N with memory (ours)",
      printedValue: try CurrentCurve.theory(model, .printed),
      correctedValue: try CurrentCurve.theory(model, .memory) ?? .nan, independent: try bench.result(memoryChain)[0],
      route: "full simulation, N = 3, ε = 0.2, T_L = 5, T_R = 0, ζ = 1", tolerance: 0.01, ifWrong: .limited)
  }
}
