import Foundation
import NessFiles
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStudy

/// The claims of the paper, judged by the simulated points, less the known bias of their time step. What is claimed of
/// several curves is judged for each of them.
struct KrekelsClaims {
  let bench: Workbench
  let quality: Quality
  let seed: UInt64

  /// Claims that the given figures allow to judge.
  func claims(for figures: Set<String>) throws -> [Report.Claim] {
    var claims: [Report.Claim] = []
    if figures.contains("2a") { claims.append(try meanForceSoftens()) }
    if figures.contains("2b") { claims += [try frictionFallsAsSquare(), try frictionIsThatOfTheFormula()] }
    if figures.contains("3a") || figures.contains("3b") {
      let frictions = KrekelsParameters.particleFrictions
      claims += try frictions.map(currentVanishes) + frictions.map(currentFalls) + frictions.map(maximumBetween)
      claims += [try slowParticlesNeedMemory(), try memoryHolds()]
    }
    if figures.contains("4a") {
      claims += try KrekelsParameters.springConstants.map(negativeConductivity) + [try nonmonotonicBelow()]
    }
    if figures.contains("4b") { claims.append(try linearInRightTemperature()) }
    if figures.contains("causes") { claims.append(try frictionMakesItFall()) }
    return claims
  }

  typealias Point = (x: Double, y: Double, error: Double)

  /// Significance from which a fall or a rise is beyond the doubt that a reproduction allows.
  static let significance = Agreement.significance

  // MARK: single probe

  private func meanForceSoftens() throws -> Report.Claim {
    let figure = try MeanForceFigure(quality: quality, seed: seed).figure(bench)
    let bias = MeanForceFigure.timeStepTolerance
    let scores = figure.ratios.flatMap(\.points).map { (abs($0.y - 1) - bias) / ($0.error ?? 1) }
    let warm = figure.curves.first { $0.role == .simulation && $0.family == figure.ratios.count - 1 }?.points ?? []
    let bath = KrekelsParameters.bath(temperature: 5, coupling: KrekelsParameters.weakCoupling)
    let frozen = FrozenBath(bath)
    let pairs = try warm.map { point in
      (x: try frozen.meanForce(atDisplacement: point.x) / bath.coupling, y: point.y, error: point.error ?? 1)
    }
    guard let fit = LineFit(pairs) else { return Self.tooFew(Self.force) }
    let scale = Agreement(value: fit.slope, error: fit.slopeError, expected: 1, tolerance: 0.02)
    return .init(
      statement: Self.force, verdict: scale.verdict,
      evidence: """
        The measured force at T_L = 5 against the exact one at the same q, whose slope at q = 0 is that of the formula \
        (`ness verify`): slope \(scale.words), by a line through \(pairs.count) points. The force grows with q, so the bath \
        pushes outward, which lowers the stiffness, while the paper's k_eff raises it. Over all \(scores.count) points the \
        forces depart from the exact average by at most \(max(0, scores.max() ?? 0).text(digits: 2)) standard errors beyond the \
        step bias of \((100 * bias).short) % that was allowed.
        """)
  }

  private static let force =
    "At weak coupling the mean force is −ελ plus a part proportional to q that corrects the stiffness."

  private func friction() throws -> [Point] {
    let figure = EffectiveFrictionFigure(quality: quality, seed: seed)
    return try figure.temperatures.map { temperature in
      let friction = try bench.result(figure.job(temperature))[0]
      return (x: temperature, y: friction.value, error: friction.error)
    }
  }

  private func frictionFallsAsSquare() throws -> Report.Claim {
    let statement = "The effective friction falls as T_L^{−2} at high temperature."
    guard let law = TailPowerLaw(try friction()) else { return Self.noTail(statement) }
    let exponent = Agreement(value: law.exponent, error: law.error, expected: -2, tolerance: 0.1)
    return .init(
      statement: statement, verdict: exponent.verdict,
      evidence: "Exponent of the friction from the ring-down: \(exponent.words); \(law.window); \(TailPowerLaw.rule). "
        + "It says nothing beyond T_L = \(law.range.upperBound.short).")
  }

  private func frictionIsThatOfTheFormula() throws -> Report.Claim {
    let ratios = try friction().map { point -> Point in
      let formula = KrekelsParameters.bath(temperature: point.x).frictionKernel.markovFriction
      return (x: point.x, y: point.y / formula, error: point.error / formula)
    }
    // The kick leaves weak coupling where ε q F is not small beside T_L; q is about 50 at first.
    let hot = ratios.filter { point in
      let bath = KrekelsParameters.bath(temperature: point.x)
      return bath.coupling * KrekelsParameters.initialVelocity * bath.forceVariance.squareRoot() <= 0.5 * point.x
    }
    let mean = Self.mean(hot)
    let test = Agreement(value: mean.value, error: mean.error, expected: 1, tolerance: 0.05)
    let coldest = ratios.first.map { " At T_L = \($0.x.short) it is \($0.y.text(error: $0.error))." } ?? ""
    return .init(
      statement: "At high temperature the effective friction agrees with the formula.", verdict: test.verdict,
      evidence: "Ring-down over formula, mean of the \(hot.count) points at which the kick of v(0) = 50 is weak, "
        + "ε q (Var F)^{1/2} ≤ T_L/2 at q = 50 (T_L ≥ \((hot.first?.x ?? .infinity).short)): \(test.words).\(coldest)")
  }

