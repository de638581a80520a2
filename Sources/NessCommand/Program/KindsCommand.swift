import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport
import Ness

/// `ness kinds`: the media and baths that there are with their keys in experiment files, the methods and the quantities.
struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List media, baths, methods and quantities, and the keys of experiment files.",
    discussion: """
      Without a name: every kind of medium and bath, which bath can touch which medium, every method and every quantity. With \
      the name of a medium or bath: its keys, each with symbol, dimension, default, possible values and meaning. JSON gives \
      all of it.

      EXAMPLES
        ness kinds
        ness kinds particles
        ness kinds memory
        ness kinds --format json
      """)

  @Argument(help: "A kind of medium or bath, a method or a quantity.") var name: String?
  @Option(help: "How to print: text or json. JSON goes to standard output and nothing else does.")
  var format: OutputFormat = .text
  @Option(
    help: ArgumentHelp("Write the tables into a document, between its marks.", valueName: "file", visibility: .hidden))
  var document: String?

  func run() throws {
    let schema = Kind.schema
    if let document { return try Self.fill(document, schema) }
    guard let name else {
      return Console.result(format == .json ? try OrderedJSON.text(of: schema) : Self.text(schema))
    }
    if let kind = (schema.media + schema.baths).first(where: { $0.key == name }) {
      Console.result(format == .json ? try OrderedJSON.text(of: kind) : Self.text(kind, schema))
    } else if let method = schema.methods.first(where: { $0.name == name }) {
      Console.result(
        format == .json
          ? try OrderedJSON.text(of: method)
          : "method: \(method.name), \(method.words)\n\nlegend: \(method.legend)\nrank: \(method.rank), among methods of equal "
            + "validity; each result says whether it is exact for its model, or an approximation of what\n")
    } else if let quantity = schema.quantities.first(where: { $0.name == name }) {
      Console.result(
        format == .json
          ? try OrderedJSON.text(of: quantity)
          : "quantity: \(quantity.form), \(quantity.words) [\(quantity.dimension)]\n"
            + (quantity.symbol.map { "\nsymbol: \($0)\n" } ?? ""))
    } else {
      let names = (schema.media + schema.baths).map(\.key) + schema.methods.map(\.name) + schema.quantities.map(\.name)
      throw UnusableInput(unknown: "medium, bath, method or quantity", name, among: names)
    }
  }

  private static func fill(_ document: String, _ schema: CatalogueSchema) throws {
    let text = try String(contentsOfFile: document, encoding: .utf8)
    guard let filled = KindTables.fill(text, with: schema) else {
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
      + "\nMETHODS\n" + aligned(schema.methods.map { ($0.name, $0.words) })
      + "\nQUANTITIES\n" + aligned(schema.quantities.map { ($0.form, "\($0.words) [\($0.dimension)]") })
      + "\nness kinds NAME tells the keys of a medium or bath.\n"
  }

  /// Lines of names and words, for a list that is 80 characters wide.
  static func aligned(_ rows: [(name: String, words: String)]) -> String {
    let width = rows.map(\.name.count).max() ?? 0
    let indent = "\n" + String(repeating: " ", count: width + 4)
    return rows.map { name, words in
      var text = "  \(name.padding(toLength: width, withPad: " ", startingAt: 0)) "
      var length = text.count
      for word in words.split(separator: " ") {
        if length + 1 + word.count > 80, length > width + 4 {
          text += indent + word
          length = width + 4 + word.count
        } else {
          text += " " + word
          length += 1 + word.count
        }
      }
      return text + "\n"
    }.joined()
  }

  private static func text(_ kind: CatalogueSchema.Kind, _ schema: CatalogueSchema) -> String {
    func plain(_ text: String) -> String { text.replacing("`", with: "") }
    var table = TextTable(columns: KindRow.heads.map { .init($0) })
    for row in KindRow.rows(of: kind) { table.append(row.cells.map(plain)) }
    var text = "kind: \(kind.key), \(plain(kind.meaning))\n\n" + table.text()
    if let baths = kind.baths { text += "\nbaths: \(baths.joined(separator: ", "))\n" }
    if let rows = kind.answers, !rows.isEmpty {
      let width = rows.map(\.method.rawValue.count).max() ?? 0
      text += "\nquantities, by the method that answers them (quantities in a file; * costs work of its own):\n"
      for row in rows {
        let method = row.method.rawValue.padding(toLength: width, withPad: " ", startingAt: 0)
        text += "  \(method)  \(row.names.joined(separator: ", "))\n"
      }
    }
    let media = schema.media.filter { $0.baths?.contains(kind.key) == true }.map(\.key)
    if !media.isEmpty { text += "\ntouches: \(media.joined(separator: ", "))\n" }
    for parameter in kind.parameters {
      guard let (choices, rows) = parameter.description.choices else { continue }
      var words = TextTable(columns: [.init(parameter.description.key), .init(plain(parameter.description.meaning))])
      for choice in choices { words.append([choice.word, plain(choice.meaning)]) }
      if let form = parameter.description.textForm { words.append([form.word, plain(form.meaning)]) }
      if let rows { words.append(["rows of numbers", plain(rows)]) }
      text += "\n" + words.text()
    }
    return text
  }
}
