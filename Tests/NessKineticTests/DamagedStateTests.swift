import NessKinetic
import NessModel
import NessTestSupport
import Testing

/// Saved states with values that no run leaves: they are refused, whatever says them, and the run gives its numbers.
@Suite("Impossible states of boxes")
struct DamagedStateTests {
  private static let settings = KineticSettings(seed: 7, replicas: 12, burnIn: 10, duration: 1e4, threads: 1)

  private static func run(_ memory: MemoryKeeper, looks: Int = 100_000) throws -> [Answer.Entry] {
    let count = LookCount(looks)
    var solver = KineticSolver(settings)
    solver.watch.stateKeeper = memory.keeper
    solver.watch.shouldStop = { count.isOver() }
    return try solver.simulate(Sample.box(Sample.maxwell(2), Sample.maxwell(1))).answer.entries
  }

  /// As whole numbers far too large or negative, as floating point numbers not finite; the last as a speed is so large that
  /// a flight takes no time.
  @Test(arguments: [Int.max, -1, 0x7FF0_0000_0000_0000, 0x7E37_E43C_8800_759C])
  func impossibleValues(value: Int) throws {
    let memory = MemoryKeeper()
    _ = try? Self.run(memory, looks: 7)
    let whole = try Self.run(MemoryKeeper())
    let parts = memory.saved
    try #require(parts.count > 1)
    let words = parts.indices.flatMap { part in
      // The random stream may have any words; then come the particle, and the numbers of sums and of windows.
      let words = part == 0 ? Array(0..<parts[0].count / 8) : [0] + Array(33..<66) + [74] + Array(123..<128)
      return words.map { StateWord(part: part, word: $0) }
    }
    for run in runs(from: parts, with: value, inPlaceOf: words, { try Self.run($0) }) {
      #expect(run.result == whole, "\(run.place)")
      #expect(run.warnings == 1 || run.place.part == 0, "\(run.place)")
    }
  }
}
