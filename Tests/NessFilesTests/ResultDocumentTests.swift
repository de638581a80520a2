import Foundation
import NessFiles
import NessModel
import NessStatistics
import Testing

struct ResultDocumentTests {
  private let parameter = ParameterValue(path: "baths.left.temperature", value: 20)
  private let exact = Answer.Entry(
    .heatCurrent, .memory, .numerical(0.1387, bound: 1e-9), claim: Claim(.exact, "finite chain"))
  private let sampled = Answer.Entry(
    .heatCurrent, .simulation, .statistical(0.1365, standardError: 0.0039, effectiveSamples: 5200),
    claim: Claim(.sampled, "full dynamics"))

  private var full: ResultDocument {
    let run = RunInfo(
      seed: .max, timeStep: 0.002, burnIn: 200, duration: 2000, replicas: 64, stopReason: "duration reached",
      wallSeconds: 1.5)
    let others: [Quantity] = [
      .heat(from: "left"), .bondHeatCurrent(bond: 3), .kineticTemperature(site: 1), .effectiveFriction(bath: nil),
      .effectiveFriction(bath: "left"), .effectiveStiffness(bath: "a-b_c"), .meanDisplacement(site: 12),
    ]
    let answers = [
      Answer(entries: [exact], notes: ["a", "b"]), Answer(entries: [sampled], notes: ["b"]),
      Answer(entries: others.map { Answer.Entry($0, .corrected, .numerical(.ulpOfOne, bound: 0)) }),
    ]
    let point = PointResult(
      parameters: [parameter], answers: answers, refusals: [Refusal(.asymptotic, "\"no\"\n\u{1}")], run: run)
    return ResultDocument(title: "τ", ness: "0.1.0", interrupted: true, points: [point, PointResult()])
  }

  @Test func jsonIsThatOfTheDesign() throws {
    let document = ResultDocument(
      title: "...", points: [PointResult(parameters: [parameter], estimates: [exact, sampled])])
    let expected = """
      {
        "version": 2,
        "title": "...",
        "points": [
          {
            "parameters": {
              "baths.left.temperature": 20.0
            },
            "estimates": [
              {
                "quantity": "heatCurrent",
                "method": "memory",
                "validity": "exact",
                "value": 0.1387,
                "uncertainty": 1e-09,
                "kind": "numerical"
              },
              {
                "quantity": "heatCurrent",
                "method": "simulation",
                "validity": "sampled",
                "value": 0.1365,
                "uncertainty": 0.0039,
                "kind": "statistical",
                "effectiveSamples": 5200.0
              }
            ]
          }
        ],
        "methods": [
          {
            "method": "simulation",
            "validity": "sampled",
            "words": "full dynamics"
          },
          {
            "method": "memory",
            "validity": "exact",
            "words": "finite chain"
          }
        ]
      }

      """
    #expect(try document.json() == expected)
  }

  /// A method that claims different things at different points keeps each.
  @Test func claimsSurviveJSON() throws {
    let claims = [Claim(.exact, "a"), Claim(.approximation, "b"), Claim(.exact, "c"), nil]
    let points = claims.map { claim in
      PointResult(estimates: [
        sampled, Answer.Entry(.heatCurrent, .memory, .numerical(1, bound: 0), claim: claim),
        Answer.Entry(.heatCurrent, .markov, .numerical(1, bound: 0), claim: Claim(.exact, "d")),
      ])
    }
    let document = ResultDocument(points: Array(points.prefix(3)))
    #expect(try ResultDocument(json: document.json()) == document)
    #expect(document.claim(of: .memory).validity == .approximation)
    #expect(document.methods.map(\.method) == [.simulation, .memory, .memory, .markov, .memory])
    for point in points {
      let text = try OrderedJSON.text(of: point)
      #expect(try JSONDecoder().decode(PointResult.self, from: Data(text.utf8)) == point)
    }
  }

  /// Version 0.1 wrote what methods claim for a document as a whole, and for a kept point nothing.
  @Test func claimsOfBeforeAreTakenAsTheyStand() throws {
    let text = """
      {"points": [{"parameters": {}, "estimates": [
        {"quantity": "heatCurrent", "method": "simulation", "value": 1, "uncertainty": 0.1, "kind": "numerical"},
        {"quantity": "heatCurrent", "method": "markov", "value": 1, "uncertainty": 0.1, "kind": "numerical"},
        {"quantity": "heatCurrent", "method": "memory", "value": 1, "uncertainty": 0.1, "kind": "numerical"}]}],
       "methods": [{"method": "markov", "validity": "exact", "words": "finite chain"}]}
      """
    let entries = try ResultDocument(json: text).points[0].estimates
    #expect(entries.map(\.claim) == [.unstated(.simulation), Claim(.exact, "finite chain"), .unstated(.memory)])
    #expect(entries.map(\.claim.validity) == [.sampled, .exact, .approximation])
  }

