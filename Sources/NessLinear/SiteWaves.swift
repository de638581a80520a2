import NessMath

/// The response of every site of an eliminated chain at sixteen frequencies, site by site: |u_j|² from the left end, |v_j|²
/// from the right end, so that |G_ij|² = |u_i|² |v_j|² / |Wr|² for i <= j.
struct SiteWaves {
  private let chain: EliminatedChain
  private let spectra: [FrictionSpectrum]
  /// Whether a site is a station, and which.
  private let stationOfSite: [Int]

  private(set) var left: [ScaledLanes]
  private(set) var right: [ScaledLanes]
  /// 1/|Wr|².
  private(set) var inverseWronskian = ScaledLanes(value: .zero, exponent: .zero)
  /// Re g of every bath.
  private(set) var dissipative: [Lanes]
  /// (2/pi) w² dw/dz.
  private(set) var density = Lanes.zero

  init(_ chain: EliminatedChain) {
    self.chain = chain
    spectra = chain.baths.map(FrictionSpectrum.init)
    var stations = [Int](repeating: -1, count: chain.sites)
    for (index, site) in chain.stationSites.enumerated() { stations[site - 1] = index }
    stationOfSite = stations
    left = Array(repeating: ScaledLanes(value: .zero, exponent: .zero), count: chain.sites)
    right = left
    dissipative = Array(repeating: .zero, count: chain.baths.count)
  }

  /// Fills all responses at the nodes of a panel; for a precise one the low part of its center counts too.
  mutating func evaluate(_ region: FrequencyRegion, center: FrequencyMesh.Point, halfWidth: Double) {
    let nodes = GaussKronrod15.nodes * halfWidth
    if region == .precise {
      evaluatePrecise(PreciseLanes(repeating: center.high, center.low) + PreciseLanes(nodes))
      return
    }
    var (half, slope) = (Lanes.zero, Lanes.zero)
    for lane in 0..<16 {
      let z = center.high + nodes[lane]
      half[lane] = region == .band ? sine(z) : hyperbolicCosine(z)
      slope[lane] = region == .band ? cosine(z) : hyperbolicSine(z)
    }
    density = (16 / Double.pi) * half * half * slope
    let frequency = 2 * half
    let square = frequency * frequency
    var kicks = chain.stationStiffness.map { (real: $0.high - square, imaginary: Lanes.zero) }
    for (index, bath) in chain.baths.enumerated() {
      let friction = spectra[index].evaluate(square)
      kicks[bath.station].real += friction.elastic
      kicks[bath.station].imaginary.addProduct(frequency, -friction.dissipative)
      dissipative[index] = friction.dissipative
    }
    // Above the band waves grow by a factor of the square of the frequency at every site.
    let stride = region == .band ? 16 : 1
    var wave = Wave()
    for site in 0..<chain.sites {
      left[site] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kick(ofSite: site, kicks, square))
      if site + 1 < chain.sites { wave.advance(rescale: stationOfSite[site] >= 0 || site % stride == 0) }
    }
    inverseWronskian = ScaledLanes(value: wave.squaredStrain.reciprocal, exponent: -2 &* wave.exponent)
    wave = Wave()
    for site in (0..<chain.sites).reversed() {
      right[site] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kick(ofSite: site, kicks, square))
      wave.advance(rescale: stationOfSite[site] >= 0 || site % stride == 0)
    }
  }

  @inline(__always)
  private func kick(
    ofSite site: Int, _ kicks: [(real: Lanes, imaginary: Lanes)], _ square: Lanes
  ) -> (real: Lanes, imaginary: Lanes) {
    let station = stationOfSite[site]
    return station >= 0 ? kicks[station] : (-square, .zero)
  }

  private mutating func evaluatePrecise(_ frequency: PreciseLanes) {
    let square = frequency * frequency
    density = (2 / Double.pi) * square.high
    let (kicks, dissipative) = PreciseWaves.kicks(chain, frequency, square)
    self.dissipative = dissipative
    let plain: PreciseWave.Complex = (-square, .zero)
    var wave = PreciseWave()
    let one = SpanPropagator(bonds: 1, square)
    for site in 0..<chain.sites {
      left[site] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(stationOfSite[site] >= 0 ? kicks[stationOfSite[site]] : plain)
      if site + 1 < chain.sites { wave.propagate(one) }
    }
    inverseWronskian = ScaledLanes(value: 1 / wave.squaredStrain, exponent: -2 &* wave.exponent)
    wave = PreciseWave()
    for site in (0..<chain.sites).reversed() {
      right[site] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(stationOfSite[site] >= 0 ? kicks[stationOfSite[site]] : plain)
      wave.propagate(one)
    }
  }
}
