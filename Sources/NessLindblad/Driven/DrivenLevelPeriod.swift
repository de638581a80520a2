import NessMath
import NessModel

/// Means of a driven system of levels over a period in its periodic state, in steps.
///
/// One step is the exponential of Magnus's series of fourth order, from G and R at the points of Gauss, by a Padé approximant: symmetric in
/// time, so every mean is a series in the square of the step.
///
/// - Source: Blanes, Casas, Oteo, Ros, Phys. Rep. 470, 151 (2009), section 4; `Documentation/Theory/driving.md`.
struct DrivenLevelPeriod {
  /// Means of the sums of `DrivenLevelMotion` over the period [per time].
  let means: [Double]
  /// By how much the slowest deviation shrinks in a period; 1 if one does not.
  let radius: Double
  /// Sizes that the means are made of, and what rounding is a share of.
  let sizes: [Double]
  let rounding: Double

  /// - Throws: `Refusal` without a unique periodic state; `QuadratureError.stopped`.
  init(_ motion: DrivenLevelMotion, steps: Int, _ watch: WorkWatch) throws {
    let (count, sums) = (motion.count, motion.sums)
    let step = motion.period / Double(steps)
    var flow = Matrix.identity(count)
    var total = Matrix(rows: sums, columns: count)
    var sizes = [Double](repeating: 0, count: sums)
    var rounding = 0.0
    let shift = 3.0.squareRoot() / 6
    for index in 0..<steps {
      if watch.shouldStop() { throw QuadratureError.stopped }
      let start = step * Double(index)
      let first = try motion.moment(at: start + (0.5 - shift) * step)
      let second = try motion.moment(at: start + (0.5 + shift) * step)
      for place in 0..<sums { sizes[place] = max(sizes[place], first.sizes[place], second.sizes[place]) }
      rounding = max(rounding, first.rounding, second.rounding)
      let (mean, turn) = (0.5 * step, 3.0.squareRoot() / 12 * step * step)
      let whole =
        mean * (first.flow + second.flow)
        + turn * (second.flow * first.flow - first.flow * second.flow)
      let rows =
        mean * (first.sums + second.sums)
        + turn * (second.sums * first.flow - first.sums * second.flow)
      // exp X = 1 + D^-1 X and (exp X - 1)/X = D^-1 with D = 1 - X/2 + X²/12.
      let denominator = try DenseFactors(.identity(count) - 0.5 * whole + (1.0 / 12) * (whole * whole))
      total = total + denominator.solution(of: rows.transposed, isTransposed: true).transposed * flow
      flow = flow + denominator.solution(of: whole * flow)
      watch.report(index, of: steps)
    }
    // The state that a period leaves as it is, of trace 1.
    var equations = flow - .identity(count)
    let unit = max(equations.largestElement, .leastNormalMagnitude).binade
    equations = (1 / unit) * equations
    let row = motion.diagonal[0]
    for column in 0..<count { equations[row, column] = 0 }
    for place in motion.diagonal { equations[row, place] = 1 }
    var right = [Double](repeating: 0, count: count)
    right[row] = 1
    let state = try LevelState.factors(equations, motion.method).solution(of: right)
    means = (0..<sums).map { sum in
      (0..<count).reduce(0) { $0 + total[sum, $1] * state[$1] } / motion.period
    }
    let moduli = try eigenvalues(flow).map { ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot() }.sorted(
      by: >)
    radius = moduli.count > 1 ? moduli[1] : 0
    (self.sizes, self.rounding) = (sizes, rounding)
  }
}
