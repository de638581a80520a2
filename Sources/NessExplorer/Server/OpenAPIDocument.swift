import Foundation
import NessFiles
import NessModel
import NessStudy

/// The description of the API: what lies beside the program, with the kinds of medium and bath from the catalogue.
enum OpenAPIDocument {
  /// - Parameter template: the description without the schemas `Medium`, `Bath` and `Quantities`, which it refers to.
  /// - Throws: an error of Foundation if it is no JSON object with `components.schemas`.
  static func filled(_ template: Data) throws -> Data {
    guard var document = try JSONSerialization.jsonObject(with: template) as? [String: Any],
      var components = document["components"] as? [String: Any], var schemas = components["schemas"] as? [String: Any]
    else { throw CocoaError(.fileReadCorruptFile) }
    let catalogue = CatalogueSchema(answers: SolverCatalogue.answers)
    schemas["Medium"] = ["oneOf": catalogue.media.map { object($0, sites: false) }]
    schemas["Bath"] = ["oneOf": catalogue.baths.map { object($0, sites: true) }]
    schemas["Quantities"] = quantities()
    components["schemas"] = schemas
    document["components"] = components
    return try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
  }

  /// What an experiment may ask for: names of families and of their members, or the word for everything.
  private static func quantities() -> [String: Any] {
    let families = Quantity.Family.allCases.map(\.rawValue).joined(separator: "|")
    let names: [String: Any] = [
      "type": "string", "pattern": "^(\(families))(\\..+|\\[[1-9][0-9]*\\])?$",
    ]
    return [
      "description": "what is asked; left out, what costs little",
      "oneOf": [["type": "array", "minItems": 1, "items": names], ["const": Questions.allWord]],
    ]
  }

  /// A kind as a JSON schema. Parameters that depend on a word are not required: only the server knows when they are.
  private static func object(_ kind: CatalogueSchema.Kind, sites: Bool) -> [String: Any] {
    var properties: [String: Any] = ["kind": ["const": kind.key]]
    if sites {
      properties["site"] = ["type": "integer", "minimum": 1]
      properties["sites"] = [
        "oneOf": [["type": "array", "items": ["type": "integer", "minimum": 1], "minItems": 1], ["type": "string"]],
        "description": "several sites of a network: a list, a range such as 2-7, or inner",
      ]
    }
    for parameter in kind.parameters where properties[parameter.description.key] == nil {
      var schema = value(parameter.description)
      schema["description"] = "\(parameter.description.meaning) [\(parameter.description.dimension)]"
      properties[parameter.description.key] = schema
    }
    let required = kind.parameters.map(\.description)
      .filter { $0.isRequired && $0.condition == nil && $0.leftOut == nil }.map(\.key)
    return [
      "type": "object", "description": kind.meaning, "properties": properties, "required": ["kind"] + required,
      "additionalProperties": false,
    ]
  }

  private static func value(_ parameter: ParameterDescription) -> [String: Any] {
    switch parameter.form {
    case .number where !parameter.otherForms.isEmpty:
      let words = parameter.otherForms.map(\.word).joined(separator: "; ")
      let other: [String: Any] = ["type": ["string", "array", "object"], "description": "one of: \(words)"]
      return ["oneOf": [number("number", parameter.range), other]]
    case .number: return number("number", parameter.range)
    case .wholeNumber: return number("integer", parameter.range)
    case .ends:
      let one = number("number", parameter.range)
      let both: [String: Any] = [
        "type": "object", "properties": ["left": one, "right": one], "required": ["left", "right"],
        "additionalProperties": false,
      ]
      return ["oneOf": [one, both]]
    case .structure(let forms):
      return ["description": "one of: \(forms.map(\.word).joined(separator: "; "))"]
    case .word(let choices, let table):
      let words: [String: Any] = ["enum": choices.map(\.word)]
      let rows: [String: Any] = ["type": "array", "items": ["type": "array", "items": ["type": "number"]]]
      if let form = parameter.textForm {
        let text: [String: Any] = ["type": "string", "description": form.meaning]
        return ["anyOf": [words, text] + (table == nil ? [] : [rows])]
      }
      return table == nil ? words : ["oneOf": [words, rows]]
    }
  }

  private static func number(_ type: String, _ range: ParameterRange?) -> [String: Any] {
    var schema: [String: Any] = ["type": type]
    switch range {
    case nil, .finite?: break
    case .positive?: schema["exclusiveMinimum"] = 0
    case .notNegative?: schema["minimum"] = 0
    case .between(let least, let most)?:
      schema["minimum"] = least
      schema["maximum"] = most
    case .whole(let range)?:
      schema["minimum"] = range.lowerBound
      schema["maximum"] = range.upperBound
    }
    return schema
  }
}
