import NessMath
import NessModel

/// A bath after the elimination of its own coordinates, in the natural units of its chain.
struct EliminatedBath {
  let name: String
  /// Index of its station.
  let station: Int
  let site: Int
  let temperature: Double
  /// Friction without memory, in units of the impedance sqrt(k m).
  let instantaneous: Double
  /// Decaying terms of the kernel that matter in double precision: amplitudes in units of k, rates in units of sqrt(k/m).
  let terms: [FrictionKernel.Term]
  /// What the bath adds to the static stiffness of its site, in units of k.
  let shift: Double

  /// The largest stiffness that the kernel adds dynamically, Gamma(0+), in units of k.
  var dynamicStiffness: Double { terms.reduce(0) { $0 + $1.amplitude } }
  /// g(0), in units of the impedance.
  var markovFriction: Double { terms.reduce(instantaneous) { $0 + $1.amplitude / $1.rate } }
}

/// The chain with all baths eliminated: stations (the two ends and every site with a bath) joined by uniform spans.
///
/// Everything is in natural units: stiffness in units of the spring constant k (for a single site, a stiffness of its own
/// scale), frequency in units of sqrt(k/m), friction in units of sqrt(k m). So the numbers are the same whatever the units
/// of the model are.
struct EliminatedChain {
  let sites: Int
  /// k [mass/time²].
  let stiffnessUnit: Double
  /// sqrt(k/m) [1/time].
  let frequencyUnit: Double
  /// Site of each station, ascending.
  let stationSites: [Int]
  /// Static stiffness of each station besides the springs: pinning and bath shifts. The low parts are what rounding to the
  /// high parts has left.
  let stationStiffness: [(high: Double, low: Double)]
  let baths: [EliminatedBath]

  /// Number of bonds between successive stations.
  let spans: [Int]

  init(_ model: ChainModel, withMemory: Bool) {
    let medium = model.medium
    sites = medium.sites
    let stationSites = Array(Set(model.attachments.map(\.site) + [1, medium.sites])).sorted()
    let stations = Dictionary(uniqueKeysWithValues: stationSites.enumerated().map { ($1, $0) })
    self.stationSites = stationSites
    spans = zip(stationSites, stationSites.dropFirst()).map { $1 - $0 }
    let laws = model.attachments.map(\.bath.linear)
    let friction = laws.reduce(0) { $0 + $1.frictionKernel.markovFriction }
    let pinned = abs(medium.pinning(ofSite: 1))
    // A single site has no spring: it is held by its pinning or, if free, slowed by its friction.
    let unit = medium.sites > 1 ? medium.springConstant : pinned > 0 ? pinned : friction * (friction / medium.mass)
    let frequency = (unit / medium.mass).squareRoot()
    (stiffnessUnit, frequencyUnit) = (unit, frequency)
    var stiffness = stationSites.map { (high: medium.pinning(ofSite: $0), low: 0.0) }
    baths = zip(model.attachments, laws).map { attachment, law in
      let station = stations[attachment.site] ?? 0
      let kernel = law.frictionKernel
      stiffness[station] = Self.sum(stiffness[station], law.stiffnessShift)
      let white = withMemory ? kernel.instantaneous : kernel.markovFriction
      return EliminatedBath(
        name: attachment.name, station: station, site: attachment.site, temperature: law.temperature,
        instantaneous: white / unit * frequency,
        terms: withMemory
          ? kernel.relevantTerms.map { .init(amplitude: $0.amplitude / unit, rate: $0.rate / frequency) } : [],
        shift: law.stiffnessShift / unit)
    }
    stationStiffness = stiffness.map { sum in
      let high = sum.high / unit
      return (high, (sum.high.addingProduct(-high, unit) + sum.low) / unit)
    }
  }

  /// A sum with what its rounding loses.
  private static func sum(_ a: (high: Double, low: Double), _ b: Double) -> (high: Double, low: Double) {
    let high = a.high + b
    let part = high - a.high
    return (high, (a.high - (high - part)) + (b - part) + a.low)
  }
}

extension FrictionKernel {
  /// Terms that matter at any frequency: by their amplitude at low ones, by amplitude times rate at high ones.
  var relevantTerms: [Term] {
    let total = terms.reduce(0) { $0 + $1.amplitude }
    let fast = terms.reduce(0) { $0 + $1.amplitude * $1.rate }
    return terms.filter { $0.amplitude > 1e-16 * total || $0.amplitude * $0.rate > 1e-16 * fast }
  }
}

/// Static stability of an eliminated chain.
enum StaticStability {
  /// Every deformation costs energy.
  case stable
  /// A free translation, which costs nothing.
  case freeTranslation
  /// Some deformation lowers the energy.
  case buckled
}

extension EliminatedChain {
  /// Whether the static stiffness matrix is positive, by the signs of its leading minors: with u_1 = 1 and no force on
  /// the sites before j, all u_j and the last force are positive. O(stations).
  var staticStability: StaticStability {
    var displacement = 1.0
    var tension = stationStiffness[0].high
    for (station, span) in spans.enumerated() {
      displacement += tension * Double(span)
      if displacement <= 0 { return .buckled }
      tension += stationStiffness[station + 1].high * displacement
      // Only the signs count, so the growth may be taken out.
      (displacement, tension) = (1, tension / displacement)
    }
    if tension > 0 { return .stable }
    return tension == 0 && stationStiffness.allSatisfy { $0.high == 0 } ? .freeTranslation : .buckled
  }

  /// By how much rounding of the stations' stiffness is magnified in the static compliance: 1 where nothing softens the
  /// chain, large near buckling.
  var staticCondition: Double {
    var (displacement, tension, size) = (1.0, stationStiffness[0].high, abs(stationStiffness[0].high))
    var shifts = [Double](repeating: 0, count: stationSites.count)
    for bath in baths { shifts[bath.station] += abs(bath.shift) }
    size += shifts[0]
    for (station, span) in spans.enumerated() {
      displacement += tension * Double(span)
      let scale = 1 / displacement
      (tension, size, displacement) = (tension * scale, size * scale, 1)
      tension += stationStiffness[station + 1].high
      size += abs(stationStiffness[station + 1].high) + shifts[station + 1]
    }
    return tension > 0 ? max(1, size / tension) : 1
  }
}

extension Model<Chain> {
  /// The static stiffness matrix with the particle baths' softening: diagonal and off-diagonal [mass/time²].
  func effectiveStiffness() -> (diagonal: [Double], offDiagonal: [Double]) {
    var diagonal = (1...medium.sites).map { medium.stiffness(ofSite: $0) }
    for attachment in attachments { diagonal[attachment.site - 1] += attachment.bath.linear.stiffnessShift }
    return (diagonal, [Double](repeating: -medium.springConstant, count: medium.sites - 1))
  }

  /// The static stiffness matrix as a dense matrix, shape (N, N) [mass/time²].
  func effectiveStiffnessMatrix() -> Matrix {
    let (diagonal, offDiagonal) = effectiveStiffness()
    var matrix = Matrix.diagonal(diagonal)
    for (index, value) in offDiagonal.enumerated() {
      matrix[index, index + 1] = value
      matrix[index + 1, index] = value
    }
    return matrix
  }
}
