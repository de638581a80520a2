extension Expression {
  /// Its value where the names have these values. Every name in it must have one.
  func value(_ values: [String: Double]) -> Double {
    var known: [ObjectIdentifier: Double] = [:]
    // Looking up costs more than computing what is small.
    let remembers = size > 200
    func value(_ expression: Expression) -> Double {
      if case .name(let name) = expression.kind {
        guard let value = values[name] else { preconditionFailure("\(name) has no value") }
        return value
      }
      if remembers, let known = known[ObjectIdentifier(expression)] { return known }
      let result = expression.value(ofPart: value)
      if remembers { known[ObjectIdentifier(expression)] = result }
      return result
    }
    return value(self)
  }

  private func value(ofPart value: (Expression) -> Double) -> Double {
    switch kind {
    case .number(let number): number.value
    case .name: preconditionFailure("names have values of their own")
    case .sum(let constant, let terms):
      terms.reduce(constant.value) { $0.addingProduct($1.factor.value, value($1.expression)) }
    case .product(let factors): factors.reduce(1) { $0 * Function.wholePower(value($1.base), $1.exponent) }
    case .power(let base, let exponent): Function.power(value(base), value(exponent))
    case .function(let function, let arguments): function.value(of: arguments.map(value))
    case .choice(let first, let second, let third, let fourth):
      value(first) <= value(second) ? value(third) : value(fourth)
    }
  }
}
