import Foundation
import NessModel
import NessRandom
import NessSampling
import NessStatistics

/// The particles of a bath around a probe that is held fixed: mean force and force fluctuations.
package struct FrozenProbe: Sendable {
  /// The bath.
  package let bath: ParticleBath
  /// Where the probe is held [length].
  package let displacement: Double
  /// Time step [time].
  package let timeStep: Double
  /// Seed of all random streams.
  package let seed: UInt64
  /// Independent replicas, rounded up to a multiple of 8.
  package let replicas: Int
  /// Law of the noise that diffuses the particles.
  package let noise: ParticleNoise
  /// Asked between pieces of work; true ends it with `TrajectoryError.interrupted`.
  package var shouldStop: @Sendable () -> Bool = { false }

  /// A bath around a probe held at `displacement`.
  package init(
    bath: ParticleBath, displacement: Double, timeStep: Double, seed: UInt64, replicas: Int = 64,
    noise: ParticleNoise = .matched
  ) {
    self.bath = bath
    self.displacement = displacement
    self.timeStep = timeStep
    self.seed = seed
    self.replicas = replicas
    self.noise = noise
  }

  /// Mean force of one particle on the probe, -eps <F> [mass length/time²], from `duration` after a burn-in of ten
  /// relaxation times of a particle.
  ///
  /// - Checked by: quadrature over the Boltzmann weight (FrozenProbeTests).
  package func meanForce(duration: Double, threads: Int) throws -> Estimate {
    let batches = 8
    let steps = max(1, Int((duration / timeStep / Double(batches)).rounded(.up)))
    let series = try forceSeries(batches: batches, stepsPerBatch: steps, threads: threads)
    let perParticle = series.values.map { $0 / Double(bath.count) - bath.coupling * bath.strength }
    let means = ReplicaSeries(replicas: series.replicas, batches: batches, values: perParticle)
    return try BlockedMean(of: means).estimate
  }

  /// Correlation of the total force, <f(0) f(t)> - <f>², at the times 0, `interval`, 2 `interval`, ...
  ///
  /// - Parameters:
  ///   - lags: number of times, the first is 0.
  ///   - stepsPerLag: steps between two times.
  ///   - samples: number of successive times in each replica.
  /// - Returns: one estimate per lag [(mass length/time²)²], errors from the scatter of the replicas.
  package func forceAutocorrelation(lags: Int, stepsPerLag: Int, samples: Int, threads: Int) throws -> [Estimate] {
    let perReplica = try correlations(lags: lags, stepsPerLag: stepsPerLag, samples: samples, threads: threads)
    return try (0..<lags).map { lag in
      try BlockedMean(
        of: ReplicaSeries(replicas: perReplica.count, batches: 1, values: perReplica.map { $0[lag] })
      ).estimate
    }
  }

  /// Effective friction (1/T) int_0^inf <f(0) f(t)> dt by Green and Kubo, from the trapezoidal rule over the measured
  /// correlation [mass/time]; the error is that of the integral, from the scatter of the replicas.
  package func greenKuboFriction(lags: Int, stepsPerLag: Int, samples: Int, threads: Int) throws -> Estimate {
    let interval = Double(stepsPerLag) * timeStep
    let perReplica = try correlations(lags: lags, stepsPerLag: stepsPerLag, samples: samples, threads: threads)
    let integrals = perReplica.map {
      ($0.dropFirst().dropLast().reduce(0, +) + 0.5 * ($0[0] + $0[lags - 1])) * interval / bath.temperature
    }
    return try BlockedMean(of: ReplicaSeries(replicas: integrals.count, batches: 1, values: integrals)).estimate
  }

  private var groups: Int { (replicas + 7) / 8 }

  /// Force correlation of every replica for every lag. The mean force is known to vanish at displacement 0 only, so the
  /// measured mean over all replicas is subtracted.
  private func correlations(lags: Int, stepsPerLag: Int, samples: Int, threads: Int) throws -> [[Double]] {
    let series = try forceSeries(batches: samples, stepsPerBatch: stepsPerLag, instantaneous: true, threads: threads)
    let mean = series.values.reduce(0, +) / Double(series.values.count)
    return (0..<series.replicas).map { replica in
      let force = series.values[(replica * samples)..<((replica + 1) * samples)].map { $0 - mean }
      return (0..<lags).map { lag in
        let pairs = samples - lag
        return (0..<pairs).reduce(0) { $0 + force[$1] * force[$1 + lag] } / Double(pairs)
      }
    }
  }

  /// Total compensated force, averaged over each batch or read at its end.
  private func forceSeries(
    batches: Int, stepsPerBatch: Int, instantaneous: Bool = false, threads: Int
  ) throws(TrajectoryError) -> ReplicaSeries {
    let law = RingParticles(bath, index: 0, timeStep: timeStep, noise: noise)
    let burnIn = Int((10 * bath.relaxationTime / timeStep).rounded(.up))
    // Some tens of microseconds of work.
    let stepsBetweenLooks = 1 + 5000 / bath.count
    let rows = concurrentMap(count: groups, threads: threads) { group -> [SIMD8<Double>] in
      var (steps, isStopped) = (0, false)
      func step(_ particles: LoneParticles, _ probe: SIMD8<Double>) -> SIMD8<Double> {
        steps += 1
        if steps % stepsBetweenLooks == 0, !isStopped { isStopped = shouldStop() }
        return isStopped ? SIMD8() : particles.step(probe)
      }
      let particles = LoneParticles(law, seed: seed, firstReplica: 8 * group)
      let probe = SIMD8(repeating: displacement)
      for _ in 0..<burnIn { _ = step(particles, probe) }
      return (0..<batches).map { _ in
        var sum = SIMD8<Double>()
        for _ in 0..<(stepsPerBatch - 1) { sum += step(particles, probe) }
        let last = step(particles, probe)
        return instantaneous ? last : (sum + last) / Double(stepsPerBatch)
      }
    }
    if shouldStop() { throw .interrupted }
    let values = (0..<(8 * groups)).flatMap { replica in rows[replica / 8].map { $0[replica % 8] } }
    return ReplicaSeries(replicas: 8 * groups, batches: batches, values: values)
  }
}

/// Particles of eight replicas without a chain.
private final class LoneParticles {
  private let law: RingParticles
  private let positions: UnsafeMutableBufferPointer<SIMD8<Double>>
  private let noise: UnsafeMutableBufferPointer<SIMD8<Double>>
  private var stream: LaneStream
  private var steps = 0

  init(_ law: RingParticles, seed: UInt64, firstReplica: Int) {
    self.law = law
    positions = .allocate(capacity: law.count)
    noise = .allocate(capacity: law.noiseVectors)
    noise.initialize(repeating: SIMD8())
    var start = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState)
    for index in 0..<law.count { positions.initializeElement(at: index, to: start.uniform() - 0.5) }
    stream = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .frozenProbe)
  }

  deinit {
    positions.deallocate()
    noise.deallocate()
  }

  /// One step; the force in the middle of it, where diffusion is half done and the drift half.
  func step(_ probe: SIMD8<Double>) -> SIMD8<Double> {
    if steps % LaneMotion.stepsPerBlock == 0 { stream.begin(block: UInt64(steps / LaneMotion.stepsPerBlock)) }
    steps += 1
    guard let noise = noise.baseAddress, let positions = positions.baseAddress else { return SIMD8() }
    law.draw(&stream, into: noise)
    let forces = law.advance(positions, noise: noise, probe: probe)
    return 0.5 * (forces.before + forces.after)
  }
}
