/// What the error of a quantity is made of, part by part; all in the unit of the quantity.
package struct ErrorBudget: Hashable, Sendable {
  /// How a part is known.
  package enum Basis: String, Codable, Hashable, Sendable {
    /// There is no such error: the method does not cut or discretise there.
    case none
    /// The bias in the linear dynamics, with its sign (answer less truth): exact for a chain between Langevin baths,
    /// to leading order in the coupling for particle baths.
    case linear
    /// An upper estimate, without a sign.
    case estimate
    /// Seen in the run itself.
    case measured
  }

  /// A systematic part.
  package struct Part: Hashable, Sendable {
    /// Bias or its estimate, in the unit of the quantity.
    package let value: Double
    /// How it is known.
    package let basis: Basis

    /// A systematic part of the error.
    package init(_ value: Double, _ basis: Basis) {
      self.value = value
      self.basis = basis
    }

    /// No error, by construction.
    package static let none = Part(0, .none)
  }

  /// One standard error, or 0 for a computation without sampling.
  package let statistical: Double
  /// From the finite time step.
  package let timeStep: Part
  /// From what is left of the initial state after the burn-in.
  package let burnIn: Part
  /// From a finite number of levels or terms.
  package let truncation: Part

  /// A budget from its parts.
  package init(statistical: Double, timeStep: Part, burnIn: Part, truncation: Part = .none) {
    self.statistical = statistical
    self.timeStep = timeStep
    self.burnIn = burnIn
    self.truncation = truncation
  }

  /// All systematic parts with their names, in a fixed order.
  package var systematicParts: [(name: String, part: Part)] {
    [("time step", timeStep), ("burn-in", burnIn), ("truncation", truncation)]
  }

  /// Answer less truth, as far as the linear dynamics tells it.
  package var knownBias: Double {
    systematicParts.reduce(0) { $0 + ($1.part.basis == .linear ? $1.part.value : 0) }
  }

  /// The systematic parts of unknown sign together.
  package var unknownBias: Double {
    systematicParts.reduce(0) { $0 + ($1.part.basis == .linear ? 0 : abs($1.part.value)) }
  }

  /// The systematic parts together, none cancelling another.
  package var systematic: Double { systematicParts.reduce(0) { $0 + abs($1.part.value) } }

  /// The whole error: statistical and systematic, as independent ones.
  package var whole: Double { (statistical * statistical + systematic * systematic).squareRoot() }
}
