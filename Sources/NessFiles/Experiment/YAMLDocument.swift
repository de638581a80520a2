import Foundation
import NessModel
import Yams

/// A YAML text as a tree of nodes in which repeated keys are kept, so that they can be reported together with every
/// other fault. (Yams refuses the whole document at the first repeated key: it gets a text in which the first letter
/// of every such key is a private character, and the true letter is put back while reading.)
struct YAMLDocument {
  /// The tree; nil for an empty document.
  let root: Node?
  private let trueLetters: [Unicode.Scalar: Unicode.Scalar]

  /// The name of a key as it is in the file; nil if the key is no text.
  func name(of key: Node) -> String? {
    guard let name = key.scalar?.string else { return nil }
    guard let first = name.unicodeScalars.first, let letter = trueLetters[first] else { return name }
    return String(letter) + String(String.UnicodeScalarView(name.unicodeScalars.dropFirst()))
  }

  /// Parses a text.
  ///
  /// - Throws: `FileFault` (as `ExperimentError`) for text that is no YAML.
  init(_ text: String) throws(ExperimentError) {
    if let fault = YAMLBounds.fault(in: text) { throw ExperimentError(faults: [fault]) }
    var lines = Self.lines(of: text)
    var trueLetters: [Unicode.Scalar: Unicode.Scalar] = [:]
    var unused = Self.privateCharacters(notIn: text)[...]
    while true {
      do {
        root = try Yams.compose(yaml: lines.map { String(String.UnicodeScalarView($0)) }.joined())
        self.trueLetters = trueLetters
        return
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        guard let stand = unused.popFirst(),
          let letter = Self.replaceFirstLetter(of: names.sorted(), at: context.mark, in: &lines, by: stand)
        else { throw ExperimentError(faults: [Self.duplicateFault(names, context.mark)]) }
        trueLetters[stand] = letter
      } catch {
        throw ExperimentError(faults: [Self.syntaxFault(error)])
      }
    }
  }

  /// At most this many repeated keys are told apart.
  private static let mostDuplicates = 64

  private static func privateCharacters(notIn text: String) -> [Unicode.Scalar] {
    let present = Set(text.unicodeScalars.filter { (0xE000...0xF8FF).contains($0.value) })
    let free = (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar(UInt32($0)) }.filter { !present.contains($0) }
    return Array(free.prefix(mostDuplicates))
  }

  /// The text in lines as libyaml counts them, each with its line break.
  private static func lines(of text: String) -> [[Unicode.Scalar]] {
    let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    var lines: [[Unicode.Scalar]] = [[]]
    var before: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if let last = before, breaks.contains(last), !(last == "\r" && scalar == "\n") { lines.append([]) }
      lines[lines.count - 1].append(scalar)
      before = scalar
    }
    return lines
  }

  /// Replaces the first letter of the key at a mark; nil if none of the names stands there letter by letter.
  private static func replaceFirstLetter(
    of names: [String], at mark: Mark, in lines: inout [[Unicode.Scalar]], by stand: Unicode.Scalar
  ) -> Unicode.Scalar? {
    guard lines.indices.contains(mark.line - 1) else { return nil }
    let line = lines[mark.line - 1]
    var column = mark.column - 1
    if line.indices.contains(column), line[column] == "\"" || line[column] == "'" { column += 1 }
    let here = names.contains { name in
      !name.isEmpty && column >= 0 && line.dropFirst(column).starts(with: name.unicodeScalars)
    }
    guard here else { return nil }
    lines[mark.line - 1][column] = stand
    return line[column]
  }

  private static func duplicateFault(_ names: [String], _ mark: Mark) -> FileFault {
    FileFault(
      line: mark.line, column: mark.column, key: shortened(names.sorted().first ?? ""),
      found: "the key more than once", expected: "each key once")
  }

  private static func syntaxFault(_ error: any Error) -> FileFault {
    func fault(_ context: YamlError.Context?, _ problem: String, _ mark: Mark, _ yaml: String) -> FileFault {
      let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
      let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
      let reason = context.map { "\(problem) (\($0.text), line \($0.mark.line))" } ?? problem
      return FileFault(
        line: mark.line, column: mark.column, key: "", found: "a YAML syntax error: \(reason)",
        expected: "valid YAML", remedy: remedy(for: problem, in: line))
    }
    switch error {
    case YamlError.scanner(let context, let problem, let mark, let yaml),
      YamlError.parser(let context, let problem, let mark, let yaml),
      YamlError.composer(let context, let problem, let mark, let yaml):
      return fault(context, problem, mark, yaml)
    case YamlError.reader(let problem, let offset, let value, let yaml):
      let before = offset.map { yaml.prefix($0) } ?? ""
      let line = before.count(where: \.isNewline) + 1
      let character = value >= 0 ? ", character U+\(String(value, radix: 16, uppercase: true))" : ""
      return FileFault(
        line: line, key: "", found: "a YAML syntax error: \(problem)\(character)", expected: "valid YAML")
    default:
      return FileFault(key: "", found: "a YAML error: \(shortened("\(error)"))", expected: "valid YAML")
    }
  }

  private static func remedy(for problem: String, in line: Substring) -> String? {
    if problem.contains("cannot start any token") { return "indent with spaces, not tabs" }
    let isNumbered = line.contains { $0.isLetter } && zip(line, line.dropFirst()).contains { $0.isLetter && $1 == "[" }
    if isNumbered, problem.contains("did not find expected ',' or ']'") {
      return "within a list a name with brackets needs quotes: \"kineticTemperature[1]\""
    }
    if problem.contains("mapping values are not allowed") || problem.contains("did not find expected key")
      || problem.contains("could not find expected ':'")
    {
      return "is this line or the one before indented wrongly, or does a text with a colon lack quotes?"
    }
    return problem.contains("another document") ? "write one experiment in a file" : nil
  }
}