  // MARK: causes of the fall

  /// Beyond the maximum the part of the friction outweighs that of the bias, and what the simulation cannot tell apart is small.
  private func frictionMakesItFall() throws -> Report.Claim {
    let statement =
      "The current falls because the bath lets go: its friction falls faster with T_L than the temperature difference grows."
    let figure = CausesFigure(quality: quality, seed: seed)
    let right = KrekelsParameters.rightTemperature
    // The fall from the hottest but one region: over the last third of the simulated points.
    let points = try figure.curve().corrected(bench).filter { $0.x > 3 * right }
    guard let first = points.first, let last = points.last, points.count > 2 else { return Self.tooFew(statement) }
    let step = last.x - first.x
    let error = (first.error * first.error + last.error * last.error).squareRoot() / step
    let total = (last.y - first.y) / step
    // The mean of the bias over the range, by the trapezoid rule over the simulated points.
    let biases = points.map { (x: $0.x, y: $0.y / ($0.x - right), error: $0.error / ($0.x - right)) }
    var (bias, variance) = (0.0, 0.0)
    for index in biases.indices {
      let before = index > 0 ? biases[index].x - biases[index - 1].x : 0
      let after = index + 1 < biases.count ? biases[index + 1].x - biases[index].x : 0
      let weight = 0.5 * (before + after) / step
      bias += weight * biases[index].y
      variance += weight * weight * biases[index].error * biases[index].error
    }
    let rest = total - bias
    let restError = (error * error + variance).squareRoot()
    let sigmas = -rest / restError
    let falls = total < -Self.significance * error
    let middle = (first.x * last.x).squareRoot()
    let model = try SpringConstantFigure(quality: quality, seed: seed).model(KrekelsParameters.springConstant)(middle)
    let parts = try ["bias", "friction", "stiffness", "memory"].map { cause in
      "\(cause) \((try CausesFigure.part(cause, of: model)?.value ?? .nan).text(digits: 3))"
    }
    return .init(
      statement: statement,
      verdict: falls && sigmas > Self.significance
        ? .confirmed : sigmas < -Self.significance ? .contradicted : .undecided,
      evidence: """
        Simulated from T_L = \(first.x.short) to \(last.x.short) at T_R = \(right.short): the current changes by \
        \(total.text(error: error)) per degree, of which the larger difference at fixed friction, J/(T_L − T_R), is \
        \(bias.text(error: variance.squareRoot())); what the bath itself changes is the rest, \(rest.text(error: restError)). The \
        theory with memory splits the rest at T_L = \(middle.short): \(parts.joined(separator: ", ")).
        """)
  }

  // MARK: chain heated by the particles alone

  private var bathTemperatures: BathTemperatureFigure {
    BathTemperatureFigure(logarithmic: true, quality: quality, seed: seed)
  }

  private func currentVanishes(_ friction: Double) throws -> Report.Claim {
    let statement =
      "The current vanishes as 1/T_L when the particle bath becomes infinitely hot — for ζ = \(friction.short)."
    let points = try bathTemperatures.curve(friction).corrected(bench)
    let model = bathTemperatures.model(friction)
    let hottest = points.last?.x ?? 1
    let beyond = try [1.0, 100].map { factor -> String in
      let ends = try [0.99, 1.01].map { try CurrentCurve.theory(model($0 * factor * hottest), .memory) ?? .nan }
      let slope = log(ends[1] / ends[0]) / log(1.01 / 0.99)
      return "\(slope.text(digits: 3)) at T_L = \((factor * hottest).short)"
    }
    let theory = "The theory with memory has the exponent \(beyond.joined(separator: " and "))."
    guard let law = TailPowerLaw(points) else { return Self.noTail(statement, theory) }
    let exponent = Agreement(value: law.exponent, error: law.error, expected: -1, tolerance: 0.1)
    let verdict = exponent.verdict == .contradicted ? .undecided : exponent.verdict
    let limit =
      verdict == .confirmed
      ? "Beyond T_L = \(hottest.short) nothing was simulated."
      : "The limit is not reached at the temperatures that were simulated, so they do not decide."
    return .init(
      statement: statement, verdict: verdict,
      evidence: "Exponent of the simulated J at T_R = 0: \(exponent.words); \(law.window); \(TailPowerLaw.rule). "
        + "\(theory) \(limit)")
  }

