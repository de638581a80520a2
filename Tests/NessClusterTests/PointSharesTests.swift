import Foundation
import NessCluster
import Testing

@Suite("Points are shared out to tasks")
struct PointSharesTests {
  /// Costs over three decades.
  private static let costs = (0..<500).map { index in
    let hash = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return pow(10, 3 * Double(hash >> 11) / Double(1 << 53))
  }

  @Test("every point belongs to one task, whatever their number", arguments: [1, 2, 7, 64, 500, 800])
  func complete(tasks: Int) {
    let shares = PointShares.shares(of: Self.costs, among: tasks)
    #expect(shares.count == min(tasks, 500))
    #expect(shares.flatMap { $0 }.sorted() == Array(0..<500))
    #expect(!shares.contains { $0.isEmpty })
    #expect(shares == PointShares.shares(of: Self.costs, among: tasks))
  }

  @Test("tasks have about the same to do, and begin with the longest point", arguments: [2, 7, 64])
  func even(tasks: Int) throws {
    let shares = PointShares.shares(of: Self.costs, among: tasks)
    let loads = shares.map { $0.reduce(0) { $0 + Self.costs[$1] } }
    let (most, least) = (try #require(loads.max()), try #require(loads.min()))
    // Graham: no longer than 4/3 - 1/(3 tasks) of the best, which is no shorter than the mean or the longest point.
    let best = max(Self.costs.reduce(0, +) / Double(tasks), try #require(Self.costs.max()))
    #expect(most <= (4.0 / 3 - 1 / (3 * Double(tasks))) * best)
    #expect(most - least <= (try #require(Self.costs.max())))
    for share in shares { #expect(share.map { Self.costs[$0] } == share.map { Self.costs[$0] }.sorted(by: >)) }
    // Shares in the order of the file would not do.
    let blocks = stride(from: 0, to: 500, by: 500 / tasks).map { start in
      (start..<min(500, start + 500 / tasks)).reduce(0) { $0 + Self.costs[$1] }
    }
    #expect(try #require(blocks.max()) > most)
  }

  @Test("equal points are shared in their order")
  func equal() {
    #expect(PointShares.shares(of: [1, 1, 1, 1, 1], among: 2) == [[0, 2, 4], [1, 3]])
    #expect(PointShares.shares(of: [], among: 3).isEmpty)
  }

  @Test("tasks have a sensible length, and there are no more than can be of use")
  func taskCount() {
    #expect(PointShares.taskCount(for: Array(repeating: 60, count: 300), length: 1800) == 10)
    #expect(PointShares.taskCount(for: [3600, 60, 60], length: 1800) == 2)
    #expect(PointShares.taskCount(for: [1, 1, 1], length: 1800) == 1)
    #expect(PointShares.taskCount(for: Array(repeating: 1e5, count: 9000), length: 1800) == 1000)
    #expect(PointShares.taskCount(for: [], length: 1800) == 1)
  }
}
