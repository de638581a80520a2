import Foundation

/// A random stream of single numbers with a name (seed, index, purpose), for statistics of results rather than dynamics.
package struct CounterStream: Sendable {
  private let key: (UInt64, UInt64)
  private let purpose: UInt64
  /// Draws so far: what a saved run needs to go on.
  package var position: UInt64 = 0

  /// The stream of an index for one purpose, at its start.
  package init(seed: UInt64, index: UInt64, purpose: RandomPurpose) {
    key = (seed, index)
    self.purpose = purpose.code << 1
  }

  /// The next two independent standard Gaussians, in polar form from one block of Threefry.
  package mutating func gaussianPair() -> (Double, Double) {
    let words = threefry(key: key, counter: (purpose, position))
    position += 1
    let radius = (-2 * log(unit(words.0))).squareRoot()
    let angle = 2 * Double.pi * unit(words.1)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// The next number, uniform in (0, 1].
  package mutating func uniform() -> Double {
    let words = threefry(key: key, counter: (purpose, position))
    position += 1
    return unit(words.0)
  }

  /// A number in (0, 1].
  private func unit(_ word: UInt64) -> Double { (Double(word >> 11) + 1) * 0x1p-53 }
}
