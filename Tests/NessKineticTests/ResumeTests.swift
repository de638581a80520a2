import Foundation
import NessKinetic
import NessModel
import NessTestSupport
import Testing

/// A run that was ended and goes on gives the same numbers, to the last bit, as one that was not.
@Suite("Boxes go on where they were ended")
struct ResumeTests {
  /// Ends runs after a number of looks, again and again, until one comes to its end.
  private static func inPieces(
    _ settings: KineticSettings, _ model: BoxModel, looks: Int, _ memory: MemoryKeeper
  ) throws -> (outcome: KineticOutcome, runs: Int) {
    let found = untilTheEnd(looks: looks) { count in
      var solver = KineticSolver(settings)
      solver.watch.stateKeeper = memory.keeper
      solver.watch.shouldStop = { count.isOver() }
      let outcome = try? solver.simulate(model)
      return outcome?.stopReason == .interrupted ? nil : outcome
    }
    return try #require(found)
  }

  private static func whole(_ settings: KineticSettings, _ model: BoxModel) throws -> KineticOutcome {
    try KineticSolver(settings).simulate(model)
  }

  private static func settings(_ replicas: Int, target: Double? = nil, threads: Int = 1) -> KineticSettings {
    KineticSettings(
      seed: 7, replicas: replicas, burnIn: 1e6 / Double(replicas), duration: 2e7 / Double(replicas),
      targetError: target, threads: threads)
  }

  @Test("after every end", arguments: [(20, nil, 300), (64, nil, 3), (100, 0.004, 2), (2000, nil, 5)])
  func pieces(replicas: Int, target: Double?, looks: Int) throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.metropolis(1, .energy, moves: 2))
    let settings = Self.settings(replicas, target: target)
    let whole = try Self.whole(settings, model)
    let (found, runs) = try Self.inPieces(settings, model, looks: looks, MemoryKeeper())
    #expect(runs > 2)
    #expect(found.answer.entries == whole.answer.entries)
    #expect(found.stopReason == whole.stopReason && found.duration == whole.duration)
    #expect(found.collisions == whole.collisions && found.burnIn == whole.burnIn)
  }

  @Test("more replicas are added to those that are there", arguments: [1, 2])
  func moreReplicas(threads: Int) throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.maxwell(1))
    let memory = MemoryKeeper()
    var few = Self.settings(100)
    var all = Self.settings(110, threads: threads)
    (few.duration, few.burnIn) = (2e5, 1e4)
    (all.duration, all.burnIn) = (2e5, 1e4)
    _ = try Self.inPieces(few, model, looks: 10_000, memory)
    var solver = KineticSolver(all)
    solver.watch.stateKeeper = memory.keeper
    let added = try solver.simulate(model)
    #expect(added.answer.entries == (try Self.whole(all, model)).answer.entries)
    #expect(memory.allWarnings.isEmpty)
  }

  @Test("ended while the added replicas are behind, a run shows what all have in common", arguments: [0, 40])
  func endedWhileBehind(looks: Int) throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.maxwell(1))
    let memory = MemoryKeeper()
    var few = Self.settings(100)
    var all = Self.settings(110)
    (few.duration, few.burnIn) = (2e5, 1e4)
    (all.duration, all.burnIn) = (2e5, 1e4)
    _ = try Self.inPieces(few, model, looks: 10_000, memory)
    let count = LookCount(looks)
    var solver = KineticSolver(all)
    solver.watch.stateKeeper = memory.keeper
    solver.watch.shouldStop = { count.isOver() }
    let whole = try Self.whole(all, model)
    // The first look is after the burn-in: there is nothing yet.
    if looks == 0 {
      #expect(throws: KineticError.interrupted) { try solver.simulate(model) }
    } else {
      let ended = try solver.simulate(model)
      #expect(ended.stopReason == .interrupted && ended.duration > 0 && ended.duration < 0.2 * whole.duration)
      let exact = try RenewalSolver().answer(of: model).only(.meanEnergy).value
      #expect(abs(try ended.answer.only(.meanEnergy).zScore(againstExact: exact)) < acceptedZScore)
    }
    // The work is kept.
    let (added, _) = try Self.inPieces(all, model, looks: 10_000, memory)
    #expect(added.answer.entries == whole.answer.entries && memory.allWarnings.isEmpty)
  }

  @Test("a smaller error goes on from a larger one, and never the other way round")
  func smallerError() throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.maxwell(1))
    let memory = MemoryKeeper()
    let rough = Self.settings(64, target: 0.02)
    let fine = Self.settings(64, target: 0.001)
    let first = try Self.inPieces(rough, model, looks: 10_000, memory).outcome
    let second = try Self.inPieces(fine, model, looks: 10_000, memory).outcome
    #expect(first.stopReason == .targetReached && second.stopReason == .targetReached)
    #expect(first.duration < second.duration)
    #expect(second.answer.entries == (try Self.whole(fine, model)).answer.entries)
    let third = try Self.inPieces(rough, model, looks: 10_000, memory).outcome
    #expect(third.answer.entries == first.answer.entries)
  }

  @Test("a damaged state is told of and not used", arguments: [0, 1])
  func damage(part: Int) throws {
    let model = try Sample.box(Sample.maxwell(2), Sample.maxwell(1))
    let memory = MemoryKeeper()
    let settings = Self.settings(64)
    let count = LookCount(3)
    var solver = KineticSolver(settings)
    solver.watch.stateKeeper = memory.keeper
    solver.watch.shouldStop = { count.isOver() }
    _ = try? solver.simulate(model)
    memory.change { $0[part].removeLast(9) }
    let (found, _) = try Self.inPieces(settings, model, looks: 10_000, memory)
    #expect(found.answer.entries == (try Self.whole(settings, model)).answer.entries)
    #expect(memory.allWarnings.count == 1)
  }
}
