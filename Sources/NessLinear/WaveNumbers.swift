import NessMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where a frequency lies, w in natural units: w = 2 sin p in the band, 2 cosh eta above it.
enum FrequencyRegion: CaseIterable {
  /// The coordinate is p, in (0, pi/2).
  case band
  /// The coordinate is eta > 0: waves decay.
  case evanescent
  /// The coordinate is w itself, in twice the precision.
  case precise

  /// Place in the list of all cases.
  var order: Int {
    switch self {
    case .band: 0
    case .evanescent: 1
    case .precise: 2
    }
  }
}

/// The numbers that carry waves through uniform spans, at sixteen frequencies.
///
/// Between stations the chain is uniform, so displacement u and bond strain t propagate by a real 2 by 2 matrix in closed
/// form; over l bonds, with U = sin(2lp)/sin(2p), V = cos((2l-1)p)/cos p, W = -2 tan(p) sin((2l-2)p),
///
///     ( V  U )
///     ( W  V )
///
/// Above the band the sines become hyperbolic, exp(2 l eta) is taken out and the sign (-1)^(l+1) left out. At the nodes
/// of a panel the functions follow by addition theorems from one set of tables per panel width.
struct WaveNumbers {
  typealias Pair = (first: Lanes, second: Lanes)

  /// sin p and cos p, or cosh eta and sinh eta: w/2, and dw/2 over the coordinate.
  private(set) var number: Pair = (.zero, .zero)
  /// Propagation through each span, without exp(2 l eta).
  private(set) var matrices: [(diagonal: Lanes, upper: Lanes, lower: Lanes)]
  /// Of spans of more than one bond between the two baths: what exp(-4 l eta) is, as a number and a power of two.
  private(set) var decay = (factor: Lanes(repeating: 1), exponent: 0)
  private(set) var isEvanescent = false

  private let spans: [Double]
  /// Whether the span lies between the two baths.
  private let between: [Bool]
  private var halfWidth = 0.0
  /// Middle of the panel above the band; nil where the points are no panel.
  private var middle: Double?
  /// Functions at the offsets of the nodes, for the wave number itself and for each span after it: one group of entries
  /// for every width that was asked for.
  private var table: [Pair] = []
  private var known: [(region: FrequencyRegion, nodes: Nodes, halfWidth: Double)] = []
  private var decays: [Lanes] = []
  private var current = 0
  /// sin(2lp) and cos(2lp), or exp(-4 l eta) and 1 - exp(-4 l eta), of every span.
  private var angles: [Pair]

  /// Sixteen places on [-1, 1].
  enum Nodes {
    /// Those of the quadrature.
    case quadrature
    /// Equally spaced ones, both ends included.
    case equal

    var places: Lanes { self == .quadrature ? GaussKronrod15.nodes : Self.equalPlaces }
    private static let equalPlaces = Lanes((0..<16).map { (2 * Double($0) - 15) / 15 })
  }

  init(spans: [Int], between: Range<Int>) {
    self.spans = spans.map(Double.init)
    self.between = spans.indices.map(between.contains)
    angles = Array(repeating: (Lanes.zero, Lanes.zero), count: spans.count)
    let one = Lanes(repeating: 1)
    // Of a single bond: u' = u + t, t' = t.
    matrices = Array(repeating: (one, one, Lanes.zero), count: spans.count)
  }

  @inline(__always)
  private static func map(_ x: Lanes, _ function: (Double) -> Double) -> Lanes {
    var result = Lanes.zero
    for lane in 0..<16 { result[lane] = function(x[lane]) }
    return result
  }

  // MARK: the nodes of a panel

  mutating func prepare(_ region: FrequencyRegion, _ panel: QuadraturePanel, _ nodes: Nodes = .quadrature) {
    choose(region, nodes, panel.halfWidth)
    switch region {
    case .band: prepareBand(panel.center)
    case .evanescent: prepareEvanescent(panel.center)
    case .precise: preconditionFailure("precise frequencies have no closed form")
    }
  }

  /// Makes the table of this width the current one.
  private mutating func choose(_ region: FrequencyRegion, _ nodes: Nodes, _ halfWidth: Double) {
    isEvanescent = region == .evanescent
    self.halfWidth = halfWidth
    func matches(_ place: Int) -> Bool {
      known[place].halfWidth == halfWidth && known[place].region == region && known[place].nodes == nodes
    }
    if current < known.count && matches(current) { return }
    if let place = known.indices.last(where: matches) {
      current = place
      return
    }
    current = known.count
    known.append((region, nodes, halfWidth))
    let offset = nodes.places * halfWidth
    let none = (Lanes.zero, Lanes.zero)
    if isEvanescent {
      table.append((Self.map(offset, sinh), Self.map(offset, cosh)))
      decays.append(Self.map(offset) { exp(-$0) })
      for span in spans {
        let exponent = offset * (-4 * span)
        table.append(
          span == 1
            ? none
            : vanishes(span)
              ? (.zero, Lanes(repeating: 1)) : (Self.map(exponent, exp), Self.map(exponent) { -expm1($0) }))
      }
    } else {
      table.append((Self.map(offset, sin), Self.map(offset, cos)))
      decays.append(.zero)
      for span in spans {
        let angle = offset * (2 * span)
        table.append(span == 1 ? none : (Self.map(angle, sin), Self.map(angle, cos)))
      }
    }
  }

