import Foundation
import NessFiles
import NessModel
import NessStatistics

/// The power of the temperature with which a current vanishes, in words: where the temperatures of all baths change in proportion, and
/// theory gives the current.
///
/// From local exponents d ln|J| / d ln T between neighbouring temperatures, carried on to T = 0 as a geometric series where their changes
/// are one; what is added so is the error, with that of the currents. What lies below the lowest temperature is not seen.
enum LowTemperatureExponent {
  /// Ratio of two changes of the local exponent, one below the other, above which they are not said to settle.
  private static let slowest = 0.8
  /// Factor by which two such ratios may differ, of which a geometric series has one.
  private static let mostUneven = 3.0

  /// A sentence for every method that theory has, if the points are such a sweep.
  static func notes(on points: [PointResult]) -> [String] {
    guard points.count >= 4, let first = points.first else { return [] }
    let paths = first.parameters.map(\.path)
    // There is a heat current between two baths only, so two temperatures are all.
    guard paths.count == 2, paths.allSatisfy({ $0.hasPrefix("baths.") && $0.hasSuffix(".temperature") }) else {
      return []
    }
    let scales = points.map { $0.parameters.map(\.value) }
    guard scales.allSatisfy({ $0.count == paths.count && $0.allSatisfy { $0 > 0 } }) else { return [] }
    let isProportional = scales.allSatisfy { values in
      zip(values, scales[0]).allSatisfy { abs($0 / $1 / (values[0] / scales[0][0]) - 1) < 1e-9 }
    }
    guard isProportional else { return [] }
    let order = points.indices.sorted { scales[$0][0] < scales[$1][0] }
    guard zip(order, order.dropFirst()).allSatisfy({ scales[$0][0] < scales[$1][0] }) else { return [] }
    let methods = first.members.filter { $0.quantity == .heatCurrent && $0.method != .simulation }.map(\.method)
    return methods.compactMap { method in
      let currents = order.compactMap { points[$0].estimates.member(.heatCurrent, by: method)?.estimate }
      guard currents.count == points.count else { return nil }
      return words(order.map { scales[$0][0] }, currents).map { "\(method.rawValue): \($0)" }
    }
  }

  /// - Parameters:
  ///   - temperatures: of one of the baths, ascending.
  private static func words(_ temperatures: [Double], _ currents: [Estimate]) -> String? {
    guard let sign = currents.last?.value.sign,
      currents.allSatisfy({ $0.value.sign == sign && abs($0.value) > 10 * $0.error })
    else { return nil }
    let local = (0..<min(4, currents.count - 1)).map { index -> (value: Double, error: Double) in
      let width = log(temperatures[index + 1] / temperatures[index])
      let (low, high) = (currents[index], currents[index + 1])
      return (
        log(high.value / low.value) / width, (low.error / abs(low.value) + high.error / abs(high.value)) / width
      )
    }
    let steps = (local[0].value - local[1].value, local[1].value - local[2].value)
    let error = 2 * (local[0].error + local[1].error + local[2].error)
    let place = "the temperatures of all baths together, as far as is seen (lowest \(temperatures[0].short))"
    if abs(steps.0) <= error { return "|J| falls as the power \(local[0].value.text(error: error)) of \(place)" }
    let ratio = steps.0 / steps.1
    guard ratio > 0 else { return nil }
    if local.count > 3, ratio < slowest {
      let before = steps.1 / (local[2].value - local[3].value)
      guard before > 0, max(before / ratio, ratio / before) < mostUneven else {
        return
          "|J| is no power of the temperatures of all baths together yet: the local exponent at the lowest, \(temperatures[0].short), is "
          + "\(local[0].value.text(digits: 3)), after \(local[1].value.text(digits: 3)), \(local[2].value.text(digits: 3)) and "
          + "\(local[3].value.text(digits: 3)), which do not settle evenly: go to lower ones"
      }
    }
    if ratio >= slowest {
      return steps.0 > 0
        ? "|J| falls faster than a power of \(place): the local exponent is "
          + "\(local[0].value.text(digits: 3)) there, and still grows"
        : nil
    }
    let rest = steps.0 * ratio / (1 - ratio)
    return "|J| falls as the power \((local[0].value + rest).text(error: abs(rest) + error)) of \(place)"
  }
}
