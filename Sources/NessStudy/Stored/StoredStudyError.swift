/// Why a study of the store cannot be found or read.
public struct StoredStudyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let reason: String
  /// What to do about it.
  public let remedy: String

  /// A reason with its remedy.
  public init(_ reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  /// Reason and remedy, in one line.
  public var description: String { "\(reason) (\(remedy))" }
}
