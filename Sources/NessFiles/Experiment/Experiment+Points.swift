extension Experiment {
  /// The same experiment at some of its points, in the order in which they are named.
  ///
  /// - Parameter indices: places in `points()`.
  package func at(_ indices: [Int]) throws(ExperimentError) -> Experiment {
    guard let sweep else { return self }
    let all = points()
    let axes = sweep.axes.enumerated().map { place, axis in
      SweepAxis(axis.parameter, values: indices.map { all[$0].parameters[place].value })
    }
    return try Experiment(
      title: title, setup: setup, quantities: quantities,
      quantityPlaces: quantityPlaces, run: run,
      sweep: axes.count == 1 ? .single(axes[0]) : .paired(axes), source: source)
  }
}
