import NessMath
import NessModel

/// A Pauli equation solved by taking out one level after the other, the highest first.
///
/// Taking out level k leaves the jumps of the others exact in distribution: a jump i -> k -> j becomes a jump i -> j,
///
///     Q_ij += Q_ik Q_kj / s_k,    s_k = sum_{j<k} Q_kj
///
/// Nothing is ever subtracted, so every population is right to almost all digits, however small it is.
///
/// - Source: W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33, 1107 (1985).
/// - Complexity: O(2 M³/3), in blocks by dgemm; O(M²) for each later `response`.
/// - Checked by: birth-death chains in closed form down to 1e-200, and plain LU (DaviesTests).
struct Elimination: Sendable {
  /// Number of levels.
  let levels: Int
  /// Populations of the steady state, in the order of the levels.
  let populations: [Double]
  /// The level that is eliminated last, from 0; it lies in the closed class.
  private let anchor: Int
  /// Above the diagonal Q_ik/s_k, below it Q_kj, as they stood when the level of larger index was taken out.
  private let factors: [Double]
  private let outflow: [Double]

  private static let block = 48

  /// Eliminates the levels of a Pauli equation.
  ///
  /// - Throws: `Refusal` if the steady state is not unique.
  init(_ rates: JumpRates, method: Method = .davies) throws(Refusal) {
    let levels = rates.levels
    let anchor = try ClosedClasses(rates).anchor(method)
    var factors = rates.total
    var outflow = [Double](repeating: 0, count: levels)
    if anchor != 0 { Self.exchange(&factors, levels, anchor) }
    factors.withUnsafeMutableBufferPointer { matrix in
      outflow.withUnsafeMutableBufferPointer { sums in
        guard let matrix = matrix.baseAddress, let sums = sums.baseAddress else { return }
        var end = levels
        while end > 1 {
          let start = end <= 3 * Self.block ? 0 : end - Self.block
          Self.eliminate(start..<end, matrix, sums, stride: levels)
          end = start
        }
      }
    }
    self.levels = levels
    self.anchor = anchor
    self.factors = factors
    self.outflow = outflow
    populations = Self.populations(factors, levels, anchor)
  }

  /// Swaps level `anchor` with level 0.
  private static func exchange(_ matrix: inout [Double], _ levels: Int, _ anchor: Int) {
    for index in 0..<levels { matrix.swapAt(index, anchor * levels + index) }
    for index in 0..<levels { matrix.swapAt(index * levels, index * levels + anchor) }
  }

  /// Takes out the levels of a range, the last first. Within the range at once, for all levels below at the end.
  private static func eliminate(
    _ range: Range<Int>, _ matrix: UnsafeMutablePointer<Double>, _ outflow: UnsafeMutablePointer<Double>, stride: Int
  ) {
    let start = range.lowerBound
    for level in range.reversed() where level > 0 {
      let row = matrix + level * stride
      outflow[level] = sum(row, level)
      let inverse = 1 / outflow[level]
      for other in 0..<level {
        let target = matrix + other * stride
        if target[level] == 0 { continue }
        // A division by a denormal outflow would overflow as a product with its inverse.
        let share = inverse.isFinite ? target[level] * inverse : target[level] / outflow[level]
        target[level] = share
        let first = other < start ? start : 0
        accumulate(share, row + first, into: target + first, level - first)
      }
    }
    accumulateProduct(
      matrix + start, leftStride: stride, matrix + start * stride, rightStride: stride, into: matrix, stride: stride,
      rows: start, columns: start, inner: range.count)
  }

  private static func populations(_ factors: [Double], _ levels: Int, _ anchor: Int) -> [Double] {
    var result = [Double](repeating: 0, count: levels)
    result[0] = 1
    factors.withUnsafeBufferPointer { matrix in
      result.withUnsafeMutableBufferPointer { values in
        guard let matrix = matrix.baseAddress, let values = values.baseAddress else { return }
        for level in 0..<levels {
          accumulate(values[level], matrix + level * levels + level + 1, into: values + level + 1, levels - level - 1)
        }
      }
    }
    let total = result.reduce(0, +)
    for level in result.indices { result[level] /= total }
    result.swapAt(0, anchor)
    return result
  }

  /// The deviation y from the steady state that a steady source of probability keeps up: G y = -source, sum y = 0, for
  /// the generator G and a source whose sum is 0. It is the inverse of -G where that has one, so its largest eigenvalue
  /// is the inverse of the gap.
  func response(to source: [Double]) -> [Double] {
    var deviation = occupation(by: source)
    let total = deviation.reduce(0, +)
    for level in deviation.indices { deviation[level] -= populations[level] * total }
    return deviation
  }

  /// The same before the sum is made 0: of a source without negative parts it is not negative and right to almost all digits.
  func occupation(by source: [Double]) -> [Double] {
    var inflow = source
    inflow.swapAt(0, anchor)
    factors.withUnsafeBufferPointer { matrix in
      inflow.withUnsafeMutableBufferPointer { values in
        guard let matrix = matrix.baseAddress, let values = values.baseAddress else { return }
        for level in (1..<max(1, levels)).reversed() {
          values[level] /= outflow[level]
          accumulate(values[level], matrix + level * levels, into: values, level)
        }
        values[0] = 0
        for level in 1..<max(1, levels) {
          accumulate(values[level], matrix + level * levels + level + 1, into: values + level + 1, levels - level - 1)
        }
      }
    }
    inflow.swapAt(0, anchor)
    return inflow
  }
}

/// The sum of `count` numbers, eight at a time.
@inline(__always)
func sum(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
  var lanes = SIMD8<Double>.zero
  let whole = count & ~7
  for index in stride(from: 0, to: whole, by: 8) {
    lanes += UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Double>.self)
  }
  var result = lanes.sum()
  for index in whole..<count { result += values[index] }
  return result
}

/// target += factor * values, for `count` numbers.
@inline(__always)
func accumulate(
  _ factor: Double, _ values: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>, _ count: Int
) {
  for index in 0..<count { target[index] += factor * values[index] }
}
