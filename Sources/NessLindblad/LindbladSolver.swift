import NessModel
import NessStatistics

/// Steady states of a quantum box between baths of Lindblad type.
///
/// | method | equation | answers |
/// |---|---|---|
/// | `.davies` | secular, populations only (Pauli equation) | heat of every bath, entropy production, energy, gap, populations, heat capacity |
/// | `.liouvillian` | the same on the whole density matrix | heat of every bath, energy, gap of the full spectrum |
/// | `.local` | one frequency for all jumps of a bath; not secular, may break the second law | heat of every bath, entropy production, energy |
///
/// - Accuracy: every estimate carries its own bound, of rounding and of the levels left out.
/// - Complexity: `.davies` O(2 M³/3), milliseconds up to M = 200; `.liouvillian` O(25 M³); `.local` O(2 M⁶/3).
/// - Source: `Documentation/Theory/davies.md`, `Documentation/Theory/local-master-equation.md`.
/// - Checked by: closed forms, each method against the others, and independent programs (NessLindbladTests).
package struct LindbladSolver: Solver {
  /// Version of what master equations give: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("lindblad", 5)

  /// The methods that answer.
  package var methods: Set<Method>
  /// Whether the populations of the levels are answered too, down to 1e-12.
  package var populations: Bool
  /// How little currents and energy may change, relative to themselves, for the number of levels to be enough.
  package var tolerance: Double

  /// All methods of this solver.
  package static let allMethods: Set<Method> = [.davies, .liouvillian, .local]

  /// A solver for the given methods; see the properties.
  package init(methods: Set<Method> = [.davies], populations: Bool = true, tolerance: Double = 1e-10) {
    self.methods = methods
    self.populations = populations
    self.tolerance = tolerance
  }

  private static let order: [Method] = [.davies, .liouvillian, .local]

  /// All reasons not to answer that can be known without a steady state.
  package func refusals(of model: QuantumBoxModel) -> [Refusal] {
    Self.order.filter(methods.contains).compactMap { method in
      do throws(Refusal) {
        switch method {
        case .davies: try checkGenerator(of: model, tolerance: tolerance)
        case .liouvillian: _ = try liouvillianLevels(of: model)
        case .local: _ = try localLevels(of: model)
        default: break
        }
        return nil
      } catch {
        return Refusal(method, error.reason)
      }
    }
  }

  /// The answers of every method that does not refuse. A reason that is found only while solving, for example a second
  /// steady state among the coherences, is said in a note.
  ///
  /// - Throws: `LinearAlgebraError` if a numerical method fails within its valid range.
  package func solve(_ model: QuantumBoxModel) throws -> Answer {
    var answer = Answer()
    for method in Self.order where methods.contains(method) {
      do {
        switch method {
        case .davies: try addDavies(of: model, to: &answer)
        case .liouvillian: try addLiouvillian(of: model, to: &answer)
        case .local: try addLocal(of: model, to: &answer)
        default: break
        }
      } catch let refusal as Refusal where !refusals(of: model).contains(refusal) {
        answer.notes.append("\(method.rawValue): not answered: \(refusal.reason)")
      } catch is Refusal {
        continue
      }
    }
    answer.leaveOutNonFinite()
    answer.finish { claim(of: $0, for: model) }
    return answer
  }

  /// The levels to take for the secular equation, with a comparison that tells what the others would change.
  func levels(of model: QuantumBoxModel) throws(Refusal) -> LevelConvergence {
    if let given = model.medium.levels { return try comparedLevels(of: model, given: given) }
    return try convergedLevels(of: model, tolerance: tolerance)
  }
}

extension QuantumBoxModel {
  /// The temperature of all baths, if they have the same.
  var commonTemperature: Double? {
    let temperatures = Set(attachments.map(\.bath.temperature))
    return temperatures.count == 1 ? temperatures.first : nil
  }
}
