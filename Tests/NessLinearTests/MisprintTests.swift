import NessLinear
import NessModel
import Testing

/// The numbers of `Documentation/Theory/misprints.md` and of the theory beside the full simulations.
@Suite struct MisprintTests {
  /// The Markov chain with the stiffness as printed: +N_b eps² Var(F)/T, by moving it into the pinning.
  private func plusSign(_ model: ChainModel) throws -> Double {
    let (attachment, bath) = try #require(model.particleBaths.first)
    var medium = model.medium
    medium.pinning.left -= bath.stiffnessShift
    let friction = bath.frictionKernel.markovFriction
    let langevin = ChainBath(LangevinBath(temperature: bath.temperature, friction: friction))
    let changed = try Model(
      medium: medium,
      attachments: [.init(name: attachment.name, site: 1, bath: langevin), model.attachments[1]])
    return try value(.heatCurrent, .markov, changed)
  }

  struct Row: Sendable {
    let sites: Int
    let coupling, left, right, friction: Double
    let memory, minus, plus: Double
    /// Half a unit of the last digit quoted.
    var digit: Double { friction == 0.1 ? 0.00005 : 0.0005 }
  }

  /// PHYSICS.md 1.3, to the digits given there.
  @Test(arguments: [
    Row(sites: 4, coupling: 0.3, left: 20, right: 10, friction: 0.4, memory: 0.445, minus: 0.501, plus: 0.482),
    Row(sites: 3, coupling: 0.2, left: 5, right: 0, friction: 1, memory: 0.3755, minus: 0.967, plus: 0.871),
    Row(sites: 3, coupling: 0.2, left: 20, right: 0, friction: 1, memory: 0.6157, minus: 1.088, plus: 1.069),
    Row(sites: 3, coupling: 0.2, left: 5, right: 0, friction: 0.1, memory: 0.3667, minus: 0.4014, plus: 0.3635),
  ])
  func theoryColumns(row: Row) throws {
    let model = try particleChain(
      sites: row.sites, coupling: row.coupling, left: row.left, right: row.right, particleFriction: row.friction)
    #expect(abs(try value(.heatCurrent, .memory, model) - row.memory) <= row.digit)
    #expect(abs(try value(.heatCurrent, .markov, model) - row.minus) <= row.digit)
    #expect(abs(try plusSign(model) - row.plus) <= row.digit)
    #expect(abs(row.minus - row.plus) > 10 * row.digit)
  }

  /// N = 4, eps = 0.6, T_L = 30, T_R = 10, zeta = 0.1: full simulation 0.491 +- 0.006.
  @Test func signOfStiffness() throws {
    let model = try particleChain(sites: 4, coupling: 0.6, left: 30, right: 10, particleFriction: 0.1)
    #expect(abs(try value(.heatCurrent, .markov, model) - 0.483) < 0.0005)
    #expect(abs(try plusSign(model) - 0.453) < 0.0005)
  }

  /// N = 4, eps = 0.3, T_L = 20, T_R = 10, zeta = 0.1: prefactor 2 gives 0.140, prefactor 4 0.280.
  @Test func prefactor() throws {
    let model = try particleChain(sites: 4, coupling: 0.3, left: 20, right: 10, particleFriction: 0.1)
    let corrected = try value(.heatCurrent, .asymptotic, model)
    let printed = try value(.heatCurrent, .printed, model)
    #expect(abs(corrected - 0.140) < 0.001)
    #expect(abs(printed - 0.280) < 0.01)
    let long = try particleChain(sites: 200, coupling: 0.3, left: 20, right: 10, particleFriction: 0.1)
    let finite = try value(.heatCurrent, .markov, long)
    #expect(abs(finite - corrected) < 1e-2 * corrected)
  }

  /// The paper's expression, term by term, beside ours without cancellation.
  @Test func printedAsPrinted() throws {
    let model = try particleChain(
      sites: 5, coupling: 0.3, left: 20, right: 10, particleFriction: 0.1, pinning: 0.8, spring: 1.7)
    let (_, bath) = try #require(model.particleBaths.first)
    let (k, pinning, right) = (1.7, 0.8, 1.0)
    let stiffness = pinning + 40 * 0.09 * bath.forceVariance / 20
    let left = bath.frictionKernel.markovFriction
    let zero = left * pinning * pinning + right * stiffness * stiffness
    let one = 2 * k * (left * (pinning - k) + right * (stiffness - k)) - 2 * k * left * right * (left + right)
    let exact = 4 * left * right * k * k / (zero - one + (zero * (zero - 2 * one)).squareRoot()) * 10
    #expect(abs(try value(.heatCurrent, .printed, model) - exact) < 1e-13 * exact)
    #expect(abs(try value(.effectiveStiffness(bath: nil), .printed, model) - stiffness) < 1e-14)
    #expect(abs(try value(.effectiveStiffness(bath: nil), .corrected, model) - (2 * pinning - stiffness)) < 1e-14)
    #expect(try value(.effectiveFriction(bath: nil), .printed, model) == left)
    #expect(try value(.effectiveFriction(bath: nil), .corrected, model) == left)
  }

  /// gamma_eff = N_b eps² (zeta L² / 2 pi² T²) (lambda/I_0)² sum I_n²/n² falls as T^-2.
  @Test func frictionFallsAsInverseSquare() throws {
    let (cold, hot) = (
      try particleChain(sites: 4, coupling: 0.2, left: 20, right: 10, particleFriction: 0.1),
      try particleChain(sites: 4, coupling: 0.2, left: 200, right: 10, particleFriction: 0.1)
    )
    let friction = Quantity.effectiveFriction(bath: nil)
    #expect(abs(try value(friction, .corrected, cold) / value(friction, .corrected, hot) - 100) < 1e-11)
  }
}
