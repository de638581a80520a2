/// The 15-point Gauss-Kronrod rule with its embedded 7-point Gauss rule, in one vector of sixteen lanes.
///
/// Lane 15 repeats the middle node with weight 0, so that a panel fills the whole vector.
package enum GaussKronrod15 {
  private static let positive: [Double] = [
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
    0.741531185599394439863864773280788, 0.586087235467691130294144691693, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245, 0,
  ]
  private static let kronrod: [Double] = [
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
    0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
  ]
  private static let gauss: [Double] = [
    0, 0.129484966168869693270611432679082, 0, 0.279705391489276667901467771423780, 0,
    0.381830050505118944950369775488975, 0, 0.417959183673469387755102040816327,
  ]

  private static func spread(_ half: [Double], odd: Bool, padding: Double) -> SIMD16<Double> {
    let mirrored = half.prefix(7).map { odd ? -$0 : $0 }
    let all = mirrored + [half[7]] + half.prefix(7).reversed() + [padding]
    return SIMD16(all)
  }

  /// The nodes on [-1, 1], ascending; the last lane repeats the middle.
  package static let nodes = spread(positive, odd: true, padding: 0)
  /// The weights of the 15-point rule.
  package static let weights = spread(kronrod, odd: false, padding: 0)
  /// The weights of the embedded 7-point rule.
  package static let gaussWeights = spread(gauss, odd: false, padding: 0)
}

/// A panel of an adaptive quadrature: the interval [center - halfWidth, center + halfWidth].
package struct QuadraturePanel: Hashable, Sendable {
  /// Middle of the panel.
  package let center: Double
  /// Half of its width.
  package let halfWidth: Double

  /// A panel from its middle and half width.
  package init(center: Double, halfWidth: Double) {
    self.center = center
    self.halfWidth = halfWidth
  }

  /// The panel between two points.
  package init(from lower: Double, to upper: Double) {
    self.init(center: 0.5 * (lower + upper), halfWidth: 0.5 * (upper - lower))
  }
}

/// What a panel adds to an integral, and what the sum of several adds.
package struct PanelTally: Sendable {
  /// The integral, that of the absolute value, and the estimated error of the integral.
  package var value = 0.0, size = 0.0, error = 0.0

  /// Nothing.
  package init() {}

  /// The tally of the sixteen values at `samples`, taken at the nodes of a panel of the given half width.
  ///
  /// - Accuracy: the error is taken as  spread min(1, 10 |K15 - G7| / spread)^1.5.  QUADPACK writes 200 instead of 10, which
  ///   costs a round of halving: the error of K15 falls as the 1.6th power of that of G7.
  package init(_ samples: UnsafePointer<SIMD16<Double>>, halfWidth: Double) {
    let sample = samples.pointee
    let weights = GaussKronrod15.weights
    let total = (sample * weights).sum()
    let absolute = (Self.magnitude(sample) * weights).sum()
    let spread = (Self.magnitude(sample - 0.5 * total) * weights).sum()
    var error = abs(total - (sample * GaussKronrod15.gaussWeights).sum())
    if error > 0 && spread > 0 {
      let ratio = 10 * error / spread
      error = spread * min(1, ratio * ratio.squareRoot())
    }
    (value, size, self.error) = (halfWidth * total, halfWidth * absolute, halfWidth * error)
  }

  /// Adds another tally.
  package mutating func add(_ other: PanelTally) {
    value += other.value
    size += other.size
    error += other.error
  }

  /// Multiplies everything by a number >= 0.
  package mutating func scale(by factor: Double) {
    value *= factor
    size *= factor
    error *= factor
  }

  /// The absolute value of each lane, by clearing the sign bits.
  private static func magnitude(_ x: SIMD16<Double>) -> SIMD16<Double> {
    let bits = unsafeBitCast(x, to: SIMD16<UInt64>.self) & SIMD16(repeating: UInt64.max >> 1)
    return unsafeBitCast(bits, to: SIMD16<Double>.self)
  }
}

