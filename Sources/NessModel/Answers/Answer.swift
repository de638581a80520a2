import NessStatistics

/// How an answer was obtained. Raw values are the names used in JSON.
package enum Method: String, Codable, CaseIterable, Hashable, Sendable {
  /// Full stochastic dynamics.
  case simulation
  /// Finite chain, baths eliminated, friction without memory; exact given that elimination.
  case markov
  /// Finite chain, baths eliminated, memory kept: weak coupling, any relaxation time of the bath.
  case memory
  /// N -> infinity in closed form, corrected.
  case asymptotic
  /// The formula as printed in the paper.
  case printed
  /// A corrected formula, where the paper's is misprinted or not.
  case corrected
  /// Classical box with Maxwell walls: the exact renewal argument.
  case renewal
  /// Classical box: stationary law of the collision kernel, numerically exact.
  case kernel
  /// Quantum box: secular (global) master equation, populations only.
  case davies
  /// Quantum box: the same generator on the whole density matrix.
  case liouvillian
  /// Quantum box: a local master equation, which may break the second law.
  case local
}

/// What a solver found: quantities with their uncertainty, and notes that a reader must see.
package struct Answer: Sendable {
  /// One quantity by one method.
  package struct Entry: Sendable, Hashable {
    /// What was asked.
    package let quantity: Quantity
    /// How it was obtained.
    package let method: Method
    /// The value and its uncertainty.
    package let estimate: Estimate
    /// What its error is made of; nil where that is not told apart.
    package var budget: ErrorBudget?

    /// One quantity by one method.
    package init(_ quantity: Quantity, _ method: Method, _ estimate: Estimate, budget: ErrorBudget? = nil) {
      self.quantity = quantity
      self.method = method
      self.estimate = estimate
      self.budget = budget
    }

    /// The estimate less what the linear dynamics tells of its bias: what is to be compared with a theory.
    package var withoutKnownBias: Estimate {
      Estimate(value: estimate.value - (budget?.knownBias ?? 0), uncertainty: estimate.uncertainty)
    }
  }

  /// The estimates, in a fixed order.
  package var entries: [Entry]
  /// Warnings and choices made, in plain words.
  package var notes: [String]

  /// An answer from its entries and notes.
  package init(entries: [Entry] = [], notes: [String] = []) {
    self.entries = entries
    self.notes = notes
  }

  /// Takes out what is no number, or none that can be written, and says so in a note.
  package mutating func leaveOutNonFinite() {
    func isFinite(_ entry: Entry) -> Bool { entry.estimate.value.isFinite && entry.estimate.error.isFinite }
    let unusable = entries.filter { !isFinite($0) }
    if unusable.isEmpty { return }
    let names = unusable.map { "\($0.quantity) (\($0.method.rawValue))" }.joined(separator: ", ")
    notes.append("beyond double precision at these parameters, left out: \(names)")
    entries.removeAll { !isFinite($0) }
  }

  /// The estimate of a quantity by a method, if it is there.
  package func estimate(_ quantity: Quantity, by method: Method) -> Estimate? {
    entries.first { $0.quantity == quantity && $0.method == method }?.estimate
  }

  /// The estimate of a quantity by a method.
  ///
  /// - Throws: `Refusal` with the notes if it is not there.
  package func required(_ quantity: Quantity, _ method: Method) throws(Refusal) -> Estimate {
    guard let found = estimate(quantity, by: method) else {
      throw Refusal(method, (["no \(quantity) was found"] + notes).joined(separator: "; "))
    }
    return found
  }
}

/// A solver's reason not to answer, in plain words with numbers. Outside its validity a theory refuses.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The method that refuses.
  package let method: Method
  /// Why, and where the limit lies.
  package let reason: String

  /// A refusal of `method` for `reason`.
  package init(_ method: Method, _ reason: String) {
    self.method = method
    self.reason = reason
  }

  /// The reason in words, for the user.
  package var description: String { "\(method.rawValue): \(reason)" }
}

/// Anything that answers quantities of a model.
package protocol Solver: Sendable {
  /// The medium whose models it solves.
  associatedtype MediumType: Medium
  /// All reasons not to answer by each of its methods, before any work is done.
  func refusals(of model: Model<MediumType>) -> [Refusal]
  /// The answers by every method that does not refuse.
  func solve(_ model: Model<MediumType>) throws -> Answer
}
