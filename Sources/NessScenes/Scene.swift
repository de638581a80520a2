import NessFiles
import NessModel
import Synchronization

/// A system in motion, to be looked at: the first replica of a simulation, moved by the steps and the random numbers of the
/// engine, with the heat as the engine counts it.
///
/// It begins in the initial state of a run, before any burn-in. A scene belongs to one task at a time and may be handed on;
/// calls from several tasks wait for one another. Its memory does not grow.
package final class Scene: Sendable {
  /// What is shown, as it stays all the time.
  package let description: SceneDescription
  private let stage: Mutex<any SceneStage>

  /// The system at one point of an experiment.
  ///
  /// - Throws: `Refusal` for what cannot be simulated, for the reasons that a run gives, and for what does not move or
  ///   has no picture: a medium that is computed exactly, a particle that stays at a wall of temperature 0.
  package init(_ point: ExperimentPoint, run: RunSettings) throws(Refusal) {
    try Self.requireClassical(point.model)
    if let model = point.model.chain {
      let stage = try ChainStage(model, run)
      description = .chain(stage.description)
      self.stage = Mutex(stage)
    } else if let model = point.model.box {
      let stage = try BoxStage(model, run)
      description = .box(stage.description)
      self.stage = Mutex(stage)
    } else if let model = point.model.network {
      let stage = try NetworkStage(model, run)
      description = .network(stage.description)
      self.stage = Mutex(stage)
    } else {
      throw Refusal(.simulation, Self.absence(of: type(of: point.model.medium.base)))
    }
  }

  /// Motion that is computed and not simulated is not shown.
  private static func requireClassical(_ model: AnyModel) throws(Refusal) {
    guard model.medium.base.isQuantum else { return }
    throw Refusal(
      .simulation, "quantum motion is computed exactly: nothing moves at random, so there is nothing to watch")
  }

  /// Why there is no scene of a medium.
  private static func absence(of medium: any Medium.Type) -> String {
    let title = medium.kind.title.lowercased()
    return medium.isSampled
      ? "there is no picture of this medium (\(medium.kind.key))"
      : "a \(title) is computed exactly: nothing moves at random, so there is nothing to watch"
  }

  /// Lets time pass and shows what there is then.
  ///
  /// - Parameter modelTime: time that shall pass [time]. Less passes if that is more than some 20 ms of work, or more
  ///   flights than a frame holds; the time of the frame tells.
  /// - Throws: `TrajectoryError` if the motion diverged, with the likely cause.
  package func advance(by modelTime: Double) throws -> SceneFrame {
    try stage.withLock { try $0.advance(by: modelTime > 0 ? modelTime : 0) }
  }
}

/// Whatever moves in a scene.
protocol SceneStage {
  /// Lets a time >= 0 pass.
  mutating func advance(by modelTime: Double) throws -> SceneFrame
}

/// The time that one frame may take.
struct FrameClock {
  private static let limit = Duration.milliseconds(20)
  private let end = ContinuousClock.now + limit

  /// Whether it is used up.
  var isOver: Bool { ContinuousClock.now >= end }
}
