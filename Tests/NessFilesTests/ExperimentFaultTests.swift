import NessFiles
import NessModel
import Testing

/// A possible file, line by line; tests replace one line by another.
let sampleLines = [
  "title: Sample",  // 1
  "medium:",
  "  kind: chain",
  "  sites: 16",  // 4
  "  mass: 1.0",
  "  spring: 1.0",
  "  pinning: 1.0",
  "baths:",  // 8
  "  left:",
  "    kind: particles",
  "    temperature: 20",
  "    friction: 0.1",  // 12
  "    coupling: 0.3",
  "  right:",
  "    kind: langevin",
  "    temperature: 10.0",  // 16
  "    friction: 1.0",
  "run:",
  "  seed: 7",
  "  replicas: 8",  // 20
  "sweep:",
  "  parameter: baths.left.temperature",
  "  values: [12.0, 20.0]",  // 23
]

/// The faults of the sample with some lines replaced, as text; a replacement may have several lines or none.
func faults(replacing lines: [Int: String]) -> [String] {
  let text = sampleLines.enumerated().map { lines[$0.offset + 1] ?? $0.element }.joined(separator: "\n")
  return faults(of: text + "\n")
}

/// The faults of a text, as text.
func faults(of text: String) -> [String] {
  do throws(ExperimentError) {
    _ = try Experiment(yaml: text, file: "f.yaml")
    return []
  } catch {
    return error.faults.map(\.description)
  }
}

