import Foundation
import NessReport

/// Figures of the kinds that reproductions draw, with made-up numbers.
enum SampleReport {
  typealias Point = Figure.Curve.Point

  /// Linear axes, negative values.
  static var meanForce: Figure {
    var curves: [Figure.Curve] = []
    for (family, temperature) in [1.0, 5.0, 20.0].enumerated() {
      let strength = 4e-5 / temperature
      let force = { (q: Double) in strength * q * (1 + 0.02 * q * q) }
      let name = "T_L = \(Int(temperature))"
      curves += [
        Figure.Curve(
          label: name, name: "T=\(temperature) simulation", role: .simulation, family: family,
          points: stride(from: -4.0, through: 4, by: 1).map { q in
            Point(q, force(q) + 4e-7 * sin(7 * q + temperature), error: 6e-7)
          }),
        Figure.Curve(
          label: "exact quadrature", name: "T=\(temperature) exact", role: .theory, family: family,
          points: stride(from: -4.2, through: 4.2, by: 0.1).map { Point($0, force($0)) }),
        Figure.Curve(
          label: "weak coupling", name: "T=\(temperature) weak", role: .approximation, family: family,
          points: [-4.2, 4.2].map { Point($0, strength * $0) }),
      ]
    }
    return Figure(
      identifier: "2a", title: "Mean force on the probe",
      caption: "Mean force of the N_b = 40 particles on a probe held at q, for three temperatures T_L.",
      horizontal: Figure.Axis(label: "q, position of the probe", unit: "length"),
      vertical: Figure.Axis(label: "⟨F⟩, mean force", unit: "energy/length"), curves: curves)
  }

  /// Logarithmic axes with a guide, error bars that reach zero, and points that cannot be drawn.
  static var friction: Figure {
    let friction = { (temperature: Double) in 0.8 / pow(1 + temperature, 1.5) }
    let temperatures = [0.5, 1, 2, 4, 8, 16, 32, 64, 128]
    let sampled = temperatures.map { temperature in
      let error = 0.04 * friction(temperature) * (1 + temperature / 20)
      return Point(temperature, friction(temperature) + 0.7 * error * cos(5 * temperature), error: error)
    }
    return Figure(
      identifier: "2b", title: "Effective friction",
      caption: "Ring-down of a probe with v(0) = 50 against the formula γ_eff.",
      horizontal: Figure.Axis(label: "T_L, temperature of the particles", unit: "energy", scale: .logarithmic),
      vertical: Figure.Axis(label: "γ_eff, effective friction", unit: "mass/time", scale: .logarithmic),
      curves: [
        Figure.Curve(
          label: "ring-down", name: "ring-down", role: .simulation, family: 0,
          points: sampled + [Point(180, -1e-5, error: 1e-4)]),
        Figure.Curve(
          label: "formula", name: "formula", role: .theory, family: 0,
          points: (0...60).map { pow(10, -0.4 + Double($0) * 0.045) }.map { Point($0, friction($0)) }),
        Figure.Curve(
          label: "∝ T_L^{-3/2}", name: "power law", role: .guide, family: 0,
          points: [4, 200].map { Point($0, 1.6 * pow($0, -1.5)) }),
      ])
  }

