import NessTrajectory
import Testing

/// Groups of steps of a network in motion.
enum StepGroups {
  /// The mean over groups of what their noise tells about the heats, over its standard error; the largest of all heats.
  ///
  /// - Parameters:
  ///   - dynamics: of a network whose steps are followed in groups.
  ///   - sources: how many forces with a state and sub-steps on momenta the baths have.
  ///   - factor: by which the noise that is read is stronger than that of the motion.
  static func worstScore(
    _ dynamics: NetworkDynamics, groups: Int, sources: (forces: Int, momenta: Int), _ factor: Double
  ) throws -> Double {
    let innovations = try #require(Innovations(of: dynamics, NetworkScales(dynamics.bathed)))
    let group = try #require(LaneInnovations(innovations, dynamics).group)
    let motion = NetworkMotion(dynamics, seed: 5, firstReplica: 0)
    motion.draw(velocityVariances: [Double](repeating: 1, count: dynamics.bathed.network.sites))
    let heats = innovations.heats.count
    var (sums, squares) = ([Double](repeating: 0, count: heats), [Double](repeating: 0, count: heats))
    /// The next `count` numbers of every source.
    func scaled(_ noise: UnsafePointer<SIMD8<Double>>, _ sources: Int, _ count: Int) -> [SIMD8<Double>] {
      let stride = count / LaneStepGroup.steps * motion.momentumNoiseStride
      return (0..<sources).flatMap { source in (0..<count).map { factor * noise[source * stride + $0] } } + [SIMD8()]
    }
    for _ in 0..<groups {
      motion.drawNext()
      let forces = scaled(motion.nextForceNoise, sources.forces, 2 * LaneStepGroup.steps)
      let momenta = scaled(motion.nextMomentumNoise, sources.momenta, LaneStepGroup.steps)
      group.read(
        displacement: motion.displacement, velocity: motion.velocity, states: motion.forceStates, forceNoise: forces,
        momentumNoise: momenta, stride: LaneStepGroup.steps)
      for heat in 0..<heats {
        let told = group.innovation(ofHeat: heat)
        sums[heat] += told.sum()
        squares[heat] += (told * told).sum()
      }
      motion.advance(steps: LaneStepGroup.steps)
    }
    return zip(sums, squares).map { abs($0 / $1.squareRoot()) }.max() ?? 0
  }
}
