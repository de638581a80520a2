import Foundation
import NessLinear
import NessModel
import NessRecord

/// The claims of the paper, judged by the simulated points.
struct KrekelsClaims {
  let bench: Workbench
  let quality: Quality
  let seed: UInt64

  /// Claims that the given figures allow to judge.
  func claims(for figures: Set<String>) throws -> [Report.Claim] {
    var claims: [Report.Claim] = []
    if figures.contains("2a") { claims.append(try meanForceSoftens()) }
    if figures.contains("2b") { claims.append(try frictionFallsAsSquare()) }
    if figures.contains("3a") || figures.contains("3b") {
      claims += [try currentVanishes(), try maximumBetween(), try slowParticlesNeedMemory()]
    }
    if figures.contains("4a") { claims += [try negativeConductivity(), try nonmonotonicBelow()] }
    if figures.contains("4b") { claims.append(try linearInRightTemperature()) }
    return claims
  }

  private typealias Point = Figure.Curve.Point

  private func logarithmicFit(_ points: [Point]) -> LineFit? {
    LineFit(points.map { (x: log($0.x), y: log($0.y), error: ($0.error ?? 0) / $0.y) })
  }

  private func text(_ value: Double, _ error: Double) -> String { String(format: "%.3g ± %.1g", value, error) }

  // MARK: single probe

  private func meanForceSoftens() throws -> Report.Claim {
    let figure = try MeanForceFigure(quality: quality, seed: seed).figure(bench)
    let tolerance = MeanForceFigure.timeStepTolerance
    let worst = figure.ratios.flatMap(\.points).map { abs($0.y - 1) / (($0.error ?? 1) + tolerance) }.max() ?? 0
    let warm = figure.curves.first { $0.role == .simulation && $0.family == figure.ratios.count - 1 }?.points ?? []
    let fit = LineFit(warm.filter { abs($0.x) < 800 }.map { (x: $0.x, y: $0.y, error: $0.error ?? 1) })
    let bath = KrekelsParameters.bath(temperature: 5, coupling: KrekelsParameters.weakCoupling)
    let expected = bath.coupling * bath.forceVariance / bath.temperature
    let slope = fit.map { text($0.slope, $0.slopeError) } ?? "unknown"
    let agrees = fit.map { abs($0.slope - expected) < 4.9 * $0.slopeError + 0.02 * expected } ?? false
    return .init(
      statement: "At weak coupling the mean force is −ελ plus a part proportional to q that corrects the stiffness.",
      verdict: agrees && worst < 4.9 ? .confirmed : .undecided,
      evidence: """
        The measured forces agree with the exact average (largest deviation \(worst.text(digits: 2)) times error plus time-step bias). At T_L = 5 \
        the slope of the force over ε is \(slope), expected \(expected.short): it is positive, so the bath pushes outward \
        and lowers the stiffness, while the paper's k_eff raises it.
        """)
  }

  private func frictionFallsAsSquare() throws -> Report.Claim {
    let figure = EffectiveFrictionFigure(quality: quality, seed: seed)
    let points = try figure.temperatures.map { temperature -> Point in
      let friction = try bench.result(figure.job(temperature))[0]
      return .init(temperature, friction.value, error: friction.error)
    }
    let hot = points.filter { $0.x >= 20 }
    let fit = logarithmicFit(hot)
    let ratios = hot.map { point -> (x: Double, y: Double, error: Double) in
      let formula = KrekelsParameters.bath(temperature: point.x).frictionKernel.markovFriction
      return (x: 0, y: point.y / formula, error: (point.error ?? 0) / formula)
    }
    let weight = ratios.reduce(0) { $0 + 1 / ($1.error * $1.error) }
    let mean = ratios.reduce(0) { $0 + $1.y / ($1.error * $1.error) } / weight
    let exponent = fit.map { text($0.slope, $0.slopeError) } ?? "unknown"
    let agrees = fit.map { abs($0.slope + 2) < 4.9 * $0.slopeError } ?? false
    return .init(
      statement: "The effective friction falls as T_L^{−2} at high temperature and agrees with the formula there.",
      verdict: agrees && abs(mean - 1) < 4.9 / weight.squareRoot() + 0.03 ? .confirmed : .undecided,
      evidence: """
        For T_L ≥ 20 the ring-down gives the exponent \(exponent) and \(text(mean, 1 / weight.squareRoot())) times the \
        formula. At T_L = \(points[0].x.short) it gives \((points[0].y / KrekelsParameters.bath(temperature: points[0].x).frictionKernel.markovFriction).short) \
        times the formula: the kick of v(0) = 50 leaves weak coupling there.
        """)
  }

