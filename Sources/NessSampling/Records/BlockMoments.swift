/// Powers of what a few channels add up over blocks of 1, 2, 4, ... additions, summed over all blocks: from them follow the
/// cumulants of sums over any of these times. Eight replicas side by side.
///
/// Its size grows as the logarithm of the run, and an addition costs two updates.
package struct BlockMoments: Sendable {
  package typealias Lanes = SIMD8<Double>

  /// Powers that are summed.
  package static let powers = 4

  /// Number of channels.
  package let channels: Int
  /// Whether products of every two channels are summed as well.
  package let hasProducts: Bool
  /// All additions.
  package private(set) var additions = 0
  /// Of every level the block that waits for its neighbour, channel after channel.
  private var pending: [[Lanes]] = []
  /// Of every level the sums: powers 1 to 4 of channel after channel, then products of channels 1 0, 2 0, 2 1, 3 0, ...
  private var sums: [[Lanes]] = []
  private var block: [Lanes]

  /// An empty record.
  package init(channels: Int, hasProducts: Bool) {
    (self.channels, self.hasProducts) = (channels, hasProducts)
    block = Array(repeating: Lanes(), count: channels)
  }

  private var width: Int { Self.powers * channels + (hasProducts ? channels * (channels - 1) / 2 : 0) }

  /// Number of levels that have a block.
  package var levels: Int { sums.count }
  /// Blocks of 2^level additions.
  package func count(level: Int) -> Int { additions >> level }

  /// Adds to all channels.
  package mutating func add(_ values: [Lanes]) {
    for channel in 0..<channels { block[channel] = values[channel] }
    additions += 1
    var level = 0
    while true {
      if level == sums.count {
        sums.append(Array(repeating: Lanes(), count: width))
        pending.append(Array(repeating: Lanes(), count: channels))
      }
      addBlock(to: level)
      // An odd block waits for the next.
      if (additions >> level) & 1 == 1 {
        for channel in 0..<channels { pending[level][channel] = block[channel] }
        return
      }
      for channel in 0..<channels { block[channel] += pending[level][channel] }
      level += 1
    }
  }

  private mutating func addBlock(to level: Int) {
    let (channels, hasProducts) = (channels, hasProducts)
    block.withUnsafeBufferPointer { block in
      sums[level].withUnsafeMutableBufferPointer { sums in
        for channel in 0..<channels {
          let value = block[channel]
          let square = value * value
          sums[4 * channel] += value
          sums[4 * channel + 1] += square
          sums[4 * channel + 2] += square * value
          sums[4 * channel + 3] += square * square
        }
        guard hasProducts else { return }
        var place = 4 * channels
        for one in 0..<channels {
          for other in 0..<one {
            sums[place] += block[one] * block[other]
            place += 1
          }
        }
      }
    }
  }

  /// The sum of a power, 1 to 4, of a channel over the blocks of a level.
  package func sum(level: Int, channel: Int, power: Int, lane: Int) -> Double {
    sums[level][Self.powers * channel + power - 1][lane]
  }

  /// The sum of the product of two different channels over the blocks of a level.
  package func product(level: Int, _ one: Int, _ other: Int, lane: Int) -> Double {
    let (large, small) = (max(one, other), min(one, other))
    return sums[level][Self.powers * channels + large * (large - 1) / 2 + small][lane]
  }
}

// MARK: saved states

extension BlockMoments {
  /// Size of its saved state, roughly [bytes].
  package var bytesOfState: Int { levels * (width + channels) * MemoryLayout<Lanes>.size }

  package func save(to writer: inout StateWriter) {
    writer.add(additions)
    for level in 0..<levels {
      writer.add(sums[level])
      writer.add(pending[level])
    }
  }

  /// Takes up what `save` wrote of a record of a number of additions, which fixes its shape.
  package mutating func restore(from reader: inout StateReader, additions: Int) throws(StateFault) {
    guard try reader.next(Int.self) == additions else {
      throw StateFault("the saved record of a group makes no sense")
    }
    self.additions = additions
    (sums, pending) = ([], [])
    var blocks = additions
    while blocks > 0 {
      sums.append(try reader.finiteArray(count: width))
      pending.append(try reader.finiteArray(count: channels))
      blocks >>= 1
    }
  }
}
