import Foundation
import NessReport
import Testing

@Suite("Axes")
struct AxisTests {
  private func labels(_ lower: Double, _ upper: Double, _ scale: Figure.Axis.Scale) -> [String] {
    AxisFit(lower: lower, upper: upper, scale: scale).tics(about: 6).compactMap(\.label)
  }

  @Test("Linear tics are round and carry a real minus sign")
  func linear() {
    #expect(labels(-4.5, 4.5, .linear) == ["−4", "−2", "0", "2", "4"])
    #expect(labels(0, 0.31, .linear) == ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"])
    #expect(labels(0, 2.1e-5, .linear) == ["0.0", "0.5", "1.0", "1.5", "2.0"])
    #expect(AxisFit(lower: 0, upper: 2.1e-5, scale: .linear).commonPower == -5)
  }

  /// The labels of an axis are those of the same axis in other units, and the power of ten stands in its name once.
  @Test(
    "Units far from 1 leave short labels", arguments: [Figure.Axis.Scale.linear, .logarithmic],
    [-280, -30, -7, 9, 30, 280])
  func covariant(scale: Figure.Axis.Scale, power: Int) throws {
    let unit = try #require(Double("1e\(power)"))
    for (lower, upper) in [(1.2, 4.4), (1.5, 9.8), (2, 70)] {
      let near = labels(lower, upper, scale)
      #expect(labels(lower * unit, upper * unit, scale).count == near.count)
      let far = AxisFit(lower: lower * unit, upper: upper * unit, scale: scale)
      let tics = far.tics(about: 6).filter { $0.label != nil }
      for tic in tics where far.commonPower != nil {
        let label = try #require(tic.label)
        #expect(label.count <= 5, "\(label)")
        let value = try #require(Double(label)) * pow(10, Double(far.commonPower ?? 0))
        #expect(abs(value / tic.value - 1) < 1e-9)
      }
      #expect(far.commonPower != nil)
    }
    #expect(AxisFit(lower: 1, upper: 40, scale: scale).commonPower == nil)
    #expect(AxisFit(lower: 1e-30, upper: 1e-20, scale: .logarithmic).commonPower == nil)
  }

  /// What differs from the best theory is in the picture where that is flat or zero, in any unit; what dwarfs it is not.
  @Test("Approximations beside flat curves", arguments: [1, 0x1p-70, 0x1p70])
  func approximations(unit: Double) throws {
    func upper(_ best: Double, _ other: Double) throws -> Double {
      let curves = [(best, Figure.Curve.Role.theory), (other, .approximation)].map { value, role in
        Figure.Curve(
          label: nil, name: role.rawValue, role: role, family: 0,
          points: [.init(1, unit * value), .init(2, unit * value)])
      }
      return try #require(AxisFit(curves, direction: .vertical, axis: .init(label: "J", unit: "1"))).upper / unit
    }
    #expect(try upper(0, 0.15) >= 0.15 && upper(0, 7) >= 7)
    #expect(try upper(1, 2) >= 2 && upper(1, 100) < 2)
  }

  @Test("Logarithmic tics: powers of ten, digits below two decades, round numbers below one")
  func logarithmic() {
    #expect(labels(0.5, 2000, .logarithmic) == ["10^{0}", "10^{1}", "10^{2}", "10^{3}"])
    #expect(labels(0.9, 60, .logarithmic) == ["1", "2", "5", "10", "20", "50"])
    #expect(labels(9.5, 31, .logarithmic) == ["10", "15", "20", "25", "30"])
    #expect(labels(1.01, 1.09, .logarithmic).count >= 3)
    #expect(labels(1e-30, 1e30, .logarithmic).count <= 8)
  }

  private func curve(_ role: Figure.Curve.Role, _ values: [Double], error: Double? = nil) -> Figure.Curve {
    let points = values.enumerated().map { Figure.Curve.Point(Double($0), $1, error: error) }
    return Figure.Curve(label: nil, name: "\(role)", role: role, family: 0, points: points)
  }

  private func vertical(_ curves: [Figure.Curve]) -> AxisFit? {
    AxisFit(curves, direction: .vertical, axis: Figure.Axis(label: "y", unit: "1"))
  }

  @Test("A printed curve stretches the picture only a little, a guide never")
  func stretching() throws {
    let base = try #require(vertical([curve(.simulation, [1, 2])]))
    #expect(try #require(vertical([curve(.simulation, [1, 2]), curve(.printed, [1, 2.4])])).upper > 2.4)
    #expect(vertical([curve(.simulation, [1, 2]), curve(.printed, [1, 9])]) == base)
    #expect(vertical([curve(.simulation, [1, 2]), curve(.approximation, [1, 9])]) == base)
    #expect(vertical([]) == nil)
  }

  @Test("Error bars lie within the picture, and a constant has a picture too")
  func errorBars() throws {
    let fit = try #require(vertical([curve(.simulation, [1, 2], error: 0.3)]))
    #expect(fit.lower < 0.7 && fit.upper > 2.3)
    let constant = try #require(vertical([curve(.theory, [3, 3])]))
    #expect(constant.lower < 3 && constant.upper > 3)
  }
}

