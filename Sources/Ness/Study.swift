import Foundation
import NessFiles
import NessModel
import NessStudy

/// An experiment that can be asked: a medium between baths, how to simulate it, and parameters that take several values.
///
/// ```swift
/// var study = try Study(file: "mine.yaml")
/// try study.set("medium.sites", to: 32)
/// try study.sweep("baths.left.temperature", over: [11, 12, 15, 20])
/// let theory = try study.theory()
/// try study.set("run.targetError", to: 0.01)
/// let results = try study.run(RunOptions(store: ".ness"))
/// ```
///
/// A study is a value: a change makes another one of a copy. It is valid at every moment; what would make it impossible is
/// refused with a ``Failure``.
public struct Study: Sendable {
  package private(set) var experiment: Experiment

  package init(_ experiment: Experiment) { self.experiment = experiment }

  /// The study of an experiment file.
  ///
  /// - Throws: ``Failure`` with every fault of the file.
  public init(file: String) throws(Failure) {
    experiment = try Failure.told { try Self.checked(Experiment(contentsOfFile: file)) }
  }

  /// The study of an experiment in the words of a file.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - name: how messages name it.
  ///   - directory: where other files that the text names are; nil if it must not name any.
  /// - Throws: ``Failure`` with every fault of the text.
  public init(yaml: String, name: String = "study", directory: String? = nil) throws(Failure) {
    experiment = try Failure.told { try Self.checked(Experiment(yaml: yaml, file: name, directory: directory)) }
  }

  /// An experiment whose quantities are answered by somebody.
  private static func checked(_ experiment: Experiment) throws(ExperimentError) -> Experiment {
    try SolverCatalogue.check(experiment)
    return experiment
  }

  /// The study of an experiment made in Swift, with the keys of a file.
  ///
  /// ```swift
  /// let study = try Study([
  ///   "medium": ["kind": "chain", "sites": 8, "pinning": 1.0],
  ///   "baths": [
  ///     "left": ["kind": "langevin", "temperature": 2.0, "friction": 1.0],
  ///     "right": ["kind": "langevin", "temperature": 1.0, "friction": 1.0],
  ///   ],
  /// ])
  /// ```
  ///
  /// - Throws: ``Failure`` with every fault.
  public init(_ tree: Tree) throws(Failure) {
    try self.init(tree: tree.yaml)
  }

  /// The study of an experiment made by a program: a text on one line, whose faults have keys but no places.
  package init(tree yaml: String, directory: String? = nil) throws(Failure) {
    experiment = try Failure.told {
      do throws(ExperimentError) {
        return try Self.checked(Experiment(yaml: yaml, file: "study", directory: directory))
      } catch {
        throw ExperimentError(
          faults: error.faults.map {
            FileFault(key: $0.key, found: $0.found, expected: $0.expected, remedy: $0.remedy)
          })
      }
    }
  }

  /// The title, if it has one.
  public var title: String? { experiment.title }

  /// The experiment as a file: every parameter, defaults too.
  public var yaml: String { experiment.yaml() }

  /// The experiment as JSON: every parameter, defaults too, with the keys of a file.
  ///
  /// - Throws: ``Failure`` if a number is not finite.
  public func json() throws(Failure) -> String {
    try Failure.told { try OrderedJSON.text(of: ExperimentTree(experiment), onOneLine: true) }
  }

  /// The text of the file that the study was read from; nil if it was changed since, or made in Swift.
  package var sourceText: String? { experiment.source?.text }

  /// The numeric parameters, in the order of the file.
  public var parameters: [Parameter] {
    experiment.numericParameters.map { parameter in
      Parameter(
        path: parameter.path, symbol: parameter.description.symbol, dimension: parameter.description.dimension,
        meaning: parameter.description.meaning, value: parameter.value)
    }
  }

  /// A numeric parameter of a study.
  public struct Parameter: Sendable, Hashable {
    /// Its path, for example `baths.left.temperature`.
    public let path: String
    /// Its symbol, if it has one.
    public let symbol: String?
    /// Its dimension in words, for example `energy`.
    public let dimension: String
    /// What it is.
    public let meaning: String
    /// Its value before any sweep; nil if it is left to Ness.
    public let value: Double?
  }

  /// Changes a numeric parameter, or a number below `run`: `run.targetError`, `run.duration`, `run.seed`, `run.replicas`,
  /// `run.burnIn`, `run.timeStep`.
  ///
  /// - Parameters:
  ///   - path: its path, for example `medium.sites`.
  ///   - value: its value, in the units of the other parameters.
  /// - Throws: ``Failure`` if there is none of that path, or the value is impossible.
  public mutating func set(_ path: String, to value: Double) throws(Failure) {
    try set([(path, value)])
  }

  /// Changes several numbers together: what they must fulfil, they must fulfil in the end.
  ///
  /// - Throws: ``Failure`` if there is none of some path, or the values are impossible.
  public mutating func set(_ changes: [(path: String, value: Double)]) throws(Failure) {
    let changes = changes.map { ParameterValue(path: $0.path, value: $0.value) }
    experiment = try Failure.told { [experiment] in try experiment.setting(changes) }
  }

  /// Lets a parameter take several values, in place of any sweep that there was.
  ///
  /// - Throws: ``Failure`` if there is no such parameter, or a value is impossible.
  public mutating func sweep(_ path: String, over values: [Double]) throws(Failure) {
    let sweep = Sweep(parameter: path, values: values)
    experiment = try Failure.told { [experiment] in try experiment.swept(by: sweep) }
  }

  /// Lets a parameter take `points` values from one to another, equally far apart or in equal ratios, in place of any sweep
  /// that there was.
  ///
  /// - Throws: ``Failure`` if there is no such parameter, or the range is impossible.
  public mutating func sweep(
    _ path: String, from first: Double, to last: Double, points: Int, isLogarithmic: Bool = false
  ) throws(Failure) {
    let axis = SweepAxis(path, from: first, to: last, points: points, scale: isLogarithmic ? .log : .linear)
    experiment = try Failure.told { [experiment] in try experiment.swept(by: .single(axis)) }
  }
}
