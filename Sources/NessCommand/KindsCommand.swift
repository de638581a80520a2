import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport

/// `ness kinds`: the media and baths that there are, and their keys in experiment files.
struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell which media and baths there are, and their keys in experiment files.",
    discussion: """
      Without a name: every kind of medium and bath, and which bath can touch which medium. With the name of one: its keys,
      each with symbol, dimension, default, possible values and meaning. JSON gives all of it.

      EXAMPLES
        ness kinds
        ness kinds particles
        ness kinds --format json
      """)

  @Argument(help: "A kind of medium or bath.") var name: String?
  @Option(help: "How to print: text or json. JSON goes to standard output and nothing else does.")
  var format: OutputFormat = .text
  @Option(
    help: ArgumentHelp("Write the tables into a document, between its marks.", valueName: "file", visibility: .hidden))
  var document: String?

  func run() throws {
    let schema = CatalogueSchema()
    if let document { return try Self.fill(document) }
    guard let name else {
      return Console.result(format == .json ? try OrderedJSON.text(of: schema) : Self.text(schema))
    }
    guard let kind = (schema.media + schema.baths).first(where: { $0.key == name }) else {
      let names = (schema.media + schema.baths).map(\.key).joined(separator: ", ")
      throw UnusableInput("there is no medium or bath of kind \(name): there are \(names)")
    }
    Console.result(format == .json ? try OrderedJSON.text(of: kind) : Self.text(kind, schema))
  }

  private static func fill(_ document: String) throws {
    let text = try String(contentsOfFile: document, encoding: .utf8)
    guard let filled = KindTables.fill(text) else {
      throw UnusableInput("\(document) has no marks <!-- kinds: media --> ... <!-- end of kinds -->")
    }
    if filled != text { try Output.write(Data(filled.utf8), to: document) }
  }

  private static func text(_ schema: CatalogueSchema) -> String {
    let width = (schema.media + schema.baths).map(\.key.count).max() ?? 0
    func line(_ kind: CatalogueSchema.Kind) -> String {
      let name = kind.key.padding(toLength: width, withPad: " ", startingAt: 0)
      let baths = kind.baths.map { "\n  \(String(repeating: " ", count: width))  baths: \($0.joined(separator: ", "))" }
      return "  \(name)  \(kind.meaning)\(baths ?? "")\n"
    }
    return "MEDIA\n" + schema.media.map(line).joined() + "\nBATHS\n" + schema.baths.map(line).joined()
      + "\nness kinds NAME tells the keys of one.\n"
  }

  private static func text(_ kind: CatalogueSchema.Kind, _ schema: CatalogueSchema) -> String {
    func plain(_ text: String) -> String { text.replacing("`", with: "") }
    var table = TextTable(columns: KindRow.heads.map { .init($0) })
    for row in KindRow.rows(of: kind) { table.append(row.cells.map(plain)) }
    var text = "kind: \(kind.key), \(plain(kind.meaning))\n\n" + table.text()
    if let baths = kind.baths { text += "\nbaths: \(baths.joined(separator: ", "))\n" }
    let media = schema.media.filter { $0.baths?.contains(kind.key) == true }.map(\.key)
    if !media.isEmpty { text += "\ntouches: \(media.joined(separator: ", "))\n" }
    for parameter in kind.parameters {
      guard case .word(let choices, let rows) = parameter.description.form else { continue }
      var words = TextTable(columns: [.init(parameter.description.key), .init(plain(parameter.description.meaning))])
      for choice in choices { words.append([choice.word, plain(choice.meaning)]) }
      if let rows { words.append(["rows of numbers", plain(rows)]) }
      text += "\n" + words.text()
    }
    return text
  }
}
