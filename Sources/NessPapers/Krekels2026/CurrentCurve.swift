import Foundation
import NessLinear
import NessModel
import NessReport
import NessStatistics
import NessStudy

/// A simulated curve: a current against the varied temperature, each point with its job.
struct CurrentCurve: Sendable {
  struct Point: Sendable {
    let temperature: Double
    let model: ChainModel
    let job: Job
  }

  let points: [Point]

  /// Points of `model(T)` for every temperature.
  ///
  /// The standard error aimed at is the quality's share of |J|, as the theory with memory expects it, or of `floor(T)` if
  /// that is larger: where the current passes zero, a share of it would never be reached.
  init(
    _ title: String, temperatures: [Double], quality: Quality, seed: UInt64, floor: (Double) -> Double = { _ in 0 },
    model: (Double) throws -> ChainModel
  ) throws {
    let models = try temperatures.map(model)
    let expected = try models.map { abs(try Self.theory($0, .memory) ?? Self.theory($0, .markov) ?? 0.1) }
    points = zip(zip(temperatures, models), expected).map { pair, current in
      Point(
        temperature: pair.0, model: pair.1,
        job: .heatCurrent(
          "\(title), T = \(pair.0.short)", of: pair.1, error: quality.relativeError * max(current, floor(pair.0)),
          tolerance: quality.timeStepTolerance, seed: seed))
    }
  }

  /// The simulated points, as they were measured.
  func simulated(_ bench: Workbench) throws -> [Figure.Curve.Point] {
    try points.map { point in
      let estimate = try bench.result(point.job)[1]
      return .init(point.temperature, estimate.value, error: estimate.error)
    }
  }

  /// The simulated points, less the known bias of their time step: what is compared with a theory or judged.
  func corrected(_ bench: Workbench) throws -> [(x: Double, y: Double, error: Double)] {
    try points.map { point in
      let estimate = try bench.result(point.job)[0]
      return (x: point.temperature, y: estimate.value, error: estimate.error)
    }
  }

  /// Whether |J| falls along the simulated points, which stand in the order of growing temperature difference if
  /// `isReversed` is false; nil for points beyond `range` only.
  func fall(
    _ bench: Workbench, within range: ClosedRange<Double> = 0...Double.infinity, isReversed: Bool = false
  ) throws -> FallVerdict? {
    let curve = try curvePoints(bench, within: range, sign: isReversed ? -1 : 1)
    return try FallVerdict(isReversed ? curve.reversed() : curve)
  }

  /// Significance of a rise of J before its largest fall, corrected for the choice among points [sigmas]; 0 if the largest
  /// rise comes after it.
  func riseBeforeFall(_ bench: Workbench) throws -> Double {
    let curve = try curvePoints(bench, within: 0...Double.infinity, sign: 1)
    let fall = FallTest(curve)
    let rise = FallTest(curve.reversed())
    let upper = rise.points.count - 1 - rise.pair.from
    return upper <= fall.pair.to ? max(0, sigmas(ofUpperTail: rise.pValue)) : 0
  }

  private func curvePoints(
    _ bench: Workbench, within range: ClosedRange<Double>, sign: Double
  ) throws -> [CurvePoint] {
    try points.filter { range.contains($0.temperature) }.map { point in
      CurvePoint(temperature: point.temperature, try bench.result(point.job)[0], sign: sign)
    }
  }

  /// Simulation, less its known bias, over the theory with memory, where that is not close to zero.
  func ratios(_ bench: Workbench) throws -> [Figure.Curve.Point] {
    try zip(points, corrected(bench)).compactMap { point, measured in
      guard let theory = try Self.theory(point.model, .memory), abs(theory) > 4 * measured.error else { return nil }
      return .init(point.temperature, measured.y / theory, error: measured.error / abs(theory))
    }
  }

  /// The heat current by a method of the linear theory; nil where the theory refuses.
  static func theory(_ model: ChainModel, _ method: NessModel.Method) throws -> Double? {
    try LinearSolver().answer(.only(.heatCurrent), of: model, by: [method]).estimate(.heatCurrent, by: method)?.value
  }

  /// A theory curve over `temperatures`; points that the theory refuses are left out.
  static func theory(
    _ method: NessModel.Method, temperatures: [Double], model: (Double) throws -> ChainModel
  ) throws -> [Figure.Curve.Point] {
    try temperatures.compactMap { temperature in
      try theory(try model(temperature), method).map { .init(temperature, $0) }
    }
  }
}

/// What captions say of the ratio panel: the convention of `ness plot`.
let ratioWords = "simulation, less the known bias of its time step, over the theory with memory"

/// The curves of a figure, one family of a colour for each value of a parameter: simulation, theories, and the ratio.
struct CurveFamilies {
  private(set) var curves: [Figure.Curve] = []
  private(set) var ratios: [Figure.Curve] = []
  private var families = 0

  /// Adds simulated points within a range with theory curves on a grid.
  ///
  /// Theory curves of all families carry the same label, so that the legend explains each line style once.
  mutating func add(
    _ name: String, _ curve: CurrentCurve, _ bench: Workbench, grid: [Double],
    methods: [NessModel.Method] = [.memory, .markov, .printed], within shown: ClosedRange<Double> = 0...Double.infinity,
    model: (Double) throws -> ChainModel
  ) throws {
    func visible(_ points: [Figure.Curve.Point]) -> [Figure.Curve.Point] { points.filter { shown.contains($0.x) } }
    curves.append(
      .init(
        label: name, name: "\(name) simulation", role: .simulation, family: families,
        points: visible(try curve.simulated(bench))))
    for method in methods {
      let (role, text): (Figure.Curve.Role, String) =
        switch method {
        case .memory: (.theory, "with memory")
        case .printed: (.printed, "as printed")
        default: (.approximation, "Markov")
        }
      curves.append(
        .init(
          label: text, name: "\(name) \(text)", role: role, family: families,
          points: try CurrentCurve.theory(method, temperatures: grid, model: model)))
    }
    ratios.append(
      .init(
        label: nil, name: "\(name) simulation / with memory", role: .simulation, family: families,
        points: visible(try curve.ratios(bench))))
    families += 1
  }

  /// Adds a curve that belongs to no family.
  mutating func add(_ curve: Figure.Curve) { curves.append(curve) }
}
