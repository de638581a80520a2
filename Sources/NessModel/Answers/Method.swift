/// How an answer was obtained. Raw values are the names used in files, commands and JSON.
package enum Method: String, Codable, CaseIterable, Hashable, Sendable {
  case simulation, markov, memory, asymptotic, printed, corrected, renewal, kernel, davies, liouvillian, local
  case floquet, redfield
}

extension Method {
  /// A method in words: everything that tables, legends, help, documents and the page say of it. What it claims to be for a
  /// model is said by its solver (`Claim`).
  private struct Words {
    let rank: Int
    let legend: String
    let words: String

    init(_ rank: Int, _ legend: String, _ words: String) {
      self.rank = rank
      self.legend = legend
      self.words = words
    }
  }

  private var inWords: Words {
    switch self {
    case .simulation: Words(0, "simulation", "the dynamics itself, sampled")
    case .markov: Words(7, "Markov", "finite chain, baths eliminated, friction without memory")
    case .memory:
      Words(1, "with memory", "finite chain, baths eliminated, memory kept: any relaxation time of the baths")
    case .asymptotic: Words(8, "N → ∞", "infinite chain in closed form, corrected")
    case .printed: Words(12, "as printed", "the formula as printed in Krekels et al. 2026")
    case .corrected: Words(6, "formula", "the corrected formula: effective friction and stiffness of particle baths")
    case .renewal: Words(2, "renewal", "classical box between Maxwell walls: the renewal argument")
    case .kernel:
      Words(3, "collision kernel", "classical box between any thermal walls: stationary law of the collision kernel")
    case .davies:
      Words(4, "secular", "quantum box, levels: secular (Davies) master equation, populations and what turns as slowly")
    case .liouvillian:
      Words(5, "full Liouvillian", "quantum box, levels: the same generator on the whole density matrix, only if asked")
    case .floquet:
      Words(11, "periodic state", "driven harmonic network: periodic state from the motion of one period")
    case .redfield:
      Words(9, "Redfield", "levels: Redfield equation, not secular, whose populations may become negative")
    case .local:
      Words(10, "local", "quantum box, levels: a local master equation, which may break the second law")
    }
  }

  /// Its place among methods of equal validity: a lower one is believed first.
  package var rank: Int { inWords.rank }
  /// What a legend calls it where it is not the only exact one.
  package var legend: String { inWords.legend }
  /// What it computes, in a line.
  package var words: String { inWords.words }
}

extension Method {
  /// All but simulation.
  package static let theories = allCases.filter { $0 != .simulation }

  /// The method of that name among some.
  package static func named(_ name: String, among known: [Method] = allCases) throws(UnknownMethod) -> Method {
    guard let method = known.first(where: { $0.rawValue == name }) else {
      throw UnknownMethod(name: name, known: known)
    }
    return method
  }
}

/// A word that names none of some methods.
package struct UnknownMethod: Error, CustomStringConvertible {
  let name: String
  let known: [Method]

  /// What was found and what was expected.
  package var description: String {
    unknownWord("method", name, among: known.map(\.rawValue))
  }
}
