import NessMath
import NessModel
import NessStatistics

/// Mean heat from every bath of an eliminated chain, and through its bonds.
///
/// Two baths are one transmission integral; more are integrated together.
struct HeatBalance {
  /// One estimate for each attachment of the model, in its order [energy/time].
  let currents: [Estimate]
  /// The current through every bond, from left to right [energy/time]: in a steady state what the baths on its left give
  /// to those on its right. Empty where it was not wanted.
  let bondCurrents: [Estimate]
  /// What passes at most through resonances that were not resolved, in every current [energy/time].
  let unresolved: Double

  init(
    _ chain: EliminatedChain, withBonds: Bool = true, relativeTolerance: Double, watch: WorkWatch = WorkWatch()
  ) throws(QuadratureError) {
    let bonds = withBonds ? chain.sites - 1 : 0
    let baths = chain.baths.sorted { $0.station < $1.station }
    let distances = zip(baths, baths.dropFirst()).compactMap { one, other in
      one.temperature == other.temperature ? nil : other.site - one.site
    }
    guard let distance = distances.min() else {
      currents = Array(repeating: .numerical(0, bound: 0), count: baths.count)
      bondCurrents = Array(repeating: .numerical(0, bound: 0), count: bonds)
      unresolved = 0
      return
    }
    let mesh = try FrequencyMesh(chain, distance: distance, shouldStop: watch.shouldStop)
    if baths.count == 2 {
      var transmission = Transmission(chain, over: mesh, from: 0, to: 1)
      let integral = try transmission.integrate(relativeTolerance: relativeTolerance, shouldStop: watch.shouldStop)
      let unit = (chain.baths[0].temperature - chain.baths[1].temperature) * chain.frequencyUnit
      let heat = Self.estimate(integral.value, integral.error, integral.exponent, integral.unresolved, unit)
      currents = [heat, .numerical(-heat.value, bound: heat.error)]
      unresolved = abs(unit) * integral.unresolved
      let stations = chain.baths.map(\.station)
      let sign = stations[0] < stations[1] ? 1.0 : -1
      bondCurrents = Self.perBond(bonds == 0 ? [] : chain.spans) { station in
        (min(stations[0], stations[1])..<max(stations[0], stations[1])).contains(station)
          ? .numerical(sign * heat.value, bound: heat.error) : .numerical(0, bound: 0)
      }
      return
    }
    let temperatures = baths.map(\.temperature)
    let lowest = temperatures.min() ?? 0
    let spread = (temperatures.max() ?? 0) - lowest
    let sweep = try HeatSweep(
      chain, mesh, lowest: lowest, spread: spread, withPassing: withBonds, relativeTolerance: relativeTolerance,
      watch: watch)
    let estimate = { (sum: HeatSweep.Sum) in
      Self.estimate(sum.value, sum.error, sum.exponent, sweep.unresolved, spread * chain.frequencyUnit)
    }
    currents = sweep.given.map(estimate)
    unresolved = spread * chain.frequencyUnit * sweep.unresolved
    let passing = sweep.passing.map(estimate)
    let stations = sweep.baths.map { chain.baths[$0].station }
    bondCurrents = Self.perBond(bonds == 0 ? [] : chain.spans) { station in
      // The last bath on the left of the bond; there is none left of the first, and nothing beyond the last.
      let place = stations.lastIndex { $0 <= station } ?? -1
      return passing.indices.contains(place) ? passing[place] : .numerical(0, bound: 0)
    }
  }

  /// Heat per difference of temperature between two baths [1/time], whatever their temperatures.
  static func conductance(
    _ chain: EliminatedChain, relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) -> Estimate {
    let distance = abs(chain.baths[0].site - chain.baths[1].site)
    let mesh = try FrequencyMesh(chain, distance: distance, shouldStop: watch.shouldStop)
    var transmission = Transmission(chain, over: mesh, from: 0, to: 1)
    let integral = try transmission.integrate(relativeTolerance: relativeTolerance, shouldStop: watch.shouldStop)
    return estimate(integral.value, integral.error, integral.exponent, integral.unresolved, chain.frequencyUnit)
  }

  private static func estimate(
    _ value: Double, _ error: Double, _ exponent: Int, _ unresolved: Double, _ unit: Double
  ) -> Estimate {
    let heat = scaled(unit * value, exponent)
    let bound = scaled(abs(unit) * error, exponent) + abs(unit) * unresolved
    // What is below the smallest number is not told from 0.
    let least = abs(heat) < .leastNormalMagnitude ? Double.leastNormalMagnitude : 2e-16 * abs(heat)
    return .numerical(heat, bound: bound + least)
  }

  private static func perBond(_ spans: [Int], _ current: (Int) -> Estimate) -> [Estimate] {
    spans.enumerated().flatMap { Array(repeating: current($0.offset), count: $0.element) }
  }

  private static func scaled(_ value: Double, _ exponent: Int) -> Double {
    Double(sign: .plus, exponent: max(-4000, min(4000, exponent)), significand: value)
  }
}
