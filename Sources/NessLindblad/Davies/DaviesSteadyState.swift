import Foundation
import NessModel

/// The steady state of a quantum box by the secular (Davies) master equation, with the lowest M levels taken.
///
/// - Accuracy: populations componentwise to about 1e-15 M; currents to `currentBounds`. What the levels left out would
///   change is not in these bounds: see `convergedLevels`.
/// - Source: `Documentation/Theory/davies.md`.
/// - Checked by: closed forms, the full Liouvillian, and an independent solution (DaviesTests).
package struct DaviesSteadyState: Sendable {
  /// Number of levels, M.
  package let levels: Int
  /// Probability of level n at index n - 1.
  package let populations: [Double]
  /// Mean heat per time from every bath into the box, in the order of the model's attachments [energy/time].
  package let currents: [Double]
  /// Bounds of the rounding errors of `currents` [energy/time].
  package let currentBounds: [Double]
  /// Mean energy [energy].
  package let meanEnergy: Double
  /// Variance of the energy [energy²].
  package let energyVariance: Double
  /// Entropy produced in the baths per time, >= 0 term by term; nil if a bath has temperature 0 [1/time].
  package let entropyProduction: Double?
  /// Largest |gain - loss| / (gain + loss) of the probability of a level, of those within normal double precision.
  package let residual: Double

  let rates: JumpRates
  let elimination: Elimination

  /// Heat per time from the first to the second of two baths, from the bath whose sum cancels least [energy/time].
  package var heatCurrent: Double? {
    guard currents.count == 2 else { return nil }
    return currentBounds[0] <= currentBounds[1] ? currents[0] : -currents[1]
  }

  /// Bound of the rounding error of `heatCurrent` [energy/time].
  package var heatCurrentBound: Double { currentBounds.min() ?? 0 }

  /// Smallest decay rate towards the steady state; nil for a single level [1/time]. See `slowestDecayRate`.
  package func relaxationRate() throws -> Double? { try slowestDecayRate()?.value }

  init(_ model: QuantumBoxModel, levels: Int, method: Method = .davies) throws(Refusal) {
    try self.init(
      JumpRates(model, levels: levels, method: method), temperatures: model.attachments.map(\.bath.temperature),
      method: method)
  }

  /// The steady state of known rates.
  ///
  /// - Parameter temperatures: of the baths, 0 for one without [energy].
  init(_ rates: JumpRates, temperatures: [Double], method: Method = .davies) throws(Refusal) {
    let levels = rates.levels
    let elimination = try Elimination(rates, method: method)
    let populations = elimination.populations
    self.levels = levels
    self.rates = rates
    self.elimination = elimination
    self.populations = populations
    let flows = rates.baths.map { HeatFlow($0, populations, rates.energies) }
    currents = flows.map(\.net)
    currentBounds = flows.map { relativeRounding(levels: levels) * $0.gross }
    let mean = zip(populations, rates.energies).reduce(0) { $0 + $1.0 * $1.1 }
    meanEnergy = mean
    energyVariance = zip(populations, rates.energies).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    entropyProduction =
      temperatures.allSatisfy { $0 > 0 }
      ? zip(rates.baths, temperatures).reduce(0) {
        $0 + Self.dissipation($1.0, populations, rates.energies, temperature: $1.1)
      } : nil
    residual = Self.residual(rates, populations)
  }

  /// sum over pairs of (x - y) ln(x/y), x and y the flows to and fro: never negative. Where one flow may be near or
  /// below the smallest number, its logarithm still follows from detailed balance: ln(x/y) = ln(p_n/p_m) + (E_n - E_m)/T.
  private static func dissipation(
    _ rates: [Double], _ populations: [Double], _ energies: [Double], temperature: Double
  ) -> Double {
    let levels = populations.count
    let tiny = 1e-200 * (rates.max() ?? 0)
    var total = 0.0
    for upper in 1..<max(1, levels) {
      for lower in 0..<upper {
        let down = rates[upper * levels + lower] * populations[upper]
        let up = rates[lower * levels + upper] * populations[lower]
        if down == up { continue }
        if min(down, up) > tiny {
          total += (up - down) * log(up / down)
        } else if populations[upper] > 0 && populations[lower] > 0 {
          let affinity =
            log(populations[upper] / populations[lower]) + (energies[upper] - energies[lower]) / temperature
          total += (down - up) * affinity
        }
      }
    }
    return total
  }

  private static func residual(_ rates: JumpRates, _ populations: [Double]) -> Double {
    let levels = rates.levels
    var gain = [Double](repeating: 0, count: levels)
    var loss = gain
    rates.total.withUnsafeBufferPointer { matrix in
      gain.withUnsafeMutableBufferPointer { gain in
        guard let matrix = matrix.baseAddress, let gain = gain.baseAddress else { return }
        for level in 0..<levels {
          accumulate(populations[level], matrix + level * levels, into: gain, levels)
          loss[level] = populations[level] * sum(matrix + level * levels, levels)
        }
      }
    }
    let tiny = 1e-200 * (rates.total.max() ?? 0)
    return zip(gain, loss).reduce(0) { $1.0 + $1.1 > tiny ? max($0, abs($1.0 - $1.1) / ($1.0 + $1.1)) : $0 }
  }
}

