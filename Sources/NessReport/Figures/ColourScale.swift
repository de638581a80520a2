/// Colours from cold to hot, the same as in the explorer, on white paper and on black.
struct ColourScale {
  private static let stops: [SIMD3<Double>] = [[0x00, 0x72, 0xB2], [0x8C, 0x7B, 0x8F], [0xD5, 0x5E, 0x00]]
  /// Where nothing is known.
  static let unknown = "#ffffff"

  let lower: Double
  let upper: Double

  /// The scale between the least and the most of some values; nil without any.
  init?(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    guard let lower = finite.min(), let upper = finite.max() else { return nil }
    (self.lower, self.upper) = (lower, upper)
  }

  /// The colour of a value, as `#rrggbb`; the middle one where all values are equal.
  func color(_ value: Double) -> String {
    guard value.isFinite else { return Self.unknown }
    return Self.color(share: upper > lower ? (value - lower) / (upper - lower) : 0.5)
  }

  /// The colour some part of the way from cold to hot.
  static func color(share: Double) -> String {
    let place = 2 * min(max(share, 0), 1)
    let below = place < 1 ? 0 : 1
    let mixed = stops[below] + (place - Double(below)) * (stops[below + 1] - stops[below])
    let channels = [mixed.x, mixed.y, mixed.z].map { channel in
      let digits = String(Int(channel.rounded()), radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "#" + channels.joined()
  }
}
