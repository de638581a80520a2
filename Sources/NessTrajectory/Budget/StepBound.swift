import NessModel

/// Upper estimates of what the time step adds to the means of the steady state, where the linear dynamics has no answer:
/// the conditions of the time step, added up, act on the heats of the two directions, whose difference the current is. So
/// they do not vanish where the current does.
struct StepBound: Sendable {
  private let model: ChainModel
  private let timeStep: Double
  /// Bias of a temperature over that temperature.
  private let relative: Double
  private let hottest: Double
  /// Rate at which every bath can exchange energy with its site, at most [1/time].
  private let rates: [Double]
  /// Heat that a bond can carry in one direction per temperature, at most: its modes, each of transmission 1,
  /// w_max/2 pi [1/time].
  private let band: Double

  init(_ model: ChainModel, timeStep: Double, noise: ParticleNoise) {
    self.model = model
    self.timeStep = timeStep
    relative = TimeStepChoice.relativeBias(of: model, timeStep: timeStep, noise: noise)
    hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    rates = model.attachments.map { attachment in
      let law = attachment.bath.stochasticLaw
      return ((law.momentum?.friction ?? 0) + (law.particles?.largestFriction ?? 0)) / model.medium.mass
    }
    band = model.highestAngularFrequency / (2 * Double.pi)
  }

  /// Bias of the heat from a bath per time [energy/time].
  func heat(from bath: Int) -> Double {
    let site = model.attachments[bath].site
    let others = model.attachments.indices.filter { $0 != bath }
    let shared = others.filter { model.attachments[$0].site == site }.reduce(0) { $0 + rates[$1] }
    let apart = others.filter { model.attachments[$0].site != site }.reduce(0) { $0 + rates[$1] }
    let bonds = site > 1 && site < model.medium.sites ? 2.0 : 1.0
    return relative * hottest * min(rates[bath], shared + min(apart, bonds * band))
  }

  /// Bias of the heat through a bond, counted from 1, per time [energy/time].
  func bondCurrent(_ bond: Int) -> Double {
    func rate(_ isOnThisSide: (Int) -> Bool) -> Double {
      model.attachments.indices.filter { isOnThisSide(model.attachments[$0].site) }.reduce(0) { $0 + rates[$1] }
    }
    return relative * hottest * min(band, rate { $0 <= bond }, rate { $0 > bond })
  }

  /// Bias of the kinetic temperature of a site, counted from 1 [energy]: the velocities are read in the middle of the
  /// drift, which adds h²/4m times the stiffness.
  func kineticTemperature(_ site: Int) -> Double {
    let chain = model.medium
    let bonds = (site > 1 ? 1.0 : 0.0) + (site < chain.sites ? 1.0 : 0.0)
    let stiffness = chain.pinning(ofSite: site) + bonds * chain.bondStiffness(atTemperature: hottest)
    return hottest * (relative + 0.25 * timeStep * timeStep * stiffness / chain.mass)
  }

  /// Bias of the mean displacement of a site, counted from 1, that was found to be `displacement` [length].
  func meanDisplacement(_ site: Int, found displacement: Double) -> Double {
    let compliance = BareCompliance(model.medium)?.between(site, site) ?? 0
    return relative * (abs(displacement) + (hottest * compliance).squareRoot())
  }
}

extension ParticleBath {
  /// Upper estimate of the friction on a site wherever it is: N_b eps² (F_max - F_min)²/4 tau/T, the largest variance that
  /// F can have for the slowest relaxation of free particles [mass/time].
  var largestFriction: Double {
    guard sharpness > 0 else { return 0 }
    let range = 0.5 * coupling * strength * (relativeForce(atTurns: 0) - relativeForce(atTurns: 0.5))
    return Double(count) * range * range * relaxationTime / temperature
  }
}
