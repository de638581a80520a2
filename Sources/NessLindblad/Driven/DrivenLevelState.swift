import NessMath
import NessModel
import NessStatistics

/// The periodic state of a driven system of levels: ever shorter steps, extrapolated to steps of no length.
struct DrivenLevelState {
  /// Heat from every bath per time [energy/time].
  let heats: [Estimate]
  /// Work of the drive per time [energy/time].
  let power: Estimate
  /// Mean energy [energy].
  let energy: Estimate
  /// Entropy produced in the baths per time, where that is finite [1/time].
  let entropyProduction: Estimate?
  /// By how much the slowest deviation shrinks in a period.
  let radius: Double

  /// Steps of the levels of the extrapolation, in units of the first.
  private static let refinements = [1, 2, 3, 4, 6, 8, 12, 16, 24]
  private static let tolerance = 1e-11
  /// Most that is computed, in products of numbers.
  private static let mostWork = 6e10
  /// What setting up an equation takes, in products of numbers.
  private static let workOfAMoment = 1e5

  private static func work(_ motion: DrivenLevelMotion, first: Double) -> Double {
    let size = Double(motion.count)
    return first * Double(refinements.reduce(0, +)) * (2 * workOfAMoment + 12 * size * size * size)
  }

  /// Numbers that were extrapolated, and what they are worth.
  private struct Extrapolation {
    let values: [Double]
    let errors: [Double]
    let isSettled: Bool
    let last: DrivenLevelPeriod
    /// The largest error over the size of what its number is made of.
    var inaccuracy: Double { zip(errors, last.sizes).reduce(0) { max($0, $1.1 > 0 ? $1.0 / $1.1 : 0) } }
  }

  private static func extrapolation(
    _ motion: DrivenLevelMotion, first: Int, _ watch: WorkWatch
  ) throws -> Extrapolation {
    var scheme = StepExtrapolation(refinements)
    let whole = Double(refinements.reduce(0, +))
    var (done, found): (Double, Extrapolation?) = (0, nil)
    for refinement in refinements {
      let part = watch.part(from: done / whole, to: (done + Double(refinement)) / whole)
      done += Double(refinement)
      let period = try DrivenLevelPeriod(motion, steps: first * refinement, part)
      scheme.add(period.means)
      guard scheme.levels > 3, let best = scheme.best else { continue }
      let memory = (1 / max(1e-16, 1 - period.radius)).rounded(.down, bits: 20)
      let rounding = period.rounding * (1 + memory) + 1e-15 * Double(first * refinement).squareRoot()
      let errors = zip(best.changes, period.sizes).map { $0 + rounding * $1 }
      let isSettled = errors.indices.allSatisfy { errors[$0] <= (tolerance + 2 * rounding) * period.sizes[$0] }
      found = Extrapolation(values: best.values, errors: errors, isSettled: isSettled, last: period)
      if isSettled { break }
    }
    guard let found else { preconditionFailure("no level was extrapolated") }
    return found
  }

  /// The first bath whose spectrum is infinite at the frequency 0.
  private static func infiniteBath(_ motion: DrivenLevelMotion) -> String? {
    motion.model.attachments.first { attachment in
      guard case .thermal(let law) = attachment.bath else { return false }
      return !law.rate(ofGiving: 0, hbar: motion.model.medium.system.hbar).isFinite
    }?.name
  }

  /// - Throws: `Refusal`; `QuadratureError.stopped`.
  init(_ motion: DrivenLevelMotion, _ watch: WorkWatch) throws {
    var first = max(8, (motion.period * motion.fastest).rounded(.up))
    guard Self.work(motion, first: first) < Self.mostWork else {
      throw Refusal(
        motion.method,
        "the period \(motion.period.short) is \((first / (2 * .pi)).short) turns of the fastest coherence of "
          + "\(motion.diagonal.count) levels, more than is computed: take a shorter period or fewer levels")
    }
    var (known, start): (Extrapolation?, Double) = (nil, 0)
    // A drive with corners needs short steps.
    while Self.work(motion, first: first) < Self.mostWork {
      let end = start + 0.5 * (1 - start)
      let found = try Self.extrapolation(motion, first: Int(first), watch.part(from: start, to: end))
      if known.map({ found.inaccuracy < $0.inaccuracy }) ?? true { known = found }
      if found.isSettled { break }
      // What is infinite where levels meet does not settle with shorter steps.
      if found.inaccuracy > 1e-3, Self.infiniteBath(motion) != nil { break }
      (start, first) = (end, 4 * first)
    }
    guard let known, known.inaccuracy <= 1e-6 else {
      throw Refusal(
        motion.method,
        Self.infiniteBath(motion).map {
          "its numbers did not settle with the step: the spectrum of bath \($0) is infinite at the frequency 0, which levels reach that meet on the "
            + "way; ohmic is not"
        }
          ?? "its numbers did not settle with the step: a formula of the drive may have corners, or levels meet on the way"
      )
    }
    let (best, errors, last) = (known.values, known.errors, known.last)
    let estimates = zip(best, errors).map { Estimate.numerical($0, bound: 2 * $1) }
    let baths = motion.model.attachments.count
    (heats, energy) = (Array(estimates[..<baths]), estimates[baths + 1])
    entropyProduction = estimates.count > baths + 2 ? estimates[baths + 2] : nil
    radius = last.radius
    // Nothing above uses the first law, so it is a check. What holds, and is known better by it, is told by it.
    let work = estimates[baths]
    let (given, bound) = (heats.reduce(0) { $0 + $1.value }, heats.reduce(0) { $0 + $1.error })
    if abs(given + work.value) > 4 * (bound + work.error) {
      throw Refusal(
        motion.method,
        "the first law is broken: heats and power add up to \((given + work.value).text(digits: 3)), not to 0 within "
          + "\((bound + work.error).text(digits: 2))")
    }
    power = bound < work.error ? .numerical(-given, bound: bound) : work
  }
}
