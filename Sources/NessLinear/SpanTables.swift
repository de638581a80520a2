import NessMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Functions of the wave number at the nodes of one panel, by addition theorems from one set of tables per panel width.
///
/// In the band w = w_c sin(p), above it w = w_c cosh(eta). For a span of l bonds the band needs sin(2lp) and cos(2lp);
/// above it e = exp(-4 l eta) and 1 - e, the latter free of cancellation.
struct SpanTables {
  private let spans: [Double]
  private var halfWidth = Double.nan
  private var evanescent = false
  /// Two functions at the nodes, for the wave number itself (index 0) and for each span after it.
  private var table: [(first: Lanes, second: Lanes)]
  private var decay = Lanes.zero
  private var centers: [(first: Double, second: Double)]
  private var centerDecay = 0.0

  init(spans: [Int]) {
    self.spans = spans.map(Double.init)
    table = Array(repeating: (Lanes.zero, Lanes.zero), count: spans.count + 1)
    centers = Array(repeating: (0.0, 0.0), count: spans.count + 1)
  }

  private static func map(_ x: Lanes, _ function: (Double) -> Double) -> Lanes {
    var result = Lanes.zero
    for lane in 0..<16 { result[lane] = function(x[lane]) }
    return result
  }

  /// Prepares a panel of the band, center and half width in p.
  mutating func prepareBand(_ center: Double, _ halfWidth: Double) {
    if halfWidth != self.halfWidth || evanescent {
      (self.halfWidth, evanescent) = (halfWidth, false)
      let offset = GaussKronrod15.nodes * halfWidth
      table[0] = (Self.map(offset, sin), Self.map(offset, cos))
      for (index, span) in spans.enumerated() {
        let angle = offset * (2 * span)
        table[index + 1] = (Self.map(angle, sin), Self.map(angle, cos))
      }
    }
    centers[0] = (sin(center), cos(center))
    for (index, span) in spans.enumerated() { centers[index + 1] = (sin(2 * span * center), cos(2 * span * center)) }
  }

  /// Prepares a panel above the band, center and half width in eta.
  mutating func prepareEvanescent(_ center: Double, _ halfWidth: Double) {
    if halfWidth != self.halfWidth || !evanescent {
      (self.halfWidth, evanescent) = (halfWidth, true)
      let offset = GaussKronrod15.nodes * halfWidth
      table[0] = (Self.map(offset, sinh), Self.map(offset, cosh))
      decay = Self.map(offset) { exp(-$0) }
      for (index, span) in spans.enumerated() {
        // Where this overflows, the whole panel lies so high that exp(-4 l eta) vanishes.
        let exponent = offset * (-4 * span)
        let vanishes = 4 * span * halfWidth > 200
        table[index + 1] =
          vanishes ? (.zero, Lanes(repeating: 1)) : (Self.map(exponent, exp), Self.map(exponent) { -expm1($0) })
      }
    }
    centers[0] = (sinh(center), cosh(center))
    centerDecay = exp(-center)
    for (index, span) in spans.enumerated() {
      let exponent = -4 * span * center
      centers[index + 1] = 4 * span * halfWidth > 200 ? (0, 1) : (exp(exponent), -expm1(exponent))
    }
  }

  /// sin p, cos p.
  @inline(__always)
  func bandNumber() -> (sine: Lanes, cosine: Lanes) { added(0) }

  /// sin(2lp), cos(2lp) of a span.
  @inline(__always)
  func bandSpan(_ span: Int) -> (sine: Lanes, cosine: Lanes) { added(span + 1) }

  @inline(__always)
  private func added(_ index: Int) -> (sine: Lanes, cosine: Lanes) {
    let (center, offset) = (centers[index], table[index])
    return (
      sine: (offset.second * center.first).addingProduct(offset.first, Lanes(repeating: center.second)),
      cosine: (offset.second * center.second).addingProduct(offset.first, Lanes(repeating: -center.first))
    )
  }

  /// cosh eta, sinh eta, exp(-eta).
  @inline(__always)
  func evanescentNumber() -> (cosine: Lanes, sine: Lanes, decay: Lanes) {
    let (center, offset) = (centers[0], table[0])
    return (
      cosine: (offset.second * center.second).addingProduct(offset.first, Lanes(repeating: center.first)),
      sine: (offset.second * center.first).addingProduct(offset.first, Lanes(repeating: center.second)),
      decay: decay * centerDecay
    )
  }

  /// exp(-4 l eta) and 1 - exp(-4 l eta) of a span.
  @inline(__always)
  func evanescentSpan(_ span: Int) -> (decay: Lanes, defect: Lanes) {
    let (center, offset) = (centers[span + 1], table[span + 1])
    let defect = (offset.second * (1 - center.second)) + center.second
    return (decay: offset.first * center.first, defect: defect)
  }
}
