import NessMath
import NessModel
import NessStatistics

extension LindbladSolver {
  /// Most modes that are listed, the slowest.
  private static let mostModes = 1000
  /// Most levels whose modes are found.
  private static let mostLevels = 1024

  /// What is offered of the modes of relaxation.
  static func modeOffers(for model: QuantumBoxModel) -> [Offer] {
    let levels = model.medium.levels ?? 2
    let reason =
      levels == 1
      ? "one level does not relax"
      : levels > mostLevels ? "the modes of \(levels) levels are more than the \(mostLevels) that are found" : nil
    return Quantity.Family.relaxationModes.map { Offer($0, work: Double(levels * levels), unless: reason) }
  }

  /// Adds the modes of the populations.
  func addPopulationModes(
    _ wanted: Set<Quantity.Family>, _ convergence: LevelConvergence, to answer: inout Answer
  ) throws {
    guard !wanted.isDisjoint(with: Quantity.Family.relaxationModes), convergence.levels > 1 else { return }
    guard convergence.levels <= Self.mostLevels else {
      answer.notes.append(Note.warning("davies: no modes (modeRate, ...) of more than \(Self.mostLevels) levels"))
      return
    }
    var modes = try convergence.state.populationModes()
    let whole = modes.count
    if let compared = try convergence.comparison?.populationModes() {
      modes = zip(modes, compared).map { $0.compared(with: $1) }
    }
    add(modes, of: whole, wanted, .davies, convergence.levels, to: &answer)
  }

  /// Adds the modes of the whole density matrix.
  func addDensityMatrixModes(
    _ wanted: Set<Quantity.Family>, _ blocks: LiouvillianBlocks, levels: Int, to answer: inout Answer
  ) throws {
    guard !wanted.isDisjoint(with: Quantity.Family.relaxationModes), levels > 1 else { return }
    let modes = try blocks.modes(levels: levels)
    add(modes, of: modes.count, wanted, .liouvillian, levels, to: &answer)
  }

  private func add(
    _ modes: [RelaxationMode], of whole: Int, _ wanted: Set<Quantity.Family>, _ method: Method, _ levels: Int,
    to answer: inout Answer
  ) {
    let shown = Array(modes.prefix(Self.mostModes))
    answer.add(wanted, by: method, "level", shown)
    let listed = shown.count < whole ? ", the slowest \(shown.count) of \(whole)" : ""
    answer.notes.append("\(method.rawValue): the modes are those of the \(levels) levels taken\(listed)")
  }
}
