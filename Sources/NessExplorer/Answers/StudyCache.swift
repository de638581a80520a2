import Foundation
import NessFiles
import NessReport
import NessStore
import NessStudy
import Synchronization

/// Stored studies with their numbers and figures: what was computed or drawn last is kept until the study changes.
final class StudyCache: Sendable {
  /// A study with everything that its figures are drawn from.
  struct Opened: Sendable {
    let study: StoredStudy
    let experiment: Experiment?
    let numbers: StudyNumbers
    /// Changes with the results of the study.
    let version: Int
    /// The figures that there are.
    let figureRows: [StudyDetail.FigureRow]

    func figures(_ scale: StudyFigures.Scale?) -> StudyFigures {
      StudyFigures(numbers, experiment, StudyFigures.Options(scale: scale))
    }
  }

  /// Which file of which figure.
  struct FigureName: Hashable, Sendable {
    let study: String
    let version: Int
    let kind: StudyFigures.Kind
    let scale: StudyFigures.Scale?
  }

  /// Studies and figures kept in memory.
  private static let (mostStudies, mostFigures) = (8, 64)
  private let opened = Mutex<[Opened]>([])
  private let drawn = Mutex<[(name: FigureName, files: [String: Data])]>([])
  private let store: ResultStore
  private let threads: Int

  init(_ store: ResultStore, threads: Int) {
    self.store = store
    self.threads = threads
  }

  /// The studies whose titles contain a text, newest first; without the single pieces of reproductions.
  func list(search: String?) throws -> Reply {
    var studies = try StoredStudy.all(in: store).filter(\.isDrawable)
    if let search, !search.isEmpty { studies.removeAll { !$0.title.localizedCaseInsensitiveContains(search) } }
    return try Reply(json: ["studies": studies.map { StudyRow($0, namesFile: false) }])
  }

  /// A study by its name.
  func open(_ name: String) throws -> Opened {
    let study: StoredStudy
    do {
      study = try StoredStudy.named(name, in: store)
    } catch let error as StoredStudyError {
      throw RequestFault.notFound(error.reason)
    }
    let version = study.entries.hashValue
    if let known = opened.withLock({ $0.first { $0.study.identifier == study.identifier && $0.version == version } }) {
      return known
    }
    let numbers: StudyNumbers
    do {
      numbers = try study.numbers(threads: threads)
    } catch let error as StoredStudyError {
      throw RequestFault.unusable("\(error)")
    }
    let experiment = try? study.experiment()
    let possible = StudyFigures(numbers, experiment, StudyFigures.Options()).possible
    let new = Opened(
      study: study, experiment: experiment, numbers: numbers, version: version,
      figureRows: possible.map { StudyDetail.FigureRow(kind: $0.kind.rawValue, title: $0.figure.title) })
    opened.withLock { list in
      list.removeAll { $0.study.identifier == study.identifier }
      list = list.suffix(Self.mostStudies - 1) + [new]
    }
    return new
  }

  /// One file of a figure: svg, pdf, png, gp or csv.
  func figure(_ name: String, of study: String, scale: StudyFigures.Scale?) throws -> (bytes: Data, type: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let kind = StudyFigures.Kind(rawValue: parts[0]), let type = Self.types[parts[1]] else {
      throw RequestFault.notFound(
        "no figure \(name.prefix(80)): there are \(StudyFigures.Kind.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "each as \(Self.types.keys.sorted().joined(separator: ", "))")
    }
    let opened = try open(study)
    let wanted = FigureName(study: opened.study.identifier, version: opened.version, kind: kind, scale: scale)
    if let files = drawn.withLock({ $0.first { $0.name == wanted }?.files }), let bytes = files[parts[1]] {
      return (bytes, type)
    }
    let files = try draw(kind, of: opened, scale)
    drawn.withLock { list in list = list.suffix(Self.mostFigures - 1) + [(wanted, files)] }
    guard let bytes = files[parts[1]] else { throw RequestFault.notFound("no figure \(name)") }
    return (bytes, type)
  }

  private static let types = [
    "svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png", "gp": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
  ]

  private func draw(
    _ kind: StudyFigures.Kind, of opened: Opened, _ scale: StudyFigures.Scale?
  ) throws -> [String: Data] {
    let figure: Figure
    do {
      figure = try opened.figures(scale).figure(kind)
    } catch {
      throw RequestFault.unusable("no figure \(kind.rawValue): \(error.reason)")
    }
    let place = FileManager.default.temporaryDirectory.appending(path: "ness-figure-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let made = try FigureRenderer().render(figure, into: place)
    let files = ["svg": made.svg, "pdf": made.pdf, "png": made.png, "gp": made.script, "csv": made.table]
    return try files.mapValues { try Data(contentsOf: $0) }
  }
}
