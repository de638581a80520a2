/// The entries of a mapping, whose keys are known ones.
struct Shape {
  private let values: [String: ParameterTree]

  /// - Parameter faults: takes what is wrong with the keys; the others can be looked at all the same.
  init(
    _ entries: [ParameterTree.Entry], at path: String, allowed: [String], required: [String],
    _ faults: inout Faults
  ) {
    faults.all += entries.filter { !allowed.contains($0.key) }.map { entry in
      let candidates = meanings(of: entry.key, among: allowed).filter { key in !entries.contains { $0.key == key } }
      return ParameterFault(
        parameter: "\(path).\(entry.key)", found: ParameterFault.unknownKey, expected: alternatives(allowed),
        remedy: candidates.isEmpty ? nil : "did you mean \(alternatives(candidates))?")
    }
    for key in required where !entries.contains(where: { $0.key == key }) {
      faults.all.append(
        ParameterFault(parameter: "\(path).\(key)", found: "no such key", expected: "the required key \(key)"))
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  subscript(key: String) -> ParameterTree? { values[key] }
}

/// What is wrong with a value that is read as far as that goes: one mistake must not hide the next.
struct Faults {
  var all: [ParameterFault] = []

  /// Notes that a value is not what is expected, unless that was told already.
  mutating func note(_ tree: ParameterTree, at path: String, expected: String) {
    if tree.isUnread { return }
    all.append(ParameterFault(parameter: path, found: tree.words, expected: expected))
  }

  /// What was made of a tree; noted where there is a tree and nothing could be made of it.
  mutating func value<Value>(
    _ value: Value?, of tree: ParameterTree?, at path: String, expected: String
  ) -> Value? {
    if value == nil, let tree { note(tree, at: path, expected: expected) }
    return value
  }

  /// Reads a value as far as that goes.
  static func told<Value>(_ read: (inout Faults) -> Value, _ take: (Value) -> Void) throws(ModelError) {
    var faults = Faults()
    take(read(&faults))
    if !faults.all.isEmpty { throw ModelError(faults: faults.all) }
  }
}

extension ModelError {
  /// One fault.
  init(_ path: String, _ found: String, _ expected: String, remedy: String? = nil) {
    self.init(faults: [ParameterFault(parameter: path, found: found, expected: expected, remedy: remedy)])
  }
}
