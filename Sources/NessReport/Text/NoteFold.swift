/// Items of which the same is said, but for its numbers, together: the first of them stands for all.
package struct NoteFold<Item> {
  /// Items alike.
  package struct Group {
    /// The first of them.
    package let first: Item
    /// How often it was said.
    package fileprivate(set) var times: Int
  }

  /// Items alike, in the order of their firsts.
  package private(set) var groups: [Group] = []
  private var places: [String: Int] = [:]

  /// A fold that has seen nothing.
  package init() {}

  /// A fold of several items.
  ///
  /// - Parameters:
  ///   - sentence: what is said of an item.
  ///   - times: how often.
  package init(_ items: some Sequence<Item>, by sentence: (Item) -> String, times: (Item) -> Int = { _ in 1 }) {
    for item in items { add(item, sentence(item), times: times(item)) }
  }

  /// Takes note of an item.
  ///
  /// - Parameters:
  ///   - sentence: what is said of it.
  ///   - times: how often.
  /// - Returns: how often the like was said by now.
  @discardableResult package mutating func add(_ item: Item, _ sentence: String, times: Int = 1) -> Int {
    let wording = Self.wording(sentence)
    guard let place = places[wording] else {
      places[wording] = groups.count
      groups.append(Group(first: item, times: times))
      return times
    }
    groups[place].times += times
    return groups[place].times
  }

  /// A sentence without its numbers.
  private static func wording(_ sentence: String) -> String {
    var result = ""
    var inNumber = false
    for character in sentence.unicodeScalars {
      let isDigit = ("0"..."9").contains(character)
      if isDigit, !inNumber { result += "#" }
      let continues = inNumber && ".eE+-".unicodeScalars.contains(character)
      inNumber = isDigit || continues
      if !inNumber { result.unicodeScalars.append(character) }
    }
    return result
  }
}

extension NoteFold: Sendable where Item: Sendable {}
extension NoteFold.Group: Sendable where Item: Sendable {}

/// Notes that must not flood a screen: of those alike the first few are shown, the others counted.
extension NoteFold<String> {
  /// Notes of one wording that are shown.
  private static var shownAlike: Int { 3 }

  /// Whether a note is to be shown; one that is not is counted.
  package mutating func shows(_ note: String) -> Bool { add(note, note) <= Self.shownAlike }

  /// What was not shown: a line for every wording.
  package var rest: [String] {
    groups.filter { $0.times > Self.shownAlike }.map {
      let more = $0.times - Self.shownAlike
      return "\(more) more note\(more == 1 ? "" : "s") like this one: \($0.first)"
    }
  }
}
