/// Sums of powers of one quantity over blocks of equal length in one replica.
package struct PowerSums: Sendable {
  /// Number of blocks.
  package var count = 0.0
  /// Sums of the powers 1 to 4.
  package var sums = SIMD4<Double>()

  /// Of no block.
  package init() {}

  /// Of a number of blocks.
  package init(count: Double, sums: SIMD4<Double>) { (self.count, self.sums) = (count, sums) }

  static func + (one: PowerSums, other: PowerSums) -> PowerSums {
    PowerSums(count: one.count + other.count, sums: one.sums + other.sums)
  }

  static func - (one: PowerSums, other: PowerSums) -> PowerSums {
    PowerSums(count: one.count - other.count, sums: one.sums - other.sums)
  }

  /// Fisher's k-statistics of order 2 to 4, which have the mean of the cumulants for independent blocks.
  var cumulants: SIMD3<Double> {
    let n = count
    let mean = sums[0] / n
    // Central moments from the powers.
    let square = mean * mean
    let second = sums[1] / n - square
    let third = sums[2] / n - 3 * mean * sums[1] / n + 2 * square * mean
    let fourth = sums[3] / n - 4 * mean * sums[2] / n + 6 * square * sums[1] / n - 3 * square * square
    let cubic = n * n / ((n - 1) * (n - 2))
    let quartic = n * n / ((n - 1) * (n - 2) * (n - 3))
    return [
      second * n / (n - 1), third * cubic, quartic * ((n + 1) * fourth - 3 * (n - 1) * second * second),
    ]
  }
}

/// The rates at which the cumulants of a sum grow with its length, from blocks of 1, 2, 4, ... times a shortest length:
///
///     rate = ( kappa(2 t) - kappa(t) ) / t
///
/// Cumulants of long sums grow as  rate t + constant;  the constant, which the ends of a block add, drops out. What is left of the
/// correlations falls exponentially with t. The block length is the first whose rate agrees with those of all longer ones
/// within two and a half standard errors, doubled, so that what such a test may have missed is squared. Errors of long blocks are large, and a slow
/// correlation between them is not seen: where it is known how long the sum is remembered, no block is shorter than six times that.
///
/// The errors are those of a jackknife over the replicas, which are independent.
package struct CumulantGrowth: Sendable {
  /// Blocks below which no level is used.
  package static let fewestBlocks = 128.0
  /// Replicas below which no error bar is given.
  package static let fewestReplicas = 8

  /// Rates of order 2, 3 and 4, or why there is none. The fourth has too small errors where rare blocks make it.
  package let rates: [Result<Estimate, StatisticsError>]

  /// The rates of one quantity.
  ///
  /// - Parameters:
  ///   - levels: of every level, of blocks 2^level times the shortest, the sums of every replica.
  ///   - shortest: length of a block of the first level.
  ///   - memory: for how long the sum is remembered, in units of that; 0 where that is not known.
  ///   - choosesByMemory: whether blocks are as long as it asks for, and not only refused where there are none.
  package init(_ levels: [[PowerSums]], shortest: Double, memory: Double = 0, choosesByMemory: Bool = true) {
    let series = Self.resampled(levels)
    var first = Self.firstLevel(shortest: shortest, memory: memory)
    let replicas = levels.first?.count ?? 0
    if first + 1 >= series.count {
      let needed = Self.durationNeeded(shortest: shortest, memory: memory, replicas: replicas)
      let failure: StatisticsError =
        replicas < Self.fewestReplicas
        ? .tooFewReplicas(found: replicas, needed: Self.fewestReplicas)
        : .tooShortForCumulants(memory: first > 0 ? memory : nil, needed: needed)
      rates = Array(repeating: .failure(failure), count: 3)
      return
    }
    if !choosesByMemory { first = 0 }
    var rates: [Result<Estimate, StatisticsError>] = []
    for order in 0..<3 {
      let growth = series.enumerated().map { level, resampled in
        resampled.map { $0[order] / (shortest * Double(1 << level)) }
      }
      switch Self.rate(growth, from: first) {
      case .success(let found):
        first = found.level
        rates.append(.success(found.estimate))
      case .failure(let error): rates.append(.failure(error))
      }
    }
    self.rates = rates
  }

  /// The first level whose blocks are as long as the memory asks for.
  private static func firstLevel(shortest: Double, memory: Double) -> Int {
    var first = 0
    while Double(1 << first) * shortest < 3 * memory && first < 60 { first += 1 }
    return first
  }

  /// How long every replica has to be for any rate: that needs blocks of three lengths, two differences that agree.
  package static func durationNeeded(shortest: Double, memory: Double, replicas: Int) -> Double {
    let longest = 4 * Double(1 << firstLevel(shortest: shortest, memory: memory)) * shortest
    return longest * max(1, (fewestBlocks / Double(max(1, replicas))).rounded(.up))
  }

  /// The growth of the cumulants from each level to the next, as they are and without each group of replicas:
  /// `[level][0 or 1 + group]`.
  private static func resampled(_ levels: [[PowerSums]]) -> [[SIMD3<Double>]] {
    let replicas = levels.first?.count ?? 0
    let groups = min(replicas, 64)
    guard groups >= fewestReplicas else { return [] }
    let cumulants = levels.prefix { $0.reduce(0) { $0 + $1.count } >= fewestBlocks }.map { sums -> [SIMD3<Double>] in
      let whole = sums.reduce(PowerSums(), +)
      return [whole.cumulants]
        + (0..<groups).map { group in
          let part = stride(from: group, to: replicas, by: groups).reduce(PowerSums()) { $0 + sums[$1] }
          return (whole - part).cumulants
        }
    }
    return zip(cumulants, cumulants.dropFirst()).map { short, long in zip(short, long).map { $1 - $0 } }
  }

  /// The mean and its standard error from a jackknife.
  private static func error(_ values: [Double]) -> Double {
    let groups = Double(values.count - 1)
    let mean = values.dropFirst().reduce(0, +) / groups
    let square = values.dropFirst().reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square * (groups - 1) / groups).squareRoot()
  }

  private static func rate(
    _ growth: [[Double]], from first: Int
  ) -> Result<(estimate: Estimate, level: Int), StatisticsError> {
    guard let groups = growth.first.map({ $0.count - 1 }), growth.count > first else {
      return .failure(.stillGrowing(levels: growth.count))
    }
    let settled = (first..<growth.count).first { level in
      ((level + 1)..<max(level + 1, growth.count)).allSatisfy { longer in
        let difference = zip(growth[level], growth[longer]).map { $0 - $1 }
        return abs(difference[0]) <= 2.5 * error(difference)
      }
    }
    // The last level has none to agree with.
    guard let settled, settled + 1 < growth.count else {
      return .failure(.stillGrowing(levels: growth.count))
    }
    let level = settled + 1
    let standardError = error(growth[level])
    guard standardError > 0 else { return .failure(.withoutNoise) }
    return .success(
      (
        .statistical(growth[level][0], standardError: standardError, effectiveSamples: Double(groups)),
        level
      ))
  }
}
