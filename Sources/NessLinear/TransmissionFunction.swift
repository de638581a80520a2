import Foundation
import NessModel

/// The transmission of a chain between two baths that have been eliminated,
///
///     T(w) = 4 w² Re g_L(w) Re g_R(w) |G_LR(w)|²,     J = (T_L - T_R)/(2 pi) int_0^inf dw T(w),     0 <= T(w) <= 1
///
/// G is the inverse of the tridiagonal matrix K - m w² - i w g(w), by continued fractions from both ends, which stay
/// bounded where waves decay.
///
/// - Accuracy: about N roundings, relative to the value.
/// - Complexity: O(N) per frequency.
/// - Source: `Documentation/Theory/effective-chain.md`.
/// - Checked by: its integral against the heat current, which is computed in another way (TransmissionFunctionTests).
public struct TransmissionFunction: Sendable {
  private let mass: Double
  private let spring: Double
  private let stiffness: [Double]
  private let baths: [EliminatedBath]

  /// The transmission of a chain between two baths.
  ///
  /// - Parameter withMemory: whether the friction of particle baths depends on the frequency, or is that at frequency 0.
  /// - Throws: `Refusal` if the chain has other than two baths, or linear theory does not apply to it.
  public init(_ model: ChainModel, withMemory: Bool) throws(Refusal) {
    let method: Method = withMemory ? .memory : .markov
    if let reason = model.linearityReason ?? model.bucklingReason() { throw Refusal(method, reason) }
    guard model.terminals != nil else {
      throw Refusal(method, "transmission needs exactly two baths, there are \(model.attachments.count)")
    }
    mass = model.medium.mass
    spring = model.medium.springConstant
    stiffness = model.effectiveStiffness().diagonal
    baths = EliminatedChain(model, withMemory: withMemory).baths
  }

  /// Transmission at an angular frequency [1/time].
  public func callAsFunction(_ angularFrequency: Double) -> Double {
    let square = angularFrequency * angularFrequency
    var diagonal = stiffness.map { Complex($0 - mass * square, 0) }
    var dissipative: [Double] = []
    for bath in baths {
      let friction = bath.friction(squaredFrequency: square)
      let site = diagonal.indices.clamped(bath.site - 1)
      diagonal[site] = diagonal[site] + Complex(friction.elastic, -angularFrequency * friction.dissipative)
      dissipative.append(friction.dissipative)
    }
    let (first, last) = (baths[0].site - 1, baths[1].site - 1)
    let couplingSquare = spring * spring
    // left[j]: the inverse of what displacement j does to the force on it when only sites up to j take part.
    var left = diagonal[0].inverse
    var product = first == 0 && last > 0 ? spring * spring * left.squaredModulus : 1
    for site in diagonal.indices.dropFirst() where site <= last {
      let pivot = diagonal[site] - couplingSquare * left
      left = pivot.inverse
      if site >= first, site < last { product *= couplingSquare * left.squaredModulus }
    }
    var right = Complex(0, 0)
    for site in stride(from: diagonal.count - 1, to: last, by: -1) {
      right = (diagonal[site] - couplingSquare * right).inverse
    }
    // At the last bath both sides meet.
    let whole = (left.inverse - couplingSquare * right).inverse
    let value = 4 * square * dissipative[0] * dissipative[1] * product * whole.squaredModulus
    return value.isFinite ? value : 0
  }

  /// The transmission at frequencies that resolve every resonance: up to where no wave passes, denser where the value
  /// changes fast.
  ///
  /// - Returns: angular frequency [1/time] and transmission, in the order of the frequency.
  public func curve() -> [(angularFrequency: Double, transmission: Double)] {
    let stiffest = (stiffness.max() ?? 0) + baths.reduce(0) { max($0, $1.dynamicStiffness) }
    let last = ((stiffest + 2 * spring) / mass).squareRoot() * 1.02
    let count = max(256, 8 * stiffness.count)
    let grid = (1...count).map { last * Double($0) / Double(count) }.map { ($0, self($0)) }
    let largest = max(grid.map(\.1).max() ?? 0, .leastNormalMagnitude)
    var curve = [grid[0]]
    for end in grid.dropFirst() {
      guard let start = curve.last else { continue }
      refine(from: start, to: end, floor: 1e-9 * largest, depth: 0, into: &curve)
      curve.append(end)
    }
    return curve.map { (angularFrequency: $0.0, transmission: $0.1) }
  }

  private static let deepest = 40
  private static let mostPoints = 20_000

  /// Adds points between two until the logarithm runs straight to a fiftieth: resonances announce themselves by the
  /// curvature of their wings, however narrow they are.
  private func refine(
    from start: (Double, Double), to end: (Double, Double), floor: Double, depth: Int,
    into curve: inout [(Double, Double)]
  ) {
    guard depth < Self.deepest, curve.count < Self.mostPoints else { return }
    func point(_ part: Double) -> (Double, Double) {
      let place = start.0 + part * (end.0 - start.0)
      return (place, self(place))
    }
    let found = point(0.5)
    // By chance the middle of a peak's flanks may lie on their line; a second place beside it does not as well.
    let isStraight = [(0.5, found), (0.3, point(0.3))].allSatisfy { part, probe in
      if max(start.1, probe.1, end.1) <= floor { return true }
      let line = (1 - part) * log(max(start.1, floor)) + part * log(max(end.1, floor))
      return abs(log(max(probe.1, floor)) - line) < 0.02
    }
    if isStraight { return }
    refine(from: start, to: found, floor: floor, depth: depth + 1, into: &curve)
    curve.append(found)
    refine(from: found, to: end, floor: floor, depth: depth + 1, into: &curve)
  }
}

extension EliminatedBath {
  /// Re g(w) [mass/time] and w Im g(w) [mass/time²].
  fileprivate func friction(squaredFrequency square: Double) -> (dissipative: Double, elastic: Double) {
    terms.reduce((instantaneous, 0)) { sum, term in
      let size = term.rate * term.rate + square
      return (sum.0 + term.amplitude * term.rate / size, sum.1 + term.amplitude * square / size)
    }
  }
}

/// A complex number, as far as it is needed here.
private struct Complex {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  var squaredModulus: Double { real * real + imaginary * imaginary }

  /// 1/z; where z is exactly 0, an undamped mode of the sites outside the baths, that of the smallest number instead.
  var inverse: Complex {
    let size = squaredModulus
    return size > 0 ? Complex(real / size, -imaginary / size) : Complex(1e150, 0)
  }

  static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (factor: Double, z: Complex) -> Complex { Complex(factor * z.real, factor * z.imaginary) }
}

extension Range<Int> {
  /// The nearest place within the range.
  fileprivate func clamped(_ place: Int) -> Int { Swift.min(Swift.max(place, lowerBound), upperBound - 1) }
}
