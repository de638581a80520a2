import NessModel

/// What the populations of all places x share.
final class CloningSampling: Sendable {
  /// The dynamics of every population, tilted by its counting fields, and what weighs its clones.
  let tilted: [(dynamics: NetworkDynamics, weights: TiltedWeights)]
  let seed: UInt64
  /// Variance of every site's velocity at the start [length²/time²].
  let velocityVariances: [Double]
  let displacements: [Double]
  /// The counting fields, population after population [1/energy].
  let places: [Double]
  /// Clones of a population, a multiple of 8.
  let clones: Int
  /// Ticks that are not measured, and ticks of a batch of the record.
  let (burnInTicks, ticksPerBatch): (Int, Int)
  /// What the sums over the channels of the two baths are in heat [energy].
  let units: [Double]

  /// Batches of the record of a population: as many as an error bar wants.
  static let batches = 64
  /// Steps after which weights are looked at.
  static let stepsPerLook = 8
  /// The share of the clones that the weights may leave before they are redrawn.
  static let leastShare = 0.5

  init(
    _ dynamics: NetworkDynamics, seed: UInt64, velocityVariances: [Double], displacements: [Double], places: [Double],
    clones: Int,
    burnInTicks: Int, ticksPerBatch: Int
  ) {
    precondition(
      clones % 8 == 0 && dynamics.bathed.baths.count == 2, "clones fill lanes, and heat flows between two baths")
    (self.seed, self.velocityVariances, self.displacements) = (seed, velocityVariances, displacements)
    (self.places, self.clones) = (places, clones)
    (self.burnInTicks, self.ticksPerBatch) = (burnInTicks, ticksPerBatch)
    units = [0, 1].map { dynamics.factor(ofChannel: dynamics.ledger.heat($0)) * dynamics.timeStep }
    let bathed = dynamics.bathed
    let baths = bathed.baths.map { (temperature: $0.law.temperature, friction: bathed.friction(of: $0)) }
    tilted = places.map { x in
      let fields = Self.fields(x, baths[0], baths[1])
      let (laws, weights) = dynamics.baths.tilted(by: [fields.left, fields.right]) { bathed.network.masses[$0] }
      return (NetworkDynamics(dynamics, baths: laws), weights)
    }
  }

  /// Fields x_L and x_R with the difference x. mu depends on that alone, for x_L Q_L + x_R Q_R and x Q differ by the energy that is stored;
  /// but the energy that a clone has tells how its weight will grow, unless
  ///
  ///     sum_b gamma_b x_b (T_b x_b - 1) = 0,
  ///
  /// where that vanishes for all that exchanges heat with both baths alike. Of the two solutions the one that is 0 at x = 0.
  private static func fields(
    _ x: Double, _ left: (temperature: Double, friction: Double), _ right: (temperature: Double, friction: Double)
  ) -> (left: Double, right: Double) {
    let friction = left.friction + right.friction
    guard friction > 0, friction.isFinite else { return (0.5 * x, -0.5 * x) }
    let (g, h) = (left.friction / friction, right.friction / friction)
    let square = g * left.temperature + h * right.temperature
    let linear = x * (g * left.temperature - h * right.temperature) - 1
    let constant = 0.25 * x * x * square - 0.5 * x * (g - h)
    let root = max(0, linear * linear - 4 * square * constant).squareRoot()
    // Without a difference of large numbers where both are of one sign.
    let shift = linear < 0 ? 2 * constant / (-linear + root) : (-linear - root) / (2 * square)
    return (shift + 0.5 * x, shift - 0.5 * x)
  }
}
