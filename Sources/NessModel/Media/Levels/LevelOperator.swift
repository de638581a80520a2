/// An operator of a system of levels as files give it.
package enum LevelOperator: Hashable, Sendable {
  /// A formula of the operators of the parts.
  case formula(String)
  /// A real symmetric matrix in the basis of the parts, the first part changing most slowly.
  case matrix(CouplingMatrix)

  static let matrixForm = ParameterDescription.Choice(
    word: "[[0, 1], [1, 0]]",
    meaning:
      "a real symmetric matrix in the basis of the parts, up before down, few quanta before many, the first part "
      + "changing most slowly; or `{file: NAME.csv}`")

  var tree: ParameterTree {
    switch self {
    case .formula(let text): .text(text)
    case .matrix(let matrix): .list(matrix.rows.map { .list($0.map(ParameterTree.number)) })
    }
  }

  /// - Throws: `ModelError` if it is neither a formula nor a symmetric matrix.
  init(_ tree: ParameterTree, of key: String) throws(ModelError) {
    if let text = tree.formula {
      self = .formula(text)
      return
    }
    let rows = tree.items?.map { $0.items?.compactMap(\.number) ?? [] }
    guard let rows, zip(rows, tree.items ?? []).allSatisfy({ $0.count == $1.items?.count }) else {
      throw ModelError(key, tree.words, "a formula of operators, or rows of numbers")
    }
    self = .matrix(try CouplingMatrix(rows: rows, of: key))
  }
}

extension Parameter {
  /// A Hermitian operator that must be given.
  static func hermitianOperator(
    _ key: String, _ symbol: String?, _ path: WritableKeyPath<Owner, LevelOperator> & Sendable,
    dimension: String = "word", forms: [ParameterDescription.Choice], meaning: String
  ) -> Parameter {
    Parameter(
      key, symbol,
      .init(
        get: { $0[keyPath: path].tree },
        set: { (owner, tree) throws(ModelError) in owner[keyPath: path] = try LevelOperator(tree, of: key) }),
      dimension: dimension, forms: forms + [LevelOperator.matrixForm], isRequired: true, meaning: meaning)
  }
}
