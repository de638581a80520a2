import Foundation

/// One parameter of the experiment that takes several values.
public struct Sweep: Hashable, Sendable {
  /// How the points of a range are spaced.
  public enum Scale: String, Codable, CaseIterable, Hashable, Sendable {
    /// Equal differences.
    case linear
    /// Equal ratios.
    case log
  }

  /// The values of the parameter.
  public enum Values: Hashable, Sendable {
    /// Written out one by one.
    case list([Double])
    /// From the first to the last value, both included.
    case range(from: Double, to: Double, points: Int, scale: Scale)
  }

  /// Path of the parameter, for example `baths.left.temperature`.
  public var parameter: String
  /// The values that it takes.
  public var values: Values

  /// A sweep over given values.
  public init(parameter: String, values: [Double]) {
    self.parameter = parameter
    self.values = .list(values)
  }

  /// A sweep from one value to another, both included, in `points` steps of equal difference or ratio.
  public init(parameter: String, from: Double, to: Double, points: Int, scale: Scale = .linear) {
    self.parameter = parameter
    self.values = .range(from: from, to: to, points: points, scale: scale)
  }

  /// The most points that a sweep may have.
  public static let mostPoints = 10_000

  /// The values of the parameter in order; the ends of a range are exact.
  public var points: [Double] {
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
    return switch scale {
    case .linear: (from * (last - Double(index)) + to * Double(index)) / last
    case .log: from * exp(log(to / from) * Double(index) / last)
    }
  }

  /// Faults of the values by themselves, whatever the parameter.
  var valueFaults: [FileFault] {
    switch values {
    case .list(let list): Self.listFaults(list)
    case .range(let from, let to, let points, let scale):
      Self.rangeFaults(from: from, to: to, points: points, scale: scale)
    }
  }

  private static func listFaults(_ list: [Double]) -> [FileFault] {
    if list.isEmpty || list.count > mostPoints {
      let found = list.isEmpty ? "no value" : "\(list.count) values"
      return [FileFault(key: "sweep.values", found: found, expected: "1 to \(mostPoints) values")]
    }
    var seen: [Double: Int] = [:]
    var faults: [FileFault] = []
    for (index, value) in list.enumerated() {
      let key = "sweep.values[\(index)]"
      if !value.isFinite {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a finite number"))
      } else if let first = seen[value] {
        faults.append(
          FileFault(key: key, found: "\(value) again", expected: "each value once", remedy: "see values[\(first)]"))
      } else {
        seen[value] = index
      }
    }
    return faults
  }

  private static func rangeFaults(from: Double, to: Double, points: Int, scale: Scale) -> [FileFault] {
    var faults: [FileFault] = []
    if !(2...mostPoints).contains(points) {
      faults.append(
        FileFault(key: "sweep.points", found: "\(points)", expected: "a whole number between 2 and \(mostPoints)"))
    }
    for (key, value) in [("sweep.from", from), ("sweep.to", to)] {
      if !value.isFinite {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a finite number"))
      } else if scale == .log && value <= 0 {
        faults.append(FileFault(key: key, found: "\(value)", expected: "a number > 0 on a log scale"))
      }
    }
    if from == to {
      faults.append(FileFault(key: "sweep.to", found: "\(to)", expected: "another value than from"))
    }
    return faults
  }

  /// The key in the file that a point belongs to: for faults found at that point.
  func key(ofPoint index: Int) -> String {
    switch values {
    case .list: "sweep.values[\(index)]"
    case .range(_, _, let points, _): index == 0 ? "sweep.from" : index == points - 1 ? "sweep.to" : "sweep.points"
    }
  }
}
