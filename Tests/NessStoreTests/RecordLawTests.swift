import Foundation
import NessFiles
import NessModel
import NessStatistics
import NessStore
import Testing

/// Whatever is answered comes back from every record: each family of quantities, as a number or with axes, sampled or not.
@Suite("Laws of records")
struct RecordLawTests {
  /// An entry to be written down.
  struct Case: Sendable, CustomTestStringConvertible {
    let entry: Answer.Entry
    var testDescription: String {
      "\(entry.quantity) by \(entry.method)\(entry.axes.map { ", \($0.name) \($0.count)" }.joined())"
    }
  }

  private static let claim = Claim(.approximation, "made up, with \"quotes\" and a τ")

  /// Numbers that no rounding survives, every third one sampled, some with a budget.
  private static func estimates(_ count: Int) -> ([Estimate], [ErrorBudget?]) {
    let all = (0..<count).map { index -> (Estimate, ErrorBudget?) in
      let value = 0.1 + 0.2 * Double(index) - (index == 1 ? 1e-300 : 0)
      let budget = ErrorBudget(
        statistical: 0.01, timeStep: .init(-1e-3 / 3, .linear), burnIn: .init(1e-4, .estimate),
        truncation: .init(Double(index), .measured))
      return index % 3 == 0
        ? (.statistical(value, standardError: 0.01, effectiveSamples: 17.5 + Double(index)), index == 0 ? budget : nil)
        : (.numerical(value, bound: 1e-9 / 3), index == 2 ? budget : nil)
    }
    return (all.map(\.0), all.map(\.1))
  }

  private static func number(_ quantity: Quantity, _ method: NessModel.Method) -> Case {
    let (estimates, budgets) = estimates(1)
    return Case(entry: .init(quantity, method, estimates[0], budget: budgets[0], claim: claim))
  }

  private static func array(_ quantity: Quantity, _ axes: [Answer.Axis]) -> Case {
    let (estimates, budgets) = estimates(axes.reduce(1) { $0 * $1.count })
    return Case(entry: .init(quantity, .memory, axes: axes, estimates, budgets: budgets, claim: claim))
  }

  /// Every family as it is answered today, and beyond that axes of names and of a continuous variable, and two axes.
  static let cases: [Case] =
    Quantity.Family.allCases.flatMap { family -> [Case] in
      switch family.members {
      case .one: return [number(.all(family), .markov), number(.all(family), .simulation)]
      case .ofBath: return ["left", "a-b_2"].map { number(.all(family, bath: $0), .markov) }
      case .ofBathOrOne: return [nil, "left"].map { number(.all(family, bath: $0), .corrected) }
      case .numbered(let name):
        return [
          array(.all(family), [.init(name, values: [1, 2, 5, 64])]), array(.all(family), [.init(name, values: [3])]),
        ]
      case .along(let axes):
        return [array(.all(family), axes.map { .init($0, names: ["left", "right"]) })]
      }
    } + [
      array(.all(.density), [.init("angularFrequency", dimension: "1/time", values: [0.25, 0.1 + 0.2, 1e-7])]),
      array(.all(.heatFrom, bath: "left"), [.init("order", values: [1, 2])]),
      array(.all(.density), [.init("part", values: [1, 2, 3]), .init("bath", names: ["left", "right, too"])]),
      array(
        .all(.density),
        [.init("part", values: [2]), .init("bath", names: ["left", "right"]), .init("time", values: [0, 0.5, 1])]),
    ]

  private func point(_ one: Case) -> PointResult {
    PointResult(parameters: [.init(path: "medium.spring", value: 0.1)], estimates: [one.entry], notes: ["a"])
  }

  @Test("JSON", arguments: cases) func json(one: Case) throws {
    let document = ResultDocument(title: "t", points: [point(one), PointResult()])
    let text = try document.json()
    #expect(try ResultDocument(json: text) == document && ResultDocument(json: text).json() == text)
    #expect(text.hasPrefix("{\n  \"version\": 2,"))
    // A reader that knows nothing of Ness finds as many numbers as the axes say.
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let points = try #require(tree["points"] as? [[String: Any]])
    let entry = try #require((points[0]["estimates"] as? [[String: Any]])?.first)
    #expect((entry["value"] != nil) == one.entry.axes.isEmpty && (entry["axes"] == nil) == one.entry.axes.isEmpty)
    var rows = entry["values"] ?? [entry["value"]]
    for axis in one.entry.axes {
      let list = try #require(rows as? [Any])
      #expect(list.count == axis.count)
      rows = list[0]
    }
    #expect(one.entry.axes.isEmpty || rows is Double)
  }

