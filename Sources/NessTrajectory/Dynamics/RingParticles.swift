import CVectorMath
import Foundation
import NessMath
import NessModel

/// The particle sub-step: overdamped particles on a ring, at a fixed displacement q of the probe.
///
/// Positions are kept in turns, y = x/L. With theta = 2 pi y, s = sin(theta/2), c = cos(theta/2):
///
///     F = (lambda/I_0) 2^{p log2(e) (1 - 2 s²)},   F' = -(2 pi/L) p sin(theta) F,   sin(theta) = 2 s c
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
  private let law: ness_ring_law
  /// Standard deviation of one step of free diffusion [turns].
  var noiseAmplitude: Double { law.amplitude }
  private let drift: Double
  private let driftGradient: Double
  private let sharpness: Double
  private let responseFactor: Double

  /// The sub-step of the bath with this index in the model, for one time step [time].
  init(_ bath: ParticleBath, index: Int, timeStep: Double) {
    self.bath = index
    let wavenumber = 2 * Double.pi / bath.ringLength
    let log2e = 1 / Double.log2Natural
    let scaledBessel = scaledBesselI(upTo: 0, bath.sharpness)[0]
    count = bath.count
    coupling = bath.coupling
    compensation = bath.coupling * bath.strength * Double(bath.count)
    law = ness_ring_law(
      amplitude: (2 * bath.temperature * timeStep / bath.friction).squareRoot() / bath.ringLength,
      slope: -2 * bath.sharpness * log2e,
      // lambda exp(p)/I_0(p) = lambda / (exp(-p) I_0(p))
      offset: log2(bath.strength / scaledBessel))
    // s c is half of sin(theta)
    drift = 2 * timeStep * bath.coupling * wavenumber * bath.sharpness / (bath.friction * bath.ringLength)
    driftGradient =
      -0.5 * timeStep * bath.coupling * wavenumber * wavenumber * bath.sharpness / bath.friction
    sharpness = bath.sharpness
    responseFactor = -2 * wavenumber * bath.sharpness * bath.ringLength
  }

  /// Pairs of Gaussians that one step needs.
  var noisePairs: Int { (count + 1) / 2 }

  /// Moves all particles by one step at the probe displacement `probe`, with Gaussians in polar form, and returns the
  /// force on the probe before and after the drift, -eps sum_i (F - lambda).
  ///
  /// With u = s²: p sin²(theta) - cos(theta) = -1 + (4 p + 2) u - 4 p u².
  @inline(never)
  func advance(
    _ positions: UnsafeMutablePointer<SIMD8<Double>>, noise: UnsafePointer<SIMD8<Double>>, probe: SIMD8<Double>
  ) -> (before: SIMD8<Double>, after: SIMD8<Double>) {
    let first = probe * drift
    let gradient = first * (probe * driftGradient)
    var response = SIMD8<Double>()
    let sum = ness_advance_ring(
      positions, noise, count, law, first, -gradient, gradient * (4 * sharpness + 2),
      gradient * (-4 * sharpness), &response)
    let before = compensation - coupling * sum
    return (before, ness_fma(response, SIMD8(repeating: -coupling * responseFactor), before))
  }
}

extension Double {
  fileprivate static let log2Natural = 0.6931471805599453
}
