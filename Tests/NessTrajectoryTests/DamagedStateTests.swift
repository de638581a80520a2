import NessModel
import NessTestSupport
import NessTrajectory
import Testing

/// Saved states with values that no run leaves: they are refused, whatever says them, and the run gives its numbers.
@Suite("Impossible states of chains")
struct DamagedStateTests {
  private static let settings = TrajectorySettings(
    seed: 3, replicas: 12, timeStep: 0.0125, burnIn: 3, duration: 8, threads: 1)
  private static let model = try? Sample.chain(
    sites: 3, left: Sample.particles(20, friction: 0.4, coupling: 0.3, count: 3), right: Sample.langevin(10))

  private static func run(_ memory: MemoryKeeper, looks: Int) throws -> TrajectoryOutcome {
    let count = LookCount(looks)
    var solver = TrajectorySolver(settings)
    solver.stateKeeper = memory.keeper
    solver.shouldStop = { count.isOver() }
    return try solver.simulate(#require(model))
  }

  /// As whole numbers far too large or negative, as floating point numbers not finite.
  @Test(arguments: [Int.max, -1, 0x7FF0_0000_0000_0000, 0x7E37_E43C_8800_759C])
  func impossibleValues(value: Int) throws {
    let memory = MemoryKeeper()
    _ = try? Self.run(memory, looks: 7)
    var parts: [[UInt8]] = []
    memory.change { parts = $0 }
    let whole = try Self.run(MemoryKeeper(), looks: 100_000)
    var refused = 0
    for part in parts.indices {
      for word in stride(from: 0, to: parts[part].count / 8, by: part == 0 ? 1 : 37) {
        let damaged = MemoryKeeper()
        _ = try? Self.run(damaged, looks: 1)
        damaged.change { kept in
          kept = parts
          withUnsafeBytes(of: value) { kept[part].replaceSubrange(8 * word..<8 * word + 8, with: $0) }
        }
        let found = try? Self.run(damaged, looks: 100_000)
        // A sum of the record may be large.
        let isSum = value == 0x7E37_E43C_8800_759C && damaged.allWarnings.isEmpty && part > 0
        #expect(isSum || found?.answer.entries == whole.answer.entries, "part \(part), word \(word)")
        refused += damaged.allWarnings.count
      }
    }
    #expect(refused >= 5)
  }
}
