import Foundation
import NessRecord

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
}
