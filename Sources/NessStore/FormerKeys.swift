/// How keys were written in stores before version 3, where every parameter stood in them and one version stood for all
/// engines; and what they are now.
///
/// What is said here of parameters and engines is history and never changes, whatever kinds, defaults and versions there are
/// today.
enum FormerKeys {
  /// The version of all engines that was the last.
  static let lastEngine = 5

  /// A parameter and its default, which keys leave out now; nil if a file must give it.
  typealias Parameter = (name: String, usual: String?)

  /// The parameters of media and baths by their kinds, in the order in which keys had them.
  static let parameters: [String: [Parameter]] = [
    "chain": [
      ("sites", nil), ("mass", "1.0"), ("spring", "1.0"), ("quartic", "0.0"), ("pinning.left", nil),
      ("pinning.right", nil),
    ],
    "box": [("length", nil), ("mass", "1.0")],
    "quantumBox": [("length", nil), ("mass", "1.0"), ("hbar", "1.0"), ("levels", "auto")],
    "langevin": [("temperature", nil), ("friction", nil)],
    "particles": [
      ("temperature", nil), ("count", "40"), ("friction", nil), ("coupling", nil), ("strength", "1.0"),
      ("sharpness", "2.0"), ("ring", "25.0"),
    ],
    "maxwell": [("temperature", nil)],
    "metropolis": [("temperature", nil), ("proposal", nil), ("width", nil), ("moves", "1")],
    "lindblad": [
      ("temperature", nil), ("coupling", nil), ("width", nil), ("amplitude", "unit"), ("spectrum", nil),
      ("rate", "1.0"),
    ],
  ]

  /// The settings of a run, in the order in which keys had them.
  static let settings: [Parameter] = [
    ("seed", "1"), ("replicas", "64"), ("noise", "auto"), ("duration", "auto"), ("burnIn", "auto"),
    ("timeStep", "auto"), ("targetError", "auto"),
  ]

  /// What is asked of a particle bath alone: its parameters stand in the key without a path.
  private static let subjectsOfABath: Set = ["greenKubo", "noiseCorrelation", "meanForce"]
  private static let subjectsOfARun = Set(families.keys).union(families.values).union(["run"])
  /// What the states of a run belong to.
  private static let families = ["run with budget": "state", "step check": "state of step check"]

  /// The engines on which the answer to a key depends; empty if nothing is known of it.
  private static func engines(of key: KeyText) -> [String] {
    switch key.subject {
    case let subject where subjectsOfARun.contains(subject):
      switch key.value(of: "medium.kind") {
      case "chain": ["trajectory"]
      case "box": ["kinetic"]
      case "quantumBox": ["lindblad"]
      default: []
      }
    case "heatCurrent", "heatCurrent and its bias": ["trajectory", "linear"]
    case "kineticTemperature", "ringDown", "greenKubo", "noiseCorrelation", "meanForce": ["trajectory"]
    case "box", "collisionsFromAutocorrelation": ["kinetic"]
    case "adaptive curve", "collisionsFromGap": ["kernel"]
    case "exact": key.value(of: "method") == "davies" ? ["lindblad"] : ["kernel"]
    case "onset": ["lindblad"]
    default: []
    }
  }

  /// The version of an engine where the version of all engines was `number`.
  ///
  /// What version 5 was raised for left some answers of version 4 as they are, to the bit (`OlderStoreTests` computes them
  /// anew): currents and relaxation of quantum boxes, but for the coupling `collision`, whose elements were squares of roots; the decay of
  /// correlations at a Metropolis wall; and classical boxes of unit mass (speeds were quotients of roots) with 64 replicas
  /// or more (with fewer the windows were others) at whose walls a collision is one draw (with more the run was cut into
  /// other pieces).
  private static func version(of engine: String, _ number: Int, _ key: KeyText) -> Int {
    guard number == 4 else { return number }
    func isAnywhere(_ ending: String, _ holds: (String) -> Bool) -> Bool {
      key.lines.contains { $0.path.hasSuffix(ending) && holds($0.value) }
    }
    let isUnchanged =
      switch engine {
      case "lindblad":
        (key.subject == "onset" || isAnywhere("quantity") { ["heatCurrent", "relaxationRate"].contains($0) })
          && !isAnywhere(".coupling") { $0 == "collision" }
      case "kinetic":
        key.subject == "collisionsFromAutocorrelation"
          || (isAnywhere("medium.mass") { $0 == "1.0" } && isAnywhere("replicas") { Int($0) ?? 0 >= 64 }
            && !isAnywhere(".moves") { $0 != "1" })
      default: false
      }
    return isUnchanged ? lastEngine : number
  }

  /// The key of today for one of before; nil if it is of today, or nothing is known of what it asks for.
  static func renewed(_ text: String) -> String? {
    var key = KeyText(text)
    guard key.lines.count > 1, key.lines[1].path == "engine", let number = Int(key.lines[1].value) else { return nil }
    let engines = engines(of: key).map {
      KeyText.Line(CacheKey.enginePath + $0, "\(version(of: $0, number, key))")
    }
    if engines.isEmpty { return nil }
    key.lines.replaceSubrange(1...1, with: engines)
    key.lines = blocks(of: key).flatMap { block in
      block.lines.filter { line in
        guard let parameter = block.parameter(of: line) else { return true }
        return parameter.usual != line.value
      }
    }
    return key.text
  }

