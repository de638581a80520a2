/// Sixteen numbers of twice the precision, each the unevaluated sum of two doubles: about 31 digits.
///
/// - Source: T. J. Dekker, Numer. Math. 18, 224 (1971), with fused multiply-add.
struct PreciseLanes {
  var high: Lanes
  var low: Lanes

  @inline(__always)
  init(_ high: Lanes, _ low: Lanes = .zero) { (self.high, self.low) = (high, low) }

  @inline(__always)
  init(repeating high: Double, _ low: Double = 0) {
    self.init(Lanes(repeating: high), Lanes(repeating: low))
  }

  static let zero = PreciseLanes(.zero)

  /// a + b for |a| >= |b|.
  @inline(__always)
  private static func ordered(_ a: Lanes, _ b: Lanes) -> PreciseLanes {
    let sum = a + b
    return PreciseLanes(sum, b - (sum - a))
  }

  @inline(__always)
  static func + (a: PreciseLanes, b: PreciseLanes) -> PreciseLanes {
    let sum = a.high + b.high
    let part = sum - a.high
    let rest = (a.high - (sum - part)) + (b.high - part)
    return ordered(sum, rest + (a.low + b.low))
  }

  @inline(__always)
  static prefix func - (a: PreciseLanes) -> PreciseLanes { PreciseLanes(-a.high, -a.low) }

  @inline(__always)
  static func - (a: PreciseLanes, b: PreciseLanes) -> PreciseLanes { a + (-b) }

  @inline(__always)
  static func * (a: PreciseLanes, b: PreciseLanes) -> PreciseLanes {
    let product = a.high * b.high
    let rest = (-product).addingProduct(a.high, b.high)
    return ordered(product, rest.addingProduct(a.high, b.low).addingProduct(a.low, b.high))
  }

  @inline(__always)
  static func * (a: PreciseLanes, b: Lanes) -> PreciseLanes {
    let product = a.high * b
    let rest = (-product).addingProduct(a.high, b)
    return ordered(product, rest.addingProduct(a.low, b))
  }

  /// 1/x for x > 0.
  @inline(__always)
  var reciprocal: PreciseLanes {
    let estimate = 1 / high
    let defect = PreciseLanes(repeating: 1) - self * estimate
    return PreciseLanes(estimate) + PreciseLanes(estimate * defect.high)
  }

  /// Times powers of two, exact.
  @inline(__always)
  func scaled(by powerOfTwo: Lanes) -> PreciseLanes { PreciseLanes(high * powerOfTwo, low * powerOfTwo) }
}

/// Bits and exponents of sixteen lanes.
typealias LaneBits = SIMD16<UInt64>
typealias LaneIntegers = SIMD16<Int64>

extension SIMD16 where Scalar == Double {
  /// The powers of two next below the absolute values, as exponents, and their inverses.
  @inline(__always)
  var binaryExponent: (exponent: LaneIntegers, inverse: Lanes) {
    let bits = unsafeBitCast(self, to: LaneBits.self)
    let field = (bits &>> 52) & 0x7FF
    let inverse = (LaneBits(repeating: 2046) &- field) &<< 52
    return (
      exponent: unsafeBitCast(field, to: LaneIntegers.self) &- 1023, inverse: unsafeBitCast(inverse, to: Lanes.self)
    )
  }

  /// The angle of (along, self), self >= 0, in [0, pi], to 0.004: enough to see how far a wave has turned.
  @inline(__always)
  func roughAngle(along: Lanes) -> Lanes {
    let (a, b) = (self, along.magnitude)
    let isSteep = a .> b
    let (short, long) = (a.replacing(with: b, where: isSteep), b.replacing(with: a, where: isSteep))
    let floor = Lanes(repeating: 1e-300)
    let ratio = short * long.replacing(with: floor, where: long .< floor).reciprocal
    var angle = ratio * (0.25 * Double.pi + 0.273 * (1 - ratio))
    angle.replace(with: 0.5 * Double.pi - angle, where: isSteep)
    angle.replace(with: Double.pi - angle, where: along .< 0)
    return angle
  }

  /// The lanes where they are positive, 0 elsewhere.
  @inline(__always)
  var positivePart: Lanes { replacing(with: 0, where: self .< 0) }

  /// The absolute value of each lane, by clearing the sign bits.
  @inline(__always)
  var magnitude: Lanes {
    unsafeBitCast(unsafeBitCast(self, to: LaneBits.self) & LaneBits(repeating: UInt64.max >> 1), to: Lanes.self)
  }

  /// Times 2 to the given exponents; 0 where that is too small.
  @inline(__always)
  func scaled(byPowersOfTwo exponents: LaneIntegers) -> Lanes {
    let (least, most) = (LaneIntegers(repeating: -2000), LaneIntegers(repeating: 2000))
    let limited = exponents.replacing(with: least, where: exponents .< least).replacing(
      with: most, where: exponents .> most)
    let half = limited &>> 1
    let (one, other) = ((half &+ 1023) &<< 52, (limited &- half &+ 1023) &<< 52)
    return self * unsafeBitCast(one, to: Lanes.self) * unsafeBitCast(other, to: Lanes.self)
  }
}
