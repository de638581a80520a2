import Foundation
import NessModel

/// One harmonic of the force of a particle bath, f_n = -2 eps lambda (I_n/I_0) sum_i cos(2 pi n x_i / L), as the stepper
/// moves it: free diffusion keeps the share rho_n of it in the mean, exactly: the characteristic function of the
/// noise at n 2 pi amplitude, exp(-n² h/tau) of Gaussian noise; the drift at the
/// displacement q of the probe adds  (c_n/T) (n² h/tau) q  at weak coupling.
package struct ForceMode: Sendable {
  /// Most harmonics followed.
  private static let mostHarmonics = 12

  /// Index among the particle baths.
  let bath: Int
  /// Site that the bath touches, from 0.
  let site: Int
  /// -2 eps lambda I_n/I_0 [mass length/time²].
  package let amplitude: Double
  /// rho_n.
  package var kept: Double
  /// (c_n/T) n² h/tau [mass/time²].
  let response: Double
  /// <f_n²> of particles that are uniform on the ring.
  let freeVariance: Double

  /// The harmonics of all particle baths, bath after bath.
  package static func modes(of model: ChainModel, timeStep: Double, noise: ParticleNoise) -> [ForceMode] {
    model.particleBaths.enumerated().flatMap { index, item in
      modes(of: item.bath, index: index, site: item.attachment.site - 1, timeStep: timeStep, noise: noise)
    }
  }

  /// The harmonics, n = 1, 2, ..., that matter for the heat.
  package static func modes(of bath: ParticleBath, index: Int, site: Int, timeStep: Double, noise: ParticleNoise)
    -> [ForceMode]
  {
    let weights = bath.harmonicWeights
    guard bath.coupling != 0, let first = weights.first else { return [] }
    let relevant = weights.enumerated().prefix { index, weight in
      weight > 1e-5 * first * Double((index + 1) * (index + 1))
    }
    return relevant.prefix(mostHarmonics).map { order, weight in
      let decay = Double((order + 1) * (order + 1)) * timeStep / bath.relaxationTime
      let scale = 2 * bath.coupling * bath.strength
      let amplitude = -scale * weight.squareRoot()
      return ForceMode(
        bath: index, site: site, amplitude: amplitude,
        kept: noise.characteristicFunction((2 * decay).squareRoot()),
        response: 0.5 * Double(bath.count) * scale * scale * weight / bath.temperature * decay,
        freeVariance: 0.5 * Double(bath.count) * amplitude * amplitude)
    }
  }
}
