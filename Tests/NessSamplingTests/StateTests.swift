import NessSampling
import NessStatistics
import NessTestSupport
import Testing

/// Which saved states a run takes up, and what becomes of it.
@Suite("States of a sampled run")
struct StateTests {
  /// Runs to the end, having found what another run left.
  private static func after(
    _ before: ToyRun, looks: Int = 100_000, _ run: ToyRun
  ) throws -> (outcome: ToyRun.Outcome?, looks: Int, warnings: [String]) {
    let memory = MemoryKeeper()
    let (end, count) = (LookCount(looks), LookCount(100_000))
    _ = try before.outcome(memory.keeper, shouldStop: { end.isOver() })
    let outcome = try run.outcome(memory.keeper, shouldStop: { count.isOver() })
    return (outcome, count.looks, memory.allWarnings)
  }

  private static func anew(_ run: ToyRun) throws -> (outcome: ToyRun.Outcome?, looks: Int) {
    let count = LookCount(100_000)
    return (try run.outcome(shouldStop: { count.isOver() }), count.looks)
  }

  @Test("a run with more replicas or a longer one goes on", arguments: SamplingTests.shapes.indices)
  func growing(shape: Int) throws {
    let small = SamplingTests.shapes[shape]
    var (more, longer, both) = (small, small, small)
    more.replicas += 9
    longer.entries *= 3
    (both.replicas, both.entries) = (small.replicas + 17, 2 * small.entries)
    for run in [more, longer, both] {
      let (found, new) = (try Self.after(small, run), try Self.anew(run))
      #expect(found.outcome == new.outcome && found.warnings.isEmpty)
      // Those that are added begin at the start; else what is there need not be done again.
      let saved = run.replicas > small.replicas ? 0 : try Self.anew(small).looks
      #expect(found.looks + saved <= new.looks + 1)
    }
    // A change of what is there shows: it is used.
    let (memory, new) = (MemoryKeeper(), try Self.anew(more))
    _ = try small.outcome(memory.keeper)
    memory.change { parts in parts[1][parts[1].count - 18] ^= 1 }
    #expect(try more.outcome(memory.keeper) != new.outcome && memory.allWarnings.isEmpty)
  }

  @Test("a state of another run is passed over without a word")
  func others() throws {
    let run = ToyRun()
    var (step, burnIn, fewer, shorter, many) = (run, run, run, run, run)
    step.toy.decay = 0.8
    burnIn.toy.burnInTicks = 3
    fewer.replicas = 12
    shorter.entries = 100
    (many.toy.lanes, many.replicas) = (16, 64)
    for other in [step, burnIn, fewer, shorter] {
      let (found, new) = (try Self.after(run, other), try Self.anew(other))
      #expect(found.outcome == new.outcome && found.looks == new.looks && found.warnings.isEmpty)
    }
    // Motions of more than eight replicas take up none of fewer.
    var all = many
    all.replicas = 70
    let (found, new) = (try Self.after(many, all), try Self.anew(all))
    #expect(found.outcome == new.outcome && found.looks == new.looks && found.warnings.isEmpty)
  }

  /// An ended run whose added replicas are behind shows the first batches of all.
  @Test("what all replicas have in common can be read", arguments: SamplingTests.shapes.indices)
  func cut(shape: Int) throws {
    let small = SamplingTests.shapes[shape]
    var all = small
    all.replicas += 9
    let whole = all.ensemble
    // The same batches, of a run that never had more.
    let memory = MemoryKeeper()
    _ = try small.outcome(memory.keeper)
    let looks = 90 * all.toy.ticksPerEntry / all.longestPiece
    let count = LookCount(looks)
    let found = try #require(try all.outcome(memory.keeper, shouldStop: { count.isOver() }))
    #expect(found.stop == .interrupted && found.entries > 70 && found.entries < 300)
    let length = JoinedBatches.additionsPerBatch(
      after: whole.schedule.entries(ticks: whole.schedule.lastTick), capacity: all.toy.capacity)
    #expect(found.batches == found.entries / length && found.batches > 1)
    var complete = all
    complete.toy.capacity = 1 << 20
    complete.entries = found.batches * length
    let fine = try #require(try complete.outcome())
    for (joined, series) in [(found.mean, fine.mean), (found.variance, fine.variance)] {
      for (index, mean) in joined.enumerated() {
        let (replica, batch) = (index / found.batches, index % found.batches)
        let own = series[(replica * fine.batches + batch * length)...].prefix(length)
        #expect(abs(own.reduce(0, +) / Double(length) - mean) < 1e-12)
      }
    }
    // What was kept is whole.
    #expect(try all.outcome(memory.keeper) == (try Self.anew(all)).outcome && memory.allWarnings.isEmpty)
  }

  @Test("there is nothing to read before those that were added have a batch")
  func nothingInCommon() throws {
    let small = ToyRun()
    var all = small
    all.replicas += 9
    for looks in [0, 2, 4] {
      let (memory, count) = (MemoryKeeper(), LookCount(looks))
      _ = try small.outcome(memory.keeper)
      #expect(try all.outcome(memory.keeper, shouldStop: { count.isOver() }) == nil)
      #expect(try all.outcome(memory.keeper) == (try Self.anew(all)).outcome)
    }
  }

  /// As whole numbers far too large or negative, as floating point numbers not finite.
  @Test("impossible values are refused", arguments: [Int.max, -1, 0x7FF0_0000_0000_0000], [0, 1])
  func damage(value: Int, shape: Int) throws {
    var run = SamplingTests.shapes[shape]
    (run.replicas, run.entries, run.toy.capacity) = (12, 20, 4)
    let (memory, count) = (MemoryKeeper(), LookCount(6))
    _ = try run.outcome(memory.keeper, shouldStop: { count.isOver() })
    let (parts, whole) = (memory.saved, try run.outcome())
    try #require(parts.count > 1)
    for part in parts.indices {
      let words = (0..<parts[part].count / 8).map { StateWord(part: part, word: $0) }
      for found in runs(from: parts, with: value, inPlaceOf: words, { try run.outcome($0.keeper) }) {
        #expect(found.result == whole, "\(found.place)")
        #expect(found.warnings == 1 || found.place.part == 0, "\(found.place)")
      }
    }
    for part in parts.indices {
      for bytes in [1, 8, parts[part].count] {
        var short = parts
        short[part].removeLast(bytes)
        let keeper = MemoryKeeper(short)
        #expect(try run.outcome(keeper.keeper) == whole && keeper.allWarnings.count == 1)
      }
    }
    let missing = MemoryKeeper(parts.dropLast())
    #expect(try run.outcome(missing.keeper) == whole && missing.allWarnings.count == 1)
  }
}
