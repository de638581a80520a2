/// Numbers from 0 in sets that are not joined with one another, in the order of their first numbers.
///
/// - Parameter areJoined: asked for pairs, the smaller number first.
/// - Complexity: O(count²).
package func joinedSets(_ count: Int, areJoined: (Int, Int) -> Bool) -> [[Int]] {
  var sets = DisjointSets(count)
  for first in 0..<count {
    for other in (first + 1)..<max(count, first + 1) where areJoined(first, other) { sets.join(first, other) }
  }
  return sets.sets
}

/// Numbers from 0 in sets that become fewer as some are joined.
package struct DisjointSets: Sendable {
  private var parents: [Int]

  /// So many numbers, each a set of its own.
  package init(_ count: Int) { parents = Array(0..<count) }

  /// Makes one set of those of two numbers.
  package mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (root(one), root(other))
    if first != second { parents[max(first, second)] = min(first, second) }
  }

  private mutating func root(_ number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  /// The set of every number, in the order of their first numbers, and how many there are.
  package var numbered: (setOf: [Int], count: Int) {
    var (setOf, count) = ([Int](repeating: 0, count: parents.count), 0)
    for number in parents.indices {
      if parents[number] == number {
        setOf[number] = count
        count += 1
      } else {
        // The parent comes before, and has its number already.
        setOf[number] = setOf[parents[number]]
      }
    }
    return (setOf, count)
  }

  /// The numbers of every set, ascending, in the order of their first numbers.
  package var sets: [[Int]] {
    let (setOf, count) = numbered
    var sets = [[Int]](repeating: [], count: count)
    for (number, set) in setOf.enumerated() { sets[set].append(number) }
    return sets
  }
}
