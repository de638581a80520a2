import NessSampling
import NessTestSupport
import Testing

@Suite("Batches that are joined")
struct JoinedBatchesTests {
  /// What addition number `index` adds to a channel of a lane: whole numbers, so that sums are exact in any order.
  private static func value(_ index: Int, _ channel: Int, _ lane: Int) -> Double {
    Double((index * 7919 + channel * 104_729 + lane * 31) % 1009)
  }

  private static func record(_ additions: Int, capacity: Int, lanes: Int = 2) -> JoinedBatches {
    var record = JoinedBatches(channels: 3, lanes: lanes, capacity: capacity)
    for index in 0..<additions {
      let values = (0..<3).flatMap { channel in (0..<lanes).map { value(index, channel, $0) } }
      values.withUnsafeBufferPointer { record.add($0.baseAddress!) }  // never empty
    }
    return record
  }

  private static func check(_ record: JoinedBatches) {
    for batch in 0..<record.count {
      let own = (batch * record.additionsPerBatch)..<((batch + 1) * record.additionsPerBatch)
      for channel in 0..<record.channels {
        for lane in 0..<record.lanes {
          let sum = own.reduce(0) { $0 + value($1, channel, lane) }
          #expect(record.sum(batch: batch, channel: channel, lane: lane) == sum)
        }
      }
    }
  }

  @Test("a batch is the sum of its additions, however many there are", arguments: [1, 2, 4, 16])
  func sums(capacity: Int) {
    for additions in 1...131 {
      let record = Self.record(additions, capacity: capacity)
      Self.check(record)
      #expect(record.additions == additions)
      #expect(
        capacity == 1 ? record.count == 1 : record.count < capacity && 2 * record.count >= min(additions, capacity))
      #expect(record.sums.count <= 6 * capacity)
    }
  }

  @Test("parts of an addition make the whole, also where a lane gets none")
  func parts() {
    var parts = JoinedBatches(channels: 3, lanes: 2, capacity: 8)
    for index in 0..<77 {
      for channel in 0..<3 where index % 5 > 0 {
        for lane in 0..<2 { parts.add(Self.value(index, channel, lane), to: channel, lane: lane) }
      }
      parts.endAddition()
    }
    var total = 0.0
    for batch in 0..<parts.count { total += parts.sum(batch: batch, channel: 2, lane: 1) }
    let whole = (0..<(parts.count * parts.additionsPerBatch)).filter { $0 % 5 > 0 }
    #expect(total == whole.reduce(0) { $0 + Self.value($1, 2, 1) })
  }

  @Test("the smallest number that leaves no batch incomplete", arguments: [2, 4, 16, 64])
  func completeAdditions(capacity: Int) {
    for least in 1...1000 {
      let found = JoinedBatches.completeAdditions(atLeast: least, capacity: capacity)
      func isComplete(_ additions: Int) -> Bool {
        additions % JoinedBatches.additionsPerBatch(after: additions, capacity: capacity) == 0
      }
      #expect(found >= least && isComplete(found))
      #expect(!(least..<found).contains(where: isComplete), "\(least)")
    }
  }

  @Test("what records of any lengths have in common is the same in all", arguments: [2, 8])
  func cut(capacity: Int) {
    for fewest in 1...40 {
      for most in fewest...70 {
        let cuts = [fewest, (fewest + most) / 2, most].map { additions in
          var record = Self.record(additions, capacity: capacity)
          record.cut(fewest: fewest, most: most)
          return record
        }
        Self.check(cuts[0])
        #expect(cuts.allSatisfy { $0.counts == cuts[0].counts && $0.sums == cuts[0].sums })
        #expect(cuts[0].count * cuts[0].additionsPerBatch <= fewest)
        #expect((cuts[0].count + 1) * cuts[0].additionsPerBatch > fewest)
      }
    }
  }

  @Test("a saved record is taken up for its own number of additions only", arguments: [2, 8])
  func counts(capacity: Int) throws {
    for additions in 0..<40 {
      var writer = StateWriter()
      Self.record(additions, capacity: capacity).save(to: &writer)
      for other in 0..<40 {
        var (reader, empty) = (StateReader(writer.bytes), JoinedBatches(channels: 3, lanes: 2, capacity: capacity))
        if other == additions {
          try empty.restore(from: &reader, additions: other)
        } else {
          #expect(throws: StateFault.self) { try empty.restore(from: &reader, additions: other) }
        }
      }
    }
  }

  @Test("saved sums come back, and none of what had not begun", arguments: [1, 8], [nil, 9])
  func saving(capacity: Int, batches: Int?) throws {
    for additions in [0, 1, 7, 8, 9, 77] {
      let record = Self.record(additions, capacity: capacity)
      var writer = StateWriter()
      record.saveSums(to: &writer, batches: batches)
      func restored(_ additions: Int, _ bytes: [UInt8]) throws -> JoinedBatches {
        var (reader, empty) = (StateReader(bytes), JoinedBatches(channels: 3, lanes: 2, capacity: capacity))
        try empty.restoreSums(from: &reader, additions: additions, batches: batches)
        #expect(reader.isAtEnd)
        return empty
      }
      let found = try restored(additions, writer.bytes)
      #expect(found.counts == record.counts && found.sums == record.sums)
      // Sums of what has not begun, or no numbers at all.
      var (damaged, infinite) = (writer.bytes, writer.bytes)
      guard damaged.count > 8 else { continue }
      withUnsafeBytes(of: Double.infinity) { infinite.replaceSubrange((infinite.count - 8)..., with: $0) }
      #expect(throws: StateFault.self) { try restored(additions, infinite) }
      withUnsafeBytes(of: 1.0) { damaged.replaceSubrange((damaged.count - 8)..., with: $0) }
      if batches != nil { #expect(throws: StateFault.self) { try restored(additions, damaged) } }
    }
  }
}