/// Relative rounding error of populations and rates of M levels: sums of M terms, and exponents E/T of up to some 100
/// whose own rounding an exponential magnifies.
func relativeRounding(levels: Int) -> Double { Double(2 * levels + 512) * Double.ulpOfOne }

/// Energy that jumps of one bath carry per time, with and without regard to sign.
private struct HeatFlow {
  var net = 0.0
  var gross = 0.0

  init(_ rates: [Double], _ populations: [Double], _ energies: [Double]) {
    let levels = populations.count
    rates.withUnsafeBufferPointer { rates in
      energies.withUnsafeBufferPointer { energies in
        guard let rates = rates.baseAddress, let energies = energies.baseAddress else { return }
        for level in 0..<levels where populations[level] > 0 {
          let row = rates + level * levels
          let down = Self.weighted(row, energies, 0..<level, from: energies[level])
          let up = Self.weighted(row, energies, (level + 1)..<max(levels, level + 1), from: energies[level])
          net += populations[level] * (up + down)
          gross += populations[level] * (up - down)
        }
      }
    }
  }

  /// sum of rate times energy gained.
  private static func weighted(
    _ rates: UnsafePointer<Double>, _ energies: UnsafePointer<Double>, _ range: Range<Int>, from energy: Double
  ) -> Double {
    var lanes = SIMD8<Double>.zero
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      let rate = UnsafeRawPointer(rates + index).loadUnaligned(as: SIMD8<Double>.self)
      let target = UnsafeRawPointer(energies + index).loadUnaligned(as: SIMD8<Double>.self)
      lanes += rate * (target - energy)
      index += 8
    }
    var total = lanes.sum()
    for rest in index..<range.upperBound { total += rates[rest] * (energies[rest] - energy) }
    return total
  }
}

/// The steady state of the secular (Davies) master equation.
///
/// - Parameters:
///   - model: a quantum box with any number of baths.
///   - levels: M; nil takes `medium.levels`, and as many as the result needs if that is nil too.
/// - Throws: `Refusal` in words: steady state not unique, a spectrum or matrix that ends too early, too many levels for
///   the memory.
/// - Complexity: O(2 M³/3), 10 ms or less at M = 256.
package func daviesSteadyState(of model: QuantumBoxModel, levels: Int? = nil) throws(Refusal) -> DaviesSteadyState {
  if let given = levels ?? model.medium.levels {
    try checkMemory(levels: given, baths: model.attachments.count)
    return try DaviesSteadyState(model, levels: given)
  }
  return try convergedLevels(of: model).state
}
