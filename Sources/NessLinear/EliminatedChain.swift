import NessMath
import NessModel

/// A bath after the elimination of its own coordinates, ready for the frequency integral.
struct EliminatedBath {
  let name: String
  /// Index of its station.
  let station: Int
  let site: Int
  let temperature: Double
  /// Friction without memory [mass/time].
  let instantaneous: Double
  /// Decaying terms of the kernel that matter in double precision.
  let terms: [FrictionKernel.Term]

  /// The largest stiffness that the kernel adds dynamically, Gamma(0+) [mass/time²].
  var dynamicStiffness: Double { terms.reduce(0) { $0 + $1.amplitude } }
  /// g(0) [mass/time].
  var markovFriction: Double { terms.reduce(instantaneous) { $0 + $1.amplitude / $1.rate } }
}

/// The chain with all baths eliminated: stations (the two ends and every site with a bath) joined by uniform spans.
///
/// Stiffnesses are divided by `stiffnessUnit`, the spring constant (for a single site, a stiffness of its own scale).
struct EliminatedChain {
  let sites: Int
  let mass: Double
  let stiffnessUnit: Double
  /// Site of each station, ascending.
  let stationSites: [Int]
  /// Static stiffness of each station besides the springs: pinning and bath shifts, in units of `stiffnessUnit`.
  let stationStiffness: [Double]
  let baths: [EliminatedBath]

  /// Number of bonds between successive stations.
  var spans: [Int] { zip(stationSites, stationSites.dropFirst()).map { $1 - $0 } }
  /// Upper edge of the band, 2 sqrt(k/m) [1/time].
  var bandEdge: Double { 2 * (stiffnessUnit / mass).squareRoot() }

  init(_ model: ChainModel, withMemory: Bool) {
    let medium = model.medium
    sites = medium.sites
    mass = medium.mass
    let stationSites = Array(Set(model.attachments.map(\.site) + [1, medium.sites])).sorted()
    self.stationSites = stationSites
    var stiffness = stationSites.map { medium.pinning(ofSite: $0) }
    var friction = 0.0
    baths = model.attachments.map { attachment in
      let law = attachment.bath.linear
      let station = stationSites.firstIndex(of: attachment.site) ?? 0
      stiffness[station] += law.stiffnessShift
      let kernel = law.frictionKernel
      friction += kernel.markovFriction
      return EliminatedBath(
        name: attachment.name, station: station, site: attachment.site, temperature: law.temperature,
        instantaneous: withMemory ? kernel.instantaneous : kernel.markovFriction,
        terms: withMemory ? Self.relevantTerms(kernel) : [])
    }
    let own = [abs(stiffness[0]), friction * friction / medium.mass, medium.mass].first { $0 > 0 } ?? 1
    let unit = medium.sites > 1 ? medium.springConstant : own
    stiffnessUnit = unit
    stationStiffness = stiffness.map { $0 / unit }
  }

  private static func relevantTerms(_ kernel: FrictionKernel) -> [FrictionKernel.Term] {
    let total = kernel.terms.reduce(0) { $0 + $1.amplitude }
    return kernel.terms.filter { $0.amplitude > 1e-16 * total }
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
    var tension = stationStiffness[0]
    for (station, span) in spans.enumerated() {
      displacement += tension * Double(span)
      if displacement <= 0 { return .buckled }
      tension += stationStiffness[station + 1] * displacement
    }
    if tension > 0 { return .stable }
    return tension == 0 && stationStiffness.allSatisfy { $0 == 0 } ? .freeTranslation : .buckled
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
