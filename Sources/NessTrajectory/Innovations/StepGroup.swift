import NessMath

/// What the noise of some steps in a row tells about all heat to come, from the state before the first of them.
///
/// With the rows B of one step (`HeatInnovation`), the map M of a step and its noise N the innovations of the steps s of a group add up to
///
///     sum over s of  x_s · [ r_s · Z  +  sum over s' < s of D_(s-s') x_s' ],      r_s = B M^s,   D_n = B M^(n-1) N
///
/// where Z is the state before the first step and x_s the noise of step s, which has mean zero whatever was before: so has the sum,
/// for any weights. The rows change little from step to step, so a few polynomials of s stand for them, and the state is read a few times
/// in a group and not in every step.
struct StepGroup: Sendable {
  /// Steps in a group, which divides those of a tick.
  static let steps = 8
  /// Part of the squares of the rows that the polynomials may leave out. Where the variance falls 100 times this costs a hundredth of that.
  private static let neglected = 1e-4

  /// Weights on the state before the group: the coefficient of one polynomial, for the noise of one source.
  struct Reading: Sendable {
    /// The source among the forces that have a state, and behind them the sub-steps on momenta.
    let source: Int
    /// Degree of the polynomial.
    let degree: Int
    let row: HeatInnovation.Row
  }

  /// Products of the noise of two sources, or of one with itself.
  struct Products: Sendable {
    let later: Int
    let earlier: Int
    /// By the number of steps between them; 0 first.
    let weights: [Double]
  }

  let readings: [Reading]
  let products: [Products]
  /// Mean of all products.
  let mean: Double

  /// Values at the steps of a group of polynomials that are orthonormal there, by their degree.
  static let polynomials: [[Double]] = {
    var found: [[Double]] = []
    for degree in 0..<steps {
      var values = (0..<steps).map { step in
        let place = Double(2 * step + 1 - steps) / Double(steps)
        return (0..<degree).reduce(1) { power, _ in power * place }
      }
      // Twice, for the digits that the first time leaves.
      for _ in 0..<2 {
        for other in found {
          let share = zip(values, other).reduce(0) { $0 + $1.0 * $1.1 }
          values = zip(values, other).map { $0 - share * $1 }
        }
      }
      let size = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      found.append(values.map { $0 / size })
    }
    return found
  }()

  /// - Parameters:
  ///   - step: of the medium that stands for the one at hand, without collisions or particles.
  ///   - future: what is to come of the heat, over the state before a step and its noise.
  ///   - noises: where the noise of every source is among these.
  ///   - variances: of that noise in a step.
  ///   - units: of the components of the state in which numbers are near 1.
  ///   - row: makes weights on the state of their numbers.
  init(
    _ step: LinearStep, future: Matrix, noises: [Int], variances: [Double], units: [Double],
    row: (_ weights: [Double]) -> HeatInnovation.Row
  ) {
    let states = step.states
    let sources = noises.count
    var rows = Matrix(rows: sources, columns: states)
    var noise = Matrix(rows: states, columns: sources)
    for (source, place) in noises.enumerated() {
      for index in 0..<states {
        rows[source, index] = 2 * future[index, place]
        noise[index, source] = step.map[index, place]
      }
    }
    let map = step.map.leading(states)
    var courses: [Matrix] = []
    for _ in 0..<Self.steps {
      courses.append(rows)
      rows = rows * map
    }
    readings = Self.readings(courses, variances, units, row)
    let after = courses.map { $0 * noise }
    var (products, mean): ([Products], Double) = ([], 0)
    for later in 0..<sources {
      for earlier in 0..<sources {
        let together = future[noises[later], noises[earlier]]
        // In one step the order of two sources does not matter: counted once.
        let first = later == earlier ? together : later > earlier ? 2 * together : 0
        let weights = [first] + after.prefix(Self.steps - 1).map { $0[later, earlier] }
        if later == earlier { mean += Double(Self.steps) * variances[later] * first.inSinglePrecision }
        products.append(Products(later: later, earlier: earlier, weights: weights.map(\.inSinglePrecision)))
      }
    }
    func size(_ product: Products) -> Double {
      product.weights.reduce(0) { $0 + $1 * $1 } * variances[product.later] * variances[product.earlier]
    }
    let limit = Self.neglected / Double(sources) * products.reduce(0) { $0 + size($1) }
    // The squares were counted in the mean.
    self.products = products.filter { $0.later == $0.earlier || size($0) > limit / Double(sources) }
    self.mean = mean
  }

  /// The fewest polynomials for every source that leave out no more than is allowed.
  ///
  /// - Parameter courses: the rows of all sources in each step.
  private static func readings(
    _ courses: [Matrix], _ variances: [Double], _ units: [Double], _ row: ([Double]) -> HeatInnovation.Row
  ) -> [Reading] {
    func size(_ weights: [Double], _ source: Int) -> Double {
      variances[source] * zip(weights, units).reduce(0) { $0 + ($1.0 * $1.1) * ($1.0 * $1.1) }
    }
    func weights(_ step: Int, _ source: Int) -> [Double] { units.indices.map { courses[step][source, $0] } }
    let whole = variances.indices.map { source in
      (0..<steps).reduce(0) { $0 + size(weights($1, source), source) }
    }
    let limit = neglected * whole.reduce(0, +) / Double(variances.count)
    var readings: [Reading] = []
    for source in variances.indices {
      var rest = whole[source]
      for (degree, polynomial) in polynomials.enumerated() where rest > limit {
        var sum = [Double](repeating: 0, count: units.count)
        for step in 0..<steps {
          sum = zip(sum, weights(step, source)).map { $0 + polynomial[step] * $1 }
        }
        readings.append(Reading(source: source, degree: degree, row: row(sum)))
        rest -= size(sum, source)
      }
    }
    return readings
  }
}
