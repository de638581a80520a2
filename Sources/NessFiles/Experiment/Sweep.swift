/// Parameters of the experiment that take several values.
package enum Sweep: Hashable, Sendable {
  /// One parameter.
  case single(SweepAxis)
  /// Every combination of the values of several parameters; the last one changes fastest.
  case grid([SweepAxis])
  /// Several parameters that change together: the first point has the first value of each, and so on.
  case paired([SweepAxis])

  /// A sweep over given values of one parameter.
  package init(parameter: String, values: [Double], refinement: SweepRefinement? = nil) {
    self = .single(SweepAxis(parameter, values: values, refinement: refinement))
  }

  /// A sweep of one parameter from one value to another, both included, with `points` values of equal difference or
  /// ratio.
  package init(parameter: String, from: Double, to: Double, points: Int, scale: SweepAxis.Scale = .linear) {
    self = .single(SweepAxis(parameter, from: from, to: to, points: points, scale: scale))
  }

  /// The most points that a sweep may have.
  package static let mostPoints = 10_000

  /// The parameters with their values.
  package var axes: [SweepAxis] {
    switch self {
    case .single(let axis): [axis]
    case .grid(let axes), .paired(let axes): axes
    }
  }

  /// Path of an axis in the file.
  func path(ofAxis index: Int) -> String {
    switch self {
    case .single: "sweep"
    case .grid: "sweep[\(index)]"
    case .paired: "sweep.paired[\(index)]"
    }
  }

  /// Number of points; nil if there are too many to count.
  var count: Int? {
    switch self {
    case .single(let axis): return axis.count
    case .paired(let axes): return axes.map(\.count).min() ?? 0
    case .grid(let axes):
      return axes.reduce(1) { product, axis in
        product.flatMap { count in
          let (next, overflow) = count.multipliedReportingOverflow(by: axis.count)
          return overflow ? nil : next
        }
      }
    }
  }

  /// Which value every axis has at every point, in order.
  var indices: [[Int]] {
    switch self {
    case .single(let axis): (0..<axis.count).map { [$0] }
    case .paired(let axes): (0..<(count ?? 0)).map { index in axes.map { _ in index } }
    case .grid(let axes):
      axes.reduce([[]]) { combinations, axis in
        combinations.flatMap { combination in (0..<axis.count).map { combination + [$0] } }
      }
    }
  }

  /// The values of the parameters at every point, in order.
  package var points: [[ParameterValue]] {
    let values = axes.map(\.points)
    return indices.map { indices in
      zip(axes.indices, indices).map { axis, index in
        ParameterValue(path: axes[axis].parameter, value: values[axis][index])
      }
    }
  }
}
