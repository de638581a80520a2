import NessMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waves in an eliminated chain at sixteen frequencies in twice the precision: for resonances so narrow that doubles do not
/// tell their frequencies apart.
struct PreciseWaves {
  private let chain: EliminatedChain
  private let from: Int
  private let to: Int

  init(_ chain: EliminatedChain, from first: Int, to second: Int) {
    self.chain = chain
    let ordered = chain.baths[first].station <= chain.baths[second].station
    (from, to) = ordered ? (first, second) : (second, first)
  }

  /// (2/pi) w² Re g_a Re g_b |G_ab|² at the nodes of a panel of frequencies in natural units.
  func integrand(center: FrequencyMesh.Point, halfWidth: Double) -> ScaledLanes {
    let offset = PreciseLanes(GaussKronrod15.nodes * halfWidth)
    return integrand(at: PreciseLanes(repeating: center.high, center.low) + offset)
  }

  /// The same at any sixteen frequencies.
  func integrand(at frequency: PreciseLanes) -> ScaledLanes {
    let square = frequency * frequency
    let (kicks, dissipative) = Self.kicks(chain, frequency, square)
    let (firstStation, lastStation) = (chain.baths[from].station, chain.baths[to].station)
    let last = kicks.count - 1
    let propagators = propagators(square)
    var left = PreciseWave()
    var source = left
    for station in 0...last {
      if station == firstStation { source = left }
      left.kick(kicks[station])
      if station < last, let propagator = propagators[chain.spans[station]] { left.propagate(propagator) }
    }
    var right = PreciseWave()
    for station in stride(from: last, to: lastStation, by: -1) {
      right.kick(kicks[station])
      if let propagator = propagators[chain.spans[station - 1]] { right.propagate(propagator) }
    }
    let green = source.squaredDisplacement * right.squaredDisplacement / left.squaredStrain
    let value = (2 / Double.pi) * square.high * dissipative[from] * (dissipative[to] * green)
    return ScaledLanes(value: value, exponent: 2 &* (source.exponent &+ right.exponent &- left.exponent))
  }

  /// The response of every station at any sixteen frequencies.
  func respond(at frequency: PreciseLanes, into response: inout StationResponse) {
    let square = frequency * frequency
    let (kicks, dissipative) = Self.kicks(chain, frequency, square)
    response.density = (2 / Double.pi) * square.high
    response.dissipative = dissipative
    let last = kicks.count - 1
    let propagators = propagators(square)
    var wave = PreciseWave()
    for station in 0...last {
      response.left[station] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kicks[station])
      if station < last, let propagator = propagators[chain.spans[station]] {
        response.decays[station] = (Lanes(repeating: 1), 0)
        wave.propagate(propagator)
      }
    }
    response.inverseWronskian = ScaledLanes(value: 1 / wave.squaredStrain, exponent: -2 &* wave.exponent)
    wave = PreciseWave()
    for station in stride(from: last, through: 0, by: -1) {
      response.right[station] = ScaledLanes(value: wave.squaredDisplacement, exponent: 2 &* wave.exponent)
      wave.kick(kicks[station])
      if station > 0, let propagator = propagators[chain.spans[station - 1]] { wave.propagate(propagator) }
    }
  }

  /// By the number of bonds.
  private func propagators(_ square: PreciseLanes) -> [Int: SpanPropagator] {
    var propagators: [Int: SpanPropagator] = [:]
    for span in chain.spans where propagators[span] == nil { propagators[span] = SpanPropagator(bonds: span, square) }
    return propagators
  }

  /// The phase of the determinant, as `ChainWaves.phases`, at sixteen frequencies.
  func phases(at frequency: PreciseLanes) -> Lanes {
    let square = frequency * frequency
    let kicks = Self.kicks(chain, frequency, square).kicks
    let propagators = propagators(square)
    var phase = Lanes.zero
    var wave = PreciseWave()
    for (station, span) in chain.spans.enumerated() {
      wave.kick(kicks[station])
      let before = wave.displacement
      if let propagator = propagators[span] { wave.propagate(propagator) }
      let turned = Self.turn(before, wave.displacement)
      var (inBand, above) = (Lanes.zero, Lanes.zero)
      if span == 1 {
        inBand = WavePhase.turn(turned.across, turned.along, bonds: 1, nil)
      } else {
        // What `WavePhase` leaves out above the band.
        let sign = span % 2 == 0 ? -1.0 : 1
        above = WavePhase.turn(sign * turned.across, sign * turned.along, bonds: span, nil)
        var numbers = Lanes.zero
        for lane in 0..<16 { numbers[lane] = asin(min(1, 0.5 * frequency.high[lane])) }
        inBand = WavePhase.turn(turned.across, turned.along, bonds: span, numbers)
      }
      phase += span == 1 ? inBand : inBand.replacing(with: above, where: square.high .>= 4)
    }
    wave.kick(kicks[kicks.count - 1])
    let turned = Self.turn(wave.displacement, wave.strain)
    return phase + turned.across.positivePart.roughAngle(along: turned.along)
  }

  /// -Im and Re of b / a, times |a|².
  private static func turn(_ a: PreciseWave.Complex, _ b: PreciseWave.Complex) -> (across: Lanes, along: Lanes) {
    let across = b.real * a.imaginary - b.imaginary * a.real
    let along = b.real * a.real + b.imaginary * a.imaginary
    return (across.high, along.high)
  }

  /// The kicks of all stations, and Re g of all baths.
  static func kicks(
    _ chain: EliminatedChain, _ frequency: PreciseLanes, _ square: PreciseLanes
  ) -> (kicks: [PreciseWave.Complex], dissipative: [Lanes]) {
    var kicks = chain.stationStiffness.map { stiffness in
      (real: PreciseLanes(repeating: stiffness.high, stiffness.low) - square, imaginary: PreciseLanes.zero)
    }
    let dissipative = chain.baths.map { bath in
      var dissipative = PreciseLanes(repeating: bath.instantaneous)
      for term in bath.terms {
        let rate = Lanes(repeating: term.rate)
        let inverse = (PreciseLanes(rate) * rate + square).reciprocal * Lanes(repeating: term.amplitude)
        dissipative = dissipative + inverse * rate
        kicks[bath.station].real = kicks[bath.station].real + inverse * square
      }
      kicks[bath.station].imaginary = kicks[bath.station].imaginary - frequency * dissipative
      return dissipative.high
    }
    return (kicks, dissipative)
  }
}

