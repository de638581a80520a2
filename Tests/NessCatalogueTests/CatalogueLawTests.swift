import NessFiles
import NessModel
import NessStore
import Testing

/// What holds for every kind of medium and bath, by its descriptor alone.
@Suite("Laws of the catalogue: files, sweeps, keys")
struct CatalogueLawTests {
  @Test("There are entries, and each has a name of its own")
  func names() {
    let kinds = Catalogue.media.map { $0.kind.key } + Catalogue.baths.map { $0.kind.key }
    #expect(Set(kinds).count == kinds.count)
    // Every bath touches some medium, and every medium some bath.
    let covered = Set(Entry.all.map { $0.kind.kind.key })
    #expect(covered == Set(kinds))
    for kind in Catalogue.media.map({ $0 as any Described.Type }) + Catalogue.baths.map({ $0 as any Described.Type }) {
      #expect(!kind.kind.title.isEmpty && !kind.kind.meaning.isEmpty)
      #expect(kind.defaults.allSatisfy { !$0.description.meaning.isEmpty && !$0.description.name.isEmpty })
    }
  }

  @Test("What is written is read again, bytes and all", arguments: Entry.all)
  func roundTrip(entry: Entry) throws {
    let experiment = try entry.experiment()
    let again = try Experiment(yaml: experiment.yaml(), file: "f.yaml")
    #expect(again == experiment && again.yaml() == experiment.yaml())
    for parameter in entry.numbers {
      let changed = try #require(entry.with(parameter.name, try Entry.values(parameter)[0]))
      let other = try changed.experiment()
      #expect(try Experiment(yaml: other.yaml(), file: "f.yaml") == other && other != experiment, "\(parameter.name)")
    }
  }

  /// A file with nothing but what must be given has the defaults that the descriptor states; without one of those keys
  /// it is refused at that key.
  @Test("Defaults and required keys", arguments: Entry.all)
  func defaults(entry: Entry) throws {
    let lines = try entry.experiment().yaml().split(separator: "\n").map(String.init)
    let ofOwner = Self.lines(of: entry.owner, in: lines)
    func key(_ line: Int) -> String { String(lines[line].trimmingPrefix { $0 == " " }.prefix { $0 != ":" }) }
    let isNeeded = Dictionary(entry.parameters.map { ($0.name, $0.description.isRequired) }) { first, _ in first }
    let optional = ofOwner.filter { isNeeded[key($0)] == false && lines[$0] != lines[$0 + 1] }
    let isDefault = optional.filter { line in
      entry.kind.defaults.contains { $0.name == key(line) && $0.text.map { lines[line].hasSuffix(": \($0)") } == true }
    }
    let short = lines.indices.filter { !isDefault.contains($0) }.map { lines[$0] }.joined(separator: "\n") + "\n"
    #expect(try Experiment(yaml: short, file: "f.yaml") == entry.experiment())
    for line in ofOwner where isNeeded[key(line)] == true {
      let without = lines.indices.filter { $0 != line }.map { lines[$0] }.joined(separator: "\n") + "\n"
      let error = #expect(throws: ExperimentError.self) { try Experiment(yaml: without, file: "f.yaml") }
      #expect(error?.faults.contains { $0.key == "\(entry.owner).\(key(line))" } == true, "\(key(line))")
    }
  }

  /// The lines of the keys of the medium or of the left bath.
  private static func lines(of owner: String, in lines: [String]) -> Range<Int> {
    let head = owner == "medium" ? "medium:" : "  left:"
    let end = owner == "medium" ? "baths:" : "  right:"
    return ((lines.firstIndex(of: head) ?? 0) + 1)..<(lines.firstIndex(of: end) ?? 0)
  }

