import CVectorMath

/// Turns an expression into instructions whose operands are values: 0 is x, n the result of instruction n - 1, -1 - n the
/// number n. Equal parts are computed once; products are added by fused operations; sums of powers of one part are one polynomial.
struct LaneCompiler {
  let variable: String
  private(set) var instructions: [ness_instruction] = []
  private(set) var numbers: [Double] = []
  private var known: [Expression: Int32] = [:]

  init(variable: String) { self.variable = variable }

  /// Makes the last instruction that of the whole expression.
  mutating func compile(_ expression: Expression) {
    if let polynomial = Polynomial(expression, of: variable), polynomial.isWellConditioned {
      _ = self.polynomial(polynomial.coefficients.map(\.value), of: 0)
    } else if case .sine(let amplitude, let wavenumber, let phase, let linear, let offset) =
      PotentialForm.sine(expression, of: variable)
    {
      _ = emit(
        ness_operation_sine_form, 0, count: 5, numbers: [wavenumber, phase, amplitude, linear, offset])
    } else {
      let result = value(expression)
      precondition(Int(result) == instructions.count, "the last instruction is that of the whole")
    }
  }

  // MARK: Instructions

  private mutating func emit(
    _ operation: Int, _ a: Int32, _ b: Int32 = 0, _ c: Int32 = 0, _ d: Int32 = 0, count: Int = 0,
    numbers: [Double] = []
  ) -> Int32 {
    let start = Int32(self.numbers.count)
    self.numbers += numbers
    instructions.append(
      ness_instruction(
        operation: Int32(operation), to: 0, a: a, b: b, c: c, d: d, count: Int32(count), numbers: start))
    return Int32(instructions.count)
  }

  private mutating func number(_ value: Double) -> Int32 {
    if let index = numbers.firstIndex(where: { $0.bitPattern == value.bitPattern }) { return -1 - Int32(index) }
    numbers.append(value)
    return -Int32(numbers.count)
  }

  private mutating func polynomial(_ coefficients: [Double], of base: Int32) -> Int32 {
    let powers = coefficients.indices.filter { coefficients[$0] != 0 }
    if coefficients.count > 2, powers.allSatisfy({ $0 % 2 == 0 }) {
      let even = stride(from: 0, to: coefficients.count, by: 2).map { coefficients[$0] }
      return emit(ness_operation_even, base, count: even.count, numbers: even)
    }
    if powers.allSatisfy({ $0 % 2 == 1 }), coefficients.count > 1 {
      let odd = stride(from: 1, to: coefficients.count, by: 2).map { coefficients[$0] }
      return emit(ness_operation_odd, base, count: odd.count, numbers: odd)
    }
    return emit(ness_operation_polynomial, base, count: coefficients.count, numbers: coefficients)
  }

  // MARK: Expressions

  private mutating func value(_ expression: Expression) -> Int32 {
    if let known = known[expression] { return known }
    let value = compute(expression)
    known[expression] = value
    return value
  }

  private mutating func compute(_ expression: Expression) -> Int32 {
    switch expression.kind {
    case .number(let number): return polynomial([number.value], of: 0)
    case .name: return 0
    case .sum(let constant, let terms): return sum(constant.value, terms)
    case .product(let factors):
      guard factors.contains(where: { $0.exponent < 0 }) else { return product(factors.map { ($0.base, $0.exponent) }) }
      return quotient(factors, times: 1, plus: nil)
    case .power(let base, let exponent): return emit(ness_operation_power, value(base), operand(exponent))
    case .function(let function, let arguments):
      let first = value(arguments[0])
      return emit(function.operation, first, arguments.count > 1 ? operand(arguments[1]) : 0)
    case .choice(let first, let second, let third, let fourth):
      return emit(ness_operation_choice, value(first), operand(second), operand(third), operand(fourth))
    }
  }

  /// A register or a number.
  private mutating func operand(_ expression: Expression) -> Int32 {
    if let value = expression.number?.value { return number(value) }
    return value(expression)
  }

  /// A term that is a power of a part: its base and exponent.
  private func power(_ expression: Expression) -> (base: Expression, exponent: Int)? {
    guard case .product(let factors) = expression.kind else { return (expression, 1) }
    guard factors.count == 1, (2..<Int(ness_longest_polynomial)).contains(factors[0].exponent) else { return nil }
    return (factors[0].base, factors[0].exponent)
  }

