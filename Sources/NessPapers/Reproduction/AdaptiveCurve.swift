import Foundation
import NessModel
import NessSampling
import NessStatistics
import NessStore
import NessStudy

/// A curve of exact theory, computed at as many places as it takes to look smooth when its points are joined by lines.
///
/// Between the places of a first grid further ones are added, halfway, wherever the curve bends away from its chord by more
/// than half a line's width. The places are a pure function of the numbers, so equal runs have equal ones.
package struct AdaptiveCurve: Sendable {
  /// How an axis is divided, which decides what looks straight.
  package struct Axes: Sendable {
    var isLogarithmicBelow: Bool
    var isLogarithmicUp: Bool

    /// Linear axes, unless said otherwise.
    package init(isLogarithmicBelow: Bool = false, isLogarithmicUp: Bool = false) {
      self.isLogarithmicBelow = isLogarithmicBelow
      self.isLogarithmicUp = isLogarithmicUp
    }
  }

  /// Part of the picture's height by which a curve may bend away from a line between two places.
  private static let tolerance = 0.0008
  /// Most places.
  private static let most = 160

  let title: String
  let engine: EngineVersion
  let key: [CacheKey.Line]
  let grid: [Double]
  let axes: Axes
  let shownPart: Double
  let seconds: Double
  let value: @Sendable (Double) throws -> Estimate?

  /// - Parameters:
  ///   - title: for the progress line.
  ///   - engine: gives the values.
  ///   - key: what else they depend on.
  ///   - grid: the first places, in order.
  ///   - axes: how the figure's axes are divided.
  ///   - shownPart: part of the largest value that fills the picture: a figure that shows the last 4 % needs more places.
  ///   - seconds: processor time of a place, roughly [s].
  ///   - value: the theory at a place; nil where it refuses.
  package init(
    title: String, engine: EngineVersion, key: [CacheKey.Line], grid: [Double], axes: Axes, shownPart: Double = 1,
    seconds: Double,
    value: @escaping @Sendable (Double) throws -> Estimate?
  ) {
    self.title = title
    self.engine = engine
    self.key = key
    self.grid = grid
    self.axes = axes
    self.shownPart = shownPart
    self.seconds = seconds
    self.value = value
  }

  /// The work; its result alternates places and values.
  var job: Job {
    let key = CacheKey(
      Job.head("adaptive curve", by: engine) + key + grid.map { .number("place", $0) } + [
        .number("shownPart", shownPart)
      ])
    return Job(title: title, key: key, cost: seconds * 3e8 * 2 * Double(grid.count), isExact: true) { context in
      try computed(threads: context.threads, onProgress: context.watch.onProgress, shouldStop: context.watch.shouldStop)
        .flatMap {
          [.numerical($0.x, bound: 0), $0.value]
        }
    }
  }

  /// The places and values.
  ///
  /// - Throws: `Interrupted`, or the error of the theory.
  package func computed(
    threads: Int, onProgress: (Double) -> Void = { _ in }, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> [(x: Double, value: Estimate)] {
    var known: [Double: Estimate] = [:]
    var refused: Set<Double> = []
    var asked = grid
    while !asked.isEmpty {
      let places = asked
      let found = try concurrentMap(count: places.count, threads: threads) { index in
        Result {
          if shouldStop() { throw Interrupted() }
          return try value(places[index])
        }
      }.map { try $0.get() }
      for (place, estimate) in zip(places, found) {
        known[place] = estimate
        if estimate == nil { refused.insert(place) }
      }
      onProgress(min(0.95, Double(known.count) / Double(2 * grid.count)))
      asked = between(known).filter { !refused.contains($0) }
    }
    return known.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The points of a job's result.
  static func points(_ result: [Estimate]) -> [(x: Double, value: Estimate)] {
    stride(from: 0, to: result.count - 1, by: 2).map { (result[$0].value, result[$0 + 1]) }
  }

  /// Where points are missing.
  private func between(_ known: [Double: Estimate]) -> [Double] {
    let sorted = known.sorted { $0.key < $1.key }
    let room = Self.most - sorted.count
    guard room > 0, sorted.count > 2 else { return [] }
    func below(_ x: Double) -> Double { axes.isLogarithmicBelow ? log(x) : x }
    func up(_ y: Double) -> Double { axes.isLogarithmicUp ? log(y) : y }
    // What an axis cannot show has no place in the picture.
    let drawn = sorted.filter {
      (!axes.isLogarithmicBelow || $0.key > 0) && (!axes.isLogarithmicUp || $0.value.value > 0)
    }
    let heights = drawn.map { up($0.value.value) }
    let whole = axes.isLogarithmicUp ? (heights.max() ?? 0) - (heights.min() ?? 0) : heights.map(abs).max() ?? 0
    let limit = Self.tolerance * shownPart * whole
    var new: Set<Double> = []
    for index in drawn.indices.dropFirst().dropLast() {
      let (a, b, c) = (below(drawn[index - 1].key), below(drawn[index].key), below(drawn[index + 1].key))
      let chord = heights[index - 1] + (heights[index + 1] - heights[index - 1]) * (b - a) / (c - a)
      // Halfway between two places a smooth curve is a quarter as far from its chord as here from this one.
      guard abs(heights[index] - chord) / 4 > limit else { continue }
      for (low, high) in [(index - 1, index), (index, index + 1)] {
        let ends = (drawn[low].key, drawn[high].key)
        new.insert(axes.isLogarithmicBelow ? (ends.0 * ends.1).squareRoot() : 0.5 * (ends.0 + ends.1))
      }
    }
    return Array(new.filter { known[$0] == nil }.sorted().prefix(room))
  }
}