  /// The form of version 1: no version, and a number for each place.
  @Test(
    "JSON of version 1",
    arguments: cases.filter {
      $0.entry.axes.count < 2 && $0.entry.axes.first?.name != "angularFrequency" && $0.entry.quantity.bath == nil
        && !$0.entry.quantity.family.isOnRequest && $0.entry.quantity.family != .observable
        && !Quantity.Family.ofTransients.contains($0.entry.quantity.family)
    })
  func versionOne(one: Case) throws {
    let lines = one.entry.members.map { member -> String in
      var text = "{\"quantity\": \"\(member.quantity)\", \"method\": \"\(member.method.rawValue)\", "
      text += "\"value\": \(member.estimate.value), \"uncertainty\": \(member.estimate.error), "
      if case .statistical(_, let samples) = member.estimate.uncertainty {
        text += "\"kind\": \"statistical\", \"effectiveSamples\": \(samples)}"
      } else {
        text += "\"kind\": \"numerical\"}"
      }
      return text
    }
    let claims = "[{\"method\": \"\(one.entry.method.rawValue)\", \"validity\": \"exact\", \"words\": \"as before\"}]"
    let text =
      "{\"points\": [{\"parameters\": {}, \"estimates\": [\(lines.joined(separator: ", "))]}], \"methods\": \(claims)}"
    let found = try ResultDocument(json: text).points[0].estimates
    #expect(found.count == 1 && found[0].quantity == one.entry.quantity && found[0].axes == one.entry.axes)
    #expect(found[0].estimates == one.entry.estimates && found[0].claim == Claim(.exact, "as before"))
    // A point alone, as older stores have it, says nothing of its claim.
    let alone = try JSONDecoder().decode(
      PointResult.self, from: Data("{\"parameters\": {}, \"estimates\": [\(lines.joined(separator: ", "))]}".utf8))
    #expect(alone.estimates[0].claim == .unstated(one.entry.method) && !alone.estimates[0].claim.isExact)
  }

  @Test("the store and its exports", arguments: cases) func store(one: Case) throws {
    let sample = try StoreSample()
    let store = try sample.store()
    // A second result without some of the places.
    let first = point(one)
    let second = PointResult(
      estimates: [one.entry].keeping { $0.quantity != one.entry.members[0].quantity }, notes: ["b"])
    try store.save(first, for: StoreSample.key(1), summary: StoreSample.summary(1))
    try store.save(second, for: StoreSample.key(2), summary: StoreSample.summary(2))
    #expect(try store.load(PointResult.self, for: StoreSample.key(1)) == first)
    let details = try store.results().map { try store.detail(of: $0) }.sorted {
      $0.result.summary.title < $1.result.summary.title
    }
    let export = try ResultExport(details, from: store.path)
    let exported = try ResultDocument(json: try export.json(ness: "test"))
    #expect(exported.points.map(\.estimates) == [first.estimates, second.estimates])
    try checkArrays(export.numPyArchive(), first, second)
    let table = Self.rows(export.csv())
    for member in first.members {
      let name = "\(member.quantity) \(member.method.rawValue)"
      let column = try #require(table[0].firstIndex(of: "\(name) [\(member.quantity.dimension)]"))
      #expect(table[1][column] == "\(member.estimate.value)" && table[1][column + 1] == "\(member.estimate.error)")
      #expect(table[2][column].isEmpty == (second.member(member.quantity, member.method) == nil))
    }
  }

