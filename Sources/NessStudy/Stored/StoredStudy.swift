import Foundation
import NessFiles
import NessModel
import NessStore

/// What a store knows of one experiment: the results that were computed from one text of a file, or, where there was no
/// file, those of one title. Runs of one file with different texts are different studies.
package struct StoredStudy: Sendable {
  /// A result of the study and who computed it.
  package struct Entry: Sendable, Hashable {
    /// The result, as a list shows it.
    package let result: StoredResult
    /// Who computed it; nil if that was lost.
    package let provenance: Provenance?

    /// Which Ness and which engines computed it, in words.
    package var version: String {
      let ness = provenance.map { "Ness \($0.ness)" } ?? "an unknown version of Ness"
      return result.engines.isEmpty ? ness : "\(ness), engine \(result.engines.text)"
    }
  }

  /// Name of the study: 12 hexadecimal digits, the hash of the file's text or of the title.
  package let identifier: String
  /// Title of the experiment; the name of its file if it has none.
  package let title: String
  /// The results, newest first; empty for an experiment of which nothing is kept.
  package let entries: [Entry]
  /// The text of the experiment file; nil if the results were made without one.
  package let fileText: String?
  /// The experiment file as the user named it.
  package let file: String?
  let store: ResultStore?
  private let given: Experiment?

  private init(
    identifier: String, title: String, entries: [Entry], fileText: String?, file: String?, store: ResultStore?,
    given: Experiment? = nil
  ) {
    self.identifier = identifier
    self.title = title
    self.entries = entries
    self.fileText = fileText
    self.file = file
    self.store = store
    self.given = given
  }

  /// The study of an experiment: what a store holds of it, which may be nothing.
  ///
  /// - Parameter store: nil for theory alone.
  /// - Throws: `StoreError` if the store cannot be read.
  package init(of experiment: Experiment, in store: ResultStore?) throws {
    let text = experiment.source?.text
    let name = Self.name(text: text, title: experiment.title ?? "")
    let known = try store.map(Self.all)?.first { $0.identifier == name }
    self.init(
      identifier: name, title: experiment.title ?? experiment.source.map { Self.title(ofFile: $0.file) } ?? "",
      entries: known?.entries ?? [], fileText: text, file: experiment.source?.file, store: store, given: experiment)
  }

  /// A run that belongs to a study: its points are known by their physics alone.
  init(run experiment: Experiment, in store: ResultStore?) {
    self.init(
      identifier: "", title: experiment.title ?? "", entries: [], fileText: nil, file: nil, store: store,
      given: experiment)
  }

  /// The swept parameters by their paths, as the results name them.
  package var parameters: [String] {
    var paths: [String] = []
    for entry in entries {
      for parameter in entry.result.summary.parameters where !paths.contains(parameter.path) {
        paths.append(parameter.path)
      }
    }
    return paths
  }
  /// Whether it can be drawn: not a single piece of a reproduction, which has neither a file nor a swept parameter.
  package var isDrawable: Bool { fileText != nil || !parameters.isEmpty }
  /// Number of points with a result, or with work begun.
  package var points: Int { Set(entries.map { $0.result.summary.parameters.map(\.value) }).count }
  /// Number of results that are finished.
  package var finished: Int { entries.count { $0.result.isFinished } }
  /// When the newest result was begun, by ISO 8601 in UTC; nil if there is none.
  package var started: String? { entries.map(\.result.summary.started).max() }

  /// The experiment, read from the text that was kept.
  ///
  /// - Throws: `StoredStudyError` if there is no text, or this version of Ness cannot read it, or a file that it names
  ///   is gone.
  package func experiment() throws(StoredStudyError) -> Experiment {
    if let given { return given }
    guard let fileText else {
      throw StoredStudyError("\u{201C}\(title)\u{201D} was computed without an experiment file", remedy: whatInstead)
    }
    let name = file ?? "stored text"
    do {
      let directory = file.map { URL(filePath: $0).deletingLastPathComponent().path(percentEncoded: false) }
      return try Experiment(yaml: fileText, file: name, directory: directory)
    } catch {
      let faults = error.faults.map { "\($0)" }.joined(separator: "; ")
      throw StoredStudyError(
        "the text of \(name) that was kept with the results cannot be read any more: \(faults)",
        remedy: "ness show \(entries.first?.result.shortName ?? "NAME") prints it: correct a copy and name that file")
    }
  }

  private var whatInstead: String {
    let command = entries.lazy.compactMap(\.provenance?.command).first ?? ""
    return command.hasPrefix("ness reproduce")
      ? "it is a piece of a paper; \(command) draws its figures" : "write the experiment to a file and name that"
  }
}

extension StoredStudy {
  /// The studies of a store, newest first. Reads the list of results, not the results.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package static func all(in store: ResultStore) throws(StoreError) -> [StoredStudy] {
    var order: [String] = []
    var groups: [String: [Entry]] = [:]
    var names: [String: String] = [:]
    var last: (text: String?, title: String, name: String)?
    for (result, provenance) in try store.ownedResults() {
      let title = result.summary.title
      let text = provenance?.text
      let name: String
      // Texts may be long and results many: one after the other mostly has the same text.
      if let last, last.text == text, text != nil || last.title == title {
        name = last.name
      } else {
        let key = text.map { "text \($0)" } ?? "title \(title)"
        name = names[key] ?? Self.name(text: text, title: title)
        names[key] = name
      }
      last = (text, title, name)
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(Entry(result: result, provenance: provenance))
    }
    return order.map { name in
      let entries = groups[name] ?? []
      let owner = entries.lazy.compactMap(\.provenance).first { $0.text != nil }
      let given = entries.lazy.map(\.result.summary.title).first { !$0.isEmpty }
      return StoredStudy(
        identifier: name, title: given ?? owner?.file.map(title(ofFile:)) ?? "untitled", entries: entries,
        fileText: owner?.text, file: owner?.file, store: store)
    }
  }

  /// The one study whose name begins with some hexadecimal digits.
  ///
  /// - Throws: `StoredStudyError` if there is none or more than one, `StoreError` if the store cannot be read.
  package static func named(_ prefix: String, in store: ResultStore) throws -> StoredStudy {
    let studies = try all(in: store)
    let found = studies.filter { !prefix.isEmpty && $0.identifier.hasPrefix(prefix.lowercased()) }
    if found.count == 1 { return found[0] }
    if studies.isEmpty {
      throw StoredStudyError("\(store.path) holds no results", remedy: "ness run FILE.yaml computes and keeps them")
    }
    let shown = found.prefix(4).map { "\($0.identifier) \($0.title)" }.joined(separator: ", ")
    throw found.isEmpty
      ? StoredStudyError("no study is named \(prefix.prefix(80))", remedy: "ness plot --list shows their names")
      : StoredStudyError("several studies are named \(prefix)...: \(shown)", remedy: "give more digits")
  }

  private static func name(text: String?, title: String) -> String {
    let line = text.map { CacheKey.Line.text("file", $0) } ?? .text("title", title)
    return String(CacheKey([line]).digest.prefix(12))
  }

  private static func title(ofFile file: String) -> String {
    URL(filePath: file).deletingPathExtension().lastPathComponent
  }
}
