import Foundation
import NessModel
import NessStatistics

extension LindbladSolver {
  static let transientFamilies: [Quantity.Family] = [.transientHeat, .transientEnergy, .transientPopulation]
  /// Most levels that are followed.
  private static let mostFollowed = 512

  /// Adds what was asked along a transient by the secular equation of the populations.
  ///
  /// The comparison has a fifth more levels, or what a number that is given leaves.
  func addTransient(
    _ wanted: Set<Quantity.Family>, of model: QuantumBoxModel, _ convergence: LevelConvergence, to answer: inout Answer
  ) throws {
    guard let transient = model.transient, !wanted.isDisjoint(with: Self.transientFamilies) else { return }
    let needed = Self.levels(of: transient, model)
    let given = model.medium.levels ?? matrixLevels(of: model)
    if let given, transient.populations.count > given {
      throw Refusal(
        .davies, "transient.populations has \(transient.populations.count) levels, and there are \(given)")
    }
    let levels = given ?? max(convergence.levels, needed)
    guard levels <= Self.mostFollowed else {
      throw Refusal(
        .davies,
        "the transient needs \(levels) levels, and up to \(Self.mostFollowed) are followed: set medium.levels, or begin colder"
      )
    }
    func follow(_ levels: Int) throws(Refusal) -> PopulationTransient {
      PopulationTransient(
        try JumpRates(model, levels: levels), start: Self.start(transient, model, levels: levels),
        every: transient.every,
        samples: transient.samples)
    }
    let found = try follow(levels)
    let more = levels + max(2, levels / 5)
    let room = matrixLevels(of: model) ?? QuantumBox.mostLevels
    let compared = more <= room ? try? follow(more) : nil
    add(wanted, found, compared, of: model, levels, transient, to: &answer)
    if levels > 1 {
      let words = compared == nil ? "; what more would change is not in the bounds" : ""
      answer.notes.append("davies: the transient is that of \(levels) levels\(words)")
    }
  }

  private func add(
    _ wanted: Set<Quantity.Family>, _ found: PopulationTransient, _ compared: PopulationTransient?,
    of model: QuantumBoxModel, _ levels: Int, _ transient: Transient, to answer: inout Answer
  ) {
    let (time, rounding) = (transient.axis, found.rounding)
    func add(_ family: Quantity.Family, _ axes: [Answer.Axis], _ estimates: [Estimate]) {
      if wanted.contains(family) { answer.entries.append(.init(.all(family), .davies, axes: axes, estimates)) }
    }
    func with(_ other: Double?, _ value: Double, _ bound: Double) -> Estimate {
      .numerical(value, bound: bound + (other.map { abs($0 - value) } ?? 0))
    }
    let samples = 0..<transient.samples
    add(
      .transientHeat, [Answer.Axis("bath", names: model.attachments.map(\.name)), time],
      model.attachments.indices.flatMap { bath in
        samples.map {
          with(compared?.heats[bath][$0].value, found.heats[bath][$0].value, rounding * found.heats[bath][$0].gross)
        }
      })
    add(
      .transientEnergy, [time],
      samples.map { with(compared?.energies[$0], found.energies[$0], rounding * found.energies[$0]) })
    let shown = (0..<levels).last { level in samples.contains { found.populations[$0][level] >= 1e-12 } } ?? 0
    add(
      .transientPopulation, [Answer.Axis("level", values: (0...shown).map { Double($0 + 1) }), time],
      (0...shown).flatMap { level in
        samples.map { sample in
          let value = found.populations[sample][level]
          return with(compared?.populations[sample][level], value, rounding * value)
        }
      })
  }

  /// Levels that the start needs.
  private static func levels(of transient: Transient, _ model: QuantumBoxModel) -> Int {
    let temperature = transient.temperature.first ?? 0
    let highest = (1 + 36 * temperature / model.medium.energy(ofLevel: 1)).squareRoot().rounded(.up)
    return max(2, transient.populations.count, Int(min(highest, 1e6)))
  }

  /// Probabilities at the start.
  static func start(_ transient: Transient, _ model: QuantumBoxModel, levels: Int) -> [Double] {
    let ground = model.medium.energy(ofLevel: 1)
    return PopulationTransient.start(transient, energies: (1...levels).map { Double($0 * $0 - 1) * ground })
  }
}
