/// Plain Unicode text with light mathematical marks, cut into runs that can be set in gnuplot, HTML or a terminal.
///
/// - `T_L`, `T_{LR}`, `k_eff`: a subscript, one letter with the small letters after it, a number, or what the braces
///   hold. Long words keep their underscore (`burn_in`), unless braces follow.
/// - `T^2`, `T^-1`, `T^{n-1}`: a superscript, a whole number or what the braces hold.
/// - a letter that stands alone (`J`, `T_L`, `ζ`) is a symbol and set in italics, except the article `a` and initials.
/// - a hyphen before a number is a minus sign.
package struct MathText: Equatable {
  /// A stretch of text of one kind.
  package struct Run: Equatable {
    enum Kind { case upright, symbol, subscripted, superscripted }
    var text: String
    var kind: Kind

    var isScript: Bool { kind == .subscripted || kind == .superscripted }
  }

  private(set) var runs: [Run] = []

  /// A name, in which no letter is a symbol.
  package init(name: String) { runs = name.isEmpty ? [] : [Run(text: name, kind: .upright)] }

  package init(_ text: String) {
    let characters = Array(text)
    var position = 0
    while position < characters.count {
      if let script = Self.script(in: characters, at: position) {
        runs.append(script.run)
        position = script.end
      } else {
        let isSymbol = Self.isSymbol(characters, at: position, followsScript: runs.last?.isScript == true)
        let isMinus = Self.isMinus(characters, at: position)
        append(isMinus ? "−" : characters[position], as: isSymbol ? .symbol : .upright)
        position += 1
      }
    }
  }

  private mutating func append(_ character: Character, as kind: Run.Kind) {
    if let last = runs.indices.last, runs[last].kind == kind {
      runs[last].text.append(character)
    } else {
      runs.append(Run(text: String(character), kind: kind))
    }
  }

  /// Width in units of the font size, estimated for Liberation Sans.
  package var estimatedWidth: Double {
    runs.reduce(0) { width, run in
      width + (run.isScript ? 0.8 : 1) * run.text.reduce(0) { $0 + Self.estimatedWidth(of: $1) }
    }
  }

  private static func estimatedWidth(of character: Character) -> Double {
    if " .,:;'|!iljtfrI()[]/".contains(character) { return 0.31 }
    if "mwMW%@".contains(character) { return 0.86 }
    return character.isUppercase ? 0.7 : 0.57
  }
}

// MARK: - Reading

extension MathText {
  /// The sub- or superscript whose mark stands at `position`, and where the text goes on after it.
  private static func script(in characters: [Character], at position: Int) -> (run: Run, end: Int)? {
    let mark = characters[position]
    guard mark == "_" || mark == "^", position > 0, position + 1 < characters.count else { return nil }
    let kind: Run.Kind = mark == "_" ? .subscripted : .superscripted
    let first = position + 1
    if characters[first] == "{" {
      guard let close = characters[first...].firstIndex(of: "}"), close > first + 1 else { return nil }
      return (Run(text: typeset(characters[(first + 1)..<close]), kind: kind), close + 1)
    }
    guard isBase(characters[position - 1]) else { return nil }
    let end = mark == "_" ? subscriptEnd(characters, from: first) : superscriptEnd(characters, from: first)
    guard end > first else { return nil }
    if mark == "_", baseLength(characters, before: position) > 2, end > first + 1 { return nil }
    return (Run(text: typeset(characters[first..<end]), kind: kind), end)
  }

  /// A real minus sign instead of a hyphen.
  private static func typeset(_ characters: ArraySlice<Character>) -> String {
    String(characters).replacing("-", with: "−")
  }

  private static func isBase(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || ")]}⟩|".contains(character)
  }

  /// Number of letters in a row that end at `position`.
  private static func baseLength(_ characters: [Character], before position: Int) -> Int {
    characters[..<position].reversed().prefix { $0.isLetter }.count
  }

  private static func subscriptEnd(_ characters: [Character], from first: Int) -> Int {
    let rest = characters[first...]
    if characters[first].isNumber { return first + rest.prefix { $0.isNumber }.count }
    guard characters[first].isLetter else { return first }
    return first + 1 + rest.dropFirst().prefix { $0.isASCII && $0.isLowercase }.count
  }

  private static func superscriptEnd(_ characters: [Character], from first: Int) -> Int {
    let sign = "-−+".contains(characters[first]) ? 1 : 0
    let digits = characters[(first + sign)...].prefix { $0.isNumber }.count
    return digits == 0 ? first : first + sign + digits
  }

  /// Whether the character is a mathematical symbol: a letter that is no part of a word or a name.
  private static func isSymbol(_ characters: [Character], at position: Int, followsScript: Bool) -> Bool {
    let character = characters[position]
    guard character.isLetter, character.isGreek || character.isASCII else { return false }
    let before = position > 0 && !followsScript ? characters[position - 1] : " "
    let after = position + 1 < characters.count ? characters[position + 1] : " "
    if character == "Σ" || character == "Π" || character == "Δ" { return false }
    let isWordPart: (Character) -> Bool = { $0.isLetter || $0 == "'" || $0 == "’" }
    if isWordPart(before) || isWordPart(after) || after.isNumber || before == "_" { return false }
    if before.isNumber, character.isASCII, character.isLowercase { return false }
    if character.isASCII, after == "." { return false }
    let isArgument = position > 1 && characters[position - 2].isLetter
    if character.isASCII, before == "(", after == ")", !isArgument { return false }
    return character.lowercased() != "a" || after == "_"
  }

  /// Whether the character is a hyphen that stands for the sign of a number.
  private static func isMinus(_ characters: [Character], at position: Int) -> Bool {
    guard characters[position] == "-", position + 1 < characters.count, characters[position + 1].isNumber else {
      return false
    }
    return position == 0 || " (=<,[".contains(characters[position - 1])
  }
}

extension Character {
  fileprivate var isGreek: Bool { unicodeScalars.allSatisfy { (0x370...0x3FF).contains($0.value) } }
}

// MARK: - Setting

extension MathText {
  /// For gnuplot's enhanced text, with everything that is special to it escaped. Spaces become unbreakable, since
  /// readers of an SVG may swallow others between two fonts.
  package var gnuplot: String {
    runs.map { run in
      let text = Self.escapedForGnuplot(run.text).replacing(" ", with: "\u{A0}")
      return switch run.kind {
      case .upright: text
      case .symbol: "{/:Italic \(text)}"
      case .subscripted: "_{\(text)}"
      case .superscripted: "^{\(text)}"
      }
    }.joined()
  }

  /// For HTML, escaped.
  package var html: String {
    runs.map { run in
      let text = Self.escapedForHTML(run.text)
      return switch run.kind {
      case .upright: text
      case .symbol: "<i>\(text)</i>"
      case .subscripted: "<sub>\(text)</sub>"
      case .superscripted: "<sup>\(text)</sup>"
      }
    }.joined()
  }

  /// The words alone, without marks.
  package var words: String { runs.map(\.text).joined() }

  /// Text in which no character means anything to gnuplot's enhanced mode; line breaks become spaces.
  package static func escapedForGnuplot(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if character.isNewline {
        escaped.append(" ")
      } else {
        if "@^&~{}\\_".contains(character) { escaped.append("\\") }
        escaped.append(character)
      }
    }
  }

  /// Text without meaning to HTML, in content and in quoted attributes.
  package static func escapedForHTML(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
