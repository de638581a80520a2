import NessLindblad
import NessModel

/// What goes on between the levels of a quantum box in its steady state, for a picture.
package struct LevelFlows: Encodable, Sendable {
  /// What a bath does.
  package struct Bath: Encodable, Sendable {
    /// Its name.
    package let name: String
    /// Populations of the levels that it alone would make [1].
    package let equilibrium: [Double]
    /// The pairs of levels that carry most of its heat, the strongest first.
    package let flows: [Flow]
  }

  /// The heat by the jumps between two levels.
  package struct Flow: Encodable, Sendable {
    /// The lower level, counted from 1.
    package let lower: Int
    /// The upper level.
    package let upper: Int
    /// Mean heat per time from the bath into the box [energy/time].
    package let heat: Double
  }

  /// The baths in the order of the model.
  package let baths: [Bath]
}

/// A solver that knows what goes on between levels.
protocol LevelSolver: Solver {
  /// What goes on in a model.
  ///
  /// - Parameter most: pairs of levels told of each bath.
  /// - Throws: `Refusal` where the theory refuses.
  func levelFlows(of model: Model<MediumType>, most: Int) throws(Refusal) -> LevelFlows
}

extension LevelSolver {
  fileprivate func levelFlows(of model: AnyModel, most: Int) throws(Refusal) -> LevelFlows? {
    guard let model = model.of(MediumType.self) else { return nil }
    return try levelFlows(of: model, most: most)
  }
}

extension SolverCatalogue {
  /// What goes on between the levels of a model.
  ///
  /// - Parameter most: pairs of levels told of each bath.
  /// - Throws: `Refusal` for a medium without levels, and where the theory refuses.
  package static func levelFlows(of model: AnyModel, most: Int = 6) throws(Refusal) -> LevelFlows {
    for solver in solvers {
      if let flows = try (solver as? any LevelSolver)?.levelFlows(of: model, most: most) { return flows }
    }
    throw Refusal(.davies, "a medium of kind \(model.medium.kind.key) has no levels")
  }
}

extension LindbladSolver: LevelSolver {
  func levelFlows(of model: QuantumBoxModel, most: Int) throws(Refusal) -> LevelFlows {
    let state = try daviesSteadyState(of: model)
    return LevelFlows(
      baths: model.attachments.enumerated().map { index, attachment in
        LevelFlows.Bath(
          name: attachment.name, equilibrium: state.equilibrium(temperature: attachment.bath.temperature),
          flows: state.heatByLevels(ofBath: index).prefix(most).map {
            LevelFlows.Flow(lower: $0.lower, upper: $0.upper, heat: $0.heat)
          })
      })
  }
}
