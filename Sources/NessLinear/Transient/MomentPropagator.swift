import NessMath

/// What second moments of a linear system  dx = A x dt + noise,  <noise noise^T> = Q dt  become in a time h, with integrals of
/// quadratic forms x^T L x along the way,
///
///     M(h) = F M F^T + S,    F = exp(A h),    S = int_0^h F_s Q F_s^T ds
///     int_0^h tr(L M(s)) ds = tr(W M) + c,    W = int_0^h F_s^T L F_s ds,    c = int_0^h tr(L S_s) ds
///
/// by doubling from a short time, where series converge at once. Nothing is divided by a rate, so slow modes keep their digits,
/// and there need be no steady state.
///
/// - Source: C. F. Van Loan, IEEE Trans. Automat. Contr. 23, 395 (1978), in the form of doubling.
/// - Complexity: O((4 + 4 forms) n³) for each of log2(16 |A| h) doublings, O(4 n³) for each step.
/// - Checked by: closed forms of one oscillator, and an integration in small steps (LinearTransientTests).
struct MomentPropagator {
  /// F.
  private(set) var flow: Matrix
  /// S.
  private(set) var noise: Matrix
  /// W of every form.
  private(set) var forms: [Matrix]
  /// c of every form.
  private(set) var constants: [Double]
  /// Doublings.
  let doublings: Int
  /// The largest element of F on the way, 1 at least.
  private(set) var growth = 1.0

  private static let terms = 14

  init(drift: Matrix, diffusion: Matrix, forms: [Matrix], time: Double, shouldStop: () -> Bool = { false }) throws {
    let order = drift.rows
    var norm = 0.0
    for column in 0..<order {
      var sum = 0.0
      for row in 0..<order { sum += abs(drift[row, column]) }
      norm = max(norm, sum)
    }
    var (short, count) = (time, 0)
    while short * norm > 0.0625 { (short, count) = (0.5 * short, count + 1) }
    flow = .identity(order)
    noise = Matrix(rows: order, columns: order)
    self.forms = forms.map { _ in Matrix(rows: order, columns: order) }
    constants = forms.map { _ in 0 }
    doublings = count
    var (power, spread, traces) = (Matrix.identity(order), diffusion, forms)
    var factor = 1.0
    for term in 1...Self.terms {
      // factor = h^term / term!
      factor *= short / Double(term)
      power = drift * power
      flow = flow + factor * power
      noise = noise + factor * spread
      for (index, form) in forms.enumerated() {
        self.forms[index] = self.forms[index] + factor * traces[index]
        constants[index] += factor * short / Double(term + 1) * Self.trace(form, spread)
        let half = drift.transposed * traces[index]
        traces[index] = half + half.transposed
      }
      let half = drift * spread
      spread = half + half.transposed
    }
    for _ in 0..<count {
      if shouldStop() { throw QuadratureError.stopped }
      for index in forms.indices {
        constants[index] = 2 * constants[index] + Self.trace(self.forms[index], noise)
        self.forms[index] =
          self.forms[index]
          + (flow.transposed * (self.forms[index] * flow)).symmetricPart
      }
      noise = noise + ((flow * noise) * flow.transposed).symmetricPart
      flow = flow * flow
      growth = max(growth, flow.largestElement)
    }
  }

  /// The moments after the time.
  func moments(after moments: Matrix) -> Matrix {
    ((flow * moments) * flow.transposed).symmetricPart + noise
  }

  /// The mean after the time.
  func mean(after mean: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: mean.count)
    for column in mean.indices where mean[column] != 0 {
      for row in result.indices { result[row] += flow[row, column] * mean[column] }
    }
    return result
  }

  /// The integral of a form over the time that begins with these moments.
  func integral(_ form: Int, _ moments: Matrix) -> Double { Self.trace(forms[form], moments) + constants[form] }

  static func trace(_ one: Matrix, _ other: Matrix) -> Double {
    // Both symmetric.
    zip(one.elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
