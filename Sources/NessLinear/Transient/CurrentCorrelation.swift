import NessMath
import NessModel
import NessStatistics

/// The correlation in time of the total flow J = sum over bonds of -(k/2)(v_i + v_j)(q_j - q_i), from left to right, in the steady
/// state of a harmonic chain. J is a quadratic form x^T B x of a Gaussian process, so by Wick's theorem
///
///     < dJ(t) dJ(0) > = 2 tr( B K B K^T ),    K = < x(t) x(0)^T > = exp(A t) C
///
/// - Accuracy: bounds of the covariance C, whose residual over the slowest rate is its error, and of the products.
/// - Complexity: O(6 n³) for every time.
/// - Source: `Documentation/Theory/time.md`.
/// - Checked by: two sites in equilibrium, the variance at t = 0, integration in small steps (CurrentCorrelationTests).
package struct CurrentCorrelation {
  /// Times [time].
  let times: [Double]
  /// Values [energy²/time²].
  let values: [Estimate]

  private static let count = 400
  /// Time between two values in units of that of the fastest mode.
  package static let step = 0.25

  /// Time between two values for a chain, as `LinearSolver` answers it; nil where the chain is not linear [time].
  package static func interval(of model: ChainModel) -> Double? {
    guard model.linearityReason == nil else { return nil }
    return interval(unit: HarmonicNetwork(model, withMemory: false).frequencyUnit)
  }

  /// Time between two values [time].
  ///
  /// - Parameter unit: the highest angular frequency [1/time].
  package static func interval(unit: Double) -> Double { (step / unit).rounded(.down, bits: 6) }

  /// - Throws: `Refusal` where a mode is dark; `LinearAlgebraError`.
  init(_ network: HarmonicNetwork, by method: Method, _ watch: WorkWatch) throws {
    let dynamics = try ModeDynamics(network)
    if let reason = dynamics.modes.darkReason { throw Refusal(method, "currentCorrelation: \(reason)") }
    let (unit, order, count) = (network.frequencyUnit, dynamics.drift.rows, dynamics.count)
    let diffusion = dynamics.diffusion
    let covariance = try StableSystem(drift: dynamics.drift).covariance(diffusion: diffusion)
    let (sites, modes) = (network.sites, dynamics.modes)
    let roots = network.masses.map { $0.squareRoot() }
    // J = sum_kl (w a)_k S_kl b_l, and B is its symmetric part.
    var form = Matrix(rows: order, columns: order)
    for bond in network.bonds {
      for row in modes.freeModes..<count {
        let strain =
          modes.vectors[row * sites + bond.second] / roots[bond.second]
          - modes.vectors[row * sites + bond.first] / roots[bond.first]
        let stretched = strain / (unit * modes.frequencies[row])
        for column in 0..<count {
          let speed =
            modes.vectors[column * sites + bond.first] / roots[bond.first]
            + modes.vectors[column * sites + bond.second] / roots[bond.second]
          let part = -0.25 * bond.stiffness * stretched * speed
          form[row - modes.freeModes, dynamics.velocity(column)] += part
          form[dynamics.velocity(column), row - modes.freeModes] += part
        }
      }
    }
    let interval = Self.interval(unit: unit)
    let propagator = try MomentPropagator(
      drift: dynamics.drift, diffusion: diffusion, forms: [], time: unit * interval, shouldStop: watch.shouldStop)
    let half = dynamics.drift * covariance
    let residual = (half + half.transposed + diffusion).largestElement
    let slowest = try eigenvalues(dynamics.drift).reduce(Double.infinity) { min($0, abs($1.real)) }
    let largest = covariance.largestElement
    let relative = Double(order) * (residual + 4.5e-16 * largest) / slowest / largest
    var (kernel, found) = (covariance, [Estimate]())
    var variance = 0.0
    for index in 0..<Self.count {
      if watch.shouldStop() { throw QuadratureError.stopped }
      let value = 2 * Self.trace(form * kernel, (form * kernel.transposed))
      if index == 0 { variance = value }
      let bound = variance * (4 * relative + 9e-16 * Double(order) * Double(index + propagator.doublings + 8))
      found.append(.numerical(value, bound: bound))
      kernel = propagator.flow * kernel
    }
    times = (0..<Self.count).map { Double($0) * interval }
    values = found
  }

  /// tr(X Y).
  private static func trace(_ one: Matrix, _ other: Matrix) -> Double {
    var sum = 0.0
    for row in 0..<one.rows {
      for column in 0..<one.columns { sum += one[row, column] * other[column, row] }
    }
    return sum
  }
}

extension LinearSolver {
  /// What is offered of the correlation of the flow.
  static func correlationOffers(for model: ChainModel) -> [Offer] {
    let equations =
      2 * model.medium.sites + model.attachments.reduce(0) { $0 + $1.bath.linear.frictionKernel.terms.count }
    let reason =
      model.medium.sites < 2
      ? "one site has no bond"
      : equations > LinearTransient.mostEquations
        ? "\(equations) equations of motion are more than the \(LinearTransient.mostEquations) that are followed" : nil
    return [Offer(.currentCorrelation, work: Double(model.medium.sites * model.medium.sites), unless: reason)]
  }

  /// Adds the correlation of the flow if it is asked for.
  func addCorrelation(
    _ wanted: Set<Quantity.Family>, of model: ChainModel, _ method: Method, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    guard wanted.contains(.currentCorrelation), model.medium.sites > 1 else { return }
    let found = try CurrentCorrelation(HarmonicNetwork(model, withMemory: method == .memory), by: method, watch)
    let axis = Answer.Axis("time", dimension: "time", values: found.times)
    answer.entries.append(.init(.all(.currentCorrelation), method, axes: [axis], found.values))
  }
}
