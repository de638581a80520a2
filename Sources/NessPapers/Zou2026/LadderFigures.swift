import Foundation
import NessKinetic
import NessLindblad
import NessModel
import NessReport
import NessStatistics
import NessStore
import NessStudy

/// From classical to quantum: the same walls, hbar as a parameter.
struct Ladder: Sendable {
  let choice: ZouParameters.CouplingChoice
  /// Values of hbar, from quantum to classical.
  let steps: [Double]
  /// Places along a curve: a figure that shows 5 % of the current needs more.
  let points: Int

  /// Walls that thermalise at once.
  static let thermalising = Ladder(
    choice: ZouParameters.thermalising, steps: [2, 1, 0.7, 0.5, 0.25, 0.1, 0.05], points: 80)
  /// Walls of Metropolis moves in energy.
  static let metropolis = Ladder(choice: ZouParameters.twin, steps: [2, 1.4, 1, 0.5, 0.25, 0.1], points: 160)

  /// T_R over T_L.
  var grid: [Double] { [0] + logarithmicGrid(from: 0.0005, to: 0.99, count: points) }

  func model(_ hbar: Double, _ ratio: Double) throws -> QuantumBoxModel {
    try ZouParameters.quantumBox(choice, right: ratio * ZouParameters.hot, hbar: hbar)
  }

  static func firstGap(_ hbar: Double) -> Double {
    QuantumBox(length: ZouParameters.length, mass: ZouParameters.mass, hbar: hbar).firstGap
  }

  /// Seconds for one current: the levels grow as 1/hbar.
  private static func seconds(_ hbar: Double) -> Double { 0.002 + 2e-9 * pow(20 / hbar, 3) }

  func curve(_ hbar: Double) throws -> Job {
    .davies("\(choice.name), ħ = \(hbar.short)", try grid.map { try model(hbar, $0) }, seconds: Self.seconds(hbar))
  }

  /// The ratio T_R/T_L with the largest current, that current, and the one at T_R = 0.
  func onset(_ hbar: Double) throws -> Job {
    let key = CacheKey(Job.head("onset", by: .lindblad) + CacheKey.lines(for: AnyModel(try model(hbar, 0))))
    let solver = LindbladSolver()
    return Job(
      title: "\(choice.name), maximum at ħ = \(hbar.short)", key: key, cost: 3e8 * 40 * Self.seconds(hbar),
      isExact: true
    ) { context in
      func current(_ ratio: Double) throws -> Estimate {
        if context.watch.shouldStop() { throw Interrupted() }
        return try solver.answer(.only(.heatCurrent), of: try model(hbar, ratio)).required(.heatCurrent, .davies)
      }
      let cold = try current(0)
      let peak = try maximum(from: 1e-3, to: 0.9) { try current($0).value }
      let top = try current(peak.at)
      // A maximum at the cold end is none: the current grows all the way.
      let exists = top.value > cold.value * (1 + 1e-9)
      return [.numerical(exists ? peak.at : 0, bound: exists ? peak.bound : 0), exists ? top : cold, cold]
    }
  }
}

/// Place of the largest value of a function with one maximum between two positive numbers, by golden section in the
/// logarithm.
package func maximum(
  from first: Double, to last: Double, _ function: (Double) throws -> Double
) throws -> (at: Double, bound: Double) {
  let golden = (5.0.squareRoot() - 1) / 2
  var (low, high) = (log(first), log(last))
  var (left, right) = (high - golden * (high - low), low + golden * (high - low))
  var (atLeft, atRight) = (try function(exp(left)), try function(exp(right)))
  // The curvature hides the place below the square root of the rounding.
  while high - low > 1e-5 {
    if atLeft > atRight {
      (high, right, atRight) = (right, left, atLeft)
      left = high - golden * (high - low)
      atLeft = try function(exp(left))
    } else {
      (low, left, atLeft) = (left, right, atRight)
      right = low + golden * (high - low)
      atRight = try function(exp(right))
    }
  }
  let place = exp((low + high) / 2)
  return (place, place * (high - low))
}

/// The current along the ladder in hbar.
struct LadderFigure: PaperFigure {
  let ladder: Ladder
  let identifier: String

  static let thermalising = LadderFigure(ladder: .thermalising, identifier: "ladder")
  static let metropolis = LadderFigure(ladder: .metropolis, identifier: "ladder-metropolis")

  private var isThermalising: Bool { identifier == "ladder" }

  /// Ratios T_R/T_L of the classical box of the Metropolis ladder.
  private static let classicalGrid = [0] + logarithmicGrid(from: 0.002, to: 0.5, count: 16)

  /// The classical box with the same Metropolis walls, hit in turn and not at random.
  private static let classical = AdaptiveCurve(
    title: "classical twin of the Metropolis walls",
    engine: .kernel,
    key: [
      .text("walls", "Metropolis, energy"), .number("width", ZouParameters.twinWidth),
      .number("hot", ZouParameters.hot),
      .number("length", ZouParameters.length), .number("mass", ZouParameters.mass),
    ], grid: classicalGrid, axes: .init(isLogarithmicBelow: true), shownPart: 0.045, seconds: 0.5
  ) { ratio in
    try KernelSolver().current(
      ZouParameters.box(
        { .init(MetropolisBath(temperature: $0, proposal: .energy, width: ZouParameters.twinWidth)) },
        right: ratio * ZouParameters.hot))
  }

