import CVectorMath
import Foundation
import NessMath
import NessModel
import NessRandom

/// The steady state of the weakly coupled dynamics at a finite time step, as a Gaussian law of (q, v) to draw from. Exact
/// for a chain between Langevin baths.
///
/// The covariance solves  X = M X M^T + N Q N^T  over (f, q, v) with the map of `LinearStep`, by doubling. Everything is
/// scaled to lengths, (h² f/m, q, h v), so that no comparison mixes dimensions, and computed here without a library, so
/// that every machine draws the same bits. A chain that nothing pins is described by its strains.
struct SteadyGaussian: Sendable {
  /// Rate at which the slowest mode forgets its start [1/time].
  let slowestRate: Double
  private let sites: Int
  private let timeStep: Double
  private let usesStrains: Bool
  /// L, lower triangular with L L^T the covariance of (q or strains, h v), column after column [length].
  private let factor: SquareMatrix

  /// - Returns: nil if the bonds are not harmonic, the state is too long, or there is no steady state: buckled, drifting,
  ///   or a mode that no bath damps.
  init?(_ model: ChainModel, timeStep: Double, noise: ParticleNoise) {
    guard model.medium.isHarmonic else { return nil }
    // Where the baths are too weak for double precision stronger ones in the same proportions stand for them: in the
    // limit of weak coupling only the proportions matter.
    for strengthening in 0..<3 {
      guard let stronger = Self.strengthened(model, times: 20 * strengthening) else { return nil }
      if let steady = SteadyGaussian(as: stronger, timeStep, noise, slower: 20 * strengthening) {
        self = steady
        return
      }
    }
    return nil
  }

  /// The model with frictions 2^power times as large.
  private static func strengthened(_ model: ChainModel, times power: Int) -> ChainModel? {
    if power == 0 { return model }
    let factor = Double(sign: .plus, exponent: power / 2, significand: 1)
    let attachments = model.attachments.map { attachment in
      ChainModel.Attachment(
        name: attachment.name, site: attachment.site, bath: attachment.bath.strengthened(by: factor * factor))
    }
    return try? ChainModel(medium: model.medium, attachments: attachments)
  }

  private init?(as model: ChainModel, _ timeStep: Double, _ law: ParticleNoise, slower power: Int) {
    let dynamics = ChainDynamics(model, timeStep: timeStep, noise: law)
    let modes = ForceMode.modes(of: model, timeStep: timeStep, noise: law)
    sites = dynamics.sites
    self.timeStep = timeStep
    guard modes.count + 2 * sites <= LinearStep.longestState else { return nil }
    let step = LinearStep(dynamics.forecastMedium, modes, heatFrom: 0)
    usesStrains = dynamics.pinningLeft == 0 && dynamics.pinningRight == 0 && modes.isEmpty
    let lengths =
      [Double](repeating: timeStep * timeStep / dynamics.mass, count: modes.count)
      + [Double](repeating: 1, count: sites) + [Double](repeating: timeStep, count: sites)
    var map = SquareMatrix(step.states)
    for column in 0..<step.states {
      for row in 0..<step.states { map[row, column] = lengths[row] * step.map[row, column] / lengths[column] }
    }
    var driven = SquareMatrix(step.states)
    for (source, variance) in step.noiseVariances(modes).enumerated() {
      let column = (0..<step.states).map { lengths[$0] * step.map[$0, step.states + source] }
      for first in 0..<step.states where column[first] != 0 {
        for second in 0..<step.states { driven[second, first] += variance * column[second] * column[first] }
      }
    }
    if usesStrains { (map, driven) = Self.strains(map, driven, sites) }
    guard let steady = map.stationaryCovariance(driven) else { return nil }
    slowestRate = steady.rate / timeStep * Double(sign: .plus, exponent: -power, significand: 1)
    let chain = steady.covariance.block(from: modes.count)
    factor = chain.choleskyFactor()
    guard factor.isFinite else { return nil }
  }

  /// The same map and noise over (strains, h v): r = D q.
  private static func strains(_ map: SquareMatrix, _ noise: SquareMatrix, _ sites: Int) -> (SquareMatrix, SquareMatrix)
  {
    func strained(_ matrix: SquareMatrix, _ row: Int, _ column: Int) -> Double {
      row < sites - 1 ? matrix[row + 1, column] - matrix[row, column] : matrix[row + 1, column]
    }
    let order = 2 * sites - 1
    var (strainMap, strainNoise) = (SquareMatrix(order), SquareMatrix(order))
    for row in 0..<order {
      for column in 0..<order {
        // A strain displaces all sites to its right.
        strainMap[row, column] =
          column < sites - 1
          ? ((column + 1)..<sites).reduce(0) { $0 + strained(map, row, $1) } : strained(map, row, column + 1)
        strainNoise[row, column] =
          column < sites - 1
          ? strained(noise, row, column + 1) - strained(noise, row, column) : strained(noise, row, column + 1)
      }
    }
    return (strainMap, strainNoise)
  }

