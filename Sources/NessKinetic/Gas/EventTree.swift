/// The earliest of some events, by a tournament: every change of a time costs O(log n), and of equal times the first event wins.
struct EventTree {
  /// Leaves, a power of two.
  private let leaves: Int
  /// Times of the winners: the root is 1, the children of node i are 2 i and 2 i + 1, the leaves come last.
  private let times: UnsafeMutablePointer<Double>
  private let winners: UnsafeMutablePointer<Int32>

  /// A tournament of events that never come.
  init(count: Int) {
    var size = 2
    while size < count { size *= 2 }
    leaves = size
    times = .allocate(capacity: 2 * size)
    winners = .allocate(capacity: 2 * size)
    times.initialize(repeating: .infinity, count: 2 * size)
    winners.initialize(repeating: 0, count: 2 * size)
    for leaf in 0..<size { winners[size + leaf] = Int32(leaf) }
    playAll()
  }

  /// Gives the memory back; it is of no use then.
  func deallocate() {
    times.deallocate()
    winners.deallocate()
  }

  /// The earliest event.
  var first: (event: Int, time: Double) { (Int(winners[1]), times[1]) }

  /// Sets a time; the winners above it are known again after `play`.
  @inline(__always) func set(_ event: Int, _ time: Double) { times[leaves + event] = time }

  /// Finds the winners above a range of events whose times have changed.
  @inline(__always) func play(from low: Int, to high: Int) {
    var (low, high) = ((leaves + low) / 2, (leaves + high) / 2)
    while low > 0 {
      for node in low...high { play(node) }
      (low, high) = (low / 2, high / 2)
    }
  }

  /// Finds all winners.
  func playAll() { for node in stride(from: leaves - 1, to: 0, by: -1) { play(node) } }

  @inline(__always) private func play(_ node: Int) {
    let (left, right) = (times[2 * node], times[2 * node + 1])
    let isLeft = left <= right
    times[node] = isLeft ? left : right
    winners[node] = isLeft ? winners[2 * node] : winners[2 * node + 1]
  }
}
