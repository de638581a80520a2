/// A line of a list of studies.
package struct StudyRow: Encodable, Sendable {
  let id: String
  let title: String
  let parameters: [String]
  let points: Int
  let finished: Int
  let started: String
  /// Whether the text of its experiment file is kept.
  let hasFile: Bool
  let file: String?

  /// The line of a study.
  ///
  /// - Parameter namesFile: whether it says what the user named the file, which is nothing for others to see.
  package init(_ study: StoredStudy, namesFile: Bool) {
    id = study.identifier
    title = study.title
    parameters = study.parameters
    points = study.points
    finished = study.finished
    started = study.started ?? ""
    hasFile = study.fileText != nil
    file = namesFile ? study.file : nil
  }
}