  @Test func theBudgetStandsBesideItsEstimate() throws {
    let budget = ErrorBudget(
      statistical: 0.0039, timeStep: .init(-0.0002, .linear), burnIn: .init(1e-5, .measured))
    let document = ResultDocument(points: [
      PointResult(estimates: [Answer.Entry(.heatCurrent, .simulation, sampled.estimate, budget: budget), exact])
    ])
    let text = try document.json()
    #expect(try ResultDocument(json: text) == document)
    let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    let start = try #require(lines.firstIndex { $0.hasPrefix("\"budget\"") })
    #expect(
      Array(lines[start..<(start + 10)]) == [
        "\"budget\": {", "\"statistical\": 0.0039,", "\"timeStep\": -0.0002,", "\"burnIn\": 1e-05,",
        "\"truncation\": 0.0,", "\"basis\": {", "\"timeStep\": \"linear\",", "\"burnIn\": \"measured\",",
        "\"truncation\": \"none\"", "}",
      ])
    let rows = document.csv().split(separator: "\n")
    #expect(rows[0].contains("heatCurrent simulation systematic [energy/time]"))
    #expect(!rows[0].contains("memory systematic"))
    #expect(rows[1] == "0.1365,0.0039,\(budget.systematic),0.1387,1e-09")
    #expect(abs(budget.systematic - 0.00021) < 1e-15 && budget.knownBias == -0.0002)
  }

  @Test func everythingSurvivesJSON() throws {
    let text = try full.json()
    let again = try ResultDocument(json: text)
    #expect(again == full)
    #expect(try again.json() == text)
    #expect(full.points[0].notes == ["a", "b"])
    #expect(text.hasSuffix("}\n"))
  }

  @Test(arguments: [0, -0.0, 0.1 + 0.2, 1e22, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude, 1.0 / 3])
  func numbersSurviveJSONBitByBit(value: Double) throws {
    let entry = Answer.Entry(.heatCurrent, .markov, .numerical(value, bound: abs(value)))
    let text = try ResultDocument(points: [PointResult(estimates: [entry])]).json()
    let again = try ResultDocument(json: text).points[0].estimates[0].estimate
    #expect(again.value.bitPattern == value.bitPattern)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func numbersThatAreNotFiniteAreRefused(value: Double) {
    let bad = Answer.Entry(.heatCurrent, .markov, .numerical(1, bound: value))
    let document = ResultDocument(points: [PointResult(estimates: [exact, bad])])
    #expect(throws: ResultError.notFinite(path: "points.0.estimates.1.uncertainty")) { try document.json() }
    let swept = PointResult(parameters: [ParameterValue(path: "a.b", value: value)])
    #expect(throws: ResultError.notFinite(path: "points.0.parameters.a.b")) {
      try ResultDocument(points: [swept]).json()
    }
  }

  @Test(arguments: [
    "", "[]", "{}", "{\"points\": [{}]}",
    "{\"points\": [{\"parameters\": {}, \"estimates\": [{\"quantity\": \"luck\", \"method\": \"memory\"}]}]}",
  ])
  func otherTextsAreRefused(text: String) {
    let error = #expect(throws: ResultError.self) { try ResultDocument(json: text) }
    #expect(error?.description.hasPrefix("not a result document of Ness: ") == true)
  }

  @Test(arguments: [
    "heatCurrent.left", "heatFrom", "heatFrom.", "bondHeatCurrent", "kineticTemperature[x]", "kineticTemperature[0]",
    "luck", "", "[1]",
  ])
  func quantitiesThatDoNotExist(name: String) {
    #expect(Quantity(name) == nil)
  }

  @Test func everySweptParameterHasAColumnAndAKey() throws {
    let other = ParameterValue(path: "medium.spring", value: 0.5)
    let point = PointResult(parameters: [parameter, other], estimates: [exact])
    var document = ResultDocument(points: [point])
    document.notes = ["of the whole"]
    #expect(document.csv().hasPrefix("baths.left.temperature,medium.spring,heatCurrent memory"))
    #expect(document.csv().hasSuffix("\n20.0,0.5,0.1387,1e-09\n"))
    let text = try document.json()
    #expect(text.contains("\"medium.spring\": 0.5") && text.contains("\"baths.left.temperature\": 20.0"))
    #expect(try ResultDocument(json: text) == document)
  }

  @Test func tableHasUnitsAndLeavesGapsEmpty() {
    let second = PointResult(
      parameters: [ParameterValue(path: "baths.left.temperature", value: 40)],
      estimates: [sampled, Answer.Entry(.effectiveFriction(bath: "a,b"), .printed, .numerical(2, bound: 0))])
    let document = ResultDocument(points: [PointResult(parameters: [parameter], estimates: [exact]), second])
    let expected = """
      baths.left.temperature [energy],heatCurrent memory [energy/time],heatCurrent memory uncertainty [energy/time],\
      heatCurrent simulation [energy/time],heatCurrent simulation uncertainty [energy/time],\
      "effectiveFriction.a,b printed [mass/time]","effectiveFriction.a,b printed uncertainty [mass/time]"
      20.0,0.1387,1e-09,,,,
      40.0,,,0.1365,0.0039,2.0,0.0

      """
    #expect(document.csv { $0 == "baths.left.temperature" ? "energy" : nil } == expected)
  }
}
