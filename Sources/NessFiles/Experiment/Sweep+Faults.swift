import NessModel

extension Sweep {
  /// Faults of the sweep by itself, whatever the model: of the values, of their number, of parameters named twice.
  var valueFaults: [FileFault] {
    let mayRepeat = if case .paired(let axes) = self { axes.count > 1 } else { false }
    let faults = axes.enumerated().flatMap { $1.valueFaults(at: path(ofAxis: $0), mayRepeat: mayRepeat) }
    return parameterFaults + refinementFaults + (faults.isEmpty ? countFaults : faults)
  }

  /// Parameters that come twice, or of which one contains the other.
  private var parameterFaults: [FileFault] {
    axes.enumerated().compactMap { index, axis in
      let earlier = axes[..<index].firstIndex { other in
        let (one, two) = (axis.parameter, other.parameter)
        return one == two || one.hasPrefix(two + ".") || two.hasPrefix(one + ".")
      }
      guard let earlier, !axis.parameter.isEmpty else { return nil }
      let isSame = axes[earlier].parameter == axis.parameter
      return FileFault(
        key: "\(path(ofAxis: index)).parameter", found: axis.parameter + (isSame ? " again" : ""),
        expected: isSame ? "each parameter once" : "a parameter apart from \(axes[earlier].parameter)",
        remedy: "see \(path(ofAxis: earlier))")
    }
  }

  private var countFaults: [FileFault] {
    switch self {
    case .single: return []
    case .grid(let axes):
      if axes.isEmpty {
        return [FileFault(key: "sweep", found: "an empty list", expected: "a list of parameters with their values")]
      }
      if let count, count <= Self.mostPoints { return [] }
      let sizes = axes.map { "\($0.count)" }.joined(separator: " x ")
      return [
        FileFault(
          key: "sweep", found: "a grid of \(sizes) points", expected: "at most \(Self.mostPoints) points in all")
      ]
    case .paired(let axes):
      guard let first = axes.first else {
        return [
          FileFault(key: "sweep.paired", found: "an empty list", expected: "a list of parameters with their values")
        ]
      }
      let unequal = axes.enumerated().filter { $1.count != first.count }.map { index, axis in
        FileFault(
          key: path(ofAxis: index), found: axis.count == 1 ? "1 value" : "\(axis.count) values",
          expected: "\(first.count), as many as those of "
            + first.parameter)
      }
      return unequal.isEmpty ? repeatedPoints : unequal
    }
  }

  /// Points of a paired sweep that come twice.
  private var repeatedPoints: [FileFault] {
    var seen: [[ParameterValue]: Int] = [:]
    for (index, point) in points.enumerated() {
      if let first = seen.updateValue(index, forKey: point) {
        let values = point.map { "\($0.value)" }.joined(separator: ", ")
        return [
          FileFault(
            key: "\(path(ofAxis: 0)).\(axes[0].key(ofPoint: index))", found: "the values \(values) again",
            expected: "each point once", remedy: "point \(index + 1) is point \(first + 1)")
        ]
      }
    }
    return []
  }
}

extension Setup {
  /// A number inside a list is swept by a name of its own; nil for other paths, or a medium whose numbers have no names.
  private func nameRemedy(_ path: String) -> String? {
    guard path.hasPrefix("medium."), path.contains("["),
      medium.base.described.contains(where: { $0.name == "parameters" })
    else { return nil }
    return "write a name in its place and sweep that: "
      + (path.hasPrefix("medium.mass")
        ? "at: [{sites: 2, mass: \"m\"}], parameters: {m: 2.0}, medium.parameters.m"
        : "parameters: {x: 2.0}, medium.parameters.x")
  }

