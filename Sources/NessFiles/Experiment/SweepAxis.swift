import Foundation

/// One parameter of the experiment that takes several values.
package struct SweepAxis: Hashable, Sendable {
  /// How the points of a range are spaced.
  package enum Scale: String, Codable, CaseIterable, Hashable, Sendable {
    /// Equal differences.
    case linear
    /// Equal ratios.
    case log
  }

  /// The values of the parameter.
  package enum Values: Hashable, Sendable {
    /// Written out one by one.
    case list([Double])
    /// From the first to the last value, both included.
    case range(from: Double, to: Double, points: Int, scale: Scale)
  }

  /// Path of the parameter, for example `baths.left.temperature`.
  package var parameter: String
  /// The values that it takes.
  package var values: Values
  /// What is looked for by adding points; nil for nothing.
  package var refinement: SweepRefinement?

  /// An axis of given values.
  package init(_ parameter: String, values: [Double], refinement: SweepRefinement? = nil) {
    self.parameter = parameter
    self.refinement = refinement
    self.values = .list(values)
  }

  /// An axis from one value to another, both included, with `points` values of equal difference or ratio.
  package init(_ parameter: String, from: Double, to: Double, points: Int, scale: Scale = .linear) {
    self.parameter = parameter
    self.values = .range(from: from, to: to, points: points, scale: scale)
  }

  /// Number of values.
  package var count: Int {
    switch values {
    case .list(let list): list.count
    case .range(_, _, let points, _): max(points, 0)
    }
  }

  /// The values of the parameter in order; the ends of a range are exact.
  package var points: [Double] {
    switch values {
    case .list(let list): list
    case .range(let from, let to, let points, let scale):
      (0..<max(points, 0)).map { Self.point($0, of: points, from: from, to: to, scale: scale) }
    }
  }

  private static func point(_ index: Int, of points: Int, from: Double, to: Double, scale: Scale) -> Double {
    if index == 0 { return from }
    if index == points - 1 { return to }
    let last = Double(points - 1)
    let part = Double(index) / last
    switch scale {
    case .linear:
      let value = (from * (last - Double(index)) + to * Double(index)) / last
      return rounded(value, error: 2 * Double.ulpOfOne * max(abs(from), abs(to)))
    case .log:
      let value = from * exp(log(to / from) * part)
      return rounded(value, error: (2 + 2 * abs(log(to / from))) * Double.ulpOfOne * value)
    }
  }

  /// The round number that a reader expects where rounding is all that keeps a value from it, else the value: 0.2 for
  /// 0.19999999999999998, 10 for 10.000000000000002.
  private static func rounded(_ value: Double, error: Double) -> Double {
    guard value != 0, value.isFinite, error > 0 else { return value }
    // So few digits that a value is next to a round one by chance once in a hundred times at most.
    let digits = Int(log10(abs(value) / error)) - 2
    guard digits > 0, let round = Double(String(format: "%.\(digits - 1)e", value)) else { return value }
    return abs(round - value) <= error ? round : value
  }

  /// Faults of the values by themselves, whatever the parameter.
  ///
  /// - Parameters:
  ///   - path: path of the axis in the file.
  ///   - mayRepeat: whether a value may come again, as it may beside other parameters that change with it.
  func valueFaults(at path: String, mayRepeat: Bool) -> [FileFault] {
    switch values {
    case .list(let list): Self.listFaults(list, path, mayRepeat: mayRepeat)
    case .range(let from, let to, let points, let scale):
      Self.rangeFaults(path, from: from, to: to, points: points, scale: scale)
    }
  }

  private static func listFaults(_ list: [Double], _ path: String, mayRepeat: Bool) -> [FileFault] {
    if list.isEmpty || list.count > Sweep.mostPoints {
      let found = list.isEmpty ? "no value" : "\(list.count) values"
      return [FileFault(key: "\(path).values", found: found, expected: "1 to \(Sweep.mostPoints) values")]
    }
    var seen: [Double: Int] = [:]
    var faults: [FileFault] = []
    for (index, value) in list.enumerated() {
      let key = "\(path).values[\(index)]"
      if !value.isFinite {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a finite number"))
      } else if let first = seen[value], !mayRepeat {
        faults.append(
          FileFault(key: key, found: "\(value) again", expected: "each value once", remedy: "see values[\(first)]"))
      } else {
        seen[value] = index
      }
    }
    return faults
  }

  private static func rangeFaults(
    _ path: String, from: Double, to: Double, points: Int, scale: Scale
  ) -> [FileFault] {
    var faults: [FileFault] = []
    if !(2...Sweep.mostPoints).contains(points) {
      faults.append(
        FileFault(
          key: "\(path).points", found: "\(points)", expected: "a whole number between 2 and \(Sweep.mostPoints)"))
    }
    for (key, value) in [("\(path).from", from), ("\(path).to", to)] {
      if !value.isFinite {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a finite number"))
      } else if scale == .log && value <= 0 {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a number > 0 on a log scale"))
      }
    }
    if from == to {
      faults.append(FileFault(key: "\(path).to", found: "\(to)", expected: "another value than from"))
    }
    return faults
  }

  /// The key below the axis that a value belongs to: for faults found at that value.
  func key(ofPoint index: Int) -> String {
    switch values {
    case .list: "values[\(index)]"
    case .range(_, _, let points, _): index == 0 ? "from" : index == points - 1 ? "to" : "points"
    }
  }

  /// A value as it is named in a message; one of a range with its number.
  func name(ofPoint index: Int) -> String {
    let points = points
    return switch values {
    case .list: "\(points[index])"
    case .range: "\(points[index]) (point \(index + 1) of \(points.count))"
    }
  }

  /// Whether the values are a range.
  var isRange: Bool {
    if case .range = values { true } else { false }
  }
}

extension SweepAxis {
  /// Whether the values are spaced, or spread, as on a logarithmic axis: equal ratios were asked for, or listed values
  /// are positive and more than twentyfold apart.
  package var isLogarithmic: Bool {
    switch values {
    case .range(_, _, _, let scale): return scale == .log
    case .list(let list):
      guard let least = list.min(), let most = list.max() else { return false }
      return least > 0 && most > 20 * least
    }
  }
}
