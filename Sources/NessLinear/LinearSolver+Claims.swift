import NessModel

extension LinearSolver {
  /// Exact is what leaves nothing of the model out: harmonic bonds, baths whose own coordinates are eliminated exactly, and
  /// their memory where they have one.
  package func claim(of method: Method, for model: ChainModel) -> Claim {
    let baths = model.attachments.map(\.bath.linear)
    let areExact = baths.allSatisfy(\.isEliminatedExactly)
    let remembers = baths.contains { !$0.frictionKernel.terms.isEmpty }
    let bonds = model.medium.isHarmonic ? "" : " of harmonic bonds"
    let coupling = areExact ? "" : ", for weak coupling"
    switch method {
    case .markov where remembers:
      return Claim(
        .approximation,
        "finite chain\(bonds), friction without memory, for \(areExact ? "" : "weak coupling to ")baths much faster than the chain"
      )
    case .markov:
      return Claim(areExact && model.medium.isHarmonic ? .exact : .approximation, "finite chain\(bonds)\(coupling)")
    case .memory:
      return Claim(
        areExact && model.medium.isHarmonic ? .exact : .approximation,
        "finite chain\(bonds) with the memory of the baths\(coupling)")
    case .asymptotic:
      let limit = remembers ? ", for \(areExact ? "" : "weak coupling to ")fast baths" : coupling
      return Claim(.approximation, "infinite chain\(bonds) in closed form\(limit)")
    case .corrected: return Claim(.approximation, "the corrected formula, for weak coupling to fast particles")
    default: return .unstated(method)
    }
  }
}
