import CVectorMath
import Foundation
import NessModel

extension ParticleNoise {
  /// The values of matched noise above zero, all of the same weight; the others are their negatives.
  package static let matchedValues: [Double] = {
    let shape = ness_matched_noise(1)
    let points = 2048
    return (0..<points).map { index in
      ness_shape_noise(SIMD8(repeating: (2 * Double(index) + 1) / Double(2 * points)), shape)[0]
    }
  }()

  /// <exp(i a xi)> of the standardised noise xi, real as the law is symmetric: the share of the wave cos(a x) that one
  /// step of free diffusion keeps.
  ///
  /// - Accuracy: 1e-15, a finite sum.
  package func characteristicFunction(_ a: Double) -> Double {
    switch self {
    case .gaussian: exp(-0.5 * a * a)
    case .matched: Self.matchedValues.reduce(0) { $0 + cos(a * $1) } / Double(Self.matchedValues.count)
    }
  }
}
