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
