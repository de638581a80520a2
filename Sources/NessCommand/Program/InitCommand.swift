import ArgumentParser
import Foundation
import NessFiles
import NessModel

/// `ness init`: a commented experiment file to begin with.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented experiment file for a medium, to begin with.",
    discussion: """
      The file lists every key with its meaning, symbol and dimension; optional keys are commented out. It can be run as it is. An \
      existing file is not overwritten.

      EXAMPLES
        ness init chain                                        # writes chain.yaml
        ness init chain --left langevin --output mine.yaml
        ness init box --right metropolis --output -            # prints it
      """)

  private static let media = Catalogue.media.map { $0.kind.key }

  @Argument(help: "The kind of medium: \(media.joined(separator: ", ")).") var medium: String
  @Option(
    help: ArgumentHelp("Kind of the left bath. (default: the first that can touch the medium)", valueName: "kind"))
  var left: String?
  @Option(help: ArgumentHelp("Kind of the right bath. (default: the second, if there is one)", valueName: "kind"))
  var right: String?
  @Option(help: ArgumentHelp("The file; - for standard output. (default: MEDIUM.yaml)", valueName: "file"))
  var output: String?

  func run() throws {
    guard let kind = Catalogue.medium(medium) else {
      throw UnusableInput(unknown: "medium", medium, among: Self.media)
    }
    let left = try bath(left, of: kind, usual: 0)
    let right = try bath(right, of: kind, usual: 1)
    let text = StarterFile.text(medium: kind, left: left, right: right)
    // Two baths that each are possible may be no pair.
    do { _ = try Experiment(yaml: text, file: "\(left.kind.key) and \(right.kind.key)") } catch {
      throw UnusableInput("\(error)")
    }
    if output == "-" { return Console.result(text) }
    let file = output ?? "\(medium).yaml"
    guard !FileManager.default.fileExists(atPath: file) else {
      throw UnusableInput("\(file) exists and is left alone: choose another file with --output")
    }
    try Output.prepare(file, sparing: [])
    try Output.write(Data(text.utf8), to: file)
    Console.result(
      "\(file) is written: ness check \(shellQuoted(file)) tells what a run will do, ness run \(shellQuoted(file)) does it"
    )
  }
}

extension Init {
  /// The bath of a name, or else one that is usual.
  private func bath(_ name: String?, of medium: any Medium.Type, usual: Int) throws -> any Bath.Type {
    let baths: [any Bath.Type] = Catalogue.baths(touching: medium)
    guard let name else { return baths[min(usual, baths.count - 1)] }
    let names: [String] = baths.map { $0.kind.key }
    guard let place = names.firstIndex(of: name) else {
      throw UnusableInput(unknown: "bath of a \(self.medium)", name, among: names)
    }
    return baths[place]
  }
}

extension UnusableInput {
  /// A word that is none of those that there are, with the one that was probably meant.
  init(unknown what: String, _ word: String, among words: [String]) {
    self.init(unknownWord(what, word, among: words))
  }
}
