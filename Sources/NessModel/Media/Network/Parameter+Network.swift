/// Parameters that networks and chains share.
extension Parameter {
  /// A formula of one variable; nil where it is left out.
  static func formula(
    _ key: String, _ symbol: String, get: @escaping @Sendable (Owner) -> String?,
    set: @escaping @Sendable (inout Owner, String) -> Void, of variable: String,
    _ form: ParameterDescription.Choice, meaning: String
  ) -> Parameter {
    Parameter(
      key, symbol,
      .init(
        get: { get($0).map(ParameterTree.text) },
        set: { (owner, tree) throws(ModelError) in
          // A number moves nothing, and was probably meant for another key.
          guard let text = tree.formula, tree.number ?? 0 == 0 else {
            throw ModelError(key, tree.words, "a formula of \(variable)")
          }
          set(&owner, text)
        }), dimension: "energy", forms: [form], meaning: meaning)
  }

  /// A list, left out where it is empty. `item` makes one of its items as far as it can be read, and notes what is wrong with it at
  /// its path.
  static func list<Item>(
    _ key: String, _ path: WritableKeyPath<Owner, [Item]> & Sendable,
    get: @escaping @Sendable (Item) -> ParameterTree,
    item: @escaping @Sendable (ParameterTree, String, inout Faults) -> Item,
    forms: [ParameterDescription.Choice], if condition: ParameterDescription.Condition? = nil, meaning: String
  ) -> Parameter {
    Parameter(
      key, nil,
      .init(
        get: { owner in
          let items = owner[keyPath: path]
          return items.isEmpty ? nil : .list(items.map(get))
        },
        set: { (owner, tree) throws(ModelError) in
          guard let items = tree.items else { throw ModelError(key, tree.words, "a list") }
          try Faults.told { faults in
            items.enumerated().map { item($1, "\(key)[\($0)]", &faults) }
          } _: {
            owner[keyPath: path] = $0
          }
        }), forms: forms, if: condition, meaning: meaning)
  }

  /// Numbers with names for the formulas.
  static func namedNumbers(_ path: WritableKeyPath<Owner, [Network.NamedNumber]> & Sendable) -> Parameter {
    Parameter(
      "parameters", nil,
      .init(
        get: { owner in
          let numbers = owner[keyPath: path]
          return numbers.isEmpty ? nil : .map(numbers.map { .init($0.name, .number($0.value)) })
        },
        set: { (owner, tree) throws(ModelError) in
          guard let entries = tree.entries else {
            throw ModelError("parameters", tree.words, "numbers by name, {k: 1.0, beta: 0.1}")
          }
          // Formulas know the names of those that are no numbers.
          try Faults.told { faults in
            entries.map { entry in
              Network.NamedNumber(
                entry.key,
                faults.value(
                  entry.value.number, of: entry.value, at: "parameters.\(entry.key)", expected: "a number") ?? 1)
            }
          } _: {
            owner[keyPath: path] = $0
          }
        },
        numbers: { owner in
          owner[keyPath: path].map { parameter in
            let size = abs(parameter.value)
            let description = ParameterDescription.part(
              "parameters.\(parameter.name)", symbol: parameter.name, name: "parameter \(parameter.name)",
              usual: 0...(size > 0 && size.isFinite ? 4 * size : 1),
              meaning: "parameter \(parameter.name) of the formulas")
            return .init(description: description, value: parameter.value)
          }
        },
        setNumber: { owner, name, value in
          guard let place = owner[keyPath: path].firstIndex(where: { name == "parameters.\($0.name)" }) else {
            return false
          }
          owner[keyPath: path][place].value = value
          return true
        }),
      forms: [
        .init(
          word: "{k: 1.0, beta: 0.1}",
          meaning: "numbers for the formulas, each with the dimension that makes its formula an energy; swept as "
            + "`medium.parameters.beta`")
      ], meaning: "named numbers of the formulas")
  }

  /// Planck's constant, by which motion is quantum.
  static func planck(_ path: WritableKeyPath<Owner, Double> & Sendable) -> Parameter {
    Parameter(
      "hbar", "ħ", path, dimension: "energy time", range: .notNegative, usual: 0...2, name: "Planck constant over 2π",
      noun: "hbar",
      meaning: "Planck's constant over 2π: above 0 exact theory is quantum, and nothing is simulated; 0 is classical")
  }

  /// Ends that are bonded to walls.
  static func walls(_ path: WritableKeyPath<Owner, WallRule> & Sendable) -> Parameter {
    Parameter(
      "walls", nil,
      .init(
        get: { $0[keyPath: path].tree },
        set: { (owner, tree) throws(ModelError) in
          try Faults.told {
            WallRule(tree, at: "walls", &$0)
          } _: {
            owner[keyPath: path] = $0
          }
        }),
      forms: WallRule.forms, meaning: "walls to which the ends of a chain are bonded")
  }
}
