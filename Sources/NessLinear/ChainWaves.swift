import NessMath

/// Sixteen numbers and the powers of two that go with them: products over many stations leave the range of doubles.
struct ScaledLanes {
  var value: Lanes
  var exponent: SIMD16<Int64>
}

/// Waves in an eliminated chain at sixteen frequencies: u from the left end, v from the right end.
///
/// Passing a station kicks the strain, t += (kappa + w Im g - w² - i w g) u; see `Documentation/Theory/effective-chain.md`.
struct ChainWaves {
  private let chain: EliminatedChain
  private let from: Int
  private let to: Int
  private let spectra: [FrictionSpectrum]
  private let stationOfBath: [Int]
  /// Re g of every bath.
  private var dissipative: [Lanes]
  private var numbers: WaveNumbers
  private var kicks: [(real: Lanes, imaginary: Lanes)]

  /// Waves for the transmission between the baths with indices `first` and `second`.
  init(_ chain: EliminatedChain, from first: Int, to second: Int) {
    self.chain = chain
    let ordered = chain.baths[first].station <= chain.baths[second].station
    (from, to) = ordered ? (first, second) : (second, first)
    spectra = chain.baths.map(FrictionSpectrum.init)
    stationOfBath = chain.baths.map(\.station)
    dissipative = Array(repeating: .zero, count: chain.baths.count)
    numbers = WaveNumbers(
      spans: chain.spans, between: chain.baths[from].station..<chain.baths[to].station)
    kicks = Array(repeating: (.zero, .zero), count: chain.stationSites.count)
  }

  /// dw/dz at the nodes of the panel of the last integrand.
  var density: Lanes { 2 * numbers.number.second }

  /// (2/pi) w² Re g_a Re g_b |G_ab|² dw/dz at the nodes of a panel in the band or above it, in natural units.
  mutating func integrand(_ region: FrequencyRegion, _ panel: QuadraturePanel) -> ScaledLanes {
    numbers.prepare(region, panel)
    prepareKicks()
    let (firstStation, lastStation) = (stationOfBath[from], stationOfBath[to])
    let last = kicks.count - 1
    var left = Wave()
    var source = (value: Lanes(repeating: 1), exponent: SIMD16<Int64>.zero)
    for station in 0...last {
      if station == firstStation { source = (left.squaredDisplacement, left.exponent) }
      left.kick(kicks[station])
      if station < last { left.propagate(numbers.matrices[station]) }
    }
    var right = Wave()
    for station in stride(from: last, to: lastStation, by: -1) {
      right.kick(kicks[station])
      right.propagate(numbers.matrices[station - 1])
    }
    let green = source.value * right.squaredDisplacement * left.squaredStrain.reciprocal
    let (half, slope) = numbers.number
    let density = (16 / Double.pi) * half * half * slope
    let value = density * dissipative[from] * (dissipative[to] * green) * numbers.decay.factor
    let exponent = 2 &* (source.exponent &+ right.exponent &- left.exponent)
    return ScaledLanes(value: value, exponent: exponent &+ Int64(numbers.decay.exponent))
  }

  /// The response of every station at the nodes of a panel in the band or above it.
  mutating func respond(_ region: FrequencyRegion, _ panel: QuadraturePanel, into response: inout StationResponse) {
    numbers.prepare(region, panel)
    respond(into: &response)
  }

  /// The response of every station at sixteen coordinates of a region.
  mutating func respond(_ region: FrequencyRegion, at points: Lanes, into response: inout StationResponse) {
    numbers.prepare(region, at: points)
    respond(into: &response)
  }

