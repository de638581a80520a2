import NessFormula

/// The candidate that a misspelt word probably means; nil if none is close.
package func closest(to word: String, among candidates: [String]) -> String? {
  ClosestWord.closest(to: word, among: candidates)
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
