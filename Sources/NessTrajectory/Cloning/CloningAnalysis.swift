import NessModel
import NessStatistics

/// The generating function and the rate function from populations of clones.
///
/// The mean weight Z of a population is unbiased, its logarithm is not: ln Z grows as m t, its variance as v t, and
///
///     mu = m + v/2 + (third cumulant)/6 + ...
///
/// with v falling as one over the number of clones; v is seen in the error bar of m. A single clone would have v/2 as large as
/// mu(x) - x J; what it is of that tells how much the clones did.
///
/// What rare clones would have added, and no clone had, is not seen in a population. So every number is measured twice: of baths
/// with temperatures mu(x) = mu(x'), x + x' = 1/T_L - 1/T_R (Gallavotti and Cohen), and it is hard at other places x than x'. Where both
/// disagree nothing is answered.
struct CloningAnalysis {
  let populations: [ClonePopulation]
  /// Time of a batch of the record [time].
  let batch: Double
  /// Whether the noise of the baths is drawn as the tail has it; that of collisions and memories is weighed as it comes.
  let isWeighed: Bool
  /// What the time step may change, as a share of a heat.
  let shareOfTheStep: Double

  /// Share of the places around the middle that are told where noise is weighed as it comes: beyond, both sides may agree by chance, and z had a root mean
  /// square of 1.5 to 7.
  private static let innerShare = 0.7
  /// The largest share that the size of the populations may have of mu(x) - x J.
  static let mostShare = 0.1
  /// Errors by which two numbers for one may differ.
  static let mostDifference = 3.0

  /// mu and mu' at a place.
  private struct Point {
    let x: Double
    /// mu, its standard error, and what a few clones may leave of its bias [1/time].
    var (value, error, bias): (Double, Double, Double)
    /// v/2 [1/time].
    let correction: Double
    /// mu' and its standard error [energy/time].
    var (heat, heatError): (Double, Double)
    let samples: Double
  }

  func answer() -> Answer {
    var answer = Answer()
    let measured = populations.map(point)
    let known = measured.compactMap { $0 }
    // The mean current, between the places around x = 0.
    guard let below = known.last(where: { $0.x <= 0 }), let above = known.first(where: { $0.x >= 0 }) else {
      answer.notes.append(left(out: populations.count))
      return answer
    }
    let part = above.x > below.x ? -below.x / (above.x - below.x) : 0
    let current = below.heat * (1 - part) + above.heat * part
    let told = measured.map { point in point.flatMap { trusted($0, current) } }
    // Places mirror each other in their order.
    let points = told.indices.compactMap { index -> Point? in
      let distance = abs(Double(2 * index - (told.count - 1)))
      guard isWeighed || distance <= Self.innerShare * Double(told.count - 1) else { return nil }
      guard let point = told[index], let mirror = told[told.count - 1 - index] else { return nil }
      return joined(point, mirror)
    }
    if points.count < populations.count { answer.notes.append(left(out: populations.count - points.count)) }
    if points.isEmpty { return answer }
    answer.notes.append(
      "simulation: generatingFunction is measured twice, at places that mirror each other (Gallavotti and Cohen), by populations of "
        + "\(populations[0].sampling.clones) clones; both agree within \(Self.mostDifference.short) errors where it is given"
    )
    add(points, to: &answer)
    return answer
  }

  private func left(out count: Int) -> String {
    Note.warning(
      "simulation: generatingFunction and rateFunction are left out at \(count) of \(populations.count) places, where "
        + "\(populations[0].sampling.clones) clones tell the tail differently from both sides, or not at all: give more run.replicas or a "
        + "longer run.duration")
  }

  private func point(_ population: ClonePopulation) -> Point? {
    func mean(_ values: [Double]) -> BlockedMean? {
      let steps = zip(values.dropFirst(), values).map { ($0 - $1) / batch }
      return try? BlockedMean(of: ReplicaSeries(replicas: 1, batches: steps.count, values: steps))
    }
    guard let growth = mean(population.growth), let heat = mean(population.meanHeat) else { return nil }
    let time = batch * Double(population.growth.count - 1)
    let correction = 0.5 * growth.standardError * growth.standardError * time
    return Point(
      x: population.x, value: growth.mean + correction, error: growth.standardError, bias: 0, correction: correction,
      heat: heat.mean, heatError: heat.standardError, samples: growth.effectiveBlocks)
  }

  /// The point with what its clones may leave of a bias; nil if they did too little.
  private func trusted(_ point: Point, _ current: Double) -> Point? {
    if point.x == 0 { return point }
    let share = point.correction / (abs(point.value - point.x * current) + 2 * point.error)
    guard share <= Self.mostShare else { return nil }
    var point = point
    point.bias = 2 * share * point.correction
    return point
  }

  /// What both places that mirror each other tell of the first; nil if they disagree.
  private func joined(_ point: Point, _ mirror: Point) -> Point? {
    if point.x == mirror.x { return point }
    let error = (point.error * point.error + mirror.error * mirror.error).squareRoot()
    let difference = abs(point.value - mirror.value) - point.bias - mirror.bias
    if difference > Self.mostDifference * error { return nil }
    func weight(_ one: Double, _ other: Double) -> Double {
      let sum = one * one + other * other
      return sum > 0 ? other * other / sum : 0.5
    }
    var joined = point
    let own = weight(point.error, mirror.error)
    joined.value = own * point.value + (1 - own) * mirror.value
    joined.error = error > 0 ? point.error * mirror.error / error : 0
    joined.bias = own * point.bias + (1 - own) * mirror.bias
    let heat = weight(point.heatError, mirror.heatError)
    joined.heat = heat * point.heat - (1 - heat) * mirror.heat
    let heatError = (point.heatError * point.heatError + mirror.heatError * mirror.heatError).squareRoot()
    joined.heatError = heatError > 0 ? point.heatError * mirror.heatError / heatError : 0
    return joined
  }

  private func add(_ points: [Point], to answer: inout Answer) {
    func entry(_ family: Quantity.Family, _ axis: Answer.Axis, _ values: [Double], off: [Double]) -> Answer.Entry {
      .init(
        .all(family), .simulation, axes: [axis],
        zip(values, points).map { .statistical($0, standardError: $1.error, effectiveSamples: $1.samples) },
        budgets: zip(points, off).map { point, off in
          let size = abs(point.value) + abs(point.x * point.heat)
          return ErrorBudget(
            statistical: point.error, timeStep: .init(size * shareOfTheStep, .estimate), burnIn: .none,
            truncation: .init(point.bias + off, .measured))
        })
    }
    answer.entries.append(
      entry(
        .generatingFunction, .init("x", dimension: "1/energy", values: points.map(\.x)), points.map(\.value),
        off: points.map { _ in 0 }))
    // At a current that is off by d the curve is off by d²/(2 mu''), for (mu', x mu' - mu) moves along it; d is taken as two errors, for that is no
    // Gaussian error, and with one of them one in forty places was off by more than three of all errors.
    let off = points.indices.map { index -> Double in
      let (below, above) = (points[max(0, index - 1)], points[min(points.count - 1, index + 1)])
      let rise = abs(above.heat - below.heat)
      let error = points[index].heatError
      return rise > 0 ? 2 * error * error * (above.x - below.x) / rise : 0
    }
    answer.entries.append(
      entry(
        .rateFunction, .init("current", dimension: "energy/time", values: points.map(\.heat)),
        points.map { $0.x * $0.heat - $0.value }, off: off))
  }
}
