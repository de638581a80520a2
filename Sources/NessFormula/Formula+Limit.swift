import Foundation

/// What a formula tends to where one of its names goes to 0 from above: by series, so that 0/0 is no difficulty.
extension Formula {
  /// The limit as a name goes to 0 from above, the others having values; infinite where it grows without bound, nil where it is not found: where
  /// a logarithm of the name remains, or more cancels than series of ten terms tell.
  package func limit(of name: String, _ values: [String: Double]) -> Double? {
    guard let series = LimitSeries(expression, of: name, values) else { return nil }
    guard let first = series.terms.first else { return series.isExact ? 0 : nil }
    if first.exponent > 0 { return 0 }
    if first.exponent < 0 { return first.factor > 0 ? .infinity : -.infinity }
    return first.factor
  }
}

/// The first terms c x^e of an expression for small x > 0, the exponents ascending.
private struct LimitSeries {
  struct Term {
    var exponent: Double
    var factor: Double
    /// Sum of the sizes of what made up the factor: by a share of that rounding changes it.
    var gross: Double
  }

  private(set) var terms: [Term]
  /// Exponents from here on are not known; infinite if all are.
  private var end = Double.infinity

  /// Terms that are kept, and how far beyond the first one.
  private static let mostTerms = 12

  var isExact: Bool { end == .infinity }

  private init(_ terms: [Term], end: Double = .infinity) {
    // Of what cancels only rounding is left.
    let sorted = terms.sorted { $0.exponent < $1.exponent }
    var merged: [Term] = []
    for term in sorted where term.exponent < end {
      if let last = merged.last, abs(last.exponent - term.exponent) <= 1e-12 * (1 + abs(term.exponent)) {
        merged[merged.count - 1].factor += term.factor
        merged[merged.count - 1].gross += term.gross
      } else {
        merged.append(term)
      }
    }
    merged.removeAll { abs($0.factor) <= 32 * Double.ulpOfOne * $0.gross }
    self.end = end
    if merged.count > Self.mostTerms {
      self.end = min(end, merged[Self.mostTerms].exponent)
      merged.removeLast(merged.count - Self.mostTerms)
    }
    self.terms = merged
  }

  private init(_ number: Double) {
    self.init([Term(exponent: 0, factor: number, gross: abs(number))])
  }

  /// The expression for small values of a name; nil if that has no such series.
  init?(_ expression: Expression, of name: String, _ values: [String: Double]) {
    func part(_ expression: Expression) -> LimitSeries? { LimitSeries(expression, of: name, values) }
    var found: LimitSeries?
    switch expression.kind {
    case .number(let number): found = LimitSeries(number.value)
    case .name(let other):
      found =
        other == name
        ? LimitSeries([Term(exponent: 1, factor: 1, gross: 1)]) : values[other].map { LimitSeries($0) }
    case .sum(let constant, let terms):
      var sum: LimitSeries? = LimitSeries(constant.value)
      for term in terms { sum = Self.sum(sum, part(term.expression)?.times(term.factor.value)) }
      found = sum
    case .product(let factors):
      var product: LimitSeries? = LimitSeries(1)
      for factor in factors { product = Self.product(product, part(factor.base)?.power(Double(factor.exponent))) }
      found = product
    case .power(let base, let exponent):
      guard let power = part(exponent), power.terms.allSatisfy({ $0.exponent == 0 }) else { return nil }
      found = part(base)?.power(power.terms.first?.factor ?? 0)
    case .function(let function, let arguments): found = Self.value(of: function, arguments.compactMap(part))
    case .choice(let first, let second, let third, let fourth):
      guard let difference = Self.sum(part(first), part(second)?.times(-1)) else { return nil }
      found = (difference.terms.first?.factor ?? 0) <= 0 ? part(third) : part(fourth)
    }
    guard let found, found.terms.allSatisfy(\.factor.isFinite) else { return nil }
    self = found
  }

  private static func sum(_ first: LimitSeries?, _ second: LimitSeries?) -> LimitSeries? {
    guard let first, let second else { return nil }
    return LimitSeries(first.terms + second.terms, end: min(first.end, second.end))
  }

  private func times(_ factor: Double) -> LimitSeries {
    LimitSeries(
      terms.map { Term(exponent: $0.exponent, factor: factor * $0.factor, gross: abs(factor) * $0.gross) }, end: end)
  }

  private static func product(_ first: LimitSeries?, _ second: LimitSeries?) -> LimitSeries? {
    guard let first, let second else { return nil }
    if first.terms.isEmpty && first.isExact || second.terms.isEmpty && second.isExact { return LimitSeries([]) }
    var terms: [Term] = []
    for one in first.terms {
      for other in second.terms {
        terms.append(
          Term(
            exponent: one.exponent + other.exponent, factor: one.factor * other.factor, gross: one.gross * other.gross))
      }
    }
    let lowest = (first.terms.first?.exponent ?? first.end, second.terms.first?.exponent ?? second.end)
    return LimitSeries(terms, end: min(lowest.0 + second.end, lowest.1 + first.end))
  }

