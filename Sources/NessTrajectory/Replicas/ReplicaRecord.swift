import NessSampling

/// What is kept of eight replicas, of a size that the length of the run does not change: of a few channels many batches,
/// and of those that every site and every bond has no more than their error bars need.
struct ReplicaRecord: Sendable {
  private typealias Lanes = SIMD8<Double>

  /// A channel of the common or of the local batches.
  enum Place {
    case common(Int)
    case local(Int)
  }

  /// Channels of which batches are kept, by their place in the batches.
  struct Layout: Sendable {
    /// Channels of the ledger that are kept in batches.
    fileprivate let common: [Int]
    /// Channels of the ledger that every site or bond has: bonds, then kinetic temperatures.
    fileprivate let local: Range<Int>
    fileprivate let flows: Weighted
    fileprivate let temperatures: Weighted
    /// Most batches of the common channels.
    let capacity: Int
    /// Most batches of the local channels; 0 for their sum alone.
    let localCapacity: Int
    /// The heats whose cumulants are followed.
    let heats: FollowedHeats

    /// - Parameters:
    ///   - ledger: where the sums are.
    ///   - replicas: number of replicas; with many of them a block is a whole replica.
    ///   - passage: bonds between the two baths of a current.
    ///   - heats: the heats whose cumulants are followed.
    init(_ ledger: Ledger, replicas: Int, passage: Range<Int>, heats: FollowedHeats) {
      self.heats = heats
      local = ledger.bond(0)..<ledger.kinetic(ledger.sites)
      common = (0..<ledger.channels).filter { [local] in !local.contains($0) }
      flows = Weighted(channels: ledger.bond(passage.lowerBound)..<ledger.bond(passage.upperBound))
      temperatures = Weighted(channels: ledger.kinetic(0)..<ledger.kinetic(ledger.sites))
      capacity = Self.capacity(replicas: replicas)
      localCapacity = Self.localCapacity(replicas: replicas)
    }

    /// A sum over channels that is kept in batches beside those of the ledger.
    struct Weighted {
      let channels: Range<Int>
      /// What each of them counts; empty for their mean.
      var weights: [Double] = []

      fileprivate func value(_ sums: UnsafePointer<SIMD8<Double>>) -> SIMD8<Double> {
        if weights.isEmpty {
          return channels.reduce(SIMD8<Double>()) { $0 + sums[$1] } / Double(max(1, channels.count))
        }
        var sum = SIMD8<Double>()
        for (channel, weight) in zip(channels, weights) { sum += sums[channel] * weight }
        return sum
      }
    }

    /// - Parameters:
    ///   - channels: all of the ledger.
    ///   - local: those that every site or bond has.
    ///   - flow: the flow between the two baths of a current; of no channel if there is none.
    ///   - temperatures: the mean of v² over the sites.
    ///   - heats: the heats whose cumulants are followed.
    ///   - replicas: number of replicas.
    ///   - localCapacity: most batches of the local channels, a power of two; 1 for their sum alone.
    init(
      channels: Int, local: Range<Int>, flow: Weighted, temperatures: Weighted, heats: FollowedHeats, replicas: Int,
      localCapacity: Int
    ) {
      self.heats = heats
      self.local = local
      common = (0..<channels).filter { !local.contains($0) }
      (flows, self.temperatures) = (flow, temperatures)
      capacity = Self.capacity(replicas: replicas)
      self.localCapacity = localCapacity
    }

    /// Most batches kept for each replica; fewer if there are many replicas, whose blocks are whole replicas.
    static func capacity(replicas: Int) -> Int { replicas <= 128 ? 64 : replicas <= 4096 ? 16 : 8 }

    /// As many as make 64 blocks together, even if the last eighth of them is not complete.
    static func localCapacity(replicas: Int) -> Int {
      replicas >= 64 ? 0 : replicas >= 32 ? 16 : replicas >= 16 ? 32 : 64
    }

    /// Whether both baths touch one site.
    var isPassageEmpty: Bool { flows.channels.isEmpty }
    fileprivate var channels: Int { common.count + 2 }
    /// Mean flow through the bonds between the two baths, among the channels kept in batches.
    var meanFlow: Int { common.count }
    /// Mean of v² over the sites, among the channels kept in batches.
    var meanSquare: Int { common.count + 1 }

