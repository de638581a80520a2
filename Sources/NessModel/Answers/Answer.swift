import NessStatistics

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
    /// What it claims to be for the model that was asked about.
    package var claim: Claim

    /// One quantity by one method; its claim is that of a number without one until a solver says more (`Answer.finish`).
    package init(
      _ quantity: Quantity, _ method: Method, _ estimate: Estimate, budget: ErrorBudget? = nil, claim: Claim? = nil
    ) {
      self.quantity = quantity
      self.method = method
      self.estimate = estimate
      self.budget = budget
      self.claim = claim ?? .unstated(method)
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

  /// Says of every entry what it claims to be: the last that a solver does to an answer.
  ///
  /// - Parameter claim: what the solver claims of a method, for the model that was asked about.
  package mutating func finish(_ claim: (Method) -> Claim) {
    var claims: [Method: Claim] = [:]
    for index in entries.indices {
      let method = entries[index].method
      let known = claims[method] ?? claim(method)
      claims[method] = known
      entries[index].claim = known
    }
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
  /// What an answer by one of its methods claims to be for a model: the model sampled, exact, or an approximation and of what.
  func claim(of method: Method, for model: Model<MediumType>) -> Claim
  /// The answers by every method that does not refuse, each with its claim (`Answer.finish`).
  func solve(_ model: Model<MediumType>) throws -> Answer
}
