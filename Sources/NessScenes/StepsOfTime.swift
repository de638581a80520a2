import Foundation

/// Model time that is passed in whole steps of an engine, a piece at a time, with a look at the clock between two pieces.
struct StepsOfTime {
  /// Work of the steps between two looks at the clock, in particle-steps of eight replicas: about a millisecond.
  private static let workPerPiece = 1e6
  private static let mostSteps = 64

  /// Length of a step [time].
  let timeStep: Double
  private let stepsPerPiece: Int
  /// Time that was asked for and is shorter than a step [time].
  private var owed = 0.0

  init(timeStep: Double, workOfAStep: Double) {
    self.timeStep = timeStep
    stepsPerPiece = max(1, min(Self.mostSteps, Int(Self.workPerPiece / (8 * workOfAStep))))
  }

  /// How many steps each piece of a time has: `next` returns nil when the time, or that of a frame, is over.
  mutating func pieces(of modelTime: Double) -> Pieces {
    // No frame ever does as many steps.
    let left = Int(min(1e15, (owed + modelTime) / timeStep))
    owed = max(0, min(timeStep, owed + modelTime - Double(left) * timeStep))
    return Pieces(left: left, most: stepsPerPiece)
  }

  struct Pieces: Sequence, IteratorProtocol {
    private let clock = FrameClock()
    private var left: Int
    private let most: Int
    private var isFirst = true

    init(left: Int, most: Int) { (self.left, self.most) = (left, most) }

    mutating func next() -> Int? {
      guard left > 0, isFirst || !clock.isOver else { return nil }
      isFirst = false
      let steps = Swift.min(left, most)
      left -= steps
      return steps
    }
  }
}

/// Recent means of v² of every site over eight replicas; the weights of the past fall exponentially.
struct RecentSquares {
  /// Time over which the weights fall to 1/e, times the highest angular frequency: long enough for a calm profile, short enough
  /// to see it settle.
  private static let memory = 100.0

  /// Share of the weights that one step leaves.
  private let decay: Double
  private var squares: [Double]
  private var weight = 0.0

  init(sites: Int, timeStep: Double, highestAngularFrequency: Double) {
    squares = Array(repeating: 0, count: sites)
    decay = exp(-timeStep * highestAngularFrequency / Self.memory)
  }

  /// Adds the sums over some steps and all replicas, one for every site [length²/time²].
  mutating func add(steps: Int, _ sum: (_ site: Int) -> Double) {
    let kept = pow(decay, Double(steps))
    weight = weight * kept + 8 * Double(steps)
    for site in squares.indices { squares[site] = squares[site] * kept + sum(site) }
  }

  /// The mean of a site [length²/time²]; nil before the first step.
  func mean(_ site: Int) -> Double? { weight > 0 ? squares[site] / weight : nil }
}