  // MARK: chain heated by the particles alone

  private func threeCurves() throws -> [(friction: Double, points: [Point])] {
    let figure = BathTemperatureFigure(logarithmic: true, quality: quality, seed: seed)
    return try KrekelsParameters.particleFrictions.map { ($0, try figure.curve($0).simulated(bench)) }
  }

  private func currentVanishes() throws -> Report.Claim {
    let fits = try threeCurves().map { friction, points in
      (friction, logarithmicFit(points.filter { $0.x >= (friction > 0.5 ? 100 : friction > 0.05 ? 30 : 10) }))
    }
    let parts = fits.map { friction, fit in
      "ζ = \(friction.short): \(fit.map { text($0.slope, $0.slopeError) } ?? "too few points")"
    }
    let fast = fits.filter { $0.0 < 0.5 }
    let agrees = fast.allSatisfy { pair in pair.1.map { abs($0.slope + 1) < 4.9 * $0.slopeError + 0.03 } ?? false }
    return .init(
      statement: "The current vanishes as 1/T_L when the particle bath becomes infinitely hot.",
      verdict: agrees ? .confirmed : .undecided,
      evidence: """
        Fitted exponent of J ~ T_L^{a} at T_R = 0 over the hottest points: \(parts.joined(separator: "; ")). For ζ = 1 the \
        particles are still slow compared with the chain at these temperatures, so its exponent approaches −1 later.
        """)
  }

  private func maximumBetween() throws -> Report.Claim {
    let figure = BathTemperatureFigure(logarithmic: true, quality: quality, seed: seed)
    let parts = try KrekelsParameters.particleFrictions.map { friction -> (text: String, falls: Bool) in
      let fall = try figure.curve(friction).fall(bench)
      return ("ζ = \(friction.short): J \(Self.words(fall))", Self.isEvident(fall))
    }
    return .init(
      statement: "Between, the current has a maximum: beyond it more temperature difference gives less heat.",
      verdict: parts.allSatisfy(\.falls) ? .confirmed : .undecided,
      evidence: parts.map(\.text).joined(separator: "; ")
        + ". With T_R = 0 the rise from zero happens at temperatures where the linear theory has no steady state (below "
        + "T_L = 1.77), so for fast particles the sampled range starts at or beyond the maximum.")
  }

  /// Whether a fall is beyond the doubt that a reproduction allows: 4.9 sigma, corrected for the choice among points.
  private static func isEvident(_ fall: FallVerdict?) -> Bool { fall?.falls == true && (fall?.sigmas ?? 0) > 4.9 }

  private static func words(_ fall: FallVerdict?) -> String {
    let sigmas = fall?.sigmas.map { "\($0.text(digits: 2)) sigma, corrected for the choice among points" } ?? ""
    switch fall?.beginning {
    case .maximum(let temperature, let error)?:
      return "has its maximum at T_L = \(VerdictText.uncertain(temperature, error)) and falls beyond (\(sigmas))"
    case .firstPoint(let temperature)?: return "falls from the first point on, T_L = \(temperature.short) (\(sigmas))"
    case nil:
      let share = fall?.excludedFall.map {
        ", and a fall by more than \((100 * $0).text(digits: 2)) % is excluded at 95 %"
      }
      return "shows no fall\(share ?? "")"
    }
  }

  private func slowParticlesNeedMemory() throws -> Report.Claim {
    let figure = BathTemperatureFigure(logarithmic: true, quality: quality, seed: seed)
    let parts = try threeCurves().map { friction, points -> (text: String, memory: Double, markov: Double) in
      let model = figure.model(friction)
      func mean(_ method: NessModel.Method) throws -> Double {
        let ratios = try points.compactMap { point -> (Double, Double)? in
          guard let theory = try CurrentCurve.theory(try model(point.x), method) else { return nil }
          return (point.y / theory, (point.error ?? 1) / theory)
        }
        let weight = ratios.reduce(0) { $0 + 1 / ($1.1 * $1.1) }
        return ratios.reduce(0) { $0 + $1.0 / ($1.1 * $1.1) } / weight
      }
      let (memory, markov) = (try mean(.memory), try mean(.markov))
      return (
        "ζ = \(friction.short): \(memory.text(digits: 3)) with memory, \(markov.text(digits: 3)) Markov", memory, markov
      )
    }
    let ordered = zip(parts, parts.dropFirst()).allSatisfy { abs($0.markov - 1) <= abs($1.markov - 1) + 0.02 }
    return .init(
      statement: "Lower friction ζ of the particles separates the time scales better, so the theory fits better.",
      verdict: ordered ? .confirmed : .undecided,
      evidence: "Simulation over theory, averaged over the curve: \(parts.map(\.text).joined(separator: "; ")). "
        + "With the memory of the particles kept, the weak-coupling theory holds for every ζ.")
  }

