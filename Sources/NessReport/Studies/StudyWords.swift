import NessFiles
import NessModel

/// A swept parameter in the symbols of `Documentation/Notation.md`, as its descriptor has them.
package struct ParameterWords {
  /// The symbol, for example `T_L`.
  package let symbol: String
  /// What it is, for example `temperature of the left bath`.
  package let meaning: String

  /// - Parameters:
  ///   - path: for example `baths.left.temperature`.
  ///   - experiment: whose parameter it is; nil if its file cannot be read any more.
  package init(_ path: String, _ experiment: Experiment?) {
    let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
    let known = experiment?.description(ofParameter: path)
    let letter = known?.symbol ?? known?.key
    if parts.count == 3, parts[0] == "baths" {
      let letter = letter ?? parts[2]
      let index = Self.index(ofBath: parts[1])
      if index.hasPrefix("{"), let stem = letter.firstIndex(of: "_") {
        let own = letter[stem...].dropFirst().filter { $0 != "{" && $0 != "}" }
        symbol = "\(letter[..<stem])_{\(own),\(index.dropFirst())"
      } else {
        symbol = "\(letter)\(letter.contains("_") ? "," : "_")\(index)"
      }
      meaning = "\(known?.name ?? parts[2]) of the \(parts[1]) bath"
    } else {
      symbol = letter ?? path
      meaning = known?.name ?? path
    }
  }

  /// The label of an axis.
  package var label: String { symbol == meaning ? symbol : "\(symbol), \(meaning)" }

  /// A value of it, for a legend.
  package func text(_ value: Double) -> String { "\(symbol) = \(value.short.replacing("-", with: "−"))" }

  /// The subscript of a bath.
  static func index(ofBath name: String) -> String {
    ["left": "L", "right": "R"][name] ?? "{\(name)}"
  }
}

extension Quantity {
  /// Symbol and words for an axis.
  var axisLabel: String {
    let words = family.words
    let (index, whole) =
      switch family.members {
      case .one: ("", words)
      case .ofBath(let before, let thing):
        (ParameterWords.index(ofBath: bath ?? ""), "\(words) \(before) the \(bath ?? "") \(thing)")
      case .ofBathOrOne(let before): ("", words + (bath.map { " \(before) the \($0) bath" } ?? ""))
      case .numbered:
        // A dash in place of the hyphen between two sites, which is no minus sign.
        ("{\((places.first ?? "n").replacing("-", with: "–"))}", "\(words) \(places.first ?? "n")")
      case .along:
        (
          "{\(places.map { Double($0) == nil ? $0.replacing("-", with: "–") : $0 }.joined(separator: ","))}",
          "\(words) \(places.joined(separator: ", "))"
        )
      }
    // Braces hold an index together, and nothing else.
    let name = index.hasPrefix("{") ? String(index.dropFirst().dropLast()) : index
    return (family.symbol.map { $0.replacing("_#", with: "_\(index)").replacing("#", with: name) + ", " } ?? "") + whole
  }

  /// What a legend calls it beside others of its family: its symbol if that tells them apart, else its bath.
  var nameAmongFamily: String {
    if let symbol = family.symbol, symbol.contains("#") { return String(axisLabel.prefix { $0 != "," }) }
    return bath ?? axisLabel
  }
}

extension Quantity.Family {
  /// Symbol and words for an axis of several members.
  var labelOfAll: String { [symbolOfAll, wordsOfAll].compactMap { $0 }.joined(separator: ", ") }
}

extension StudyFigures {
  /// What a method claims to be for all of this study.
  func claim(of method: Method) -> Claim { claims[method] ?? .unstated(method) }

  /// What a legend calls a method beside others: `exact` if it is, and no other one is.
  func legend(_ method: Method, beside others: [Method]) -> String {
    claim(of: method).isExact && !others.contains { $0 != method && claim(of: $0).isExact } ? "exact" : method.legend
  }
}
