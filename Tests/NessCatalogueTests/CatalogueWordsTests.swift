import Foundation
import NessFiles
import NessModel
import NessReport
import NessStudy
import Testing

/// What is said of a kind is its descriptor's: documents, help, figures, schema.
@Suite("Laws of the catalogue: words")
struct CatalogueWordsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func document(_ name: String) throws -> String {
    try String(contentsOf: root.appending(path: "Documentation/\(name)"), encoding: .utf8)
  }

  @Test("The tables of the experiment file are those of the catalogue")
  func documentIsMadeFromTheCatalogue() throws {
    let text = try Self.document("ExperimentFile.md")
    let schema = CatalogueSchema(answers: SolverCatalogue.answers)
    #expect(KindTables.fill(text, with: schema) == text, "run: ness kinds --document Documentation/ExperimentFile.md")
    #expect(KindTables.fill(text.replacing("| `friction` |", with: "| `fraction` |"), with: schema) == text)
    #expect(KindTables.fill("no marks", with: schema) == nil)
    for kind in Catalogue.media.map({ $0.kind }) + Catalogue.baths.map({ $0.kind }) {
      #expect(text.contains("`kind: \(kind.key)`"))
    }
  }

  @Test("Every symbol stands in the notation beside its key", arguments: Entry.all)
  func notation(entry: Entry) throws {
    let rows = try Self.document("Notation.md").split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    for parameter in entry.parameters {
      guard let symbol = parameter.description.symbol, !parameter.name.contains(".") else { continue }
      let isThere = rows.contains { row in
        row.count > 2 && row[0].split { " ,(".contains($0) }.contains { $0 == symbol }
          && row[1].contains("`\(parameter.name)`")
      }
      #expect(isThere, "\(symbol), `\(parameter.name)`")
    }
  }

  @Test("Axes are named by symbol and name", arguments: Entry.all)
  func axes(entry: Entry) throws {
    let experiment = try entry.experiment()
    for parameter in entry.numbers {
      let words = ParameterWords("\(entry.owner).\(parameter.name)", experiment)
      let letter = String(try #require(parameter.description.symbol).prefix { $0 != "_" })
      #expect(words.symbol.hasPrefix(letter) && words.label.contains(parameter.description.name))
      #expect(entry.owner == "medium" || words.meaning.hasSuffix("of the left bath") && words.symbol.hasSuffix("L"))
      // No underscore is left over: all of it can be set.
      #expect(!MathText(words.symbol).words.contains("_"))
      #expect(words.text(-1.5) == "\(words.symbol) = −1.5")
    }
  }

  @Test("Programs are told all of it")
  func schema() throws {
    struct Told: Decodable {
      struct Kind: Decodable {
        struct Parameter: Decodable {
          let key: String
          let symbol: String?
          let dimension: String
          let type: String
          let meaning: String
          let range: String?
          let usual: [Double]?
        }
        let key: String
        let baths: [String]?
        let parameters: [Parameter]
      }
      let media: [Kind]
      let baths: [Kind]
    }
    let text = try OrderedJSON.text(of: CatalogueSchema(answers: SolverCatalogue.answers))
    let told = try JSONDecoder().decode(Told.self, from: Data(text.utf8))
    #expect(told.media.map(\.key) == Catalogue.media.map { $0.kind.key })
    #expect(told.baths.map(\.key) == Catalogue.baths.map { $0.kind.key })
    for (kind, type) in zip(told.baths, Catalogue.baths) {
      let known = type.defaults.map(\.description)
      #expect(kind.parameters.map(\.key) == known.map(\.key))
      #expect(kind.parameters.map(\.meaning) == known.map(\.meaning))
      #expect(kind.parameters.map(\.symbol) == known.map(\.symbol))
      #expect(kind.parameters.map(\.dimension) == known.map(\.dimension))
      #expect(kind.parameters.map(\.range) == known.map { $0.range?.words })
      for parameter in kind.parameters where !["word", "structure"].contains(parameter.type) {
        let usual = try #require(parameter.usual)
        #expect(usual.count == 2 && usual[0] < usual[1] && usual[0] >= 0)
      }
    }
  }
}
