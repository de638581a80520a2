/// What a misspelt word probably means.
package enum ClosestWord {
  /// The candidate that is close to the word; nil if none is.
  package static func closest(to word: String, among candidates: [String]) -> String? {
    guard word.count <= 60 else { return nil }
    let lowercased = word.lowercased()
    let ranked = candidates.map { (candidate: $0, distance: editDistance(lowercased, $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    let shorter = min(word.count, best.candidate.count)
    // Of a single letter nothing is left when it is replaced.
    let allowed = shorter == 1 ? 0 : max(1, shorter / 3)
    return best.distance <= allowed ? best.candidate : nil
  }

  /// Number of insertions, deletions, replacements and swaps of neighbours that turn `first` into `second`.
  package static func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
