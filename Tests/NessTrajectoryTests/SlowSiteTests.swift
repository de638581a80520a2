import NessModel
import NessStatistics
import NessTestSupport
import NessTrajectory
import Testing

/// Sites that hardly exchange energy with their neighbours, and fields that are steeper than their curvature tells.
@Suite("Networks: sites that keep their energy, kinks and domains")
struct SlowSiteTests {
  private static func bathed(_ field: String, bond: String, sites: Int = 6, _ hot: Double = 1, _ cold: Double = 1)
    throws
    -> BathedNetwork
  {
    BathedNetwork(
      try Networks.chain(sites, bond: bond, fields: Dictionary(uniqueKeysWithValues: (0..<sites).map { ($0, field) })),
      [Networks.bath("left", 0, hot, friction: 0.5), Networks.bath("right", sites - 1, cold, friction: 0.5)])
  }

  /// What is kinetic at the start is what is kinetic and potential in equilibrium: T/2 + T/n of a site in |x|^n.
  @Test(arguments: [("3*x^4", 1.5), ("x^6", 1 + 1.0 / 3), ("2*abs(x)", 3), ("x^2/2 + 1e-9*x^4", 2)])
  func theStartHasTheEnergyOfEquilibrium(field: String, share: Double) throws {
    for temperature in [0.3, 5] {
      let bathed = try Self.bathed(field, bond: "1e-9*x^2", temperature, temperature)
      let found = NetworkScales(bathed).velocityVariances[2] / temperature
      #expect(abs(found / share - 1) < 0.03, "\(field) \(temperature): \(found)")
    }
  }

  /// <V''> = <V'²>/T holds of kinks as well: of a |x| it is a²/T.
  @Test func kinksAreStiff() throws {
    for (slope, temperature) in [(5.0, 1.0), (0.2, 3)] {
      let bathed = try Self.bathed("\(slope)*abs(x)", bond: "1e-9*x^2", temperature, temperature)
      let square = NetworkScales(bathed).highestAngularFrequency
      #expect(abs(square * square / (slope * slope / temperature) - 1) < 0.1, "\(slope) \(square)")
    }
    // A smooth one is as stiff as its curvature.
    let smooth = NetworkScales(try Self.bathed("x^4/4", bond: "1e-9*x^2")).highestAngularFrequency
    #expect(smooth * smooth > 3 * 0.6)
  }

  /// Equilibrium over kinks, within statistics and the bound of the step.
  @Test func equilibriumOverKinks() throws {
    let bathed = try Self.bathed("5*abs(x)", bond: "x^2/2", sites: 4)
    let answer = try Self.outcome(bathed, duration: 600, burnIn: 100)
    for site in 1...4 {
      let entry = try #require(answer.entries.members.first { $0.quantity == .kineticTemperature(site: site) })
      let budget = try #require(entry.budget)
      let most = acceptedZScore * budget.statistical + budget.timeStep.value + budget.burnIn.value
      #expect(abs(entry.estimate.value - 1) < most, "\(site) \(entry.estimate) \(budget)")
      #expect(budget.timeStep.value < 0.1)
    }
  }

  private static func outcome(
    _ bathed: BathedNetwork, duration: Double, burnIn: Double, timeStep: Double? = nil, replicas: Int = 128
  ) throws -> Answer {
    let step = timeStep ?? NetworkScales(bathed).timeStep(tolerance: 0.002, noise: .matched).timeStep
    let settings = TrajectorySettings(
      seed: 4, replicas: replicas, timeStep: step, burnIn: burnIn, duration: duration, threads: 2)
    return try NetworkTrajectorySolver(settings).simulate(bathed).answer
  }

  /// In equilibrium all kinetic temperatures are that of the baths; control: one that exchanges energy is not warned of.
  @Test func whatASiteKeepsIsInItsError() throws {
    let slow = try Self.outcome(Self.bathed("x^4", bond: "0.15*x^2"), duration: 400, burnIn: 60)
    #expect(slow.notes.contains { $0.contains("hardly exchanges energy") })
    for site in 1...6 {
      let entry = try #require(slow.entries.members.first { $0.quantity == .kineticTemperature(site: site) })
      let left = try #require(entry.budget).burnIn.value
      #expect(abs(entry.estimate.value - 1) < acceptedZScore * entry.estimate.error + left, "\(site) \(entry.estimate)")
    }
    let inner = try #require(slow.entries.members.first { $0.quantity == .kineticTemperature(site: 3) }?.budget)
    #expect(inner.burnIn.value > inner.statistical)
    let quick = try Self.outcome(Self.bathed("x^2/2 + 0.1*x^4", bond: "x^2/2"), duration: 2000, burnIn: 200)
    #expect(!quick.notes.contains { $0.contains("hardly exchanges energy") })
  }

