import CVectorMath
import Foundation
import NessModel
import NessRandom
import NessSampling
import NessStatistics

extension CollisionRelaxation {
  /// Rows of independent samples, each with its own random streams.
  private static let rows = 128

  /// Autocorrelation of the energy over collisions, <(E_0 - T)(E_k - T)>/T² in equilibrium, by simulation [1].
  ///
  /// - Parameters:
  ///   - lags: numbers of collisions k >= 0, ascending.
  ///   - samples: independent starts, at least 1024; rounded up to a multiple of that.
  ///   - seed: seed of the random streams.
  ///   - threads: threads; the result does not depend on it.
  /// - Returns: one estimate for every lag. The start is drawn from equilibrium exactly, its mean and variance are
  ///   known, and its own square serves as a control variate.
  /// - Throws: `Refusal` at temperature 0, `StatisticsError`.
  /// - Complexity: O(samples * longest lag * moves), about 3 ns each.
  package func energyAutocorrelation(
    collisions lags: [Int], samples: Int = 65_536, seed: UInt64 = 1, threads: Int = 1
  ) throws -> [Estimate] {
    _ = try continuumEdge()
    let repeats = max(1, (samples + 8 * Self.rows - 1) / (8 * Self.rows))
    let rows = concurrentMap(count: Self.rows, threads: threads) { row in
      switch wall.proposal {
      case .energy: means(ofRow: row, lags, repeats, seed, EnergyMoveLaneWall(wall, mass: mass))
      case .speed: means(ofRow: row, lags, repeats, seed, SpeedMoveLaneWall(wall, mass: mass))
      }
    }
    let control = ReplicaSeries(replicas: Self.rows, batches: 1, values: rows.map { $0[lags.count] - 1 })
    return try lags.indices.map { index in
      if lags[index] == 0 { return .numerical(1, bound: 0) }
      let series = ReplicaSeries(replicas: Self.rows, batches: 1, values: rows.map { $0[index] })
      return try BlockedMean(of: series, controls: [control]).estimate
    }
  }

  /// Means over the samples of a row: the products at every lag, and the square of the start last.
  private func means<Wall: LaneWall>(
    ofRow row: Int, _ lags: [Int], _ repeats: Int, _ seed: UInt64, _ law: Wall
  ) -> [Double] {
    var stream = LaneStream(seed: seed, firstReplica: UInt64(8 * row), purpose: .wallRelaxation)
    let start = MaxwellLaneWall(MaxwellBath(temperature: wall.temperature), mass: mass)
    let all = LaneMask(repeating: .max)
    var sums = [Lanes](repeating: Lanes(), count: lags.count + 1)
    for _ in 0..<repeats {
      var particle = start.reflect(LaneParticle(energy: Lanes(), speed: Lanes()), where: all, &stream)
      let deviation = particle.energy / wall.temperature - 1
      sums[lags.count] += deviation * deviation
      var done = 0
      for (index, lag) in lags.enumerated() {
        while done < lag {
          particle = law.reflect(particle, where: all, &stream)
          done += 1
        }
        sums[index] += deviation * (particle.energy / wall.temperature - 1)
      }
    }
    return sums.map { $0.sum() / Double(8 * repeats) }
  }

  /// Collisions after which the autocorrelation of the energy has fallen to 1/e, by simulation [1].
  ///
  /// The autocorrelation is a mixture of decays, so this is a mean memory, shorter than the slowest one of
  /// `collisionsFromGap`.
  ///
  /// - Parameters: as `energyAutocorrelation`.
  /// - Returns: the point where the logarithm of the autocorrelation, interpolated linearly between some 60 lags, passes -1;
  ///   the error is that of the autocorrelation there over its slope.
  /// - Throws: `Refusal` at temperature 0, `StatisticsError`, `LinearAlgebraError`.
  package func collisionsFromAutocorrelation(
    samples: Int = 65_536, seed: UInt64 = 1, threads: Int = 1
  ) throws -> Estimate {
    let slowest = try collisionsFromGap().value
    let stride = max(1, Int(max(1, slowest.isFinite ? slowest : 40) / 40))
    let lags = (0...64).map { $0 * stride }
    let curve = try energyAutocorrelation(collisions: lags, samples: samples, seed: seed, threads: threads)
    let level = exp(-1.0)
    guard let after = curve.firstIndex(where: { $0.value < level }), after > 0 else {
      throw Refusal(
        .simulation, "the autocorrelation of the energy is still above 1/e after \(lags.last ?? 0) collisions")
    }
    let (a, b) = (curve[after - 1], curve[after])
    let slope = (log(a.value) - log(b.value)) / Double(stride)
    let crossing = Double(lags[after - 1]) + (log(a.value) + 1) / slope
    // A slope over a wider stretch, so that noise does not enter twice.
    let wide = curve[min(curve.count - 1, after + after / 4)]
    let span = Double(lags[min(curve.count - 1, after + after / 4)] - lags[after / 2])
    let decay = (log(curve[after / 2].value) - log(max(wide.value, 0.05))) / span
    return .statistical(crossing, standardError: b.error / level / decay, effectiveSamples: Double(Self.rows - 2))
  }
}
