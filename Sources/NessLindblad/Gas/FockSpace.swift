import NessMath
import NessModel

/// States of identical particles on levels: how many are on each.
struct FockSpace: Sendable {
  let particles: Int
  let levels: Int
  let statistics: ParticleStatistics
  /// Of every state the levels of its particles, from 0, ascending; states in the order of their energies.
  let states: [[Int]]
  /// Of every state the sum of the squares of the numbers of its levels, from 1: its energy in units of the lowest level.
  let heights: [Int]
  private let places: [[Int]: Int]

  /// All states of particles on the levels of a box.
  init(particles: Int, levels: Int, statistics: ParticleStatistics) {
    (self.particles, self.levels, self.statistics) = (particles, levels, statistics)
    let step = statistics == .fermions ? 1 : 0
    var found: [[Int]] = []
    var state: [Int] = []
    func extend(from least: Int) {
      if state.count == particles {
        found.append(state)
        return
      }
      for level in least..<max(levels, least) {
        state.append(level)
        extend(from: level + step)
        state.removeLast()
      }
    }
    extend(from: 0)
    func height(_ state: [Int]) -> Int { state.reduce(0) { $0 + ($1 + 1) * ($1 + 1) } }
    let sorted = found.map { (height: height($0), state: $0) }.sorted { one, other in
      one.height == other.height ? one.state.lexicographicallyPrecedes(other.state) : one.height < other.height
    }
    states = sorted.map(\.state)
    heights = sorted.map(\.height)
    places = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1, $0) })
  }

  /// The number of states, without making them: no less than `most` + 1 if there are more than that.
  static func count(particles: Int, levels: Int, _ statistics: ParticleStatistics, most: Int) -> Int {
    let places = statistics == .bosons ? levels + particles - 1 : levels
    if places < particles { return 0 }
    var count = 1
    // Every quotient is a binomial coefficient.
    for index in 0..<min(particles, places - particles) {
      count = count * (places - index) / (index + 1)
      if count > most { return most + 1 }
    }
    return count
  }

  /// Numbers of particles on every level, in each state.
  func occupations(of level: Int) -> [Double] {
    states.map { state in Double(state.reduce(0) { $0 + ($1 == level ? 1 : 0) }) }
  }

  /// The sum over all particles of an operator of each:  sum over m, n of <m|A|n> c_m* c_n.
  ///
  /// - Parameter element: <m|A|n>, real and symmetric, of levels from 0.
  func sum(_ element: (Int, Int) -> Double) -> Matrix {
    var matrix = Matrix(rows: states.count, columns: states.count)
    for (from, state) in states.enumerated() {
      for (place, level) in state.enumerated() where place == 0 || state[place - 1] != level {
        let before = state.reduce(0) { $0 + ($1 == level ? 1 : 0) }
        matrix[from, from] += Double(before) * element(level, level)
        var rest = state
        rest.remove(at: place)
        for target in 0..<levels where target != level {
          let after = rest.reduce(0) { $0 + ($1 == target ? 1 : 0) }
          if statistics == .fermions && after > 0 { continue }
          let value = element(target, level)
          if value == 0 { continue }
          let position = rest.firstIndex { $0 >= target } ?? rest.count
          var next = rest
          next.insert(target, at: position)
          guard let to = places[next] else { continue }
          // Of fermions every one that it passes changes the sign.
          let factor =
            statistics == .bosons
            ? Double(before * (after + 1)).squareRoot() : (place + position) % 2 == 0 ? 1 : -1
          matrix[to, from] += factor * value
        }
      }
    }
    return matrix
  }
}
