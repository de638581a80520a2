import CVectorMath
import Foundation
import Testing

/// The sine that slopes of potentials are made of.
@Suite struct SineSlopeTests {
  private typealias Lanes = SIMD8<Double>

  private static func slopes(_ x: [Double], _ law: ness_slope) -> [Double] {
    var law = law
    let places = x.map { Lanes(repeating: $0) }
    var forces = [Lanes](repeating: Lanes(), count: x.count)
    ness_push_run(places, &forces, 0, x.count, &law)
    return forces.map { -$0[3] }
  }

  /// At whole parts of turns, where the angle is exact, the error is a few units in the last place of the amplitude.
  @Test func isTheSineToRounding() {
    let law = ness_make_sine(3, 2, 0.25, 0, 0)
    let x = (-4096...4096).map { Double($0) / 256 }
    var worst = 0.0
    for (x, slope) in zip(x, Self.slopes(x, law)) {
      // The library's sine of an angle within a quarter turn.
      let turns = (2 * x + 0.25).remainder(dividingBy: 2)
      let folded = turns > 0.5 ? 1 - turns : turns < -0.5 ? -1 - turns : turns
      worst = max(worst, abs(slope - 3 * sin(.pi * folded)))
    }
    #expect(worst < 3 * 5e-16)
    // Control: a millionth of a turn is seen.
    #expect(abs(Self.slopes([1], law)[0] - Self.slopes([1.000001], law)[0]) > 1e-6)
  }

  /// Any number of turns from 0 and with a line.
  @Test func isTheSineFarOutAndOnALine() {
    let law = ness_make_sine(0.5, 1.7 / .pi, 0.3 / .pi, -2, 5)
    for x in [0.0, 1, -3, 1e3, -2e4, 3e5] {
      let exact = 0.5 * sin(1.7 * x + 0.3) - 2 * x + 5
      #expect(abs(Self.slopes([x], law)[0] - exact) < 1e-15 * (4 + 4 * abs(x)), "\(x)")
    }
  }

  /// What is no number stays so, and no angle makes a large sine.
  @Test func losesNothing() {
    let law = ness_make_sine(2, 1, 0, 0, 0)
    for x in [Double.infinity, -.infinity, .nan] { #expect(Self.slopes([x], law)[0].isNaN) }
    for power in 40..<200 { #expect(abs(Self.slopes([pow(2, Double(power)) * 1.3], law)[0]) < 2.001) }
  }

  /// Polynomials of the seventh degree, and x times polynomials of |x|, are what is written down.
  @Test func otherSlopesAreTheirPolynomials() {
    func law(_ kind: Int, _ numbers: [Double]) -> ness_slope {
      var law = ness_slope()
      law.kind = kind
      withUnsafeMutableBytes(of: &law.c) { bytes in
        let places = bytes.bindMemory(to: Double.self)
        for (place, number) in numbers.enumerated() { places[place] = number }
      }
      return law
    }
    let x = (-40...40).map { Double($0) / 13 }
    let septic = [0.5, 1, -0.3, 0.2, 0.1, -0.4, 0.6, 0.7]
    for (x, slope) in zip(x, Self.slopes(x, law(Int(ness_slope_septic), septic))) {
      let exact = septic.reversed().reduce(0) { $0 * x + $1 }
      #expect(abs(slope - exact) <= 1e-14 * septic.reversed().reduce(0) { $0 * abs(x) + abs($1) })
    }
    for (kind, factor) in [(ness_slope_sided, [1, -0.5, 0.3]), (ness_slope_long_sided, [1, 0, 0.2, -0.1, 0.4])] {
      for (x, slope) in zip(x, Self.slopes(x, law(Int(kind), factor))) {
        let exact = x * factor.reversed().reduce(0) { $0 * abs(x) + $1 }
        #expect(abs(slope - exact) <= 1e-14 * abs(x) * factor.reversed().reduce(0) { $0 * abs(x) + abs($1) })
      }
    }
  }
}
