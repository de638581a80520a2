import NessModel
import NessReport

/// The parameters with which Krekels et al. 2026 is reproduced: given in the paper, inferred from it, or ours.
enum KrekelsParameters {
  static let mass = 1.0
  static let springConstant = 1.0
  static let pinning = 1.0
  static let sites = 16
  static let rightFriction = 1.0
  static let coupling = 0.2
  static let weakCoupling = 1e-3
  static let particles = 40
  static let particleFriction = 0.1
  static let particleFrictions = [0.01, 0.1, 1.0]
  static let springConstants = [0.5, 1.0, 2.0]
  static let rightTemperature = 10.0
  static let fixedLeftTemperature = 20.0
  static let initialVelocity = 50.0

  /// A particle bath with the paper's count, strength, sharpness and ring.
  static func bath(
    temperature: Double, friction: Double = particleFriction, coupling: Double = coupling
  ) -> ParticleBath {
    ParticleBath(
      temperature: temperature, count: particles, friction: friction, coupling: coupling, strength: 1, sharpness: 2,
      ringLength: 25)
  }

  /// The chain between the particle bath (left) and a Langevin bath (right).
  static func chain(
    left: ParticleBath, rightTemperature: Double, sites: Int = sites, spring: Double = springConstant
  ) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, mass: mass, springConstant: spring, pinning: pinning),
      attachments: [
        .init(name: "left", site: 1, bath: .init(left)),
        .init(
          name: "right", site: sites,
          bath: .init(LangevinBath(temperature: rightTemperature, friction: rightFriction))),
      ])
  }

  /// A single probe in the particle bath.
  static func probe(in bath: ParticleBath) throws -> ChainModel {
    try Model(
      medium: Chain(sites: 1, mass: mass, springConstant: 0, pinning: pinning),
      attachments: [.init(name: "left", site: 1, bath: .init(bath))])
  }

  /// The table of the report.
  static let table: [Report.Parameter] = [
    .init(symbol: "m", meaning: "mass of a site", value: "1", source: .given, remark: "caption of Fig. 2"),
    .init(
      symbol: "k", meaning: "spring constant", value: "1; 0.5, 1, 2 in Fig. 4a", source: .given,
      remark: "k = 1 in Fig. 2; the values of Fig. 4a are ours"),
    .init(symbol: "N_b", meaning: "particles of the bath", value: "40", source: .given, remark: "caption of Fig. 2"),
    .init(
      symbol: "λ", meaning: "mean of the coupling function", value: "1", source: .given, remark: "caption of Fig. 2"),
    .init(symbol: "p", meaning: "sharpness of the coupling", value: "2", source: .given, remark: "caption of Fig. 2"),
    .init(symbol: "L", meaning: "length of the ring", value: "25", source: .given, remark: "caption of Fig. 2"),
    .init(
      symbol: "ζ", meaning: "friction of a particle", value: "0.1", source: .given,
      remark: "caption of Fig. 2; also used in Fig. 4"),
    .init(symbol: "ε (Fig. 2a)", meaning: "coupling", value: "0.001", source: .given, remark: "caption of Fig. 2"),
    .init(symbol: "v(0)", meaning: "initial velocity of the ring-down", value: "50", source: .given, remark: "Sec. 3"),
    .init(
      symbol: "T_R (Fig. 4a)", meaning: "temperature of the Langevin bath", value: "10", source: .given,
      remark: "caption of Fig. 4"),
    .init(
      symbol: "T_R (Fig. 3)", meaning: "temperature of the Langevin bath", value: "0", source: .inferred,
      remark: "the text stresses T_R ≠ 0 for Fig. 4 only"),
    .init(symbol: "K", meaning: "pinning of both ends", value: "1", source: .ours, remark: "not in the paper"),
    .init(
      symbol: "ε (Figs. 2b-4)", meaning: "coupling", value: "0.2", source: .ours,
      remark: "not in the paper; stable down to T_L = 1.77"),
    .init(symbol: "N", meaning: "sites of the chain", value: "16", source: .ours, remark: "not in the paper"),
    .init(
      symbol: "γ_R", meaning: "friction of the Langevin bath", value: "1", source: .ours, remark: "not in the paper"),
    .init(
      symbol: "ζ (Fig. 3)", meaning: "friction of a particle", value: "0.01, 0.1, 1", source: .ours,
      remark: "the paper says \"several values\""),
    .init(
      symbol: "T_L (Fig. 4b)", meaning: "fixed temperature of the particles", value: "20", source: .ours,
      remark: "not in the paper"),
  ]
}
