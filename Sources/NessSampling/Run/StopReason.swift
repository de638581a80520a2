/// Why a run ended.
package enum StopReason: String, Codable, Sendable, Hashable {
  /// The asked relative error was reached.
  case targetReached
  /// The statistical error is as small as asked, but what the time step or the burn-in adds keeps the whole error above it.
  case biasRemains
  /// The whole duration was simulated.
  case durationReached
  /// The time that the user gave was over; what had been measured is kept.
  case budget
  /// The user interrupted; what had been measured is kept.
  case interrupted
}