  private mutating func sum(_ constant: Double, _ terms: [Expression.Term]) -> Int32 {
    var remaining = terms
    var total: Int32?
    var constant = constant
    // Powers of one part are a polynomial of it; the constant belongs to the first.
    for term in terms {
      guard let (base, _) = power(term.expression) else { continue }
      let powers = remaining.compactMap { other in
        power(other.expression).flatMap { $0.base == base ? (exponent: $0.exponent, factor: other.factor.value) : nil }
      }
      guard let degree = powers.map(\.exponent).max(), degree > 1 else { continue }
      var coefficients = [Double](repeating: 0, count: degree + 1)
      coefficients[0] = constant
      for power in powers { coefficients[power.exponent] += power.factor }
      constant = 0
      let part = polynomial(coefficients, of: value(base))
      total = total.map { emit(ness_operation_add, $0, part) } ?? part
      remaining.removeAll { power($0.expression)?.base == base }
    }
    for term in remaining {
      let addend = total ?? (constant == 0 ? nil : number(constant))
      constant = 0
      total = add(term, to: addend)
    }
    return total!
  }

  /// A term, added to a register or a number if there is one.
  private mutating func add(_ term: Expression.Term, to addend: Int32?) -> Int32 {
    let factor = term.factor.value
    if known[term.expression] == nil, case .product(let factors) = term.expression.kind,
      factors.contains(where: { $0.exponent < 0 })
    {
      return quotient(factors, times: factor, plus: addend)
    }
    if let addend, abs(factor) == 1, known[term.expression] == nil, case .product(let factors) = term.expression.kind,
      factors.count > 1, factors.allSatisfy({ $0.exponent > 0 })
    {
      let first = product([(factors[0].base, factors[0].exponent)])
      let rest = product(factors.dropFirst().map { ($0.base, $0.exponent) })
      return emit(factor > 0 ? ness_operation_fused : ness_operation_unfused, first, rest, addend)
    }
    let part = value(term.expression)
    guard let addend else { return factor == 1 ? part : emit(ness_operation_multiply, part, number(factor)) }
    switch factor {
    case 1: return emit(ness_operation_add, part, addend)
    case -1 where addend >= 0: return emit(ness_operation_subtract, addend, part)
    default: return emit(ness_operation_fused, part, number(factor), addend)
    }
  }

  /// Factors of which some have negative exponents, times a number, plus a register or a number if there is one.
  private mutating func quotient(_ factors: [Expression.Factor], times factor: Double, plus addend: Int32?) -> Int32 {
    let over = factors.filter { $0.exponent > 0 }.map { ($0.base, $0.exponent) }
    let under = factors.filter { $0.exponent < 0 }.map { (base: $0.base, exponent: -$0.exponent) }
    // A number over something, not a number times the inverse of it.
    let numerator = over.isEmpty ? number(factor) : product(over)
    let isPower = under.count == 1 && known[Expression.product([under[0]])] == nil
    let denominator = isPower ? value(under[0].base) : product(under)
    // Minus zero changes no sum.
    let sum = addend ?? number(-0.0)
    return emit(
      ness_operation_divide, numerator, denominator, sum, count: isPower ? under[0].exponent : 1,
      numbers: [over.isEmpty ? 1 : factor])
  }

  private mutating func product(_ factors: [(base: Expression, exponent: Int)]) -> Int32 {
    var total: Int32?
    for factor in factors {
      var part = value(factor.base)
      if factor.exponent > 1 {
        let power = Expression.product([factor])
        part = known[power] ?? emit(ness_operation_whole_power, part, count: factor.exponent)
        known[power] = part
      }
      total = total.map { emit(ness_operation_multiply, $0, part) } ?? part
    }
    return total!
  }
}

extension Function {
  /// The instruction that computes it.
  var operation: Int {
    switch self {
    case .exp: ness_operation_exp
    case .log: ness_operation_log
    case .sqrt: ness_operation_sqrt
    case .sin: ness_operation_sin
    case .cos: ness_operation_cos
    case .tan: ness_operation_tan
    case .sinh: ness_operation_sinh
    case .cosh: ness_operation_cosh
    case .tanh: ness_operation_tanh
    case .abs: ness_operation_abs
    case .min: ness_operation_min
    case .max: ness_operation_max
    case .sign: ness_operation_sign
    }
  }
}
