import NessMath

/// The transmission integral between two baths of an eliminated chain,
///
///     I_ab = (2/pi) int_0^inf dw w² Re g_a(w) Re g_b(w) |G_ab(w)|²,     J_a = sum_b (T_a - T_b) I_ab   [1/time]
///
/// Between stations the chain is uniform, so displacement u and bond strain t propagate by a real 2 by 2 matrix in closed
/// form; at a station the strain is kicked by (kappa - i w g/k - m w²/k) u. See `Documentation/Theory/effective-chain.md`.
struct Transmission {
  private let chain: EliminatedChain
  private let from: Int
  private let to: Int
  private let spectra: [FrictionSpectrum]
  private let spanCount: Int
  private var tables: SpanTables
  private var kicks: [(real: Lanes, imaginary: Lanes)]
  private var matrices: [(diagonal: Lanes, upper: Lanes, lower: Lanes)]

  /// The transmission between the baths with indices `first` and `second`.
  init(_ chain: EliminatedChain, from first: Int, to second: Int) {
    self.chain = chain
    let ordered = chain.baths[first].station <= chain.baths[second].station
    (from, to) = ordered ? (first, second) : (second, first)
    spectra = chain.baths.map(FrictionSpectrum.init)
    spanCount = chain.spans.count
    tables = SpanTables(spans: chain.spans)
    kicks = Array(repeating: (.zero, .zero), count: chain.stationSites.count)
    matrices = Array(repeating: (.zero, .zero, .zero), count: spanCount)
  }

  /// The value of I_ab with its error bound.
  mutating func integrate(relativeTolerance: Double) throws(QuadratureError) -> Integral {
    let quadrature = AdaptiveQuadrature(relativeTolerance: relativeTolerance)
    var copy = self
    return try quadrature.integrate(panels: firstPanels()) { panels, output in
      for (index, panel) in panels.enumerated() { output[index] = copy.evaluate(panel) }
    }
  }

  // MARK: the integrand on one panel

  private mutating func evaluate(_ panel: QuadraturePanel) -> Lanes {
    if panel.center < 0.5 * Double.pi {
      tables.prepareBand(panel.center, panel.halfWidth)
      return bandValue()
    }
    tables.prepareEvanescent(panel.center - 0.5 * Double.pi, panel.halfWidth)
    return evanescentValue()
  }

  private mutating func bandValue() -> Lanes {
    let (s, c) = tables.bandNumber()
    let scale = 2 * s * c
    let doubleCosine = Lanes(repeating: 1).addingProduct(s * s, Lanes(repeating: -2))
    for span in 0..<spanCount {
      let (sine, cosine) = tables.bandSpan(span)
      let diagonal = 2 * s * (cosine * c).addingProduct(sine, s)
      let lower = -4 * s * s * (sine * doubleCosine).addingProduct(-cosine, scale)
      matrices[span] = (diagonal, sine, lower)
    }
    return sweep(sine: s, jacobian: c, scale: scale * scale, stationScale: Lanes(repeating: 1), spanDecay: nil)
  }

  private mutating func evanescentValue() -> Lanes {
    let (s, c, decay) = tables.evanescentNumber()
    let scale = 2 * s * c
    let two = 2 * c * (s + c)
    let four = two * (2 + two)
    var spanDecay = Lanes(repeating: 1)
    let (firstStation, lastStation) = (chain.baths[from].station, chain.baths[to].station)
    for span in 0..<spanCount {
      let (e, defect) = tables.evanescentSpan(span)
      let diagonal = s * decay * (defect - two * e)
      let lower = 2 * s * s * decay * decay * (defect - four * e)
      matrices[span] = (diagonal, 0.5 * defect, lower)
      if span >= firstStation && span < lastStation { spanDecay *= e }
    }
    let stationScale = (s * s + 1).reciprocal
    return sweep(
      sine: s, jacobian: c, scale: scale * scale, stationScale: stationScale, spanDecay: spanDecay)
  }

  /// Sweeps over the stations: u from the left up to bath `from`, v from the right down to bath `to`, and the Wronskian.
  @inline(__always)
  private mutating func sweep(
    sine: Lanes, jacobian: Lanes, scale: Lanes, stationScale: Lanes, spanDecay: Lanes?
  ) -> Lanes {
    let frequency = sine * chain.bandEdge
    let squared = frequency * frequency
    let (dissipativeFrom, dissipativeTo) = prepareKicks(inertia: 4 * sine * sine, frequency, squared)
    let (firstStation, lastStation) = (chain.baths[from].station, chain.baths[to].station)
    let last = kicks.count - 1
    var left = Wave()
    var source = 1 + Lanes.zero
    for station in 0...last {
      if station == firstStation { source = left.squaredDisplacement }
      left.kick(kicks[station], stationScale)
      if station < last { left.propagate(matrices[station]) }
    }
    var right = Wave()
    for station in stride(from: last, to: lastStation, by: -1) {
      right.kick(kicks[station], stationScale)
      right.propagate(matrices[station - 1])
    }
    var green = source * right.squaredDisplacement * left.squaredStrain.reciprocal
    for _ in firstStation..<lastStation { green *= scale }
    for _ in firstStation...lastStation { green *= stationScale * stationScale }
    if let spanDecay { green *= spanDecay }
    let unit = chain.stiffnessUnit
    let prefactor = 2 / Double.pi * chain.bandEdge / (unit * unit)
    return squared * dissipativeFrom * dissipativeTo * green * jacobian * prefactor
  }

