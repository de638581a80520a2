/// Reads a formula from left to right and stops at the first fault.
///
///     sum      (+ | -)? product ((+ | -) product)*
///     product  signed ((* | /) signed)*
///     signed   (+ | -) signed | power
///     power    operand (^ exponent)?         exponent  (+ | -) exponent | power
///     operand  number | name | function ( sum (, sum)? ) | ( sum )
struct FormulaReader<Tree: FormulaTree> {
  private let source: String
  /// Of every character its number in ASCII; of all others `FormulaWords.other`.
  let codes: [UInt8]
  /// The characters, where not all are of ASCII.
  private let characters: [Character]?
  private let isName: (String) -> Bool
  /// All names that may occur.
  let names: () -> Set<String>
  var position = 0
  /// The place of what was read last, for remedies.
  var last = 0..<0
  private var depth = 0

  init(_ text: String, names: Set<String>) {
    self.init(text, names: { names }, isName: names.contains)
  }

  /// - Parameters:
  ///   - names: for faults: all that may occur.
  ///   - isName: whether one is among them.
  init(_ text: String, names: @escaping () -> Set<String>, isName: @escaping (String) -> Bool) {
    (source, self.names, self.isName) = (text, names, isName)
    // Two of ASCII may be one character only at the end of a line.
    if text.utf8.allSatisfy({ $0 < 128 && $0 != 13 }) {
      (codes, characters) = (Array(text.utf8), nil)
    } else {
      let all = Array(text)
      (codes, characters) = (all.map { $0.asciiValue ?? FormulaWords.other }, all)
    }
  }

