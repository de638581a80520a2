import NessModel

/// A word that names no quantity.
package struct UnknownQuantity: Error, Sendable, CustomStringConvertible {
  /// The word, made fit for a message.
  package let found: String
  /// What there is.
  package let expected: String
  /// The quantity that was probably meant, as a question; nil if none is close.
  package let remedy: String?

  /// The reason in words, for the user.
  package var description: String {
    "unknown quantity \(found): expected \(expected)" + (remedy.map { "; \($0)" } ?? "")
  }
}

extension Questions {
  /// The word for all that is answered, whatever it costs.
  package static let allWord = "all"

  /// What some words name: `all` alone, or quantities and families.
  ///
  /// - Throws: `UnknownQuantity` for the first word that names none.
  package init(words: [String]) throws(UnknownQuantity) {
    if words == [Self.allWord] {
      self = .all
      return
    }
    var items: [Item] = []
    for word in words {
      let item = try Self.item(word)
      if !items.contains(item) { items.append(item) }
    }
    self = .named(items)
  }

  /// What a word names.
  static func item(_ word: String) throws(UnknownQuantity) -> Item {
    if let item = Item(word) { return item }
    let families = Quantity.Family.allCases
    let stem = word.prefix { $0 != "." && $0 != "[" }
    if let family = Quantity.Family(rawValue: String(stem)) {
      throw UnknownQuantity(found: shortened(word), expected: family.forms, remedy: nil)
    }
    let names = families.map(\.rawValue)
    let rest = word.dropFirst(stem.count)
    // A word that is a part of names means one of these: entropy, noise, temperature.
    let parts = names.filter { stem.count > 3 && $0.lowercased().contains(stem.lowercased()) }
    let meant = closest(to: String(stem), among: names).map { [$0 + rest] } ?? Array(parts.prefix(mostMeant))
    throw UnknownQuantity(
      found: shortened(word),
      expected: "the name of a quantity (ness kinds KIND lists those of a medium, for example ness kinds chain)",
      remedy: meant.isEmpty ? nil : "did you mean \(alternatives(meant))?")
  }

  private static let mostMeant = 6
}

extension Quantity.Family {
  /// How the family and its members are named, for a message.
  package var forms: String {
    switch members {
    case .one: rawValue
    case .ofBath: "\(rawValue), or \(rawValue).NAME for the bath of that name"
    case .ofBathOrOne: "\(rawValue), or \(rawValue).NAME where there are several such baths"
    case .numbered(let what): "\(rawValue), or \(rawValue)[j] for \(what) j, counted from 1"
    case .along(let axes): "\(rawValue), or \(rawValue)[\(axes.map { $0.uppercased() }.joined(separator: ","))]"
    }
  }
}