  // MARK: two warm baths

  private func negativeConductivity() throws -> Report.Claim {
    let figure = SpringConstantFigure(quality: quality, seed: seed)
    let parts = try KrekelsParameters.springConstants.map { spring -> (text: String, falls: Bool) in
      let fall = try figure.curve(spring).fall(bench, within: KrekelsParameters.rightTemperature...Double.infinity)
      let theory = try peakOfTheory(figure.model(spring))
      return (
        "k = \(spring.short): J \(Self.words(fall)); the theory with memory has its maximum at T_L = "
          + theory.x.short, Self.isEvident(fall)
      )
    }
    return .init(
      statement:
        "Negative differential thermal conductivity: at fixed T_R the current falls while T_L − T_R grows (T_L varied).",
      verdict: parts.allSatisfy(\.falls) ? .confirmed : .undecided,
      evidence: parts.map(\.text).joined(separator: "; ") + ".")
  }

  private func peakOfTheory(_ model: (Double) throws -> ChainModel) throws -> Point {
    let curve = try CurrentCurve.theory(
      .memory, temperatures: logarithmicGrid(from: 10.5, to: 200, count: 300), model: model)
    return curve.max { $0.y < $1.y } ?? .init(0, 0)
  }

  private func nonmonotonicBelow() throws -> Report.Claim {
    let figure = SpringConstantFigure(quality: quality, seed: seed)
    let points = try figure.coldSide().simulated(bench)
    let fall = try figure.coldSide().fall(bench, isReversed: true)
    let grid = logarithmicGrid(from: 0.46, to: 9, count: 120)
    func strongestOfTheory(_ method: NessModel.Method) throws -> Point {
      try CurrentCurve.theory(method, temperatures: grid, model: SpringConstantFigure.coldModel).max {
        abs($0.y) < abs($1.y)
      }
        ?? .init(0, 0)
    }
    let markov = try strongestOfTheory(.markov)
    let list = points.map { "\(text(abs($0.y), $0.error ?? 0)) at T_L = \($0.x.short)" }.joined(separator: ", ")
    return .init(
      statement: "Nonmonotonic behaviour is also observed when T_L < T_R.",
      verdict: Self.isEvident(fall) ? .confirmed : .undecided,
      evidence: """
        Not seen with our parameters, and the paper does not give its own. At ε = 0.1, T_R = 10 the simulated |J| is \(list): \
        it grows all the way as the particles get colder. The Markov theory does turn (largest |J| = \(markov.y.magnitude.short) at \
        T_L = \(markov.x.short)), but there the particles are slower than the chain: with their memory the turn is gone. It \
        needs a friction of order 1 from particles that are still fast, hence a stiffer pinning K.
        """)
  }

  private func linearInRightTemperature() throws -> Report.Claim {
    let curve = try TwoKnobsFigure(quality: quality, seed: seed).rightCurve()
    let points = try curve.simulated(bench)
    let fit = LineFit(points.map { (x: $0.x, y: $0.y, error: $0.error ?? 1) })
    let expected = try CurrentCurve.theory(
      .memory, temperatures: [0, 1], model: TwoKnobsFigure.rightVaried)
    let slope = expected[1].y - expected[0].y
    guard let fit else {
      return .init(statement: "Varying T_R gives a linear current.", verdict: .undecided, evidence: "Too few points.")
    }
    return .init(
      statement: "Varying T_R at fixed T_L gives the usual linear current.",
      verdict: fit.excess < 4 ? .confirmed : .contradicted,
      evidence: """
        A straight line through \(points.count) points has χ² = \(fit.chiSquared.short) for \(fit.degreesOfFreedom) degrees \
        of freedom, slope \(text(fit.slope, fit.slopeError)) (theory with memory \(slope.short)), and crosses zero at \
        T_R = \((-fit.intercept / fit.slope).short) (T_L = \(KrekelsParameters.fixedLeftTemperature.short)).
        """)
  }
}
