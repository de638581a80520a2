extension Expression {
  func derivative(by name: String) -> Expression {
    var known: [ObjectIdentifier: Expression] = [:]
    func derivative(_ expression: Expression) -> Expression {
      if let known = known[ObjectIdentifier(expression)] { return known }
      let result = expression.derivative(by: name, ofPart: derivative)
      known[ObjectIdentifier(expression)] = result
      return result
    }
    return derivative(self)
  }

  private func derivative(by name: String, ofPart derivative: (Expression) -> Expression) -> Expression {
    switch kind {
    case .number: .zero
    case .name(let own): own == name ? .one : .zero
    case .sum(_, let terms): .sum(terms.map { ($0.factor, derivative($0.expression)) })
    case .product(let factors):
      .sum(
        factors.indices.map { index in
          var parts = factors.map { (base: $0.base, exponent: $0.exponent) }
          let exponent = parts[index].exponent
          parts[index].exponent -= 1
          return (Ratio(Double(exponent)), .product(parts + [(derivative(parts[index].base), 1)]))
        })
    case .power(let base, let exponent): powerDerivative(base, exponent, derivative(base), derivative(exponent))
    case .function(let function, let arguments):
      switch arguments.count {
      case 1: function.slope(at: arguments[0], value: self) * derivative(arguments[0])
      default: minimumOrMaximumDerivative(function, arguments, arguments.map(derivative))
      }
    case .choice(let first, let second, let third, let fourth):
      .choice(first, atMost: second, then: derivative(third), else: derivative(fourth))
    }
  }

  private func powerDerivative(
    _ base: Expression, _ exponent: Expression, _ baseSlope: Expression, _ exponentSlope: Expression
  ) -> Expression {
    if base == .zero { return .zero }
    let byBase = exponent * .power(base, exponent - .one) * baseSlope
    if exponentSlope == .zero { return byBase }
    return .sum([(Ratio(1), byBase), (Ratio(1), self * .function(.log, [base]) * exponentSlope)])
  }

  private func minimumOrMaximumDerivative(
    _ function: Function, _ arguments: [Expression], _ slopes: [Expression]
  ) -> Expression {
    let order = function == .min ? [0, 1] : [1, 0]
    return .choice(arguments[order[0]], atMost: arguments[order[1]], then: slopes[0], else: slopes[1])
  }
}

extension Function {
  /// Derivative of a function of one argument, whose value is `value`.
  fileprivate func slope(at argument: Expression, value: Expression) -> Expression {
    switch self {
    case .exp: value
    case .log: .one / argument
    case .sqrt: 0.5 * (.one / value)
    case .sin: .function(.cos, [argument])
    case .cos: -1 * .function(.sin, [argument])
    case .tan: .sum([(Ratio(1), .product([(value, 2)]))], constant: Ratio(1))
    case .sinh: .function(.cosh, [argument])
    case .cosh: .function(.sinh, [argument])
    case .tanh: .sum([(Ratio(-1), .product([(value, 2)]))], constant: Ratio(1))
    case .abs: .function(.sign, [argument])
    case .sign, .min, .max: .zero
    }
  }
}
