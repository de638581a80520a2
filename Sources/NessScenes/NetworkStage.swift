import NessFiles
import NessModel
import NessReport
import NessTrajectory

/// A network in motion: a group of eight replicas of a run, of which the first is shown.
struct NetworkStage: SceneStage {
  /// The largest network that a picture has room for.
  private static let (mostSites, mostBonds) = (400, 2000)

  let description: NetworkSceneDescription
  private let bathed: BathedNetwork
  private let scales: NetworkScales
  private let solver: NetworkTrajectorySolver
  private let motion: NetworkMotion
  private var passing: StepsOfTime
  private var heat: [Double]
  private var squares: RecentSquares

  /// - Throws: `Refusal` for the reasons of a run, and if the network is too large to be drawn.
  init(_ model: NetworkModel, _ run: RunSettings) throws(Refusal) {
    bathed = BathedNetwork(model)
    let network = bathed.network
    guard network.sites <= Self.mostSites, network.bonds.count <= Self.mostBonds else {
      throw Refusal(
        .simulation,
        "\(network.sites) sites and \(network.bonds.count) bonds have no room in a picture: at most \(Self.mostSites) and "
          + "\(Self.mostBonds)")
    }
    scales = NetworkScales(bathed)
    let noise = run.noise ?? .matched
    let timeStep = run.timeStep ?? scales.timeStep(tolerance: 0.002, noise: noise).timeStep
    solver = NetworkTrajectorySolver(
      TrajectorySettings(
        seed: run.seed, replicas: 8, timeStep: timeStep, burnIn: 0, duration: timeStep, innovations: false, noise: noise
      ))
    if let refusal = solver.refusals(of: bathed, scales).first { throw refusal }
    let dynamics = NetworkDynamics(
      bathed, timeStep: timeStep, rate: scales.readingRate, noise: noise, stepsPerReading: 1)
    motion = NetworkMotion(dynamics, seed: run.seed, firstReplica: 0)
    motion.draw(velocityVariances: scales.velocityVariances, displacements: scales.displacements)
    motion.clearSums()
    let rate = scales.highestAngularFrequency
    description = NetworkSceneDescription(
      model, network, timeStep: timeStep, naturalSpeed: rate > 0 && (5 / rate).isNormal ? 5 / rate : 1)
    passing = StepsOfTime(timeStep: timeStep, workOfAStep: bathed.workOfAStep)
    heat = bathed.baths.map { _ in 0 }
    squares = RecentSquares(sites: network.sites, timeStep: timeStep, highestAngularFrequency: rate)
  }

  mutating func advance(by modelTime: Double) throws -> SceneFrame {
    for steps in passing.pieces(of: modelTime) { try step(steps) }
    return .network(frame)
  }

  /// Does some steps of the engine and reads its books.
  private mutating func step(_ steps: Int) throws {
    let first = motion.step + 1
    motion.clearSums()
    motion.advance(steps: steps)
    if let bad = motion.firstBad {
      throw TrajectoryError.unusable(
        solver.lossMessage(
          bathed, scales, site: bad.site + 1, first: first, last: motion.step, replica: bad.lane))
    }
    let (dynamics, ledger) = (motion.dynamics, motion.dynamics.ledger)
    for bath in heat.indices {
      let channel = ledger.heat(bath)
      heat[bath] += dynamics.factor(ofChannel: channel) * passing.timeStep * motion.sums[channel][0]
    }
    squares.add(steps: steps) { motion.sums[ledger.kinetic($0)].sum() }
  }

  private var frame: NetworkFrame {
    let sites = 0..<bathed.network.sites
    let masses = bathed.network.masses
    return NetworkFrame(
      time: Double(motion.step) * passing.timeStep, displacement: sites.map { motion.displacement[$0][0] },
      temperature: sites.map { site in
        let velocity = motion.velocity[site][0]
        return masses[site] * (squares.mean(site) ?? velocity * velocity)
      }, heat: heat)
  }
}
