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
      let entries = (tree.items ?? []).flatMap { $0.items ?? [] }
      // A matrix with an entry that is no number, and not a list of something else.
      guard entries.count > 1, let other = entries.first(where: { $0.number == nil }) else {
        throw ModelError(key, tree.words, "a formula of operators, or rows of numbers")
      }
      throw ModelError(
        key, "\(other.words) in a matrix",
        "real numbers in a matrix, which is symmetric: write what is complex, or has parameters, as a formula of operators, for example \"Y1\" or "
          + "\"g*(X1*Y2 - Y1*X2)\"")
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

  /// Hermitian operators with names.
  static func observables(_ path: WritableKeyPath<Owner, [LevelSystem.Observable]> & Sendable) -> Parameter {
    let key = "observables"
    return Parameter(
      key, nil,
      .init(
        get: { owner in
          let named = owner[keyPath: path]
          return named.isEmpty ? nil : .map(named.map { .init($0.name, $0.operation.tree) })
        },
        set: { (owner, tree) throws(ModelError) in
          guard let entries = tree.entries else {
            throw ModelError(key, tree.words, "operators by name, {up: \"(1 + Z1)/2\", pair: \"X1*X2\"}")
          }
          try Faults.told { faults in
            entries.compactMap { entry in
              do throws(ModelError) {
                return LevelSystem.Observable(entry.key, try LevelOperator(entry.value, of: "\(key).\(entry.key)"))
              } catch {
                faults.all += error.faults
                return nil
              }
            }
          } _: {
            owner[keyPath: path] = $0
          }
        }),
      forms: [
        .init(
          word: "{up: \"(1 + Z1)/2\", pair: \"X1*X2\"}",
          meaning:
            "Hermitian formulas like that of the Hamiltonian, or matrices, with names: `observable[up]` is the mean of one in the "
            + "steady state, `transientObservable[up,time]` along a transient")
      ], meaning: "operators whose means are told")
  }
}
