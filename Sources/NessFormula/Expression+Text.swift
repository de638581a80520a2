/// Expressions as text that reads as the same expression.
extension Expression {
  /// How strongly a text holds together: what is weaker than its surroundings needs brackets.
  private enum Binding: Int {
    case sum, product, power, atom
  }

  var text: String { textAndBinding.text }

  private func text(atLeast binding: Binding) -> String {
    let (text, own) = textAndBinding
    return own.rawValue < binding.rawValue ? "(\(text))" : text
  }

  private var textAndBinding: (text: String, binding: Binding) {
    switch kind {
    case .number(let number): Expression.numberText(number)
    case .name(let name): (name, .atom)
    case .sum(let constant, let terms): Expression.sumText(constant, terms)
    case .product(let factors): Expression.productText(Ratio(1), factors)
    case .power(let base, let exponent): ("\(base.text(atLeast: .atom))^\(exponent.text(atLeast: .atom))", .power)
    case .function(let function, let arguments):
      ("\(function.rawValue)(\(arguments.map(\.text).joined(separator: ", ")))", .atom)
    case .choice(let first, let second, let third, let fourth):
      ("choice(\([first, second, third, fourth].map(\.text).joined(separator: ", ")))", .atom)
    }
  }

  private static func numberText(_ number: Ratio) -> (text: String, binding: Binding) {
    let value = number.value
    if value.isNaN { return ("0/0", .product) }
    if value.isInfinite { return value < 0 ? ("-1/0", .sum) : ("1/0", .product) }
    let sign: Binding = value < 0 ? .sum : .atom
    if number.denominator == 1 { return (short(number.numerator), sign) }
    return ("\(short(number.numerator))/\(short(number.denominator))", value < 0 ? .sum : .product)
  }

  /// The shortest digits that give the number.
  private static func short(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func sumText(_ constant: Ratio, _ terms: [Term]) -> (text: String, binding: Binding) {
    var text = constant.numerator == 0 ? "" : numberText(constant).text
    for term in terms {
      let isNegative = term.factor.value < 0
      let magnitude = isNegative ? term.factor * Ratio(-1) : term.factor
      if !text.isEmpty { text += isNegative ? " - " : " + " } else if isNegative { text += "-" }
      text += scaledText(magnitude, term.expression)
    }
    let isScaled = constant.numerator == 0 && terms.count == 1 && terms[0].factor.value > 0
    return (text, isScaled ? .product : .sum)
  }

  private static func scaledText(_ factor: Ratio, _ expression: Expression) -> String {
    if case .product(let factors) = expression.kind { return productText(factor, factors).text }
    return productText(factor, [Factor(base: expression, exponent: 1)]).text
  }

  private static func productText(_ number: Ratio, _ factors: [Factor]) -> (text: String, binding: Binding) {
    func text(_ factor: Factor, _ exponent: Int) -> String {
      exponent == 1 ? factor.base.text(atLeast: .power) : "\(factor.base.text(atLeast: .atom))^\(exponent)"
    }
    var over = factors.filter { $0.exponent > 0 }.map { text($0, $0.exponent) }
    var under = factors.filter { $0.exponent < 0 }.map { text($0, -$0.exponent) }
    if !number.value.isFinite {
      over.insert("(\(numberText(number).text))", at: 0)
    } else {
      if number.numerator != 1 || over.isEmpty { over.insert(short(number.numerator), at: 0) }
      if number.denominator != 1 { under.append(short(number.denominator)) }
    }
    let isPower = over.count == 1 && under.isEmpty && number == Ratio(1)
    return ((([over.joined(separator: "*")] + under).joined(separator: "/")), isPower ? .power : .product)
  }
}
