/// Reads a formula from left to right and stops at the first fault.
///
///     sum      (+ | -)? product ((+ | -) product)*
///     product  signed ((* | /) signed)*
///     signed   (+ | -) signed | power
///     power    operand (^ exponent)?         exponent  (+ | -) exponent | power
///     operand  number | name | function ( sum (, sum)? ) | ( sum )
struct FormulaReader<Tree: FormulaTree> {
  let text: [Character]
  let names: Set<String>
  var position = 0
  /// The place of what was read last, for remedies.
  var last = 0..<0
  private var depth = 0

  init(_ text: String, names: Set<String>) {
    self.text = Array(text)
    self.names = names
  }

  mutating func formula() throws(FormulaFault) -> Tree {
    guard text.count <= Formula.longestText else {
      throw FormulaFault(
        position: Formula.longestText, length: text.count - Formula.longestText, found: "\(text.count) characters",
        expected: "at most \(Formula.longestText)", remedy: nil)
    }
    skipSpace()
    if position == text.count { throw fault(0..<0, found: "nothing", expected: "a formula") }
    let result = try sum()
    if position < text.count { throw afterOperand(expected: "an operator or the end") }
    return result
  }

  private mutating func sum() throws(FormulaFault) -> Tree {
    // A sign at the beginning is that of the whole product: so is it written out.
    var sign = take("+", "-")
    var parts: [(factor: Ratio, expression: Tree)] = []
    repeat {
      parts.append((Ratio(sign == "-" ? -1 : 1), try product()))
      sign = take("+", "-")
    } while sign != nil
    return .sum(parts)
  }

  private mutating func product() throws(FormulaFault) -> Tree {
    skipSpace()
    let start = position
    var parts = [(base: try signed(), exponent: 1, place: start)]
    while let sign = take("*", "/") {
      let place = last.lowerBound
      if sign == "*", position == last.upperBound, peek == "*" {
        throw fault(last.lowerBound..<position + 1, found: "**", expected: "an operator", remedy: "write ^")
      }
      parts.append((try signed(), sign == "/" ? -1 : 1, place))
    }
    if begins(operand: peek) { throw implicitMultiplication() }
    if parts.count == 1 { return parts[0].base }
    let product = Tree.product(parts)
    guard product.factorCount <= Formula.mostFactors else {
      throw fault(
        start..<last.upperBound, found: "\(product.factorCount) different factors",
        expected: "at most \(Formula.mostFactors) in one product")
    }
    return product
  }

  private mutating func signed() throws(FormulaFault) -> Tree {
    guard let sign = take("+", "-") else { return try power() }
    try descend()
    defer { depth -= 1 }
    let operand = try signed()
    return sign == "-" ? operand.negative : operand
  }

  private mutating func power() throws(FormulaFault) -> Tree {
    let base = try operand()
    guard take("^") != nil else { return base }
    let place = last.lowerBound
    return .power(base, try exponent(), at: place)
  }

  private mutating func exponent() throws(FormulaFault) -> Tree {
    try descend()
    defer { depth -= 1 }
    guard let sign = take("+", "-") else { return try power() }
    let magnitude = try exponent()
    return sign == "-" ? magnitude.negative : magnitude
  }

  private mutating func operand() throws(FormulaFault) -> Tree {
    skipSpace()
    guard let first = peek else { throw missingOperand() }
    if first == "(" {
      try descend()
      defer { depth -= 1 }
      let opening = position
      advance(1)
      let inside = try sum()
      try close(opening, expected: "an operator or )")
      return inside
    }
    if FormulaWords.isDigit(first) || first == "." { return try number() }
    guard FormulaWords.beginsName(first) else { throw missingOperand() }
    let start = position
    let word = String(takeWhile(FormulaWords.continuesName))
    last = start..<position
    if let function = FormulaWords.functions[word] {
      return try call(of: function, at: start)
    }
    skipSpace()
    if word == FormulaWords.circleNumber { return .number(.pi) }
    guard names.contains(word) else { throw unknownName(word, at: start) }
    return .name(word, at: start)
  }

  private mutating func call(of function: Function, at start: Int) throws(FormulaFault) -> Tree {
    try descend(at: start)
    defer { depth -= 1 }
    skipSpace()
    let opening = position
    guard peek == "(" else {
      throw fault(
        here, found: found(here), expected: "( after \(function.rawValue)", remedy: "write \(function.example)")
    }
    advance(1)
    var arguments = [try sum()]
    while arguments.count < function.argumentCount {
      guard peek == "," else {
        if peek == ")" {
          throw fault(
            here, found: ")", expected: "a comma and a second argument of \(function.rawValue)",
            remedy: "write \(function.example)")
        }
        throw unclosedOr(opening, expected: "an operator or a comma")
      }
      advance(1)
      arguments.append(try sum())
    }
    if peek == "," {
      let nested = "write \(function.rawValue)(a, \(function.rawValue)(b, c))"
      throw fault(
        here, found: "a comma", expected: "an operator or )",
        remedy: function.argumentCount == 2 ? nested : decimalComma() ?? "\(function.rawValue) has one argument")
    }
    try close(opening, expected: "an operator or )")
    return .function(function, arguments, at: start)
  }

  private mutating func close(_ opening: Int, expected: String) throws(FormulaFault) {
    guard peek == ")" else { throw unclosedOr(opening, expected: expected) }
    advance(1)
  }

