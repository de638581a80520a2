/// The derivative of smooth functions of one number with bounds on its error, from their values alone: central differences of
/// ever smaller steps, extrapolated to step 0.
///
/// The first step is chosen by what it changes, not by the size of the number: so it has the dimension of the number, and a
/// number that is 0 has one as well. Of functions that are linear or quadratic the difference is exact, and only rounding is
/// left.
///
/// - Source: Romberg's extrapolation; Ridders, Adv. Eng. Softw. 4, 75 (1982) for the error.
/// - Checked by: derivatives in closed form (ParameterDerivativeTests).
package struct ParameterDerivative: Sendable {
  /// The derivatives of all functions.
  package private(set) var values: [Double]
  /// Bounds on their errors.
  package private(set) var errors: [Double]

  /// Steps of the extrapolation, each half of the one before.
  private static let steps = 6
  /// What the first step changes of the function that changes most, relative to its scale.
  private static let wanted = 1.0 / 16...0.5
  private static let mostTries = 400
  /// What is more than rounding changes, relative to the scales.
  private static let clear = 1e-9
  private static let trials = 4
  /// Relative errors with which no smaller steps are tried.
  private static let fine = 1e-9

  /// - Parameters:
  ///   - point: where.
  ///   - scales: for every function a size relative to which its rounding and its change count; not 0 where it changes.
  ///   - noise: bounds on the errors of the values; nil for those of rounding.
  ///   - functions: their values at a number, as many as scales; nil where they are not defined.
  /// - Returns: nil if they are not defined at the point or on neither side of it.
  package init?(
    at point: Double, scales: [Double], noise: [Double]? = nil, of functions: (Double) -> [Double]?
  ) {
    guard let center = functions(point) else { return nil }
    precondition(center.count == scales.count, "\(center.count) functions and \(scales.count) scales")
    values = Array(repeating: 0, count: center.count)
    errors = values
    /// The largest change relative to the scales; nil where the functions are not defined.
    func change(_ step: Double) -> Double? {
      guard let there = functions(point + step) else { return nil }
      var largest = 0.0
      for index in center.indices {
        let difference = abs(there[index] - center[index])
        if difference.isNaN { return nil }
        if difference > 0 { largest = max(largest, scales[index] > 0 ? difference / scales[index] : .infinity) }
      }
      return largest
    }
    guard let first = Self.firstStep(point, change) else { return nil }
    // Nothing changes, however large the step.
    if first.step == 0 { return }
    errors = Array(repeating: .infinity, count: center.count)
    var step = first.step
    let slopes = scales.map { $0 / abs(first.step) }
    for _ in 0..<Self.trials {
      set(point, step, isCentral: first.isCentral, center, scales, noise, slopes, functions)
      // A kink within the steps shows in the errors.
      let isFine = center.indices.allSatisfy { errors[$0] <= Self.fine * max(abs(values[$0]), slopes[$0]) }
      if isFine { break }
      step /= 64
    }
  }

  /// A step that changes enough and not too much, on both sides if the functions are defined there; 0 if nothing changes.
  private static func firstStep(
    _ point: Double, _ change: (Double) -> Double?
  ) -> (step: Double, isCentral: Bool)? {
    var step = point == 0 ? 1 : abs(point).binade / 4
    /// The change on the sides that there are.
    func changes(_ step: Double) -> (largest: Double, isCentral: Bool, sign: Double)? {
      let (above, below) = (change(step), change(-step))
      guard let one = above ?? below else { return nil }
      return (max(one, below ?? one), above != nil && below != nil, above != nil ? 1 : -1)
    }
    /// Whether every smaller step was too small.
    var isFloor = false
    var wasCentral = false
    var (found, last): ((step: Double, isCentral: Bool)?, Double) = (nil, 0)
    for _ in 0..<mostTries {
      let here = changes(step)
      // The edge of what is possible is kept away from while there is room on both sides.
      if let here, !(wasCentral && !here.isCentral), here.largest <= wanted.upperBound {
        if here.largest >= wanted.lowerBound { return (here.sign * step, here.isCentral) }
        // Four times the step and hardly more of a change: what is wanted is never reached, and this is too far.
        if let found, last > clear, here.largest < 2 * last { return found }
        last = here.largest
        found = here.largest > 0 ? (here.sign * step, here.isCentral) : found
        wasCentral = here.isCentral
        isFloor = true
        step *= 4
      } else {
        if isFloor {
          let isEdge = here.map { wasCentral && !$0.isCentral } ?? true
          return found ?? (isEdge ? (0, true) : nil)
        }
        step /= 4
      }
      if !(step < 1e300) { return found ?? (0, true) }
      // Below the rounding of the number there is nothing beside it.
      if !(step > 1e-300), point == 0 { return nil }
      if point != 0, point + step == point || point - step == point { return nil }
    }
    return found
  }

  private mutating func set(
    _ point: Double, _ step: Double, isCentral: Bool, _ center: [Double], _ scales: [Double], _ noise: [Double]?,
    _ slopes: [Double], _ functions: (Double) -> [Double]?
  ) {
    var rows: [[[Double]]] = []
    var bends: [[Double]] = []
    var roundings: [[Double]] = []
    var best = errors
    var width = step
    for level in 0..<Self.steps {
      let (above, below) = (point + width, isCentral ? point - width : point)
      let base = isCentral ? functions(below) : center
      guard let high = functions(above), let base else { break }
      let span = above - below
      if isCentral { bends.append(center.indices.map { (high[$0] + base[$0] - 2 * center[$0]) / width }) }
      var row = [center.indices.map { (high[$0] - base[$0]) / span }]
      roundings.append(
        center.indices.map { index in
          if let noise { return 2 * noise[index] / abs(span) }
          return high[index] == base[index] ? 0 : 4 * .ulpOfOne * max(abs(center[index]), scales[index]) / abs(span)
        })
      // Errors are a series in the step, of central differences in its square.
      var factor = isCentral ? 4.0 : 2.0
      for column in 0..<level {
        let (last, before) = (row[column], rows[level - 1][column])
        row.append(center.indices.map { last[$0] + (last[$0] - before[$0]) / (factor - 1) })
        for index in center.indices {
          let error =
            2 * max(abs(row[column + 1][index] - last[index]), abs(row[column + 1][index] - before[index]))
            + (isCentral ? 2 : 8) * roundings[level][index]
          if error < best[index] {
            best[index] = error
            values[index] = row[column + 1][index]
          }
        }
        factor *= isCentral ? 4 : 2
      }
      rows.append(row)
      width /= 2
    }
    errors = best
    // What noise makes of the differences below.
    let unsure = noise.map { $0.map { 64 * $0 / abs(2 * width) } } ?? slopes.map { _ in 0 }
    addKinks(bends, slopes, unsure)
  }

  /// A kink at the number itself leaves central differences alone: there the difference of the slopes on both sides, which is odd in
  /// the step, does not go to 0 with it.
  private mutating func addKinks(_ bends: [[Double]], _ slopes: [Double], _ unsure: [Double]) {
    guard bends.count >= 3 else { return }
    let last = bends.suffix(3).map { $0 }
    for index in slopes.indices {
      let first = 2 * last[1][index] - last[0][index]
      let second = 2 * last[2][index] - last[1][index]
      let kink = abs((8 * second - first) / 7)
      if kink > 1e-5 * slopes[index] + unsure[index] { errors[index] = max(errors[index], kink) }
    }
  }
}
