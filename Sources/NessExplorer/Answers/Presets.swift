import Foundation
import NessFiles

/// An experiment to begin with.
package struct Preset: Encodable, Sendable {
  package let name: String
  package let title: String
  /// Two or three sentences: the comment at the head of the file.
  package let about: String
  package let file: String
  let experiment: ExperimentTree

  /// The presets that come with the explorer, in the order of the numbers at the head of their file names.
  package static func all() throws -> [Preset] {
    let folder = try PageFiles.resources().appending(path: "Presets", directoryHint: .isDirectory)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    return try names.filter { $0.hasSuffix(".yaml") }.sorted { Self.number($0) < Self.number($1) }.map { name in
      try Preset(name: name, text: String(contentsOf: folder.appending(path: name), encoding: .utf8))
    }
  }

  /// The number at the head of a file's name.
  private static func number(_ name: String) -> Int { Int(name.prefix { $0.isNumber }) ?? .max }

  private init(name: String, text: String) throws {
    let experiment = try Experiment(yaml: text, file: name)
    let lines = text.split(separator: "\n").prefix { $0.hasPrefix("#") }
    self.name = String(name.drop { $0.isNumber || $0 == "-" }).replacing(".yaml", with: "")
    title = experiment.title ?? self.name
    about = lines.map { $0.dropFirst().trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    file = text
    self.experiment = ExperimentTree(experiment)
  }
}
