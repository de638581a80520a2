import NessKinetic
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// The renewal formula itself, and boxes at the edge of meaning.
@Suite struct ExtremeBoxTests {
  private func current(_ left: Double, _ right: Double) throws -> Double {
    try RenewalSolver().answer(of: Sample.box(Sample.maxwell(left), Sample.maxwell(right))).only(.heatCurrent).value
  }

  /// J ~ sqrt(a) - a with a = T_R/T_L has its maximum T_L^(3/2)/(4 l sqrt(pi m/2)) at a = 1/4.
  @Test func currentPeaksAtAQuarter() throws {
    let peak = try current(4, 1)
    #expect(try peak > current(4, 1.01) && peak > current(4, 0.99))
    #expect(abs(peak - 8 / 4 / (Double.pi / 2).squareRoot()) < 1e-14)
    #expect(try current(4, 1e-6) < 0.01 * peak)
    // The other knob has no maximum.
    #expect(try current(100, 1) > current(10, 1) && current(1e8, 1) > current(1e6, 1))
  }

  @Test(arguments: [(1, 1e-300), (1e12, 1), (1, 1 - 1e-12), (1e-300, 1)] as [(Double, Double)])
  func extremeTemperaturesStayFinite(left: Double, right: Double) throws {
    let answer = try RenewalSolver().answer(of: Sample.box(Sample.maxwell(left), Sample.maxwell(right)))
    for entry in answer.entries.members { #expect(entry.estimate.value.isFinite && entry.estimate.error.isFinite) }
    #expect(try answer.only(.entropyProduction).value > 0)
    let shares = try answer.only(.timeShare(bath: "left")).value + answer.only(.timeShare(bath: "right")).value
    #expect(abs(shares - 1) < 1e-15)
    let width = Box.energyClassWidth(of: try Sample.box(Sample.maxwell(left), Sample.maxwell(right)))
    let total = try (1...Box.energyClasses).reduce(0) { try $0 + answer.only(.energyDensity(index: $1)).value * width }
    #expect(total > 0.9999 && total < 1 + 1e-12)
  }

  /// A Maxwell wall at temperature 0 keeps the particle; every method says so, none loops.
  @Test(arguments: [Sample.maxwell(1), Sample.maxwell(0), Sample.metropolis(1), Sample.metropolis(0)])
  func wallAtZeroKeepsTheParticle(other: WallBath) throws {
    let model = try Sample.box(other, Sample.maxwell(0))
    let settings = KineticSettings(burnIn: 1, duration: 1e6)
    var answers = [try KineticSolver(settings).simulate(model).answer, try KernelSolver().answer(of: model)]
    if case .maxwell = other.collisionLaw { answers.append(try RenewalSolver().answer(of: model)) }
    for answer in answers {
      #expect(try answer.only(.heatCurrent) == .numerical(0, bound: 0))
      #expect(answer.notes.contains { $0.contains("keeps the particle for ever") })
    }
  }

  /// So cold a wall that no flight from it ends within the run: no number, and words instead.
  @Test func flightsLongerThanTheRun() throws {
    let model = try Sample.box(Sample.maxwell(1), Sample.maxwell(1e-200))
    let settings = KineticSettings(burnIn: 10, duration: 1000)
    do {
      _ = try KineticSolver(settings).simulate(model)
      Issue.record("a number without any collision")
    } catch {
      #expect("\(error)".contains("run longer"))
    }
  }

  /// Huge ratio of temperatures: the run ends and agrees.
  @Test func hugeRatio() throws {
    let model = try Sample.box(Sample.maxwell(1e12), Sample.maxwell(1))
    let measured = try Sample.outcome(model, cycles: 1000).answer.only(.heatCurrent)
    #expect(
      abs(measured.zScore(againstExact: try RenewalSolver().answer(of: model).only(.heatCurrent).value))
        < acceptedZScore)
  }

  @Test func refusals() throws {
    let rest = try Sample.box(Sample.metropolis(0), Sample.metropolis(0, .speed))
    let solver = KineticSolver(KineticSettings(burnIn: 0, duration: 1))
    #expect(solver.refusals(of: rest).contains { $0.reason.contains("comes to rest") })
    #expect(KernelSolver().refusals(of: rest).contains { $0.reason.contains("comes to rest") })
    let box = try Sample.box(Sample.maxwell(1), Sample.maxwell(2))
    #expect(solver.refusals(of: box).isEmpty)
    for settings in [
      KineticSettings(burnIn: 0, duration: 0), KineticSettings(burnIn: -1, duration: 1),
      KineticSettings(replicas: 0, burnIn: 0, duration: 1), KineticSettings(burnIn: 0, duration: .infinity),
      KineticSettings(burnIn: 0, duration: 1e15), KineticSettings(replicas: 1 << 40, burnIn: 0, duration: 1e-6),
    ] {
      #expect(!KineticSolver(settings).refusals(of: box).isEmpty)
      #expect(throws: Refusal.self) { try KineticSolver(settings).simulate(box) }
    }
    let refused = try RenewalSolver().answer(of: Sample.box(Sample.maxwell(1), Sample.metropolis(1)))
    #expect(refused.entries.isEmpty && refused.refusals.count == 1)
    let wide = try Sample.box(Sample.maxwell(1), Sample.metropolis(1e-4, .speed))
    #expect(KernelSolver().refusals(of: wide).contains { $0.reason.contains("limit is 250") })
    let narrow = try Sample.box(Sample.metropolis(1e12), Sample.metropolis(1))
    #expect(KernelSolver().refusals(of: narrow).contains { $0.reason.contains("too narrow") })
  }
}