  /// Why parameters cannot be swept.
  func parameterFaults(of sweep: Sweep) -> [FileFault] {
    let paths = parameters.map(\.path)
    let unknown = sweep.axes.enumerated().compactMap { (index, axis) -> FileFault? in
      let path = axis.parameter
      if path.isEmpty || paths.contains(path) { return nil }
      let remedy =
        nameRemedy(path) ?? closest(to: path, among: paths).map { "did you mean \($0)?" }
        ?? "these can be: \(paths.joined(separator: ", "))"
      return FileFault(
        key: "\(sweep.path(ofAxis: index)).parameter", found: shortened(path),
        expected: "a numeric parameter of medium or baths", remedy: remedy)
    }
    let moving = Set(drive?.items.map(\.path) ?? [])
    let driven = sweep.axes.enumerated().compactMap { (index, axis) -> FileFault? in
      guard moving.contains(axis.parameter) else { return nil }
      return FileFault(
        key: "\(sweep.path(ofAxis: index)).parameter", found: axis.parameter,
        expected: "a parameter that is not driven",
        remedy: "sweep a number of its formula: medium.parameters")
    }
    return unknown.isEmpty && driven.isEmpty ? refinementFaults(of: sweep) : unknown + driven
  }

  /// What becomes impossible at the points of a sweep, and was possible before. Every fault is told once, at the value
  /// that makes it; those that follow from a range only at its first point.
  func faults(alongSweep sweep: Sweep) -> [FileFault] {
    let before = Set(faults.map(\.key))
    var found: [FileFault] = []
    var known: Set<FileFault> = []
    let values = sweep.axes.map(\.points)
    for indices in sweep.indices {
      let point = SweepPlace(sweep: sweep, indices: indices)
      for fault in faults(at: point, values, before) where known.insert(fault).inserted { found.append(fault) }
      if !found.isEmpty, sweep.axes.allSatisfy(\.isRange) { break }
    }
    return found
  }

  private func faults(at point: SweepPlace, _ values: [[Double]], _ before: Set<String>) -> [FileFault] {
    var setup = self
    for (axis, index) in point.indices.enumerated() {
      let parameter = point.sweep.axes[axis].parameter
      guard let changed = setup.with(parameter, values[axis][index]) else {
        let needsWhole = parameters.first { $0.path == parameter }?.description.isWhole == true
        return needsWhole ? [point.fault(axisWithoutWholeNumber: axis)] : []
      }
      setup = changed
    }
    return setup.faults.filter { !before.contains($0.key) }.map { fault in
      if let axis = point.sweep.axes.firstIndex(where: { $0.parameter == fault.key }) {
        return point.fault(axis, expected: "\(fault.expected) for \(fault.key)")
      }
      return point.fault(consequence: fault)
    }
  }
}

/// A point of a sweep, to be named in a message.
private struct SweepPlace {
  let sweep: Sweep
  let indices: [Int]

  /// The value of one parameter is impossible.
  func fault(_ axis: Int, expected: String) -> FileFault {
    FileFault(key: key(axis), found: sweep.axes[axis].name(ofPoint: indices[axis]), expected: expected)
  }

  /// The value of one parameter is no whole number, and has to be.
  func fault(axisWithoutWholeNumber axis: Int) -> FileFault {
    var fault = fault(axis, expected: "a whole number for \(sweep.axes[axis].parameter)")
    let whole = sweep.axes[axis].points.map { Int(exactly: $0.rounded()) }
    if sweep.axes[axis].isRange, whole.count <= 20, !whole.contains(nil) {
      let distinct = whole.indices.filter { $0 == 0 || whole[$0] != whole[$0 - 1] }.compactMap { whole[$0] }
      fault.remedy = "write values: [\(distinct.map(String.init).joined(separator: ", "))]"
    }
    return fault
  }

  /// The values make another parameter impossible.
  func fault(consequence fault: FileFault) -> FileFault {
    let names = sweep.axes.enumerated().map { axis, values in
      let name = values.name(ofPoint: indices[axis])
      return sweep.axes.count == 1 ? name : "\(values.parameter) = \(name)"
    }
    return FileFault(
      key: key(0), found: "\(names.joined(separator: ", ")), which gives \(fault.key) = \(fault.found)",
      expected: fault.expected, remedy: fault.remedy)
  }

  private func key(_ axis: Int) -> String {
    "\(sweep.path(ofAxis: axis)).\(sweep.axes[axis].key(ofPoint: indices[axis]))"
  }
}
