import NessModel
import NessTestSupport
import NessTrajectory
import Testing

/// A run that was ended and goes on gives the same numbers, to the last bit, as one that was not.
@Suite("Chains go on where they were ended")
struct ResumeTests {
  /// Ends runs after a number of looks, again and again, until one comes to its end.
  private static func inPieces(
    _ settings: TrajectorySettings, _ model: ChainModel, looks: Int, _ memory: MemoryKeeper
  ) throws -> (outcome: TrajectoryOutcome, runs: Int) {
    let found = untilTheEnd(looks: looks) { count in
      var solver = TrajectorySolver(settings)
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(model)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    return try #require(found)
  }

  private static func whole(_ settings: TrajectorySettings, _ model: ChainModel) throws -> TrajectoryOutcome {
    try TrajectorySolver(settings).simulate(model)
  }

  private static func settings(
    _ replicas: Int, duration: Double = 40, target: TrajectorySettings.Target? = nil
  ) -> TrajectorySettings {
    TrajectorySettings(
      seed: 3, replicas: replicas, timeStep: 0.0125, burnIn: 13, duration: duration, target: target, threads: 2)
  }

  private static let model = try? Sample.chain(
    sites: 4, left: Sample.particles(20, friction: 0.4, coupling: 0.3, count: 11), right: Sample.langevin(10))

  private static func check(_ found: TrajectoryOutcome, against whole: TrajectoryOutcome) {
    #expect(found.answer.entries == whole.answer.entries)
    #expect(found.answer.notes == whole.answer.notes)
    #expect(found.stopReason == whole.stopReason && found.duration == whole.duration)
    #expect(found.burnIn == whole.burnIn && found.detectedTransient == whole.detectedTransient)
    #expect(found.replicaSteps == whole.replicaSteps)
  }

  @Test(
    "after every end",
    arguments: [
      (replicas: 20, target: TrajectorySettings.Target?.none, looks: 1), (64, nil, 7), (64, .absolute(0.004), 5),
      (150, nil, 11),
    ])
  func pieces(replicas: Int, target: TrajectorySettings.Target?, looks: Int) throws {
    let model = try #require(Self.model)
    let settings = Self.settings(replicas, duration: target == nil ? 40 : 4000, target: target)
    let (found, runs) = try Self.inPieces(settings, model, looks: looks, MemoryKeeper())
    #expect(runs > 2)
    Self.check(found, against: try Self.whole(settings, model))
  }

  /// Many particles, so that drawing and reading states takes long enough to be given up.
  @Test("an end in the middle of the beginning leaves what is kept as it is", arguments: [0, 1])
  func endedEarly(looks: Int) throws {
    let model = try Sample.chain(
      sites: 2, left: Sample.particles(20, friction: 0.4, coupling: 0.001, count: 60_000), right: Sample.langevin(10))
    let settings = TrajectorySettings(seed: 3, replicas: 24, timeStep: 0.0125, burnIn: 13, duration: 40, threads: 1)
    let memory = MemoryKeeper()
    func run(looks: Int) {
      let count = LookCount(looks)
      var solver = TrajectorySolver(settings)
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(model)
      #expect(outcome == nil || outcome?.stopReason == .interrupted)
    }
    func ticks() -> [Int] {
      var found: [Int] = []
      memory.change { parts in
        found = parts.dropFirst().map { part in
          part.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: Int.self) }
        }
      }
      return found
    }
    run(looks: 1000)
    let before = ticks()
    run(looks: looks)
    #expect(!before.isEmpty && before.contains { $0 > 0 })
    #expect(zip(before, ticks()).allSatisfy { $0 <= $1 } && ticks().count == before.count)
  }

  @Test("more replicas are added to those that are there")
  func moreReplicas() throws {
    let model = try #require(Self.model)
    let memory = MemoryKeeper()
    _ = try Self.inPieces(Self.settings(100), model, looks: 100_000, memory)
    // Control: what is there is used, so a change of it shows.
    let changed = MemoryKeeper()
    _ = try Self.inPieces(Self.settings(100), model, looks: 100_000, changed)
    changed.change { parts in
      let middle = parts[1].count / 16 * 8
      for place in stride(from: middle, to: middle + 8192, by: 8) { parts[1][place + 6] ^= 1 }
    }
    let whole = try Self.whole(Self.settings(110), model)
    let (added, runs) = try Self.inPieces(Self.settings(110), model, looks: 100_000, memory)
    #expect(runs == 1 && memory.allWarnings.isEmpty)
    Self.check(added, against: whole)
    let other = try Self.inPieces(Self.settings(110), model, looks: 100_000, changed).outcome
    #expect(other.answer.entries != whole.answer.entries)
  }

  @Test("ended while the added replicas are behind, a run has nothing to show yet")
  func endedWhileBehind() throws {
    let model = try #require(Self.model)
    let memory = MemoryKeeper()
    _ = try Self.inPieces(Self.settings(100), model, looks: 100_000, memory)
    // Within the burn-in of the added replicas; later what all have in common could be shown.
    let count = LookCount(10)
    var solver = TrajectorySolver(Self.settings(110))
    solver.watch.stateKeeper = memory.keeper
    solver.watch.shouldStop = { count.isOver() }
    #expect(throws: TrajectoryError.interrupted) { try solver.simulate(model) }
    // The work is kept.
    let (added, _) = try Self.inPieces(Self.settings(110), model, looks: 100_000, memory)
    Self.check(added, against: try Self.whole(Self.settings(110), model))
  }

  @Test("a longer run goes on from a shorter one")
  func longer() throws {
    let model = try #require(Self.model)
    let memory = MemoryKeeper()
    _ = try Self.inPieces(Self.settings(64, duration: 20), model, looks: 100_000, memory)
    let long = Self.settings(64, duration: 55)
    Self.check(
      try Self.inPieces(long, model, looks: 100_000, memory).outcome, against: try Self.whole(long, model))
  }

  @Test("a smaller error goes on from a larger one, and never the other way round")
  func smallerError() throws {
    let model = try #require(Self.model)
    let memory = MemoryKeeper()
    let rough = Self.settings(64, duration: 1e5, target: .absolute(0.01))
    let fine = Self.settings(64, duration: 1e5, target: .absolute(0.0007))
    let first = try Self.inPieces(rough, model, looks: 100_000, memory).outcome
    let second = try Self.inPieces(fine, model, looks: 100_000, memory).outcome
    #expect(first.stopReason == .targetReached && second.stopReason == .targetReached)
    #expect(first.duration < second.duration)
    Self.check(second, against: try Self.whole(fine, model))
    Self.check(try Self.inPieces(rough, model, looks: 100_000, memory).outcome, against: first)
  }

  @Test("a damaged state is told of and not used", arguments: [0, 1])
  func damage(part: Int) throws {
    let model = try #require(Self.model)
    let memory = MemoryKeeper()
    let settings = Self.settings(64)
    let count = LookCount(30)
    var solver = TrajectorySolver(settings)
    solver.watch.stateKeeper = memory.keeper
    solver.watch.shouldStop = { count.isOver() }
    _ = try? solver.simulate(model)
    memory.change { $0[part].removeLast(9) }
    let (found, _) = try Self.inPieces(settings, model, looks: 100_000, memory)
    Self.check(found, against: try Self.whole(settings, model))
    #expect(memory.allWarnings.count == 1)
  }
}
