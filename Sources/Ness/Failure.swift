import NessFiles
import NessStudy

/// Why something could not be done.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// What kind of reason it is.
  public enum Kind: Sendable, Hashable {
    /// What was given cannot be used: an experiment with faults, an unknown name, a place that cannot be written.
    case unusable
    /// The computation failed.
    case failed
    /// It was asked to stop before there was anything to keep.
    case interrupted
  }

  /// What kind of reason it is.
  public let kind: Kind
  /// The faults of an experiment, all at once; empty for another reason.
  public let faults: [Fault]
  /// The reason in words; a line for each fault.
  public let description: String
  /// What came out all the same, if the run had begun: the points that did not fail, and what was measured until it was stopped;
  /// nil if there is nothing of the kind.
  public let results: Results?

  /// A fault of an experiment: where it is, what was found and what was expected.
  public struct Fault: Sendable, Hashable {
    /// The file as it was named; nil for an experiment made in Swift.
    public let file: String?
    /// Line, from 1; nil if the fault belongs to no line.
    public let line: Int?
    /// Path of the key, for example `baths.left.temperature`.
    public let key: String
    /// What was found.
    public let found: String
    /// What would be acceptable.
    public let expected: String
    /// What to do about it, if that is not plain from `expected`.
    public let remedy: String?
  }

  init(_ kind: Kind, _ description: String, _ results: Results? = nil) {
    self.kind = kind
    self.description = description
    self.results = results
    faults = []
  }

  init(_ error: ExperimentError) {
    kind = .unusable
    description = error.description
    results = nil
    faults = error.faults.map {
      Fault(file: $0.file, line: $0.line, key: $0.key, found: $0.found, expected: $0.expected, remedy: $0.remedy)
    }
  }

  /// Any error of the rooms below, as one of these.
  init(any error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as ExperimentError: self.init(error)
    case let error as PointFailure: self.init(error.isUnusable ? .unusable : .failed, "\(error)")
    case is Interrupted: self.init(.interrupted, Self.nothingMeasured)
    case let error as StoredStudyError: self.init(.unusable, "\(error)")
    default: self.init(.failed, "\(error)")
    }
  }

  static let nothingMeasured = "interrupted before anything was measured"

  /// Does some work; whatever it throws comes out as a `Failure`.
  static func told<Value>(_ work: () throws -> Value) throws(Failure) -> Value {
    do { return try work() } catch { throw Failure(any: error) }
  }
}
