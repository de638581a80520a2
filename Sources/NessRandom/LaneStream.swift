import CVectorMath

/// What random numbers are drawn for. Every use has its own row, so no two uses can share a stream.
public enum RandomPurpose: Hashable, Sendable {
  /// Initial positions and momenta.
  case initialState
  /// Noise of the particles of the bath with this index.
  case particleNoise(bath: Int)
  /// Noise of the Ornstein-Uhlenbeck step with this index.
  case momentumNoise(step: Int)
  /// Thermalisation of frozen-probe measurements.
  case frozenProbe
  /// Collisions of a particle with the walls of a box.
  case wallCollisions
  /// Collisions of a particle with one wall in equilibrium.
  case wallRelaxation

  /// A distinct number for each purpose.
  var code: UInt64 {
    switch self {
    case .initialState: 1 << 32
    case .particleNoise(let bath): 2 << 32 | UInt64(bath)
    case .momentumNoise(let step): 3 << 32 | UInt64(step)
    case .frozenProbe: 4 << 32
    case .wallCollisions: 5 << 32
    case .wallRelaxation: 6 << 32
    }
  }
}

/// Eight independent random streams, one per lane of a SIMD vector, each belonging to one replica.
///
/// Every number has a name: (seed, replica, purpose, block, position in the block). The state at the start of a block
/// is the Threefry hash of its name; within a block the numbers follow by xoshiro256+. So any block can be drawn
/// without drawing those before it: a restart, another order or another number of threads gives the same numbers.
///
/// - Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators" (ACM TOMS 47, 36, 2021) for xoshiro256+,
///   of which only the upper 53 bits are used.
public struct LaneStream: Sendable {
  private let seed: UInt64
  private let firstReplica: UInt64
  private let purpose: UInt64
  @usableFromInline var a = SIMD8<UInt64>()
  @usableFromInline var b = SIMD8<UInt64>()
  @usableFromInline var c = SIMD8<UInt64>()
  @usableFromInline var d = SIMD8<UInt64>()

  /// The streams of replicas `firstReplica` to `firstReplica + 7` for one purpose, at the start of block 0.
  public init(seed: UInt64, firstReplica: UInt64, purpose: RandomPurpose) {
    self.seed = seed
    self.firstReplica = firstReplica
    self.purpose = purpose.code
    begin(block: 0)
  }

  /// Moves to the start of a block.
  public mutating func begin(block: UInt64) {
    for lane in 0..<8 {
      let key = (seed, firstReplica + UInt64(lane))
      (a[lane], b[lane]) = threefry(key: key, counter: (purpose << 1, block))
      (c[lane], d[lane]) = threefry(key: key, counter: (purpose << 1 | 1, block))
    }
  }

  @inlinable @inline(__always) mutating func nextWord() -> SIMD8<UInt64> {
    let word = a &+ d
    let shifted = b &<< 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d &<< 45) | (d &>> 19)
    return word
  }

  @inline(__always) private mutating func nextGaussians() -> (SIMD8<Double>, SIMD8<Double>) {
    let radial = nextWord()
    let angle = ness_unit_interval(nextWord()) - 0.5
    let radius = ness_gaussian_radius(radial)
    return (ness_random_sign(radius, radial) * ness_cos_half_turn(angle), radius * ness_sin_half_turn(angle))
  }

  /// Uniform numbers in [0, 1), one per lane.
  public mutating func uniform() -> SIMD8<Double> { ness_unit_interval(nextWord()) }

  /// Uniform numbers in [0, 1) for the lanes of a mask (all bits set or none); the streams of the others do not move, and
  /// what they return has no meaning.
  @inlinable @inline(__always) public mutating func uniform(where mask: SIMD8<UInt64>) -> SIMD8<Double> {
    let before = self
    let word = nextWord()
    a = before.a ^ ((before.a ^ a) & mask)
    b = before.b ^ ((before.b ^ b) & mask)
    c = before.c ^ ((before.c ^ c) & mask)
    d = before.d ^ ((before.d ^ d) & mask)
    return ness_unit_interval(word)
  }

  /// Fills `count` vectors with standard Gaussians; an odd count discards the last partner.
  public mutating func fillGaussians(_ buffer: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    var state = self
    for pair in 0..<(count / 2) {
      let (first, second) = state.nextGaussians()
      buffer[2 * pair] = first
      buffer[2 * pair + 1] = second
    }
    if count % 2 == 1 { buffer[count - 1] = state.nextGaussians().0 }
    self = state
  }
}
