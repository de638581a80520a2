/// A formula whose names may stand for operators, as it is written: nothing is simplified, for products do not commute.
///
/// The grammar, the numbers, the functions and the faults are those of `Formula`; what names mean, and what may be divided by or
/// raised to a power, is for whoever evaluates it.
package struct OperatorFormula: Sendable {
  /// What is written.
  package indirect enum Node: Sendable {
    /// A number.
    case number(Double)
    /// A name, and where it stands: characters from 0.
    case name(String, place: Int)
    /// Terms with their signs, 1 or -1.
    case terms([(sign: Double, node: Node)])
    /// Factors in their order; one that is divided by has the exponent -1. Places are those of the signs before them.
    case factors([(node: Node, exponent: Int, place: Int)])
    /// A power; the place is that of its sign.
    case power(Node, Node, place: Int)
    /// A function of numbers.
    case function(FunctionOfNumbers, [Node], place: Int)
  }

  /// A function that formulas know.
  package struct FunctionOfNumbers: Sendable {
    fileprivate let function: Function

    /// How it is written.
    package var name: String { function.rawValue }
    /// Its value.
    package func value(of arguments: [Double]) -> Double { function.value(of: arguments) }
  }

  /// The formula.
  package let root: Node
  /// Its text.
  package let text: String

  /// Reads a formula in which some names may occur.
  ///
  /// - Parameters:
  ///   - names: all of them, for faults.
  ///   - isName: whether one is among them.
  /// - Throws: The first fault, with its place in the text.
  package init(
    _ text: String, names: @escaping () -> Set<String>, isName: @escaping (String) -> Bool
  ) throws(FormulaFault) {
    var reader = FormulaReader<Node>(text, names: names, isName: isName)
    root = try reader.formula()
    self.text = text
  }

  /// The word that begins at a place of its text: what names and functions are made of.
  package static func word(at place: Int, of text: String) -> String {
    String(text.dropFirst(place).prefix(while: FormulaWords.continuesName))
  }

  /// A power of numbers, a whole one by repeated multiplication.
  package static func power(_ base: Double, _ exponent: Double) -> Double {
    Int(exactly: exponent).map { Function.wholePower(base, $0) } ?? Function.power(base, exponent)
  }
}

extension OperatorFormula.Node: FormulaTree {
  var factorCount: Int {
    if case .factors(let factors) = self { factors.count } else { 1 }
  }

  var negative: Self { .terms([(-1, self)]) }
  static func name(_ name: String, at place: Int) -> Self { .name(name, place: place) }
  static func sum(_ parts: [(factor: Ratio, expression: Self)]) -> Self {
    if parts.count == 1, parts[0].factor == Ratio(1) { return parts[0].expression }
    return .terms(parts.map { ($0.factor == Ratio(1) ? 1 : -1, $0.expression) })
  }
  static func product(_ parts: [(base: Self, exponent: Int, place: Int)]) -> Self {
    .factors(parts.map { (node: $0.base, exponent: $0.exponent, place: $0.place) })
  }
  static func power(_ base: Self, _ exponent: Self, at place: Int) -> Self { .power(base, exponent, place: place) }
  static func function(_ function: Function, _ arguments: [Self], at place: Int) -> Self {
    .function(OperatorFormula.FunctionOfNumbers(function: function), arguments, place: place)
  }
}
