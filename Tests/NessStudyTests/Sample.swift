import Foundation
import NessFiles
import NessModel
import NessStore
import NessStudy
import NessTestSupport
import Testing

/// Models and experiments that several suites use.
enum Sample {
  static func langevin(_ temperature: Double) -> ChainBath {
    .init(LangevinBath(temperature: temperature, friction: 1))
  }

  static func particles(_ temperature: Double) -> ChainBath {
    .init(ParticleBath(temperature: temperature, friction: 0.4, coupling: 0.2))
  }

  static func chain(sites: Int, left: ChainBath, right: ChainBath) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, pinning: 1),
      attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: sites, bath: right)])
  }

  /// The only point of an experiment on a model.
  static func point(_ model: AnyModel) throws -> ExperimentPoint {
    let contacts = model.attachments.map { Contact($0.name, $0.bath) }
    return try Experiment(medium: model.medium, contacts: contacts).points()[0]
  }

  /// Two temperatures of the particles, a fraction of a second of work.
  static func experiment(seed: UInt64 = 1, duration: Double = 40) throws -> Experiment {
    try Experiment(
      title: "tiny", medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [Contact("left", AnyBath(particles(10))), Contact("right", AnyBath(langevin(2)))],
      run: RunSettings(seed: seed, duration: duration, burnIn: 40),
      sweep: Sweep(parameter: "baths.left.temperature", values: [10, 20]))
  }

  static func runContext(
    _ store: ResultStore?, notes: CollectedValues<String> = CollectedValues(),
    progress: CollectedValues<Double> = CollectedValues(),
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Study.RunContext {
    Study.RunContext(
      store: store, onProgress: { progress.add($0.fraction) }, onNote: { notes.add($0) }, shouldStop: shouldStop)
  }
}