  private mutating func number() throws(FormulaFault) -> Tree {
    let start = position
    var digits = takeWhile(FormulaWords.isDigit).count
    if peek == "." {
      position += 1
      digits += takeWhile(FormulaWords.isDigit).count
    }
    last = start..<position
    if digits == 0 { throw fault(last, found: ".", expected: "a number, a name, a function or (") }
    if peek == "e" || peek == "E" {
      let signs = position + 1 < text.count && "+-".contains(text[position + 1]) ? 2 : 1
      if position + signs < text.count, FormulaWords.isDigit(text[position + signs]) {
        position += signs
        _ = takeWhile(FormulaWords.isDigit)
      }
    }
    last = start..<position
    let literal = String(text[last])
    let isZero = literal.prefix { $0 != "e" && $0 != "E" }.allSatisfy { $0 == "0" || $0 == "." }
    guard let value = Double(literal.hasPrefix(".") ? "0" + literal : literal), value.isFinite, isZero || value != 0
    else {
      throw fault(last, found: found(last), expected: "a number between 5e-324 and 1.7e308")
    }
    skipSpace()
    return .number(value)
  }

  // MARK: Characters

  var peek: Character? { position < text.count ? text[position] : nil }
  /// The place of the present character; of none at the end.
  var here: Range<Int> { position..<min(position + 1, text.count) }

  private func begins(operand character: Character?) -> Bool {
    guard let character else { return false }
    return FormulaWords.isDigit(character) || FormulaWords.beginsName(character) || character == "("
      || character == "."
  }

  private mutating func advance(_ count: Int) {
    last = position..<position + count
    position += count
    skipSpace()
  }

  private mutating func take(_ sign: Character, _ other: Character? = nil) -> Character? {
    guard let character = peek, character == sign || character == other else { return nil }
    last = position..<position + 1
    position += 1
    if peek != "*" { skipSpace() }
    return character
  }

  private mutating func takeWhile(_ isWanted: (Character) -> Bool) -> ArraySlice<Character> {
    let taken = text[position...].prefix(while: isWanted)
    position = taken.endIndex
    return taken
  }

  private mutating func skipSpace() {
    while let character = peek, FormulaWords.isSpace(character) { position += 1 }
  }

  private mutating func descend(at place: Int? = nil) throws(FormulaFault) {
    depth += 1
    guard depth > Formula.deepestNesting else { return }
    let start = place ?? position
    throw FormulaFault(
      position: start, length: min(1, text.count - start), found: "more than \(Formula.deepestNesting) levels",
      expected: "at most \(Formula.deepestNesting) brackets, functions, signs and exponents inside one another",
      remedy: nil)
  }
}

/// What a formula is read into.
protocol FormulaTree {
  /// How many different factors it has as a product.
  var factorCount: Int { get }
  /// Its negative.
  var negative: Self { get }
  static func number(_ value: Double) -> Self
  /// - Parameter place: where its first character is, as with the others.
  static func name(_ name: String, at place: Int) -> Self
  static func sum(_ parts: [(factor: Ratio, expression: Self)]) -> Self
  /// - Parameter parts: powers 1 and -1; their places are those of the signs before them.
  static func product(_ parts: [(base: Self, exponent: Int, place: Int)]) -> Self
  static func power(_ base: Self, _ exponent: Self, at place: Int) -> Self
  static func function(_ function: Function, _ arguments: [Self], at place: Int) -> Self
}

extension Expression: FormulaTree {
  var negative: Expression { -1 * self }
  static func name(_ name: String, at place: Int) -> Expression { .name(name) }
  static func sum(_ parts: [(factor: Ratio, expression: Expression)]) -> Expression {
    sum(parts, constant: Ratio(0))
  }
  static func product(_ parts: [(base: Expression, exponent: Int, place: Int)]) -> Expression {
    product(parts.map { (base: $0.base, exponent: $0.exponent) })
  }
  static func power(_ base: Expression, _ exponent: Expression, at place: Int) -> Expression { .power(base, exponent) }
  static func function(_ function: Function, _ arguments: [Expression], at place: Int) -> Expression {
    .function(function, arguments)
  }
}

/// Words and characters of formulas.
enum FormulaWords {
  static let circleNumber = "pi"

  static let functions = Dictionary(uniqueKeysWithValues: Function.written.map { ($0.rawValue, $0) })

  // What a character is by Unicode takes far longer to find than its number in ASCII.
  static func isSpace(_ character: Character) -> Bool {
    character.asciiValue.map { $0 == 32 || 9...13 ~= $0 } ?? character.isWhitespace
  }
  static func isDigit(_ character: Character) -> Bool { character.asciiValue.map { 48...57 ~= $0 } ?? false }
  static func beginsName(_ character: Character) -> Bool {
    character.asciiValue.map { 97...122 ~= $0 | 32 || $0 == 95 } ?? character.isLetter
  }
  static func continuesName(_ character: Character) -> Bool { beginsName(character) || isDigit(character) }

  /// Words of other programs.
  static let otherWords = [
    "ln": "write log", "log10": "write log(x)/log(10)", "log2": "write log(x)/log(2)", "pow": "write a^b",
    "fabs": "write abs", "e": "write exp(1)", "pi": "write pi", "\u{3c0}": "write pi",
  ]
}
