import CVectorMath
import Foundation
import NessRandom
import NessTestSupport
import Testing

/// The particle sub-step against its formulas, and the draws of matched noise against their law.
@Suite struct RingDriftTests {
  /// The law of particles that do not diffuse, with F = exp(sharpness (cos(theta) - 1)).
  private func law(sharpness: Double, amplitude: Double = 0, isMatched: Bool = true) -> ness_ring_law {
    let squarings = ness_squarings(2 * sharpness)
    let share = exp2(-Double(squarings))
    return ness_make_ring_law(
      amplitude, isMatched ? 1 : 0, exp(-2 * sharpness * share), 2 * sharpness * share, squarings)
  }

  /// F and its drift, s c F (a + (b + c v + d v²) F) with v = cos²(theta/2), of particles anywhere, for both noises.
  @Test(arguments: [0.01, 0.5, 2, 2.1, 4, 4.1, 30], [true, false]) func forceAndDrift(
    sharpness: Double, isMatched: Bool
  ) {
    let noise = [SIMD8<Double>](repeating: SIMD8(), count: 3)
    let (a, b, c, d) = (1e-3, -2e-4, 3e-4, 4e-4)
    func lanes(_ value: Double) -> SIMD8<Double> { SIMD8(repeating: value) }
    withUnsafePointer(to: law(sharpness: sharpness, isMatched: isMatched)) { law in
      for index in 0...2000 {
        let place = Double(index) / 2000 - 0.5
        var positions = [lanes(place)]
        var response = SIMD8<Double>()
        let force = ness_advance_ring(&positions, noise, 1, law, lanes(a), lanes(b), lanes(c), lanes(d), &response)[0]
        let exact = exp(sharpness * (cos(2 * .pi * place) - 1))
        #expect(abs(force - exact) < 1e-12)
        let (s, k) = (sin(.pi * place), cos(.pi * place))
        let moved = s * k * exact * (a + (b + c * k * k + d * k * k * k * k) * exact)
        #expect(abs(positions[0][0] - place - moved) < 1e-15)
        #expect(abs(response[0] - s * k * exact * moved) < 1e-14)
      }
    }
  }

  /// A step of many particles is that of every single one, whatever block and word it falls into.
  @Test(arguments: [1, 2, 3, 4, 7, 8, 13, 64, 65, 131], [true, false]) func blocksDoNotShow(count: Int, isMatched: Bool)
  {
    var stream = LaneStream(seed: 8, firstReplica: 0, purpose: .particleNoise(bath: 0))
    var noise = [SIMD8<Double>](repeating: SIMD8(), count: 2 * count + 4)
    noise.withUnsafeMutableBufferPointer { buffer in
      if isMatched {
        stream.fillWords(buffer.baseAddress!, count: (count + 3) / 4)
      } else {
        stream.fillPolar(buffer.baseAddress!, pairs: (count + 1) / 2)
      }
    }
    let start = (0..<count).map { SIMD8<Double>(repeating: Double($0) / Double(count) - 0.5) }
    withUnsafePointer(to: law(sharpness: 2, amplitude: 0.02, isMatched: isMatched)) { law in
      var (together, diffused) = (start, start)
      var response = SIMD8<Double>()
      let zero = SIMD8<Double>()
      let first = SIMD8(repeating: 1e-3)
      let sum = ness_advance_ring(&together, noise, count, law, first, zero, zero, zero, &response)
      ness_diffuse_freely(start, noise, count, law, &diffused)
      // Every particle alone, without noise, from where the noise took it.
      var still = law.pointee
      still.is_matched = 1
      still.noise = ness_matched_noise(0)
      var total = SIMD8<Double>()
      for index in 0..<count {
        var alone = [diffused[index]]
        total += ness_advance_ring(&alone, [SIMD8<Double>()], 1, &still, first, zero, zero, zero, &response)
        let distance = ness_fraction(alone[0] - together[index])
        #expect((0..<8).allSatisfy { abs(distance[$0]) < 1e-14 })
      }
      #expect((0..<8).allSatisfy { abs(total[$0] - sum[$0]) < 1e-11 * sum[$0] })
    }
  }

  /// Moments of the draws and correlations between those of one word; control: a shift by 1 % is seen.
  @Test func matchedDraws() {
    let words = 1 << 16
    var stream = LaneStream(seed: 21, firstReplica: 0, purpose: .particleNoise(bath: 0))
    var buffer = [SIMD8<Double>](repeating: SIMD8(), count: words)
    buffer.withUnsafeMutableBufferPointer { stream.fillWords($0.baseAddress!, count: words) }
    let shape = ness_matched_noise(1)
    let draws = (0..<(4 * words)).map { ness_matched_draw(buffer, $0, shape) }
    let total = Double(8 * draws.count)
    // Gaussian moments up to the 8th serve both the means and the errors of the first four.
    for (order, mean, square) in [(1, 0.0, 1.0), (2, 1, 3), (3, 0, 15), (4, 3, 105)] {
      func score(_ shift: Double) -> Double {
        let sum = draws.reduce(0) { sum, row in
          sum + (0..<8).reduce(0) { $0 + pow(row[$1] + shift, Double(order)) }
        }
        return (sum / total - mean) / ((square - mean * mean) / total).squareRoot()
      }
      #expect(abs(score(0)) < acceptedZScore, "moment \(order)")
      if order == 1 { #expect(abs(score(0.01)) > acceptedZScore) }
    }
    for distance in 1...3 {
      let sum = stride(from: 0, to: draws.count, by: 4).reduce(0) { $0 + (draws[$1] * draws[$1 + distance]).sum() }
      #expect(abs(sum) / (total / 4).squareRoot() < acceptedZScore, "draws 0 and \(distance) of a word")
    }
  }
}
