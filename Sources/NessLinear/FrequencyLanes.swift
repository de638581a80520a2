/// Sixteen frequencies at a time, one panel of the quadrature: two vector registers, so that one hides the other's latency.
typealias Lanes = SIMD16<Double>

extension SIMD16 where Scalar == Double {
  /// 1/x for positive normal x, to about one rounding: an estimate from the exponent bits, then Newton's method.
  /// (A vector division would be split into scalar ones.)
  @inline(__always)
  var reciprocal: Lanes {
    let bits = SIMD16<UInt64>(repeating: 0x7FDE_6238_22FC_16E6) &- unsafeBitCast(self, to: SIMD16<UInt64>.self)
    var estimate = unsafeBitCast(bits, to: Lanes.self)
    let one = Lanes(repeating: 1)
    for _ in 0..<5 {
      let defect = one.addingProduct(-self, estimate)
      estimate = estimate.addingProduct(estimate, defect)
    }
    return estimate
  }
}

/// The friction of a bath at one vector of frequencies.
struct FrictionLanes {
  /// Re g(w) [mass/time].
  var dissipative: Lanes
  /// w Im g(w), what the kernel adds to the stiffness [mass/time²].
  var elastic: Lanes
}

/// g(w) = g_0 + sum_n a_n / (r_n - i w), over common denominators in groups of four terms.
struct FrictionSpectrum {
  private let instantaneous: Double
  /// Friction a/r, amplitude a, and 1/r² of each term.
  private let terms: [(friction: Double, amplitude: Double, squaredTime: Double)]

  init(_ bath: EliminatedBath) {
    instantaneous = bath.instantaneous
    terms = bath.terms.map { ($0.amplitude / $0.rate, $0.amplitude, 1 / ($0.rate * $0.rate)) }
  }

  @inline(__always)
  func evaluate(_ squaredFrequency: Lanes) -> FrictionLanes {
    var result = FrictionLanes(dissipative: Lanes(repeating: instantaneous), elastic: .zero)
    var start = 0
    while start < terms.count {
      var dissipative = Lanes.zero
      var elastic = Lanes.zero
      var denominator = Lanes(repeating: 1)
      for index in start..<min(start + 4, terms.count) {
        let term = terms[index]
        let ratio = squaredFrequency * term.squaredTime
        let factor = 1 + ratio
        dissipative = (denominator * term.friction).addingProduct(dissipative, factor)
        elastic = (ratio * denominator * term.amplitude).addingProduct(elastic, factor)
        denominator *= factor
      }
      let inverse = denominator.reciprocal
      result.dissipative.addProduct(dissipative, inverse)
      result.elastic.addProduct(elastic, inverse)
      start += 4
    }
    return result
  }
}
