/// The bonds of a graph without which one of its parts would fall apart: all heat between the two halves passes there.
struct Bridges {
  /// When a search that goes down meets every site, when it has met all below it, and where it began.
  private let place: [Int]
  private let end: [Int]
  private let root: [Int]
  /// The lower site of every bridge.
  private let below: [Int?]
  private let seconds: [Int]

  /// - Parameter bonds: pairs of sites from 0, each pair once.
  /// - Complexity: O(sites + bonds).
  /// - Source: R. E. Tarjan, Inf. Process. Lett. 2, 160 (1974).
  init(sites: Int, _ bonds: [(first: Int, second: Int)]) {
    var neighbours = [[(site: Int, bond: Int)]](repeating: [], count: sites)
    for (index, bond) in bonds.enumerated() {
      neighbours[bond.first].append((bond.second, index))
      neighbours[bond.second].append((bond.first, index))
    }
    var (met, place) = (0, [Int](repeating: -1, count: sites))
    var (lowest, end, root) = (place, place, place)
    var below = [Int?](repeating: nil, count: bonds.count)
    for start in 0..<sites where place[start] < 0 {
      var open: [(site: Int, through: Int, next: Int)] = [(start, -1, 0)]
      (place[start], lowest[start], root[start]) = (met, met, start)
      met += 1
      while let (site, through, next) = open.last {
        if next < neighbours[site].count {
          open[open.count - 1].next += 1
          let (other, bond) = neighbours[site][next]
          if bond == through { continue }
          if place[other] >= 0 {
            lowest[site] = min(lowest[site], place[other])
          } else {
            (place[other], lowest[other], root[other]) = (met, met, start)
            met += 1
            open.append((other, bond, 0))
          }
          continue
        }
        open.removeLast()
        end[site] = met
        guard let above = open.last?.site else { continue }
        lowest[above] = min(lowest[above], lowest[site])
        if lowest[site] > place[above] { below[through] = site }
      }
    }
    (self.place, self.end, self.root, self.below) = (place, end, root, below)
    seconds = bonds.map(\.second)
  }

  /// Whether a bond is one.
  func contains(_ bond: Int) -> Bool { below[bond] != nil }

  /// Whether a site is on the side of the second site of a bridge.
  func isBeyond(_ bond: Int, _ site: Int) -> Bool {
    guard let child = below[bond] else { return false }
    let isInside = place[child] <= place[site] && place[site] < end[child]
    // The search came from the first site, or from the second: then the far side is the rest of its part.
    return seconds[bond] == child ? isInside : !isInside && root[site] == root[child]
  }
}