  mutating func formula() throws(FormulaFault) -> Tree {
    guard codes.count <= Formula.longestText else {
      throw FormulaFault(
        position: Formula.longestText, length: codes.count - Formula.longestText, found: "\(codes.count) characters",
        expected: "at most \(Formula.longestText)", remedy: nil)
    }
    skipSpace()
    if position == codes.count { throw fault(0..<0, found: "nothing", expected: "a formula") }
    let result = try sum()
    if position < codes.count { throw afterOperand(expected: "an operator or the end") }
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
      if sign == "*", position == last.upperBound, isHere("*") {
        throw fault(last.lowerBound..<position + 1, found: "**", expected: "an operator", remedy: "write ^")
      }
      parts.append((try signed(), sign == "/" ? -1 : 1, place))
    }
    if beginsOperand { throw implicitMultiplication() }
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
    guard position < codes.count else { throw missingOperand() }
    if isHere("(") {
      try descend()
      defer { depth -= 1 }
      let opening = position
      advance(1)
      let inside = try sum()
      try close(opening, expected: "an operator or )")
      return inside
    }
    if FormulaWords.isDigit(codes[position]) || isHere(".") { return try number() }
    guard beginsName(position) else { throw missingOperand() }
    let start = position
    while position < codes.count, beginsName(position) || FormulaWords.isDigit(codes[position]) { position += 1 }
    let word = string(start..<position)
    last = start..<position
    if let function = FormulaWords.functions[word] {
      return try call(of: function, at: start)
    }
    skipSpace()
    if word == FormulaWords.circleNumber { return .number(.pi) }
    guard isName(word) else { throw unknownName(word, at: start) }
    return .name(word, at: start)
  }

  private mutating func call(of function: Function, at start: Int) throws(FormulaFault) -> Tree {
    try descend(at: start)
    defer { depth -= 1 }
    skipSpace()
    let opening = position
    guard isHere("(") else {
      throw fault(
        here, found: found(here), expected: "( after \(function.rawValue)", remedy: "write \(function.example)")
    }
    advance(1)
    var arguments = [try sum()]
    while arguments.count < function.argumentCount {
      guard isHere(",") else {
        if isHere(")") {
          throw fault(
            here, found: ")", expected: "a comma and a second argument of \(function.rawValue)",
            remedy: "write \(function.example)")
        }
        throw unclosedOr(opening, expected: "an operator or a comma")
      }
      advance(1)
      arguments.append(try sum())
    }
    if isHere(",") {
      let nested = "write \(function.rawValue)(a, \(function.rawValue)(b, c))"
      throw fault(
        here, found: "a comma", expected: "an operator or )",
        remedy: function.argumentCount == 2 ? nested : decimalComma() ?? "\(function.rawValue) has one argument")
    }
    try close(opening, expected: "an operator or )")
    return .function(function, arguments, at: start)
  }

  private mutating func close(_ opening: Int, expected: String) throws(FormulaFault) {
    guard isHere(")") else { throw unclosedOr(opening, expected: expected) }
    advance(1)
  }

  private mutating func number() throws(FormulaFault) -> Tree {
    let start = position
    skipDigits()
    var digits = position - start
    if isHere(".") {
      position += 1
      skipDigits()
      digits = position - start - 1
    }
    last = start..<position
    if digits == 0 { throw fault(last, found: ".", expected: "a number, a name, a function or (") }
    if isHere("e") || isHere("E") {
      let signs = isHere("+", after: 1) || isHere("-", after: 1) ? 2 : 1
      if position + signs < codes.count, FormulaWords.isDigit(codes[position + signs]) {
        position += signs
        skipDigits()
      }
    }
    last = start..<position
    let literal = string(last)
    let isZero = literal.utf8.prefix { $0 | 32 != UInt8(ascii: "e") }.allSatisfy {
      $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".")
    }
    guard let value = Double(literal.hasPrefix(".") ? "0" + literal : literal), value.isFinite, isZero || value != 0
    else {
      throw fault(last, found: found(last), expected: "a number between 5e-324 and 1.7e308")
    }
    skipSpace()
    return .number(value)
  }

  // MARK: Characters

  /// All of them, for faults.
  var text: [Character] { characters ?? Array(source) }
  /// The present character, for faults; nil at the end.
  var peek: Character? { position < codes.count ? text[position] : nil }
  /// The place of the present character; of none at the end.
  var here: Range<Int> { position..<min(position + 1, codes.count) }

  /// Whether the present character, or one so many after it, is that of ASCII.
  private func isHere(_ sign: Unicode.Scalar, after: Int = 0) -> Bool {
    position + after < codes.count && codes[position + after] == UInt8(ascii: sign)
  }

  private var beginsOperand: Bool {
    guard position < codes.count else { return false }
    return FormulaWords.isDigit(codes[position]) || beginsName(position) || isHere("(") || isHere(".")
  }

  private func beginsName(_ place: Int) -> Bool {
    let code = codes[place]
    guard code == FormulaWords.other, let characters else { return FormulaWords.beginsName(code) }
    return characters[place].isLetter
  }

  private func string(_ place: Range<Int>) -> String {
    characters.map { String($0[place]) } ?? String(decoding: codes[place], as: UTF8.self)
  }

  private mutating func advance(_ count: Int) {
    last = position..<position + count
    position += count
    skipSpace()
  }

  private mutating func take(_ sign: Unicode.Scalar, _ other: Unicode.Scalar? = nil) -> Unicode.Scalar? {
    let taken = isHere(sign) ? sign : other.flatMap { isHere($0) ? $0 : nil }
    guard let taken else { return nil }
    last = position..<position + 1
    position += 1
    if !isHere("*") { skipSpace() }
    return taken
  }

  private mutating func skipDigits() {
    while position < codes.count, FormulaWords.isDigit(codes[position]) { position += 1 }
  }

  private mutating func skipSpace() {
    while position < codes.count {
      let code = codes[position]
      let isSpace =
        code == FormulaWords.other ? characters?[position].isWhitespace == true : FormulaWords.isSpace(code)
      if !isSpace { return }
      position += 1
    }
  }

  private mutating func descend(at place: Int? = nil) throws(FormulaFault) {
    depth += 1
    guard depth > Formula.deepestNesting else { return }
    let start = place ?? position
    throw FormulaFault(
      position: start, length: min(1, codes.count - start), found: "more than \(Formula.deepestNesting) levels",
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
  static func isSpace(_ code: UInt8) -> Bool { code == 32 || 9...13 ~= code }
  static func isDigit(_ code: UInt8) -> Bool { 48...57 ~= code }
  static func beginsName(_ code: UInt8) -> Bool { 97...122 ~= code | 32 || code == 95 }
  /// In the place of the number of a character that is not of ASCII.
  static let other: UInt8 = 255

  static func isDigit(_ character: Character) -> Bool { character.asciiValue.map(isDigit) ?? false }
  static func beginsName(_ character: Character) -> Bool {
    character.asciiValue.map(beginsName) ?? character.isLetter
  }
  static func continuesName(_ character: Character) -> Bool { beginsName(character) || isDigit(character) }

  /// Words of other programs.
  static let otherWords = [
    "ln": "write log", "log10": "write log(x)/log(10)", "log2": "write log(x)/log(2)", "pow": "write a^b",
    "fabs": "write abs", "e": "write exp(1)", "pi": "write pi", "\u{3c0}": "write pi",
  ]
}
