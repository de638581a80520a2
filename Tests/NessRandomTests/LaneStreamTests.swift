import Foundation
import NessRandom
import NessTestSupport
import Testing

@Suite struct LaneStreamTests {
  private func gaussians(_ stream: LaneStream, count: Int) -> [SIMD8<Double>] {
    var stream = stream
    let buffer = UnsafeMutablePointer<SIMD8<Double>>.allocate(capacity: count)
    defer { buffer.deallocate() }
    stream.fillGaussians(buffer, count: count)
    return Array(UnsafeBufferPointer(start: buffer, count: count))
  }

  @Test func aBlockNeedsNoneBeforeIt() {
    var walked = LaneStream(seed: 7, firstReplica: 16, purpose: .initialState)
    for _ in 0..<1000 { _ = walked.uniform() }
    walked.begin(block: 3)
    var jumped = LaneStream(seed: 7, firstReplica: 16, purpose: .initialState)
    jumped.begin(block: 3)
    #expect(walked.uniform() == jumped.uniform())
  }

  @Test func everyPartOfANameMatters() {
    func first(_ seed: UInt64, _ replica: UInt64, _ purpose: RandomPurpose, _ block: UInt64) -> SIMD8<Double> {
      var stream = LaneStream(seed: seed, firstReplica: replica, purpose: purpose)
      stream.begin(block: block)
      return stream.uniform()
    }
    let all = [
      first(1, 0, .particleNoise(bath: 0), 0), first(2, 0, .particleNoise(bath: 0), 0),
      first(1, 8, .particleNoise(bath: 0), 0), first(1, 0, .particleNoise(bath: 1), 0),
      first(1, 0, .momentumNoise(step: 0), 0), first(1, 0, .particleNoise(bath: 0), 1),
    ]
    let numbers = Set(all.flatMap { row in (0..<8).map { row[$0] } })
    #expect(numbers.count == 8 * all.count)
  }

  @Test func aReplicaHasTheSameNumbersInAnyLane() {
    var lanesFrom0 = LaneStream(seed: 3, firstReplica: 0, purpose: .initialState)
    var lanesFrom5 = LaneStream(seed: 3, firstReplica: 5, purpose: .initialState)
    #expect(lanesFrom0.uniform()[6] == lanesFrom5.uniform()[1])
  }

  /// Moments 1 to 6 of a standard Gaussian are 0, 1, 0, 3, 0, 15; moment n has variance mu_2n - mu_n².
  @Test func gaussianMoments() {
    let exact = [0.0, 1, 0, 3, 0, 15]
    let doubled = [1.0, 3, 15, 105, 945, 10395]
    let count = 1 << 18
    let sample = gaussians(LaneStream(seed: 11, firstReplica: 0, purpose: .initialState), count: count)
    var power = [SIMD8<Double>](repeating: SIMD8(repeating: 1), count: count)
    for order in 1...6 {
      for index in sample.indices { power[index] *= sample[index] }
      let mean = power.reduce(SIMD8(), +).sum() / Double(8 * count)
      let error = ((doubled[order - 1] - exact[order - 1] * exact[order - 1]) / Double(8 * count)).squareRoot()
      #expect(abs(mean - exact[order - 1]) / error < acceptedZScore, "moment \(order)")
      // Control: a distribution scaled by 1 % is told apart in the second moment.
      if order == 2 { #expect(abs(mean * 1.01 * 1.01 - 1) / error > acceptedZScore) }
    }
  }

  /// Shares beyond 1, 2, 3 and 4 standard deviations, on both sides, are those of the exact law.
  @Test func gaussianTails() {
    let count = 1 << 18
    let sample = gaussians(LaneStream(seed: 12, firstReplica: 0, purpose: .initialState), count: count)
    let draws = Double(8 * count)
    for threshold in [1.0, 2, 3, 4] {
      let share = 0.5 * erfc(threshold / 2.0.squareRoot())
      let error = (share * (1 - share) / draws).squareRoot()
      let above = sample.reduce(0) { sum, row in sum + (0..<8).count { row[$0] > threshold } }
      let below = sample.reduce(0) { sum, row in sum + (0..<8).count { row[$0] < -threshold } }
      #expect(abs(Double(above) / draws - share) / error < acceptedZScore, "above \(threshold)")
      #expect(abs(Double(below) / draws - share) / error < acceptedZScore, "below \(threshold)")
    }
  }

  /// A polar pair is the pair of Gaussians before its square root.
  @Test func polarPairsAreTheGaussians() {
    let pairs = 37
    var stream = LaneStream(seed: 4, firstReplica: 8, purpose: .particleNoise(bath: 1))
    let expected = gaussians(stream, count: 2 * pairs)
    var polar = [SIMD8<Double>](repeating: SIMD8(), count: LaneStream.polarVectors * pairs)
    polar.withUnsafeMutableBufferPointer { stream.fillPolar($0.baseAddress!, pairs: pairs) }
    for pair in 0..<pairs {
      let radius = polar[3 * pair].squareRoot()
      #expect(radius * polar[3 * pair + 1] == expected[2 * pair])
      #expect(radius * polar[3 * pair + 2] == expected[2 * pair + 1])
    }
  }

  /// Partners of a Box-Muller pair, neighbouring lanes, neighbouring seeds and neighbouring blocks are uncorrelated.
  @Test func noCorrelationsBetweenNeighbours() {
    let count = 1 << 17
    let a = gaussians(LaneStream(seed: 5, firstReplica: 0, purpose: .initialState), count: count)
    let otherSeed = gaussians(LaneStream(seed: 6, firstReplica: 0, purpose: .initialState), count: count)
    var later = LaneStream(seed: 5, firstReplica: 0, purpose: .initialState)
    later.begin(block: 1)
    let otherBlock = gaussians(later, count: count)
    func correlation(_ pairs: [(SIMD8<Double>, SIMD8<Double>)]) -> Double {
      pairs.reduce(0) { $0 + ($1.0 * $1.1).sum() } / Double(8 * pairs.count).squareRoot()
    }
    let partners = stride(from: 0, to: count, by: 2).map { (a[$0], a[$0 + 1]) }
    let squares = partners.map { ($0.0 * $0.0 - 1, ($0.1 * $0.1 - 1) * 0.5) }
    let lanes = a.map { ($0, SIMD8(lowHalf: $0.highHalf, highHalf: $0.lowHalf)) }
    for (name, pairs) in [
      ("partners", partners), ("squares", squares), ("seeds", Array(zip(a, otherSeed))),
      ("blocks", Array(zip(a, otherBlock))),
    ] {
      #expect(abs(correlation(pairs)) < acceptedZScore, "\(name)")
    }
    // Every product of lanes l and l+4 occurs twice, so the sum has twice the variance.
    #expect(abs(correlation(lanes)) < acceptedZScore * 2.0.squareRoot())
    // Control: a shift of the first sample by 5 % of the second is seen.
    #expect(abs(correlation(partners.map { ($0.0 + 0.05 * $0.1, $0.1) })) > acceptedZScore)
  }
}
