import Foundation
import NessModel

/// A power law y ~ x^a at the far end of a curve of sampled points.
///
/// Which points belong to it follows from them: the longest run of points up to the last one, four at least, through which a
/// straight line passes in the logarithms (χ² not larger than chance gives in 5 % of all cases). A curve that only tends to a
/// power law is still bent there by as much as its errors hide, so the exponent is the slope of the best parabola at the far
/// end of the run, with its error: that of a line would be too small by far.
package struct TailPowerLaw: Sendable {
  /// The exponent a.
  package let exponent: Double
  /// Its standard error.
  package let error: Double
  /// Number of points in the run.
  package let count: Int
  /// Where the run begins and ends.
  package let range: ClosedRange<Double>
  /// χ² of the line and its degrees of freedom.
  package let chiSquared: Double
  package let degreesOfFreedom: Int

  /// Fewest points of a run: two more than a line has parameters.
  package static let fewestPoints = 4
  private static let level = 0.05

  /// - Parameter points: positive, with standard errors, in the order in which they go to the end.
  /// - Returns: nil if there are too few points, or no straight run of the fewest points.
  package init?(_ points: [(x: Double, y: Double, error: Double)]) {
    let logarithms = points.map { (x: log($0.x), y: log($0.y), error: $0.error / $0.y) }
    guard points.count >= Self.fewestPoints, logarithms.allSatisfy({ $0.y.isFinite && $0.error > 0 }) else {
      return nil
    }
    for start in 0...(points.count - Self.fewestPoints) {
      let run = Array(logarithms[start...])
      guard let fit = LineFit(run), fit.pValue >= Self.level,
        let end = fit.slope(at: run[run.count - 1].x, of: run)
      else { continue }
      (exponent, error) = end
      count = points.count - start
      let ends = [points[start].x, points[points.count - 1].x].sorted()
      range = ends[0]...ends[1]
      chiSquared = fit.chiSquared
      degreesOfFreedom = fit.degreesOfFreedom
      return
    }
    return nil
  }

  /// Which points were taken and how well a line passes through them.
  var window: String {
    "\(count) points from \(range.lowerBound.short) to \(range.upperBound.short), χ² = \(chiSquared.text(digits: 2)) "
      + "for \(degreesOfFreedom) degrees of freedom"
  }

  /// How the window is chosen, for a reader.
  static let rule =
    "the window is the longest run of points at the end, four at least, through which a straight line passes at 5 %, the "
    + "exponent the slope of a parabola at its end"
}
