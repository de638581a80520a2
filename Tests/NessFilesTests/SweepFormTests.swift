import NessFiles
import Testing

/// Sweeps over several parameters: their points, their faults, and that they survive saving.
struct SweepFormTests {
  private static let head = sampleLines.prefix(20).joined(separator: "\n")

  private func experiment(_ sweep: String) throws -> Experiment {
    try Experiment(yaml: "\(Self.head)\n\(sweep)\n", file: "f.yaml")
  }

  private static let grid = """
    sweep:
      - parameter: medium.sites
        values: [2, 3]
      - parameter: baths.left.temperature
        from: 10
        to: 40
        points: 3
        scale: log
    """

  private static let paired = """
    sweep:
      paired:
        - parameter: baths.left.temperature
          values: [12.0, 12.0, 40.0]
        - {parameter: baths.right.temperature, values: [1.0, 2.0, 2.0]}
    """

  @Test func theLastParameterOfAGridChangesFastest() throws {
    let points = try experiment(Self.grid).points()
    #expect(points.map { $0.parameters.map(\.value) } == [[2, 10], [2, 20], [2, 40], [3, 10], [3, 20], [3, 40]])
    #expect(points[0].parameters.map(\.path) == ["medium.sites", "baths.left.temperature"])
    #expect(points.map(\.model.medium.sites) == [2, 2, 2, 3, 3, 3])
    #expect(points.map { $0.model.temperatures[0] } == [10, 20, 40, 10, 20, 40])
  }

  @Test func pairedParametersChangeTogether() throws {
    let points = try experiment(Self.paired).points()
    #expect(points.map(\.model.temperatures) == [[12, 1], [12, 2], [40, 2]])
  }

  private static let refined = """
    sweep: {parameter: baths.left.temperature, from: 12, to: 400, points: 3, scale: log, refine: maximum, refineError: 0.05}
    """

  @Test func theErrorOfARefinementHasADefault() throws {
    let written = try experiment(Self.refined).sweep?.refinement
    #expect(written == SweepRefinement(.maximum, relativeError: 0.05))
    let short = try experiment("sweep: {parameter: baths.left.temperature, values: [12, 30, 90], refine: maximum}")
    #expect(short.sweep?.refinement == SweepRefinement(.maximum, relativeError: 0.02))
  }

  @Test(arguments: [grid, paired, refined, "sweep: [{parameter: medium.mass, values: [2]}]"])
  func everyFormSurvivesSaving(sweep: String) throws {
    let experiment = try experiment(sweep)
    let again = try Experiment(yaml: experiment.yaml(), file: "saved.yaml")
    #expect(again == experiment && again.points() == experiment.points())
    #expect(again.yaml() == experiment.yaml())
  }

  private static let left = "{parameter: baths.left.temperature, values: [1, 2]}"

