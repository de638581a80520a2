/// Batch means of one quantity for several independent replicas, all with the same number of batches of equal length.
package struct ReplicaSeries: Sendable {
  /// Number of independent replicas.
  package let replicas: Int
  /// Number of batches of every replica, in order of time.
  package let batches: Int
  /// Batch means, replica after replica, `replicas * batches` values.
  package private(set) var values: [Double]

  /// A series from its values, replica after replica.
  package init(replicas: Int, batches: Int, values: [Double]) {
    precondition(values.count == replicas * batches, "a series has replicas * batches values")
    self.replicas = replicas
    self.batches = batches
    self.values = values
  }

  /// Adds a multiple of another series of the same shape.
  package mutating func add(_ other: ReplicaSeries, times factor: Double = 1) {
    precondition(other.replicas == replicas && other.batches == batches, "series of different shape")
    for index in values.indices { values[index] += factor * other.values[index] }
  }

  /// Multiplies every value.
  package mutating func scale(by factor: Double) {
    for index in values.indices { values[index] *= factor }
  }

  /// Means of `length` successive batches, replica after replica; batches left over at the end are dropped.
  func blocks(ofLength length: Int) -> [Double] {
    let perReplica = batches / length
    return (0..<replicas).flatMap { replica in
      (0..<perReplica).map { block in
        let start = replica * batches + block * length
        return values[start..<(start + length)].reduce(0, +) / Double(length)
      }
    }
  }
}

extension ReplicaSeries {
  /// Sums of the first and of the second half of every replica; nil where there is one batch.
  private var halves: [(first: Double, second: Double)]? {
    let half = batches / 2
    guard half > 0 else { return nil }
    return (0..<replicas).map { replica in
      let start = replica * batches
      return (
        values[start..<(start + half)].reduce(0, +), values[(start + half)..<(start + 2 * half)].reduce(0, +)
      )
    }
  }

  /// Mean of the second half less that of the first; nil for fewer than 16 replicas.
  package var halvesDifference: Estimate? {
    guard replicas >= 16, let halves else { return nil }
    let differences = halves.map { ($0.second - $0.first) / Double(batches / 2) }
    return try? BlockedMean(of: ReplicaSeries(replicas: replicas, batches: 1, values: differences)).estimate
  }

  /// Correlation of the mean of the first half with that of the second, over replicas: what a replica had at first is still in it by that
  /// share. nil where it is no more than independent halves have by chance (4.9 standard deviations), and for fewer than 32 replicas.
  package var halvesCorrelation: Double? {
    guard replicas >= 32, let means = halves else { return nil }
    let count = Double(replicas)
    let (first, second) = (means.reduce(0) { $0 + $1.first } / count, means.reduce(0) { $0 + $1.second } / count)
    var (one, other, both) = (0.0, 0.0, 0.0)
    for mean in means {
      let (x, y) = (mean.first - first, mean.second - second)
      one += x * x
      other += y * y
      both += x * y
    }
    let found = both / (one * other).squareRoot()
    return found > 4.9 / count.squareRoot() ? min(found, 1) : nil
  }
}

/// Why no honest error bar can be given.
package enum StatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are fewer than `needed` blocks.
  case tooFewBlocks(found: Int, needed: Int)
  /// Neighbouring blocks are still correlated, so the series is only a few autocorrelation times long.
  case tooShort(blocks: Int, correlation: Double)
  /// Cumulants do not yet grow steadily with the length of a block, at any of these lengths.
  case stillGrowing(levels: Int)
  /// A run is too short for cumulants of what it sums; it has to be `needed` long, for the sum is remembered for `memory`, if that is what asks for it.
  case tooShortForCumulants(memory: Double?, needed: Double)
  /// There are fewer than `needed` replicas, from which error bars of cumulants come.
  case tooFewReplicas(found: Int, needed: Int)
  /// The replicas do not differ.
  case withoutNoise

  /// The reason in words, for the user.
  package var description: String {
    switch self {
    case .tooFewBlocks(let found, let needed):
      "only \(found) blocks of data, \(needed) are needed for an error bar: run longer or with more replicas"
    case .tooShort(let blocks, let correlation):
      "the \(blocks) blocks are still correlated (\((correlation * 100).rounded() / 100) between neighbours): "
        + "the run is too short for an honest error bar; run at least four times longer or with 64 replicas or more"
    case .stillGrowing:
      "its rate still changes with the length of the time over which the heat is counted, up to the longest of which there are "
        + "\(Int(CumulantGrowth.fewestBlocks)): run at least four times longer or with more replicas"
    case .tooShortForCumulants(nil, let needed):
      "the run is too short for it: run.duration \(needed.text(digits: 2)) or longer, for a third cumulant some four times as long, "
        + "or more replicas"
    case .tooFewReplicas(let found, let needed):
      "its error bar is made of independent replicas, and there are \(found): run.replicas \(needed) or more"
    case .withoutNoise: "the replicas do not differ, so there is no error bar"
    case .tooShortForCumulants(let memory?, let needed):
      "baths and medium exchange their energy, or a strongly damped mode forgets its start, in about \(memory.text(digits: 2)), and the heat has to be counted over several times "
        + "that: run.duration \(needed.text(digits: 2)) or longer, for a third cumulant some four times as long"
    }
  }
}

