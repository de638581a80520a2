import NessFormula
import NessMath
import Synchronization

/// Makes operators of formulas: `0.5*Z1 + g*(X1*X2 + Y1*Y2)`.
///
/// A name is an operator of a part, its name followed by the number of the part, or a named number. Products keep their order.
/// A number is that number times the identity.
struct OperatorReader {
  let parts: [LevelPart]
  let values: [String: Double]

  /// What is wrong, and at which character.
  struct Fault: Error {
    var found: String
    var expected: String
    var remedy: String?
    var offset: Int?

    func fault(at path: String) -> ParameterFault {
      ParameterFault(parameter: path, found: found, expected: expected, remedy: remedy, offset: offset)
    }
  }

  private enum Value {
    case number(Double)
    case matrix(PartOperator)
  }

  private var levels: Int { parts.reduce(1) { $0 * $1.levels } }

  /// A formula and all that its operator depends on.
  private struct Reading: Equatable {
    let text: String
    let isHermitian: Bool
    let parts: [LevelPart]
    let values: [String: Double]
  }

  /// What was read last: a file, its model and every point of a sweep ask for the same operators.
  private static let last = Mutex<[(reading: Reading, found: PartOperator)]>([])
  private static let mostKept = 16
  /// Of larger systems the solution takes far longer than reading, and operators much room.
  private static let mostKeptLevels = 256

  /// The operator of a formula.
  ///
  /// - Parameter isHermitian: whether it has to be.
  func read(_ text: String, isHermitian: Bool = true) throws(Fault) -> PartOperator {
    let reading = Reading(text: text, isHermitian: isHermitian, parts: parts, values: values)
    if let known = Self.last.withLock({ $0.first { $0.reading == reading }?.found }) { return known }
    let found = try newlyRead(text, isHermitian: isHermitian)
    if levels <= Self.mostKeptLevels {
      Self.last.withLock { kept in
        kept.insert((reading, found), at: 0)
        kept.removeLast(max(0, kept.count - Self.mostKept))
      }
    }
    return found
  }

  private func newlyRead(_ text: String, isHermitian: Bool) throws(Fault) -> PartOperator {
    let formula: OperatorFormula
    do throws(FormulaFault) {
      formula = try OperatorFormula(
        text, names: { Set(operators).union(values.keys) },
        isName: { values[$0] != nil || operation(ofName: $0) != nil })
    } catch {
      throw fault(error, in: text)
    }
    let found: PartOperator
    switch try value(formula.root) {
    case .number(let number): found = PartOperator(number, of: parts)
    case .matrix(let matrix): found = matrix
    }
    guard found.isFinite else { throw Fault(found: "an infinite element", expected: "finite numbers") }
    if isHermitian, let wrong = found.asymmetry {
      let opposite =
        wrong.row == wrong.column
        ? "which is not real" : "\(element(wrong.column, wrong.row)) is \(Self.text(wrong.opposite))"
      throw Fault(
        found:
          "an operator that is not Hermitian: \(element(wrong.row, wrong.column)) is \(Self.text(wrong.value)), \(opposite)",
        expected: "a Hermitian operator, like a1 + ad1 or X1*X2 + Y1*Y2")
    }
    return found
  }

  /// Names of all operators.
  private var operators: [String] {
    parts.enumerated().flatMap { place, part in part.operators.map { "\($0)\(place + 1)" } }
  }

  /// `<up, 0|O|down, 1>`
  private func element(_ row: Int, _ column: Int) -> String { "<\(label(row))|O|\(label(column))>" }

  private func label(_ state: Int) -> String {
    var rest = state
    var labels: [String] = []
    for part in parts.reversed() {
      labels.append(part.label(rest % part.levels))
      rest /= part.levels
    }
    return labels.reversed().joined(separator: ", ")
  }

  private static func text(_ value: Complex) -> String {
    value.imaginary == 0
      ? value.real.short : "\(value.real.short) \(value.imaginary < 0 ? "-" : "+") \(abs(value.imaginary).short)i"
  }

  // MARK: faults

