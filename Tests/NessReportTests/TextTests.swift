import NessModel
import NessReport
import NessStatistics
import Testing

@Suite("Numbers for a reader")
struct NumberTests {
  private static let withErrors: [(Double, Double, String)] = [
    (0.13654, 0.0039, "0.1365(39)"), (0.1, 0.00996, "0.100(10)"), (-0.5, 0.02, "-0.500(20)"),
    (123.44, 5.6, "123.4(5.6)"), (1234.4, 56, "1234(56)"), (12345, 678, "12350(680)"),
    (1.3651e-7, 3.9e-9, "1.365(39)e-7"), (6.022e23, 1.2e20, "6.0220(12)e23"), (0, 0.5, "0.00(50)"),
    (0.001, 0.5, "0.00(50)"), (-0.001, 0.5, "0.00(50)"), (0, 1e-9, "0.0(1.0)e-9"), (2, 0, "2"),
    (1, .infinity, "1 ± inf"), (.nan, 0.1, "nan"),
  ]

  @Test("Value and error to two digits of the error", arguments: withErrors)
  func statistical(row: (value: Double, error: Double, expected: String)) {
    let (value, error, expected) = row
    #expect(formatted(value, error: error) == expected)
    #expect(formatted(.statistical(value, standardError: error, effectiveSamples: 100)) == expected)
  }

  @Test("Deterministic numbers to seven digits, with the bound where it shows")
  func numerical() {
    #expect(formatted(.numerical(0.138693214, bound: 1e-12)) == "0.1386932")
    #expect(formatted(.numerical(0.5, bound: 0)) == "0.5")
    #expect(formatted(.numerical(0, bound: 0)) == "0")
    #expect(formatted(.numerical(0, bound: 3e-40)) == "0.0(3.0)e-40")
    #expect(formatted(.numerical(0.1387, bound: 2e-4)) == "0.13870(20)")
  }

  private static let plainNumbers: [(Double, String)] = [
    (0, "0"), (1.0 / 3, "0.3333333"), (100, "100"), (1_234_567, "1234567"), (12_345_678, "1.234568e7"),
    (-2.5e-9, "-2.5e-9"), (0.000123, "0.000123"), (9.99999999, "10"), (-.infinity, "-inf"),
  ]

  @Test("Plain numbers", arguments: plainNumbers)
  func plain(number: Double, expected: String) {
    #expect(formatted(number) == expected)
  }

  @Test("A number with an exponent is set with a power of ten")
  func marked() {
    #expect(NumberText(-1.5e-7).marked == "−1.5 × 10^{-7}")
    #expect(MathText(NumberText(-1.5e-7).marked).html == "−1.5 × 10<sup>−7</sup>")
  }
}

@Suite("Text with light marks")
struct MathTextTests {
  @Test(
    "HTML",
    arguments: [
      ("T_L, temperature", "<i>T</i><sub>L</sub>, temperature"), ("k_eff", "<i>k</i><sub>eff</sub>"),
      ("T_LT_R", "<i>T</i><sub>L</sub><i>T</i><sub>R</sub>"), ("x_{ij}", "<i>x</i><sub>ij</sub>"),
      ("∝ T_L^-1", "∝ <i>T</i><sub>L</sub><sup>−1</sup>"), ("burn_in", "burn_in"), ("a_", "<i>a</i>_"),
      ("a < b & c", "a &lt; <i>b</i> &amp; <i>c</i>"), ("\"it's\"", "&quot;it&#39;s&quot;"),
      ("ζ = 0.1", "<i>ζ</i> = 0.1"),
      ("J. Doe, Fig. 4a, (b)", "J. Doe, Fig. 4a, (b)"), ("S(q)/2T", "<i>S</i>(<i>q</i>)/2<i>T</i>"),
      ("from -2 to x-1", "from −2 to <i>x</i>-1"), ("A law", "A law"), ("_", "_"), ("^", "^"), ("", ""),
      ("T_{", "<i>T</i>_{"),
      ("\u{0}", "\u{FFFD}"),
    ])
  func html(text: String, expected: String) {
    #expect(MathText(text).html == expected)
  }

  @Test(
    "gnuplot's enhanced text",
    arguments: [
      ("T_L", "{/:Italic T}_{L}"), ("k_eff", "{/:Italic k}_{eff}"), ("2^3", "2^{3}"),
      ("@&~{}\\^_", "\\@\\&\\~\\{\\}\\\\\\^\\_"), ("two\nlines", "two\u{A0}lines"), ("x_{{}", "{/:Italic x}_{\\{}"),
    ])
  func gnuplot(text: String, expected: String) {
    #expect(MathText(text).gnuplot == expected)
  }
}

@Suite("Text tables")
struct TextTableTests {
  @Test("Columns line up, numbers at the decimal point, no trailing spaces")
  func alignment() {
    var table = TextTable(columns: [
      TextTable.Column("method"), TextTable.Column("J", alignment: .decimal), TextTable.Column("n", alignment: .right),
    ])
    table.append(["simulation", "0.1365(39)", "5200"])
    table.append(["memory", "-12.5", "1"])
    table.append(["none"])
    let expected = """
      method                 J     n
      ──────────  ────────────  ────
      simulation    0.1365(39)  5200
      memory      -12.5            1
      none

      """
    #expect(table.text() == expected)
  }