  @Test("Every number can be swept, and reaches the model", arguments: Entry.all)
  func sweeps(entry: Entry) throws {
    for parameter in entry.numbers {
      let path = "\(entry.owner).\(parameter.name)"
      let values = try Entry.values(parameter)
      let experiment = try entry.experiment(sweep: Sweep(parameter: path, values: values))
      let points = experiment.points()
      #expect(points.map(\.parameters) == values.map { [ParameterValue(path: path, value: $0)] })
      #expect(points[0].model != points[1].model, "\(path)")
      #expect(experiment.dimension(ofParameter: path) == parameter.dimension)
      #expect(try Experiment(yaml: experiment.yaml(), file: "f.yaml") == experiment)
    }
    for word in entry.parameters where word.words != nil {
      let sweep = Sweep(parameter: "\(entry.owner).\(word.name)", values: [1, 2])
      #expect(throws: ExperimentError.self) { try entry.experiment(sweep: sweep) }
    }
  }

  @Test("Values out of range are refused at their key, with the range", arguments: Entry.all)
  func ranges(entry: Entry) throws {
    for parameter in entry.numbers {
      let range = try #require(parameter.description.range, "\(parameter.name)")
      for value in range.impossible {
        #expect(!range.contains(value))
        guard let changed = entry.with(parameter.name, value) else { continue }
        let error = #expect(throws: ExperimentError.self, "\(parameter.name) = \(value)") { try changed.experiment() }
        let key = "\(entry.owner).\(parameter.name)"
        #expect(error?.faults.contains { $0.key == key || $0.key.hasPrefix("\(key).") } == true, "\(key) = \(value)")
      }
      for value in try Entry.values(parameter) { #expect(range.contains(value)) }
    }
  }

  @Test("Words that are none of the choices are refused, and the choices told", arguments: Entry.all)
  func words(entry: Entry) throws {
    let text = try entry.experiment().yaml()
    for parameter in entry.parameters {
      guard let words = parameter.words, let word = parameter.text else { continue }
      let indent = entry.owner == "medium" ? "  " : "    "
      let wrong = text.replacing(
        "\(indent)\(parameter.name): \(word)\n", with: "\(indent)\(parameter.name): qqqqqqqq\n")
      let error = #expect(throws: ExperimentError.self) { try Experiment(yaml: wrong, file: "f.yaml") }
      let fault = try #require(error?.faults.first { $0.key == "\(entry.owner).\(parameter.name)" })
      #expect(words.allSatisfy(fault.expected.contains))
    }
  }

  @Test("Equal models have equal keys; any parameter makes another one", arguments: Entry.all)
  func keys(entry: Entry) throws {
    func key(_ entry: Entry) throws -> CacheKey {
      CacheKey(CacheKey.lines(for: try entry.experiment().points()[0].model))
    }
    let base = try key(entry)
    #expect(try key(entry) == base)
    var seen: Set<CacheKey> = [base]
    // One number for both ends is the two that follow it.
    for parameter in entry.numbers where parameter.description.form != .ends {
      let changed = try #require(entry.with(parameter.name, try Entry.values(parameter)[1]))
      // The right bath is of the same law: it is the left one that is told.
      #expect(seen.insert(try key(changed)).inserted, "\(parameter.name)")
    }
  }

  @Test("No two entries share a key")
  func entriesAreToldApart() throws {
    let keys = try Entry.all.map { CacheKey(CacheKey.lines(for: try $0.experiment().points()[0].model)) }
    // A medium appears with its first bath, and that bath with it: the same experiment.
    #expect(Set(keys).count == Set(try Entry.all.map { try $0.experiment().points()[0].model }).count)
  }

  @Test("A bath on a medium that it cannot touch is refused, with those that can")
  func fits() throws {
    for medium in Catalogue.media {
      let fitting = Catalogue.baths(touching: medium).map { $0.kind.key }
      for bath in Catalogue.baths where !fitting.contains(bath.kind.key) {
        let entry = Entry(owner: "baths.left", medium: AnyMedium(medium.example), bath: AnyBath(bath.example))
        let error = #expect(throws: ExperimentError.self) { try entry.experiment() }
        let fault = try #require(error?.faults.first { $0.key == "baths.left.kind" })
        #expect(fitting.allSatisfy(fault.expected.contains))
      }
    }
  }
}
