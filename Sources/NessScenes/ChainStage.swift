import Foundation
import NessFiles
import NessModel
import NessTrajectory

/// A chain in motion: a group of eight replicas of a run, of which the first is shown.
struct ChainStage: SceneStage {
  /// Time over which the weights of the kinetic temperature fall to 1/e, times the highest angular frequency: long enough
  /// for a calm profile, short enough to see it settle.
  private static let memory = 100.0
  /// Most particles of a bath whose positions are shown.
  private static let mostParticles = 400
  /// Work of the steps between two looks at the clock, in particle-steps: about a millisecond.
  private static let workPerPiece = 1e6
  private static let mostSteps = 64

  let description: ChainSceneDescription
  private let model: ChainModel
  private let solver: TrajectorySolver
  private let group: LaneGroup
  private let timeStep: Double
  private let stepsPerPiece: Int
  /// Share of the weights of the kinetic temperature that one step leaves.
  private let decay: Double
  /// Time that was asked for and is shorter than a step [time].
  private var owed = 0.0
  private var heat: [Double]
  /// Weighted sums of v² of every site, and of the weights.
  private var squares: [Double]
  private var weight = 0.0

  /// - Throws: `Refusal` for the reasons of a run.
  init(_ model: ChainModel, _ run: RunSettings) throws(Refusal) {
    let noise = run.noise ?? .matched
    timeStep = run.timeStep ?? TimeStepChoice(for: model, noise: noise).timeStep
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
    stepsPerPiece = max(1, min(Self.mostSteps, Int(Self.workPerPiece / (8 * model.workOfAStep))))
    decay = exp(-timeStep * model.highestAngularFrequency / Self.memory)
    heat = model.attachments.map { _ in 0 }
    squares = Array(repeating: 0, count: model.medium.sites)
  }

  private static func naturalSpeed(of chain: Chain) -> Double {
    let stiffness = chain.springConstant + max(0, chain.pinning.left)
    let time = 2.5 * (chain.mass / stiffness).squareRoot()
    return time.isNormal ? time : 1
  }

  mutating func advance(by modelTime: Double) throws -> SceneFrame {
    let clock = FrameClock()
    // No frame ever does as many steps.
    var left = Int(min(1e15, (owed + modelTime) / timeStep))
    owed = max(0, min(timeStep, owed + modelTime - Double(left) * timeStep))
    while left > 0 {
      let steps = min(left, stepsPerPiece)
      try step(steps)
      left -= steps
      if clock.isOver { break }
    }
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
      heat[bath] += ledger.factor(ofChannel: channel, in: group.dynamics) * timeStep * group.sums[channel][0]
    }
    let kept = pow(decay, Double(steps))
    weight = weight * kept + 8 * Double(steps)
    for site in squares.indices {
      squares[site] = squares[site] * kept + group.sums[ledger.kinetic(site)].sum()
    }
  }

  private var frame: ChainFrame {
    let sites = 0..<model.medium.sites
    let velocity = sites.map { group.velocity[$0][0] }
    return ChainFrame(
      time: Double(group.step) * timeStep, displacement: sites.map { group.displacement[$0][0] }, velocity: velocity,
      temperature: sites.map { site in
        model.medium.mass * (weight > 0 ? squares[site] / weight : velocity[site] * velocity[site])
      },
      particles: model.particleBaths.enumerated().map { index, item in
        group.turns(ofParticleBath: index, lane: 0).prefix(Self.mostParticles).map { turns in
          (turns - turns.rounded()) * item.bath.ringLength
        }
      }, heat: heat)
  }
}
