import Foundation
import NessModel

/// One move at a wall as a kernel on the speed, in units of a reference temperature T_0: speed v in sqrt(2 T_0/m), so
/// that the energy is v², and temperatures and widths of energy in T_0.
struct WallKernel {
  enum Move: Hashable {
    /// The new energy is exponential.
    case maxwell
    /// A Metropolis move of the energy of at most this width.
    case energy(width: Double)
    /// A Metropolis move of the speed of at most this width.
    case speed(width: Double)
  }

  let move: Move
  /// T/T_0.
  let temperature: Double
  /// Moves at every collision.
  let moves: Int

  /// - Parameters:
  ///   - law: the law of the wall.
  ///   - mass: mass of the particle [mass].
  ///   - reference: T_0 [energy].
  init(_ law: CollisionLaw, mass: Double, reference: Double) {
    switch law {
    case .maxwell(let bath):
      (move, temperature, moves) = (.maxwell, bath.temperature / reference, 1)
    case .metropolis(let bath):
      let ratio = bath.temperature / reference
      // Moves in energy at such temperatures are those at 0, to that accuracy; a grid could not resolve the difference.
      temperature = bath.proposal == .energy && ratio < 1e-20 ? 0 : ratio
      moves = bath.moves
      move =
        bath.proposal == .energy
        ? .energy(width: bath.width / reference)
        : .speed(width: bath.width / (2 * reference / mass).squareRoot())
    }
  }

  /// Moves of less than a tenth of T_0 or of its speed, which only a finer grid can tell from no move at all.
  var isNarrow: Bool {
    switch move {
    case .maxwell: false
    case .energy(let width), .speed(let width): width < 0.1
    }
  }

  /// Speeds within reach of a move that ends at `target`.
  func sources(of target: Double) -> ClosedRange<Double> {
    // Moves upwards that start further below are accepted with less than exp(-45).
    let steepest = (max(0, target * target - 45 * temperature)).squareRoot()
    switch move {
    case .maxwell: return 0...0
    case .energy(let width):
      let lowest = (max(0, target * target - width)).squareRoot()
      return max(lowest, steepest)...(target * target + width).squareRoot()
    case .speed(let width):
      let lowest = max(0, target - width)
      if temperature == 0 { return target...(target + width) }
      return lowest...(target + width)
    }
  }

  /// Speeds at which the kernel to `target` is not smooth, within its range.
  func kinks(of target: Double) -> [Double] {
    guard case .speed = move, temperature > 0 else { return [target] }
    return [target, partner(of: target)]
  }

  /// Acceptance of the move between two speeds.
  func acceptance(from speed: Double, to target: Double) -> Double {
    switch move {
    case .maxwell: return 1
    case .energy:
      if target <= speed { return 1 }
      return temperature > 0 ? exp((speed - target) * (speed + target) / temperature) : 0
    case .speed:
      if temperature == 0 { return target <= speed ? 1 : 0 }
      let exponent = log(target / speed) + (speed - target) * (speed + target) / temperature
      return exponent >= 0 ? 1 : exp(exponent)
    }
  }

  /// Probability density per speed of proposing `target`, from anywhere within reach.
  func proposalDensity(of target: Double) -> Double {
    switch move {
    case .maxwell: return temperature > 0 ? 2 * target / temperature * exp(-target * target / temperature) : 0
    case .energy(let width): return target / width
    case .speed(let width): return 0.5 / width
    }
  }

  /// Probability that a move from `speed` is refused: the kernel's part without smoothing.
  func refusal(at speed: Double) -> Double {
    switch move {
    case .maxwell: return 0
    case .energy(let width):
      let upwards = temperature > 0 ? -temperature * expm1(-width / temperature) : 0
      return 1 - (min(speed * speed, width) + upwards) / (2 * width)
    case .speed(let width):
      return 1 - accepted(from: max(0, speed - width), to: speed + width, at: speed) / (2 * width)
    }
  }

  /// Integral of min(1, h(v')/h(v)) over targets v' in a range, with h(v) = v exp(-v²/T): 1 between v and its partner,
  /// and outside of them the integral of h, which is -T/2 exp(-v²/T).
  private func accepted(from lower: Double, to upper: Double, at speed: Double) -> Double {
    guard temperature > 0 else { return speed - lower }
    let other = partner(of: speed)
    let (low, high) = (min(speed, other), max(speed, other))
    var sum = max(0, min(upper, high) - max(lower, low))
    if lower < low {
      sum += 0.5 * temperature * (expm1((low - lower) * (low + lower) / temperature)) / low
    }
    if upper > high {
      sum -= 0.5 * temperature * expm1((high - upper) * (high + upper) / temperature) / high
    }
    return sum
  }

  /// The other speed with the same weight v exp(-v²/T); 0 if it is below the smallest number.
  func partner(of speed: Double) -> Double {
    // With y = 2 v²/T: find z on the other side of 1 with z - ln z = y - ln y.
    let y = 2 * speed * speed / temperature
    guard y > 0 else { return .infinity }
    let level = y - log(y)
    if abs(y - 1) < 1e-7 { return speed * (2 - y).squareRoot() / y.squareRoot() }
    var z = y > 1 ? exp(-level) : level + log(level)
    if y > 1 && z < 1e-300 { return (0.5 * temperature * z).squareRoot() }
    for _ in 0..<60 {
      let step = y > 1 ? (log(z) + level - z) / (1 / z - 1) : (z - log(z) - level) / (1 - 1 / z)
      let next = z - step
      let bounded = y > 1 ? min(max(next, 0.5 * z), 0.5 * (1 + z)) : max(next, 0.5 * (1 + z))
      if abs(bounded - z) <= 1e-15 * z { break }
      z = bounded
    }
    return (0.5 * temperature * z).squareRoot()
  }

  /// Speeds from which a move of the full width just reaches the partner: the refusal has a weak kink there.
  var partnersWithinReach: [Double] {
    guard case .speed(let width) = move, temperature > 0 else { return [] }
    // partner(v) - v falls from infinity through width at v > 0 to 0 at sqrt(T/2).
    var (low, high) = (0.0, (0.5 * temperature).squareRoot())
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if partner(of: middle) - middle > width { low = middle } else { high = middle }
    }
    return [low, low + width, (0.5 * temperature).squareRoot()]
  }

  /// The speeds that a move of the full width reaches from `speed`, upwards and downwards.
  func reach(from speed: Double) -> [Double] {
    switch move {
    case .maxwell: return []
    case .energy(let width):
      return [speed * speed + width, speed * speed - width].filter { $0 > 0 }.map { $0.squareRoot() }
    case .speed(let width): return [speed + width, speed - width].filter { $0 > 0 }
    }
  }
}
