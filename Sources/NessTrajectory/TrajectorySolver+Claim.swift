import NessModel

extension TrajectorySolver {
  /// What its answers claim to be, for every model that it takes.
  package static let claim = Claim(.sampled, "full stochastic dynamics")

  /// The model itself, sampled.
  package func claim(of method: Method, for model: ChainModel) -> Claim {
    method == .simulation ? Self.claim : .unstated(method)
  }
}
