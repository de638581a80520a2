import Foundation
import NessRandom
import NessStatistics
import NessStudy
import Testing

struct RefinementTests {
  /// What a refinement ended with.
  private struct Outcome {
    let step: Refinement.Step
    let points: [CurvePoint]
    let added: Int
  }

  /// Follows the planner to its end on a curve that answers at any temperature.
  private func refined(
    _ first: [Double], _ relativeError: Double, isHotter: Bool = true, _ point: (Double) -> CurvePoint
  ) -> Outcome {
    func order(_ points: [CurvePoint]) -> [CurvePoint] {
      points.sorted { isHotter ? $0.temperature < $1.temperature : $0.temperature > $1.temperature }
    }
    var points = order(first.map(point))
    let refinement = Refinement(relativeError: relativeError)
    while true {
      let added = points.count - first.count
      let step = refinement.next(points, added: added)
      guard case .add(let new) = step else { return Outcome(step: step, points: points, added: added) }
      let inside = new.allSatisfy { points[0].temperature < $0 && $0 < points[points.count - 1].temperature }
      #expect(!new.isEmpty && (inside || !isHotter))
      #expect(Set(new).isDisjoint(with: points.map(\.temperature)))
      points = order(points + new.map(point))
    }
  }

  private func exact(_ temperature: Double) -> CurvePoint {
    CurvePoint(temperature: temperature, .numerical(FallingCurrent.value(temperature), bound: 1e-10))
  }

  /// A sampled current; its noise belongs to the run and the temperature, whatever the order of the points.
  private func sampled(_ temperature: Double, run: Int, relativeError: Double) -> CurvePoint {
    let value = FallingCurrent.value(temperature)
    var stream = CounterStream(seed: UInt64(run), index: temperature.bitPattern, purpose: .initialState)
    let error = relativeError * max(value, 1)
    return CurvePoint(
      temperature: temperature,
      .statistical(value + error * stream.gaussianPair().0, standardError: error, effectiveSamples: 64))
  }

  @Test(arguments: [0.05, 0.02, 0.005, 0.001]) func exactCurves(relativeError: Double) {
    let outcome = refined([12, 30, 100, 400], relativeError, exact)
    guard case .found(let temperature, let error) = outcome.step else {
      Issue.record("\(outcome.step)")
      return
    }
    #expect(error <= relativeError * temperature)
    #expect(abs(temperature - FallingCurrent.maximum) < 1.96 * error)
    #expect(outcome.added <= 2 + Int(2 * log2(1 / relativeError)))
  }

  /// The error is reached, and 95 % intervals cover the truth in at least 90 % although the points follow the noise.
  @Test func sampledCurves() {
    var covered = 0
    var found = 0
    for run in 0..<200 {
      let outcome = refined([12, 20, 40, 80, 200], 0.05) { sampled($0, run: run, relativeError: 0.02) }
      #expect(outcome.added <= Refinement.mostPoints)
      guard case .found(let temperature, let error) = outcome.step else { continue }
      found += 1
      #expect(error <= 0.05 * temperature)
      if abs(temperature - FallingCurrent.maximum) < 1.96 * error { covered += 1 }
    }
    #expect(found > 190, "\(found)")
    #expect(Double(covered) > 0.9 * Double(found), "\(covered) of \(found)")
  }

  /// More points are spent for a smaller error, and a run that would need too many says so.
  @Test func theErrorThatCannotBeReached() {
    let coarse = refined([12, 20, 40, 80, 200], 0.2) { sampled($0, run: 1, relativeError: 0.05) }
    let fine = refined([12, 20, 40, 80, 200], 0.001) { sampled($0, run: 1, relativeError: 0.05) }
    #expect(coarse.added < fine.added && fine.added == Refinement.mostPoints)
    guard case .refused(let reason) = fine.step else {
      Issue.record("\(fine.step)")
      return
    }
    #expect(reason.hasPrefix("after 40 added points T* is known to ") && reason.contains("run.targetError"))
  }

  /// Maxima outside the range are refused at once, with the end at which the current is largest.
  @Test(arguments: [([12.0, 20, 30], "last point, T = 30"), ([60.0, 100, 400], "first point, T = 60")])
  func noMaximumWithin(temperatures: [Double], end: String) {
    let refusal = Refinement.Step.refused("no maximum within the range: |J| is largest at its \(end)")
    let outcome = refined(temperatures, 0.02, exact)
    #expect(outcome.step == refusal && outcome.added == 0)
    #expect(refined(temperatures, 0.02) { sampled($0, run: 2, relativeError: 0.001) }.step == refusal)
  }

  @Test func noiseAloneIsRefused() {
    let outcome = refined([12, 20, 40, 80], 0.02) {
      CurvePoint(temperature: $0, .statistical(1, standardError: 0.1, effectiveSamples: 64))
    }
    #expect(
      outcome.step == .refused("no point stands out of the noise: ask for a smaller run.targetError")
        && outcome.added == 0)
  }

  /// The cold wall of a box: the maximum at a quarter of the hot temperature, the varied one falling to 0.
  @Test func theColderSide() {
    let outcome = refined([0, 4, 12, 20], 0.02, isHotter: false) { cold in
      let slowness = 0.05.squareRoot() + (cold > 0 ? 1 / cold.squareRoot() : .infinity)
      return CurvePoint(temperature: cold, .numerical((20 - cold) / slowness, bound: 1e-12))
    }
    guard case .found(let temperature, let error) = outcome.step else {
      Issue.record("\(outcome.step)")
      return
    }
    #expect(abs(temperature - 5) < 1.96 * error && error < 0.1)
  }
}
