import Foundation
import NessFormula
import Testing

/// How formulas go along a name: whether they repeat, and their least value.
@Suite struct CourseTests {
  private static func formula(_ text: String) throws -> Formula { try Formula(text, names: ["t"]) }

  @Test(arguments: [
    ("2 + 0.5*sin(2*pi*t/10)", 10.0), ("cos(t)^2*sin(3*t)", 2 * Double.pi),
    ("exp(sin(2*pi*t/3))/(2 + cos(2*pi*t/4))", 12),
    ("sin(2*t + 0.3*cos(3*t))", 2 * Double.pi), ("max(0, sin(0.1*t))", 20 * Double.pi),
    ("sin(2*pi*t/7) + cos(2*pi*t*3/7)", 7),
    ("sin(sqrt(2)*t)", Double.pi * 2.0.squareRoot()), ("tan(sin(5*t))", 2 * Double.pi / 5), ("sin(2*pi*1e9*t)", 1e-9),
  ])
  func periods(text: String, period: Double) throws {
    guard case .periodic(let frequencies) = try Self.formula(text).course(along: "t") else {
      Issue.record("\(text) does not repeat")
      return
    }
    let found = try #require(CommonPeriod.of(frequencies))
    #expect(abs(found - period) < 1e-14 * period, "\(found)")
    for time in [0.1, 0.37, 0.81] {
      let (now, later) = (
        try Self.formula(text).value(["t": time * period]), try Self.formula(text).value(["t": (time + 1) * period])
      )
      #expect(abs(now - later) < 1e-9)
    }
  }

  @Test(arguments: ["t", "1 + 0.1*t", "t*sin(t)", "sin(t^2)", "exp(-t)", "sin(1/t)", "abs(t)", "sin(t*cos(t))"])
  func whatNeedNotRepeat(text: String) throws { #expect(try Self.formula(text).course(along: "t") == .other) }

  @Test func theRest() throws {
    #expect(try Self.formula("2*pi").course(along: "t") == .constant)
    #expect(CommonPeriod.of([1, 2.0.squareRoot()]) == nil && CommonPeriod.of([]) == nil)
    #expect(CommonPeriod.of([1, 1.0003]) == nil)
    #expect(abs(try #require(CommonPeriod.of([1, 1.005])) - 400 * Double.pi) < 1e-9)
  }

  /// A dip that is narrower than any grid of a few hundred points is found.
  @Test func leastValues() throws {
    let cases: [(String, Double, Double)] = [
      ("2 + 0.5*sin(t)", 1.5, 1.5 * .pi), ("1 - exp(-1e8*(sin(t/2 - 1)^2))", 0, 2), ("cos(t)^2", 0, 0.5 * .pi),
      ("sqrt(2 + sin(t))", 1, 1.5 * .pi), ("max(sin(t), -0.3)", -0.3, 4), ("(1 + 0.2*cos(3*t))^2", 0.64, .pi / 3),
    ]
    for (text, value, place) in cases {
      let found = try #require(try Self.formula(text).minimum(of: "t", in: 0...(2 * .pi)), "\(text)")
      #expect(
        found.bound <= found.value && abs(found.value - value) < 1e-7 && found.bound > value - 1e-7, "\(text) \(found)")
      let there = try Self.formula(text).value(["t": found.place])
      #expect(
        there == found.value && (abs(found.place - place) < 0.01 || text.contains("max") || abs(there - value) < 1e-12))
    }

    #expect(try Self.formula("log(sin(t))").minimum(of: "t", in: 0...6) == nil)
  }

  @Test func formulasInPlaceOfNames() throws {
    let law = try Formula("k*r^2/2", names: ["k", "r"])
    let moving = law.substituting(["k": try Self.formula("1 + cos(t)")])
    #expect(moving.names == ["r", "t"] && moving.value(["r": 2, "t": 0]) == 4)
    #expect(Formula.named("q").times(try Self.formula("sin(t)")).value(["q": 3, "t": 0]) == 0)
  }
}
