import Foundation
import NessFiles
import NessModel
import NessStatistics

/// What came out of a study: one point for each value of its sweep, with verdicts on the whole.
public struct Results: Sendable {
  package var document: ResultDocument
  let experiment: Experiment
  /// What was found of the device that the file names (`device`); nil if it names none, or that was not asked.
  public internal(set) var device: DeviceResults?
  private let asked: [NessModel.Method]

  /// Why points could not be computed, or not within the time limit; a line for each, with the point.
  public let failures: [String]

  /// - Parameter asked: methods that were asked for by name.
  package init(
    _ document: ResultDocument, of experiment: Experiment, asked: [NessModel.Method] = [], failures: [String] = []
  ) {
    self.failures = failures
    self.document = document
    self.asked = asked
    self.document.ness = nessVersion
    self.experiment = experiment
  }

  /// The points of the sweep in order; a single one without a sweep.
  public var points: [Point] { document.points.map(Point.init) }

  /// Whether more temperature difference gives less heat, for every line on which a temperature was varied. A verdict on a
  /// formula as printed is among them if the formula was asked for by name.
  public var verdicts: [Verdict] { document.verdicts(asked: asked).map(Verdict.init) }

  /// What is to be said of the whole, in plain words.
  public var notes: [String] { document.notes }

  /// Whether the run was stopped before its end; what is here is complete in itself.
  public var isInterrupted: Bool { document.interrupted }

  /// Whether something was simulated at some point.
  package var isMeasured: Bool { document.points.contains { $0.run != nil } }

  /// Whether nothing that was asked is answered at any point: the refusals of the points say why.
  public var isEmpty: Bool { document.points.allSatisfy(\.estimates.isEmpty) }

  /// A quantity along the sweep, by one method.
  ///
  /// - Parameters:
  ///   - quantity: its name, for example `heatCurrent` or `kineticTemperature[3]`.
  ///   - method: its name, for example `simulation` or `markov`.
  /// - Returns: a value for each point; nil where the method does not answer.
  public func values(of quantity: String, by method: String) -> [Value?] {
    points.map { $0.value(of: quantity, by: method) }
  }

  /// The results as `ness run --format json` prints them.
  ///
  /// - Throws: ``Failure`` if a number is not finite.
  public func json() throws(Failure) -> String {
    try Failure.told { try device == nil ? document.json() : OrderedJSON.text(of: encodable) }
  }

  /// What ``json()`` writes: the document, with what was found of its device.
  package var encodable: any Encodable {
    guard let device else { return document }
    return DocumentWithDevice(document: document, device: device.report)
  }

  /// The results as a table of comma-separated values, with dimensions in its header.
  public func csv() -> String { document.csv(dimension: experiment.dimension(ofParameter:)) }
}

/// A document with what was found of its device beside it.
private struct DocumentWithDevice: Encodable {
  private enum CodingKeys: CodingKey { case device }

  let document: ResultDocument
  let device: DeviceReport

  func encode(to encoder: any Encoder) throws {
    try document.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(device, forKey: .device)
  }
}

/// What came out at one point of a sweep.
public struct Point: Sendable {
  /// The swept parameters with their values, by path.
  public let parameters: [String: Double]
  /// The quantities, each by the methods that answer it.
  public let values: [Value]
  /// What has axes, whole: profiles along a chain, populations of levels, densities. Their members are among `values` too.
  public let arrays: [ValueArray]
  /// Warnings and choices made, in plain words.
  public let notes: [String]
  /// Why methods that were asked for, or break down, do not answer; by the name of the method.
  public let refusals: [(method: String, reason: String)]
  /// Why the simulation ended, in words; nil if there was none.
  public let stopReason: String?
  package let result: PointResult

  init(_ result: PointResult) {
    self.result = result
    parameters = Dictionary(result.parameters.map { ($0.path, $0.value) }) { first, _ in first }
    values = result.members.map(Value.init)
    arrays = result.estimates.compactMap(ValueArray.init)
    notes = result.notes
    refusals = result.refusals.map { ($0.method.rawValue, $0.reason) }
    stopReason = result.run?.stopReason
  }

  /// A quantity by a method, by their names; nil if it is not there.
  public func value(of quantity: String, by method: String) -> Value? {
    values.first { $0.quantity == quantity && $0.method == method }
  }

  /// An array of a quantity by a method, by their names, for example `kineticTemperature`; nil if it is not there.
  public func array(of quantity: String, by method: String) -> ValueArray? {
    arrays.first { $0.quantity == quantity && $0.method == method }
  }
}

/// Numbers with their uncertainties along one or more axes: a profile, populations, a spectrum, a matrix.
public struct ValueArray: Sendable, Hashable {
  /// What was asked, for example `kineticTemperature`.
  public let quantity: String
  /// How it was obtained.
  public let method: String
  /// What the values depend on.
  public let axes: [Axis]
  /// The values row by row: the last axis changes fastest.
  public let values: [Value]

