import NessModel
import Synchronization

/// One model with what has been found of it, so that refusals, every method and the comparisons between them share one
/// diagonalisation and one steady state each. The last models are kept, as many as threads may work on where they are small.
final class LevelCase: Sendable {
  let model: LevelModel
  let form: LevelForm
  private let states = Mutex<[Wanted: LevelState]>([:])

  private struct Wanted: Hashable {
    let method: Method
    let mostFactorised: Int
  }

  private convenience init(_ model: LevelModel, _ method: Method) throws {
    self.init(model, try LevelForm(model, method))
  }

  /// One that is not kept.
  init(_ model: LevelModel, _ form: LevelForm) { (self.model, self.form) = (model, form) }

  private static let last = Mutex<[LevelCase]>([])
  private static let mostKept = 64
  /// Elements of the matrices of levels of all that are kept; the last one is kept whatever it has.
  private static let mostElements = 2_000_000

  /// What is known of a model.
  ///
  /// - Throws: `Refusal` of the method; `LinearAlgebraError.notConverged`.
  static func of(_ model: LevelModel, _ method: Method) throws -> LevelCase {
    if let known = last.withLock({ $0.first { $0.model == model } }) { return known }
    let found = try LevelCase(model, method)
    last.withLock { kept in
      kept.insert(found, at: 0)
      var elements = 0
      let room = kept.prefix(mostKept).prefix { one in
        elements += one.form.levels * one.form.levels * (2 + one.form.baths.count + one.form.observables.count)
        return elements <= mostElements
      }
      kept.removeLast(kept.count - max(1, room.count))
    }
    return found
  }

  /// The steady state by a method, solved for once.
  ///
  /// - Throws: `Refusal`; `LinearAlgebraError`; `QuadratureError.stopped`.
  func state(
    by method: Method, mostFactorised: Int, _ watch: WorkWatch = WorkWatch()
  ) throws -> LevelState {
    let wanted = Wanted(method: method, mostFactorised: mostFactorised)
    if let known = states.withLock({ $0[wanted] }) { return known }
    let found = try LevelEquations.state(of: model, form, method, mostFactorised: mostFactorised, watch)
    states.withLock { $0[wanted] = found }
    return found
  }
}
