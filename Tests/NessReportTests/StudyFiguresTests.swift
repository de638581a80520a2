import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics
import Testing

/// Documents of studies with made-up numbers.
enum SampleStudy {
  static let left = "baths.left.temperature"
  static let right = "baths.right.temperature"
  static let spring = "medium.spring"

  static func experiment(_ sweep: Sweep?) throws -> Experiment {
    try Experiment(
      title: "Sample", medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [
        Contact("left", .init(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
        Contact("right", .init(LangevinBath(temperature: 10, friction: 1))),
      ], sweep: sweep)
  }

  /// What theories of particles claim.
  static let claims: [NessModel.Method: Claim] = [
    .memory: Claim(.approximation, "finite chain with the memory of the baths, for weak coupling"),
    .markov: Claim(.approximation, "finite chain, friction without memory"),
  ]

  /// J = k (T - 10)/T² by theory, simulated 1 % above with an error of 2 %.
  static func point(_ temperature: Double, spring: Double? = nil, isSimulated: Bool = true) -> PointResult {
    let current = (spring ?? 1) * (temperature - 10) / (temperature * temperature)
    func theory(_ quantity: Quantity, _ value: Double, _ method: NessModel.Method = .memory) -> Answer.Entry {
      .init(quantity, method, .numerical(value, bound: 1e-12 * abs(value)), claim: claims[method])
    }
    func sampled(_ quantity: Quantity, _ value: Double, budget: ErrorBudget? = nil) -> Answer.Entry {
      .init(
        quantity, .simulation, .statistical(1.01 * value, standardError: 0.02 * abs(value), effectiveSamples: 100),
        budget: budget)
    }
    var entries = [
      theory(.heatCurrent, current), theory(.heatCurrent, 1.2 * current, .markov),
      theory(.heatCurrent, 4 * current, .printed), theory(.effectiveFriction(bath: nil), 1 / temperature, .corrected),
    ]
    for site in 1...3 {
      entries.append(theory(.kineticTemperature(site: site), 10 + temperature / Double(site)))
      if site < 3 { entries.append(theory(.bondHeatCurrent(bond: site), current)) }
    }
    if isSimulated {
      let budget = ErrorBudget(
        statistical: 0.02 * abs(current), timeStep: .init(0.01 * current, .linear), burnIn: .none)
      entries.append(sampled(.heatCurrent, current, budget: budget))
      entries += (1...3).map { sampled(.kineticTemperature(site: $0), 10 + temperature / Double($0)) }
    }
    let values =
      (spring.map { [ParameterValue(path: Self.spring, value: $0)] } ?? [])
      + [ParameterValue(path: left, value: temperature)]
    return PointResult(parameters: values, estimates: entries)
  }

  static func line(_ temperatures: [Double] = [4, 20, 40, 160], isSimulated: Bool = true) -> ResultDocument {
    document(temperatures.map { point($0, isSimulated: isSimulated) })
  }

  static func document(_ points: [PointResult]) -> ResultDocument {
    ResultDocument(title: "Sample", points: points)
  }

  static func lineFigures(
    _ options: StudyFigures.Options = .init(), isSimulated: Bool = true
  ) throws -> StudyFigures {
    StudyFigures(
      StudyNumbers(document: line(isSimulated: isSimulated)),
      try experiment(Sweep(parameter: left, values: [4, 20, 40, 160])), options)
  }

  static func gridFigures(
    springs: [Double] = [0.5, 2], isSimulated: Bool, _ options: StudyFigures.Options = .init()
  ) throws -> StudyFigures {
    let points = springs.flatMap { spring in
      [20.0, 40, 80].map { point($0, spring: spring, isSimulated: isSimulated) }
    }
    return StudyFigures(
      StudyNumbers(document: document(points)),
      try experiment(.grid([SweepAxis(spring, values: springs), SweepAxis(left, values: [20, 40, 80])])), options)
  }
}

@Suite("Figures of a study")
struct StudyFiguresTests {
  private func curve(_ figure: Figure, _ name: String) throws -> Figure.Curve {
    try #require(figure.curves.first { $0.name == name })
  }

  @Test("Which figures the numbers allow, and why not the others")
  func kinds() throws {
    let simulated = try SampleStudy.lineFigures()
    #expect(
      simulated.kinds == [
        .heatCurrent, .ratio, .temperatureProfile, .bondCurrent, .effectiveFriction, .errorBudget,
      ])
    #expect(simulated.reasonAgainst(.populations) == "no point has populations of levels")
    #expect(simulated.reasonAgainst(.energyDensity) == "only a classical box has a distribution of the energy")
    let theory = try SampleStudy.lineFigures(isSimulated: false)
    #expect(theory.kinds == [.heatCurrent, .temperatureProfile, .bondCurrent, .effectiveFriction])
    #expect(theory.reasonAgainst(.ratio) == "no simulated heat current is kept: ness run makes one")
    let single = StudyFigures(
      StudyNumbers(document: ResultDocument(points: [PointResult(estimates: SampleStudy.point(20).estimates)])),
      try SampleStudy.experiment(nil))
    #expect(single.kinds == [.temperatureProfile, .bondCurrent])
    #expect(single.reasonAgainst(.heatCurrent) == "the study has no sweep: add one to its file")
  }

  @Test("Equations beside one another: a curve for each, told apart by colour or dashes, with its name in the legend")
  func equations() throws {
    func figures(rows: Int) -> StudyFigures {
      let entries = [NessModel.Method.davies, .redfield, .local].enumerated().flatMap { number, method in
        let values = (0..<rows * 3).map { Estimate.numerical(Double($0 + number + 1), bound: 0) }
        let times = Answer.Axis("time", dimension: "time", values: [0, 1, 2])
        let levels = Answer.Axis("level", values: (1...rows).map(Double.init))
        return [
          Answer.Entry(.all(.population), method, axes: [levels], Array(values.prefix(rows))),
          Answer.Entry(.all(.transientPopulation), method, axes: [levels, times], values),
          Answer.Entry(
            .all(.generatingFunction), method, axes: [Answer.Axis("x", values: [0, 1, 2])], Array(values.prefix(3))),
        ]
      }
      return StudyFigures(StudyNumbers(document: SampleStudy.document([PointResult(estimates: entries)])), nil)
    }
    for kind in [StudyFigures.Kind.populations, .transientPopulation, .generatingFunction] {
      let figure = try figures(rows: 4).figure(kind)
      let palette = Palette(figure)
      let looks = Set(figure.curves.map { palette.style(of: $0).line })
      #expect(figure.curves.count == (kind == .transientPopulation ? 12 : 3) && looks.count == figure.curves.count)
      for name in ["Redfield", "local"] { #expect(figure.curves.contains { $0.label == name }, "\(kind) \(name)") }
    }
    // More than can be told apart: the first equation alone.
    #expect(Set(try figures(rows: 5).figure(.transientPopulation).curves.map(\.role)) == [.theory])
  }

  @Test("Heat current: symbols with errors, the best theory solid, others dashed, the ratio below")
  func heatCurrent() throws {
    let figure = try SampleStudy.lineFigures().figure(.heatCurrent)
    #expect(figure.identifier == "heatCurrent" && figure.fileStem == "figure-heatCurrent")
    #expect(figure.horizontal.label == "T_L, temperature of the left bath" && figure.horizontal.unit == "energy")
    #expect(figure.vertical.label == "J, heat current" && figure.vertical.unit == "energy/time")
    #expect(figure.curves.map(\.role) == [.simulation, .theory, .approximation])
    #expect(figure.curves.map(\.label) == ["simulation", "with memory", "Markov"])
    let sampled = figure.curves[0].points
    #expect(sampled.map(\.x) == [4, 20, 40, 160])
    #expect(abs(sampled[1].y - 0.02525) < 1e-15 && abs((sampled[1].error ?? 0) - 0.0005) < 1e-15)
    #expect(figure.curves[1].points.allSatisfy { $0.error == nil })
    #expect(figure.ratioLabel == "simulation / with memory")
    // The bias of the time step, 1 %, is known and taken out.
    let ratios = try #require(figure.ratios.first).points
    #expect(ratios.count == 4 && ratios.allSatisfy { abs($0.y - 1) < 1e-12 && abs(($0.error ?? 0) - 0.02) < 1e-12 })
    for words in [
      "one standard error", "approximation (finite chain with the memory of the baths, for weak coupling)",
      "less its known bias", "An approximation need not be 1.",
    ] {
      #expect(figure.caption.contains(words), "\(words)")
    }
    // The temperatures are more than twentyfold apart, and J has both signs.
    #expect(figure.horizontal.scale == .logarithmic && figure.vertical.scale == .linear)
  }

  @Test("Theory alone is said; the methods can be chosen")
  func methods() throws {
    let figure = try SampleStudy.lineFigures(isSimulated: false).figure(.heatCurrent)
    #expect(figure.caption.contains("Theory only: no simulated point is kept."))
    #expect(figure.ratios.isEmpty && figure.curves.map(\.role) == [.theory, .approximation])
    let chosen = try SampleStudy.lineFigures(.init(methods: [.printed, .markov])).figure(.heatCurrent)
    #expect(chosen.curves.map(\.role) == [.theory, .printed])
    // Of particles no theory is exact, alone or not.
    #expect(chosen.curves.map(\.label) == ["Markov", "as printed"])
    #expect(
      !chosen.caption.contains("exact") && chosen.caption.contains("approximation (finite chain, friction without"))
    let none = try SampleStudy.lineFigures(.init(methods: [.davies]))
    #expect(none.reasonAgainst(.heatCurrent) == "no point has a heat current by davies")
    #expect(none.kinds.isEmpty == false || none.reasonAgainst(.errorBudget) == nil)
  }

  @Test("What claims to be exact is called so, and goes before what does not, whatever its rank")
  func exactTheory() throws {
    let experiment = try Experiment(
      title: "Sample", medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [
        Contact("left", .init(LangevinBath(temperature: 20, friction: 1))),
        Contact("right", .init(LangevinBath(temperature: 10, friction: 1))),
      ], sweep: Sweep(parameter: SampleStudy.left, values: [20, 40, 160]))
    let exact = Claim(.exact, "finite chain")
    func figure(_ methods: [NessModel.Method], exactFrom temperature: Double = 0) throws -> Figure {
      let points = [20.0, 40, 160].map { value in
        var point = SampleStudy.point(value)
        point.estimates.removeAll { !methods.contains($0.method) }
        for index in point.estimates.indices where value > temperature && point.estimates[index].method == .markov {
          point.estimates[index].claim = exact
        }
        return point
      }
      let document = ResultDocument(title: "Sample", points: points)
      return try StudyFigures(StudyNumbers(document: document), experiment).figure(.heatCurrent)
    }
    let alone = try figure([.markov, .simulation])
    #expect(alone.curves.map(\.label) == ["simulation", "exact"] && alone.ratioLabel == "simulation / exact")
    #expect(alone.caption.contains("exact (finite chain)") && !alone.caption.contains("approximation"))
    let both = try figure([.markov, .memory, .simulation])
    #expect(both.curves.map(\.label) == ["simulation", "exact", "with memory"])
    #expect(both.curves.map(\.role) == [.simulation, .theory, .approximation])
    // Exact at some points alone is not exact for the figure.
    let partly = try figure([.markov, .memory, .simulation], exactFrom: 30)
    #expect(partly.curves.map(\.label) == ["simulation", "with memory", "Markov"] && !partly.caption.contains("exact"))
  }

  @Test("Theories of one curve have colours of their own, and the best has that of the symbols")
  func colours() throws {
    let figure = try SampleStudy.lineFigures(.init(methods: [.simulation, .memory, .markov, .printed])).figure(
      .heatCurrent)
    #expect(figure.curves.map(\.family) == [0, 0, 1, 2])
    let palette = Palette(figure)
    #expect(Set(figure.curves.dropFirst().map { palette.style(of: $0).color }).count == 3)
  }

  @Test("Only what a figure needs is asked for")
  func parts() {
    #expect(StudyFigures.parts(for: []) == .all)
    #expect(StudyFigures.parts(for: ["heatCurrent"]) == .curves && StudyFigures.parts(for: ["ratio"]) == [])
    #expect(StudyFigures.parts(for: ["heatCurrent", "transmittedHeat"]) == [.curves, .spectra])
    #expect(StudyFigures.parts(for: ["kineticTemperature[2]", "entropyProduction"]) == .curves)
    #expect(StudyFigures.parts(for: ["bondCurrent"]) == [])
    // What the study asks, unless figures are named.
    #expect(StudyFigures.questions(for: []) == nil && StudyFigures.questions(for: ["heatCurrent", "ratio"]) == .cheap)
    // What is answered by name only is asked by name.
    let named = Questions.named([.family(.heatNoise), .member(.all(.purity))])
    #expect(StudyFigures.questions(for: ["heatNoise", "purity"]) == named)
    #expect(StudyFigures.questions(for: ["heatCurrent", "heatNoise"]) == .all)
    #expect(StudyFigures.questions(for: ["heatFrom"]) == .cheap && StudyFigures.parts(for: ["heatFrom"]) == .curves)
    #expect(StudyFigures.parts(for: ["kineticTemperature", "meanDisplacement"]) == [])
    for profile in [
      "kineticTemperature[2]", "bondCurrent", "temperatureProfile", "populations", "kineticTemperature", "density",
    ] {
      #expect(StudyFigures.questions(for: ["heatCurrent", profile]) == .all)
    }
  }

  @Test("Both axes logarithmic: the size of a current of both signs; linear: neither")
  func scales() throws {
    let figure = try SampleStudy.lineFigures(.init(scale: .logLog, guide: -1)).figure(.heatCurrent)
    #expect(figure.identifier == "heatCurrent-logLog" && figure.vertical.label == "|J|, heat current")
    #expect(figure.horizontal.scale == .logarithmic && figure.vertical.scale == .logarithmic)
    #expect(figure.curves.allSatisfy { $0.points.allSatisfy { $0.y > 0 } })
    let guide = try #require(figure.curves.last)
    #expect(guide.role == .guide && guide.label == "∝ T_L^{-1}")
    let (first, last) = (try #require(guide.points.first), try #require(guide.points.last))
    #expect(last.x == 160 && abs(last.y - 1.01 * 150 / 25600) < 1e-15)
    #expect(abs(first.y * first.x - last.y * last.x) < 1e-12 && first.x < 40)
    let linear = try SampleStudy.lineFigures(.init(scale: .linear)).figure(.heatCurrent)
    #expect(linear.horizontal.scale == .linear && linear.vertical.scale == .linear)
  }

  @Test("A grid: the last parameter below, a family for each value of the other")
  func grid() throws {
    let figure = try SampleStudy.gridFigures(isSimulated: true).figure(.heatCurrent)
    #expect(figure.horizontal.label == "T_L, temperature of the left bath")
    let sampled = figure.curves.filter { $0.role == .simulation }
    #expect(sampled.map(\.label) == ["k = 0.5", "k = 2"] && sampled.map(\.family) == [0, 1])
    #expect(sampled.map { $0.points.map(\.x) } == [[20, 40, 80], [20, 40, 80]])
    #expect(figure.curves.filter { $0.role == .theory }.allSatisfy { $0.label == "with memory" })
    #expect(figure.ratios.map(\.family) == [0, 1])
    // Lines of theory alone are told apart in grey by the symbols of the points.
    let theory = try SampleStudy.gridFigures(isSimulated: false).figure(.heatCurrent)
    let marked = theory.curves.filter { $0.role == .theory }
    #expect(marked.map(\.label) == ["k = 0.5", "k = 2"] && marked.allSatisfy { $0.drawing == .markedLine })
    let twelve = try SampleStudy.gridFigures(springs: (1...12).map(Double.init), isSimulated: true).figure(.heatCurrent)
    #expect(Set(twelve.curves.map(\.family)).count == 6)
    #expect(twelve.caption.contains("6 of 12 curves are shown"))
  }

  @Test("Curves that would lie on one another are drawn once")
  func equalFamilies() throws {
    let figure = try SampleStudy.gridFigures(isSimulated: false).figure(.effectiveFriction)
    #expect(figure.curves.map(\.label) == ["formula"])
    #expect(figure.caption.contains("drawn once"))
  }

  @Test("Smooth theory is cut where it has no answer")
  func brokenTheory() throws {
    var curves = [4.0, 5, 6, 7, 8].map { SampleStudy.point($0, isSimulated: false) }
    curves[2].estimates = []
    let numbers = StudyNumbers(document: SampleStudy.line(), curves: curves)
    let figure = try StudyFigures(
      numbers, SampleStudy.experiment(Sweep(parameter: SampleStudy.left, values: [4, 20, 40, 160]))
    ).figure(.heatCurrent)
    #expect(figure.curves.filter { $0.role == .theory }.map { $0.points.map(\.x) } == [[4, 5], [7, 8]])
  }

  @Test("Profiles: a curve for each point of the study, cold to hot, six at most")
  func profiles() throws {
    let figure = try SampleStudy.lineFigures().figure(.temperatureProfile)
    let sampled = figure.curves.filter { $0.role == .simulation }
    #expect(sampled.map(\.label) == ["T_L = 4", "T_L = 20", "T_L = 40", "T_L = 160"])
    #expect(sampled.allSatisfy { $0.points.map(\.x) == [1, 2, 3] && $0.points.allSatisfy { $0.error != nil } })
    #expect(figure.horizontal.label == "n, site" && figure.vertical.unit == "energy")
    let many = Array(stride(from: 30.0, through: 11, by: -1))
    let chosen = try StudyFigures(
      StudyNumbers(document: SampleStudy.line(many)), SampleStudy.experiment(nil)
    ).figure(.temperatureProfile)
    #expect(chosen.curves.filter { $0.role == .simulation }.count == 6)
    #expect(chosen.curves.first?.label == "T_L = 11" && chosen.caption.contains("6 of 20 points are shown"))
    let bonds = try SampleStudy.lineFigures().figure(.bondCurrent)
    #expect(bonds.curves.allSatisfy { $0.points.map(\.x) == [1, 2] && $0.drawing == .markedLine })
  }

  @Test("The parts of the error, without those that are zero")
  func errorBudget() throws {
    let figure = try SampleStudy.lineFigures().figure(.errorBudget)
    #expect(figure.curves.map(\.name) == ["statistical", "time step"])
    #expect(figure.vertical.scale == .logarithmic)
    for (first, second) in zip(figure.curves[0].points, figure.curves[1].points) {
      #expect(abs(first.y - 2 * second.y) < 1e-15)
    }
  }

  @Test("Spectra: transmission of a chain")
  func spectra() throws {
    var numbers = StudyNumbers(document: SampleStudy.line())
    numbers.spectra = [20.0, 4].map { temperature in
      HeatSpectrum(
        parameters: [.init(path: SampleStudy.left, value: temperature)], kind: .transmission, method: .memory,
        claim: Claim(.approximation, "made up"), points: [.init(0.5, 0.1), .init(1, 0.9), .init(1.5, 0.2)])
    }
    let figure = try StudyFigures(numbers, SampleStudy.experiment(nil)).figure(.transmittedHeat)
    #expect(figure.curves.map(\.label) == ["T_L = 4", "T_L = 20"])
    #expect(figure.horizontal.unit == "1/time" && figure.caption.contains("2 of 4 points are shown"))
    #expect(figure.caption.contains("by approximation (made up)."))
  }

  @Test("Any quantity against the swept parameter; an absent one names those that are there")
  func quantities() throws {
    let figures = try SampleStudy.lineFigures()
    #expect(figures.quantities == [.heatCurrent, .effectiveFriction(bath: nil)])
    let figure = try figures.figure(of: .kineticTemperature(site: 2))
    #expect(figure.identifier == "kineticTemperature[2]" && figure.curves.map(\.role) == [.simulation, .theory])
    let error = #expect(throws: StudyFigureError.self) { try figures.figure(of: .relaxationRate) }
    #expect(error?.reason == "no point has relaxationRate; there are: heatCurrent, effectiveFriction")
  }

  @Test("Every family of quantities is drawn by its name: all members, told apart", arguments: Quantity.Family.allCases)
  func families(_ family: Quantity.Family) throws {
    let names =
      switch family.members {
      case .one: [family.rawValue]
      case .ofBath, .ofBathOrOne: ["left", "right"].map { "\(family.rawValue).\($0)" }
      case .numbered: (1...3).map { "\(family.rawValue)[\($0)]" }
      case .along(let axes):
        ["a", "b"].map { "\(family.rawValue)[\(([$0] + axes.dropFirst().map { _ in "c" }).joined(separator: ","))]" }
      }
    let members = try names.map { try #require(Quantity($0)) }
    func value(_ place: Int, _ temperature: Double) -> Double { temperature + 10 * Double(place) }
    let temperatures = [20.0, 21, 22]
    let points = temperatures.map { temperature in
      PointResult(
        parameters: [.init(path: SampleStudy.left, value: temperature)],
        estimates: members.enumerated().map { place, member in
          .init(
            member, .memory, .numerical(value(place, temperature), bound: 1e-9), claim: SampleStudy.claims[.memory])
        })
    }
    let figures = StudyFigures(
      StudyNumbers(document: SampleStudy.document(points)),
      try SampleStudy.experiment(Sweep(parameter: SampleStudy.left, values: temperatures)))
    let figure = try #require(try figures.figure(named: family.rawValue))
    let wanted = temperatures.flatMap { temperature in members.indices.map { value($0, temperature) } }
    #expect(Set(figure.curves.flatMap { $0.points.map(\.y) }) == Set(wanted))
    let legends = figure.curves.compactMap(\.label)
    // Braces hold an index together, and nothing else.
    #expect(legends.allSatisfy { !$0.replacing("_{", with: "").contains("{") }, "\(legends)")
    if case .one = family.members { return }
    let isProfile = if case .numbered = family.members { true } else { false }
    #expect(Set(legends).count == (isProfile ? temperatures.count : names.count), "\(legends)")
    #expect(figure.vertical.unit == family.dimension || family == .energyDensity, "\(figure.vertical)")
  }

  @Test("What a study does not have is refused by the name of the family, with what there is")
  func absentFamily() throws {
    let figures = try SampleStudy.lineFigures()
    let error = #expect(throws: StudyFigureError.self) { try figures.figure(named: "heatFrom") }
    #expect(error?.reason == "no point has heatFrom; there are: heatCurrent, effectiveFriction")
    #expect(try figures.figure(named: "heatFlow") == nil)
    #expect(try figures.figure(named: "kineticTemperature")?.identifier == "temperatureProfile")
  }
}

@Suite("Figures for print")
struct PrintFormatTests {
  private let hasGnuplot = (try? FigureRenderer()) != nil

  @Test("The width on paper is what was asked for, letters keep their size")
  func widths() throws {
    let figure = try SampleStudy.lineFigures().figure(.heatCurrent)
    for (centimetres, inches) in [(8.6, 3.3833), (17.8, 7.0083), (12, 4.725)] {
      let script = try GnuplotScript(figure, as: .print(centimetres: centimetres)).text
      #expect(script.contains("set terminal pdfcairo enhanced size \(inches)in,"), "\(centimetres)")
      #expect(abs(inches * 2.54 - centimetres) < 0.02)
      #expect(script.contains("font 'Liberation Sans,14.0' fontscale \(0.75 * 0.6)"))
    }
    #expect(FigureFormat.print(centimetres: 1) == .print(centimetres: 6))
  }

  @Test("The legend stands among the curves only where it covers none")
  func legend() throws {
    func script(_ values: [Double]) throws -> String {
      let points = values.enumerated().map { Figure.Curve.Point(Double($0), $1) }
      let figure = Figure(
        identifier: "x", title: "x", caption: "x", horizontal: .init(label: "x", unit: "time"),
        vertical: .init(label: "y", unit: "1"),
        curves: [.init(label: "a curve", name: "c", role: .theory, family: 0, points: points)])
      return try GnuplotScript(figure, as: .print(centimetres: 8.6)).text
    }
    func height(_ script: String) throws -> Int {
      let match = try #require(script.firstMatch(of: /set terminal svg enhanced size \d+,(\d+)/))
      return try #require(Int(match.output.1))
    }
    let free = try height(script([1, 2, 3, 4]))
    let zigzag = try height(script((0...60).map { $0 % 2 == 0 ? 0 : 1 }))
    #expect(zigzag > free)
  }

  @Test("Whole numbers have tics of their own, and symbols stand free of the frame")
  func wholeNumbers() throws {
    let figure = try SampleStudy.lineFigures().figure(.temperatureProfile)
    let script = try GnuplotScript(figure).text
    #expect(script.contains("set xrange [0.75:3.25]"))
    #expect(script.contains("set xtics ('1' 1.0, '2' 2.0, '3' 3.0)"))
  }

  @Test("Several approximations of one curve have dashes of their own")
  func dashes() throws {
    let script = try GnuplotScript(
      try SampleStudy.lineFigures(.init(methods: [.memory, .markov, .printed])).figure(.heatCurrent)
    ).text
    #expect(script.contains("lw 1.8 dt (8,4) "))
    var figure = try SampleStudy.lineFigures().figure(.heatCurrent)
    figure.curves.append(figure.curves[2])
    figure.curves[3].label = "N → ∞"
    #expect(try GnuplotScript(figure).text.contains("lw 1.8 dt (12,3,2,3) "))
  }

  @Test("Every kind is drawn, and its script draws it again by itself")
  func drawn() throws {
    guard hasGnuplot else { return }
    let directory = FileManager.default.temporaryDirectory.appending(path: "ness-print-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let figures = try SampleStudy.gridFigures(isSimulated: true)
    for kind in figures.kinds {
      let files = try FigureRenderer().render(
        figures.figure(kind), into: directory, as: .print(centimetres: FigureFormat.singleColumn))
      let picture = try Data(contentsOf: files.png)
      try FileManager.default.removeItem(at: files.png)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["gnuplot", files.script.lastPathComponent]
      process.currentDirectoryURL = directory
      try process.run()
      process.waitUntilExit()
      #expect(try process.terminationStatus == 0 && Data(contentsOf: files.png) == picture, "\(kind)")
      let width = picture[16..<20].reduce(0) { $0 << 8 | Int($1) }
      #expect(Double(width) / (FigureFormat.singleColumn / 2.54) >= 300)
    }
  }
}
