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

  /// - Parameter most: pairs of levels told of each bath.
  /// - Throws: `Refusal` for a medium without levels, and where the theory refuses.
  package init(_ model: AnyModel, most: Int = 6) throws(Refusal) {
    guard let box = model.quantumBox else {
      throw Refusal(.davies, "a medium of kind \(model.medium.kind.key) has no levels")
    }
    let state = try daviesSteadyState(of: box)
    baths = box.attachments.enumerated().map { index, attachment in
      Bath(
        name: attachment.name, equilibrium: state.equilibrium(temperature: attachment.bath.temperature),
        flows: state.heatByLevels(ofBath: index).prefix(most).map {
          Flow(lower: $0.lower, upper: $0.upper, heat: $0.heat)
        })
    }
  }
}