  private func currentFalls(_ friction: Double) throws -> Report.Claim {
    let fall = try bathTemperatures.curve(friction).fall(bench)
    return .init(
      statement:
        "Beyond some temperature more temperature difference gives less heat, T_R = 0 — for ζ = \(friction.short).",
      verdict: Self.isEvident(fall) ? .confirmed : .undecided, evidence: "J \(Self.words(fall)).")
  }

  private func maximumBetween(_ friction: Double) throws -> Report.Claim {
    let curve = try bathTemperatures.curve(friction)
    let fall = try curve.fall(bench)
    let rise = try curve.riseBeforeFall(bench)
    let isMaximum = Self.isEvident(fall) && rise > Self.significance
    let first = curve.points.first?.temperature.short ?? "?"
    return .init(
      statement: "Between zero and infinite temperature the current has a maximum — for ζ = \(friction.short).",
      verdict: isMaximum ? .confirmed : .undecided,
      evidence: """
        J \(Self.words(fall)). A rise before the fall is seen at \(rise.text(digits: 2)) sigma (the same test on the \
        points in reverse order; \(Self.significance.short) are asked for).\
        \(isMaximum ? "" : " So the maximum itself is not seen from T_L = \(first) on. At T_L = T_R = 0 no heat flows, and "
          + "below T_L = 1.77 the linear theory has no steady state: the rise is to be looked for between the two.")
        """)
  }

  /// Whether a fall is beyond doubt: its sigmas are corrected for the choice among points.
  private static func isEvident(_ fall: FallVerdict?) -> Bool {
    fall?.falls == true && (fall?.sigmas ?? 0) > significance
  }

  private static func words(_ fall: FallVerdict?) -> String {
    let sigmas = fall?.sigmas.map { "\($0.text(digits: 2)) sigma, corrected for the choice among points" } ?? ""
    switch fall?.beginning {
    case .maximum(let temperature, let error)?:
      return "is largest at T_L = \(temperature.text(error: error)) and falls beyond (\(sigmas))"
    case .firstPoint(let temperature)?: return "falls from the first point on, T_L = \(temperature.short) (\(sigmas))"
    case nil:
      let share = fall?.excludedFall.map {
        ", and a fall by more than \((100 * $0).text(digits: 2)) % is excluded at 95 %"
      }
      return "shows no fall\(share ?? "")"
    }
  }

  /// Simulation over a theory along the curve of one particle friction.
  private func ratios(_ friction: Double, over method: NessModel.Method) throws -> [Point] {
    let model = bathTemperatures.model(friction)
    return try bathTemperatures.curve(friction).corrected(bench).compactMap { point in
      try CurrentCurve.theory(try model(point.x), method).map {
        (x: point.x, y: point.y / $0, error: point.error / abs($0))
      }
    }
  }

  private func slowParticlesNeedMemory() throws -> Report.Claim {
    let frictions = KrekelsParameters.particleFrictions
    let misfits = try frictions.map { friction -> (value: Double, error: Double) in
      let mean = Self.mean(try ratios(friction, over: .markov))
      return (abs(mean.value - 1), mean.error)
    }
    let steps = zip(misfits, misfits.dropFirst()).map { low, high in
      (high.value - low.value) / (low.error * low.error + high.error * high.error).squareRoot()
    }
    let verdicts = steps.map { z -> Report.Claim.Verdict in
      z > Self.significance ? .confirmed : z < -Self.significance ? .contradicted : .undecided
    }
    let list = zip(frictions, misfits).map { "\((100 * $1.value).text(error: 100 * $1.error)) % for ζ = \($0.short)" }
    let scores = steps.map { $0.text(digits: 2) }.joined(separator: " and ")
    return .init(
      statement:
        "Lower friction ζ of the particles separates the time scales better, so the theory without memory fits "
        + "better.",
      verdict: .all(verdicts),
      evidence:
        "Mean misfit of the Markov theory over each curve: \(list.joined(separator: ", ")). It grows from each ζ to "
        + "the next by \(scores) standard errors (\(Self.significance.short) are asked for at each step).")
  }

  private func memoryHolds() throws -> Report.Claim {
    let tests = try KrekelsParameters.particleFrictions.map { friction -> (friction: Double, test: Agreement) in
      let mean = Self.mean(try ratios(friction, over: .memory))
      return (friction, Agreement(value: mean.value, error: mean.error, expected: 1, tolerance: 0.03))
    }
    return .init(
      statement: "With the memory of the particles kept, the theory for weak coupling holds for every ζ (ours).",
      verdict: .all(tests.map(\.test.verdict)),
      evidence: "Simulation over the theory with memory, mean over each curve: "
        + tests.map { "ζ = \($0.friction.short): \($0.test.words)" }.joined(separator: "; ")
        + ". A mean says nothing of single points: see the ratios in the figures.")
  }

