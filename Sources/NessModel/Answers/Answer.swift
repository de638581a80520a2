import NessStatistics

/// What a solver found: quantities with their uncertainty, and notes that a reader must see.
package struct Answer: Sendable {
  /// The estimates, in a fixed order.
  package var entries: [Entry]
  /// Warnings and choices made, in plain words.
  package var notes: [String]
  /// What is not answered, and why.
  package var refusals: [Refusal]

  /// An answer from its entries and notes.
  package init(entries: [Entry] = [], notes: [String] = [], refusals: [Refusal] = []) {
    self.entries = entries
    self.notes = notes
    self.refusals = refusals
  }

  /// Adds what another method or solver found.
  package mutating func append(_ other: Answer) {
    entries += other.entries
    notes += other.notes
    refusals += other.refusals
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
    notes.append(
      Note.warning("beyond double precision at these parameters, left out: \(names.joined(separator: ", "))"))
  }

  /// The estimate of a quantity by a method, if it is there.
  package func estimate(_ quantity: Quantity, by method: Method) -> Estimate? {
    entries.member(quantity, by: method)?.estimate
  }

  /// The estimate of a quantity by a method.
  ///
  /// - Throws: `Refusal` if it is not there: why the method refuses, or the notes.
  package func required(_ quantity: Quantity, _ method: Method) throws(Refusal) -> Estimate {
    guard let found = estimate(quantity, by: method) else {
      if let refusal = refusals.first(where: { $0.method == method }) { throw refusal }
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
  /// The question that is refused; nil if the method answers nothing of the model.
  package let item: Questions.Item?

  /// A refusal of `method` for `reason`.
  package init(_ method: Method, _ reason: String, to item: Questions.Item? = nil) {
    self.method = method
    self.reason = reason
    self.item = item
  }

  /// The reason in words, for the user.
  package var description: String { "\(method.rawValue): \(reason)" }
}
