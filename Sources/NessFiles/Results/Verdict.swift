import NessModel

/// Whether more temperature difference gives less heat, along one line of a sweep: the temperature of one bath is
/// varied on one side of equal temperatures, everything else is fixed. Without a sweep, whether it does at the one point
/// that there is, by the derivative of the current there.
package struct Verdict: Hashable, Codable, Sendable {
  /// On which side of equal temperatures the varied bath is.
  package enum Side: String, Hashable, Codable, Sendable {
    /// The varied bath is hotter than the other.
    case hotter
    /// The varied bath is colder than the other.
    case colder
  }

  /// Path of the varied temperature.
  package var parameter: String
  /// On which side of equal temperatures it is varied.
  package var side: Side
  /// The temperature of the other bath, and the other parameters of the sweep.
  package var fixed: [String: Double]
  /// How the currents were obtained.
  package var method: Method
  /// What the currents claim to be, the weakest of their claims; nil in a record of version 0.1.
  package var validity: Claim.Validity?
  /// Lowest and highest temperature of the points [energy].
  package var range: [Double]
  /// True: |J| falls somewhere while the temperature difference grows (at 95 %, or certain for exact methods); false: it
  /// does not between any points (at 95 %, or certain); nil: neither can be said.
  package var falls: Bool?
  /// The statement in words.
  package var text: String
  /// Temperature at which |J| is largest, where it falls beyond [energy]; nil if that is at or before the first point.
  package var peak: Double?
  /// One standard error of `peak`; of a theory that was asked between the points, the bound of its numerical error [energy].
  package var peakError: Double?
  /// Significance of the fall, one-sided, corrected for the choice among all pairs of points; nil for exact methods.
  package var sigmas: Double?
  /// The largest fall that is not excluded (at 95 %, or certain), as a share of the largest |J|; nil if |J| falls.
  package var excludedFall: Double?
  /// dJ/dT at the one point, without a sweep; nil along a line [1/time].
  package var slope: Double?
  /// One standard error of `slope`; of a theory the bound of its numerical error [1/time].
  package var slopeError: Double?

  /// A verdict on one line of a sweep.
  package init(
    parameter: String, side: Side, fixed: [String: Double], method: Method, validity: Claim.Validity? = nil,
    range: [Double], falls: Bool?, text: String, peak: Double? = nil, peakError: Double? = nil, sigmas: Double? = nil,
    excludedFall: Double? = nil, slope: Double? = nil, slopeError: Double? = nil
  ) {
    (self.slope, self.slopeError) = (slope, slopeError)
    self.parameter = parameter
    self.side = side
    self.fixed = fixed
    self.method = method
    self.validity = validity
    self.range = range
    self.falls = falls
    self.text = text
    self.peak = peak
    self.peakError = peakError
    self.sigmas = sigmas
    self.excludedFall = excludedFall
  }
}

extension Verdict {
  private enum CodingKeys: String, CodingKey {
    case parameter, side, fixed, method, validity, range, falls, text, peak, peakError, sigmas, excludedFall, slope
    case slopeError
  }

  /// Encodes the JSON form; `falls` is null where nothing can be said, other absent values are left out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(parameter, forKey: .parameter)
    try container.encode(side, forKey: .side)
    var values = container.nestedContainer(keyedBy: PathKey.self, forKey: .fixed)
    for (path, value) in fixed.sorted(by: { $0.key < $1.key }) {
      try values.encode(value, forKey: PathKey(stringValue: path))
    }
    try container.encode(method, forKey: .method)
    try container.encodeIfPresent(validity, forKey: .validity)
    try container.encode(range, forKey: .range)
    try container.encode(falls, forKey: .falls)
    try container.encode(text, forKey: .text)
    try container.encodeIfPresent(peak, forKey: .peak)
    try container.encodeIfPresent(peakError, forKey: .peakError)
    try container.encodeIfPresent(sigmas, forKey: .sigmas)
    try container.encodeIfPresent(excludedFall, forKey: .excludedFall)
    try container.encodeIfPresent(slope, forKey: .slope)
    try container.encodeIfPresent(slopeError, forKey: .slopeError)
  }
}
