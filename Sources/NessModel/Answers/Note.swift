/// Notes are plain sentences that go with an answer: settings that were chosen, facts about the run, and warnings.
package enum Note {
  private static let mark = "warning: "

  /// A note that limits what a number may be used for, or says that one is missing; it is shown wherever the number is.
  package static func warning(_ text: String) -> String { mark + text }

  /// Whether a note is a warning.
  package static func isWarning(_ note: String) -> Bool { note.hasPrefix(mark) }

  /// What a note says, without the word that makes it a warning.
  package static func sentence(_ note: String) -> String { isWarning(note) ? String(note.dropFirst(mark.count)) : note }

  /// A note with the point that it is about; a warning stays one.
  package static func at(_ place: String, _ note: String) -> String {
    (isWarning(note) ? mark : "") + "\(place): \(sentence(note))"
  }
}
