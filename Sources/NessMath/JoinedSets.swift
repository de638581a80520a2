/// Numbers from 0 in sets that are not joined with one another, in the order of their first numbers.
///
/// - Complexity: O(count²).
package func joinedSets(_ count: Int, areJoined: (Int, Int) -> Bool) -> [[Int]] {
  var setOf = [Int](repeating: -1, count: count)
  var sets: [[Int]] = []
  for first in 0..<count where setOf[first] < 0 {
    var (members, next) = ([first], 0)
    setOf[first] = sets.count
    while next < members.count {
      let one = members[next]
      next += 1
      for other in 0..<count where setOf[other] < 0 && areJoined(one, other) {
        setOf[other] = sets.count
        members.append(other)
      }
    }
    sets.append(members.sorted())
  }
  return sets
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
