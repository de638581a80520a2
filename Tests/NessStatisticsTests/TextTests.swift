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

  @Test(
    arguments: zip(
      [0, 0.0123, 0.456, 0.994, 0.9951, 1, 1.2], ["0", "1.2", "46", "99", "99.5", "100", "more than 100"]))
  func shares(share: Double, text: String) { #expect(share.percentText == "\(text) %") }
}