  func jobs() throws -> [Job] {
    try ladder.steps.map(ladder.curve) + (isThermalising ? [] : [Self.classical.job])
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var curves: [Figure.Curve] = []
    for (family, hbar) in ladder.steps.enumerated() {
      let currents = try bench.result(try ladder.curve(hbar)).map(\.value)
      let unit = isThermalising ? 1 : currents[0]
      let gap = Ladder.firstGap(hbar) / ZouParameters.hot
      curves.append(
        .init(
          label: "ħ = \(hbar.short), gap = \(gap.text(digits: 2)) T_L", name: "hbar=\(hbar.short)", role: .theory,
          family: family,
          points: zip(ladder.grid, currents).dropFirst().map { .init($0, $1 / unit) }))
    }
    if isThermalising {
      curves.append(
        .init(
          label: "classical limit, exact", name: "classical limit", role: .approximation, family: ladder.steps.count,
          points: try ladder.grid.dropFirst().map { .init($0, try ClassicalCurrentFigure.exact($0) / 2) }))
    } else {
      let points = AdaptiveCurve.points(try bench.result(Self.classical.job))
      let cold = points[0].value.value
      curves.append(
        .init(
          label: "classical box, walls in turn", name: "classical box", role: .approximation,
          family: ladder.steps.count,
          points: points.dropFirst().map { .init($0.x, $0.value.value / cold) }))
    }
    let caption =
      isThermalising
      ? """
      One box, the same thermalising walls, and ħ from quantum to classical (coupling maxwell: at the rate v_n/2l a level is \
      drawn from the flux-weighted thermal law). As ħ → 0 the curves approach the classical current at random collisions \
      (dashed), half the renewal formula, which chokes at T_R → 0. At finite ħ the current levels off below T_R ≈ gap; where \
      the gap is about a third of T_L the maximum is gone.
      """
      : """
      The twin of the Metropolis wall with moves in energy (coupling collision, width 400), over the current at T_R = 0. The \
      classical limit, with walls hit at random, has a weak maximum of 2 %, since a single move does not thermalise; it shrinks \
      with ħ and is gone where the gap is about half of T_L. Dashed: the classical box with the same walls, hit in turn.
      """
    return Figure(
      identifier: identifier,
      title: isThermalising
        ? "From classical to quantum: thermalising walls" : "From classical to quantum: Metropolis walls",
      caption: caption, horizontal: .init(label: "T_R / T_L", unit: "1", scale: .logarithmic),
      vertical: .init(
        label: isThermalising ? "J" : "J / J(T_R = 0)", unit: isThermalising ? "energy/time" : "1",
        range: isThermalising ? nil : 0.98...1.025), curves: curves)
  }
}

/// Where negative differential resistance begins along both ladders, against the gap.
struct OnsetFigure: PaperFigure {
  let identifier = "onset"

  static let steps = [2, 1.4, 1.2, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08]
  static let ladders = [Ladder.thermalising, Ladder.metropolis]

  func jobs() throws -> [Job] {
    try Self.ladders.flatMap { ladder in try Self.steps.map(ladder.onset) }
  }

  /// Gap over T_L between which the maximum disappears.
  static func disappearance(_ ladder: Ladder, _ bench: Workbench) throws -> (with: Double, without: Double) {
    let found = try steps.map {
      (Ladder.firstGap($0) / ZouParameters.hot, try bench.result(try ladder.onset($0))[0].value)
    }
    return (found.filter { $0.1 > 0 }.map(\.0).max() ?? 0, found.filter { $0.1 == 0 }.map(\.0).min() ?? .infinity)
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var places: [Figure.Curve] = []
    var depths: [Figure.Curve] = []
    for (family, ladder) in Self.ladders.enumerated() {
      let name = family == 0 ? "thermalising walls" : "Metropolis walls"
      let rows = try Self.steps.reversed().map { hbar in
        (Ladder.firstGap(hbar) / ZouParameters.hot, try bench.result(try ladder.onset(hbar)))
      }
      let turning = rows.filter { $0.1[0].value > 0 }
      places.append(
        .init(
          label: name, name: "\(name) peak", role: .theory, family: family,
          points: turning.map { .init($0.0, $0.1[0].value) }, drawing: .markedLine))
      depths.append(
        .init(
          label: nil, name: "\(name) J(0)/Jmax", role: .theory, family: family,
          points: rows.map { .init($0.0, $0.1[2].value / $0.1[1].value) }, drawing: .markedLine))
    }
    places.append(
      .init(
        label: "T_R = T_L/4", name: "classical 1/4", role: .guide, family: 0,
        points: [.init(0.002, 0.25), .init(1.5, 0.25)]))
    return Figure(
      identifier: identifier, title: "Where more temperature difference begins to give less heat",
      caption: """
        Temperature of the cold bath at which the current is largest, against the first gap, for both ladders. It moves from \
        the classical T_L/4 towards 0 and ceases to exist where the gap is a fair part of T_L (the last mark on each line). Computed \
        at the marks, which lines join to guide the eye. Below: current at T_R = 0 \
        over the largest one; 1 means no negative differential resistance.
        """,
      horizontal: .init(label: "(E_2 − E_1) / T_L", unit: "1", scale: .logarithmic),
      vertical: .init(label: "T_R / T_L at the maximum", unit: "1", range: 0...0.3), curves: places, ratios: depths,
      ratioLabel: "J(0) / J_{max}")
  }
}