  // MARK: two warm baths

  private func negativeConductivity(_ spring: Double) throws -> Report.Claim {
    let figure = SpringConstantFigure(quality: quality, seed: seed)
    let fall = try figure.curve(spring).fall(bench, within: KrekelsParameters.rightTemperature...Double.infinity)
    let peak = try maximum(from: 10.5, to: 200) {
      try CurrentCurve.theory(figure.model(spring)($0), .memory) ?? -.infinity
    }
    return .init(
      statement:
        "Negative differential thermal conductivity: at fixed T_R the current falls while T_L − T_R grows (T_L varied) — for k = \(spring.short).",
      verdict: Self.isEvident(fall) ? .confirmed : .undecided,
      evidence: "J \(Self.words(fall)). The theory with memory, for weak coupling, has its maximum at T_L = "
        + "\(peak.at.text(error: peak.bound)).")
  }

  private func nonmonotonicBelow() throws -> Report.Claim {
    let curve = try SpringConstantFigure(quality: quality, seed: seed).coldSide()
    let fall = try curve.fall(bench, isReversed: true)
    let list = try curve.corrected(bench).map { "\(abs($0.y).text(error: $0.error)) at T_L = \($0.x.short)" }
    let markov = try maximum(from: 0.46, to: 9) {
      abs(try CurrentCurve.theory(SpringConstantFigure.coldModel($0), .markov) ?? 0)
    }
    let memory = try [markov.at, markov.at / 1.2].map {
      abs(try CurrentCurve.theory(SpringConstantFigure.coldModel($0), .memory) ?? .nan)
    }
    return .init(
      statement: "Nonmonotonic behaviour is also observed when T_L < T_R.",
      verdict: Self.isEvident(fall) ? .confirmed : .undecided,
      evidence: """
        The paper does not give its parameters here. With ours (ε = 0.1, T_R = 10) the simulated |J| is \
        \(list.joined(separator: ", ")): it \(Self.words(fall)). The Markov theory turns at T_L = \
        \(markov.at.text(error: markov.bound)), where the particles are slower than the chain; the theory with their memory \
        \(memory[1] > memory[0] ? "still grows" : "falls too") there. Other parameters may show it.
        """)
  }

  private func linearInRightTemperature() throws -> Report.Claim {
    let statement = "Varying T_R at fixed T_L gives the usual linear current."
    let points = try TwoKnobsFigure(quality: quality, seed: seed).rightCurve().corrected(bench)
    guard let fit = LineFit(points), let bend = fit.bend(of: points) else { return Self.tooFew(statement) }
    let ends = points.map(\.x)
    let range = (ends.max() ?? 0) - (ends.min() ?? 0)
    let span = abs(fit.slope) * range
    // The height of the parabola over its chord, as a share of what the line rises.
    let share = 0.25 * range * range / span
    let test = Agreement(value: bend.value * share, error: bend.error * share, expected: 0, tolerance: 0.05)
    let expected = try CurrentCurve.theory(.memory, temperatures: [0, 1], model: TwoKnobsFigure.rightVaried)
    let slope = expected[1].y - expected[0].y
    return .init(
      statement: statement, verdict: test.verdict,
      evidence: """
        Bend of the \(points.count) points from T_R = \((ends.min() ?? 0).short) to \((ends.max() ?? 0).short), the height of \
        a parabola over its chord as a share of the whole change of J: \(test.words). The line has the slope \
        \(fit.slope.text(error: fit.slopeError)) (theory with memory \(slope.short), z = \
        \(((fit.slope - slope) / fit.slopeError).text(digits: 2))), χ² = \(fit.chiSquared.short) for \(fit.degreesOfFreedom) \
        degrees of freedom, and crosses zero at T_R = \((-fit.intercept / fit.slope).text(error: fit.crossingError)) \
        (T_L = \(KrekelsParameters.fixedLeftTemperature.short)).
        """)
  }

  // MARK: what several claims share

  /// The mean of numbers, weighted by their errors.
  private static func mean(_ points: [Point]) -> (value: Double, error: Double) {
    let weight = points.reduce(0) { $0 + 1 / ($1.error * $1.error) }
    return (points.reduce(0) { $0 + $1.y / ($1.error * $1.error) } / weight, 1 / weight.squareRoot())
  }

  private static func tooFew(_ statement: String) -> Report.Claim {
    .init(statement: statement, verdict: .undecided, evidence: "Too few points.")
  }

  private static func noTail(_ statement: String, _ more: String = "") -> Report.Claim {
    .init(
      statement: statement, verdict: .undecided,
      evidence:
        "No straight line passes through the last \(TailPowerLaw.fewestPoints) points: the simulated range does "
        + "not reach a power law. \(more)")
  }
}
