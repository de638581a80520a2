import NessModel

/// The tables of the documents, made from the descriptors of the catalogue.
package enum KindTables {
  /// Which bath can touch which medium, the keys of every kind, the methods and the quantities.
  enum Part: String, CaseIterable { case media, touching, baths, methods, quantities }

  /// Puts the tables of the catalogue into a document, each between its marks `<!-- kinds: media -->` (or another part)
  /// and `<!-- end of kinds -->`; whatever stood there goes.
  ///
  /// - Returns: the document; nil if a mark is missing.
  package static func fill(_ document: String, with schema: CatalogueSchema) -> String? {
    var text = document
    for part in Part.allCases {
      guard let first = text.range(of: "<!-- kinds: \(part.rawValue) -->\n"),
        let last = text.range(of: "<!-- end of kinds -->", from: first.upperBound)
      else { return nil }
      text.replaceSubrange(first.upperBound..<last.lowerBound, with: "\n" + table(part, schema) + "\n")
    }
    return text
  }

  private static func table(_ part: Part, _ schema: CatalogueSchema) -> String {
    switch part {
    case .media: schema.media.map { markdown($0) }.joined(separator: "\n")
    case .baths: schema.baths.map { markdown($0, site: schema.site) }.joined(separator: "\n")
    case .touching:
      "| medium | kinds of bath |\n|---|---|\n"
        + schema.media.map { medium in
          "| `\(medium.key)` | \((medium.baths ?? []).map { "`\($0)`" }.joined(separator: ", ")) |\n"
        }.joined()
    case .methods:
      "| method | legend | rank | what it computes |\n|---|---|---|---|\n"
        + schema.methods.map { "| `\($0.name)` | \($0.legend) | \($0.rank) | \(escaped($0.words)) |\n" }.joined()
    case .quantities:
      "| quantity | symbol | dimension | what it is |\n|---|---|---|---|\n"
        + Quantity.Family.allCases.map { family in
          let row = CatalogueSchema.QuantityRow(family)
          return "| `\(row.form)` | \(family.symbolOfAll ?? "") | \(row.dimension) | \(row.meaning) |\n"
        }.joined()
    }
  }

  /// A kind with a table of its keys, and one for every key that is a word with a meaning of its own.
  private static func markdown(_ kind: CatalogueSchema.Kind, site: CatalogueSchema.Parameter? = nil) -> String {
    var text = "`kind: \(kind.key)`, \(kind.meaning):\n\n"
    text += "| key | symbol | type | dimension | default | must be | meaning |\n|---|---|---|---|---|---|---|\n"
    let rows = KindRow.rows(of: kind) + (site.map { [KindRow([$0])] } ?? [])
    for row in rows { text += "| " + row.cells.map(escaped).joined(separator: " | ") + " |\n" }
    if let answers = kind.answers, !answers.isEmpty {
      text += "\n| method | answers |\n|---|---|\n"
      for row in answers {
        text +=
          "| `\(row.method.rawValue)` | \(row.names.map { "`\($0)`".replacing("*`", with: "`\\*") }.joined(separator: ", ")) |\n"
      }
    }
    for parameter in kind.parameters {
      guard let (choices, rows) = parameter.description.choices else { continue }
      text += "\n| `\(parameter.description.key)` | \(escaped(parameter.description.meaning)) |\n|---|---|\n"
      for choice in choices { text += "| `\(choice.word)` | \(escaped(choice.meaning)) |\n" }
      if let form = parameter.description.textForm { text += "| `\(form.word)` | \(escaped(form.meaning)) |\n" }
      if let rows { text += "| rows of numbers | \(escaped(rows)) |\n" }
    }
    return text
  }

  private static func escaped(_ cell: String) -> String { cell.replacing("|", with: "\\|") }
}

extension CatalogueSchema.Answers {
  /// The names of the families, with a star where they cost work of their own.
  package var names: [String] { quantities.map(\.rawValue) + costly.map { "\($0.rawValue)*" } }
}

/// A parameter as the row of a table; of several forms of one key, all of them.
package struct KindRow: Sendable {
  private let forms: [CatalogueSchema.Parameter]

  init(_ forms: [CatalogueSchema.Parameter]) { self.forms = forms }

  /// The heads of the cells.
  package static let heads = ["key", "symbol", "type", "dimension", "default", "must be", "meaning"]

  /// The rows of a kind, in the order of files.
  package static func rows(of kind: CatalogueSchema.Kind) -> [KindRow] {
    var groups: [[CatalogueSchema.Parameter]] = []
    for parameter in kind.parameters {
      if let place = groups.firstIndex(where: { $0[0].description.key == parameter.description.key }) {
        groups[place].append(parameter)
      } else {
        groups.append([parameter])
      }
    }
    return groups.map(KindRow.init)
  }

  /// The cells, with keys and words as code.
  package var cells: [String] {
    let parameter = forms[0].description
    return [
      "`\(parameter.key)`", parameter.symbol ?? "", type, dimension, value, parameter.range?.words ?? "", meaning,
    ]
  }

  private var type: String {
    switch forms[0].description.form {
    case .number: forms[0].description.otherForms.isEmpty ? "number" : "number, or see below"
    case .wholeNumber: "whole number"
    case .ends: "number or `{left: , right: }`"
    case .word(_, let table):
      table == nil
        ? "word" : forms[0].description.textForm == nil ? "word or rows of numbers" : "word, formula or rows of numbers"
    case .structure: "see below"
    }
  }

  private var dimension: String {
    var seen: [String] = []
    for form in forms where !seen.contains(form.description.dimension) { seen.append(form.description.dimension) }
    return seen.filter { $0 != "1" && $0 != "word" }
      .map { $0.replacing("^2", with: "²").replacing("^3", with: "³").replacing("^4", with: "⁴") }
      .joined(separator: " or ")
  }

  private var value: String {
    let form = forms[0]
    if form.description.isRequired { return "none" }
    guard let text = form.value else {
      if case .structure = form.description.form { return "none" }
      return form.description.key == ParameterDescription.site.key ? "" : "chosen"
    }
    if !form.description.isNumeric { return "`\(text)`" }
    return Double(text).map { $0.text(digits: 15) } ?? text
  }

  private var meaning: String {
    let parameter = forms[0].description
    if let leftOut = parameter.leftOut {
      let keys = alternatives(leftOut.keys.map { "`\($0)`" })
      return "\(parameter.meaning); beside \(keys) it may be left out: \(leftOut.value.text(digits: 15))"
    }
    guard forms.count == 1, let condition = parameter.condition else { return parameter.meaning }
    guard let word = condition.word else {
      return parameter.meaning
        + (condition.isThatWord ? "; not beside `\(condition.key)`" : "; only beside `\(condition.key)`")
    }
    return parameter.meaning + (condition.isThatWord ? "; only with " : "; not with ") + "`\(condition.key): \(word)`"
  }
}

extension String {
  fileprivate func range(of text: String, from start: Index? = nil) -> Range<Index>? {
    self[(start ?? startIndex)...].firstRange(of: text)
  }
}
