/// Keeps notes that say the same with other numbers from flooding a screen: the first few are shown, the others counted.
package struct NoteFold: Sendable {
  /// Notes of one wording that are shown.
  private static let shownAlike = 3

  private var counts: [String: (note: String, count: Int)] = [:]
  private var order: [String] = []

  /// A fold that has seen nothing.
  package init() {}

  /// Whether a note is to be shown; one that is not is counted.
  package mutating func shows(_ note: String) -> Bool {
    let wording = Self.wording(note)
    if counts[wording] == nil { order.append(wording) }
    counts[wording, default: (note, 0)].count += 1
    return counts[wording, default: (note, 0)].count <= Self.shownAlike
  }

  /// What was not shown: a line for every wording.
  package var rest: [String] {
    order.compactMap { wording in
      guard let (note, count) = counts[wording], count > Self.shownAlike else { return nil }
      let more = count - Self.shownAlike
      return "\(more) more note\(more == 1 ? "" : "s") like this one: \(note)"
    }
  }

  /// A note without its numbers.
  package static func wording(_ note: String) -> String {
    var result = ""
    var inNumber = false
    for character in note.unicodeScalars {
      let isDigit = ("0"..."9").contains(character)
      if isDigit, !inNumber { result += "#" }
      let continues = inNumber && ".eE+-".unicodeScalars.contains(character)
      inNumber = isDigit || continues
      if !inNumber { result.unicodeScalars.append(character) }
    }
    return result
  }
}
