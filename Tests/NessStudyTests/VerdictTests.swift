import NessFiles
import NessModel
import NessStatistics
import Testing

/// Verdicts on sweeps whose results are given.
struct VerdictTests {
  /// Every point of a sweep of two Langevin baths (left 20, right 10) with the current that `current` gives.
  private func verdicts(
    _ sweep: Sweep, _ method: NessModel.Method = .simulation, right: String = "right",
    current: (AnyModel) -> Estimate
  ) throws -> [Verdict] {
    let experiment = try Experiment(
      medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(Sample.langevin(20))),
        Contact(right, site: right == "right" ? nil : 3, AnyBath(Sample.langevin(10))),
      ], sweep: sweep)
    return try Verdict.all(
      of: experiment.points().map { point in
        let entry = Answer.Entry(.heatCurrent, method, current(point.model))
        return (point, PointResult(parameters: point.parameters, estimates: [entry]))
      })
  }

  private func sampled(_ value: Double) -> Estimate { .statistical(value, standardError: 0.1, effectiveSamples: 63) }
  private func exact(_ value: Double) -> Estimate { .numerical(value, bound: 1e-9) }

  private let left = "baths.left.temperature"
  private let right = "baths.right.temperature"

  @Test func aFallIsStatedWithItsMaximum() throws {
    let sweep = Sweep(parameter: left, values: [400, 15, 25, 40, 60, 100, 200])
    let found = try verdicts(sweep) { sampled(FallingCurrent.value($0.temperatures[0])) }
    let verdict = try #require(found.first)
    #expect(found.count == 1)
    #expect(verdict.falls == true && verdict.parameter == left && verdict.side == .hotter)
    #expect(verdict.fixed == [right: 10] && verdict.range == [15, 400] && verdict.excludedFall == nil)
    let peak = try #require(verdict.peak), error = try #require(verdict.peakError)
    #expect(abs(peak - FallingCurrent.maximum) < 2 * error && error < 8)
    #expect(try #require(verdict.sigmas) > 10)
    #expect(verdict.text.hasPrefix("J falls for T_left > 4"))
    #expect(verdict.text.contains(" (left bath varied, right fixed at 10), "))
    #expect(verdict.text.hasSuffix(" sigma"))
  }

  @Test func withoutAFallItIsSaidWhatIsExcluded() throws {
    let sweep = Sweep(parameter: left, values: [15, 20, 30])
    let flat = try #require(try verdicts(sweep) { _ in sampled(10) }.first)
    #expect(flat.falls == nil && flat.sigmas == nil && flat.peak == nil)
    // Three pairs: the critical value is between that of one pair, 1.66, and 3 (Bonferroni for more).
    let share = try #require(flat.excludedFall)
    #expect(share > 0.01 * 1.66 * 2.0.squareRoot() && share < 0.01 * 3 * 2.0.squareRoot())
    #expect(flat.text.hasPrefix("no evidence: a fall of J larger than 3") && flat.text.contains("excluded at 95 %"))
    let rising = try #require(try verdicts(sweep) { sampled($0.temperatures[0]) }.first)
    #expect(rising.falls == false && rising.excludedFall == 0)
  }

  /// On the colder side J is negative, and |J| falls towards lower temperatures; equal temperatures belong to both sides.
  @Test func theSidesOfEqualTemperaturesAreApart() throws {
    let sweep = Sweep(parameter: left, values: [1, 2, 3.5, 5, 7, 10, 20, 40])
    let found = try verdicts(sweep) { model in
      let temperature = model.temperatures[0]
      return sampled(temperature > 10 ? temperature - 10 : temperature * (temperature - 10))
    }
    #expect(found.map(\.side) == [.hotter, .colder])
    #expect(found.map(\.range) == [[10, 40], [1, 10]])
    #expect(found.map(\.falls) == [false, true])
    #expect(found[1].text.hasPrefix("|J| falls for T_left < 4") || found[1].text.hasPrefix("|J| falls for T_left < 5"))
    let peak = try #require(found[1].peak), error = try #require(found[1].peakError)
    #expect(abs(peak - 5) < 2 * error)
  }

  /// A cold wall that chokes the current: the right knob falls, the left one does not.
  @Test func theTwoKnobsAreKeptApart() throws {
    let sweep = Sweep.grid([
      SweepAxis(left, values: [16, 20, 24]), SweepAxis(right, values: [0.5, 2, 5, 12]),
    ])
    let found = try verdicts(sweep, .renewal) { model in
      let (hot, cold) = (model.temperatures[0], model.temperatures[1])
      return exact((hot - cold) / (1 / hot.squareRoot() + 1 / cold.squareRoot()))
    }
    #expect(found.count == 7)
    #expect(found.prefix(4).allSatisfy { $0.parameter == left && $0.side == .hotter && $0.falls == false })
    #expect(found.prefix(4).map { $0.fixed[right] } == [0.5, 2, 5, 12])
    #expect(found.suffix(3).allSatisfy { $0.parameter == right && $0.side == .colder && $0.falls == true })
    for verdict in found.suffix(3) {
      let hot = try #require(verdict.fixed[left])
      #expect(abs(try #require(verdict.peak) - hot / 4) < 2 * (try #require(verdict.peakError)))
      #expect(verdict.sigmas == nil)
      #expect(verdict.text.contains("(right bath varied, left fixed at \(Int(hot))), beyond the numerical error"))
    }
  }

  @Test func otherParametersOfAGridAreFixed() throws {
    let sweep = Sweep.grid([SweepAxis("medium.mass", values: [1, 2]), SweepAxis(left, values: [20, 30, 40])])
    let found = try verdicts(sweep, .memory, right: "cold") { model in
      guard let chain = model.chain else { return exact(0) }
      return exact(chain.medium.mass == 1 ? model.temperatures[0] : 50 - model.temperatures[0])
    }
    #expect(found.map(\.falls) == [false, true])
    #expect(found.map(\.fixed) == [1, 2].map { ["baths.cold.temperature": 10, "medium.mass": $0] })
    #expect(
      found[1].text == "J falls from the first point on, T_left = 20 (left bath varied, cold fixed at 10; "
        + "medium.mass = 2), beyond the numerical error")
    #expect(found[1].peak == nil)
  }

  /// Exact methods are compared with the bounds of their errors: within them nothing is said.
  @Test func boundsDecideForExactMethods() throws {
    let sweep = Sweep(parameter: left, values: [20, 30, 40])
    func verdict(_ bound: Double) throws -> Verdict {
      try #require(
        try verdicts(sweep, .memory) { .numerical($0.temperatures[0] == 30 ? 2 : 1, bound: bound) }.first)
    }
    #expect(try verdict(0.4).falls == true)
    let undecided = try verdict(0.6)
    #expect(undecided.falls == nil && undecided.excludedFall == 1.1)
  }

  @Test func aCurveThatRisesAgain() throws {
    let values = [10.5: 1.0, 15: 5, 20: 6, 30: 5, 40: 2, 60: 4, 80: 9]
    let sweep = Sweep(parameter: left, values: values.keys.sorted())
    let verdict = try #require(try verdicts(sweep) { sampled(values[$0.temperatures[0]] ?? 0) }.first)
    #expect(verdict.falls == true)
    #expect(verdict.text.contains(" until 40, where it rises again"))
    #expect(abs(try #require(verdict.peak) - 20) < 3)
  }

  /// A fall that is only the bias of the time step is none; a systematic part of unknown sign hides one.
  @Test func systematicErrorsAreNoFall() throws {
    func verdict(_ values: [Double], _ part: (Double) -> ErrorBudget.Part) throws -> Verdict {
      let experiment = try Experiment(
        medium: .init(Chain(sites: 3, pinning: 1)),
        contacts: [Contact("left", AnyBath(Sample.langevin(20))), Contact("right", AnyBath(Sample.langevin(10)))],
        sweep: Sweep(parameter: left, values: [20, 30]))
      let results = zip(experiment.points(), values).map { point, value in
        let budget = ErrorBudget(statistical: 0.1, timeStep: part(value), burnIn: .none)
        let entry = Answer.Entry(.heatCurrent, .simulation, sampled(value), budget: budget)
        return (point, PointResult(parameters: point.parameters, estimates: [entry]))
      }
      return try #require(Verdict.all(of: results).first)
    }
    #expect(try verdict([12, 10]) { _ in .none }.falls == true)
    #expect(try verdict([12, 10]) { .init($0 - 10, .linear) }.falls == nil)
    #expect(try verdict([12, 10]) { _ in .init(1, .estimate) }.falls == nil)
  }

  /// No temperature varied, more than two baths, a single point on a side: no verdict.
  @Test func whereThereIsNoLineThereIsNoVerdict() throws {
    #expect(try verdicts(Sweep(parameter: "medium.mass", values: [1, 2])) { _ in sampled(1) }.isEmpty)
    #expect(try verdicts(Sweep(parameter: left, values: [5, 20])) { _ in sampled(1) }.isEmpty)
    #expect(try verdicts(Sweep(parameter: left, values: [15, 20])) { _ in exact(0) }.isEmpty)
    let paired = Sweep.paired([SweepAxis(left, values: [15, 20]), SweepAxis(right, values: [1, 2])])
    #expect(try verdicts(paired) { _ in sampled(1) }.isEmpty)
  }

  /// Without a sweep the response of the current to a temperature tells whether it falls: on the colder side of equal temperatures
  /// |J| grows as the colder bath gets colder.
  @Test func onePoint() throws {
    func verdicts(_ left: Double, _ slope: Estimate, _ name: String) throws -> [Verdict] {
      let experiment = try Experiment(
        medium: .init(Chain(sites: 3, pinning: 1)),
        contacts: [
          Contact("left", AnyBath(Sample.langevin(left))), Contact("right", AnyBath(Sample.langevin(10))),
        ])
      let point = try #require(experiment.points().first)
      let entry = Answer.Entry(try #require(Quantity(name)), .simulation, slope)
      return Verdict.atOnePoint(point.model, PointResult(estimates: [entry]))
    }
    func slope(_ value: Double) -> Estimate { .statistical(value, standardError: 0.1, effectiveSamples: 63) }
    let falls = try #require(try verdicts(40, slope(-3), "conductance[left,left]").first)
    #expect(falls.falls == true && falls.slope == -3 && falls.slopeError == 0.1 && falls.side == .hotter)
    #expect(falls.text.hasPrefix("negative at T_left = 40: dJ/dT_left = -3.00(10), ") && falls.text.contains(" sigma"))
    let sigmas = try #require(falls.sigmas)
    #expect(falls.range == [40, 40] && falls.fixed == [right: 10] && sigmas > 10)
    let open = try #require(try verdicts(40, slope(-0.15), "response[baths.left.temperature]").first)
    #expect(open.falls == nil && open.text.hasPrefix("not told from zero at T_left = 40: dJ/dT_left = -0.15(10), "))
    // The other bath is the colder one: hotter means a smaller difference, so a negative slope is no fall.
    let other = try #require(try verdicts(40, slope(-3), "conductance[left,right]").first)
    #expect(other.falls == false && other.side == .colder && other.parameter == right)
    // Heat from right to left, J < 0: |J| falls as the left bath gets colder if J grows then.
    #expect(try #require(try verdicts(5, slope(3), "conductance[left,left]").first).falls == false)
    #expect(try #require(try verdicts(5, slope(-3), "conductance[left,left]").first).falls == true)
    // What is no change of J with a temperature has no verdict.
    #expect(try verdicts(40, slope(3), "response[medium.mass]").isEmpty)
    #expect(try verdicts(40, slope(3), "conductance[right,left]").isEmpty)
    var document = ResultDocument(points: [])
    document.verdicts = [falls, open]
    #expect(try ResultDocument(json: document.json()) == document)
  }

  @Test func verdictsSurviveJSON() throws {
    let sweep = Sweep(parameter: left, values: [15, 25, 60, 200])
    var document = ResultDocument(points: [])
    document.verdicts = try verdicts(sweep) { sampled(FallingCurrent.value($0.temperatures[0])) }
    document.verdicts += try verdicts(sweep) { _ in sampled(10) }
    let text = try document.json()
    #expect(try ResultDocument(json: text) == document)
    #expect(text.contains("\"falls\": null") && text.contains("\"falls\": true"))
  }
}
