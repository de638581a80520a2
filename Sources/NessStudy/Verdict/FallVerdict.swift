import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStatistics

/// Whether a curve |J|(T) falls while the temperature difference grows, and from where.
package struct FallVerdict: Sendable {
  /// Where the fall begins.
  package enum Beginning: Sendable {
    /// At a maximum between points: its temperature with a standard error [energy].
    case maximum(Double, error: Double)
    /// At or before the first point, at this temperature [energy].
    case firstPoint(Double)
  }

  /// True, false, or nil for neither; as in `Verdict`.
  package let falls: Bool?
  /// Where it falls; nil if it does not.
  package let beginning: Beginning?
  /// Whether the maximum of a theory was fitted through its points, and not found by asking between them.
  package let isFitted: Bool
  /// Where it has fallen to the lowest point and rises again significantly; nil if it does not rise again.
  package let end: Double?
  /// One-sided significance, corrected for the choice among pairs; nil for exact methods.
  package let sigmas: Double?
  /// Largest fall not excluded, as a share of the largest |J|; nil if it falls.
  package let excludedFall: Double?
  /// How many neighbouring points were joined for the test.
  package let pooled: Int

  /// A verdict on at least two points in the order of growing temperature difference, not all zero.
  ///
  /// - Parameter theory: |J| of an exact curve between its points, so that its maximum is known to the numerical error; nil
  ///   where there is none or the points alone count.
  package init?(
    _ points: [CurvePoint], draws: Int = FallTest.draws, theory: ((Double) throws -> CurvePoint?)? = nil
  ) throws {
    let scale = points.map(\.current).max().flatMap { $0 > 0 ? $0 : nil } ?? points.map { abs($0.current) }.max() ?? 0
    guard points.count >= 2, scale > 0 else { return nil }
    let last: Int?
    let possible: Double
    if points.contains(where: \.isSampled) {
      let test = FallTest(points, draws: draws)
      pooled = test.pooled
      sigmas = NessStatistics.sigmas(ofUpperTail: test.pValue)
      last = test.isEvidence ? min(points.count, (test.pair.to + 1) * test.pooled) - 1 : nil
      possible = test.largestPossibleFall
    } else {
      pooled = 1
      sigmas = nil
      last = Self.certainFall(points)
      possible = Self.largestFall(points) { $0 - $1.current + $1.error }
    }
    falls = last != nil ? true : possible <= 0 ? false : nil
    excludedFall = last == nil ? max(0, possible) / scale : nil
    let extent = try last.map { try Self.extent(points, last: $0, theory) }
    (beginning, end) = (extent?.beginning, extent?.end)
    isFitted = sigmas == nil && extent?.isFitted == true
  }

  /// The point with the largest certain fall from an earlier one; nil if no fall is certain.
  private static func certainFall(_ points: [CurvePoint]) -> Int? {
    var (highest, best) = (-Double.infinity, (fall: 0.0, index: -1))
    for (index, point) in points.enumerated() {
      let fall = highest - (point.current + point.error)
      if fall > best.fall { best = (fall, index) }
      highest = max(highest, point.current - point.error)
    }
    return best.index < 0 ? nil : best.index
  }

  /// The largest `fall(highest possible current before, point)`.
  private static func largestFall(_ points: [CurvePoint], _ fall: (Double, CurvePoint) -> Double) -> Double {
    var (highest, largest) = (-Double.infinity, -Double.infinity)
    for point in points {
      largest = max(largest, fall(highest, point))
      highest = max(highest, point.current + point.error)
    }
    return largest
  }

  /// Where the fall to the point `last` begins, and where it ends if the curve rises again.
  private static func extent(
    _ points: [CurvePoint], last: Int, _ theory: ((Double) throws -> CurvePoint?)?
  ) throws -> (beginning: Beginning, end: Double?, isFitted: Bool) {
    let top = (0...last).max { points[$0].current < points[$1].current } ?? 0
    let bottom = (top..<points.count).min { points[$0].current < points[$1].current } ?? last
    let risesAgain = points[bottom...].contains { later in
      let error = (later.error * later.error + points[bottom].error * points[bottom].error).squareRoot()
      return later.current - points[bottom].current > 5 * error
    }
    let end = risesAgain ? points[bottom].temperature : nil
    if let theory, top > 0, top < bottom,
      let exact = try ExactMaximum(points[top - 1], points[top], points[top + 1], current: theory)
    {
      return (.maximum(exact.temperature, error: exact.error), end, false)
    }
    // What rises again may rise above the maximum that is meant.
    let curve = Array(points[...(risesAgain ? bottom : points.count - 1)])
    let fitted = CurrentMaximum(of: curve)
    guard top > 0 else { return (.firstPoint(points[0].temperature), end, false) }
    let (before, after) = (curve[top - 1].temperature, curve[min(top + 1, curve.count - 1)].temperature)
    let found = fitted.map { Beginning.maximum($0.temperature, error: $0.error) }
    // Without a fit: anywhere between the neighbours of the largest point, with equal probability.
    return (found ?? .maximum(curve[top].temperature, error: abs(after - before) / 12.0.squareRoot()), end, true)
  }
}

extension TemperatureLine {
  /// The verdict on the curve of a method; of a theory with its maximum as closely as it can be known.
  package func verdict(
    on curve: [CurvePoint], by method: NessModel.Method, _ theory: HeatCurrentTheory?
  ) throws -> FallVerdict? {
    guard method != .simulation, let theory else { return try FallVerdict(curve) }
    return try FallVerdict(curve) { try current(at: $0, by: method, theory) }
  }
}

extension Verdict {
  /// The verdicts on every line of a sweep on which one of two temperatures is varied, by every method that gave J.
  ///
  /// - Parameter points: the points of the sweep with their results; in any order.
  /// - Parameter theory: asked between the points, so that the maximum of a theory is known to its numerical error; nil for
  ///   what the points alone tell.
  package static func all(
    of points: [(point: ExperimentPoint, result: PointResult)], threads: Int = 1, theory: HeatCurrentTheory? = nil
  ) throws -> [Verdict] {
    let asked = TemperatureLine.lines(points).flatMap { line in line.methods.map { (line: line, method: $0) } }
    return try concurrentMap(count: asked.count, threads: threads) { index in
      Result { try Verdict(asked[index].line, asked[index].method, theory) }
    }.compactMap { try $0.get() }
  }

  private init?(_ line: TemperatureLine, _ method: NessModel.Method, _ theory: HeatCurrentTheory?) throws {
    let curve = line.curve(method)
    guard let verdict = try line.verdict(on: curve, by: method, theory) else { return nil }
    let temperatures = curve.map(\.temperature)
    var fixed = Dictionary(line.rest.map { ($0.path, $0.value) }) { first, _ in first }
    if line.otherHasTemperature { fixed["baths.\(line.other).temperature"] = line.otherTemperature }
    var peak: (Double, Double)?
    if case .maximum(let temperature, let error)? = verdict.beginning { peak = (temperature, error) }
    self.init(
      parameter: line.parameter, side: line.side, fixed: fixed, method: method,
      validity: line.claim(of: method)?.validity,
      range: [temperatures.min() ?? 0, temperatures.max() ?? 0], falls: verdict.falls,
      text: VerdictText(line, curve, verdict).text, peak: peak?.0, peakError: peak?.1,
      sigmas: verdict.falls == true ? verdict.sigmas : nil, excludedFall: verdict.excludedFall)
  }
}
