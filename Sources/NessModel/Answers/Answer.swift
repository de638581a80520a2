import NessStatistics

/// What a solver found: quantities with their uncertainty, and notes that a reader must see.
package struct Answer: Sendable {
  /// The estimates, in a fixed order.
  package var entries: [Entry]
  /// Warnings and choices made, in plain words.
  package var notes: [String]

  /// An answer from its entries and notes.
  package init(entries: [Entry] = [], notes: [String] = []) {
    self.entries = entries
    self.notes = notes
  }

  /// Says of every entry what it claims to be, and gathers numbered quantities into entries with an axis: the last that is
  /// done to an answer.
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
    entries = entries.gathered()
  }

  /// The same, finished.
  package func finished(_ claim: Claim) -> Answer {
    var answer = self
    answer.finish { _ in claim }
    return answer
  }

  /// Takes out what is no number, or none that can be written, and says so in a note.
  package mutating func leaveOutNonFinite() {
    var names: [String] = []
    entries = entries.keeping { member in
      let isFinite = member.estimate.value.isFinite && member.estimate.error.isFinite
      if !isFinite { names.append("\(member.quantity) (\(member.method.rawValue))") }
      return isFinite
    }
    if names.isEmpty { return }
    notes.append("beyond double precision at these parameters, left out: \(names.joined(separator: ", "))")
  }

  /// The estimate of a quantity by a method, if it is there.
  package func estimate(_ quantity: Quantity, by method: Method) -> Estimate? {
    entries.member(quantity, by: method)?.estimate
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
