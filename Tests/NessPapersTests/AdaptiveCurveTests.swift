import Foundation
import NessModel
import NessPapers
import NessStatistics
import NessStudy
import Testing

/// Joined by lines, the points of a curve look like the curve.
@Suite struct AdaptiveCurveTests {
  private func curve(
    _ grid: [Double], _ axes: AdaptiveCurve.Axes, _ value: @escaping @Sendable (Double) -> Double?
  ) -> AdaptiveCurve {
    AdaptiveCurve(title: "test", engine: .kernel, key: [], grid: grid, axes: axes, seconds: 0) { place in
      value(place).map { .numerical($0, bound: 0) }
    }
  }

  /// Largest distance of a curve from the lines between its points, as a part of its height.
  private func misfit(_ points: [(x: Double, value: Estimate)], _ value: (Double) -> Double) -> Double {
    let height = points.map { abs($0.value.value) }.max() ?? 1
    return zip(points, points.dropFirst()).flatMap { first, second in
      (1..<8).map { step -> Double in
        let part = Double(step) / 8
        let line = first.value.value + part * (second.value.value - first.value.value)
        return abs(value(first.x + part * (second.x - first.x)) - line) / height
      }
    }.max() ?? 0
  }

  @Test func linesFollowTheCurve() throws {
    let functions: [@Sendable (Double) -> Double] = [
      { $0 * exp(-$0 / 3) }, { $0.squareRoot() }, { 2 - $0 }, { 1 / (1 + ($0 - 7) * ($0 - 7)) }, { sin($0) },
    ]
    let grid = (0...12).map { Double($0) }
    for function in functions {
      let points = try curve(grid, .init(), { function($0) }).computed(threads: 2)
      #expect(misfit(points, function) < 0.006)
      #expect(Set(grid).isSubset(of: points.map(\.x)) && points.map(\.x) == points.map(\.x).sorted())
      // The same places whatever the threads.
      #expect(try curve(grid, .init(), { function($0) }).computed(threads: 1).map(\.x) == points.map(\.x))
    }
    // Control: without further places the bent ones would look like polygons; a straight one needs none.
    let coarse = grid.map { (x: $0, value: Estimate.numerical(functions[3]($0), bound: 0)) }
    #expect(misfit(coarse, functions[3]) > 0.03)
    #expect(try curve(grid, .init(), { functions[2]($0) }).computed(threads: 1).count == grid.count)
  }

  /// Where theory refuses there is no point, and a curve that jumps ends all the same.
  @Test func refusalsAndJumps() throws {
    let grid = [0.0, 1, 2, 3, 4]
    let partly = try curve(grid, .init(), { $0 < 1.5 ? nil : $0 * $0 }).computed(threads: 1)
    #expect(partly.allSatisfy { $0.x >= 1.5 } && partly.count >= 3)
    let jump = try curve(grid, .init(), { $0 < 2.2 ? 0 : 1 }).computed(threads: 1)
    #expect(jump.count > 5 && jump.count <= 160)
    let power = try curve(
      [1, 10, 100, 1000], .init(isLogarithmicBelow: true, isLogarithmicUp: true), { pow($0, -0.9) }
    )
    .computed(threads: 1)
    #expect(power.count == 4)
  }
}
