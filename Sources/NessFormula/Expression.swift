/// A formula in its simplified form: a tree whose equal parts may be one object.
///
/// Numbers stand in front of terms, never in products; sums hold no sums and products no products. Terms and factors keep the
/// order in which they are written, so a formula gives the same bytes on every machine.
final class Expression: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case number(Ratio)
    case name(String)
    case sum(constant: Ratio, terms: [Term])
    case product([Factor])
    /// The exponent is no whole number of halves.
    case power(Expression, Expression)
    case function(Function, [Expression])
    /// The third if the first is at most the second, else the fourth: the derivative of min and max.
    case choice(Expression, Expression, Expression, Expression)
  }

  struct Term: Hashable, Sendable {
    let factor: Ratio
    let expression: Expression
  }

  struct Factor: Hashable, Sendable {
    let base: Expression
    let exponent: Int
  }

  let kind: Kind
  /// Number of nodes of the tree, shared ones counted as often as they occur.
  let size: Int
  private let hash: Int

  init(_ kind: Kind) {
    self.kind = kind
    hash = kind.hashValue
    size = kind.children.reduce(1) { min($0 + $1.size, 1 << 40) }
  }

  static func == (first: Expression, second: Expression) -> Bool {
    first === second || (first.hash == second.hash && first.size == second.size && first.kind == second.kind)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  /// The number that it is; nil if it holds names.
  var number: Ratio? {
    if case .number(let number) = kind { number } else { nil }
  }

  /// How many different factors it has as a product.
  var factorCount: Int {
    switch kind {
    case .product(let factors): factors.count
    case .sum(let constant, let terms) where constant.numerator == 0 && terms.count == 1:
      terms[0].expression.factorCount
    default: 1
    }
  }

  /// The names in it, each once, in the order of their first appearance.
  var names: [String] {
    var names: [String] = []
    var seen: Set<ObjectIdentifier> = []
    func visit(_ expression: Expression) {
      guard seen.insert(ObjectIdentifier(expression)).inserted else { return }
      if case .name(let name) = expression.kind, !names.contains(name) { names.append(name) }
      for child in expression.kind.children { visit(child) }
    }
    visit(self)
    return names
  }
}

extension Expression.Kind {
  var children: [Expression] {
    switch self {
    case .number, .name: []
    case .sum(_, let terms): terms.map(\.expression)
    case .product(let factors): factors.map(\.base)
    case .power(let base, let exponent): [base, exponent]
    case .function(_, let arguments): arguments
    case .choice(let first, let second, let third, let fourth): [first, second, third, fourth]
    }
  }
}
