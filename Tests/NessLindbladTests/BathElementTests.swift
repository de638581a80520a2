import Foundation
import NessModel
import Testing

/// Coupling operators and spectral functions.
@Suite struct BathElementTests {
  /// g(-w) = exp(-hbar w/T) g(w), and emission at T = 0 without absorption.
  @Test(arguments: spectra, [1e-6, 0.3, 0.49999, 0.5, 2, 40, 600])
  func detailedBalance(spectrum: LindbladBath.Spectrum, exponent: Double) {
    let bath = LindbladBath(temperature: 2.5, coupling: .wall, spectrum: spectrum, rate: 0.7)
    let (emission, absorption) = bath.exchange(2.5 * exponent, hbar: 0.3)
    #expect(deviation(absorption, exp(-exponent) * emission) < 2e-15 * max(1, exponent))
    #expect(bath.at(temperature: 0).absorption(1, hbar: 0.3) == 0)
    #expect(bath.at(temperature: 0).emission(1, hbar: 0.3) > 0)
    let occupation = 1 / expm1(exponent)
    if spectrum == .ohmic {
      #expect(deviation(emission, 0.7 * 2.5 * exponent / 0.3 * (1 + occupation)) < 1e-14)
      #expect(deviation(absorption, 0.7 * 2.5 * exponent / 0.3 * occupation) < 1e-12)
    }
  }

  /// (2/l) int x sin(m pi x/l) sin(n pi x/l) dx over a half of the box, by Simpson's rule.
  @Test(arguments: [1, 2])
  func position(wall: Int) {
    let box = QuantumBox(length: 1.7)
    let bath = LindbladBath(temperature: 1, coupling: .position, spectrum: .ohmic)
    let start = wall == 1 ? 0 : 0.85
    for (m, n) in [(1, 1), (1, 2), (2, 3), (1, 3), (2, 6), (5, 5), (4, 9), (7, 3)] {
      let steps = 2000
      let width = 0.85 / Double(steps)
      var integral = 0.0
      for step in 0...steps {
        let x = start + Double(step) * width
        let weight: Double = step == 0 || step == steps ? 1 : (step % 2 == 1 ? 4 : 2)
        integral += weight * x * sin(Double(m) * Double.pi * x / 1.7) * sin(Double(n) * Double.pi * x / 1.7)
      }
      let exact = integral * width / 3 * 2 / 1.7
      #expect(abs(bath.element(m, n, atWall: wall, of: box) - exact) < 1e-9)
    }
  }

  /// The right wall has (-1)^(m+n) times the left one's elements; the physical amplitudes.
  @Test func rightWall() {
    let box = QuantumBox(length: 2, mass: 3, hbar: 0.5)
    for coupling: LindbladBath.Coupling in [.wall, .uniform, .nearest, .collision(width: 5)] {
      let bath = LindbladBath(temperature: 1, coupling: coupling, spectrum: .ohmic)
      for m in 1...5 {
        for n in 1...5 {
          let sign: Double = (m + n) % 2 == 0 ? 1 : -1
          #expect(bath.element(m, n, atWall: 2, of: box) == sign * bath.element(m, n, atWall: 1, of: box))
          #expect(bath.element(m, n, atWall: 1, of: box) == bath.element(n, m, atWall: 1, of: box))
        }
      }
    }
    let force = LindbladBath(temperature: 1, coupling: .wall, amplitude: .physical, spectrum: .ohmic)
    // <m|dH/dl|n> on the diagonal is dE_n/dl = -2 E_n/l.
    #expect(deviation(force.element(3, 3, atWall: 1, of: box), 2 * box.energy(ofLevel: 3) / 2) < 1e-14)
  }
}
