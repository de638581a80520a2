import NessModel
import Yams

extension ExperimentReader {
  /// The sweep: one parameter, a list of them (a grid), or `paired` ones; with an empty parameter or without values, and
  /// reported, where they cannot be read.
  mutating func sweep(_ owner: Entry) -> Sweep? {
    if owner.node.sequence != nil { return .grid(axes(owner)) }
    let expected = "a sweep with the keys parameter and values, a list of such (a grid) or {paired: [...]}"
    guard let entries = mapping(owner, expected: expected) else { return nil }
    guard let paired = entries.first(where: { $0.name == "paired" }) else { return .single(axis(owner, entries)) }
    checkKeys(entries, of: owner, allowed: ["paired"], required: [])
    guard paired.node.sequence != nil else {
      reportType(paired, expected: "a list of parameters with their values")
      return nil
    }
    return .paired(axes(paired))
  }

  /// `compare: {hbar: [0, 1]}`: one curve for each value of a parameter, of the medium unless it says more, before the sweep that there is.
  mutating func comparison(_ owner: Entry, of sweep: Sweep?) -> Sweep? {
    let expected = "a parameter with a list of its values, for example {hbar: [0, 1]}"
    guard let entries = mapping(owner, expected: expected) else { return sweep }
    let axes = entries.map { entry in
      let isWhole = entry.name.hasPrefix("medium.") || entry.name.hasPrefix("baths.")
      return SweepAxis(isWhole ? entry.name : "medium.\(entry.name)", values: numbers(entry))
    }
    if axes.isEmpty {
      report(owner.path, at: owner.valuePlace, found: "an empty mapping", expected: expected)
      return sweep
    }
    let others: [SweepAxis]
    switch sweep {
    case nil: others = []
    case .single(let axis): others = [axis]
    case .grid(let axes): others = axes
    case .paired:
      report(
        owner.path, at: owner.keyPlace, found: "compare beside a paired sweep", expected: "one of the two",
        remedy: "put the values into the paired lists")
      return sweep
    }
    let whole = axes.count + others.count > 1 ? Sweep.grid(axes + others) : .single(axes[0])
    // Faults are told at the keys of the file.
    for (index, entry) in entries.enumerated() {
      for part in ["", ".parameter", ".values"] { spelling["\(whole.path(ofAxis: index))\(part)"] = entry.path }
    }
    for index in others.indices {
      spelling[whole.path(ofAxis: axes.count + index)] = sweep?.path(ofAxis: index)
    }
    return whole
  }

  private mutating func axes(_ owner: Entry) -> [SweepAxis] {
    remember(owner)
    return (owner.node.sequence ?? []).enumerated().compactMap { index, node in
      let path = "\(owner.path)[\(index)]"
      let entry = Entry(path: path, name: owner.name, keyPlace: Place(node.mark), node: node)
      return mapping(entry, expected: "a parameter with its values").map { axis(entry, $0) }
    }
  }

  private mutating func axis(_ owner: Entry, _ entries: [Entry]) -> SweepAxis {
    let rangeKeys = ["from", "to", "points", "scale"]
    let allowed = ["parameter", "values"] + rangeKeys + ["refine", "refineError"]
    // A misspelt key says as well which of the two ways is meant.
    let meant = Set(entries.map { allowed.contains($0.name) ? $0.name : closest(to: $0.name, among: allowed) ?? "" })
    let isRange = !meant.isDisjoint(with: rangeKeys)
    let ways = meant.contains("values") || !isRange ? ["values"] : ["from", "to", "points"]
    let known = checkKeys(entries, of: owner, allowed: allowed, required: ["parameter"] + ways)
    let list = known.first { $0.name == "values" }
    if let list, isRange {
      report(
        list.path, at: list.keyPlace, found: "values beside from, to, points or scale",
        expected: "either values or a range")
    }
    let parameter = known.first { $0.name == "parameter" }.flatMap { text($0) } ?? ""
    var axis = list.map { SweepAxis(parameter, values: numbers($0)) } ?? range(known, parameter: parameter)
    axis.refinement = refinement(owner, known)
    return axis
  }

  private mutating func refinement(_ owner: Entry, _ entries: [Entry]) -> SweepRefinement? {
    let error = entries.first { $0.name == "refineError" }
    let relativeError = error.flatMap { real($0) }
    guard let refine = entries.first(where: { $0.name == "refine" }) else {
      if let error {
        report(
          "\(owner.path).refine", at: error.keyPlace, found: "no such key", expected: "refine beside refineError",
          remedy: "refine: \(alternatives(SweepRefinement.Goal.allCases.map(\.rawValue)))")
      }
      return nil
    }
    let word = choice(refine, of: SweepRefinement.Goal.allCases.map(\.rawValue))
    return word.flatMap(SweepRefinement.Goal.init).map {
      SweepRefinement($0, relativeError: relativeError ?? SweepRefinement.defaultError)
    }
  }

  private mutating func range(_ entries: [Entry], parameter: String) -> SweepAxis {
    var from = 1.0
    var to = 2.0
    var points = 2
    var scale = SweepAxis.Scale.linear
    for entry in entries {
      switch entry.name {
      case "from": from = real(entry) ?? from
      case "to": to = real(entry) ?? to
      case "points": points = whole(entry) ?? points
      case "scale":
        let word = choice(entry, of: SweepAxis.Scale.allCases.map(\.rawValue))
        scale = word.flatMap(SweepAxis.Scale.init) ?? scale
      default: continue
      }
    }
    return SweepAxis(parameter, from: from, to: to, points: points, scale: scale)
  }
}