  /// What the values of an array depend on.
  public struct Axis: Sendable, Hashable {
    /// Its name, for example `site`.
    public let name: String
    /// Dimension in words; `1` for numbers of sites and the like, and for names.
    public let dimension: String
    /// Its places in words, for example `1`, `2`, ... or the names of baths.
    public let labels: [String]
    /// Its places as numbers; 1, 2, ... for names.
    public let places: [Double]
  }

  init?(_ entry: Answer.Entry) {
    if entry.axes.isEmpty { return nil }
    quantity = entry.quantity.description
    method = entry.method.rawValue
    axes = entry.axes.map { axis in
      Axis(
        name: axis.name, dimension: axis.dimension, labels: (0..<axis.count).map(axis.label), places: axis.values)
    }
    values = entry.members.map(Value.init)
  }
}

/// A number with its uncertainty.
public struct Value: Sendable, Hashable, CustomStringConvertible {
  /// What was asked, for example `heatCurrent`.
  public let quantity: String
  /// How it was obtained, for example `simulation`.
  public let method: String
  /// The value.
  public let value: Double
  /// One standard error of a sampled value; a bound on the numerical error of a computed one.
  public let uncertainty: Double
  /// Whether it was sampled.
  public let isSampled: Bool
  /// How many independent samples its error bar rests on; nil if it was not sampled.
  public let effectiveSamples: Double?
  /// Dimension in words, for example `energy/time`.
  public let dimension: String
  /// How near to the model's own steady state it is meant to be.
  public let validity: Validity
  /// What was computed and, of an approximation, where that holds.
  public let claim: String

  /// How near to the model's own steady state a number is meant to be.
  public enum Validity: String, Sendable, Hashable {
    /// The model itself, sampled: apart from its error bar, time step and burn-in.
    case sampled
    /// The model itself, up to the bound of the numerical error.
    case exact
    /// An approximation of the model; ``Value/claim`` says which.
    case approximation
    /// A formula as a paper prints it, right or wrong.
    case printed
  }

  init(_ entry: Answer.Entry) {
    quantity = entry.quantity.description
    method = entry.method.rawValue
    value = entry.estimate.value
    uncertainty = entry.estimate.error
    dimension = entry.quantity.dimension
    validity = Validity(rawValue: entry.claim.validity.rawValue) ?? .approximation
    claim = entry.claim.words
    if case .statistical(_, let effectiveSamples) = entry.estimate.uncertainty {
      (isSampled, self.effectiveSamples) = (true, effectiveSamples)
    } else {
      (isSampled, effectiveSamples) = (false, nil)
    }
  }

  /// How many of the combined uncertainties two values are apart: |z| above 5 is no accident of sampling.
  ///
  /// - Returns: nil where neither value was sampled.
  public func z(against other: Value) -> Double? {
    guard isSampled || other.isSampled else { return nil }
    return (value - other.value) / (uncertainty * uncertainty + other.uncertainty * other.uncertainty).squareRoot()
  }

  /// Quantity, method, value and uncertainty in a line.
  public var description: String { "\(quantity) by \(method): \(value) ± \(uncertainty)" }
}

/// Whether more temperature difference gives less heat along one line of a sweep, or without one at a point where the response of
/// the current to a temperature is asked for.
public struct Verdict: Sendable, Hashable, CustomStringConvertible {
  /// Path of the varied temperature.
  public let parameter: String
  /// How the currents were obtained.
  public let method: String
  /// True: the current falls somewhere while the temperature difference grows (at 95 %, or certain for exact methods); false: it
  /// does not between any points; nil: neither can be said.
  public let falls: Bool?
  /// Temperature at which the current is largest, where it falls beyond [energy].
  public let peak: Double?
  /// One standard error of `peak`, or the bound of its numerical error [energy].
  public let peakError: Double?
  /// Significance of the fall, one-sided, corrected for the choice among all pairs of points; nil for exact methods.
  public let sigmas: Double?
  /// The largest fall that is not excluded, as a share of the largest current; nil if it falls.
  public let excludedFall: Double?
  /// dJ/dT at the point, without a sweep [1/time].
  public let slope: Double?
  /// One standard error of `slope`, or the bound of its numerical error [1/time].
  public let slopeError: Double?
  /// The statement in words.
  public let description: String

  init(_ verdict: NessFiles.Verdict) {
    parameter = verdict.parameter
    method = verdict.method.rawValue
    falls = verdict.falls
    peak = verdict.peak
    peakError = verdict.peakError
    sigmas = verdict.sigmas
    excludedFall = verdict.excludedFall
    slope = verdict.slope
    slopeError = verdict.slopeError
    description = verdict.text
  }
}

extension Study {
  /// Results of this study from their JSON.
  ///
  /// - Throws: ``Failure`` if the text is no result document.
  package func results(_ json: String) throws(Failure) -> Results {
    try Failure.told { Results(try ResultDocument(json: json), of: experiment) }
  }
}
