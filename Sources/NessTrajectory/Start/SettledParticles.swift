import Foundation
import NessModel
import NessRandom

/// The particles of a bath in equilibrium around a site that is held where it is: density ~ exp(-eps q F(x) / T).
struct SettledParticles: Sendable {
  /// Points of a table, from where F is largest half around the ring.
  private static let points = 513

  let count: Int
  /// Site that the bath touches, from 0.
  let site: Int
  /// -eps F / T on the points [1/length].
  private let tilts: [Double]

  init(_ bath: ParticleBath, site: Int) {
    count = bath.count
    self.site = site
    let frozen = FrozenBath(bath)
    tilts = (0..<Self.points).map { point in
      -bath.coupling / bath.temperature * frozen.force(atAngle: .pi * Double(point) / Double(Self.points - 1))
    }
  }

  /// Particles drawn between two looks at whether to stop: some milliseconds.
  private static let particlesBetweenLooks = 8192

  /// Draws the positions [turns], where the site has the displacement `probe`.
  ///
  /// - Parameter shouldStop: asked from time to time; true ends it.
  func draw(
    _ stream: inout LaneStream, probe: SIMD8<Double>, into positions: UnsafeMutablePointer<SIMD8<Double>>,
    orGiveUp shouldStop: () -> Bool
  ) {
    let tables = (0..<8).map { lane in InverseTable(tilts.map { probe[lane] * $0 }) }
    for particle in 0..<count {
      if particle % Self.particlesBetweenLooks == 0, particle > 0, shouldStop() { return }
      let uniform = stream.uniform()
      for lane in 0..<8 {
        let isLeft = uniform[lane] < 0.5
        let share = isLeft ? 2 * uniform[lane] : 2 * uniform[lane] - 1
        let turns = 0.5 * tables[lane].position(share) / Double(Self.points - 1)
        positions[particle][lane] = isLeft ? -turns : turns
      }
    }
  }
}