  private mutating func respond(into response: inout StationResponse) {
    prepareKicks()
    let (half, slope) = numbers.number
    response.density = (16 / Double.pi) * half * half * slope
    response.dissipative = dissipative
    let last = kicks.count - 1
    var wave = Wave()
    for station in 0...last {
      response.left[station] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kicks[station])
      if station < last {
        response.decays[station] = numbers.decay(ofSpan: station)
        wave.propagate(numbers.matrices[station])
      }
    }
    response.inverseWronskian = ScaledLanes(value: wave.squaredStrain.reciprocal, exponent: -2 &* wave.exponent)
    wave = Wave()
    for station in stride(from: last, through: 0, by: -1) {
      response.right[station] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kicks[station])
      if station > 0 { wave.propagate(numbers.matrices[station - 1]) }
    }
  }

  /// Fills `kicks` and `dissipative`.
  @inline(__always)
  private mutating func prepareKicks() {
    let frequency = 2 * numbers.number.first
    let squared = frequency * frequency
    for station in kicks.indices { kicks[station] = (chain.stationStiffness[station].high - squared, .zero) }
    for index in spectra.indices {
      let friction = spectra[index].evaluate(squared)
      let station = stationOfBath[index]
      kicks[station].real += friction.elastic
      kicks[station].imaginary.addProduct(frequency, -friction.dissipative)
      dissipative[index] = friction.dissipative
    }
  }

  /// The phase of the determinant of the equations of motion, unwrapped: it grows by pi over every resonance, within its
  /// width, and is 0 at frequency 0 (pi/2 if the chain is free).
  ///
  /// It is the sum of -arg(u_{j+1}/u_j), each in [0, pi], for dissipation only turns a wave one way. Over a span in the band
  /// the wave runs along an ellipse, half a turn for every pi of 2 l p; above the band it alternates in sign.
  mutating func phases(_ region: FrequencyRegion, at points: Lanes) -> Lanes {
    numbers.prepare(region, at: points)
    return phases(region, points)
  }

  /// The phases at sixteen equally spaced points in the band.
  mutating func bandPhases(from first: Double, spacing: Double) -> Lanes {
    let panel = QuadraturePanel(center: first + 7.5 * spacing, halfWidth: 7.5 * spacing)
    numbers.prepare(.band, panel, .equal)
    return phases(.band, WaveNumbers.Nodes.equal.places * panel.halfWidth + panel.center)
  }

  private mutating func phases(_ region: FrequencyRegion, _ points: Lanes) -> Lanes {
    prepareKicks()
    var phase = Lanes.zero
    var wave = Wave()
    for (station, span) in chain.spans.enumerated() {
      wave.kick(kicks[station])
      let before = wave.displacement
      wave.propagate(numbers.matrices[station])
      let (across, along) = turn(before, wave.displacement)
      phase += WavePhase.turn(across, along, bonds: span, region == .evanescent ? nil : points)
    }
    wave.kick(kicks[kicks.count - 1])
    let (across, along) = turn(wave.displacement, wave.strain)
    return phase + across.positivePart.roughAngle(along: along)
  }

  /// -Im and Re of b/a, times |a|².
  @inline(__always)
  private func turn(
    _ a: (real: Lanes, imaginary: Lanes), _ b: (real: Lanes, imaginary: Lanes)
  ) -> (across: Lanes, along: Lanes) {
    (b.real * a.imaginary - b.imaginary * a.real, b.imaginary * a.imaginary + b.real * a.real)
  }
}

/// How far a wave turns over a span.
enum WavePhase {
  /// The turn from -Im and Re of the ratio of its ends, over a number of bonds; `waveNumbers` are p, nil above the band,
  /// where the sign (-1)^(l+1) of the ratio is left out if l > 1.
  @inline(__always)
  static func turn(_ across: Lanes, _ along: Lanes, bonds: Int, _ waveNumbers: Lanes?) -> Lanes {
    if bonds == 1 { return across.positivePart.roughAngle(along: along) }
    guard let waveNumbers else {
      return Double.pi * Double(bonds) - across.positivePart.roughAngle(along: -along)
    }
    let halfTurns = (waveNumbers * (2 * Double(bonds) / Double.pi)).rounded(.down)
    let sign = 1 - 2 * (halfTurns - 2 * (halfTurns * 0.5).rounded(.down))
    return Double.pi * halfTurns + (sign * across).positivePart.roughAngle(along: sign * along)
  }
}
