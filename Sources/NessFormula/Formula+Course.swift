import Foundation

/// How a formula goes along one of its names, the time.
package enum FormulaCourse: Hashable, Sendable {
  /// The name does not occur.
  case constant
  /// It comes in sines, cosines and tangents alone, of these angular frequencies, each once.
  case periodic([Double])
  /// Anything else: it need not repeat.
  case other
}

extension Formula {
  /// How the formula goes along a name, no other being left in it.
  package func course(along name: String) -> FormulaCourse {
    guard let course = Course(expression, along: name), course.slope == 0 else { return .other }
    return course.frequencies.isEmpty ? .constant : .periodic(course.frequencies)
  }

  /// The formula with formulas in place of names.
  package func substituting(_ formulas: [String: Formula]) -> Formula {
    var formula = Formula(expression.substituting(formulas.mapValues(\.expression)))
    if formula.expression == expression { formula = self }
    return formula
  }

  /// The product of two formulas.
  package func times(_ other: Formula) -> Formula { Formula(expression * other.expression) }

  /// A formula that is a name and nothing else.
  package static func named(_ name: String) -> Formula { Formula(.name(name)) }
}

/// A function slope t + p(t), p made of waves of some frequencies.
private struct Course {
  var slope = 0.0
  var frequencies: [Double] = []

  /// - Returns: nil for a function of another form.
  init?(_ expression: Expression, along name: String) {
    func course(_ part: Expression) -> Course? { Course(part, along: name) }
    switch expression.kind {
    case .number: break
    case .name(let own):
      if own == name { slope = 1 }
    case .sum(_, let terms):
      for term in terms {
        guard let part = course(term.expression) else { return nil }
        slope += term.factor.value * part.slope
        take(part.frequencies)
      }
    case .product(let factors):
      let parts = factors.map { course($0.base) }
      let moving = parts.indices.filter { parts[$0].map { $0.slope != 0 } ?? true }
      if let place = moving.first {
        // A line times a number is one.
        guard moving.count == 1, let line = parts[place], line.frequencies.isEmpty, factors[place].exponent == 1,
          factors.indices.allSatisfy({ $0 == place || factors[$0].base.names.isEmpty })
        else { return nil }
        slope = factors.indices.reduce(line.slope) { product, other in
          other == place
            ? product : product * Function.wholePower(factors[other].base.value([:]), factors[other].exponent)
        }
        // t times a number, without a constant, is all that products are.
        guard factors[place].base.names == [name], factors[place].base.value([name: 0]) == 0 else { return nil }
      } else {
        for part in parts { take(part?.frequencies ?? []) }
      }
    case .power(let base, let exponent):
      guard takeWaves([course(base), course(exponent)]) else { return nil }
    case .function(let function, let arguments):
      if [.sin, .cos, .tan].contains(function), let part = course(arguments[0]) {
        take(part.frequencies + (part.slope == 0 ? [] : [abs(part.slope)]))
      } else if !takeWaves(arguments.map(course)) {
        return nil
      }
    case .choice(let first, let second, let third, let fourth):
      guard takeWaves([first, second, third, fourth].map(course)) else { return nil }
    }
  }

  /// What is made of waves alone.
  private mutating func takeWaves(_ parts: [Course?]) -> Bool {
    for part in parts {
      guard let part, part.slope == 0 else { return false }
      take(part.frequencies)
    }
    return true
  }

  private mutating func take(_ more: [Double]) {
    for frequency in more where !frequencies.contains(frequency) { frequencies.append(frequency) }
  }
}

/// The period that waves have in common.
package enum CommonPeriod {
  /// Most periods of one wave within the common one.
  private static let mostCycles = 1000

  /// The shortest common period of waves of some angular frequencies; nil if no two whole numbers below a thousand are as
  /// their frequencies.
  package static func of(_ frequencies: [Double]) -> Double? {
    guard let lowest = frequencies.min(), lowest > 0, lowest.isFinite else { return nil }
    var cycles: [(over: Int, under: Int)] = []
    for frequency in frequencies {
      guard let ratio = fraction(frequency / lowest) else { return nil }
      cycles.append(ratio)
    }
    // Over the least common multiple of the denominators every one is a whole number; their divisor is too much of it.
    var common = 1
    for ratio in cycles {
      common = common / divisor(common, ratio.under) * ratio.under
      if common > mostCycles { return nil }
    }
    let whole = cycles.map { $0.over * (common / $0.under) }
    let shared = whole.reduce(0, divisor)
    guard whole.allSatisfy({ $0 / shared <= mostCycles }) else { return nil }
    return readable(2 * Double.pi / lowest * Double(common) / Double(shared))
  }

  /// p/q as near as the last digits allow.
  private static func fraction(_ value: Double) -> (over: Int, under: Int)? {
    for under in 1...mostCycles {
      let scaled = value * Double(under)
      let over = scaled.rounded()
      if over >= 1, over < 1e9, abs(scaled - over) <= 1e-12 * over { return (Int(over), under) }
    }
    return nil
  }

  private static func divisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (abs(first), abs(second))
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }

  /// 10 for 10.000000000000002.
  private static func readable(_ value: Double) -> Double {
    guard let round = Double(String(format: "%.13e", value)) else { return value }
    return abs(round - value) <= 8 * Double.ulpOfOne * value ? round : value
  }
}
