import Foundation
import NessFiles
import NessModel
import NessTrajectory

/// A chain in motion: a group of eight replicas of a run, of which the first is shown.
struct ChainStage: SceneStage {
  /// Most particles of a bath whose positions are shown.
  private static let mostParticles = 400

  let description: ChainSceneDescription
  private let model: ChainModel
  private let solver: TrajectorySolver
  private let group: LaneGroup
  private var passing: StepsOfTime
  private var heat: [Double]
  private var squares: RecentSquares

  /// - Throws: `Refusal` for the reasons of a run.
  init(_ model: ChainModel, _ run: RunSettings) throws(Refusal) {
    let noise = run.noise ?? .matched
    let timeStep = run.timeStep ?? TimeStepChoice(for: model, noise: noise).timeStep
    solver = TrajectorySolver(
      TrajectorySettings(
        seed: run.seed, replicas: 8, timeStep: timeStep, burnIn: 0, duration: timeStep, innovations: false, noise: noise
      ))
    if let refusal = solver.refusals(of: model).first { throw refusal }
    self.model = model
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: noise, stepsPerReading: 1)
    group = LaneGroup(dynamics, seed: run.seed, firstReplica: 0)
    description = ChainSceneDescription(
      sites: model.medium.sites, timeStep: timeStep, mass: model.medium.mass,
      restingTemperature: dynamics.initialTemperature,
      naturalSpeed: Self.naturalSpeed(of: model.medium),
      baths: model.attachments.map(ChainSceneDescription.Bath.init))
    passing = StepsOfTime(timeStep: timeStep, workOfAStep: model.workOfAStep)
    heat = model.attachments.map { _ in 0 }
    squares = RecentSquares(
      sites: model.medium.sites, timeStep: timeStep, highestAngularFrequency: model.highestAngularFrequency)
  }

  private static func naturalSpeed(of chain: Chain) -> Double {
    let stiffness = chain.springConstant + max(0, chain.pinning.left)
    let time = 2.5 * (chain.mass / stiffness).squareRoot()
    return time.isNormal ? time : 1
  }

  mutating func advance(by modelTime: Double) throws -> SceneFrame {
    for steps in passing.pieces(of: modelTime) { try step(steps) }
    return .chain(frame)
  }

  /// Does some steps of the engine and reads its books.
  private mutating func step(_ steps: Int) throws {
    let first = group.step + 1
    group.clearSums()
    group.advance(steps: steps)
    if let lane = group.firstBadLane {
      throw TrajectoryError.unusable(solver.blowUpMessage(model, first: first, last: group.step, replica: lane))
    }
    let ledger = group.ledger
    for bath in heat.indices {
      let channel = ledger.heat(bath)
      heat[bath] += ledger.factor(ofChannel: channel, in: group.dynamics) * passing.timeStep * group.sums[channel][0]
    }
    let sums = group.sums
    squares.add(steps: steps) { sums[ledger.kinetic($0)].sum() }
  }

  private var frame: ChainFrame {
    let sites = 0..<model.medium.sites
    let velocity = sites.map { group.velocity[$0][0] }
    return ChainFrame(
      time: Double(group.step) * passing.timeStep, displacement: sites.map { group.displacement[$0][0] },
      velocity: velocity,
      temperature: sites.map { model.medium.mass * (squares.mean($0) ?? velocity[$0] * velocity[$0]) },
      particles: model.particleBaths.enumerated().map { index, item in
        group.turns(ofParticleBath: index, lane: 0).prefix(Self.mostParticles).map { turns in
          (turns - turns.rounded()) * item.bath.ringLength
        }
      }, heat: heat)
  }
}
