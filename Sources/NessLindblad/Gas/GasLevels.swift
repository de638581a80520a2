import NessModel

/// How many levels of one particle a gas is given, and with how many the answer is compared.
struct GasLevels: Sendable {
  let taken: Int
  /// Nil where there is nothing to compare with.
  let compared: Int?
  /// Whether the file says how many are taken.
  let isGiven: Bool
  /// How many it would take for what is left out to be beyond double precision, or a tolerance.
  let needed: Double

  /// Most states of particles on levels.
  static let mostStates = 1024

  /// - Throws: `Refusal` if the levels that are asked for, or the fewest that there can be, make too many states.
  init(_ model: QuantumGasModel, tolerance: Double, _ method: Method) throws(Refusal) {
    let box = model.medium.box
    let (particles, statistics) = (box.particles, box.statistics)
    func states(_ levels: Int) -> Int {
      FockSpace.count(particles: particles, levels: levels, statistics, most: Self.mostStates)
    }
    // The highest level of the ground state.
    let ground = statistics == .fermions ? particles : 1
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    let square = Double(ground * ground) + hottest * thermalReach(tolerance) / box.energy(ofLevel: 1)
    needed = max(Double(ground + 1), square.squareRoot().rounded(.up))
    let ofMatrix = matrixLevels(of: model.attachments.map(\.bath)) ?? .max
    if let given = box.levels {
      guard states(given) <= Self.mostStates else {
        throw Self.tooMany(particles, given, statistics, method)
      }
      (taken, isGiven) = (given, true)
      let more = given + max(2, given / 4)
      if more <= ofMatrix, states(more) <= Self.mostStates {
        compared = more
      } else {
        compared = Self.fewer(given, least: ground)
      }
      return
    }
    guard states(ground + 1) <= Self.mostStates else {
      throw Self.tooMany(particles, ground + 1, statistics, method)
    }
    var levels = ground + 1
    while Double(levels) < needed, levels < ofMatrix, states(levels + 1) <= Self.mostStates { levels += 1 }
    levels = min(levels, ofMatrix)
    guard levels >= ground else {
      throw Refusal(
        method, "\(particles) fermions need \(particles) levels, and a coupling matrix has \(levels)")
    }
    (taken, isGiven) = (levels, false)
    compared = levels == ofMatrix ? nil : Self.fewer(levels, least: ground)
  }

  /// Some 15 % fewer, but no fewer than the ground state has.
  private static func fewer(_ levels: Int, least: Int) -> Int? {
    let fewer = min(levels - 1, Int(Double(levels) / 1.15))
    return fewer < max(least, 1) ? nil : fewer
  }

  private static func tooMany(
    _ particles: Int, _ levels: Int, _ statistics: ParticleStatistics, _ method: Method
  ) -> Refusal {
    Refusal(
      method,
      "\(particles) \(statistics.word ?? "particles") on \(levels) levels have more than \(mostStates) states, which is the limit: take "
        + "fewer particles, or set medium.levels lower")
  }
}