/// Adaptive Gauss-Kronrod quadrature that hands whole batches of panels to the integrand.
///
/// Breadth first: all panels of a round are evaluated together, those whose error matters are halved for the next
/// round. All halves of equally wide panels are equally wide, which lets the integrand share tables over a batch.
package struct AdaptiveQuadrature: Sendable {
  /// Evaluates the integrand: for panel i, vector i of the output takes the values at
  /// `center + halfWidth * GaussKronrod15.nodes`.
  package typealias Batch = (UnsafeBufferPointer<QuadraturePanel>, UnsafeMutablePointer<SIMD16<Double>>) -> Void

  /// Wanted error relative to the integral of the absolute value.
  package var relativeTolerance: Double
  /// The most panels that may be evaluated.
  package var maximumPanels: Int

  /// An adaptive quadrature with the given relative tolerance.
  package init(relativeTolerance: Double = 1e-10, maximumPanels: Int = 2_000_000) {
    self.relativeTolerance = relativeTolerance
    self.maximumPanels = maximumPanels
  }

  /// Integral over the union of the given panels.
  ///
  /// - Parameters:
  ///   - first: the panels of the first round; together they make up the range.
  ///   - batch: evaluates the integrand on a batch of panels.
  /// - Returns: value, error bound and number of evaluations.
  /// - Throws: `QuadratureError`.
  /// - Accuracy: the errors of `PanelTally`, added up. The bound also has the effect of rounded abscissas on narrow panels.
  /// - Complexity: 15 evaluations a panel; the number of panels grows as the logarithm of a peak's sharpness.
  /// - Source: R. Piessens et al., QUADPACK (Springer, 1983).
  /// - Checked by: integrals in closed form, narrow Lorentzians among them (QuadratureTests).
  package func integrate(panels first: [QuadraturePanel], batch: Batch) throws(QuadratureError) -> Integral {
    var panels = first
    var values: [SIMD16<Double>] = []
    var settled = PanelTally()
    var evaluated = 0
    let share = 1 / Double(max(32, panels.count))
    while !panels.isEmpty {
      values = [SIMD16<Double>](repeating: .zero, count: panels.count)
      panels.withUnsafeBufferPointer { source in
        values.withUnsafeMutableBufferPointer { target in
          if let base = target.baseAddress { batch(source, base) }
        }
      }
      evaluated += panels.count
      let tallies = Self.tallies(panels, values)
      var all = settled
      for tally in tallies { all.add(tally) }
      guard all.value.isFinite else { throw .notFinite(near: Self.firstBad(panels, tallies)) }
      let accepted = relativeTolerance * share * all.size
      var next: [QuadraturePanel] = []
      for (panel, tally) in zip(panels, tallies) {
        if tally.error <= accepted || panel.halfWidth < 1e-14 * abs(panel.center) {
          settled.add(tally)
          // The abscissa is rounded, and over the half width the integrand may change by as much as itself.
          settled.error += 2e-16 * abs(panel.center) / panel.halfWidth * tally.size
        } else {
          let quarter = 0.5 * panel.halfWidth
          next.append(QuadraturePanel(center: panel.center - quarter, halfWidth: quarter))
          next.append(QuadraturePanel(center: panel.center + quarter, halfWidth: quarter))
        }
      }
      if evaluated + next.count > maximumPanels { throw .notConverged(value: all.value, errorBound: all.error) }
      panels = next
    }
    return Integral(
      value: settled.value, errorBound: settled.error + 1e-14 * settled.size,
      evaluations: 15 * evaluated)
  }

  private static func firstBad(_ panels: [QuadraturePanel], _ tallies: [PanelTally]) -> Double {
    zip(panels, tallies).first { !$1.value.isFinite }?.0.center ?? 0
  }

  private static func tallies(_ panels: [QuadraturePanel], _ values: [SIMD16<Double>]) -> [PanelTally] {
    values.withUnsafeBufferPointer { values in
      panels.indices.map { PanelTally(values.baseAddress! + $0, halfWidth: panels[$0].halfWidth) }
    }
  }

  /// Integral of a plain function over [breakpoints.first, breakpoints.last]; see `integrate(panels:batch:)`.
  package func integrate(breakpoints: [Double], _ integrand: (Double) -> Double) throws(QuadratureError) -> Integral {
    let first = zip(breakpoints, breakpoints.dropFirst()).map(QuadraturePanel.init(from:to:))
    return try integrate(panels: first) { panels, output in
      for (index, panel) in panels.enumerated() {
        for lane in 0..<16 {
          output[index][lane] = integrand(panel.center + panel.halfWidth * GaussKronrod15.nodes[lane])
        }
      }
    }
  }
}