@Suite("Scripts and tables")
struct ScriptTests {
  @Test("Roles decide the look, families the colour; nothing printed before what matters")
  func roles() throws {
    let script = try GnuplotScript(SampleReport.heatCurrent(identifier: "3b", scale: .logarithmic)).text
    #expect(script.contains("$main0 using 1:2:3:4 with yerrorbars pt 0 ps 0 lw 1.4 dt solid lc rgb '#0072b2' notitle"))
    #expect(script.contains("$main1 using 1:2 with lines lw 2 dt solid lc rgb '#0072b2' notitle"))
    #expect(script.contains("with lines lw 1.8 dt (8,4) lc rgb '#d55e00' notitle"))
    #expect(script.contains("set logscale x; set xrange ["))
    #expect(script.contains("$ratio0 << EOD"))
    #expect(script.contains("'simulation\u{A0}/'.\"\\n\".'with\u{A0}memory'"))
    let printed = try #require(script.range(of: "plot $main12 "))
    let symbols = try #require(script.range(of: "$main0 using 1:2 with points"))
    #expect(printed.lowerBound < symbols.lowerBound)
  }

  @Test("Each text stands in the legend once: families by colour, theories in grey by line")
  func legend() {
    let figure = SampleReport.heatCurrent(identifier: "3b", scale: .logarithmic)
    let entries = Legend(figure, palette: Palette(figure)).entries
    #expect(
      entries.map(\.text.words) == [
        "ζ = 0.01", "ζ = 0.1", "ζ = 1.0", "with memory", "Markov", "as printed", "∝ TL−1",
      ])
    #expect(entries.map { $0.symbol != nil } == [true, true, true, false, false, false, false])
    #expect(entries[3].line?.color == CurveStyle.ink)
  }

  @Test("Words of a figure cannot become commands")
  func injection() throws {
    var figure = SampleReport.narrow
    figure.title = "x\nsystem('touch harm')"
    figure.horizontal.label = "it's `touch harm` @x"
    figure.curves[0].label = "'; system('touch harm') #"
    figure.curves[0].name = "n\nEOD\nsystem('touch harm')"
    figure.identifier = "../a'b"
    let script = try GnuplotScript(figure).text
    #expect(figure.fileStem == "figure-..-a-b")
    #expect(script.contains("'it’s\u{A0}`touch\u{A0}harm`\u{A0}\\@{/:Italic x}'"))
    #expect(
      script.contains(
        "'’; system(’touch"
          .replacing(" ", with: "\u{A0}")))
    #expect(!script.split(separator: "\n").contains { $0.hasPrefix("system") || $0.hasPrefix("EOD ") })
  }

  @Test("Points that an axis cannot show are left out, cut the line, and are counted")
  func undrawable() throws {
    var figure = SampleReport.narrow
    figure.curves[0].points += [Figure.Curve.Point(12, -1), Figure.Curve.Point(13, .nan)]
    figure.curves[1].points.insert(Figure.Curve.Point(20, 0), at: 1)
    let script = try GnuplotScript(figure)
    #expect(
      script.notes == [
        "1 of 7 points of “simulation” not above zero, not drawn on the logarithmic axis",
        "1 of 7 points of “simulation” not finite, not drawn",
        "1 of 3 points of “theory” not above zero, not drawn on the logarithmic axis",
      ])
    #expect(script.text.contains("10.0 0.3 0.3 0.3\n\n30.0 0.1 0.1 0.1\nEOD"))
    figure.vertical.range = 0.15...0.5
    #expect(
      try GnuplotScript(figure).notes.contains("2 of 7 points of “simulation” outside the axes' range, not drawn"))
  }

  @Test("A range that a figure asks for cuts its curves without a note")
  func cutByTheFigure() throws {
    var figure = SampleReport.narrow
    figure.curves = figure.curves.filter { $0.role == .theory }
    #expect(try GnuplotScript(figure).notes.isEmpty)
    figure.vertical.range = 0.15...0.25
    #expect(try GnuplotScript(figure).notes.isEmpty)
  }

  @Test("A figure without a point that can be drawn is an error")
  func nothing() {
    var figure = SampleReport.narrow
    figure.curves = []
    #expect(throws: FigureError.nothingToDraw(figure: "4b", reason: "it has no point with finite numbers")) {
      try GnuplotScript(figure)
    }
  }

  @Test("The table holds every bit of every point, and says what the columns are")
  func table() throws {
    var figure = SampleReport.heatCurrent(identifier: "3a", scale: .linear)
    figure.curves[0].name = "a, \"b\"\nc"
    figure.caption = "two\nlines"
    let lines = figure.commaSeparatedValues.split(separator: "\n").map(String.init)
    let comments = lines.prefix { $0.hasPrefix("# ") }
    #expect(comments.contains("# y: J, heat current [energy/time]; in panel ratio: simulation / with memory [1]"))
    #expect(comments.contains("# two lines"))
    #expect(lines[comments.count] == "curve,role,panel,x,y,error")
    let rows = lines.dropFirst(comments.count + 1)
    #expect(rows.first?.hasPrefix("\"a, \"\"b\"\" c\",simulation,main,1.0,") == true)
    let curves = figure.curves.map { ($0, "main") } + figure.ratios.map { ($0, "ratio") }
    let expected = curves.flatMap { curve, panel in curve.points.map { (curve.role.rawValue, panel, $0) } }
    #expect(rows.count == expected.count)
    for (row, (role, panel, point)) in zip(rows, expected) {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false).suffix(5).map(String.init)
      #expect(cells[0] == role && cells[1] == panel)
      #expect(Double(cells[2]) == point.x && Double(cells[3]) == point.y && Double(cells[4]) == point.error)
    }
  }
}
