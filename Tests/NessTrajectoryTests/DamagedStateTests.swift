import NessModel
import NessSampling
import NessTestSupport
import NessTrajectory
import Testing

/// Saved states with values that no run leaves: they are refused, whatever says them, and the run gives its numbers.
@Suite("Impossible states of chains")
struct DamagedStateTests {
  private static let (sites, particles) = (3, 3)
  private static let model = try? Sample.chain(
    sites: sites, left: Sample.particles(20, friction: 0.4, coupling: 0.3, count: particles), right: Sample.langevin(10)
  )

  private static func run(_ memory: MemoryKeeper, duration: Double = 8) throws -> [Answer.Entry] {
    var solver = TrajectorySolver(
      TrajectorySettings(seed: 3, replicas: 12, timeStep: 0.0125, burnIn: 3, duration: duration, threads: 1))
    solver.isPilot = true
    solver.watch.stateKeeper = memory.keeper
    return try solver.simulate(#require(model)).answer.entries
  }

  /// The state after a shorter run, from which a longer one goes on.
  private static let parts: [[UInt8]] = {
    let memory = MemoryKeeper()
    _ = try? run(memory, duration: 4)
    return memory.saved
  }()

  /// Words that hold what was measured: a large number there says nothing against itself.
  private static func measured(part: Int) throws -> Set<Int> {
    var reader = StateReader(parts[part])
    var (place, found) = (0, Set<Int>())
    func next() throws -> Int {
      place += 1
      return try reader.next()
    }
    func skip(_ words: Int, areMeasured: Bool) throws {
      if areMeasured { found.formUnion(place..<place + words) }
      for _ in 0..<words { _ = try next() }
    }
    for _ in 0..<(try next()) {
      let ticks = try next()
      try skip(8 * next(), areMeasured: true)  // burn-in
      try #require(try next() == 64 * ticks)
      try skip(8 * (2 * sites + particles), areMeasured: false)
      for _ in 0..<2 {  // batches of what there is once, and of what every site has
        try skip(next(), areMeasured: false)
        try skip(8 * next(), areMeasured: true)
      }
      try skip(8 * next(), areMeasured: true)
      _ = try next()
      var blocks = try next()
      while blocks > 0 {  // powers of the heat over blocks, and the block that waits
        try skip(8 * next(), areMeasured: true)
        try skip(8 * next(), areMeasured: true)
        blocks >>= 1
      }
    }
    try #require(reader.isAtEnd)
    return found
  }

  private static func words(part: Int) -> [StateWord] {
    (0..<parts[part].count / 8).map { StateWord(part: part, word: $0) }
  }

  /// As whole numbers far too large or negative, as floating point numbers not finite; the last is finite and very large.
  @Test(arguments: [Int.max, -1, 0x7FF0_0000_0000_0000, 0x7E37_E43C_8800_759C])
  func impossibleValues(value: Int) throws {
    let whole = try Self.run(MemoryKeeper())
    #expect(try Self.run(MemoryKeeper(Self.parts)) == whole && Self.parts.count > 1)
    // In the head also what makes it the state of another run, which is passed over without a word.
    let heads = runs(from: Self.parts, with: value, inPlaceOf: Self.words(part: 0)) { try Self.run($0) }
    #expect(heads.count > 10 && heads.allSatisfy { $0.result == whole })
    let isFinite = Double(bitPattern: UInt64(bitPattern: Int64(value))).isFinite
    for part in 1..<Self.parts.count {
      let measured = isFinite ? try Self.measured(part: part) : []
      let other = Self.words(part: part).filter { !measured.contains($0.word) }
      #expect(other.count > 150 && (!isFinite || measured.count > 150))
      for run in runs(from: Self.parts, with: value, inPlaceOf: other, { try Self.run($0) }) {
        #expect(run.warnings == 1 && run.result == whole, "\(run.place)")
      }
    }
  }
}
