import Foundation
import NessModel

/// How many levels a result needs, and what it would lose with fewer.
package struct LevelConvergence: Sendable {
  /// Number of levels, M.
  package let levels: Int
  /// The levels of the comparison; nil if the number is given by a matrix or there is nothing to compare with.
  package let comparedLevels: Int?
  /// The steady state with `levels` levels.
  package let state: DaviesSteadyState
  /// The steady state with `comparedLevels` levels.
  package let comparison: DaviesSteadyState?

  /// How far the currents of the two differ, in the order of the attachments: a measure of the error of truncation, a
  /// cautious one if the comparison has fewer levels [energy/time].
  package var currentChanges: [Double] {
    guard let comparison else { return state.currents.map { _ in 0 } }
    return zip(state.currents, comparison.currents).map { abs($0 - $1) }
  }

  /// How far the mean energies of the two differ [energy].
  package var energyChange: Double { comparison.map { abs($0.meanEnergy - state.meanEnergy) } ?? 0 }

  /// Whether currents and energy change by less than a tolerance relative to the largest current and to the energy, or
  /// by less than their rounding.
  func isConverged(_ tolerance: Double) -> Bool {
    guard comparison != nil else { return true }
    let largest = state.currents.reduce(0) { max($0, abs($1)) }
    let currents = zip(currentChanges, state.currentBounds).allSatisfy { $0 <= tolerance * largest + 2 * $1 }
    let rounding = relativeRounding(levels: state.levels)
    return currents && energyChange <= max(tolerance, rounding) * state.meanEnergy
  }
}

/// The most levels that are taken without being asked for.
let mostAutomaticLevels = 4096

/// As many levels as it takes for the currents and the mean energy to change by less than a tolerance when the number
/// grows by about 15 %.
///
/// The first guess is the level whose Boltzmann factor at the hottest bath is the tolerance. A coupling matrix of the
/// user gives the number by its size.
///
/// - Parameter tolerance: relative to the largest current and to the mean energy.
/// - Throws: `Refusal` if more than 4096 levels or 80 % of the memory would be needed, and as `daviesSteadyState`.
/// - Complexity: two or three steady states.
package func convergedLevels(
  of model: QuantumBoxModel, tolerance: Double = 1e-10
) throws(Refusal) -> LevelConvergence {
  if let most = matrixLevels(of: model) {
    try checkMemory(levels: most, baths: model.attachments.count)
    let state = try DaviesSteadyState(model, levels: most)
    return LevelConvergence(levels: most, comparedLevels: nil, state: state, comparison: nil)
  }
  var levels = try firstGuess(model, tolerance)
  var state = try DaviesSteadyState(model, levels: levels)
  while true {
    let more = grown(levels)
    try checkAutomatic(Double(more), model)
    let larger = try DaviesSteadyState(model, levels: more)
    let found = LevelConvergence(levels: more, comparedLevels: levels, state: larger, comparison: state)
    if found.isConverged(tolerance) { return found }
    (levels, state) = (more, larger)
  }
}

/// The given number of levels, and what a quarter more would change.
func comparedLevels(of model: QuantumBoxModel, given: Int) throws(Refusal) -> LevelConvergence {
  try checkMemory(levels: given, baths: model.attachments.count)
  let state = try DaviesSteadyState(model, levels: given)
  let more = given + max(2, given / 4)
  let room = min(matrixLevels(of: model) ?? QuantumBox.mostLevels, QuantumBox.mostLevels)
  // More levels may be out of reach of a table, a matrix or the memory: then there is nothing to compare with.
  let comparison =
    more <= room && fitsMemory(more, model.attachments.count) ? try? DaviesSteadyState(model, levels: more) : nil
  return LevelConvergence(
    levels: given, comparedLevels: comparison.map { _ in more }, state: state, comparison: comparison)
}

private func grown(_ levels: Int) -> Int { max(levels + 1, Int((1.15 * Double(levels)).rounded(.up))) }

/// What can be said against a steady state before it is computed.
func checkGenerator(of model: QuantumBoxModel, tolerance: Double) throws(Refusal) {
  let levels: Int
  if let given = model.medium.levels ?? matrixLevels(of: model) {
    levels = given
  } else {
    levels = grown(try firstGuess(model, tolerance))
    try checkAutomatic(Double(levels), model)
  }
  try checkMemory(levels: levels, baths: model.attachments.count)
  _ = try ClosedClasses(JumpRates(model, levels: levels)).anchor(.davies)
}

/// The size of the smallest coupling matrix, if there is any.
func matrixLevels(of model: QuantumBoxModel) -> Int? { matrixLevels(of: model.attachments.map(\.bath)) }

/// The same of some baths.
func matrixLevels(of baths: [LindbladBath]) -> Int? {
  baths.compactMap { bath in
    if case .matrix(let matrix) = bath.coupling { matrix.levels } else { nil }
  }.min()
}

/// The height over the ground state, in units of the temperature, of the first number of levels that is tried: ln(1/tolerance) + 6.
func thermalReach(_ tolerance: Double) -> Double { 6 - log(min(0.1, max(tolerance, 1e-16))) }

/// The first number of levels that is tried: E_M - E_1 is the hottest temperature times ln(1/tolerance) + 6.
func firstGuess(_ model: QuantumBoxModel, _ tolerance: Double) throws(Refusal) -> Int {
  let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
  let needed = (1 + hottest * thermalReach(tolerance) / model.medium.energy(ofLevel: 1)).squareRoot().rounded(.up)
  try checkAutomatic(needed, model)
  return max(2, Int(needed))
}

private func checkAutomatic(_ needed: Double, _ model: QuantumBoxModel) throws(Refusal) {
  let gigabytes = JumpRates.bytes(levels: 1, baths: model.attachments.count) * needed * needed / 1e9
  if !(needed <= Double(mostAutomaticLevels)) {
    throw Refusal(
      .davies,
      "the result needs about \(needed.short) levels and \(gigabytes.short) GB, more than the \(mostAutomaticLevels) "
        + "that are taken without being asked: set medium.levels, or use the classical limit (medium of kind box)")
  }
  try checkMemory(levels: Int(needed), baths: model.attachments.count)
}

func fitsMemory(_ levels: Int, _ baths: Int) -> Bool { lackOfMemory(levels, baths) == nil }

private func lackOfMemory(_ levels: Int, _ baths: Int) -> String? {
  memoryReason(
    "\(levels) levels", bytes: JumpRates.bytes(levels: levels, baths: baths), remedy: "set medium.levels lower")
}

func checkMemory(levels: Int, baths: Int) throws(Refusal) {
  if let reason = lackOfMemory(levels, baths) { throw Refusal(.davies, reason) }
}