/// Propagation of displacement and strain through l bonds of bare chain, by doubling:
///
///     M_1 = ( 1 1 ; 0 1 ),    M_{a+b} = M_b ( 1 0 ; -w² 1 ) M_a
struct SpanPropagator {
  private(set) var diagonal = PreciseLanes(repeating: 1)
  private(set) var upper = PreciseLanes(repeating: 1)
  private(set) var lower = PreciseLanes.zero
  private(set) var exponent = SIMD16<Int64>.zero

  init(bonds: Int, _ square: PreciseLanes) {
    for bit in stride(from: bonds.bitWidth - bonds.leadingZeroBitCount - 2, through: 0, by: -1) {
      let kicked = lower - square * diagonal
      (diagonal, upper, lower) = (
        diagonal * diagonal + upper * kicked, upper * (diagonal + (diagonal - square * upper)),
        diagonal * (lower + kicked)
      )
      exponent &+= exponent
      if bonds >> bit & 1 == 1 {
        let (kickedLower, kickedDiagonal) = (lower - square * diagonal, diagonal - square * upper)
        (diagonal, upper, lower) = (kickedDiagonal, upper + kickedDiagonal, kickedLower)
      }
      let size = diagonal.high.magnitude + upper.high.magnitude + lower.high.magnitude
      let (power, inverse) = size.binaryExponent
      exponent &+= power
      (diagonal, upper, lower) = (
        diagonal.scaled(by: inverse), upper.scaled(by: inverse), lower.scaled(by: inverse)
      )
    }
  }
}

/// As `Wave`, in twice the precision.
struct PreciseWave {
  typealias Complex = (real: PreciseLanes, imaginary: PreciseLanes)

  private(set) var displacement: Complex = (PreciseLanes(repeating: 1), .zero)
  private(set) var strain: Complex = (.zero, .zero)
  private(set) var exponent = SIMD16<Int64>.zero

  mutating func kick(_ kick: Complex) {
    let (u, v) = displacement
    strain.real = strain.real + (kick.real * u - kick.imaginary * v)
    strain.imaginary = strain.imaginary + (kick.real * v + kick.imaginary * u)
  }

  mutating func propagate(_ span: SpanPropagator) {
    let (u, t) = (displacement, strain)
    displacement = (
      span.diagonal * u.real + span.upper * t.real, span.diagonal * u.imaginary + span.upper * t.imaginary
    )
    strain = (span.lower * u.real + span.diagonal * t.real, span.lower * u.imaginary + span.diagonal * t.imaginary)
    let size =
      (displacement.real.high.magnitude + displacement.imaginary.high.magnitude)
      + (strain.real.high.magnitude + strain.imaginary.high.magnitude)
    let (power, inverse) = size.binaryExponent
    exponent &+= power &+ span.exponent
    displacement = (displacement.real.scaled(by: inverse), displacement.imaginary.scaled(by: inverse))
    strain = (strain.real.scaled(by: inverse), strain.imaginary.scaled(by: inverse))
  }

  var squaredDisplacement: Lanes { Self.squaredModulus(displacement) }
  var squaredStrain: Lanes { Self.squaredModulus(strain) }

  private static func squaredModulus(_ z: Complex) -> Lanes {
    (z.real.high * z.real.high).addingProduct(z.imaginary.high, z.imaginary.high)
  }
}
