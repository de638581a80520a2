import CVectorMath

extension RingParticles {
  /// Harmonics that are summed in any case.
  static let fewestHarmonics = 4

  /// Sums over the particles of cos(2 pi n y), n = 1, 2, ..., by Chebyshev's recursion; four sums stay in registers.
  ///
  /// - Parameters:
  ///   - harmonics: so many of them; at least `fewestHarmonics` are put into the sums.
  ///   - position: y of a particle [turns].
  @inline(__always)
  func sumHarmonics(
    _ harmonics: Int, into sums: UnsafeMutablePointer<SIMD8<Double>>, _ position: (Int) -> SIMD8<Double>
  ) {
    typealias Lanes = SIMD8<Double>
    let more = Self.fewestHarmonics..<max(Self.fewestHarmonics, harmonics)
    for harmonic in more { sums[harmonic] = Lanes() }
    var (first, second, third, fourth) = (Lanes(), Lanes(), Lanes(), Lanes())
    for index in 0..<count {
      let sine = ness_sin_half_turn(ness_fraction(position(index)))
      let twice = ness_fma(sine * sine, Lanes(repeating: -4), Lanes(repeating: 2))
      let one = 0.5 * twice
      let two = ness_fma(twice, one, Lanes(repeating: -1))
      var last = ness_fma(twice, two, -one)
      var cosine = ness_fma(twice, last, -two)
      first += one
      second += two
      third += last
      fourth += cosine
      for harmonic in more {
        (last, cosine) = (cosine, ness_fma(twice, cosine, -last))
        sums[harmonic] += cosine
      }
    }
    sums[0] = first
    sums[1] = second
    sums[2] = third
    sums[3] = fourth
  }
}
