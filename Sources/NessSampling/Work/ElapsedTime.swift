extension ContinuousClock.Instant {
  /// Time since then [s], by a clock that nobody sets and that goes on while the machine sleeps.
  package var secondsAgo: Double { duration(to: .now) / .seconds(1) }

  /// The moment some time from now; a span beyond all reason is a thousand years.
  ///
  /// - Parameter seconds: the span [s].
  package static func after(_ seconds: Double) -> Self { .now + .seconds(min(seconds, 3e10)) }
}
