import NessModel

/// The state of every site at the start of a transient: means, and Maxwellian velocities about them.
struct GivenStart: Sendable {
  /// [length].
  let displacements: [Double]
  /// [length/time].
  let velocities: [Double]
  /// Variance of the velocities [length²/time²].
  let variances: [Double]

  init(_ transient: NessModel.Transient, masses: [Double]) {
    displacements = NessModel.Transient.values(transient.displacement, sites: masses.count)
    velocities = NessModel.Transient.values(transient.velocity, sites: masses.count)
    variances = zip(NessModel.Transient.values(transient.temperature, sites: masses.count), masses).map { $0 / $1 }
  }
}

extension NetworkMotion {
  /// Draws the state at the start of a transient. Half a drift of the first step lies before it, as between all steps.
  func draw(_ start: GivenStart) {
    draw(velocityVariances: start.variances)
    let half = 0.5 * dynamics.timeStep
    for site in 0..<dynamics.sites {
      velocity[site] += start.velocities[site]
      displacement[site] = Lanes(repeating: start.displacements[site]) - velocity[site] * half
    }
  }
}
