/// The candidate that a misspelt word probably means; nil if none is close.
package func closest(to word: String, among candidates: [String]) -> String? {
  guard word.count <= 60 else { return nil }
  let lowercased = word.lowercased()
  let ranked = candidates.map { (candidate: $0, distance: editDistance(lowercased, $0.lowercased())) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  let allowed = max(1, min(word.count, best.candidate.count) / 3)
  return best.distance <= allowed ? best.candidate : nil
}

/// Number of insertions, deletions, replacements and swaps of neighbours that turn `first` into `second`.
package func editDistance(_ first: String, _ second: String) -> Int {
  let first = Array(first)
  let second = Array(second)
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}

/// That a word is none of those that there are, with the one that was probably meant.
package func unknownWord(_ what: String, _ word: String, among words: [String]) -> String {
  let meant = closest(to: word, among: words).map { "; did you mean \($0)?" } ?? ""
  return "unknown \(what) \(shortened(word)): expected \(words.joined(separator: ", "))\(meant)"
}

/// Words as a phrase: `a`, `a or b`, `a, b or c`.
package func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}

/// A text from a file, made fit for one line of a message: at most 60 characters, control characters escaped.
package func shortened(_ text: String) -> String {
  let visible = text.unicodeScalars.prefix(61).map {
    $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
  }
  return visible.count > 60 ? visible.prefix(57).joined() + "..." : visible.joined()
}
