import NessModel

/// What a sweep looks for by adding points of its own.
package struct SweepRefinement: Hashable, Sendable {
  /// What is looked for.
  package enum Goal: String, CaseIterable, Hashable, Sendable {
    /// The temperature at which |J| is largest.
    case maximum
  }

  /// What is looked for.
  package var goal: Goal
  /// Relative standard error to reach.
  package var relativeError: Double

  /// A search until the relative standard error is reached.
  package init(_ goal: Goal, relativeError: Double = defaultError) {
    self.goal = goal
    self.relativeError = relativeError
  }

  /// The relative standard error of a search that names none.
  package static let defaultError = 0.02
  /// The fewest points that a search can begin with.
  static let fewestPoints = 3
}

extension Sweep {
  /// The search of a sweep over one parameter, if it has one.
  package var refinement: SweepRefinement? {
    if case .single(let axis) = self { axis.refinement } else { nil }
  }

  /// Faults of searches, whatever the model.
  var refinementFaults: [FileFault] {
    axes.enumerated().flatMap { index, axis -> [FileFault] in
      guard let refinement = axis.refinement else { return [] }
      let path = path(ofAxis: index)
      guard case .single = self else {
        return [
          FileFault(
            key: "\(path).refine", found: "\(refinement.goal.rawValue) in a sweep over several parameters",
            expected: "a sweep over one parameter")
        ]
      }
      var faults: [FileFault] = []
      let error = refinement.relativeError
      if !(error > 0 && error < 1) {
        let expected = "a relative error between 0 and 1, for example 0.02"
        faults.append(FileFault(key: "\(path).refineError", found: "\(error)", expected: expected))
      }
      if axis.count < SweepRefinement.fewestPoints {
        let expected = "a sweep that begins with at least \(SweepRefinement.fewestPoints) points"
        faults.append(
          FileFault(key: "\(path).refine", found: "\(refinement.goal.rawValue) of \(axis.count)", expected: expected))
      }
      return faults
    }
  }
}

extension Setup {
  /// Why the maximum of the current along a parameter cannot be searched for.
  func refinementFaults(of sweep: Sweep) -> [FileFault] {
    guard case .single(let axis) = sweep, axis.refinement != nil else { return [] }
    guard ends.count == 2 else {
      return [
        FileFault(
          key: "sweep.refine", found: "a model of \(ends.count) baths",
          expected: "two baths, between which there is one heat current")
      ]
    }
    // The temperature of a bath may follow from its other parameters.
    let settable = Set(parameters.map(\.path))
    let knobs = ends.map { "baths.\($0).temperature" }.filter(settable.contains)
    if axis.parameter.isEmpty || knobs.contains(axis.parameter) { return [] }
    return [
      FileFault(
        key: "sweep.parameter", found: axis.parameter,
        expected: knobs.isEmpty
          ? "a bath whose temperature can be set"
          : "\(alternatives(knobs)), along which the maximum of |J| can be refined")
    ]
  }
}

extension Experiment {
  /// The same experiment at other values of its only swept parameter.
  ///
  /// - Throws: `ExperimentError` if a value makes the model impossible.
  package func sweeping(_ values: [Double]) throws(ExperimentError) -> Experiment {
    guard case .single(let axis)? = sweep else { return self }
    return try swept(by: Sweep(parameter: axis.parameter, values: values))
  }
}
