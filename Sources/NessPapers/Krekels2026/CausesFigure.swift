import Foundation
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStudy

/// Why the current falls: dJ/dT_L of Fig. 4a (k = 1) in its parts. Not a figure of the paper, but its main claim in numbers.
struct CausesFigure: PaperFigure {
  let identifier = "causes"
  let quality: Quality
  let seed: UInt64

  private var current: SpringConstantFigure { SpringConstantFigure(quality: quality, seed: seed) }
  private var model: @Sendable (Double) throws -> ChainModel { current.model(KrekelsParameters.springConstant) }

  /// The simulated current of Fig. 4a.
  func curve() throws -> CurrentCurve { try current.curve(KrekelsParameters.springConstant) }

  func jobs() throws -> [Job] { try curve().points.map(\.job) }

  /// Parts of the derivative, by their names in answers.
  private static let parts: [(cause: String, label: String)] = [
    ("total", "total, dJ/dT_L"), ("bias", "bias: more difference drives more"),
    ("friction", "friction: the bath lets go"), ("stiffness", "stiffness of the site"),
    ("memory", "memory of the bath"),
  ]

  /// A part of dJ/dT_L by the theory with memory [1/time].
  static func part(_ cause: String, of model: ChainModel) throws -> Estimate? {
    guard let quantity = Quantity("causes[left,\(cause)]") else { return nil }
    return try LinearSolver().answer(.only([.causes]), of: model, by: [.memory]).estimate(quantity, by: .memory)
  }

  /// J/(T_L - T_R) of simulated points: between two baths the derivative at fixed friction and stiffness.
  func bias(_ bench: Workbench) throws -> [(x: Double, y: Double, error: Double)] {
    let right = KrekelsParameters.rightTemperature
    return try curve().corrected(bench).filter { abs($0.x - right) > 0.15 * right }.map {
      (x: $0.x, y: $0.y / ($0.x - right), error: $0.error / abs($0.x - right))
    }
  }

  /// Quotients of differences of neighbouring simulated points that are near to one another.
  func total(_ bench: Workbench) throws -> [(x: Double, y: Double, error: Double)] {
    let points = try curve().corrected(bench)
    return zip(points, points.dropFirst()).filter { $1.x < 1.36 * $0.x }.map { first, second in
      let step = second.x - first.x
      return (
        x: 0.5 * (first.x + second.x), y: (second.y - first.y) / step,
        error: (first.error * first.error + second.error * second.error).squareRoot() / step
      )
    }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    let grid = logarithmicGrid(from: quality == .quick ? 5.8 : 4.8, to: 135, count: 70)
    var curves: [Figure.Curve] = []
    for (family, part) in Self.parts.enumerated() {
      let points = try grid.compactMap { temperature in
        try Self.part(part.cause, of: model(temperature)).map { Figure.Curve.Point(temperature, $0.value) }
      }
      curves.append(.init(label: part.label, name: part.cause, role: .theory, family: family, points: points))
    }
    for (family, name, points) in [(0, "total", try total(bench)), (1, "bias", try bias(bench))] {
      curves.append(
        .init(
          label: nil, name: "\(name) simulation", role: .simulation, family: family,
          points: points.map { .init($0.x, $0.y, error: $0.error) }))
    }
    return Figure(
      identifier: identifier, title: "Why the current falls: the derivative in its parts",
      caption: """
        The derivative of the current of Fig. 4a (k = 1, T_R = 10) with respect to the temperature T_L of the particles, split \
        exactly: the larger difference at fixed friction (bias), the friction of the bath that falls as 1/T_L² (friction), the \
        softening of its site that falls as 1/T_L (stiffness), and the shorter memory of its force (memory). Lines: theory with \
        memory (weak coupling). Symbols: full dynamics, less the known bias of the step: J/(T_L − T_R), which is the bias part, and \
        differences of neighbouring points of Fig. 4a, which are the total between them. Friction, stiffness and memory cannot be \
        changed one by one in the full dynamics; together they are the total less the bias. Not a figure of the paper.
        """,
      horizontal: .init(label: "T_L", unit: "energy", scale: .logarithmic),
      vertical: .init(label: "dJ/dT_L", unit: "1/time"), curves: curves, ratios: [], ratioLabel: nil)
  }
}
