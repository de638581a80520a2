/// Modified Bessel functions of the first kind, scaled: exp(-x) I_n(x) for n = 0, 1, ..., `highestOrder`.
///
/// - Parameters:
///   - highestOrder: largest order wanted, >= 0.
///   - x: argument, >= 0.
/// - Returns: `highestOrder + 1` values; all lie in [0, 1] and none overflows.
/// - Accuracy: relative error about 1e-14 wherever the value is above 1e-300.
/// - Complexity: O(n + sqrt(40 max(n, x)) + x).
/// - Source: downward recurrence (J. C. P. Miller), normalised by I_0 + 2 sum I_n = exp(x).
/// - Checked by: the power series and the integral representation (BesselTests).
package func scaledBesselI(upTo highestOrder: Int, _ x: Double) -> [Double] {
  precondition(highestOrder >= 0 && x >= 0, "order and argument must not be negative")
  guard x > 0 else { return (0...highestOrder).map { $0 == 0 ? 1 : 0 } }
  let reach = max(highestOrder, Int(x))
  let start = reach + Int((40 * Double(reach)).squareRoot()) + 20
  var values = [Double](repeating: 0, count: highestOrder + 1)
  var next = 0.0
  var current = 1e-300
  var sum = 0.0
  for order in stride(from: start, through: 1, by: -1) {
    (next, current) = (current, next + 2 * Double(order) / x * current)
    if current > 1e250 {
      (next, current, sum) = (next * 1e-250, current * 1e-250, sum * 1e-250)
      for index in values.indices { values[index] *= 1e-250 }
    }
    if order - 1 <= highestOrder { values[order - 1] = current }
    if order > 1 { sum += 2 * current }
  }
  return values.map { $0 / (sum + current) }
}