    /// Where a channel of the ledger is kept.
    func place(of channel: Int) -> Place {
      local.contains(channel)
        ? .local(channel - local.lowerBound)
        : .common(channel < local.lowerBound ? channel : channel - local.count)
    }
  }

  private let layout: Layout
  private(set) var batches: JoinedBatches
  private(set) var localBatches: JoinedBatches
  /// Powers of the followed heats over blocks of ticks.
  private(set) var moments: BlockMoments
  /// The common channels of one tick.
  private var tick: [Lanes]
  /// The followed heats of one tick.
  private var heats: [Lanes]

  init(_ layout: Layout) {
    self.layout = layout
    batches = JoinedBatches(channels: layout.channels, lanes: 8, capacity: layout.capacity)
    localBatches = JoinedBatches(channels: layout.local.count, lanes: 8, capacity: max(1, layout.localCapacity))
    tick = [Lanes](repeating: Lanes(), count: layout.channels)
    moments = layout.heats.moments
    heats = [Lanes](repeating: Lanes(), count: layout.heats.sums.count)
  }

  /// Adds the sums of one tick, laid out as in the ledger.
  mutating func add(_ sums: UnsafePointer<SIMD8<Double>>) {
    for (place, channel) in layout.common.enumerated() { tick[place] = sums[channel] }
    tick[layout.meanFlow] = layout.flows.value(sums)
    tick[layout.meanSquare] = layout.temperatures.value(sums)
    tick.withUnsafeBufferPointer { if let first = $0.baseAddress { batches.add(first) } }
    localBatches.add(sums + layout.local.lowerBound)
    if heats.isEmpty { return }
    for (place, sum) in layout.heats.sums.enumerated() {
      heats[place] = Lanes()
      for (channel, weight) in zip(sum.channels, sum.weights) { heats[place] += sums[channel] * weight }
    }
    moments.add(heats)
  }

  /// Complete batches of the common channels.
  var count: Int { batches.count }
  /// Ticks in one of them.
  var ticksPerBatch: Int { batches.additionsPerBatch }

  /// Means per step of the mean of v² over the sites.
  func meanSquares(stepsPerTick: Int) -> [SIMD8<Double>] {
    (0..<batches.count).map { batch in
      var sum = Lanes()
      for lane in 0..<8 { sum[lane] = batches.sum(batch: batch, channel: layout.meanSquare, lane: lane) }
      return sum / Double(ticksPerBatch * stepsPerTick)
    }
  }

  /// Leaves the batches that are complete in records of `fewest` to `most` ticks. Sums stay whole, each over the ticks of its
  /// own replicas.
  mutating func cut(fewest: Int, most: Int) {
    batches.cut(fewest: fewest, most: most)
    localBatches.cut(fewest: fewest, most: most)
  }

  // A state has the batches of the local channels, the sums where there are no batches, and the ticks.

  func save(to writer: inout StateWriter) {
    batches.save(to: &writer)
    if localBatches.capacity > 1 {
      localBatches.save(to: &writer)
      writer.add([Lanes]())
    } else {
      localBatches.saveSums(to: &writer, batches: 1)
    }
    writer.add(batches.additions)
    if !heats.isEmpty { moments.save(to: &writer) }
  }

  /// Size of what is saved, roughly [bytes].
  var bytesOfState: Int { batches.bytesOfState + localBatches.bytesOfState + moments.bytesOfState }

  /// Takes up a saved record of a number of ticks, which fixes its shape.
  mutating func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    try batches.restore(from: &reader, additions: ticks)
    if localBatches.capacity > 1 {
      try localBatches.restore(from: &reader, additions: ticks)
      _ = try reader.finiteArray(count: 0)
    } else {
      try localBatches.restoreSums(from: &reader, additions: ticks, batches: 1)
    }
    guard try reader.next(Int.self) == ticks else { throw StateFault("the saved record of a group makes no sense") }
    if !heats.isEmpty { try moments.restore(from: &reader, additions: ticks) }
  }
}
