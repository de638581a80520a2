import NessModel

extension LindbladSolver {
  /// A master equation holds for weak coupling to its baths, whichever it is.
  package func claim(of method: Method, for model: QuantumBoxModel) -> Claim {
    switch method {
    case .davies: Claim(.approximation, "secular (Davies) master equation, for weak coupling")
    case .liouvillian:
      Claim(.approximation, "secular master equation of the whole density matrix, for weak coupling")
    case .local: Claim(.approximation, "local master equation, which may break the second law")
    default: .unstated(method)
    }
  }
}
