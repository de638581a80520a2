import NessSampling
import NessStatistics
import NessTestSupport
import Testing

/// The loop under every simulation, with a motion whose mean and variance are known.
@Suite("Sampling")
struct SamplingTests {
  /// Shapes of a run that between them use every layout and kind of entry.
  static let shapes: [ToyRun] = {
    var windows = ToyRun(replicas: 40, entries: 130)
    (windows.layout, windows.longestPiece) = (.single, 1)
    (windows.toy.ticksPerEntry, windows.toy.burnInTicks) = (3, 2)
    return [ToyRun(), windows, ToyRun(replicas: 150)]
  }()

  @Test("finds the exact mean and variance, and its error bars cover them")
  func coverage() throws {
    var (inside, wide) = (0, 0)
    for seed in 1...100 {
      var run = ToyRun(replicas: 16, entries: 640)
      (run.toy.seed, run.toy.capacity) = (UInt64(seed), 64)
      let ensemble = run.ensemble
      let reading = SamplingRun<Estimate>.Reading(seconds: 0, answer: { nil }, errorOverTarget: { _ in nil })
      #expect(try SamplingRun<Estimate>().run(ensemble, reading) == .durationReached)
      for (channel, exact) in [(0, ToyMotion.mean), (1, ToyMotion.variance)] {
        let found = try BlockedMean(of: ToyRun.series(ensemble, channel: channel, run.toy)).estimate
        let z = found.zScore(againstExact: exact)
        #expect(abs(z) < acceptedZScore)
        #expect(abs(found.zScore(againstExact: 1.3 * exact)) > acceptedZScore)
        if abs(z) < 1 { inside += 1 }
        if abs(z) < 2 { wide += 1 }
      }
    }
    // Of 200: 136.5 ± 6.6 and 190.9 ± 2.9.
    #expect((104...169).contains(inside) && (176...200).contains(wide), "\(inside) \(wide)")
  }

  @Test("gives the same for any number of threads and any pace", arguments: shapes.indices)
  func threads(shape: Int) throws {
    var run = Self.shapes[shape]
    let whole = try #require(try run.outcome())
    for (threads, piece) in [(2, 3), (3, 1), (16, 1000)] {
      (run.threads, run.longestPiece) = (threads, piece)
      #expect(try run.outcome() == whole)
    }
    run.toy.seed = 6
    #expect(try run.outcome() != whole)
  }

  @Test("goes on after every end as if there had been none", arguments: shapes.indices, [nil, 0.05])
  func resume(shape: Int, target: Double?) throws {
    var run = Self.shapes[shape]
    run.threads = 2
    run.target = target.map { .relative($0) }
    let whole = try #require(try run.outcome())
    #expect(whole.stop == (target == nil ? .durationReached : .targetReached))
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 2) { count in
      let outcome = try? run.outcome(memory.keeper, shouldStop: { count.isOver() })
      return outcome?.stop == .interrupted ? nil : outcome
    }
    #expect(found?.outcome == whole && found?.runs ?? 0 > 2 && memory.allWarnings.isEmpty)
  }

  @Test("tells a progress that grows to one")
  func progress() throws {
    for var run in Self.shapes {
      run.entries = 64
      let told = CollectedValues<Double>()
      _ = try run.outcome(onProgress: { told.add($0) })
      #expect(told.values.last == 1 && told.values.count > 5 && told.values.sorted() == told.values)
      #expect(zip(told.values, told.values.dropFirst()).allSatisfy { $1 - $0 < 0.3 })
    }
  }

  @Test("an ended run keeps what it has, and nothing in the burn-in")
  func ended() throws {
    let whole = try #require(try Self.shapes[0].outcome())
    for looks in [1, 2, 6, 20] {
      let count = LookCount(looks)
      let outcome = try Self.shapes[0].outcome(shouldStop: { count.isOver() })
      // Three ticks to a look, and a piece ends with the burn-in after seven.
      let entries = looks < 3 ? 0 : 3 * (looks - 2)
      #expect(outcome?.entries ?? 0 == entries && (outcome == nil) == (looks < 3))
      guard let outcome, outcome.batches < 16, entries < 16 else { continue }
      #expect(outcome.stop == .interrupted && outcome.batches == entries && outcome.mean != whole.mean)
    }
  }

  @Test("a failure names the first replicas that cannot go on, whatever the threads", arguments: [1, 3])
  func failure(threads: Int) {
    var run = ToyRun(replicas: 40)
    (run.threads, run.toy.failing) = (threads, (replica: 21, tick: 11))
    #expect(throws: ToyMotion.Broken(replica: 21)) { try run.outcome() }
  }
}

