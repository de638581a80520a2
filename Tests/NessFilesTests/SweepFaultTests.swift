import NessFiles
import Testing

struct SweepFaultTests {
  @Test(arguments: [
    ("baths.left.temprature", "baths.left.temperature"), ("medium.pining", "medium.pinning"),
    ("baths.left.pinning.left", nil), ("baths.lefd.temperature", "baths.left.temperature"),
  ])
  func parameterThatDoesNotExist(parameter: String, suggestion: String?) {
    let found = faults(replacing: [22: "  parameter: \(parameter)"])
    let message = "f.yaml:22:14: sweep.parameter: found \(parameter), expected a numeric parameter of medium or baths ("
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(message + (suggestion.map { "did you mean \($0)?)" } ?? "these can be:")) == true)
  }

  @Test(arguments: ["title", "run.seed", "baths.left.kind", "baths.left", "sweep", "..", "baths.."])
  func parameterThatIsNotNumeric(parameter: String) {
    let found = faults(replacing: [22: "  parameter: \(parameter)"])
    let message = "f.yaml:22:14: sweep.parameter: found \(parameter), expected a numeric parameter"
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(message) == true)
  }

  static let temperature =
    "expected a temperature > 0 (the effective friction diverges at 0) for baths.left.temperature"

  @Test(arguments: [
    ("  values: [12.0, -3.0]", ["23:18: sweep.values[1]: found -3.0, \(temperature)"]),
    (
      "  values: [12.0, 12]",
      ["23:18: sweep.values[1]: found 12.0 again, expected each value once (see values[0])"]
    ),
    ("  values: []", ["23:11: sweep.values: found no value, expected 1 to 10000 values"]),
    (
      "  values: 12",
      ["23:11: sweep.values: found 12, expected a list of numbers, for example [1.0, 2.0]"]
    ),
    (
      "  values: [a, .nan]",
      [
        "23:12: sweep.values[0]: found the text \"a\", expected a number",
        "23:15: sweep.values[1]: found .nan, expected a finite number",
      ]
    ),
    (
      "  values: [12.0]\n  from: 3",
      ["23:3: sweep.values: found values beside from, to, points or scale, expected either values or a range"]
    ),
    ("", ["21:1: sweep.values: found no such key, expected the required key values"]),
    (
      "  from: 1",
      [
        "21:1: sweep.to: found no such key, expected the required key to",
        "21:1: sweep.points: found no such key, expected the required key points",
      ]
    ),
    (
      "  from: 1\n  to: 2\n  points: 1",
      ["25:11: sweep.points: found 1, expected a whole number between 2 and 10000"]
    ),
    ("  from: 1\n  to: 1\n  points: 2", ["24:7: sweep.to: found 1.0, expected another value than from"]),
    (
      "  from: 0\n  to: 1\n  points: 2\n  scale: log",
      ["23:9: sweep.from: found 0.0, expected a number > 0 on a log scale"]
    ),
    (
      "  from: 1\n  to: 2\n  points: 2\n  scale: cubic",
      ["26:10: sweep.scale: found cubic, expected linear or log"]
    ),
    (
      "  from: 1\n  to: -1\n  points: 3",
      ["25:11: sweep.points: found 0.0 (point 2 of 3), \(temperature)"]
    ),
  ])
  func wrongValues(line: String, expected: [String]) {
    #expect(faults(replacing: [23: line]) == expected.map { "f.yaml:\($0)" })
  }

  @Test func wholeNumbersAreNeededAtEachPoint() {
    #expect(
      faults(replacing: [22: "  parameter: medium.sites", 23: "  from: 2\n  to: 5\n  points: 3"]) == [
        "f.yaml:25:11: sweep.points: found 3.5 (point 2 of 3), expected a whole number for medium.sites "
          + "(write values: [2, 4, 5])"
      ])
    #expect(
      faults(replacing: [22: "  parameter: baths.left.count", 23: "  values: [1, 2.5]"]) == [
        "f.yaml:23:15: sweep.values[1]: found 2.5, expected a whole number for baths.left.count"
      ])
  }

  @Test func aSweepMayMakeAnotherParameterImpossible() {
    #expect(
      faults(replacing: [14: "  other:\n    site: 9", 22: "  parameter: medium.sites", 23: "  values: [8, 9]"]) == [
        "f.yaml:24:12: sweep.values[0]: found 8.0, which gives baths.other.site = 9, expected a site between 1 and 8"
      ])
  }

  @Test func aSweepOverAFaultyBathIsNotBlamed() {
    #expect(faults(replacing: [10: "    kind: demon"]).count == 1)
    #expect(faults(replacing: [11: "    temperature: -3"]).count == 1)
  }

  @Test func rangesHaveExactEndsAndSpacing() {
    #expect(SweepAxis("p", from: 0, to: 1, points: 11).points == (0...10).map { Double($0) / 10 })
    let points = SweepAxis("p", from: 4, to: 400, points: 5, scale: .log).points
    #expect(points.first == 4 && points.last == 400)
    #expect(abs(points[2] - 40) < 1e-13)
  }
}
