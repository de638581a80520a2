import Foundation

extension Formula {
  /// The least value over an interval of one name, no other being left, by intervals that contain all values of the formula: no
  /// dip between points is overlooked.
  ///
  /// - Returns: a proven lower bound, the least value that was met, and where; the two agree to about 1e-9 of the largest value,
  ///   or the bound is lower where the work ends before. Nil where the formula has no finite value.
  package func minimum(of name: String, in range: ClosedRange<Double>) -> (bound: Double, value: Double, place: Double)?
  {
    func value(_ x: Double) -> Double { self.value([name: x]) }
    var (least, place) = (Double.infinity, range.lowerBound)
    var size = 0.0
    let count = 257
    for index in 0..<count {
      let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
      let found = value(x)
      guard found.isFinite else { return nil }
      size = max(size, abs(found))
      if found < least { (least, place) = (found, x) }
    }
    let tolerance = 1e-9 * size
    var open: [(low: Double, high: Double, depth: Int)] = [(range.lowerBound, range.upperBound, 0)]
    var (bound, work) = (Double.infinity, 0)
    while let part = open.popLast() {
      let enclosed = Enclosure(expression, name, Enclosure(part.low, part.high))
      if enclosed.low >= least - tolerance {
        bound = min(bound, enclosed.low)
        continue
      }
      let middle = 0.5 * (part.low + part.high)
      let found = value(middle)
      guard found.isFinite else { return nil }
      if found < least { (least, place) = (found, middle) }
      work += 1
      if part.depth > 48 || work > 200_000 || !(middle > part.low && middle < part.high) {
        bound = min(bound, enclosed.low)
        if work > 400_000 { return (-.infinity, least, place) }
        continue
      }
      open.append((part.low, middle, part.depth + 1))
      open.append((middle, part.high, part.depth + 1))
    }
    return (min(bound, least), least, place)
  }
}

/// An interval that holds every value of an expression, a little wider than rounding makes it.
struct Enclosure {
  var low: Double
  var high: Double

  init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }

  private static let all = Enclosure(-.infinity, .infinity)

  /// Values of an expression where a name has any value in an interval.
  init(_ expression: Expression, _ name: String, _ values: Enclosure) {
    func of(_ part: Expression) -> Enclosure { Enclosure(part, name, values) }
    switch expression.kind {
    case .number(let number): self = Enclosure(number.value, number.value)
    case .name: self = values
    case .sum(let constant, let terms):
      self = terms.reduce(Enclosure(constant.value, constant.value)) { sum, term in
        let part = of(term.expression).times(Enclosure(term.factor.value, term.factor.value))
        return Enclosure(sum.low + part.low, sum.high + part.high).widened
      }
    case .product(let factors):
      self = factors.reduce(Enclosure(1, 1)) { $0.times(of($1.base).raised(to: $1.exponent)) }
    case .power(let base, let exponent): self = Self.power(of(base), of(exponent))
    case .function(let function, let arguments): self = Self.value(function, arguments.map(of))
    case .choice(_, _, let third, let fourth):
      let (one, other) = (of(third), of(fourth))
      self = Enclosure(min(one.low, other.low), max(one.high, other.high))
    }
  }

  private var widened: Enclosure {
    guard low <= high else { return .all }
    func slack(_ value: Double) -> Double { 4 * Double.ulpOfOne * abs(value) + .leastNormalMagnitude }
    return Enclosure(low - slack(low), high + slack(high))
  }

  private func times(_ other: Enclosure) -> Enclosure {
    let one = self
    let ends = [one.low * other.low, one.low * other.high, one.high * other.low, one.high * other.high]
    if ends.contains(where: \.isNaN) { return .all }
    return Enclosure(ends.min() ?? 0, ends.max() ?? 0).widened
  }

  private func raised(to exponent: Int) -> Enclosure {
    if exponent < 0 {
      if low <= 0, high >= 0 { return .all }
      let power = raised(to: -exponent)
      return Enclosure(1 / power.high, 1 / power.low).widened
    }
    let (first, last) = (Function.wholePower(low, exponent), Function.wholePower(high, exponent))
    if first.isNaN || last.isNaN { return .all }
    let isEven = exponent % 2 == 0
    let least = isEven && low <= 0 && high >= 0 ? 0 : min(first, last)
    var wide = Enclosure(least, max(first, last)).widened
    if isEven { wide.low = max(0, wide.low) }
    return wide
  }

  private static func power(_ base: Enclosure, _ exponent: Enclosure) -> Enclosure {
    guard base.low > 0 else { return .all }
    let logarithm = Enclosure(log(base.low), log(base.high)).widened
    let product = logarithm.times(exponent)
    return Enclosure(exp(product.low), exp(product.high)).widened
  }

  private static func value(_ function: Function, _ arguments: [Enclosure]) -> Enclosure {
    let x = arguments[0]
    func rising(_ function: (Double) -> Double) -> Enclosure { Enclosure(function(x.low), function(x.high)).widened }
    switch function {
    case .exp: return rising { Foundation.exp($0) }
    case .log: return x.low > 0 ? rising { Foundation.log($0) } : .all
    case .sqrt: return x.low >= 0 ? rising { $0.squareRoot() } : .all
    case .sinh: return rising { Foundation.sinh($0) }
    case .tanh: return rising { Foundation.tanh($0) }
    case .cosh:
      let (first, last) = (Foundation.cosh(x.low), Foundation.cosh(x.high))
      return Enclosure(x.low <= 0 && x.high >= 0 ? 1 : min(first, last), max(first, last)).widened
    case .sin: return wave(x, crest: 0.25)
    case .cos: return wave(Enclosure(x.low + 0.5 * .pi, x.high + 0.5 * .pi).widened, crest: 0.25)
    case .tan:
      let turns = ((x.low / .pi + 0.5).rounded(.down), (x.high / .pi + 0.5).rounded(.down))
      return turns.0 == turns.1 ? rising { Foundation.tan($0) } : .all
    case .abs:
      return Enclosure(
        x.low <= 0 && x.high >= 0 ? 0 : min(Swift.abs(x.low), Swift.abs(x.high)),
        max(Swift.abs(x.low), Swift.abs(x.high)))
    case .sign: return Enclosure(-1, 1)
    case .min: return Enclosure(Swift.min(x.low, arguments[1].low), Swift.min(x.high, arguments[1].high))
    case .max: return Enclosure(Swift.max(x.low, arguments[1].low), Swift.max(x.high, arguments[1].high))
    }
  }

  /// Of a sine, whose crests and troughs lie at known parts of a turn.
  private static func wave(_ x: Enclosure, crest: Double) -> Enclosure {
    let (start, end) = (x.low / (2 * .pi), x.high / (2 * .pi))
    guard start.isFinite, end.isFinite, end - start < 1 else { return Enclosure(-1, 1) }
    let slack = 1e-15 * (1 + abs(start) + abs(end))
    func holds(_ part: Double) -> Bool { (end + slack - part).rounded(.down) >= (start - slack - part).rounded(.up) }
    let (first, last) = (sin(x.low), sin(x.high))
    return Enclosure(
      holds(crest + 0.5) ? -1 : max(-1, min(first, last) - 1e-15), holds(crest) ? 1 : min(1, max(first, last) + 1e-15))
  }
}
