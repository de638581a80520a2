/// Why a study of the store cannot be found or read.
package struct StoredStudyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package let reason: String
  /// What to do about it.
  package let remedy: String

  /// A reason with its remedy.
  package init(_ reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  /// Reason and remedy, in one line.
  package var description: String { "\(reason) (\(remedy))" }
}
