import Foundation
import Ness
import NessFiles
import NessModel
import Synchronization

/// Answers requests by the library, as any Swift program would ask it.
final class SessionAnswers: Sendable {
  /// Studies whose text was read before, by that text: reading one takes longer than theory of a small one.
  private let known = Mutex<[Text: Known]>([:])
  private static let mostKnown = 32

  private struct Text: Hashable {
    let text: String
    let name: String?
    let directory: String?
  }

  private struct Known {
    let study: Ness.Study
    var lastUse: ContinuousClock.Instant
  }

  private struct About: Encodable {
    let ness: String
    let runKeys: [String]
    let catalogue: CatalogueSchema
  }

  /// The bytes of an answer.
  func answer(_ request: SessionRequest, watch: Watch) throws -> String {
    let threads = request.threads ?? ProcessInfo.processInfo.activeProcessorCount
    switch request.ask {
    case .about:
      return try OrderedJSON.text(
        of: About(
          ness: nessVersion, runKeys: RunSettings.keys, catalogue: Kind.schema),
        onOneLine: true)
    case .open:
      let study = try study(of: request)
      let texts = try OrderedJSON.text(
        of: ["yaml": study.yaml, "text": study.sourceText ?? study.yaml], onOneLine: true)
      return try "[\(study.json()), \(texts)]\n"
    case .check:
      _ = try study(of: request)
      return ""
    case .preview:
      return try study(of: request).preview(store: request.store, threads: threads, watch: watch).json()
    case .theory:
      return try study(of: request).theory(
        of: request.quantities, by: request.methods, threads: threads, watch: watch
      ).json()
    case .run:
      var options = RunOptions(
        store: request.store, threads: threads, timeLimit: request.timeLimit, recordings: request.recordings)
      if let command = request.command { options.command = command }
      return try study(of: request).run(options, watch: watch).json()
    case .device:
      let study = try study(of: request)
      let choice = try Self.choice(request.device, study)
      if request.isTheoryAlone == true { return try study.deviceTheory(choice, threads: threads, watch: watch).json() }
      var options = RunOptions(store: request.store, threads: threads, timeLimit: request.timeLimit)
      if let command = request.command { options.command = command }
      return try study.device(choice, options, watch: watch).json()
    case .stored:
      guard let store = request.store else { throw Self.lacking("store") }
      return try study(of: request).kept(in: store, threads: threads).json()
    case .table: return try results(of: request).csv()
    case .figure:
      guard let name = request.figure else { throw Self.lacking("figure") }
      return try results(of: request).figure(
        name, methods: request.methods, centimetres: request.centimetres ?? 8.6,
        isLogarithmic: request.isLogarithmic, point: request.point, threads: threads)
    case nil: throw Self.lacking("ask")
    }
  }

  /// The device that is asked for; nil for the one that the file names.
  private static func choice(
    _ device: SessionRequest.Device?, _ study: Ness.Study
  ) throws(Ness.Failure) -> DeviceChoice? {
    let roles = [("base", device?.base), ("emitter", device?.emitter), ("collector", device?.collector)]
    let baths = Dictionary(roles.compactMap { role, bath in bath.map { (role, $0) } }) { first, _ in first }
    guard let word = device?.kind ?? (baths.isEmpty ? nil : study.experiment.device?.kind.rawValue) else { return nil }
    return try Ness.Study.device(named: word, baths)
  }

  private static func lacking(_ key: String) -> SessionLine.Failed.Lacking { .init(key: key) }

  /// The study of a request: from a file, which is read again each time, or from a text.
  private func study(of request: SessionRequest) throws -> Ness.Study {
    var study: Ness.Study
    if let file = request.file {
      study = try Ness.Study(file: file)
    } else if let text = request.text {
      study = try read(Text(text: text, name: request.name, directory: request.directory))
    } else {
      throw Self.lacking("file or text")
    }
    if let changes = request.changes, !changes.isEmpty { try study.set(changes.map { ($0.path, $0.value) }) }
    return study
  }

  private func results(of request: SessionRequest) throws -> Results {
    guard let document = request.document else { throw Self.lacking("document") }
    return try study(of: request).results(document)
  }

  private func read(_ text: Text) throws -> Ness.Study {
    let found = known.withLock { known in
      known[text]?.lastUse = .now
      return known[text]?.study
    }
    if let found { return found }
    let study =
      try text.name.map { try Ness.Study(yaml: text.text, name: $0, directory: text.directory) }
      ?? Ness.Study(tree: text.text, directory: text.directory)
    known.withLock { known in
      if known.count >= Self.mostKnown, let oldest = known.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        known[oldest.key] = nil
      }
      known[text] = Known(study: study, lastUse: .now)
    }
    return study
  }
}

extension SessionLine.Failed {
  /// A request without something that it needs.
  struct Lacking: Error, CustomStringConvertible {
    let key: String
    var description: String { "the request lacks \(key)" }
  }
}
