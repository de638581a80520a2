import NessModel
import NessStatistics

/// Estimates from the products of flows: every lag over all replicas, its error from leaving out one replica after the other.
struct CorrelationAnalysis {
  /// Time between two lags [time].
  private let interval: Double
  /// The highest angular frequency [1/time].
  private let frequency: Double
  private let timeStep: Double
  private let bonds: Int
  private let replicas: Int
  /// The correlation, lag after lag; then the same without one of the replicas.
  private let values: [Double]
  private let others: [[Double]]

  /// Lags without correlation that tell that it has decayed: five times the time of the fastest mode.
  private static let quiet = 20

  init(_ correlator: FlowCorrelator, interval: Double, timeStep: Double, frequency: Double) {
    (self.interval, self.timeStep, self.frequency) = (interval, timeStep, frequency)
    replicas = correlator.plan.replicas
    bonds = correlator.plan.series[0].width
    let count = Double(replicas)
    let means = (0..<replicas).map(correlator.mean)
    let products = (0..<replicas).map(correlator.products)
    // Moments about a mean of its own are free of what the square of a large mean would round away.
    let center = means.reduce(0, +) / count
    let shifted = means.map { $0 - center }
    func correlation(without left: Int?) -> [Double] {
      let kept = left == nil ? count : count - 1
      var (sum, squares) = (0.0, 0.0)
      for (replica, mean) in shifted.enumerated() where replica != left {
        sum += mean
        squares += mean * mean
      }
      let mean = sum / kept
      // < J >² is the square of the mean less the variance of that mean.
      let variance = max(0, squares / kept - mean * mean) / (kept - 1)
      let square = (center + mean) * (center + mean) - variance
      return (0..<correlator.lags).map { lag in
        var sum = 0.0
        for replica in 0..<products.count where replica != left { sum += products[replica][lag] }
        return sum / kept - square
      }
    }
    values = correlation(without: nil)
    others = (0..<replicas).map { correlation(without: $0) }
  }

  /// - Parameter temperatures: of the baths.
  func answer(temperatures: [Double]) -> Answer {
    var answer = Answer()
    let errors = values.indices.map { lag in error(of: values[lag]) { others[$0][lag] } }
    let times = values.indices.map { Double($0) * interval }
    let estimates = zip(values, errors).map {
      Estimate.statistical($0, standardError: $1, effectiveSamples: Double(replicas))
    }
    let budgets = values.indices.map { lag in
      ErrorBudget(
        statistical: errors[lag], timeStep: .init(stepBias(lag), .estimate), burnIn: .none,
        truncation: .init(smoothing(lag), .measured))
    }
    answer.entries.append(
      .init(
        .all(.currentCorrelation), .simulation, axes: [.init("time", dimension: "time", values: times)], estimates,
        budgets: budgets))
    if Set(temperatures).count == 1, let temperature = temperatures.first, temperature > 0 {
      addConductivity(temperature, errors, to: &answer)
    }
    return answer
  }

  private func error(of value: Double, without: (Int) -> Double) -> Double {
    let mean = (0..<replicas).reduce(0) { $0 + without($1) } / Double(replicas)
    let squares = (0..<replicas).reduce(0) { $0 + (without($1) - mean) * (without($1) - mean) }
    return (squares * Double(replicas - 1) / Double(replicas)).squareRoot()
  }

  /// What the step may change: two amplitudes, of the largest correlation about this time.
  private func stepBias(_ lag: Int) -> Double {
    let near = max(0, lag - 12)...min(values.count - 1, lag + 12)
    let size = values[near].reduce(0) { max($0, abs($1)) }
    return size
      * shareOfTheStep(power: 2, frequency: frequency, timeStep: timeStep, time: Double(lag) * interval)
  }

  /// What is lost where flows are means over a quarter of the interval: of a smooth curve the square of that over 12 times its second
  /// derivative; of one with a corner at no time a third of the fall.
  private func smoothing(_ lag: Int) -> Double {
    if lag == 0 { return abs(values[1] - values[0]) / 12 }
    let next = min(lag + 1, values.count - 1)
    return abs(values[next] - 2 * values[lag] + values[lag - 1]) / 192
  }

  // MARK: conductivity

  /// Green and Kubo's integral, from 0 to the time at which nothing is left of the correlation.
  private func addConductivity(_ temperature: Double, _ errors: [Double], to answer: inout Answer) {
    guard
      let end = values.indices.first(where: { lag in
        lag + Self.quiet <= values.count
          && (lag..<(lag + Self.quiet)).allSatisfy { abs(values[$0]) < 2 * errors[$0] + 1e-3 * values[0] }
      })
    else {
      answer.notes.append(
        Note.warning(
          "simulation: greenKuboConductivity: after \((Double(values.count) * interval).short) the flow is still correlated, so no time "
            + "ends the integral: ask for heatNoise, which over 2 T² is the conductance"))
      return
    }
    let unit = interval / (Double(bonds) * temperature * temperature)
    func integral(_ values: [Double], to end: Int) -> Double {
      unit * (values[0] / 2 + values[1..<max(1, end)].reduce(0, +))
    }
    let value = integral(values, to: end)
    let statistical = error(of: value) { integral(others[$0], to: end) }
    // What comes in as much time again, or in the quiet that follows.
    let further = min(values.count, max(2 * end, end + Self.quiet))
    let rest = integral(values, to: further) - value
    let size = integral(values.map(abs), to: end)
    // An integral over time knows no phases.
    let share = shareOfTheStep(power: 2, frequency: frequency, timeStep: timeStep, time: 0)
    answer.entries.append(
      .init(
        .all(.greenKuboConductivity), .simulation,
        .statistical(value, standardError: statistical, effectiveSamples: Double(replicas)),
        budget: ErrorBudget(
          statistical: statistical, timeStep: .init(size * share, .estimate), burnIn: .none,
          truncation: .init(rest, .measured))))
    answer.notes.append(
      "simulation: greenKuboConductivity integrates the correlation of the flow up to \((Double(end) * interval).short), from where on "
        + "nothing is seen of it")
  }
}