@Suite("Sampling to a target")
struct TargetTests {
  private static func run(_ target: PrecisionTarget) -> ToyRun {
    var run = ToyRun(replicas: 64, entries: 100_000)
    (run.target, run.threads, run.longestPiece) = (target, 2, 1000)
    return run
  }

  @Test("ends where the error is small enough", arguments: [PrecisionTarget.relative(0.004), .absolute(0.012)])
  func ends(target: PrecisionTarget) throws {
    let run = Self.run(target)
    let found = try #require(try run.outcome())
    #expect(found.stop == .targetReached && found.entries < 50_000)
    let mean = try BlockedMean(of: .init(replicas: 64, batches: found.batches, values: found.mean)).estimate
    // The next but one checkpoint has half as much again.
    #expect(target.ratio(of: mean) <= 1 && target.ratio(of: mean) > 0.6)
    #expect(abs(mean.zScore(againstExact: ToyMotion.mean)) < acceptedZScore)
  }

  @Test("a smaller error goes on from a larger one of its kind, and nothing else does")
  func smaller() throws {
    let rough = Self.run(.relative(0.02))
    let fine = Self.run(.relative(0.005))
    let (first, second) = (try #require(try rough.outcome()), try #require(try fine.outcome()))
    #expect(first.entries < second.entries)
    func after(_ before: ToyRun, _ run: ToyRun) throws -> (outcome: ToyRun.Outcome?, isTakenUp: Bool) {
      let (memory, count) = (MemoryKeeper(), LookCount(100_000))
      _ = try before.outcome(memory.keeper)
      let first = CollectedValues<Double>()
      let outcome = try run.outcome(memory.keeper, onProgress: { first.add($0) }, shouldStop: { count.isOver() })
      let anew = CollectedValues<Double>()
      _ = try run.outcome(onProgress: { anew.add($0) })
      return (outcome, first.values.count < anew.values.count)
    }
    let on = try after(rough, fine)
    #expect(on.outcome == second && on.isTakenUp)
    // It would have ended earlier; another kind of error was not looked at; without a target none was.
    let back = try after(fine, rough)
    #expect(back.outcome == first && !back.isTakenUp)
    let absolute = Self.run(.absolute(0.015))
    let other = try after(rough, absolute)
    #expect(try other.outcome == absolute.outcome() && !other.isTakenUp)
    var blind = Self.run(.relative(1))
    (blind.target, blind.entries) = (nil, 100)
    let unseen = try after(blind, fine)
    #expect(unseen.outcome == second && !unseen.isTakenUp)
  }

  /// Slow replicas hold up the others at different ticks, and there the run is ended: at its start, and just beyond a checkpoint, where
  /// the others stay and the error has been judged.
  @Test("replicas that are not equally far go on to a target", arguments: [0, 32, 33, 40])
  func unequal(tick: Int) throws {
    var run = Self.run(.relative(0.02))
    run.replicas = 24
    let isSlow = CollectedValues<Int>()
    (run.threads, run.toy.slow) = (1, (replica: 0, tick: tick, seconds: 0.45))
    run.toy.onSlow = { isSlow.add(tick) }
    run.toy.burnInTicks = 0
    #expect(run.ensemble.schedule.checkpoints.prefix(2) == [32, 40])
    let whole = try #require(try run.outcome())
    let memory = MemoryKeeper()
    let seen = isSlow.values.count
    _ = try run.outcome(memory.keeper, shouldStop: { isSlow.values.count > seen })
    let ticks = try memory.saved.dropFirst().flatMap(Self.ticks)
    #expect(Set(ticks).count > 1, "\(ticks)")
    #expect(try run.outcome(memory.keeper) == whole && memory.allWarnings.isEmpty)
  }

  /// Ticks of every motion in a part of a state.
  private static func ticks(_ part: [UInt8]) throws -> [Int] {
    var reader = StateReader(part)
    return try (0..<reader.next(Int.self)).map { _ in
      let ticks: Int = try reader.next()
      for count in [8, 16, 3] { let _: [Int] = try reader.array(count: count) }
      _ = try reader.finiteValues(count: 8 * reader.next(Int.self))
      return ticks
    }
  }
}