  private func fault(_ fault: FormulaFault, in text: String) -> Fault {
    let usual = Fault(
      found: fault.found, expected: fault.expected, remedy: fault.remedy, offset: fault.position)
    guard fault.found.hasPrefix("unknown name") else { return usual }
    let word = OperatorFormula.word(at: fault.position, of: text)
    let stem = String(word.prefix { !$0.isNumber })
    guard LevelPart.allOperators.contains(stem) else {
      var wrong = usual
      if parts.count > 2 {
        wrong.expected =
          "an operator of a part, like \(operators.prefix(3).joined(separator: ", ")), or a parameter"
          + (values.isEmpty ? "" : ": " + values.keys.sorted().joined(separator: ", "))
      }
      return wrong
    }
    let owners = parts.indices.filter { parts[$0].operators.contains(stem) }.map { "\(stem)\($0 + 1)" }
    let known = owners.isEmpty ? "an operator of a part: \(operators.joined(separator: ", "))" : alternatives(owners)
    guard let number = Int(word.dropFirst(stem.count)) else {
      return Fault(
        found: word, expected: known, remedy: "write the number of the part behind it", offset: fault.position)
    }
    guard (1...parts.count).contains(number) else {
      return Fault(
        found: word, expected: known,
        remedy: parts.count == 1 ? "there is one part" : "there are parts 1 to \(parts.count)", offset: fault.position)
    }
    let own = parts[number - 1].operators.map { "\($0)\(number)" }
    return Fault(
      found: word, expected: alternatives(own), remedy: "part \(number) has no \(stem)", offset: fault.position)
  }

  // MARK: values

  /// The elements of an operator of a part, counted from 0; nil if it is none.
  private func operation(
    ofName name: String
  ) -> (elements: [(row: Int, column: Int, value: Complex)], part: Int)? {
    let digits = name.utf8.drop { !(48...57 ~= $0) }
    guard digits.first != 48, let number = Int(Substring(digits)), parts.indices.contains(number - 1),
      let elements = parts[number - 1].elements(of: String(name.prefix(upTo: digits.startIndex)))
    else { return nil }
    return (elements, number - 1)
  }

  private func value(_ node: OperatorFormula.Node) throws(Fault) -> Value {
    switch node {
    case .number(let number): return .number(number)
    case .name(let name, _):
      if let number = values[name] { return .number(number) }
      return operation(ofName: name).map { .matrix(PartOperator($0.elements, of: $0.part, among: parts)) }
        ?? .number(.nan)
    case .terms(let terms):
      var sum: Value?
      for term in terms {
        let next = times(.number(term.sign), try value(term.node))
        sum = sum.map { plus($0, next) } ?? next
      }
      return sum ?? .number(0)
    case .factors(let factors):
      var product: Value?
      for factor in factors {
        var next = try value(factor.node)
        if factor.exponent < 0 {
          guard case .number(let number) = next else {
            throw Fault(
              found: "a division by an operator", expected: "a division by a number", offset: factor.place)
          }
          next = .number(1 / number)
        }
        product = product.map { times($0, next) } ?? next
      }
      return product ?? .number(1)
    case .power(let base, let exponent, let place):
      guard case .number(let exponent) = try value(exponent) else {
        throw Fault(found: "an operator as exponent", expected: "a number as exponent", offset: place)
      }
      switch try value(base) {
      case .number(let number): return .number(OperatorFormula.power(number, exponent))
      case .matrix(let matrix):
        guard let whole = Int(exactly: exponent), (0...mostPower).contains(whole) else {
          throw Fault(
            found: "the power \(exponent.short) of an operator", expected: "a whole power between 0 and \(mostPower)",
            offset: place)
        }
        return (0..<whole).reduce(.number(1)) { product, _ in times(product, .matrix(matrix)) }
      }
    case .function(let function, let arguments, let place):
      var numbers: [Double] = []
      for argument in arguments {
        guard case .number(let number) = try value(argument) else {
          throw Fault(
            found: "\(function.name) of an operator", expected: "\(function.name) of numbers", offset: place)
        }
        numbers.append(number)
      }
      return .number(function.value(of: numbers))
    }
  }

  private var mostPower: Int { 64 }

  private func plus(_ first: Value, _ second: Value) -> Value {
    if case .number(let one) = first, case .number(let other) = second { return .number(one + other) }
    return .matrix(matrix(first) + matrix(second))
  }

  private func times(_ first: Value, _ second: Value) -> Value {
    switch (first, second) {
    case (.number(let one), .number(let other)): .number(one * other)
    case (.number(let factor), .matrix(let matrix)), (.matrix(let matrix), .number(let factor)):
      factor == 1 ? .matrix(matrix) : .matrix(factor * matrix)
    case (.matrix(let one), .matrix(let other)): .matrix(one * other)
    }
  }

  private func matrix(_ value: Value) -> PartOperator {
    switch value {
    case .number(let number): PartOperator(number, of: parts)
    case .matrix(let matrix): matrix
    }
  }
}
