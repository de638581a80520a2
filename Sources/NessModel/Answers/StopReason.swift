/// Why a run ended.
public enum StopReason: String, Codable, Sendable, Hashable {
  /// The asked relative error was reached.
  case targetReached
  /// The whole duration was simulated.
  case durationReached
  /// The time that the user gave was over; what had been measured is kept.
  case budget
  /// The user interrupted; what had been measured is kept.
  case interrupted
}
