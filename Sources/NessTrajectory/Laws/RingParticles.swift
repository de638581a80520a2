import CVectorMath
import Foundation
import NessMath
import NessModel
import NessRandom

/// The particle sub-step: overdamped particles on a ring, at a fixed displacement q of the probe.
///
/// Positions are kept in turns, y = x/L. With theta = 2 pi y, s = sin(theta/2), c = cos(theta/2):
///
///     F = (lambda/I_0) exp(p (2 c² - 1)),   F' = -(2 pi/L) p sin(theta) F,   sin(theta) = 2 s c
///     drift a = -(eps q / zeta) F',    a' = da/dx = -(eps q / zeta) (2 pi/L)² p (p sin²(theta) - cos(theta)) F
///
/// One step is: free diffusion over the whole step (exact), then the deterministic drift over the whole step by its
/// Taylor series  h a + h² a a'/2. The force on the probe is needed before and after the drift; after it,
/// F + F' dx is enough, as it enters the momentum with weight h/2. So one evaluation of F serves a step of weak order 2.
struct RingParticles: Sendable {
  /// Index of the bath in the model.
  let bath: Int
  let count: Int
  let coupling: Double
  let compensation: Double
  /// Law of the noise that diffuses the particles.
  let noise: ParticleNoise
  private let law: ness_ring_law
  /// Standard deviation of one step of free diffusion [turns].
  var noiseAmplitude: Double { law.amplitude }
  private let drift: Double
  private let driftGradient: Double
  private let sharpness: Double
  private let responseFactor: Double

  /// The sub-step of the bath with this index in the model, for one time step [time].
  init(_ bath: ParticleBath, index: Int, timeStep: Double, noise: ParticleNoise) {
    self.bath = index
    self.noise = noise
    let wavenumber = 2 * Double.pi / bath.ringLength
    let scaledBessel = scaledBesselI(upTo: 0, bath.sharpness)[0]
    count = bath.count
    coupling = bath.coupling
    compensation = bath.coupling * bath.strength * Double(bath.count)
    // F = (lambda exp(-2 p) / (exp(-p) I_0(p))) exp(2 p c²), as a power of a function that is nearly flat
    let squarings = ness_squarings(2 * bath.sharpness)
    let share = exp2(-Double(squarings))
    law = ness_make_ring_law(
      (2 * bath.temperature * timeStep / bath.friction).squareRoot() / bath.ringLength, noise == .matched ? 1 : 0,
      exp(share * (log(bath.strength / scaledBessel) - 2 * bath.sharpness)), share * 2 * bath.sharpness,
      squarings)
    // s c is half of sin(theta)
    drift = 2 * timeStep * bath.coupling * wavenumber * bath.sharpness / (bath.friction * bath.ringLength)
    driftGradient =
      -0.5 * timeStep * bath.coupling * wavenumber * wavenumber * bath.sharpness / bath.friction
    sharpness = bath.sharpness
    responseFactor = -2 * wavenumber * bath.sharpness * bath.ringLength
  }

  /// Vectors that the noise of one step takes.
  var noiseVectors: Int {
    switch noise {
    case .gaussian: (count + 1) / 2 * LaneStream.polarVectors
    case .matched: (count + LaneStream.drawsPerWord - 1) / LaneStream.drawsPerWord
    }
  }

  /// Draws the noise of one step.
  @inline(__always)
  func draw(_ stream: inout LaneStream, into buffer: UnsafeMutablePointer<SIMD8<Double>>) {
    switch noise {
    case .gaussian: stream.fillPolar(buffer, pairs: (count + 1) / 2)
    case .matched: stream.fillWords(buffer, count: noiseVectors)
    }
  }

  /// Positions [turns, not wrapped] after the free diffusion that `noise` makes.
  func diffuse(
    _ positions: UnsafePointer<SIMD8<Double>>, noise: UnsafePointer<SIMD8<Double>>,
    into diffused: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    withUnsafePointer(to: law) { ness_diffuse_freely(positions, noise, count, $0, diffused) }
  }

  /// Moves all particles by one step at the probe displacement `probe` with the noise that was drawn, and returns the
  /// force on the probe before and after the drift, -eps sum_i (F - lambda).
  ///
  /// With v = c²: p sin²(theta) - cos(theta) = 1 + (4 p - 2) v - 4 p v².
  @inline(never)
  func advance(
    _ positions: UnsafeMutablePointer<SIMD8<Double>>, noise: UnsafePointer<SIMD8<Double>>, probe: SIMD8<Double>
  ) -> (before: SIMD8<Double>, after: SIMD8<Double>) {
    let first = probe * drift
    let gradient = first * (probe * driftGradient)
    var response = SIMD8<Double>()
    let sum = withUnsafePointer(to: law) {
      ness_advance_ring(
        positions, noise, count, $0, first, gradient, gradient * (4 * sharpness - 2), gradient * (-4 * sharpness),
        &response)
    }
    let before = compensation - coupling * sum
    return (before, ness_fma(response, SIMD8(repeating: -coupling * responseFactor), before))
  }
}
