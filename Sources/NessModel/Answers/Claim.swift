/// What an answer claims to be for the model that was asked about. The solver decides it, and every entry of an answer
/// carries it.
package struct Claim: Hashable, Sendable {
  /// How near to the model's own steady state an answer is meant to be.
  package enum Validity: String, CaseIterable, Hashable, Codable, Sendable {
    /// The model itself, sampled: apart from its error bar, time step and burn-in.
    case sampled
    /// The model itself, up to the bound of the numerical error.
    case exact
    /// An approximation of the model; the words say which.
    case approximation
    /// A formula as a paper prints it, right or wrong.
    case printed
  }

  /// How near to the model it is meant to be.
  package let validity: Validity
  /// What was computed and, of an approximation, where that holds; for a caption.
  package let words: String

  /// A claim in words.
  package init(_ validity: Validity, _ words: String) {
    self.validity = validity
    self.words = words
  }

  /// The claim of a number that was written down without one: that of a simulation is known, no other is called exact.
  package static func unstated(_ method: Method) -> Claim {
    switch method {
    case .simulation: Claim(.sampled, method.words)
    case .printed: Claim(.printed, method.words)
    default: Claim(.approximation, method.words)
    }
  }

  /// Whether nothing but its numerical error is between the answer and the model.
  package var isExact: Bool { validity == .exact }
  /// Whether a simulation may be compared with it; a formula as printed is only shown.
  package var isTheory: Bool { validity == .exact || validity == .approximation }

  /// Validity and words: `exact (finite chain)`, `approximation (infinite chain in closed form)`.
  package var sentence: String {
    switch validity {
    case .sampled, .printed: words
    case .exact: "exact (\(words))"
    case .approximation: "approximation (\(words))"
    }
  }
}

/// What a method claims in some answers.
package struct MethodClaim: Hashable, Sendable {
  /// The method.
  package let method: Method
  /// What it claims.
  package let claim: Claim

  /// A claim of a method.
  package init(_ method: Method, _ claim: Claim) {
    self.method = method
    self.claim = claim
  }

  /// Whether it was only made up for a number that came without a claim.
  var isUnstated: Bool { claim == .unstated(method) }
}

// MARK: - Which answer is believed first: decided here and nowhere else

extension MethodClaim {
  /// Simulation first, then theories from the best on: an exact one before an approximation, formulas as printed last, and
  /// among equals by the rank of the method.
  fileprivate var place: (Int, Int) {
    (Claim.Validity.allCases.firstIndex(of: claim.validity) ?? .max, method.rank)
  }
}

extension Sequence<MethodClaim> {
  /// The claims in the order in which they are believed.
  package func ranked() -> [MethodClaim] { sorted { $0.place < $1.place } }

  /// The methods in the order in which they are believed. Of several claims of one, for different models, the weakest
  /// counts.
  package func rankedMethods() -> [Method] { weakest().ranked().map(\.method) }

  /// The best theory; nil if there is none. A formula as printed never is.
  package func bestTheory() -> Method? { weakest().filter(\.claim.isTheory).min { $0.place < $1.place }?.method }

  /// One claim for each method, the weakest.
  package func weakest() -> [MethodClaim] {
    Dictionary(map { ($0.method, $0) }) { $0.place < $1.place ? $1 : $0 }.map(\.value)
  }
}

extension Sequence<Answer.Entry> {
  /// The entry of the best theory; nil if none is a theory. All should answer one quantity.
  package func bestTheory() -> Answer.Entry? {
    filter(\.claim.isTheory).min { MethodClaim($0.method, $0.claim).place < MethodClaim($1.method, $1.claim).place }
  }

  /// What the methods claim here, each claim once, in the order in which they are believed. A number that came without a
  /// claim adds none where its method has one.
  package func claims() -> [MethodClaim] {
    var known: [Method: [Claim]] = [:]
    // There may be a million of them, and few claims.
    for entry in self where known[entry.method]?.contains(entry.claim) != true {
      known[entry.method, default: []].append(entry.claim)
    }
    var found: [MethodClaim] = []
    for (method, claims) in known {
      let all = claims.map { MethodClaim(method, $0) }
      let stated = Set(all.filter { !$0.isUnstated }.map(\.claim.validity))
      found += all.filter { !$0.isUnstated || !stated.contains($0.claim.validity) }
    }
    return found.sorted { $0.place != $1.place ? $0.place < $1.place : $0.claim.words < $1.claim.words }
  }
}
