import NessKinetic
import NessModel
import NessStatistics
import Testing

/// Boxes that the tests share.
enum Sample {
  static func maxwell(_ temperature: Double) -> WallBath { .init(MaxwellBath(temperature: temperature)) }

  static func metropolis(
    _ temperature: Double, _ proposal: MetropolisBath.Proposal = .energy, width: Double = 1, moves: Int = 1
  ) -> WallBath {
    .init(MetropolisBath(temperature: temperature, proposal: proposal, width: width, moves: moves))
  }

  static func box(_ left: WallBath, _ right: WallBath, length: Double = 1, mass: Double = 1) throws -> BoxModel {
    try Model(
      medium: Box(length: length, mass: mass),
      attachments: [
        .init(name: "left", site: 1, bath: left), .init(name: "right", site: 2, bath: right),
      ])
  }

  /// A run long enough for an error of a fraction of a percent.
  static func outcome(
    _ model: BoxModel, cycles: Double = 1000, replicas: Int = 128, seed: UInt64 = 20_260_914, threads: Int = 2
  ) throws -> KineticOutcome {
    let choice = KineticChoice(for: model)
    let settings = KineticSettings(
      seed: seed, replicas: replicas, burnIn: choice.burnIn, duration: cycles * choice.cycleTime, threads: threads)
    return try KineticSolver(settings).simulate(model)
  }
}

extension Answer {
  /// The only estimate of a quantity, by whatever method.
  func only(_ quantity: Quantity) throws -> Estimate {
    try #require(entries.members(quantity).first?.estimate)
  }
}