  /// A key with every parameter that keys had before; its engines are left as they are.
  static func completed(_ text: String) -> String {
    var key = KeyText(text)
    key.lines = blocks(of: key).flatMap(\.completed)
    return key.text
  }

  /// The key, of before, of the family of a run, from the key of the run; nil if that is none.
  static func family(ofRun text: String) -> String? {
    var key = KeyText(text)
    guard let family = families[key.subject], let last = key.lines.lastIndex(where: { $0.path.hasPrefix("run.") })
    else {
      return nil
    }
    // What comes behind the settings is not of the family.
    key.lines = key.lines[...last].filter { !$0.path.hasPrefix("run.") || CacheKey.familySettings.contains($0.path) }
    key.lines[0] = KeyText.Line("quantity", family)
    return key.text
  }

  /// The keys that earlier versions of Ness had for what a key of today asks for, the newest first.
  static func former(_ text: String) -> [String] {
    var key = KeyText(completed(text))
    let engines = key.lines.dropFirst().prefix { $0.path.hasPrefix(CacheKey.enginePath) }
    if engines.isEmpty { return [] }
    key.lines.replaceSubrange(engines.indices, with: [KeyText.Line("engine", "")])
    return (1...lastEngine).reversed().map { number in
      key.lines[1] = KeyText.Line("engine", "\(number)")
      return key.text
    }
  }

  /// Whether the result of a key of today may have had a name that begins so.
  static func isNamed(_ beginning: String, key text: String) -> Bool {
    former(text).contains { stableHash($0.utf8).hasPrefix(beginning) && renewed($0) == text }
  }

  /// Lines that belong together: those of a medium, of a bath, of a run, or others.
  private struct Block {
    /// Begins their names.
    var path: String?
    var parameters: [Parameter] = []
    var lines: [KeyText.Line] = []

    func parameter(of line: KeyText.Line) -> Parameter? {
      path.flatMap { path in parameters.first { path + $0.name == line.path } }
    }

    /// The lines with those of all parameters, in the order that they had.
    var completed: [KeyText.Line] {
      guard let path else { return lines }
      let head = lines.prefix { parameter(of: $0) == nil }
      // A table of numbers stands behind the parameters.
      let given = lines.filter { parameter(of: $0) != nil && !$0.value.hasPrefix("[") }
      let isThermalising = given.contains(KeyText.Line(path + "coupling", "maxwell"))
      let known = parameters.compactMap { parameter -> KeyText.Line? in
        if isThermalising, parameter.name == "amplitude" { return nil }
        return given.first { $0.path == path + parameter.name }
          ?? parameter.usual.map { KeyText.Line(path + parameter.name, $0) }
      }
      return head + known + lines[head.endIndex...].filter { !given.contains($0) }
    }
  }

  private static func blocks(of key: KeyText) -> [Block] {
    var blocks: [Block] = []
    for line in key.lines {
      if line.path == "medium.kind" || (line.path.hasPrefix("baths.") && line.path.hasSuffix(".kind")) {
        let path = String(line.path.dropLast("kind".count))
        blocks.append(Block(path: path, parameters: parameters[line.value] ?? [], lines: [line]))
      } else if let path = blocks.last?.path, line.path.hasPrefix(path) {
        blocks[blocks.count - 1].lines.append(line)
      } else if line.path.hasPrefix("run.") {
        blocks.append(Block(path: "run.", lines: [line]))
      } else if blocks.isEmpty || blocks[blocks.count - 1].path != nil {
        blocks.append(Block(lines: [line]))
      } else {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    if subjectsOfABath.contains(key.subject), blocks.count == 1 {
      blocks[0].path = ""
      blocks[0].parameters = parameters["particles"] ?? []
    }
    if subjectsOfARun.contains(key.subject), let place = blocks.lastIndex(where: { $0.path != nil }) {
      if blocks[place].path != "run." { blocks.insert(Block(path: "run."), at: place + 1) }
      let isWhole = !families.values.contains(key.subject)
      blocks[blocks[place].path == "run." ? place : place + 1].parameters = settings.filter {
        isWhole || CacheKey.familySettings.contains("run.\($0.name)")
      }
    }
    return blocks
  }
}

/// A key as lines of a path and a value.
struct KeyText {
  struct Line: Hashable {
    let path: String
    let value: String

    init(_ path: String, _ value: String) {
      self.path = path
      self.value = value
    }
  }

  var lines: [Line]

  init(_ text: String) {
    lines = text.split(separator: "\n").map { line in
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Line(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }

  var text: String { lines.map { "\($0.path)=\($0.value)\n" }.joined() }

  /// What is asked for: the value of the first line.
  var subject: String { lines.first?.value ?? "" }

  /// The value of the first line with a path.
  func value(of path: String) -> String? { lines.first { $0.path == path }?.value }
}

extension CacheKey {
  /// The key with every parameter that keys had before version 3 of the store, for what follows from their text and has to
  /// stay as it is.
  package var completed: CacheKey { CacheKey(text: FormerKeys.completed(description)) }

  /// The names under which earlier versions of Ness kept what this key asks for, each with the name that it has now; the one
  /// of an older engine has another name than this key.
  package var formerNames: [String: String] {
    let texts = FormerKeys.former(description).compactMap { text in FormerKeys.renewed(text).map { (text, $0) } }
    return Dictionary(texts.map { (stableHash($0.utf8), stableHash($1.utf8)) }) { first, _ in first }
  }
}
