import NessModel
import NessSampling

/// What is recorded of the particles of a box.
package struct RecordedFlights: Sendable {
  /// What is recorded; the interval is the time that was asked for, since nothing here has steps.
  package let plan: SeriesPlan
  let quantities: [RecordedQuantity]

  /// - Parameters:
  ///   - request: what is asked.
  ///   - model: of what.
  ///   - settings: of the run.
  ///   - isOpen: whether nobody knows how long the run will take, for it ends at an error.
  /// - Throws: `Refusal` if what is asked cannot be recorded.
  package init(
    _ request: RecordRequest, of model: BoxModel, _ settings: KineticSettings, isOpen: Bool
  ) throws(Refusal) {
    if request.sites != nil {
      throw RecordRequest.refusal("sites", "a box has no sites; its particles are recorded all: leave it out")
    }
    let particles = SeriesPlan.Axis("particle", (1...model.medium.particles).map { "\($0)" })
    var series: [SeriesPlan.Series] = []
    for quantity in request.quantities {
      guard let meaning = Self.meaning(of: quantity) else {
        throw RecordRequest.refusal(
          "quantities",
          "\(quantity.rawValue) is none of a box: heatFrom, position, velocity, kineticTemperature and kineticEnergy are"
        )
      }
      let axis = quantity == .heatFrom ? SeriesPlan.Axis("bath", model.attachments.map(\.name)) : particles
      series.append(.init(quantity.rawValue, dimension: quantity.dimension, meaning: meaning, axis: axis))
    }
    let samples = try request.samples(
      interval: request.every, duration: settings.duration, replicas: settings.replicas, isOpen: isOpen)
    plan = SeriesPlan(
      series: series, replicas: request.replicas, interval: request.every, samples: samples)
    quantities = request.quantities
  }

  /// What the numbers of a quantity are; nil if a box has none.
  private static func meaning(of quantity: RecordedQuantity) -> String? {
    switch quantity {
    case .heatFrom: "heat from the wall into the particles since the sample before, over the time between"
    case .position: "distance of the middle of the particle from the left wall"
    case .velocity: "velocity of the particle, positive to the right"
    case .kineticTemperature: "m v² of the particle, whose mean is its kinetic temperature"
    case .kineticEnergy: "m v²/2 of the particle"
    case .bondHeatCurrent, .potentialEnergy, .particles: nil
    }
  }
}