/// The mean of a correlated series with an error bar that knows the autocorrelation.
///
/// Batches are joined to blocks, as long as possible while at least `preferredBlocks` remain; with that many replicas a
/// block is a whole replica and its independence needs no assumption. Otherwise the correlation of neighbouring blocks
/// is measured: a significant one widens the error by sqrt(1 + 2 rho), a large one refuses an answer.
///
/// Controls are series whose mean is known to be zero. The mean is corrected by their measured means, with the
/// coefficients of a linear regression over the blocks; the error includes the cost of estimating the coefficients
/// (Lavenberg, Welch, Management Science 27, 322 (1981)).
package struct BlockedMean: Sendable {
  /// Blocks that are aimed at.
  package static let preferredBlocks = 64
  /// Blocks below which no error bar is given.
  package static let fewestBlocks = 16

  /// The estimated mean.
  package let mean: Double
  /// One standard error of `mean`.
  package let standardError: Double
  /// Number of blocks, after removing what their correlation and the controls cost.
  package let effectiveBlocks: Double
  /// Batches in a block.
  package let blockLength: Int
  /// Correlation of neighbouring blocks within a replica; 0 if a block is a whole replica.
  package let correlation: Double

  /// The mean of `series`, corrected by `controls` of known mean zero.
  ///
  /// - Throws: `StatisticsError` if the data do not allow an honest error bar.
  package init(of series: ReplicaSeries, controls: [ReplicaSeries] = []) throws(StatisticsError) {
    let length = Self.blockLength(for: series)
    let blocks = series.blocks(ofLength: length)
    let count = blocks.count
    guard count >= Self.fewestBlocks else {
      throw .tooFewBlocks(found: count, needed: Self.fewestBlocks)
    }
    let fit = ControlledMean(blocks, controls: controls.map { $0.blocks(ofLength: length) })
    let perReplica = series.batches / length
    let correlation = Self.neighbourCorrelation(fit.residuals, perReplica: perReplica)
    if correlation > 0.5 { throw .tooShort(blocks: count, correlation: correlation) }
    let significant = correlation > 1 / Double(count).squareRoot() ? correlation : 0
    mean = fit.mean
    standardError = fit.standardError * (1 + 2 * significant).squareRoot()
    effectiveBlocks = Double(count - fit.controls) / (1 + 2 * significant)
    blockLength = length
    self.correlation = correlation
  }

  /// The result as an estimate.
  package var estimate: Estimate {
    .statistical(mean, standardError: standardError, effectiveSamples: effectiveBlocks)
  }

  private static func blockLength(for series: ReplicaSeries) -> Int {
    var length = max(1, series.batches)
    while length > 1 && series.replicas * (series.batches / length) < preferredBlocks { length = (length + 1) / 2 }
    return length
  }

  /// Correlation of successive residuals within replicas.
  private static func neighbourCorrelation(_ residuals: [Double], perReplica: Int) -> Double {
    guard perReplica > 1 else { return 0 }
    var product = 0.0
    var pairs = 0
    for index in residuals.indices.dropLast() where index % perReplica != perReplica - 1 {
      product += residuals[index] * residuals[index + 1]
      pairs += 1
    }
    let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
    return variance > 0 ? product / Double(pairs) / variance : 0
  }
}

/// Intercept of the linear regression of a sample on controls of known mean zero.
struct ControlledMean {
  let mean: Double
  let standardError: Double
  /// What the fit leaves over, one per block.
  let residuals: [Double]
  /// Number of controls that were of use.
  let controls: Int

  init(_ sample: [Double], controls: [[Double]]) {
    let count = Double(sample.count)
    let average = sample.reduce(0, +) / count
    var residuals = sample.map { $0 - average }
    var corrected = average
    var leverage = 1 / count
    var basis: [(centred: [Double], mean: Double, square: Double)] = []
    for control in controls {
      var mean = control.reduce(0, +) / count
      var centred = control.map { $0 - mean }
      let before = Self.dot(centred, centred)
      for earlier in basis {
        let overlap = Self.dot(centred, earlier.centred) / earlier.square
        for index in centred.indices { centred[index] -= overlap * earlier.centred[index] }
        mean -= overlap * earlier.mean
      }
      let square = Self.dot(centred, centred)
      guard square > 1e-10 * before, square > 0 else { continue }
      let slope = Self.dot(residuals, centred) / square
      for index in residuals.indices { residuals[index] -= slope * centred[index] }
      corrected -= slope * mean
      leverage += mean * mean / square
      basis.append((centred, mean, square))
    }
    self.residuals = residuals
    self.controls = basis.count
    mean = corrected
    let freedom = count - 1 - Double(basis.count)
    standardError = (Self.dot(residuals, residuals) / freedom * leverage).squareRoot()
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
