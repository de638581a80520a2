import Foundation
import NessMath
import NessModel

/// The transmission of a chain between two baths that have been eliminated,
///
///     T(w) = 4 w² Re g_L(w) Re g_R(w) |G_LR(w)|²,     J = (T_L - T_R)/(2 pi) int_0^inf dw T(w),     0 <= T(w) <= 1
///
/// - Accuracy: rounding, relative to the value, at the frequency given.
/// - Complexity: O(log N) for every station per frequency.
/// - Source: `Documentation/Theory/effective-chain.md`.
/// - Checked by: its integral against the heat current (TransmissionFunctionTests).
package struct TransmissionFunction: Sendable {
  private let chain: EliminatedChain
  private let waves: PreciseWaves

  /// The transmission of a chain between two baths.
  ///
  /// - Parameter withMemory: whether the friction of particle baths depends on the frequency, or is that at frequency 0.
  /// - Throws: `Refusal` if the chain has other than two baths, or linear theory does not apply to it.
  package init(_ model: ChainModel, withMemory: Bool) throws(Refusal) {
    let method: Method = withMemory ? .memory : .markov
    if let reason = model.linearityReason ?? model.bucklingReason() { throw Refusal(method, reason) }
    guard model.terminals != nil else {
      throw Refusal(method, "transmission needs exactly two baths, there are \(model.attachments.count)")
    }
    chain = EliminatedChain(model, withMemory: withMemory)
    waves = PreciseWaves(chain, from: 0, to: 1)
  }

  /// Transmission at an angular frequency [1/time].
  package func callAsFunction(_ angularFrequency: Double) -> Double {
    values([angularFrequency / chain.frequencyUnit])[0]
  }

  /// Transmission at frequencies in natural units.
  private func values(_ frequencies: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(frequencies.count)
    for start in stride(from: 0, to: frequencies.count, by: 16) {
      let count = min(16, frequencies.count - start)
      var lanes = Lanes(repeating: frequencies[start])
      for lane in 0..<count { lanes[lane] = frequencies[start + lane] }
      let sample = waves.integrand(at: PreciseLanes(lanes))
      let values = (2 * Double.pi) * sample.value.scaled(byPowersOfTwo: sample.exponent)
      for lane in 0..<count { result.append(values[lane].isFinite ? values[lane] : 0) }
    }
    return result
  }

  /// The transmission at frequencies that resolve every resonance, denser where the value changes fast.
  ///
  /// - Parameter shouldStop: asked between rounds; true throws `QuadratureError.stopped`.
  /// - Returns: angular frequency [1/time] and transmission, in the order of the frequency.
  /// - Throws: `QuadratureError`.
  /// - Accuracy: the trapezoid rule over the points gives the integral to 1e-3, unless thousands of narrow resonances would need
  ///   more than 40 000 points.
  package func curve(
    shouldStop: () -> Bool = { false }
  ) throws(QuadratureError) -> [(angularFrequency: Double, transmission: Double)] {
    let mesh = try FrequencyMesh(chain, distance: chain.baths[1].site - chain.baths[0].site, shouldStop: shouldStop)
    let edges = mesh.cells.map { FrequencyMesh.frequency($0.lower, $0.region) }.filter { $0 > 0 }
    // Below the first edge the transmission is smooth; 0 itself has no place on a logarithmic axis.
    let below = (1...12).map { edges[0] / Double(1 << $0) }
    let points = Set(edges + below).sorted()
    var curve = zip(points, values(points)).map { Piece.Point(frequency: $0, value: $1) }
    while true {
      if shouldStop() { throw .stopped }
      let middles = zip(curve, curve.dropFirst()).map { 0.5 * ($0.frequency + $1.frequency) }
      let found = values(middles)
      let pieces = zip(zip(curve, curve.dropFirst()), zip(middles, found)).map {
        Piece(start: $0.0, middle: .init(frequency: $1.0, value: $1.1), end: $0.1)
      }
      let whole = pieces.reduce(0) { $0 + $1.integral }
      let error = pieces.reduce(0) { $0 + abs($1.trapezoidError) }
      let largest = max(curve.reduce(0) { max($0, $1.value) }, .leastNormalMagnitude)
      let share = Self.largestError * whole / Double(4 * pieces.count)
      let isRough = pieces.map { piece in
        piece.isCurved(floor: 1e-9 * largest) || error > Self.largestError * whole && abs(piece.trapezoidError) > share
      }
      guard isRough.contains(true), curve.count < Self.mostPoints else { break }
      var next: [Piece.Point] = [curve[0]]
      for (piece, isRough) in zip(pieces, isRough) {
        if isRough { next.append(piece.middle) }
        next.append(piece.end)
      }
      curve = next
    }
    return visible(curve).map { (angularFrequency: $0.frequency * chain.frequencyUnit, transmission: $0.value) }
  }

  private static let largestError = 5e-4
  /// More points than this are not drawn.
  static let mostPoints = 40_000

  /// The points between which all of the integral but some parts in ten thousand lies.
  private func visible(_ curve: [Piece.Point]) -> ArraySlice<Piece.Point> {
    let parts = zip(curve, curve.dropFirst()).map { 0.5 * ($0.value + $1.value) * ($1.frequency - $0.frequency) }
    let unseen = 1e-4 * parts.reduce(0, +)
    var (first, last) = (0, curve.count - 1)
    var below = 0.0
    while first < last - 1, below + parts[first] < unseen {
      below += parts[first]
      first += 1
    }
    var above = 0.0
    while last > first + 1, above + parts[last - 1] < unseen {
      above += parts[last - 1]
      last -= 1
    }
    return curve[first...last]
  }
}

/// Two neighbouring points of a curve and what lies between them.
private struct Piece {
  struct Point {
    var frequency: Double
    var value: Double
  }

  let start: Point
  let middle: Point
  let end: Point

  /// By Simpson's rule.
  var integral: Double { (end.frequency - start.frequency) / 6 * (start.value + 4 * middle.value + end.value) }

  /// What the straight line gives more.
  var trapezoidError: Double { 0.5 * (end.frequency - start.frequency) * (start.value + end.value) - integral }

  /// Whether the logarithm runs other than straight, by a twentieth; what is below the floor is not seen.
  func isCurved(floor: Double) -> Bool {
    if max(start.value, middle.value, end.value) <= floor { return false }
    // Doubles must tell the points apart.
    if end.frequency - start.frequency < 1e-13 * end.frequency { return false }
    let line = 0.5 * (log(max(start.value, floor)) + log(max(end.value, floor)))
    return abs(log(max(middle.value, floor)) - line) > 0.05
  }
}
