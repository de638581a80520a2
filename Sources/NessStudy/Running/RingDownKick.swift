import Foundation
import NessLinear
import NessModel
import NessStatistics

/// How far a kick carries a probe out of weak coupling, where the particles answer linearly and the theory of its friction
/// holds.
///
/// An oscillation q = A sin(theta) feels of the mean force f(q) of a particle the part in phase with it; that over A is
///
///     k(A) = (1 / pi A) int_0^2pi f(A sin(theta)) sin(theta) d theta,    k(0) = eps^2 Var(F) / T,
///
/// and the friction, by the fluctuation-dissipation relation, changes as the variance of F over the motion does: as k. That
/// grows as A², and the fit weights the decaying envelope with A²: half of the first change is left in the mean.
package struct RingDownKick {
  private let frozen: FrozenBath
  private let angularFrequency: Double

  package init(_ bath: ParticleBath, angularFrequency: Double) {
    frozen = FrozenBath(bath)
    self.angularFrequency = angularFrequency
  }

  /// k(A)/k(0) - 1 after a kick, averaged over the decay.
  package func responseChange(_ velocity: Double) throws -> Double {
    let bath = frozen.bath
    let linear = bath.coupling * bath.coupling * bath.forceVariance / bath.temperature
    let amplitude = abs(velocity) / angularFrequency
    guard linear > 0, amplitude > 0 else { return 0 }
    // The rule is exact for polynomials in q of a degree below the number of points.
    let points = 32
    let sum = try (0..<points).reduce(0.0) { sum, point in
      let sine = sin(2 * Double.pi * (Double(point) + 0.5) / Double(points))
      return sum + sine * (try frozen.meanForce(atDisplacement: amplitude * sine))
    }
    return 0.5 * (2 * sum / Double(points) / amplitude / linear - 1)
  }

  /// The kick at which the response has changed by a given share, to a few binary digits.
  package func velocity(changingResponseBy share: Double) throws -> Double {
    let bath = frozen.bath
    // Where the energy of a particle in the field of the probe is a tenth of its temperature, the change is small.
    var low = 0.1 * bath.temperature / abs(bath.coupling * bath.strength) * angularFrequency
    var high = 100 * low
    for _ in 0..<40 {
      let middle = (low * high).squareRoot()
      if abs(try responseChange(middle)) > share { high = middle } else { low = middle }
    }
    return low.rounded(.down, bits: 6)
  }

  /// What to say of a kick that changes the friction by more than the error with which it was measured; nil for nothing.
  package func note(_ velocity: Double, _ friction: Estimate) throws -> String? {
    let change = try responseChange(velocity)
    let error = friction.error / abs(friction.value)
    guard abs(change) > error else { return nil }
    // The change grows as the square of the kick, and the relative error falls as its inverse.
    let weaker = abs(velocity) * pow(error / abs(change), 1.0 / 3)
    return Note.warning(
      "a kick of \(velocity.short) carries the probe beyond weak coupling: over the motion the response of the "
        + "particles differs by \((100 * change).text(digits: 2)) % from the linear one, more than the error of "
        + "\((100 * error).text(digits: 2)) %, and both theories hold for weak coupling only; --velocity "
        + "\(weaker.text(digits: 2)) makes them equal")
  }
}
