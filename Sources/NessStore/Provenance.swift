import Foundation
import NessModel
import NessStatistics

/// Who computed a result: kept beside it, once for all results of a run of the program.
package struct Provenance: Hashable, Codable, Sendable {
  /// Version of Ness.
  package var ness: String
  /// Versions of the engines that Ness had.
  package var engine: String
  /// Processor cores and operating system.
  package var machine: String
  /// The command line.
  package var command: String
  /// The experiment file as the user named it; nil if there was none.
  package var file: String?
  /// The text of the experiment file.
  package var text: String?

  /// Who computed a result.
  package init(
    ness: String, engine: String, machine: String, command: String, file: String? = nil, text: String? = nil
  ) {
    self.ness = ness
    self.engine = engine
    self.machine = machine
    self.command = command
    self.file = file
    self.text = text
  }

  /// Name of the row: equal provenance is kept once.
  var digest: String {
    var hash = RowHash()
    for field in [ness, engine, machine, command, file, text] { hash.add(field) }
    return String(format: "%016llx", UInt64(bitPattern: hash.value))
  }
}

/// What a list shows of a result without reading it.
package struct ResultSummary: Hashable, Sendable {
  /// A swept parameter.
  package struct Parameter: Hashable, Sendable {
    /// Its path, for example `baths.left.temperature`.
    package let path: String
    /// Its value.
    package let value: Double
    /// Its dimension in words, for example `energy`; nil if it has none.
    package let dimension: String?

    /// A swept parameter.
    package init(_ path: String, _ value: Double, dimension: String?) {
      self.path = path
      self.value = value
      self.dimension = dimension
    }
  }

  /// Title of the experiment or of the piece of work.
  package var title: String
  /// What the value is, for example `heatCurrent`.
  package var quantity: String
  /// The swept parameters, empty without a sweep.
  package var parameters: [Parameter]
  /// The value [dimension of the quantity]; nil if nothing is known yet.
  package var value: Double?
  /// One standard error, or the numerical bound, of the value.
  package var uncertainty: Double?
  /// Why the computation ended; nil if it has not, or always ends.
  package var stopReason: String?
  /// When it began, by ISO 8601 in UTC.
  package var started: String
  /// Time taken [s].
  package var wallSeconds: Double

  /// What a list shows of a result.
  ///
  /// - Parameters:
  ///   - estimate: the value with its uncertainty.
  ///   - started: when the computation began, by the clock on the wall.
  ///   - seconds: time taken so far [s].
  package init(
    title: String, quantity: String, parameters: [Parameter] = [], estimate: Estimate? = nil,
    stopReason: String? = nil, started: Date, seconds: Double = 0
  ) {
    self.title = title
    self.quantity = quantity
    self.parameters = parameters
    value = estimate?.value
    uncertainty = estimate?.error
    self.stopReason = stopReason
    self.started = started.formatted(.iso8601)
    wallSeconds = seconds
  }

  init(
    title: String, quantity: String, parameters: [Parameter], value: Double?, uncertainty: Double?,
    stopReason: String?, started: String, wallSeconds: Double
  ) {
    self.title = title
    self.quantity = quantity
    self.parameters = parameters
    self.value = value
    self.uncertainty = uncertainty
    self.stopReason = stopReason
    self.started = started
    self.wallSeconds = wallSeconds
  }
}

extension ResultSummary {
  /// The parameters as a column of the store: a line `path = value [dimension]` each.
  var parameterText: String {
    parameters.map { "\($0.path) = \($0.value)" + ($0.dimension.map { " [\($0)]" } ?? "") }.joined(separator: "\n")
  }

  /// The parameters of such a column.
  static func parameters(ofText text: String) -> [Parameter] {
    text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let words = line[equals...].split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard words.count > 1, let value = Double(Substring(words[1])) else { return nil }
      let dimension = words.count > 2 ? String(Substring(words[2].dropFirst().dropLast())) : nil
      return Parameter(String(Substring(line[..<equals].dropLast())), value, dimension: dimension)
    }
  }
}