  /// Draws q and v of all sites.
  func draw(
    _ stream: inout LaneStream, displacement: UnsafeMutablePointer<SIMD8<Double>>,
    velocity: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let order = factor.order
    let drawn = UnsafeMutablePointer<SIMD8<Double>>.allocate(capacity: 2 * order + 1)
    defer { drawn.deallocate() }
    let values = drawn + order + 1
    stream.fillGaussians(drawn, count: order)
    values.update(repeating: SIMD8(), count: order)
    for column in 0..<order {
      for row in column..<order {
        values[row] = ness_fma(drawn[column], SIMD8(repeating: factor[row, column]), values[row])
      }
    }
    let coordinates = usesStrains ? sites - 1 : sites
    if usesStrains {
      displacement[0] = SIMD8()
      for bond in 0..<coordinates { displacement[bond + 1] = displacement[bond] + values[bond] }
    } else {
      for site in 0..<sites { displacement[site] = values[site] }
    }
    for site in 0..<sites { velocity[site] = values[coordinates + site] / timeStep }
  }
}

/// A square matrix with sums in a fixed order, so that every processor finds the same bits; columns first.
struct SquareMatrix: Sendable {
  let order: Int
  private var elements: [Double]

  init(_ order: Int) {
    self.order = order
    elements = [Double](repeating: 0, count: order * order)
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[column * order + row] }
    set { elements[column * order + row] = newValue }
  }

  var isFinite: Bool { elements.allSatisfy(\.isFinite) }
  private var largest: Double { elements.reduce(0) { max($0, abs($1)) } }

  /// The rows and columns from `start` on.
  func block(from start: Int) -> SquareMatrix {
    var result = SquareMatrix(order - start)
    for column in 0..<result.order {
      for row in 0..<result.order { result[row, column] = self[start + row, start + column] }
    }
    return result
  }

  /// self · other, or self · other^T.
  private func times(_ other: SquareMatrix, transposed: Bool = false) -> SquareMatrix {
    var result = SquareMatrix(order)
    let order = order
    result.elements.withUnsafeMutableBufferPointer { sums in
      elements.withUnsafeBufferPointer { left in
        other.elements.withUnsafeBufferPointer { right in
          guard let sums = sums.baseAddress, let left = left.baseAddress, let right = right.baseAddress else { return }
          for column in 0..<order {
            let target = sums + column * order
            for inner in 0..<order {
              let factor = right[transposed ? inner * order + column : column * order + inner]
              let source = left + inner * order
              for row in 0..<order { target[row] += source[row] * factor }
            }
          }
        }
      }
    }
    return result
  }

  /// X = M X M^T + Q for this map M, by doubling, and the slowest decay per step; nil if it does not converge in 2^40 steps.
  func stationaryCovariance(_ noise: SquareMatrix) -> (covariance: SquareMatrix, rate: Double)? {
    var (power, sum) = (self, noise)
    for doubling in 0..<40 {
      let increment = power.times(sum).times(power, transposed: true)
      for column in 0..<order {
        for row in 0...column {
          let value = sum[row, column] + 0.5 * (increment[row, column] + increment[column, row])
          sum[row, column] = value
          sum[column, row] = value
        }
      }
      let (change, size, left) = (increment.largest, sum.largest, power.largest)
      guard change.isFinite, size.isFinite else { return nil }
      // Without noise, at temperature zero, the powers themselves must vanish.
      if change <= 0x1p-56 * size && left < 0x1p-24 {
        return (sum, -log(left) / Double(sign: .plus, exponent: doubling, significand: 1))
      }
      power = power.times(power)
    }
    return nil
  }

  /// L with L L^T = self, lower triangular; directions without variance stay without.
  func choleskyFactor() -> SquareMatrix {
    var factor = SquareMatrix(order)
    for column in 0..<order {
      var pivot = self[column, column]
      for inner in 0..<column { pivot -= factor[column, inner] * factor[column, inner] }
      guard pivot > 0x1p-46 * self[column, column] else { continue }
      let root = pivot.squareRoot()
      factor[column, column] = root
      for row in (column + 1)..<max(order, column + 1) {
        var value = self[row, column]
        for inner in 0..<column { value -= factor[row, inner] * factor[column, inner] }
        factor[row, column] = value / root
      }
    }
    return factor
  }
}
