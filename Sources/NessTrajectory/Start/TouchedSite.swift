import Foundation
import NessModel

/// A site that particles touch, in the equilibrium of a chain: its density given the touched site to its left.
struct TouchedSite: Sendable {
  /// What holds the site, over the temperature, when the untouched sites are eliminated.
  struct Precision: Sendable {
    /// [1/length²].
    var stiffness: Double
    /// To the next touched site [1/length²].
    var coupling: Double
    /// Index of the site, from 0.
    var place = 0
  }

  /// Points of a table.
  private static let points = 1025

  let place: Int
  /// Whether the table resolves the density, given the site to the left.
  let isResolved: Bool
  /// Where the density has several maxima, they and what parts them.
  let wells: Wells?
  /// Coupling to the touched site to the left [1/length²].
  private let coupling: Double
  private let grid: [Double]
  /// Logarithm of the density, all that lies to the right included, without the site to the left.
  private let logDensity: [Double]

  /// All touched sites, from left to right; nil if a density cannot be computed.
  static func all(_ precisions: [Precision], _ baths: [[ParticleBath]], _ temperature: Double) -> [TouchedSite]? {
    guard !precisions.isEmpty else { return [] }
    let reach = Self.reach(precisions, baths, temperature)
    guard reach.allSatisfy(\.isFinite) else { return nil }
    let grids = reach.map { reach in
      (0..<points).map { reach * Double(2 * $0 - points + 1) / Double(points - 1) }
    }
    var own: [[Double]] = []
    for (index, precision) in precisions.enumerated() {
      let logs = try? grids[index].map { try logWeight($0, precision, baths[index], temperature) }
      guard let logs else { return nil }
      own.append(logs)
    }
    var fromRight = own
    for index in precisions.indices.dropLast().reversed() {
      let message = Self.message(fromRight[index + 1], grids[index + 1], precisions[index].coupling, to: grids[index])
      for point in 0..<points { fromRight[index][point] += message[point] }
    }
    var left = [Double](repeating: 0, count: points)
    return precisions.indices.map { index in
      if index > 0 {
        left = Self.message(
          zip(own[index - 1], left).map { $0 + $1 }, grids[index - 1], precisions[index - 1].coupling, to: grids[index])
      }
      return TouchedSite(
        place: precisions[index].place, coupling: index > 0 ? precisions[index - 1].coupling : 0, grid: grids[index],
        logDensity: fromRight[index], marginal: zip(fromRight[index], left).map { $0 + $1 },
        stiffness: precisions[index].stiffness)
    }
  }

  private init(
    place: Int, coupling: Double, grid: [Double], logDensity: [Double], marginal: [Double], stiffness: Double
  ) {
    self.place = place
    self.coupling = coupling
    self.grid = grid
    self.logDensity = logDensity
    let spacing = grid[1] - grid[0]
    isResolved = coupling == 0 || spacing * spacing * stiffness < 0.5
    wells = Wells(place: place, grid: grid, logDensity: marginal)
  }

  /// How far from zero each site may be with any probability that matters: the particles' push is bounded.
  private static func reach(_ precisions: [Precision], _ baths: [[ParticleBath]], _ temperature: Double) -> [Double] {
    let pushes = baths.map { baths in
      baths.reduce(0) { sum, bath in
        let frozen = FrozenBath(bath)
        let largest = max(
          abs(frozen.force(atAngle: 0) - bath.strength), abs(bath.strength - frozen.force(atAngle: .pi)))
        return sum + Double(bath.count) * abs(bath.coupling) * largest / temperature
      }
    }
    // Solves the tridiagonal system for the largest displacements; all its elements beside the diagonal are negative.
    var pivots = precisions.map(\.stiffness)
    var ends = pushes
    var variances = [Double](repeating: 0, count: precisions.count)
    for index in precisions.indices.dropFirst() {
      let factor = precisions[index - 1].coupling / pivots[index - 1]
      pivots[index] -= factor * precisions[index - 1].coupling
      ends[index] += factor * ends[index - 1]
    }
    for index in precisions.indices.reversed() {
      let isLast = index + 1 == precisions.count
      ends[index] = (ends[index] + (isLast ? 0 : precisions[index].coupling * ends[index + 1])) / pivots[index]
      let factor = precisions[index].coupling / pivots[index]
      variances[index] = 1 / pivots[index] + (isLast ? 0 : factor * factor * variances[index + 1])
    }
    return precisions.indices.map { ends[$0] + 9 * variances[$0].squareRoot() }
  }

  private static func logWeight(
    _ displacement: Double, _ precision: Precision, _ baths: [ParticleBath], _ temperature: Double
  ) throws -> Double {
    try baths.reduce(-0.5 * precision.stiffness * displacement * displacement) { sum, bath in
      let share = Double(bath.count) * bath.temperature / temperature
      return sum + share * (try FrozenBath(bath).logPartitionFunction(atDisplacement: displacement))
    }
  }

  /// log int exp(logDensity(x) + coupling x y) dx on the points y of another grid, up to a constant.
  private static func message(
    _ logDensity: [Double], _ from: [Double], _ coupling: Double, to: [Double]
  ) -> [Double] {
    let all = to.map { target -> Double in
      let exponents = zip(logDensity, from).map { $0 + coupling * target * $1 }
      let largest = exponents.max() ?? 0
      return largest + log(exponents.reduce(0) { $0 + exp($1 - largest) })
    }
    let largest = all.max() ?? 0
    return all.map { $0 - largest }
  }

  /// Draws the displacement in every lane, given that of the touched site to the left.
  func draw(after previous: SIMD8<Double>, uniform: SIMD8<Double>) -> SIMD8<Double> {
    if coupling == 0 {
      let table = InverseTable(logDensity)
      return SIMD8((0..<8).map { value(at: table.position(uniform[$0])) })
    }
    return SIMD8(
      (0..<8).map { lane in
        let table = InverseTable(zip(logDensity, grid).map { $0 + coupling * previous[lane] * $1 })
        return value(at: table.position(uniform[lane]))
      })
  }

  private func value(at position: Double) -> Double { grid[0] + position * (grid[1] - grid[0]) }
}

/// Inverse of a cumulative distribution on a grid of equal spacing, linear between the points.
struct InverseTable {
  private let cumulated: [Float]

  /// The distribution whose density has these logarithms on the points. The table is kept in single precision, so that
  /// the last bits of a library's exponential do not matter.
  init(_ logDensity: [Double]) {
    let largest = logDensity.max() ?? 0
    var (sum, last) = (0.0, 0.0)
    var sums: [Double] = []
    for (index, value) in logDensity.enumerated() {
      let density = exp(value - largest)
      if index > 0 { sum += 0.5 * (last + density) }
      sums.append(sum)
      last = density
    }
    cumulated = sums.map { Float($0 / sum) }
  }

  /// Where the share `uniform` of the probability lies below, in units of the spacing.
  func position(_ uniform: Double) -> Double {
    var (low, high) = (0, cumulated.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Double(cumulated[middle]) <= uniform { low = middle } else { high = middle }
    }
    let (from, to) = (Double(cumulated[low]), Double(cumulated[high]))
    return Double(low) + (to > from ? min(1, max(0, (uniform - from) / (to - from))) : 0.5)
  }
}
