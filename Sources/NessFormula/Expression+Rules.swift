/// Expressions are made by these functions alone; they keep them simplified.
extension Expression {
  static let zero = Expression(.number(Ratio(0)))
  static let one = Expression(.number(Ratio(1)))

  static func number(_ value: Double) -> Expression { Expression(.number(Ratio(value))) }
  static func name(_ name: String) -> Expression { Expression(.name(name)) }

  /// Sum of terms with their factors; like terms are one.
  static func sum(_ parts: [(factor: Ratio, expression: Expression)], constant: Ratio = Ratio(0)) -> Expression {
    var constant = constant
    var order: [Expression] = []
    var factors: [Expression: Ratio] = [:]
    func add(_ factor: Ratio, _ expression: Expression) {
      switch expression.kind {
      case .number(let number): constant = constant + factor * number
      case .sum(let inner, let terms):
        constant = constant + factor * inner
        for term in terms { add(factor * term.factor, term.expression) }
      default:
        if let known = factors[expression] {
          factors[expression] = known + factor
        } else {
          order.append(expression)
          factors[expression] = factor
        }
      }
    }
    for part in parts where part.factor.numerator != 0 { add(part.factor, part.expression) }
    let terms = order.map { Term(factor: factors[$0]!, expression: $0) }.filter { $0.factor.numerator != 0 }
    if terms.isEmpty || constant.value.isNaN { return Expression(.number(constant)) }
    if terms.count == 1, terms[0].factor == Ratio(1), constant.numerator == 0 { return terms[0].expression }
    return Expression(.sum(constant: constant, terms: terms))
  }

  /// Product of whole powers, those in the denominator last; powers of the same base are one. A base that is a number times something gives the number away.
  static func product(_ parts: [(base: Expression, exponent: Int)], factor: Ratio = Ratio(1)) -> Expression {
    var number = factor
    var order: [Expression] = []
    var exponents: [Expression: Int] = [:]
    func multiply(_ base: Expression, _ exponent: Int) {
      switch base.kind {
      case .number(let value): number = number * value.raised(to: exponent)
      case .sum(let constant, let terms) where constant.numerator == 0 && terms.count == 1:
        number = number * terms[0].factor.raised(to: exponent)
        multiply(terms[0].expression, exponent)
      case .function(.abs, let arguments) where exponent % 2 == 0: multiply(arguments[0], exponent)
      case .product(let factors) where factors.allSatisfy({ mayMultiply($0.exponent, exponent) }):
        for factor in factors { multiply(factor.base, factor.exponent * exponent) }
      default:
        if exponents[base] == nil { order.append(base) }
        exponents[base, default: 0] += exponent
      }
    }
    for part in parts where part.exponent != 0 { multiply(part.base, part.exponent) }
    // sign(u) u is abs(u), and sign(u) abs(u) is u.
    for base in order {
      guard case .function(.sign, let arguments) = base.kind, let signs = exponents[base], signs > 0 else { continue }
      for (other, product) in [(arguments[0], function(.abs, arguments)), (function(.abs, arguments), arguments[0])]
      where exponents[base, default: 0] > 0 && exponents[other, default: 0] > 0 {
        exponents[base]! -= 1
        exponents[other]! -= 1
        multiply(product, 1)
      }
    }
    let all = order.map { Factor(base: $0, exponent: exponents[$0]!) }
    let factors = all.filter { $0.exponent > 0 } + all.filter { $0.exponent < 0 }
    if factors.isEmpty || number.numerator == 0 || number.value.isNaN { return Expression(.number(number)) }
    let single = factors.count == 1 && factors[0].exponent == 1
    let rest = single ? factors[0].base : Expression(.product(factors))
    return number == Ratio(1) ? rest : sum([(number, rest)])
  }

  private static func mayMultiply(_ first: Int, _ second: Int) -> Bool {
    let (product, overflow) = first.multipliedReportingOverflow(by: second)
    return !overflow && abs(product) <= largestExponent
  }

  /// Whole exponents up to this one are repeated multiplication.
  static let largestExponent = 1 << 20

  /// Whole powers are products, halves of them products of roots.
  static func power(_ base: Expression, _ exponent: Expression) -> Expression {
    guard let number = exponent.number?.value else {
      return base == one ? one : Expression(.power(base, exponent))
    }
    if abs(2 * number) <= Double(largestExponent), (2 * number).rounded() == 2 * number {
      let halves = Int(2 * number)
      return halves % 2 == 0 ? product([(base, halves / 2)]) : product([(function(.sqrt, [base]), halves)])
    }
    if let value = base.number?.value { return Expression.number(Function.power(value, number)) }
    return Expression(.power(base, exponent))
  }

  static func function(_ function: Function, _ arguments: [Expression]) -> Expression {
    let numbers = arguments.compactMap { $0.number?.value }
    if numbers.count == arguments.count { return number(function.value(of: numbers)) }
    if arguments.count == 2, arguments[0] == arguments[1] { return arguments[0] }
    return Expression(.function(function, arguments))
  }

  static func choice(
    _ first: Expression, atMost second: Expression, then third: Expression, else fourth: Expression
  ) -> Expression {
    if third == fourth { return third }
    if let first = first.number?.value, let second = second.number?.value { return first <= second ? third : fourth }
    return Expression(.choice(first, second, third, fourth))
  }

  static func - (first: Expression, second: Expression) -> Expression {
    sum([(Ratio(1), first), (Ratio(-1), second)])
  }
  static func * (first: Expression, second: Expression) -> Expression { product([(first, 1), (second, 1)]) }
  static func / (first: Expression, second: Expression) -> Expression { product([(first, 1), (second, -1)]) }
  static func * (first: Double, second: Expression) -> Expression { product([(second, 1)], factor: Ratio(first)) }
}

extension Expression {
  /// The same expression of other parts.
  func rebuilt(_ part: (Expression) -> Expression) -> Expression {
    switch kind {
    case .number, .name: self
    case .sum(let constant, let terms): .sum(terms.map { ($0.factor, part($0.expression)) }, constant: constant)
    case .product(let factors): .product(factors.map { (part($0.base), $0.exponent) })
    case .power(let base, let exponent): .power(part(base), part(exponent))
    case .function(let function, let arguments): .function(function, arguments.map(part))
    case .choice(let first, let second, let third, let fourth):
      .choice(part(first), atMost: part(second), then: part(third), else: part(fourth))
    }
  }

  func substituting(_ values: [String: Expression]) -> Expression {
    var known: [ObjectIdentifier: Expression] = [:]
    func substituted(_ expression: Expression) -> Expression {
      if case .name(let name) = expression.kind { return values[name] ?? expression }
      if let known = known[ObjectIdentifier(expression)] { return known }
      let result = expression.rebuilt(substituted)
      known[ObjectIdentifier(expression)] = result
      return result
    }
    return substituted(self)
  }
}
