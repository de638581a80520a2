import NessMath
import NessModel
import NessStatistics

/// Mean heat between the baths of an eliminated chain, pair by pair.
struct HeatBalance {
  /// Heat from the first to the second bath of a pair, indices in the order of the sites [energy/time].
  private struct Exchange {
    let first: Int
    let second: Int
    let heat: Double
    let bound: Double
  }

  private let chain: EliminatedChain
  private let exchanges: [Exchange]

  init(
    _ chain: EliminatedChain, relativeTolerance: Double, shouldStop: () -> Bool
  ) throws(QuadratureError) {
    self.chain = chain
    let baths = chain.baths
    let pairs = baths.indices.flatMap { first in
      baths.indices.filter { $0 > first && baths[$0].temperature != baths[first].temperature }.map { (first, $0) }
    }
    guard let distance = pairs.map({ baths[$1].site - baths[$0].site }).min() else {
      exchanges = []
      return
    }
    let mesh = try FrequencyMesh(chain, distance: distance, shouldStop: shouldStop)
    var exchanges: [Exchange] = []
    for (first, second) in pairs {
      var transmission = Transmission(chain, over: mesh, from: first, to: second)
      let integral = try transmission.integrate(relativeTolerance: relativeTolerance, shouldStop: shouldStop)
      let unit = (baths[first].temperature - baths[second].temperature) * chain.frequencyUnit
      let heat = Self.scaled(unit * integral.value, integral.exponent)
      let bound = Self.scaled(abs(unit) * integral.error, integral.exponent) + abs(unit) * integral.unresolved
      // What is below the smallest number is not told from 0.
      let least = abs(heat) < .leastNormalMagnitude ? Double.leastNormalMagnitude : 2e-16 * abs(heat)
      exchanges.append(Exchange(first: first, second: second, heat: heat, bound: bound + least))
    }
    self.exchanges = exchanges
  }

  private static func scaled(_ value: Double, _ exponent: Int) -> Double {
    Double(sign: .plus, exponent: max(-4000, min(4000, exponent)), significand: value)
  }

  /// One estimate for each attachment of the model, in its order [energy/time].
  var currents: [Estimate] {
    chain.baths.indices.map { bath in
      sum { $0.first == bath ? 1 : $0.second == bath ? -1 : 0 }
    }
  }

  /// The current through every bond, from left to right [energy/time]: in a steady state what the baths on its left give
  /// to those on its right.
  var bondCurrents: [Estimate] {
    var result: [Estimate] = []
    for (station, span) in chain.spans.enumerated() {
      let current = sum { exchange in
        chain.baths[exchange.first].station <= station && chain.baths[exchange.second].station > station ? 1 : 0
      }
      result += Array(repeating: current, count: span)
    }
    return result
  }

  private func sum(_ sign: (Exchange) -> Double) -> Estimate {
    let (value, bound) = exchanges.reduce((0.0, 0.0)) { sum, exchange in
      let sign = sign(exchange)
      return (sum.0 + sign * exchange.heat, sum.1 + abs(sign) * exchange.bound)
    }
    return .numerical(value, bound: bound)
  }
}