  /// A heavy site between light ones is waited for; and where it is not, the budgets of the heats hold what it still takes up.
  @Test func heavySites() throws {
    func bathed(_ mass: Double) throws -> BathedNetwork {
      let chain = try Networks.chain(3, bond: "x^2/2 + x^4/4", fields: [0: "x^2/2", 1: "x^2/2", 2: "x^2/2"])
      let network = SiteNetwork(
        masses: [1, mass, 1], potentials: chain.potentials, bonds: chain.bonds, fields: chain.fields)
      return BathedNetwork(
        network, [Networks.bath("left", 0, 4, friction: 0.1), Networks.bath("right", 2, 0.2, friction: 2)])
    }
    func choice(_ mass: Double) throws -> (burnIn: Double, explanation: String) {
      try NetworkScales(bathed(mass)).burnIn(timeStep: 0.03, relativeError: nil, replicas: 64)
    }
    let (heavy, heavier, light) = try (choice(30), choice(300), choice(1))
    #expect(heavy.explanation.contains("site 2 gives its energy") && heavy.burnIn > 80)
    #expect(abs(heavier.burnIn / heavy.burnIn / 10 - 1) < 0.1)
    // Control: where all are alike that takes less.
    #expect(light.burnIn < 0.5 * heavy.burnIn)
    // What is measured at once is off by more than its bars, and not by more than its budgets.
    let settled = try Self.outcome(bathed(30), duration: 1000, burnIn: 300, timeStep: 0.03, replicas: 1024)
    let early = try Self.outcome(bathed(30), duration: 40, burnIn: 0, timeStep: 0.03, replicas: 1024)
    var worst = 0.0
    for quantity in [Quantity.heatCurrent, .heat(from: "left"), .heat(from: "right")] {
      let truth = try #require(settled.estimate(quantity, by: .simulation))
      let entry = try #require(early.entries.members.first { $0.quantity == quantity })
      let error = (truth.error * truth.error + entry.estimate.error * entry.estimate.error).squareRoot()
      let off = abs(entry.estimate.value - truth.value)
      worst = max(worst, off / error)
      #expect(off < acceptedZScore * error + (try #require(entry.budget)).burnIn.value, "\(quantity) \(entry)")
    }
    #expect(worst > acceptedZScore, "\(worst)")
  }

  /// A site that jumps over the end of a formula's domain is told of, with site, replica and time.
  @Test func outsideTheDomain() throws {
    let bathed = try Self.bathed("x^2/2 + (1 + x)^1.5", bond: "x^2/2", sites: 4)
    do {
      _ = try Self.outcome(bathed, duration: 2000, burnIn: 10)
      Issue.record("nothing was found")
    } catch let error as TrajectoryError {
      for word in ["(1 + x)^1.5", "site ", "has no value at x = -", "replica ", "time "] {
        #expect("\(error)".contains(word), "\(error)")
      }
    }
  }

  /// A bond whose step led across a place where its potential is infinite is told of; a step that is short enough never does.
  @Test func behindAWall() throws {
    func outcome(_ timeStep: Double?) throws -> Answer {
      let bathed = try Self.bathed("x^2/20", bond: "1/(1.5 + x) + x/2.25", sites: 4, 3)
      return try Self.outcome(bathed, duration: 400, burnIn: 10, timeStep: timeStep)
    }
    do {
      _ = try outcome(0.2)
      Issue.record("nothing was found")
    } catch let error as TrajectoryError {
      for word in ["is infinite at x = -1.5", "the bond of sites ", "replica ", "at time ", "one step led across"] {
        #expect("\(error)".contains(word), "\(error)")
      }
    }
    // The step that is chosen is shorter, and never leads across.
    #expect(try outcome(nil).entries.count > 0)
  }
}
