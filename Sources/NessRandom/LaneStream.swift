import CVectorMath

/// What random numbers are drawn for. Every use has its own row, so no two uses can share a stream.
package enum RandomPurpose: Hashable, Sendable {
  /// Initial positions and momenta.
  case initialState
  /// Noise of the particles of the bath with this index.
  case particleNoise(bath: Int)
  /// Noise of the Ornstein-Uhlenbeck step with this index.
  case momentumNoise(step: Int)
  /// Noise of the force with this index among those of baths that have a state of their own.
  case forceNoise(force: Int)
  /// Thermalisation of frozen-probe measurements.
  case frozenProbe
  /// Collisions of a particle with the walls of a box.
  case wallCollisions
  /// Collisions of a particle with one wall in equilibrium.
  case wallRelaxation
  /// Null distribution of the test whether a current falls.
  case fallTest
  /// Resampling of a curve around its maximum.
  case maximumResampling
  /// Masses of a network that are drawn once.
  case massDisorder
  /// Initial state of several particles in a box.
  case gasStart
  /// Collisions of several particles in a box with its walls.
  case gasWalls
  /// Which clones of a population are copied.
  case cloning

  /// A distinct number for each purpose.
  var code: UInt64 {
    switch self {
    case .initialState: 1 << 32
    case .particleNoise(let bath): 2 << 32 | UInt64(bath)
    case .momentumNoise(let step): 3 << 32 | UInt64(step)
    case .frozenProbe: 4 << 32
    case .wallCollisions: 5 << 32
    case .wallRelaxation: 6 << 32
    case .fallTest: 7 << 32
    case .maximumResampling: 8 << 32
    case .massDisorder: 9 << 32
    case .gasStart: 11 << 32
    case .gasWalls: 12 << 32
    case .cloning: 13 << 32
    case .forceNoise(let force): 10 << 32 | UInt64(force)
    }
  }
}

/// Eight independent random streams, one per lane of a SIMD vector, each belonging to one replica.
///
/// A number follows from (seed, replica, purpose, block, position in the block) alone. The state at the start of a block
/// is the Threefry hash of its name; within a block the numbers follow by xoshiro256+. So any block can be drawn
/// without drawing those before it: a restart, another order or another number of threads gives the same numbers.
///
/// Uniform numbers use the upper 52 bits of a word, Gaussians the lower 52 and, for a sign, the highest. The three lowest
/// bits, the weak ones of xoshiro256+, weigh at most 2^-50 of the unit there.
///
/// - Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators" (ACM TOMS 47, 36, 2021) for xoshiro256+.
package struct LaneStream: Sendable {
  private let seed: UInt64
  private let firstReplica: UInt64
  private let purpose: UInt64
  /// State of the eight generators, laid out as C code expects it: what a saved run needs to go on within a block.
  package var words = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())

  /// The streams of replicas `firstReplica` to `firstReplica + 7` for one purpose, at the start of block 0.
  package init(seed: UInt64, firstReplica: UInt64, purpose: RandomPurpose) {
    self.seed = seed
    self.firstReplica = firstReplica
    self.purpose = purpose.code
    begin(block: 0)
  }

  /// Moves to the start of a block.
  package mutating func begin(block: UInt64) {
    for lane in 0..<8 {
      let key = (seed, firstReplica + UInt64(lane))
      (words.0[lane], words.1[lane]) = threefry(key: key, counter: (purpose << 1, block))
      (words.2[lane], words.3[lane]) = threefry(key: key, counter: (purpose << 1 | 1, block))
    }
  }

  /// Uniform numbers in [0, 1), one per lane.
  package mutating func uniform() -> SIMD8<Double> { ness_unit_interval(ness_next_word(&words)) }

  /// Vectors that a pair of Gaussians takes in polar form.
  package static let polarVectors = ness_polar_vectors

  /// Fills `pairs` pairs of standard Gaussians in polar form: squared radius, cosine, sine. The square roots are left to
  /// whoever uses the numbers, next to work that hides them.
  package mutating func fillPolar(_ buffer: UnsafeMutablePointer<SIMD8<Double>>, pairs: Int) {
    ness_fill_polar(&words, buffer, pairs)
  }

  /// Draws of matched noise that share a word.
  package static let drawsPerWord = ness_draws_per_word

  /// Fills `count` vectors with random words, for matched noise; the numbers of the vectors mean nothing.
  package mutating func fillWords(_ buffer: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    ness_fill_words(&words, buffer, count)
  }

  /// Fills `count` vectors with standard Gaussians; an odd count discards the last partner.
  package mutating func fillGaussians(_ buffer: UnsafeMutablePointer<SIMD8<Double>>, count: Int) {
    ness_fill_gaussians(&words, buffer, count)
  }
}