  /// Several families, all roles, with a ratio panel; linear or logarithmic.
  static func heatCurrent(identifier: String, scale: Figure.Axis.Scale) -> Figure {
    let temperatures: [Double] = [1, 2, 3, 5, 8, 12, 20, 32, 50, 80]
    var curves: [Figure.Curve] = []
    var ratios: [Figure.Curve] = []
    for (family, zeta) in [0.01, 0.1, 1.0].enumerated() {
      let exact = { (t: Double) in 0.9 * t / (1 + 0.25 * t * t * (0.2 + zeta)) }
      let fine = (0...80).map { pow(10, Double($0) * 0.024) }
      let error = { (t: Double) in 0.012 * exact(t) * (1 + t / 25) }
      let measured = temperatures.map { t in Point(t, exact(t) + error(t) * sin(11 * t + zeta), error: error(t)) }
      curves += [
        Figure.Curve(
          label: "ζ = \(zeta)", name: "zeta=\(zeta) simulation", role: .simulation, family: family, points: measured),
        Figure.Curve(
          label: "with memory", name: "zeta=\(zeta) memory", role: .theory, family: family,
          points: fine.map { Point($0, exact($0)) }),
        Figure.Curve(
          label: "Markov", name: "zeta=\(zeta) markov", role: .approximation, family: family,
          points: fine.map { Point($0, exact($0) * (1 + 0.3 / (1 + 0.1 * $0))) }),
        Figure.Curve(
          label: "as printed", name: "zeta=\(zeta) printed", role: .printed, family: family,
          points: fine.map { Point($0, 2 * exact($0)) }),
      ]
      ratios.append(
        Figure.Curve(
          label: nil, name: "zeta=\(zeta) simulation / with memory", role: .simulation, family: family,
          points: measured.map { Point($0.x, $0.y / exact($0.x), error: ($0.error ?? 0) / exact($0.x)) }))
    }
    if scale == .logarithmic {
      curves.append(
        Figure.Curve(
          label: "∝ T_L^{-1}", name: "1/T guide", role: .guide, family: 0,
          points: [5, 80].map { Point($0, 24 / $0) }))
    }
    return Figure(
      identifier: identifier, title: "Heat current against temperature",
      caption: "Heat current J through N = 16 sites for several ζ; T_R = 0. Lower panel: simulation over theory.",
      horizontal: Figure.Axis(label: "T_L, temperature of the particles", unit: "energy", scale: scale),
      vertical: Figure.Axis(label: "J, heat current", unit: "energy/time", scale: scale), curves: curves,
      ratios: ratios, ratioLabel: "simulation / with memory")
  }

  /// Five families, a legend with long texts that goes below, both signs.
  static var springs: Figure {
    let curves = [0.25, 0.5, 1, 2, 4].enumerated().flatMap { family, spring -> [Figure.Curve] in
      let exact = { (t: Double) in spring * (t - 10) / (1 + t * t / 300) / (1 + spring) }
      return [
        Figure.Curve(
          label: "k = \(spring), simulated with 64 replicas", name: "k=\(spring) simulation", role: .simulation,
          family: family,
          points: stride(from: 2.0, through: 60, by: 6).map { Point($0, exact($0), error: 0.08 + $0 / 400) }),
        Figure.Curve(
          label: nil, name: "k=\(spring) memory", role: .theory, family: family,
          points: stride(from: 1.0, through: 60, by: 0.5).map { Point($0, exact($0)) }),
      ]
    }
    return Figure(
      identifier: "4a", title: "Several springs", caption: "J against T_L at T_R = 10; the sign turns at T_L = T_R.",
      horizontal: Figure.Axis(label: "T_L, temperature of the particles", unit: "energy"),
      vertical: Figure.Axis(label: "J, heat current", unit: "energy/time"), curves: curves)
  }

  /// Less than a decade on both logarithmic axes.
  static var narrow: Figure {
    Figure(
      identifier: "4b", title: "Less than a decade", caption: "A power law over a factor of three.",
      horizontal: Figure.Axis(label: "T_R, temperature on the right", unit: "energy", scale: .logarithmic),
      vertical: Figure.Axis(label: "J, heat current", unit: "energy/time", scale: .logarithmic),
      curves: [
        Figure.Curve(
          label: "simulation", name: "simulation", role: .simulation, family: 0,
          points: [10, 14, 18, 24, 30].map { Point($0, 3 / $0, error: 0.006) }),
        Figure.Curve(
          label: "theory", name: "theory", role: .theory, family: 0, points: [10, 30].map { Point($0, 3 / $0) }),
      ])
  }

  static var figures: [Figure] {
    [
      meanForce, friction, heatCurrent(identifier: "3a", scale: .linear),
      heatCurrent(identifier: "3b", scale: .logarithmic), springs, narrow,
    ]
  }

