import Foundation
import NessSampling
import NessStatistics
import Testing

@Suite("Looks at a running simulation")
struct LookClockTests {
  private static let interval = Duration.milliseconds(250)

  /// When looks began and ended, of a clock that was asked all the time until there were so many.
  private static func looks(
    _ count: Int, of seconds: Double, expectedSeconds: Double = 0
  ) -> (start: ContinuousClock.Instant, looks: [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)]) {
    let start = ContinuousClock.now
    var clock = LookClock<Int>({ _ in }, expectedSeconds: expectedSeconds)
    var looks: [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)] = []
    // On any machine, but not for ever.
    while looks.count < count, start.duration(to: .now) < .seconds(60) {
      clock.tick {
        let begin = ContinuousClock.now
        Thread.sleep(forTimeInterval: seconds)
        looks.append((begin, .now))
        return 1
      }
    }
    return (start, looks)
  }

  @Test("are at least a quarter of a second apart, and fifty times what one takes", arguments: [0, 0.008])
  func spacing(seconds: Double) throws {
    let (start, looks) = Self.looks(2, of: seconds)
    try #require(looks.count == 2)
    #expect(looks[0].begin - start >= Self.interval)
    for (look, next) in zip(looks, looks.dropFirst()) {
      #expect(next.begin - look.end >= max(Self.interval, (look.end - look.begin) * 50))
    }
  }

  @Test("the first waits for what it is expected to take")
  func first() throws {
    let (start, looks) = Self.looks(1, of: 0, expectedSeconds: 0.01)
    #expect(try #require(looks.first).begin - start >= .milliseconds(500))
  }

  @Test("nothing is computed if nobody looks, and nothing shown that has no error bar")
  func nobody() {
    var blind = LookClock<Int>(nil, expectedSeconds: 0)
    var short = LookClock<Int>({ _ in Issue.record("there is nothing to show") }, expectedSeconds: 0)
    Thread.sleep(forTimeInterval: 0.3)
    blind.tick {
      Issue.record("nobody looks")
      return 1
    }
    var isAsked = false
    short.tick {
      isAsked = true
      throw StatisticsError.tooFewBlocks(found: 1, needed: 2)
    }
    #expect(isAsked)
  }
}
