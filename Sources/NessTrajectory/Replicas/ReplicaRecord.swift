import NessModel

/// What is kept of eight replicas, of a size that the length of the run does not change: of a few channels many batches,
/// and of those that every site and every bond has no more than their error bars need.
struct ReplicaRecord: Sendable {
  private typealias Lanes = SIMD8<Double>

  /// Channels of which batches are kept, by their place in the batches.
  struct Layout: Sendable {
    /// Channels of the ledger that are kept in batches.
    fileprivate let common: [Int]
    /// Channels of the ledger that every site or bond has: bonds, then kinetic temperatures.
    fileprivate let local: Range<Int>
    fileprivate let flows: Range<Int>
    fileprivate let temperatures: Range<Int>
    /// Most batches of the common channels.
    let capacity: Int
    /// Most batches of the local channels; 0 for their sum alone.
    let localCapacity: Int

    /// - Parameters:
    ///   - ledger: where the sums are.
    ///   - replicas: number of replicas; with many of them a block is a whole replica.
    ///   - passage: bonds between the two baths of a current.
    init(_ ledger: Ledger, replicas: Int, passage: Range<Int>) {
      local = ledger.bond(0)..<ledger.kinetic(ledger.sites)
      common = (0..<ledger.channels).filter { [local] in !local.contains($0) }
      flows = ledger.bond(passage.lowerBound)..<ledger.bond(passage.upperBound)
      temperatures = ledger.kinetic(0)..<ledger.kinetic(ledger.sites)
      capacity = Self.capacity(replicas: replicas)
      localCapacity = Self.localCapacity(replicas: replicas)
    }

    /// Most batches kept for each replica; fewer if there are many replicas, whose blocks are whole replicas.
    static func capacity(replicas: Int) -> Int { replicas <= 128 ? 64 : replicas <= 4096 ? 16 : 8 }

    /// As many as make 64 blocks together, even if the last eighth of them is not complete.
    static func localCapacity(replicas: Int) -> Int {
      replicas >= 64 ? 0 : replicas >= 32 ? 16 : replicas >= 16 ? 32 : 64
    }

    /// Whether both baths touch one site.
    var isPassageEmpty: Bool { flows.isEmpty }
    fileprivate var channels: Int { common.count + 2 }
    /// Mean flow through the bonds between the two baths, among the channels kept in batches.
    fileprivate var meanFlow: Int { common.count }
    /// Mean of v² over the sites, among the channels kept in batches.
    fileprivate var meanSquare: Int { common.count + 1 }
  }

  private let layout: Layout
  fileprivate var batches: LaneBatches
  fileprivate var localBatches: LaneBatches?
  /// Sums of the local channels, where no batches of them are kept.
  private var totals: [Lanes]
  private var ticks = 0
  /// The common channels of one tick.
  private var tick: [Lanes]

  init(_ layout: Layout) {
    self.layout = layout
    batches = LaneBatches(channels: layout.channels, capacity: layout.capacity)
    localBatches =
      layout.localCapacity > 0
      ? LaneBatches(channels: layout.local.count, capacity: layout.localCapacity) : nil
    totals = [Lanes](repeating: Lanes(), count: layout.localCapacity > 0 ? 0 : layout.local.count)
    tick = [Lanes](repeating: Lanes(), count: layout.channels)
  }

  /// Adds the sums of one tick, laid out as in the ledger.
  mutating func add(_ sums: UnsafePointer<SIMD8<Double>>) {
    for (place, channel) in layout.common.enumerated() { tick[place] = sums[channel] }
    tick[layout.meanFlow] = Self.mean(sums, layout.flows)
    tick[layout.meanSquare] = Self.mean(sums, layout.temperatures)
    tick.withUnsafeBufferPointer { if let first = $0.baseAddress { batches.add(first) } }
    ticks += 1
    let first = layout.local.lowerBound
    if localBatches == nil {
      for index in totals.indices { totals[index] += sums[first + index] }
    } else {
      localBatches?.add(sums + first)
    }
  }

  private static func mean(_ sums: UnsafePointer<Lanes>, _ channels: Range<Int>) -> Lanes {
    channels.reduce(Lanes()) { $0 + sums[$1] } / Double(max(1, channels.count))
  }

  /// Complete batches of the common channels.
  var count: Int { batches.count }
  /// Ticks in one of them.
  var ticksPerBatch: Int { batches.ticksPerBatch }

  /// Means per step of a channel of the ledger over its batches, or over all if no batches of it are kept.
  func means(ofChannel channel: Int, stepsPerTick: Int) -> [SIMD8<Double>] {
    if layout.local.contains(channel) {
      let index = channel - layout.local.lowerBound
      if let localBatches { return Self.means(localBatches, index, stepsPerTick) }
      return [totals[index] / Double(max(1, ticks) * stepsPerTick)]
    }
    return Self.means(batches, layout.common.firstIndex(of: channel) ?? 0, stepsPerTick)
  }

  /// Means per step of the mean flow between the two baths.
  func meanFlows(stepsPerTick: Int) -> [SIMD8<Double>] { Self.means(batches, layout.meanFlow, stepsPerTick) }

  /// Means per step of the mean of v² over the sites.
  func meanSquares(stepsPerTick: Int) -> [SIMD8<Double>] { Self.means(batches, layout.meanSquare, stepsPerTick) }

  private static func means(_ batches: LaneBatches, _ channel: Int, _ stepsPerTick: Int) -> [Lanes] {
    (0..<batches.count).map { batches.mean(batch: $0, channel: channel, stepsPerTick: stepsPerTick) }
  }

  /// What several records have in common: complete batches of one length.
  struct Cut {
    fileprivate let common: (count: Int, length: Int)
    fileprivate let local: (count: Int, length: Int)

    init(_ records: [ReplicaRecord]) {
      func shared(_ batches: [LaneBatches]) -> (count: Int, length: Int) {
        let length = batches.map(\.ticksPerBatch).max() ?? 1
        return (batches.map { $0.count * $0.ticksPerBatch / length }.min() ?? 0, length)
      }
      common = shared(records.map(\.batches))
      local = shared(records.compactMap(\.localBatches))
    }
  }

  /// Leaves what all have. Sums stay whole, each over the ticks of its own replicas.
  mutating func cut(to cut: Cut) {
    batches.cut(toBatches: cut.common.count, of: cut.common.length)
    localBatches?.cut(toBatches: cut.local.count, of: cut.local.length)
  }

  func save(to writer: inout StateWriter) {
    batches.save(to: &writer)
    localBatches?.save(to: &writer)
    writer.add(totals)
    writer.add(ticks)
  }

  /// Size of what is saved, roughly [bytes].
  var bytes: Int {
    (batches.vectors + (localBatches?.vectors ?? 0) + totals.count) * MemoryLayout<Lanes>.size
  }

  /// Takes up a saved record of a number of ticks, which fixes its shape.
  mutating func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    try batches.restore(from: &reader, ticks: ticks)
    try localBatches?.restore(from: &reader, ticks: ticks)
    totals = try reader.finiteArray(count: totals.count)
    guard try reader.next(Int.self) == ticks else { throw StateFault("the saved record of a group makes no sense") }
    self.ticks = ticks
  }
}