  @Test("Columns without room stand in further tables, each with the first column", arguments: [5, 12, 20, 60])
  func width(limit: Int) {
    var table = TextTable(columns: ["name", "first", "second", "third"].map { TextTable.Column($0) })
    table.append(["a", "11", "22", "33"])
    let text = table.text(width: limit)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3 * [5: 3, 12: 3, 20: 2, 60: 1][limit, default: 0])
    // One column beside the first has room in any case.
    #expect(lines.allSatisfy { $0.count <= max(limit, 12) }, "\(text)")
    for cell in ["11", "22", "33"] { #expect(lines.contains { $0.hasPrefix("a ") && $0.contains(cell) }) }
    #expect(table.text(width: nil) == table.text())
  }

  @Test("A table without rows is its header")
  func empty() {
    #expect(TextTable(columns: [TextTable.Column("a"), TextTable.Column("b")]).text() == "a  b\n─  ─\n")
  }

  @Test("The table of ness verify names both forms, the values and the verdict")
  func formulas() {
    let text = formulaTable(SampleReport.report.formulas)
    #expect(text.contains("k_eff, Sec. 4     0.453"))
    #expect(text.contains("0.4910(60)"))
    #expect(
      text.split(separator: "\n").contains {
        $0.hasPrefix("k_eff") && $0.hasSuffix("misprint") && $0.contains("0.9226")
      })
    // Independent less corrected, (0.491 - 0.483)/0.006; a number with a bound has no z.
    #expect(text.contains("3 %   1.3") && text.contains("1e-09    –"))
    #expect(text.contains("  formula      J of renewal\n"))
    #expect(text.contains("not at hand, so nothing is said of what it prints"))
    #expect(text.contains("  printed      K + N_b ε^2 Var(F)/T\n  corrected    K − N_b ε^2 Var(F)/T\n"))
    #expect(text.contains("  formula      N_b ε^2 S(0)/2T\n  independent  ring-down\n"))
  }

  @Test func aBudgetIsShownToTheDigitsOfTheStatisticalError() {
    func text(_ value: Double, _ statistical: Double, _ step: Double, _ burnIn: ErrorBudget.Part) -> String {
      formatted(value, ErrorBudget(statistical: statistical, timeStep: .init(step, .linear), burnIn: burnIn))
    }
    #expect(
      text(0.0483812, 0.0000512, -0.0000937, .init(0, .linear))
        == "0.048381 ± 0.000051 (statistical) ± 0.000094 (time step, linear theory) ± 0 (burn-in, linear theory)")
    #expect(
      text(1.0549, 0.0014, 0, .init(0.00001, .measured))
        == "1.0549 ± 0.0014 (statistical) ± 0 (time step, linear theory) ± below 0.0001 (burn-in, measured)")
    #expect(
      text(2.5603e-7, 5.1e-9, 3e-9, .none)
        == "(2.560 ± 0.051 (statistical) ± 0.030 (time step, linear theory))e-7")
    #expect(formatted(3, ErrorBudget(statistical: 0, timeStep: .none, burnIn: .none)) == "3")
  }
}

@Suite("Notes that say the same")
struct NoteFoldTests {
  @Test func firstOnesAreShownAndTheRestCounted() {
    var fold = NoteFold<String>()
    let shown = (1...1000).filter { fold.shows("T = \($0).5e-3: burn-in \($0 * 7) chosen") }
    #expect(shown == [1, 2, 3])
    let isShown = fold.shows("another note")
    #expect(isShown)
    #expect(fold.rest == ["997 more notes like this one: T = 1.5e-3: burn-in 7 chosen"])
    var four = NoteFold<String>()
    for number in 1...4 { _ = four.shows("note \(number)") }
    #expect(four.rest == ["1 more note like this one: note 1"])
  }

  @Test func quantitiesOfOneReasonAreOneNote() throws {
    var answer = SampledAnswer()
    answer.add(.heatCurrent) { .statistical(1, standardError: 0.1, effectiveSamples: 100) }
    for site in (1...64) + [70] { answer.add(.kineticTemperature(site: site)) { .numerical(.nan, bound: 0) } }
    #expect(
      try answer.finished().notes == [
        "warning: kineticTemperature[1-64], kineticTemperature[70] left out: beyond double precision at these parameters"
      ])
  }
}

@Suite("Tables that must fit a line")
struct ShortenedTableTests {
  @Test("Long cells are cut, in the order that is asked, and no more than it takes", arguments: [40, 60, 80, 100, 200])
  func fits(width: Int) {
    var table = TextTable(columns: [
      .init("name"), .init("title"), .init("value", alignment: .decimal), .init("engines"),
    ])
    table.append(["a1b2c3", String(repeating: "title ", count: 8), "0.1365(39)", "network-trajectory 2, linear 5"])
    table.append(["d4e5f6", "short", "12.4(1.2)", "linear 5"])
    let shortened = table.shortened(to: width, columns: [3, 1])
    let whole = table.width
    // Name, value and what two columns keep at least.
    #expect(shortened.width <= max(width, 6 + 11 + 2 * 12 + 6))
    #expect(shortened.width == whole || whole > width && shortened.width >= min(whole, width) - 30)
    let text = shortened.text()
    #expect(text.contains("a1b2c3") && text.contains("0.1365(39)") && text.contains("short"))
    #expect(text.contains("…") == (whole > width))
    #expect(whole <= width ? text == table.text() : true)
  }
}