struct ExperimentFaultTests {
  /// What is longer than the whole is told before anything is computed.
  @Test func recordsOfNothing() {
    func told(_ every: String, _ duration: String) -> [String] {
      let record = "{quantities: [velocity], every: \(every)}"
      return faults(replacing: [20: "  replicas: 8\n  duration: \(duration)\n  record: \(record)"])
    }
    #expect(
      told("1000", "100") == [
        "f.yaml:22:43: run.record.every: found 1000, expected no more than what is recorded, 100.0"
      ])
    #expect(told("100", "100") == [])
  }

  @Test func sampleIsFaultless() {
    #expect(faults(replacing: [:]) == [])
  }

  /// Line to replace, its replacement, the whole message.
  static let wrongValues: [(Int, String, String)] = [
    (
      11, "    temperature: -3.0",
      "11:18: baths.left.temperature: found -3.0, "
        + "expected a temperature > 0 (the effective friction diverges at 0)"
    ),
    (16, "    temperature: -3", "16:18: baths.right.temperature: found -3, expected a temperature >= 0"),
    (16, "    temperature:", "16:5: baths.right.temperature: found nothing, expected a number"),
    (16, "    temperature: warm", "16:18: baths.right.temperature: found the text \"warm\", expected a number"),
    (16, "    temperature: no", "16:18: baths.right.temperature: found the text \"no\", expected a number"),
    (16, "    temperature: 1:30", "16:18: baths.right.temperature: found the text \"1:30\", expected a number"),
    (
      16, "    temperature: '20'",
      "16:18: baths.right.temperature: found the text \"20\", expected a number (leave the quotes away)"
    ),
    (
      16, "    temperature: 1_000",
      "16:18: baths.right.temperature: found the text \"1_000\", expected a number (write 1000)"
    ),
    (
      16, "    temperature: 2,5",
      "16:18: baths.right.temperature: found the text \"2,5\", expected a number (write 2.5)"
    ),
    (16, "    temperature: .nan", "16:18: baths.right.temperature: found .nan, expected a finite number"),
    (16, "    temperature: -.inf", "16:18: baths.right.temperature: found -.inf, expected a finite number"),
    (16, "    temperature: 1e999", "16:18: baths.right.temperature: found 1e999, expected a finite number"),
    (16, "    temperature: [1.0]", "16:18: baths.right.temperature: found a list, expected a number"),
    (16, "    temperature: {a: 1}", "16:18: baths.right.temperature: found a mapping, expected a number"),
    (14, "  other:\n    site: 17", "15:11: baths.other.site: found 17, expected a site between 1 and 16"),
    (
      16, "    temperature: 10.0\n    site: 3",
      "17:11: baths.right.site: found 3, expected 16, where the bath named right always is "
        + "(leave site out or rename the bath)"
    ),
    (4, "  sites: 16.0", "4:10: medium.sites: found 16.0, expected a whole number"),
    (4, "  sites: 0", "4:10: medium.sites: found 0, expected between 1 and 100000 sites"),
    (
      4, "  sites: 99999999999999999999", "4:10: medium.sites: found 99999999999999999999, expected a whole number"
    ),
    (
      7, "  pinning: {left: 1.0, right: -1}", "7:31: medium.pinning.right: found -1, expected a pinning >= 0"
    ),
    (1, "title: [a]", "1:8: title: found a list, expected a text"),
  ]

  static let wrongKeys: [(Int, String, String)] = [
    (
      16, "    temprature: 3",
      "16:5: baths.right.temprature: found an unknown key, expected kind, temperature, friction, site or sites "
        + "(did you mean temperature?)"
    ),
    (16, "", "14:3: baths.right.temperature: found no such key, expected the required key temperature"),
    (
      16, "    temperature: 10.0\n    temperature: 11.0",
      "17:5: baths.right.temperature: found the key a second time, expected each key once "
        + "(it is on line 16 already)"
    ),
    (14, "  other:", "14:3: baths.other.site: found no such key, expected the required key site"),
    (
      14, "  2nd:\n    site: 3",
      "14:3: baths.2nd: found the name \"2nd\", "
        + "expected at most 60 letters, digits, - and _, a letter first"
    ),
    (
      15, "    kind: metropolis",
      "15:11: baths.right.kind: found metropolis, expected particles or langevin "
        + "(a metropolis bath touches a medium of kind box)"
    ),
    (
      15, "    kind: langvin",
      "15:11: baths.right.kind: found langvin, expected particles or langevin (did you mean langevin?)"
    ),
    (15, "    kind: demon", "15:11: baths.right.kind: found demon, expected particles or langevin"),
    (
      15, "",
      "14:3: baths.right.kind: found no such key, expected the required key kind (kind: particles or langevin)"
    ),
    (
      15, "    kin: langevin",
      "15:5: baths.right.kin: found an unknown key, expected kind, temperature, friction, site or sites (did you mean kind?)"
    ),
    (
      3, "  kind: Chain",
      "3:9: medium.kind: found Chain, expected chain, network, box, quantumBox or levels (did you mean chain?)"
    ),
    (3, "  kind: ring", "3:9: medium.kind: found ring, expected chain, network, box, quantumBox or levels"),
    (4, "", "2:1: medium.sites: found no such key, expected the required key sites"),
    (7, "", "2:1: medium.pinning: found no such key, expected the required key pinning"),
    (
      7, "  pinning: {left: 1.0}",
      "7:3: medium.pinning.right: found no such key, expected the required key right"
    ),
    (
      1, "tittle: a",
      "1:1: tittle: found an unknown key, expected title, medium, baths, drive, quantities, device, transient, run, sweep or compare (did you mean title?)"
    ),
    (1, "? [a, b]\n: 1", "1:3: found a key that is no text, expected a key of one word"),
  ]

  @Test(arguments: wrongValues + wrongKeys)
  func oneFault(line: Int, replacement: String, expected: String) {
    let found = faults(
      replacing: line == 15 || line == 3 ? [line: replacement, 21: "", 22: "", 23: ""] : [line: replacement])
    #expect(found == ["f.yaml:\(expected)"])
  }

  @Test(arguments: [
    ("replicas: 0", "replicas: found 0, expected a whole number between 1 and 1000000"),
    ("duration: 0", "duration: found 0, expected a time > 0"),
    ("burnIn: -1", "burnIn: found -1, expected a time >= 0"),
    ("timeStep: -0.1", "timeStep: found -0.1, expected a time > 0"),
    ("targetError: 1", "targetError: found 1, expected a relative error between 0 and 1, for example 0.02"),
    ("targetError: 0", "targetError: found 0, expected a relative error between 0 and 1, for example 0.02"),
    ("seed: -1", "seed: found -1, expected a whole number between 0 and 18446744073709551615"),
    (
      "seed: 18446744073709551616",
      "seed: found 18446744073709551616, expected a whole number between 0 and 18446744073709551615"
    ),
    ("seed: 1.5", "seed: found 1.5, expected a whole number between 0 and 18446744073709551615"),
  ])
  func runSettingOutOfRange(setting: String, expected: String) {
    let column = setting.prefix { $0 != ":" }.count + 5
    #expect(faults(replacing: [19: "  \(setting)", 20: ""]) == ["f.yaml:19:\(column): run.\(expected)"])
  }

  @Test func runThatIsNoMapping() {
    #expect(
      faults(replacing: [18: "run: fast", 19: "", 20: ""]) == [
        "f.yaml:18:6: run: found the text \"fast\", expected run settings, such as seed and duration"
      ])
  }

  @Test func timeStepLongerThanDuration() {
    #expect(
      faults(replacing: [19: "  duration: 1", 20: "  timeStep: 2"]) == [
        "f.yaml:20:13: run.timeStep: found 2, expected a time step no longer than the duration, 1.0"
      ])
  }

  @Test func eightFaultsGiveEight() {
    let found = faults(replacing: [
      3: "  kind: chain\n  color: red", 4: "  sites: 2.5", 5: "  mass: 0", 11: "    temperature: hot", 13: "",
      16: "    temperature: -1", 17: "    friction: 0", 20: "  replicas: 0",
    ])
    #expect(
      found.map { String($0.prefix { $0 != " " }) } == [
        "f.yaml:4:3:", "f.yaml:5:10:", "f.yaml:6:9:", "f.yaml:10:3:", "f.yaml:12:18:",
        "f.yaml:17:18:", "f.yaml:18:15:", "f.yaml:21:13:",
      ])
  }

  @Test func repeatedKeysAreReportedWithAllOtherFaults() {
    let found = faults(replacing: [
      5: "  mass: 1\n  mass: 2\n  \"mass\": 3", 16: "    temperature: -1", 23: "  values: [1, 2]\ntitle: again",
    ])
    #expect(
      found == [
        "f.yaml:6:3: medium.mass: found the key a second time, expected each key once (it is on line 5 already)",
        "f.yaml:7:3: medium.mass: found the key a second time, expected each key once (it is on line 5 already)",
        "f.yaml:18:18: baths.right.temperature: found -1, expected a temperature >= 0",
        "f.yaml:26:1: title: found the key a second time, expected each key once (it is on line 1 already)",
      ])
  }

  @Test func programmaticFaultsHaveTheirKeys() {
    let bath = AnyBath(LangevinBath(temperature: -1, friction: 1))
    let error = #expect(throws: ExperimentError.self) {
      try Experiment(
        medium: .init(Chain(sites: 2, mass: 0, pinning: 1)), contacts: [Contact("left", bath), Contact("b", bath)],
        run: RunSettings(replicas: 0), sweep: Sweep(parameter: "run.seed", values: [1, 1]))
    }
    #expect(
      error?.faults.map(\.key) == [
        "baths.b.site", "medium.mass", "baths.left.temperature", "baths.b.temperature", "run.replicas",
        "sweep.parameter", "sweep.values[1]",
      ])
    #expect(error?.faults.allSatisfy { $0.file == nil && $0.line == nil } == true)
  }
}
