import NessModel

/// Which levels lead where: the graph of the jumps that have a rate above 0.
struct ClosedClasses {
  private let rates: [Double]
  private let levels: Int

  init(_ rates: JumpRates) {
    self.rates = rates.total
    levels = rates.levels
  }

  /// A level (from 0) of the only closed class: a set of levels that cannot be left and within which every level leads
  /// to every other. All other levels are left for ever and end with population 0.
  ///
  /// - Throws: `Refusal` if there are several closed classes, for then the steady state depends on the start.
  /// - Complexity: O(M²) as a rule.
  func anchor(_ method: Method) throws(Refusal) -> Int {
    let (class1, sources) = closedClass(from: 0)
    if let stray = sources.firstIndex(of: false) {
      let class2 = closedClass(from: stray).members
      throw Refusal(
        method,
        "the steady state is not unique: levels \(Self.text(class1)) and levels \(Self.text(class2)) do not "
          + "communicate, and neither set is ever left; couple them (a collision couples only levels closer than its "
          + "width), keep fewer levels, or raise the temperatures")
    }
    return class1.firstIndex(of: true) ?? 0
  }

  /// A closed class to which a level leads, and all levels that lead to it.
  private func closedClass(from start: Int) -> (members: [Bool], sources: [Bool]) {
    var level = start
    while true {
      let forward = reach(from: level, backwards: false)
      let backward = reach(from: level, backwards: true)
      // A level from which there is no way back leads to fewer levels than this one.
      guard let next = forward.indices.first(where: { forward[$0] && !backward[$0] }) else {
        return (forward, backward)
      }
      level = next
    }
  }

  private func reach(from start: Int, backwards: Bool) -> [Bool] {
    var found = [Bool](repeating: false, count: levels)
    found[start] = true
    var open = [start]
    while let level = open.popLast() {
      for other in 0..<levels where !found[other] {
        if rates[backwards ? other * levels + level : level * levels + other] > 0 {
          found[other] = true
          open.append(other)
        }
      }
    }
    return found
  }

  /// "{1, 2, 5...9}", levels counted from 1.
  static func text(_ members: [Bool]) -> String {
    var runs: [ClosedRange<Int>] = []
    for (index, member) in members.enumerated() where member {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound...(index + 1)
      } else {
        runs.append((index + 1)...(index + 1))
      }
    }
    var words = runs.prefix(4).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)...\($0.upperBound)" }
    if runs.count > 4 { words.append("and others") }
    return "{\(words.joined(separator: ", "))}"
  }
}
