import NessModel

/// Everything that figures of a study are drawn from.
package struct StudyNumbers: Sendable {
  /// Theory and what was simulated, point by point.
  package var document: ResultDocument
  /// Theory at further values of the parameter that the figures have below: smooth lines between the points. Empty where
  /// that parameter is a whole number, or several change together.
  package var curves: [PointResult]
  /// Which part of the heat is carried by which frequencies, at some of the points.
  package var spectra: [HeatSpectrum]
  /// What the study shows as the device that its file names; nil where that was not asked, or there is none.
  package var device: DeviceReport?

  /// What takes time and not every figure needs.
  package struct Parts: OptionSet, Sendable {
    /// The bits of the set.
    package let rawValue: Int

    /// A set from its bits.
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Theory between the points.
    package static let curves = Parts(rawValue: 1)
    /// Which frequencies carry the heat.
    package static let spectra = Parts(rawValue: 2)
    /// The study as the device that its file names, which has points of its own.
    package static let device = Parts(rawValue: 4)
    /// All of them.
    package static let all: Parts = [.curves, .spectra, .device]
  }

  /// The numbers of a study; without `curves` the lines of theory join its points.
  package init(document: ResultDocument, curves: [PointResult] = [], spectra: [HeatSpectrum] = []) {
    self.document = document
    self.curves = curves
    self.spectra = spectra
  }

  /// The most members of a family of curves that one figure shows.
  package static let mostCurves = 6

  /// At most `limit` of `count` places, evenly chosen, the first and the last among them.
  package static func evenlyChosen(_ count: Int, limit: Int = mostCurves) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    return (0..<limit).map { (2 * $0 * (count - 1) + limit - 1) / (2 * (limit - 1)) }
  }
}

/// Which part of a heat current is carried by which frequencies, at one point of a study.
package struct HeatSpectrum: Hashable, Sendable {
  /// What is given at a frequency.
  package enum Kind: Hashable, Sendable {
    /// Transmission of a chain, 0 to 1: J = (T_L - T_R)/(2 pi) times its integral over the angular frequency.
    case transmission
    /// Heat that the left bath gives to a quantum box by jumps of at most this frequency, over the whole [1].
    case cumulativeShare
  }

  /// A frequency and what is given there.
  package struct Point: Hashable, Sendable {
    /// Angular frequency [1/time].
    package let angularFrequency: Double
    /// The value [1].
    package let value: Double

    /// A point of a spectrum.
    package init(_ angularFrequency: Double, _ value: Double) {
      self.angularFrequency = angularFrequency
      self.value = value
    }
  }

  /// The swept parameters with their values.
  package let parameters: [ParameterValue]
  /// What is given.
  package let kind: Kind
  /// How it was obtained.
  package let method: Method
  /// What that claims to be.
  package let claim: Claim
  /// The points, in the order of their frequency.
  package let points: [Point]

  /// A spectrum at one point of a study.
  package init(parameters: [ParameterValue], kind: Kind, method: Method, claim: Claim, points: [Point]) {
    self.parameters = parameters
    self.kind = kind
    self.method = method
    self.claim = claim
    self.points = points
  }
}
