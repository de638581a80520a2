import Foundation
import NessStatistics
import Testing

/// Numbers in messages.
@Suite struct TextTests {
  @Test(arguments: [
    0, -0.0, 1, -1.5, 0.1, 123456, 1e-5, -9.9995e-5, 1e5, 2.5e-323, -1.7e308, .pi, .infinity, -.infinity,
  ])
  func asFoundation(number: Double) {
    for digits in [1, 2, 4, 17] { #expect(number.text(digits: digits) == String(format: "%.\(digits)g", number)) }
  }
}