  /// Fills `kicks` and returns Re g of the two baths.
  @inline(__always)
  private mutating func prepareKicks(
    inertia: Lanes, _ frequency: Lanes, _ squared: Lanes
  ) -> (from: Lanes, to: Lanes) {
    for station in kicks.indices { kicks[station] = (chain.stationStiffness[station] - inertia, .zero) }
    var dissipative = (from: Lanes.zero, to: Lanes.zero)
    let perUnit = 1 / chain.stiffnessUnit
    for index in spectra.indices {
      let friction = spectra[index].evaluate(squared)
      let station = chain.baths[index].station
      kicks[station].real.addProduct(friction.elastic, Lanes(repeating: perUnit))
      kicks[station].imaginary.addProduct(frequency * friction.dissipative, Lanes(repeating: -perUnit))
      if index == from { dissipative.from = friction.dissipative }
      if index == to { dissipative.to = friction.dissipative }
    }
    return dissipative
  }

  // MARK: where the first panels lie

  /// Band: z = p in [0, pi/2], two to four panels a mode. Above it: z = pi/2 + eta, panels that grow with eta.
  private func firstPanels() -> [QuadraturePanel] {
    var count = 8
    while count < 2 * chain.sites { count *= 2 }
    let half = 0.5 * Double.pi
    let halfWidth = half / Double(2 * count)
    // Exactly equal widths, so that they share one table.
    let band = (0..<count).map { QuadraturePanel(center: halfWidth * Double(2 * $0 + 1), halfWidth: halfWidth) }
    let distance = chain.baths[to].site - chain.baths[from].site
    let reach = highestScale() + 40 / Double(4 * distance + 1)
    var points = Set(localisedModes().filter { $0 < reach })
    var width = 1 / Double(4 * chain.sites)
    var point = 0.0
    while point < reach {
      points.insert(point)
      point += width
      width = min(2 * width, 1)
    }
    points.insert(point)
    let above = points.sorted().map { half + $0 }
    return band + zip(above, above.dropFirst()).map(QuadraturePanel.init(from:to:))
  }

  /// eta of the highest frequency scale of the stations.
  private func highestScale() -> Double {
    var highest = chain.bandEdge
    for (station, stiffness) in chain.stationStiffness.enumerated() {
      let here = chain.baths.filter { $0.station == station }
      let elastic = abs(stiffness) * chain.stiffnessUnit + here.reduce(0) { $0 + $1.dynamicStiffness }
      let friction = here.reduce(0) { $0 + $1.markovFriction }
      highest = max(highest, (elastic / chain.mass).squareRoot(), friction / chain.mass)
    }
    return logarithm(2 * highest / chain.bandEdge)
  }

  /// eta of modes bound to a stiff end, exp(2 eta) = kappa - 1, with and without the baths' dynamic stiffness.
  private func localisedModes() -> [Double] {
    chain.stationStiffness.enumerated().flatMap { station, stiffness in
      let dynamic = chain.baths.filter { $0.station == station }.reduce(0) { $0 + $1.dynamicStiffness }
      return [stiffness, stiffness + dynamic / chain.stiffnessUnit].filter { $0 > 2.01 }.map { 0.5 * logarithm($0 - 1) }
    }
  }
}

/// Displacement and bond strain of a solution that obeys the equations of motion on all sites passed so far.
private struct Wave {
  private var displacement = (real: Lanes(repeating: 1), imaginary: Lanes.zero)
  private var strain = (real: Lanes.zero, imaginary: Lanes.zero)

  @inline(__always)
  mutating func kick(_ kick: (real: Lanes, imaginary: Lanes), _ scale: Lanes) {
    let (u, v) = (displacement.real, displacement.imaginary)
    strain.real = strain.real.addingProduct(kick.real, u).addingProduct(-kick.imaginary, v) * scale
    strain.imaginary = strain.imaginary.addingProduct(kick.real, v).addingProduct(kick.imaginary, u) * scale
    displacement = (u * scale, v * scale)
  }

  @inline(__always)
  mutating func propagate(_ matrix: (diagonal: Lanes, upper: Lanes, lower: Lanes)) {
    let (u, t) = (displacement, strain)
    displacement.real = (matrix.diagonal * u.real).addingProduct(matrix.upper, t.real)
    displacement.imaginary = (matrix.diagonal * u.imaginary).addingProduct(matrix.upper, t.imaginary)
    strain.real = (matrix.lower * u.real).addingProduct(matrix.diagonal, t.real)
    strain.imaginary = (matrix.lower * u.imaginary).addingProduct(matrix.diagonal, t.imaginary)
  }

  var squaredDisplacement: Lanes {
    @inline(__always) get {
      (displacement.real * displacement.real).addingProduct(displacement.imaginary, displacement.imaginary)
    }
  }

  var squaredStrain: Lanes {
    @inline(__always) get { (strain.real * strain.real).addingProduct(strain.imaginary, strain.imaginary) }
  }
}
