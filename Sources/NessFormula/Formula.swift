/// A formula, as users write it: `k*r^2/2 + beta*r^4/4`.
///
/// Numbers, names, `pi`, `+ - * / ^`, brackets, and exp, log (natural), sqrt, sin, cos, tan, sinh, cosh, tanh, abs, min and
/// max (of two). `^` binds most strongly and to the right: -x^2 is -(x^2), 2^3^2 is 2^9. Multiplication is always written.
///
/// A formula is kept simplified: numbers folded, like terms and equal factors together. Two formulas are equal if they are the
/// same after that; that they are not equal does not mean that they differ.
package struct Formula: Hashable, Sendable, CustomStringConvertible {
  let expression: Expression
  /// The text that it was read from, whatever names have had values put in since; nil for a formula that was computed.
  private var written: String?

  init(_ expression: Expression) { self.expression = expression }

  /// Reads a formula in which these names may occur.
  ///
  /// - Throws: The first fault, with its place in the text.
  package init(_ text: String, names: Set<String>) throws(FormulaFault) {
    var reader = FormulaReader<Expression>(text, names: names)
    expression = try reader.formula()
    written = text
  }

  /// Formulas are what they say, however they were written.
  package static func == (first: Formula, second: Formula) -> Bool { first.expression == second.expression }
  package func hash(into hasher: inout Hasher) { hasher.combine(expression) }

  /// Names that occur. What falls out in simplification (`0*x`) does not.
  package var names: Set<String> { Set(expression.names) }

  /// The formula with numbers in place of names. Names that do not occur are no fault.
  package func substituting(_ values: [String: Double]) -> Formula {
    var formula = Formula(expression.substituting(values.mapValues(Expression.number)))
    formula.written = written
    return formula
  }

  /// The formula times a number.
  package func times(_ factor: Double) -> Formula { Formula(factor * expression) }

  /// The formula with the negative of a name in its place.
  package func mirrored(in name: String) -> Formula {
    Formula(expression.substituting([name: -1 * Expression.name(name)]))
  }

  /// The derivative by a name, the others held. That of `abs` at its kink is 0, that of `min` and `max` the derivative of
  /// their first argument where both are equal.
  package func derivative(by name: String) -> Formula { Formula(expression.derivative(by: name)) }

  /// Its number; infinite or not a number where it has none.
  ///
  /// - Precondition: Every name that occurs has a value.
  package func value(_ values: [String: Double] = [:]) -> Double { expression.value(values) }

  /// The simplified formula as text. It reads as the same formula, except that derivatives of `abs`, `min` and `max` have
  /// `sign` and `choice`, which cannot be read.
  package var description: String { expression.text }

  /// As its author wrote it, or as text where it was computed; not more than a line of it.
  package var asWritten: String {
    guard let written else { return description }
    return written.count <= 80 ? written : "\(written.prefix(77))..."
  }

  /// Whether a text can be a name in formulas: a letter or `_`, then letters, digits and `_`, and no word that formulas have.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.first, FormulaWords.beginsName(first), text.allSatisfy(FormulaWords.continuesName) else {
      return false
    }
    return !reservedNames.contains(text)
  }

  /// Words with a meaning of their own: `pi` and the functions.
  package static let reservedNames: Set<String> = Set(Function.written.map(\.rawValue) + [FormulaWords.circleNumber])

  /// The longest text that is read, in characters.
  package static let longestText = 2000
  /// How many brackets, functions, signs and exponents may lie inside one another.
  package static let deepestNesting = 50
  /// How many different factors a product may have: the second derivative of n factors has n² terms.
  package static let mostFactors = 32
}
