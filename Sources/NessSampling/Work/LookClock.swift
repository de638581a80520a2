/// Lets an onlooker see the estimates of one simulation while it runs: at most four times a second, and less often if a
/// look takes long, so that looking takes no more than about two percent of the time.
package struct LookClock<Answer> {
  /// Shortest time between two looks.
  private static var interval: Duration { .milliseconds(250) }
  /// Time between two looks over the time that one takes.
  private static var spacing: Int { 50 }

  private let onLook: (@Sendable (Answer) -> Void)?
  private var due: ContinuousClock.Instant

  /// A clock that starts now.
  ///
  /// - Parameters:
  ///   - onLook: told the answer so far; nil if nobody looks, and nothing is computed then.
  ///   - expectedSeconds: what the first look is expected to take; the later ones are timed.
  package init(_ onLook: (@Sendable (Answer) -> Void)?, expectedSeconds: Double) {
    self.onLook = onLook
    due = .now + max(Self.interval, .seconds(expectedSeconds) * Self.spacing)
  }

  /// Looks if it is time to; a run that is still too short for any error bar shows nothing.
  ///
  /// - Parameter answer: the answer so far; nil if it is not to be shown yet.
  package mutating func tick(_ answer: () throws -> Answer?) {
    guard let onLook else { return }
    let start = ContinuousClock.now
    guard start >= due else { return }
    if let answer = try? answer() { onLook(answer) }
    let end = ContinuousClock.now
    due = end + max(Self.interval, (end - start) * Self.spacing)
  }
}
