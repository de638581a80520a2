extension Sequence<DescribedParameter> {
  /// The parameters but for those that may be left out of a file and have the value that they would have then. One number for
  /// both ends stands for the two that follow it.
  package func besideDefaults(_ defaults: [DescribedParameter]) -> [DescribedParameter] {
    let usual = Dictionary(defaults.map { ($0.name, $0.text) }) { first, _ in first }
    var ends: DescribedParameter?
    var structure: DescribedParameter?
    return filter { parameter in
      // The numbers of a value are written in it.
      if let structure, parameter.name.isPart(of: structure.name) { return false }
      if case .structure = parameter.description.form { structure = parameter }
      if parameter.description.form == .ends {
        ends = parameter
        return false
      }
      let owner = ends.flatMap { parameter.name.hasPrefix("\($0.name).") ? $0 : nil } ?? parameter
      return owner.description.isRequired || usual[owner.name] != .some(parameter.text)
    }
  }
}

extension Described {
  /// What tells it from others of its kind: no more than a file has to say.
  package var distinctiveParameters: [DescribedParameter] { described.besideDefaults(Self.defaults) }
}