  private mutating func prepareBand(_ center: Double) {
    decay = (Lanes(repeating: 1), 0)
    let start = current * (spans.count + 1)
    number = Self.sum(table[start], sin(center), cos(center))
    for (index, span) in spans.enumerated() where span > 1 {
      angles[index] = Self.sum(table[start + index + 1], sin(2 * span * center), cos(2 * span * center))
    }
    setBand()
  }

  @inline(__always)
  private static func sum(_ offset: Pair, _ sine: Double, _ cosine: Double) -> Pair {
    (
      first: (offset.second * sine).addingProduct(offset.first, Lanes(repeating: cosine)),
      second: (offset.second * cosine).addingProduct(offset.first, Lanes(repeating: -sine))
    )
  }

  @inline(__always)
  private mutating func setBand() {
    let (s, c) = number
    let doubleSine = 2 * s * c
    let inverse = doubleSine.reciprocal
    let doubleCosine = Lanes(repeating: 1).addingProduct(s * s, Lanes(repeating: -2))
    for (index, span) in spans.enumerated() where span > 1 {
      let (sine, cosine) = angles[index]
      let diagonal = 2 * s * (cosine * c).addingProduct(sine, s) * inverse
      let lower = -4 * s * s * (sine * doubleCosine).addingProduct(-cosine, doubleSine) * inverse
      matrices[index] = (diagonal, sine * inverse, lower)
    }
  }

  private mutating func prepareEvanescent(_ center: Double) {
    middle = center
    let start = current * (spans.count + 1)
    let (sine, cosine) = (sinh(center), cosh(center))
    number.second = (table[start].second * sine).addingProduct(table[start].first, Lanes(repeating: cosine))
    number.first = (table[start].second * cosine).addingProduct(table[start].first, Lanes(repeating: sine))
    var (factor, exponent, bonds) = (Lanes(repeating: 1), 0.0, 0.0)
    for (index, span) in spans.enumerated() where span > 1 {
      let own = -4 * span * center
      if between[index] {
        factor *= table[start + index + 1].first
        exponent += own
        bonds += span
      }
      let vanishes = vanishes(span)
      let (least, most) = vanishes ? (0, 1) : (exp(own), -expm1(own))
      let (first, second) = table[start + index + 1]
      angles[index] = (first * least, (second * (1 - most)) + most)
    }
    setEvanescent(decays[current] * exp(-center))
    decay = Self.scaled(vanishes(bonds) ? .zero : factor, exponent)
  }

  /// What the matrix of a span leaves out of an exchange of heat through it: exp(-4 l eta), as a number and a power of two.
  func decay(ofSpan index: Int) -> (factor: Lanes, exponent: Int) {
    let span = spans[index]
    guard isEvanescent && span > 1 else { return (Lanes(repeating: 1), 0) }
    guard let middle else { return (angles[index].first, 0) }
    if vanishes(span) { return (.zero, 0) }
    return Self.scaled(table[current * (spans.count + 1) + index + 1].first, -4 * span * middle)
  }

  /// Where the tables would overflow, the whole panel lies so high that exp(-4 l eta) vanishes.
  private func vanishes(_ span: Double) -> Bool { 4 * span * halfWidth > 200 }

  /// exp(exponent) times the factor.
  private static func scaled(_ factor: Lanes, _ exponent: Double) -> (factor: Lanes, exponent: Int) {
    let binary = (exponent * 1.4426950408889634).rounded(.down)
    let rest = exponent - binary * 0.6931471805599453
    return (factor * exp(rest), Int(max(binary, -1e9)))
  }

  @inline(__always)
  private mutating func setEvanescent(_ small: Lanes) {
    let (s, c) = number
    let inverse = (2 * s * c).reciprocal
    let two = 2 * c * (s + c)
    let four = two * (2 + two)
    for (index, span) in spans.enumerated() where span > 1 {
      let (e, defect) = angles[index]
      let diagonal = s * small * (defect - two * e) * inverse
      let lower = 2 * s * s * small * small * (defect - four * e) * inverse
      matrices[index] = (diagonal, 0.5 * defect * inverse, lower)
    }
  }

  // MARK: any points

  /// The numbers at sixteen coordinates of a region.
  mutating func prepare(_ region: FrequencyRegion, at points: Lanes) {
    isEvanescent = region == .evanescent
    middle = nil
    if isEvanescent {
      number = (Self.map(points, cosh), Self.map(points, sinh))
      for (index, span) in spans.enumerated() where span > 1 {
        let exponent = points * (-4 * span)
        angles[index] = (Self.map(exponent, exp), Self.map(exponent) { -expm1($0) })
      }
      setEvanescent(Self.map(points) { exp(-$0) })
      decay = (Lanes(repeating: 1), 0)
    } else {
      number = (Self.map(points, sin), Self.map(points, cos))
      for (index, span) in spans.enumerated() where span > 1 {
        let angle = points * (2 * span)
        angles[index] = (Self.map(angle, sin), Self.map(angle, cos))
      }
      setBand()
      decay = (Lanes(repeating: 1), 0)
    }
  }
}
