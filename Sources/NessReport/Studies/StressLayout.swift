/// Places for the sites of a graph, so that distances in the plane are as near as may be to numbers of bonds between them
/// (stress majorisation; Gansner, Koren and North, 2004). Nothing but sums, products, quotients and roots: the same bits on every
/// machine.
struct StressLayout {
  typealias Place = SIMD2<Double>

  /// One for every site; a bond is about 1 long, the longest side lies flat.
  let places: [Place]
  private let count: Int
  private let distances: [Double]

  /// - Complexity: O(count²) for each of some hundred rounds.
  init(count: Int, pairs: [(first: Int, second: Int)]) {
    self.count = count
    let distances = Self.distances(count, pairs)
    self.distances = distances
    let layout = Workshop(count: count, distances: distances)
    // A start may lead to a graph folded on itself, which more starts avoid.
    let starts = count <= 64 ? 12 : 2
    var best: (passes: Int, stress: Double, places: [Place])?
    for number in 0..<starts {
      let (places, stress) = layout.relaxed(number == 0 ? layout.pivots : layout.scattered(number))
      let passes = Self.passes(places, pairs)
      if best.map({ (passes, stress) < ($0.passes, $0.stress) }) ?? true { best = (passes, stress, places) }
    }
    places = Self.turned(best?.places ?? [])
  }

  /// Bonds between all pairs, along the shortest way; parts that no bond joins are as far apart as the widest of them.
  private static func distances(_ count: Int, _ pairs: [(first: Int, second: Int)]) -> [Double] {
    var neighbours = [[Int]](repeating: [], count: count)
    for pair in pairs {
      neighbours[pair.first].append(pair.second)
      neighbours[pair.second].append(pair.first)
    }
    var distances = [Double](repeating: .infinity, count: count * count)
    for start in 0..<count {
      distances[start * count + start] = 0
      var (line, next) = ([start], 0)
      while next < line.count {
        let site = line[next]
        next += 1
        for neighbour in neighbours[site] where distances[start * count + neighbour] == .infinity {
          distances[start * count + neighbour] = distances[start * count + site] + 1
          line.append(neighbour)
        }
      }
    }
    let widest = distances.lazy.filter { $0 < .infinity }.max() ?? 0
    return distances.map { $0 < .infinity ? $0 : widest + 1 }
  }

  /// How often a bond passes over a site that it does not join.
  static func passes(_ places: [Place], _ pairs: [(first: Int, second: Int)]) -> Int {
    pairs.reduce(0) { sum, pair in
      let (start, end) = (places[pair.first], places[pair.second])
      let along = end - start
      let square = (along * along).sum()
      return sum
        + places.indices.count { site in
          guard site != pair.first, site != pair.second, square > 0 else { return false }
          let part = min(max(((places[site] - start) * along).sum() / square, 0), 1)
          let away = places[site] - (start + part * along)
          return (away * away).sum() < 0.015
        }
    }
  }

  /// The longest side flat, the first site on the left.
  private static func turned(_ places: [Place]) -> [Place] {
    guard !places.isEmpty else { return [] }
    let centre = places.reduce(Place(), +) / Double(places.count)
    let around = places.map { $0 - centre }
    let (xx, yy, xy) = around.reduce((0.0, 0.0, 0.0)) {
      ($0.0 + $1.x * $1.x, $0.1 + $1.y * $1.y, $0.2 + $1.x * $1.y)
    }
    let length = ((xx - yy) * (xx - yy) + 4 * xy * xy).squareRoot()
    var (cosine, sine) = (1.0, 0.0)
    if length > 1e-6 * (xx + yy) {
      let double = (xx - yy) / length
      cosine = ((1 + double) / 2).squareRoot()
      sine = (max(0, 1 - double) / 2).squareRoot() * (xy < 0 ? -1 : 1)
    }
    let flat = around.map { Place(cosine * $0.x + sine * $0.y, cosine * $0.y - sine * $0.x) }
    return flat[0].x > 0 ? flat.map { -$0 } : flat
  }
}

// MARK: - Moving sites

private struct Workshop {
  typealias Place = StressLayout.Place
  let count: Int
  let distances: [Double]

  private func distance(_ first: Int, _ second: Int) -> Double { distances[first * count + second] }

  private func farthest(from site: Int) -> Int {
    (0..<count).max { distance(site, $0) < distance(site, $1) } ?? 0
  }

  /// A start: how much nearer every site is to one end of the graph than to the other, and to one side than to the other.
  var pivots: [Place] {
    let left = farthest(from: 0)
    let right = farthest(from: left)
    func imbalance(_ site: Int) -> Double { abs(distance(site, left) - distance(site, right)) }
    let middle = (0..<count).min { imbalance($0) < imbalance($1) } ?? 0
    let sides = (0..<count).filter { imbalance($0) <= 1 }
    let top = sides.max { distance(middle, $0) < distance(middle, $1) } ?? 0
    let bottom = sides.max { distance(top, $0) < distance(top, $1) } ?? 0
    let jitter = scattered(0)
    let size = Double(count).squareRoot()
    return (0..<count).map { site in
      let x = 0.5 * (distance(site, left) - distance(site, right))
      let y = 0.5 * (distance(site, top) - distance(site, bottom))
      return Place(x, y) + 0.3 / size * jitter[site]
    }
  }

  /// Points spread evenly over a square (the additive sequence of the plastic number).
  func scattered(_ number: Int) -> [Place] {
    let size = Double(count).squareRoot()
    return (0..<count).map { site in
      let index = Double(site + 1 + number * (count + 17))
      let (x, y) = (0.754_877_666_246_692_7 * index, 0.569_840_290_998_053_3 * index)
      return size * Place(x - x.rounded(.down), y - y.rounded(.down))
    }
  }

  /// The places after many rounds, and their stress.
  func relaxed(_ start: [Place]) -> (places: [Place], stress: Double) {
    var places = start
    for _ in 0..<200 {
      for site in 0..<count {
        var (sum, weights) = (Place(), 0.0)
        for other in 0..<count where other != site {
          let wanted = distance(site, other)
          let weight = 1 / (wanted * wanted)
          let apart = places[site] - places[other]
          let length = (apart * apart).sum().squareRoot()
          let scale = length > 0 ? wanted / length : 0
          sum += weight * (places[other] + scale * apart)
          weights += weight
        }
        if weights > 0 { places[site] = sum / weights }
      }
    }
    var stress = 0.0
    for site in 0..<count {
      for other in 0..<site {
        let apart = places[site] - places[other]
        let ratio = (apart * apart).sum().squareRoot() / distance(site, other) - 1
        stress += ratio * ratio
      }
    }
    return (places, stress)
  }
}