  /// Its part of a number alone, and the rest, which vanishes with x; nil if it grows.
  private var parts: (number: Double, rest: LimitSeries)? {
    guard let first = terms.first else { return end > 0 ? (0, self) : nil }
    if first.exponent < 0 { return nil }
    let number = first.exponent == 0 ? first.factor : 0
    return (number, LimitSeries(first.exponent == 0 ? Array(terms.dropFirst()) : terms, end: end))
  }

  /// Sum of c_k r^k of a rest that vanishes.
  private static func power(series factors: [Double], of rest: LimitSeries) -> LimitSeries? {
    var (sum, power): (LimitSeries?, LimitSeries?) = (LimitSeries(factors[0]), LimitSeries(1))
    for factor in factors.dropFirst() {
      power = product(power, rest)
      sum = Self.sum(sum, power?.times(factor))
    }
    guard let sum else { return nil }
    // What is left out begins with the next power.
    let lowest = rest.terms.first?.exponent ?? rest.end
    return lowest == .infinity
      ? sum : LimitSeries(sum.terms, end: min(sum.end, lowest * Double(factors.count)))
  }

  private func power(_ exponent: Double) -> LimitSeries? {
    if exponent == 0 { return LimitSeries(1) }
    guard let first = terms.first else { return isExact && exponent > 0 ? self : nil }
    let isWhole = exponent == exponent.rounded()
    if first.factor < 0 && !isWhole { return nil }
    let rest = LimitSeries(
      terms.dropFirst().map {
        Term(
          exponent: $0.exponent - first.exponent, factor: $0.factor / first.factor, gross: $0.gross / abs(first.factor))
      }, end: end - first.exponent)
    var (factors, binomial) = ([1.0], 1.0)
    for k in 1...Self.mostTerms {
      binomial *= (exponent - Double(k - 1)) / Double(k)
      factors.append(binomial)
    }
    let scale = isWhole ? Function.wholePower(first.factor, Int(exponent)) : pow(first.factor, exponent)
    let shift = first.exponent * exponent
    return Self.power(series: factors, of: rest).map { series in
      LimitSeries(
        series.terms.map {
          Term(exponent: $0.exponent + shift, factor: scale * $0.factor, gross: abs(scale) * $0.gross)
        }, end: series.end + shift)
    }
  }

  private var exponential: LimitSeries? {
    if let first = terms.first, first.exponent < 0 {
      // Below every power of x.
      return first.factor < 0 ? LimitSeries([]) : nil
    }
    guard let (number, rest) = parts else { return nil }
    var (factors, factor) = ([1.0], 1.0)
    for k in 1...Self.mostTerms {
      factor /= Double(k)
      factors.append(factor)
    }
    return Self.power(series: factors, of: rest)?.times(exp(number))
  }

  private var logarithm: LimitSeries? {
    guard let first = terms.first, first.exponent == 0, first.factor > 0, let (number, rest) = parts else { return nil }
    let factors = [0] + (1...Self.mostTerms).map { ($0 % 2 == 1 ? 1 : -1) / Double($0) }
    return Self.sum(LimitSeries(log(number)), Self.power(series: factors, of: rest.times(1 / number)))
  }

  /// The sine, or the cosine.
  private func wave(_ isCosine: Bool) -> LimitSeries? {
    guard let (number, rest) = parts else { return nil }
    // Derivatives of the sine in turn.
    let turns = [sin(number), cos(number), -sin(number), -cos(number)]
    var (factors, factor) = ([Double](), 1.0)
    for k in 0...Self.mostTerms {
      if k > 0 { factor /= Double(k) }
      factors.append(factor * turns[(k + (isCosine ? 1 : 0)) % 4])
    }
    return Self.power(series: factors, of: rest)
  }

  private static func value(of function: Function, _ arguments: [LimitSeries]) -> LimitSeries? {
    guard let x = arguments.first, arguments.count == function.argumentCount else { return nil }
    func halfSum(_ sign: Double) -> LimitSeries? {
      sum(x.exponential, x.times(-1).exponential?.times(sign))?.times(0.5)
    }
    switch function {
    case .exp: return x.exponential
    case .log: return x.logarithm
    case .sqrt: return x.power(0.5)
    case .sin: return x.wave(false)
    case .cos: return x.wave(true)
    case .tan: return product(x.wave(false), x.wave(true)?.power(-1))
    case .sinh: return halfSum(-1)
    case .cosh: return halfSum(1)
    case .tanh: return product(halfSum(-1), halfSum(1)?.power(-1))
    case .abs: return (x.terms.first?.factor ?? 0) < 0 ? x.times(-1) : x
    case .sign:
      guard let first = x.terms.first else { return x.isExact ? LimitSeries(0) : nil }
      return LimitSeries(first.factor > 0 ? 1 : -1)
    case .min, .max:
      guard let difference = sum(x, arguments[1].times(-1)) else { return nil }
      let isFirst = (difference.terms.first?.factor ?? 0) <= 0
      return isFirst == (function == .min) ? x : arguments[1]
    }
  }
}
