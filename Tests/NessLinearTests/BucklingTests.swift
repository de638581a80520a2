import NessLinear
import NessModel
import Testing

@Suite struct BucklingTests {
  /// PERFORMANCE.md, W1: T_c = 11.1 at eps = 0.5 and 1.77 at eps = 0.2, for N = 16 and K = k = 1, where the chain adds
  /// 1/((N-1)/k + 1/K) = 1/16 to the pinning.
  @Test(arguments: [0.2, 0.5])
  func knownThreshold(coupling: Double) throws {
    let model = try particleChain(sites: 16, coupling: coupling, left: 20, right: 10, particleFriction: 0.1)
    let (_, bath) = try #require(model.particleBaths.first)
    let exact = 40 * coupling * coupling * bath.forceVariance / 1.0625
    #expect(abs(try #require(bucklingTemperature(of: model)) - exact) < 1e-12 * exact)
    #expect(abs(exact - (coupling == 0.5 ? 11.06 : 1.77)) < 0.01)
  }

  @Test func refusesBelowAndAnswersAbove() throws {
    let model = try particleChain(sites: 16, coupling: 0.5, left: 20, right: 10, particleFriction: 0.1)
    let threshold = try #require(bucklingTemperature(of: model))
    let above = try particleChain(sites: 16, coupling: 0.5, left: 1.0001 * threshold, right: 10, particleFriction: 0.1)
    let below = try particleChain(sites: 16, coupling: 0.5, left: 0.9999 * threshold, right: 10, particleFriction: 0.1)
    #expect(LinearSolver().refusals(of: above).isEmpty)
    let refusals = LinearSolver().refusals(of: below)
    #expect(Set(refusals.map(\.method)) == [.markov, .memory, .asymptotic])
    for refusal in refusals {
      #expect(refusal.reason.contains(try #require(bucklingTemperature(of: below)).text(digits: 6)))
      #expect(refusal.reason.contains("full simulation remains valid"))
      #expect(refusal.reason.contains("left"))
    }
    let answer = try LinearSolver().answer(of: below)
    #expect(answer.estimate(.heatCurrent, by: .markov) == nil)
    #expect(answer.estimate(.heatCurrent, by: .printed) != nil)
    #expect(throws: Refusal.self) { try steadyCovariance(of: below) }
    #expect(throws: Refusal.self) { try slowestRelaxationRate(of: below) }
  }

  /// With several particle baths all temperatures are scaled together: at the threshold the refusal sets in.
  @Test func severalBaths() throws {
    func model(_ scale: Double) throws -> ChainModel {
      func bath(_ temperature: Double) -> ChainBath {
        .init(ParticleBath(temperature: scale * temperature, friction: 0.1, coupling: 0.2))
      }
      return try Model(
        medium: Chain(sites: 10, pinning: 1),
        attachments: [.init(name: "left", site: 1, bath: bath(3)), .init(name: "middle", site: 5, bath: bath(9))])
    }
    let threshold = try #require(bucklingTemperature(of: model(1))) / 3
    #expect(LinearSolver().refusals(of: try model(1.000001 * threshold)).allSatisfy { $0.method != .markov })
    let refusal = try #require(LinearSolver().refusals(of: try model(0.999999 * threshold)).first)
    #expect(refusal.reason.contains("scaled together"))
  }

  @Test func unpinnedChains() throws {
    let free = try langevinChain(sites: 8, pinning: 0)
    #expect(bucklingTemperature(of: free) == nil)
    #expect(LinearSolver().refusals(of: free, by: [.markov, .asymptotic]).isEmpty)
    #expect(throws: Refusal.self) { try steadyCovariance(of: free) }
    let pushed = try particleChain(sites: 8, coupling: 0.1, left: 1000, right: 1, particleFriction: 0.1, pinning: 0)
    #expect(bucklingTemperature(of: pushed) == .infinity)
    #expect(LinearSolver().refusals(of: pushed).contains { $0.reason.contains("nothing pins the chain") })
  }

  @Test func refusesWhatDoesNotApply() throws {
    let langevin = LinearSolver().refusals(of: try langevinChain(sites: 4))
    #expect(Set(langevin.map(\.method)) == [.memory, .printed, .corrected])
    let single = try Model(
      medium: Chain(sites: 5, pinning: 1),
      attachments: [.init(name: "left", site: 2, bath: .init(LangevinBath(temperature: 1, friction: 1)))])
    #expect(LinearSolver().refusals(of: single).map(\.method).contains(.asymptotic))
    let answer = try LinearSolver().answer(of: single)
    #expect(answer.estimate(.heatCurrent, by: .markov) == nil)
    #expect(answer.estimate(.heat(from: "left"), by: .markov)?.value == 0)
  }
}
