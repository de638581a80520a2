import CVectorMath
import Foundation
import NessModel
import NessRandom

/// A chain with quartic bonds in equilibrium, or locally so if its sites have different temperatures: independent strains
///
///     P(r_1, ...) ~ prod_j exp(-V(r_j) / T_j)  exp(-K q_first² / 2T - K' q_last² / 2T')
///
/// from tables; the pinning of one end is drawn with them, that of the other accepts or refuses the whole. Particles are
/// left out of account.
struct AnharmonicChain: Sendable {
  /// Different temperatures for which there are tables.
  private static let levels = 33
  private static let points = 2049
  /// Most sites drawn for an acceptance, in the mean; else the last end is pulled into place as in a harmonic chain.
  private static let mostWork = 2e5

  /// Whether the pinning of both ends is drawn exactly.
  let isExact: Bool
  private let mass: Double
  private let temperatures: [Double]
  /// Tables of the strains, and the spacing of each [length].
  private let tables: [(inverse: InverseTable, spacing: Double)]
  /// Table of every bond, from the end that is drawn first.
  private let tableOfBond: [Int]
  /// Variances of the strains of each table [length²].
  private let variances: [Double]
  private let isMirrored: Bool
  /// T/K of the first end; 0 for one that nothing pins, and stays at 0 [length²].
  private let firstVariance: Double
  /// K/T of the last end [1/length²].
  private let lastPrecision: Double

  /// - Returns: nil if all temperatures are zero.
  init?(_ chain: Chain, _ profile: ThermalProfile) {
    let hottest = profile.temperatures.max() ?? 0
    guard hottest > 0 else { return nil }
    mass = chain.mass
    temperatures = profile.temperatures
    isMirrored = chain.pinning.right > chain.pinning.left
    // Colder than that it makes no difference.
    let sites = (isMirrored ? profile.temperatures.reversed() : profile.temperatures).map { max($0, 1e-3 * hottest) }
    let coldest = sites.min() ?? hottest
    let bonds = zip(sites, sites.dropFirst()).map { 0.5 * ($0 + $1) }
    let count = coldest == hottest ? 1 : Self.levels
    let width = count == 1 ? 1 : (hottest - coldest) / Double(count - 1)
    tables = (0..<count).map { Self.table(chain, temperature: coldest + Double($0) * width) }
    let variances = tables.map { table in Self.variance(table) }
    let tableOfBond = bonds.map { count == 1 ? 0 : Int((($0 - coldest) / width).rounded()) }
    let (first, last) = (max(chain.pinning.left, chain.pinning.right), min(chain.pinning.left, chain.pinning.right))
    firstVariance = first > 0 ? sites[0] / first : 0
    lastPrecision = last / sites[sites.count - 1]
    let spread = tableOfBond.reduce(firstVariance) { $0 + variances[$1] }
    (self.variances, self.tableOfBond) = (variances, tableOfBond)
    let acceptance = 1 / (1 + lastPrecision * spread).squareRoot()
    isExact = Double(sites.count) / acceptance < Self.mostWork
  }

  private static func table(_ chain: Chain, temperature: Double) -> (inverse: InverseTable, spacing: Double) {
    let harmonic = 80 * temperature / chain.springConstant
    let quartic = (160 * temperature / chain.quarticConstant).squareRoot()
    let reach = min(harmonic, quartic).squareRoot()
    let spacing = 2 * reach / Double(points - 1)
    let logs = (0..<points).map { point -> Double in
      let square = (Double(point) * spacing - reach) * (Double(point) * spacing - reach)
      return -square * (0.5 * chain.springConstant + 0.25 * chain.quarticConstant * square) / temperature
    }
    return (InverseTable(logs), spacing)
  }

  private static func variance(_ table: (inverse: InverseTable, spacing: Double)) -> Double {
    let samples = 4096
    let sum = (0..<samples).reduce(0) { sum, index in
      let strain = strain(table, (Double(index) + 0.5) / Double(samples))
      return sum + strain * strain
    }
    return sum / Double(samples)
  }

  private static func strain(_ table: (inverse: InverseTable, spacing: Double), _ uniform: Double) -> Double {
    (table.inverse.position(uniform) - Double(points - 1) / 2) * table.spacing
  }

  /// Draws q and v of all sites.
  ///
  /// - Parameter shouldStop: asked before every further try; true ends it.
  func draw(
    _ stream: inout LaneStream, displacement: UnsafeMutablePointer<SIMD8<Double>>,
    velocity: UnsafeMutablePointer<SIMD8<Double>>, orGiveUp shouldStop: () -> Bool
  ) {
    let sites = temperatures.count
    func place(_ index: Int) -> Int { isMirrored ? sites - 1 - index : index }
    var waiting = Set(0..<8)
    let tries = isExact ? Int(60 * Self.mostWork / Double(sites)) : 1
    for attempt in 0..<tries {
      if attempt > 0, shouldStop() { return }
      stream.begin(block: UInt64(3 + attempt))
      let candidate = candidate(&stream)
      let uniform = stream.uniform()
      for lane in waiting {
        let last = candidate[sites - 1][lane]
        guard uniform[lane] < exp(-0.5 * lastPrecision * last * last) || attempt == tries - 1 else { continue }
        for index in 0..<sites { displacement[place(index)][lane] = candidate[index][lane] }
        waiting.remove(lane)
      }
      if waiting.isEmpty { break }
    }
    stream.begin(block: 1)
    if !isExact { pull(&stream, displacement, place) }
    stream.fillGaussians(velocity, count: sites)
    for site in 0..<sites { velocity[site] *= (temperatures[site] / mass).squareRoot() }
  }

  /// Displacements from the first end on, without the pinning of the last.
  private func candidate(_ stream: inout LaneStream) -> [SIMD8<Double>] {
    var gaussians = (SIMD8<Double>(), SIMD8<Double>())
    withUnsafeMutablePointer(to: &gaussians) { pair in
      pair.withMemoryRebound(to: SIMD8<Double>.self, capacity: 2) { stream.fillGaussians($0, count: 2) }
    }
    var displacements = [gaussians.0 * firstVariance.squareRoot()]
    displacements.reserveCapacity(temperatures.count)
    var last = displacements[0]
    for table in tableOfBond {
      let uniform = stream.uniform()
      for lane in 0..<8 { last[lane] += Self.strain(tables[table], uniform[lane]) }
      displacements.append(last)
    }
    return displacements
  }

  /// Pulls the last end to where its pinning wants it, as in a harmonic chain with the same variances of the strains.
  private func pull(
    _ stream: inout LaneStream, _ displacement: UnsafeMutablePointer<SIMD8<Double>>, _ place: (Int) -> Int
  ) {
    guard lastPrecision > 0 else { return }
    var noise = (SIMD8<Double>(), SIMD8<Double>())
    withUnsafeMutablePointer(to: &noise) { pair in
      pair.withMemoryRebound(to: SIMD8<Double>.self, capacity: 2) { stream.fillGaussians($0, count: 2) }
    }
    let whole = tableOfBond.reduce(firstVariance) { $0 + variances[$1] }
    let off = displacement[place(temperatures.count - 1)] + noise.0 * (1 / lastPrecision).squareRoot()
    var covariance = firstVariance
    for index in temperatures.indices {
      if index > 0 { covariance += variances[tableOfBond[index - 1]] }
      displacement[place(index)] -= off * (covariance / (whole + 1 / lastPrecision))
    }
  }
}
