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

  /// Its methods.
  package static let methods: [Method] = [.davies, .liouvillian, .local]

  /// How little currents and energy may change, relative to themselves, for the number of levels to be enough.
  package var tolerance: Double

  /// A solver of some tolerance.
  package init(tolerance: Double = 1e-10) { self.tolerance = tolerance }

  /// The whole density matrix takes long, and a local equation may break the second law: both are answered by name only.
  package static func usualMethods(for model: QuantumBoxModel) -> [Method] { [.davies] }

  /// Populations are known anyway; there are many of them.
  package static func offers(of method: Method, for model: QuantumBoxModel) -> [Offer] {
    let heats = [model.heatCurrentOffer, Offer(.heatFrom, .baths(model.attachments.map(\.name)))]
    let decay = Offer(.relaxationRate, unless: model.medium.levels == 1 ? "one level does not relax" : nil)
    switch method {
    case .davies:
      let isEquilibrium = model.commonTemperature.map { $0 > 0 } == true
      return heats + [
        model.entropyOffer, Offer(.meanEnergy), decay,
        Offer(.heatCapacity, unless: isEquilibrium ? nil : "it is that of equilibrium, at one temperature above 0"),
        Offer(.population, work: Double(model.medium.sites * model.medium.sites)),
      ] + fluctuationOffers(for: model) + modeOffers(for: model) + model.transientOffers(transientFamilies)
    case .liouvillian:
      return heats + [Offer(.meanEnergy), decay] + responseOffers(for: model) + modeOffers(for: model)
    case .local: return heats + [Offer(.meanEnergy), model.entropyOffer]
    default: return []
    }
  }

  /// By the levels given, or thirty.
  package static func expectedSeconds(
    _ questions: Questions, about model: QuantumBoxModel, by method: Method
  ) -> Double {
    let levels = Double(model.medium.levels ?? 30) / 30
    let cube = levels * levels * levels
    return method == .davies ? 1e-3 * cube : method == .liouvillian ? 0.04 * cube : 30 * cube * cube
  }

  /// All reasons not to answer that can be known without a steady state.
  package func refusals(of model: QuantumBoxModel, by method: Method) -> [Refusal] {
    do throws(Refusal) {
      switch method {
      case .davies: try checkGenerator(of: model, tolerance: tolerance)
      case .liouvillian: _ = try liouvillianLevels(of: model)
      case .local: _ = try localLevels(of: model)
      default: break
      }
      return []
    } catch {
      return [Refusal(method, error.reason)]
    }
  }

  /// The answers of one method.
  ///
  /// - Throws: `Refusal` for a reason that is found only while solving, for example a second steady state among the
  ///   coherences; `LinearAlgebraError` if a numerical method fails within its valid range.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: QuantumBoxModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    var answer = Answer()
    switch method {
    case .davies: try addDavies(wanted, of: model, to: &answer)
    case .liouvillian: try addLiouvillian(wanted, of: model, to: &answer)
    case .local: try addLocal(of: model, to: &answer)
    default: break
    }
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
