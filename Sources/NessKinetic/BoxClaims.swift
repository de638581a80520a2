import NessModel

extension KineticSolver {
  /// What its answers claim to be, for every model that it takes.
  package static let claim = Claim(.sampled, "event-driven dynamics")

  /// The model itself, sampled without a time step.
  package func claim(of method: Method, for model: BoxModel) -> Claim {
    method == .simulation ? Self.claim : .unstated(method)
  }
}

extension RenewalSolver {
  /// Exact between the walls that it does not refuse.
  package func claim(of method: Method, for model: BoxModel) -> Claim {
    method == .renewal ? Claim(.exact, "renewal argument") : .unstated(method)
  }
}

extension KernelSolver {
  /// Exact up to the bound of its numerical error.
  package func claim(of method: Method, for model: BoxModel) -> Claim {
    method == .kernel ? Claim(.exact, "stationary law of the collision kernel") : .unstated(method)
  }
}