  static var report: Report {
    Report(
      title: "Krekels, Maes, Santra, Zhai (2026), reproduced",
      reference: "B. Krekels, C. Maes, I. Santra, R. Zhai, Hot particles & cold chains, arXiv:2601.01234 (2026)",
      summary: "Heat currents through a chain of N = 16 sites were simulated and compared with theory at T_L > T_R. "
        + "The current falls as T_L^{-1}; the theory with memory fits within 1 % where ε < 0.3.",
      figures: figures, parameters: parameters, claims: claims, formulas: formulas,
      provenance: [
        Report.Fact("Rerun", "ness reproduce krekels2026 --quality full"),
        Report.Fact("Run time", "2 h 13 min on 64 cores, seed 1, version 0.1.0"),
        Report.Fact("Cite", "Ness 0.1.0, https://example.org/ness, and the paper, arXiv:2601.01234."),
      ])
  }

  private static var parameters: [Report.Parameter] {
    [
      Report.Parameter(
        symbol: "N_b", meaning: "number of particles", value: "40", source: .given, remark: "Sec. 2"),
      Report.Parameter(
        symbol: "T_R", meaning: "temperature on the right", value: "0", source: .inferred,
        remark: "the text stresses T_R ≠ 0 for Fig. 4"),
      Report.Parameter(
        symbol: "ζ", meaning: "friction of a particle", value: "0.01, 0.1, 1", source: .ours, remark: "not given"),
    ]
  }

  private static var claims: [Report.Claim] {
    [
      Report.Claim(
        statement: "The current J decreases with T_L when the particles are hot.", verdict: .confirmed,
        evidence: "J = 0.1365(39) at T_L = 20 and 0.0711(20) at T_L = 40: 15 standard errors apart."),
      Report.Claim(
        statement: "Without memory the theory is \"exact\" for every ζ.", verdict: .contradicted,
        evidence: "At ζ = 1 it gives 0.967 where simulation gives 0.374(2)."),
      Report.Claim(
        statement: "The exponent at large T_L is <-1>.", verdict: .undecided,
        evidence: "Fit: -0.98(5) & one decade only."),
    ]
  }

  private static var formulas: [FormulaCheck] {
    [
      FormulaCheck(
        location: "k_eff, Sec. 4", printed: "K + N_b ε^2 Var(F)/T", corrected: "K − N_b ε^2 Var(F)/T",
        printedValue: 0.453, correctedValue: 0.483, independentValue: 0.491, independentError: 0.006,
        isSampled: true, tolerance: 0.03, route: "simulation, N = 4, ε = 0.6, T_L = 30, T_R = 10", verdict: .misprint),
      FormulaCheck(
        location: "J, closed form", printed: "4 γ_L γ_R (T_L − T_R)/Z", corrected: "2 γ_L γ_R (T_L − T_R)/Z",
        printedValue: 0.2803, correctedValue: 0.14015, independentValue: 0.14015, independentError: 1e-10,
        isSampled: false, tolerance: 1e-9, route: "Lyapunov equation, N = 4", verdict: .misprint),
      FormulaCheck(
        location: "γ_eff, Eq. 12", printed: "N_b ε^2 S(0)/2T", corrected: "N_b ε^2 S(0)/2T", printedValue: 3.21e-7,
        correctedValue: 3.21e-7, independentValue: 3.3e-7, independentError: 2.1e-8, isSampled: true, tolerance: 0.2,
        route: "ring-down",
        verdict: .confirmed),
      FormulaCheck(
        location: "Eq. 2, force", printed: "+ε Σ F", corrected: "−ε Σ F", printedValue: nil, correctedValue: -1.2,
        independentValue: -1.2, independentError: 0, isSampled: false, tolerance: 1e-5, route: "derivative of H",
        verdict: .open),
      FormulaCheck(
        location: "J, Maxwell walls", printed: nil, corrected: "J of renewal", printedValue: nil, correctedValue: 12.5,
        independentValue: 12.48, independentError: 0.02, isSampled: true, tolerance: 0.01, route: "simulation",
        verdict: .holds),
    ]
  }
}
