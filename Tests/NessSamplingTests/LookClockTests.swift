import Foundation
import NessSampling
import NessStatistics
import Testing

@Suite("Looks at a running simulation")
struct LookClockTests {
  private static let interval = Duration.milliseconds(250)

  /// When looks began and ended, of a clock that was asked all the time for a while.
  private static func looks(
    of seconds: Double, during whole: Double, expectedSeconds: Double = 0
  ) -> (start: ContinuousClock.Instant, looks: [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)]) {
    let start = ContinuousClock.now
    var clock = LookClock<Int>({ _ in }, expectedSeconds: expectedSeconds)
    var looks: [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)] = []
    while start.duration(to: .now) < .seconds(whole) {
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
    let (start, looks) = Self.looks(of: seconds, during: 1.2)
    try #require(looks.count > 1)
    #expect(looks[0].begin - start >= Self.interval)
    for (look, next) in zip(looks, looks.dropFirst()) {
      #expect(next.begin - look.end >= max(Self.interval, (look.end - look.begin) * 50))
    }
  }

  @Test("the first waits for what it is expected to take")
  func first() throws {
    let (start, looks) = Self.looks(of: 0, during: 0.8, expectedSeconds: 0.01)
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
