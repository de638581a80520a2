/// What an answer by a method claims to be for one model: the only place where that is decided, for tables, figures,
/// verdicts and the explorer alike.
package struct MethodClaim: Hashable, Codable, Sendable {
  /// How near to the model's own steady state an answer is meant to be.
  package enum Validity: String, Hashable, Codable, Sendable {
    /// The model itself, sampled: apart from its error bar, time step and burn-in.
    case sampled
    /// The model itself, up to the bound of the numerical error.
    case exact
    /// An approximation of the model; `words` say which.
    case approximation
    /// A formula as a paper prints it, right or wrong.
    case printed
  }

  /// The method.
  package let method: Method
  /// How near to the model it is meant to be.
  package let validity: Validity
  /// What it computes and, of an approximation, where that holds; for a caption.
  package let words: String

  /// A claim of a method.
  package init(_ method: Method, _ validity: Validity, _ words: String) {
    self.method = method
    self.validity = validity
    self.words = words
  }

  /// Whether nothing but its numerical error is between the answer and the model.
  package var isExact: Bool { validity == .exact }

  /// Validity and words: `exact (finite chain)`, `approximation (infinite chain in closed form)`.
  package var sentence: String {
    switch validity {
    case .sampled, .printed: words
    case .exact: "exact (\(words))"
    case .approximation: "approximation (\(words))"
    }
  }
}

extension MethodClaim {
  /// The claims of some methods for a model: simulation first, then theories from the best on.
  package static func ranked(_ methods: some Sequence<Method>, for model: AnyModel) -> [MethodClaim] {
    let known = Set(methods)
    return ([.simulation] + Method.theories).filter(known.contains).map { $0.claim(for: model) }
  }
}

extension Method {
  /// Theories from the best to the last: of those that answer, the first is the one to compare with. `simulation` is none.
  package static let theories: [Method] = [
    .memory, .renewal, .kernel, .davies, .liouvillian, .corrected, .markov, .asymptotic, .local, .printed,
  ]

  /// The best theory among some methods; a formula as printed never is.
  package static func best(of methods: some Sequence<Method>) -> Method? {
    let known = Set(methods)
    return theories.first { $0 != .printed && known.contains($0) }
  }

  /// What an answer by this method claims to be for a model.
  package func claim(for model: AnyModel) -> MethodClaim {
    if let chain = model.chain { return claim(for: chain) }
    if model.box != nil { return MethodClaim(self, self == .simulation ? .sampled : .exact, boxWords) }
    return MethodClaim(self, self == .simulation ? .sampled : .approximation, quantumWords)
  }

  private func claim(for chain: ChainModel) -> MethodClaim {
    // Particles are eliminated to second order in their coupling, so no theory of them is exact.
    let hasParticles = !chain.particleBaths.isEmpty
    let isLinear = chain.medium.isHarmonic
    switch self {
    case .simulation: return MethodClaim(self, .sampled, "full stochastic dynamics")
    case .markov where hasParticles:
      return MethodClaim(
        self, .approximation,
        "finite chain, friction without memory, for weak coupling to particles much faster than the chain")
    case .markov:
      return isLinear
        ? MethodClaim(self, .exact, "finite chain")
        : MethodClaim(self, .approximation, "finite chain of harmonic bonds")
    case .memory:
      return MethodClaim(
        self, hasParticles || !isLinear ? .approximation : .exact,
        "finite chain with the memory of the particles, for weak coupling")
    case .asymptotic:
      return MethodClaim(
        self, .approximation,
        "infinite chain in closed form" + (hasParticles ? ", for weak coupling to fast particles" : ""))
    case .corrected:
      return MethodClaim(self, .approximation, "the corrected formula, for weak coupling to fast particles")
    case .printed: return MethodClaim(self, .printed, "the formula as printed in Krekels et al. 2026")
    case .renewal, .kernel, .davies, .liouvillian, .local: return MethodClaim(self, .approximation, rawValue)
    }
  }

  private var boxWords: String {
    switch self {
    case .simulation: "event-driven dynamics"
    case .renewal: "renewal argument"
    case .kernel: "stationary law of the collision kernel"
    default: rawValue
    }
  }

  private var quantumWords: String {
    switch self {
    case .davies: "secular (Davies) master equation, for weak coupling"
    case .liouvillian: "secular master equation of the whole density matrix, for weak coupling"
    case .local: "local master equation, which may break the second law"
    default: rawValue
    }
  }
}
