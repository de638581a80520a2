/// What the reader says where it cannot go on.
extension FormulaReader {
  func fault(_ place: Range<Int>, found: String, expected: String, remedy: String? = nil) -> FormulaFault {
    FormulaFault(position: place.lowerBound, length: place.count, found: found, expected: expected, remedy: remedy)
  }

  /// The characters at a place, fit for a message.
  func found(_ place: Range<Int>) -> String {
    if place.isEmpty { return "the end" }
    let shown = text[place].prefix(40)
    let visible = shown.map { character in
      character.unicodeScalars.prefix(8).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
          scalar.escaped(asASCII: true)
        default: String(scalar)
        }
      }.joined()
    }
    return visible.joined() + (shown.count < place.count ? "..." : "")
  }

  /// Where a number, a name, a function or a bracket should stand.
  func missingOperand() -> FormulaFault {
    let expected = "a number, a name, a function or ("
    if peek == "," { return fault(here, found: "a comma", expected: expected) }
    return fault(here, found: found(here), expected: expected, remedy: otherSign())
  }

  /// Where an operator or something that closes should stand.
  func afterOperand(expected: String) -> FormulaFault {
    let wrong = peek
    if wrong == ")" {
      return fault(here, found: ")", expected: expected, remedy: "it closes nothing")
    }
    if wrong == "," { return fault(here, found: "a comma", expected: expected, remedy: decimalComma()) }
    return fault(here, found: found(here), expected: expected, remedy: otherSign())
  }

  /// Where a bracket should be closed.
  func unclosedOr(_ opening: Int, expected: String) -> FormulaFault {
    guard peek == nil else { return afterOperand(expected: expected) }
    return fault(opening..<opening + 1, found: "( that is not closed", expected: "a ) for it")
  }

  /// `2r`, `r(1 + r)`, `(1 + r)(1 - r)`.
  mutating func implicitMultiplication() -> FormulaFault {
    let text = text
    let left = text[last] == [")"] ? "(...)" : found(last)
    var end = position
    while end < text.count, FormulaWords.continuesName(text[end]) || text[end] == "." { end += 1 }
    let right = peek == "(" ? "(...)" : found(position..<max(end, position + 1))
    let bothNumbers = left.last.map(FormulaWords.isDigit) == true && right.first.map(FormulaWords.isDigit) == true
    let place = position..<max(end, position + 1)
    return fault(
      place, found: found(place), expected: "an operator",
      remedy: bothNumbers || right.hasPrefix(".") ? nil : "write \(left)*\(right)")
  }

  func unknownName(_ word: String, at start: Int) -> FormulaFault {
    let place = start..<start + word.count
    let functions = Function.written.map(\.rawValue)
    let isCalled = peek == "("
    let known = isCalled ? functions : names().sorted() + [FormulaWords.circleNumber]
    let kind = isCalled ? "function" : "name"
    let remedy =
      FormulaWords.otherWords[word.lowercased()]
      ?? ClosestWord.closest(to: word, among: known + (isCalled ? [] : functions)).map { "did you mean \($0)?" }
    return fault(
      place, found: "unknown \(kind) \(found(place))", expected: known.joined(separator: ", "), remedy: remedy)
  }

  /// Signs that look like those of formulas.
  private func otherSign() -> String? {
    switch peek {
    case "\u{2212}", "\u{2013}", "\u{2014}": "write -"
    case "\u{b7}", "\u{d7}", "\u{22c5}": "write *"
    case "\u{f7}", ":": "write /"
    case "\u{b2}": "write ^2"
    case "\u{b3}": "write ^3"
    case "\u{2074}": "write ^4"
    case "\u{221a}": "write sqrt(x)"
    case "[", "{", "]", "}": "write round brackets"
    case "|": "write abs(x)"
    default: nil
    }
  }

  /// `0,5`, where a number ends just before a comma and digits follow it.
  func decimalComma() -> String? {
    let text = text
    guard peek == ",", last.upperBound == position, let digit = text[last].last, FormulaWords.isDigit(digit),
      position + 1 < text.count, FormulaWords.isDigit(text[position + 1])
    else { return nil }
    let decimals = text[(position + 1)...].prefix(while: FormulaWords.isDigit)
    return "write \(found(last)).\(String(decimals.prefix(20))) with a point"
  }
}

extension Function {
  /// How it is written.
  var example: String { argumentCount == 2 ? "\(rawValue)(a, b)" : "\(rawValue)(x)" }
}