  @Test(arguments: [
    (
      "sweep: {parameter: baths.left.temperature, values: [1, 2, 3], refine: minimum}",
      "21:71: sweep.refine: found minimum, expected maximum (did you mean maximum?)"
    ),
    (
      "sweep: {parameter: baths.left.temperature, values: [1, 2], refine: maximum}",
      "21:68: sweep.refine: found maximum of 2, expected a sweep that begins with at least 3 points"
    ),
    (
      "sweep: {parameter: baths.left.temperature, values: [1, 2, 3], refine: maximum, refineError: 2}",
      "21:93: sweep.refineError: found 2.0, expected a relative error between 0 and 1, for example 0.02"
    ),
    (
      "sweep: {parameter: baths.left.temperature, values: [1, 2, 3], refineError: 0.1}",
      "21:63: sweep.refine: found no such key, expected refine beside refineError (refine: maximum)"
    ),
    (
      "sweep: {parameter: medium.mass, values: [1, 2, 3], refine: maximum}",
      "21:20: sweep.parameter: found medium.mass, expected baths.left.temperature or baths.right.temperature, along "
        + "which the maximum of |J| can be refined"
    ),
    (
      "sweep: [{parameter: baths.left.temperature, values: [1, 2, 3], refine: maximum}]",
      "21:72: sweep[0].refine: found maximum in a sweep over several parameters, expected a sweep over one parameter"
    ),
    ("sweep: []", "21:8: sweep: found an empty list, expected a list of parameters with their values"),
    (
      "sweep: {paired: []}", "21:17: sweep.paired: found an empty list, expected a list of parameters with their values"
    ),
    ("sweep: {paired: 3}", "21:17: sweep.paired: found 3, expected a list of parameters with their values"),
    ("sweep: [3]", "21:9: sweep[0]: found 3, expected a parameter with its values"),
    (
      "sweep:\n  - \(left)\n  - {parameter: medium.mass}",
      "23:5: sweep[1].values: found no such key, expected the required key values"
    ),
    (
      "sweep:\n  - \(left)\n  - {parameter: medium.mas, values: [1]}",
      "23:17: sweep[1].parameter: found medium.mas, expected a numeric parameter of medium or baths "
        + "(did you mean medium.mass?)"
    ),
    (
      "sweep: [\(left), \(left)]",
      "21:74: sweep[1].parameter: found baths.left.temperature again, expected each parameter once (see sweep[0])"
    ),
    (
      "sweep: [{parameter: medium.pinning, values: [1]}, {parameter: medium.pinning.left, values: [1]}]",
      "21:63: sweep[1].parameter: found medium.pinning.left, expected a parameter apart from medium.pinning "
        + "(see sweep[0])"
    ),
    (
      "sweep:\n  - {parameter: medium.mass, from: 1, to: 2, points: 101}\n  - {parameter: medium.spring, from: 1, "
        + "to: 2, points: 100}",
      "22:3: sweep: found a grid of 101 x 100 points, expected at most 10000 points in all"
    ),
    (
      "sweep:\n  paired:\n    - \(left)\n    - {parameter: medium.mass, values: [1]}",
      "24:7: sweep.paired[1]: found 1 value, expected 2, as many as those of baths.left.temperature"
    ),
    (
      "sweep:\n  paired:\n    - {parameter: medium.mass, values: [1, 1]}\n"
        + "    - {parameter: medium.spring, values: [2, 2]}",
      "23:44: sweep.paired[0].values[1]: found the values 1.0, 2.0 again, expected each point once "
        + "(point 2 is point 1)"
    ),
    (
      "sweep: [{parameter: medium.mass, values: [1, 1]}]",
      "21:46: sweep[0].values[1]: found 1.0 again, expected each value once (see values[0])"
    ),
  ])
  func faultsOfTheForm(sweep: String, expected: String) {
    #expect(faults(of: "\(Self.head)\n\(sweep)\n") == ["f.yaml:" + expected])
  }

  /// Every impossible value is told once, not once per point of the grid.
  @Test func impossibleValuesOfAGrid() {
    let grid =
      "sweep:\n  - {parameter: medium.mass, values: [1, 2]}\n"
      + "  - {parameter: baths.left.temperature, values: [12, -3]}"
    #expect(
      faults(of: "\(Self.head)\n\(grid)\n") == [
        "f.yaml:23:54: sweep[1].values[1]: found -3.0, \(SweepFaultTests.temperature)"
      ])
  }

  @Test func impossibleCombinations() {
    let lines = [
      14: "  other:\n    site: 9",
      21: "sweep:\n  - {parameter: medium.sites, values: [9, 8]}\n  - {parameter: medium.mass, values: [1, 2]}",
      22: "", 23: "",
    ]
    #expect(
      faults(replacing: lines) == [
        "f.yaml:23:43: sweep[0].values[1]: found medium.sites = 8.0, medium.mass = \(1.0), which gives "
          + "baths.other.site = 9, expected a site between 1 and 8",
        "f.yaml:23:43: sweep[0].values[1]: found medium.sites = 8.0, medium.mass = \(2.0), which gives "
          + "baths.other.site = 9, expected a site between 1 and 8",
      ])
  }
}