  @Test("CSV", arguments: cases) func csv(one: Case) throws {
    let table = Self.rows(ResultDocument(points: [point(one)]).csv())
    let members = one.entry.members
    #expect(Set(table[0]).count == table[0].count && table[1].count == table[0].count)
    for member in members {
      let column = try #require(
        table[0].firstIndex(of: "\(member.quantity) \(member.method.rawValue) [\(member.quantity.dimension)]"))
      #expect(
        Double(table[1][column]) == member.estimate.value && Double(table[1][column + 1]) == member.estimate.error)
    }
  }

  @Test("one member is found by its name, and nothing else is", arguments: cases) func members(one: Case) {
    let answer = Answer(entries: [one.entry])
    for (member, estimate) in zip(one.entry.members, one.entry.estimates) {
      #expect(answer.estimate(member.quantity, by: one.entry.method) == estimate && member.claim == one.entry.claim)
      #expect(answer.estimate(member.quantity, by: .local) == nil)
    }
    #expect(Set(one.entry.members.map(\.quantity)).count == one.entry.estimates.count)
    #expect(answer.estimate(.all(one.entry.quantity.family, bath: "nobody"), by: one.entry.method) == nil)
    #expect(one.entry.members.gathered().members == one.entry.members)
  }

  /// Arrays that do not fit their axes are no result.
  @Test func arraysOfAnotherShapeAreRefused() throws {
    let axes = "\"axes\": [{\"name\": \"site\", \"values\": [1, 2]}]"
    func text(_ axes: String, _ values: String, errors: String = "[0, 0]") -> String {
      "{\"version\": 2, \"points\": [{\"parameters\": {}, \"estimates\": [{\"quantity\": \"kineticTemperature\", "
        + "\"method\": \"memory\", \(axes), \"values\": \(values), \"uncertainties\": \(errors), \"kind\": \"numerical\"}]}]}"
    }
    #expect(try ResultDocument(json: text(axes, "[1, 2]")).points[0].members.count == 2)
    for wrong in [
      text(axes, "[1]"), text(axes, "[[1, 2]]"), text(axes, "1"), text(axes, "[1, 2]", errors: "[0]"),
      text("\"axes\": []", "[1, 2]"), text("\"axes\": [{\"name\": \"site\"}]", "[]"), text(axes, "[1, null]"),
      text(axes, "[1, 2]").replacing("\"version\": 2", with: "\"version\": 3"),
      text(axes, "[1, 2]").replacing("kineticTemperature", with: "luck"),
    ] {
      #expect(throws: ResultError.self) { try ResultDocument(json: wrong) }
    }
  }

  // MARK: readers of their own

  /// Cells of a table, with quotes taken off.
  private static func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in
      var (cells, isQuoted) = ([""], false)
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: cells.append("")
        default: cells[cells.count - 1].append(character)
        }
      }
      return cells
    }
  }

  private func checkArrays(_ archive: Data, _ first: PointResult, _ second: PointResult) throws {
    let arrays = try Self.arrays(archive)
    for entry in first.estimates {
      let name = "\(entry.quantity) \(entry.method.rawValue)"
      let (values, errors) = (try #require(arrays[name]), try #require(arrays["\(name) uncertainty"]))
      #expect(values.shape == [2] + entry.axes.map(\.count) && errors.shape == values.shape)
      // Places are sorted.
      let places = try entry.axes.map { axis -> [Int] in
        guard case .values(let here) = axis.places else { return Array(0..<axis.count) }
        let told = try #require(arrays["\(name) \(axis.name)"])
        #expect(Set(told.numbers) == Set(here))
        return try here.map { place in try #require(told.numbers.firstIndex(of: place)) }
      }
      let flat = zip(entry.axes, places).reduce([0]) { rows, axis in
        rows.flatMap { row in axis.1.map { row * axis.0.count + $0 } }
      }
      let size = entry.estimates.count
      for ((place, estimate), member) in zip(zip(flat, entry.estimates), entry.members) {
        #expect(values.numbers[place] == estimate.value && errors.numbers[place] == estimate.error)
        // What is left of a matrix are single numbers, which are arrays of their own.
        let left = second.estimates.filter { $0.axes.count == entry.axes.count }
        #expect(values.numbers[size + place].isNaN == (left.member(member.quantity, by: member.method) == nil))
      }
    }
  }

  /// The arrays of doubles of an archive, read by the format alone.
  private static func arrays(_ archive: Data) throws -> [String: (shape: [Int], numbers: [Double])] {
    let bytes = [UInt8](archive)
    func whole(_ place: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
    var arrays: [String: (shape: [Int], numbers: [Double])] = [:]
    var place = 0
    while whole(place, 4) == 0x0403_4b50 {
      let (size, name) = (whole(place + 18, 4), whole(place + 26, 2))
      let body = place + 30 + name + whole(place + 28, 2)
      let title = String(decoding: bytes[(place + 30)..<(place + 30 + name)], as: UTF8.self).dropLast(4)
      let start = body + 10 + whole(body + 8, 2)
      let header = String(decoding: bytes[(body + 10)..<start], as: UTF8.self)
      if header.contains("'<f8'") {
        let shape = try #require(header.split(separator: "(").last?.split(separator: ")").first)
        let counts = shape.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        let numbers = stride(from: start, to: body + size, by: 8).map { place in
          Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) })
        }
        #expect(numbers.count == counts.reduce(1, *))
        arrays[String(title)] = (counts, numbers)
      }
      place = body + size
    }
    return arrays
  }
}
