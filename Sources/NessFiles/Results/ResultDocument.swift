import Foundation
import NessModel
import NessStatistics

/// What came out of an experiment, as it is written to JSON and CSV.
package struct ResultDocument: Hashable, Sendable {
  /// Title of the experiment.
  package var title: String?
  /// Version of Ness that computed it.
  package var ness: String?
  /// True if the computation was stopped before its end; what is here is complete in itself.
  package var interrupted: Bool
  /// One result per point of the sweep, in order.
  package var points: [PointResult]
  /// Whether more temperature difference gives less heat, for every line on which a temperature was varied.
  package var verdicts: [Verdict]
  /// What is to be said of the sweep as a whole, in plain words.
  package var notes: [String] = []

  /// The results of an experiment.
  package init(
    title: String? = nil, ness: String? = nil, interrupted: Bool = false, points: [PointResult],
    verdicts: [Verdict] = []
  ) {
    self.title = title
    self.ness = ness
    self.interrupted = interrupted
    self.points = points
    self.verdicts = verdicts
  }
}

extension ResultDocument {
  /// What each method that answered claims to be, simulation first, then theories from the best on. Of a sweep a method may
  /// claim different things at different points.
  package var methods: [MethodClaim] { points.lazy.flatMap(\.estimates).claims() }

  /// What a method claims to be at every point, the weakest of its claims; without any it is that of a number without one.
  package func claim(of method: Method) -> Claim {
    methods.filter { $0.method == method }.weakest().first?.claim ?? .unstated(method)
  }

  /// The verdicts that a reader wants to see: on formulas as printed only if their methods were asked for by name.
  package func verdicts(asked: [Method]) -> [Verdict] {
    verdicts.filter { asked.contains($0.method) || claim(of: $0.method).validity != .printed }
  }
}

/// What came out at one point of a sweep.
package struct PointResult: Hashable, Sendable {
  /// The swept parameters with their values; decoded from JSON they are in alphabetical order.
  package var parameters: [ParameterValue]
  /// Quantities, each with method, claim, axes, values and uncertainties; what is numbered is one entry with an axis.
  package var estimates: [Answer.Entry]
  /// Warnings and choices made, in plain words.
  package var notes: [String]
  /// Methods that were asked for and do not apply, with their reasons.
  package var refusals: [Refusal]
  /// How the simulation went; nil if there was none.
  package var run: RunInfo?

  /// The results at one point.
  package init(
    parameters: [ParameterValue] = [], estimates: [Answer.Entry] = [], notes: [String] = [], refusals: [Refusal] = [],
    run: RunInfo? = nil
  ) {
    self.parameters = parameters
    self.estimates = estimates.gathered()
    self.notes = notes
    self.refusals = refusals
    self.run = run
  }

  /// All numbers, each as an entry without axes.
  package var members: [Answer.Entry] { estimates.members }

  /// The number that answers a quantity by a method; nil if there is none.
  package func member(_ quantity: Quantity, _ method: Method) -> Answer.Entry? {
    estimates.member(quantity, by: method)
  }

  /// The results of several solvers at one point, in their order; a note that several give is kept once.
  package init(parameters: [ParameterValue], answers: [Answer], refusals: [Refusal] = [], run: RunInfo? = nil) {
    var notes: [String] = []
    for note in answers.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    self.init(
      parameters: parameters, estimates: answers.flatMap(\.entries), notes: notes, refusals: refusals, run: run)
  }
}

/// How a simulation went: the settings given and those chosen by Ness.
package struct RunInfo: Hashable, Codable, Sendable {
  /// Seed of all random streams.
  package var seed: UInt64
  /// Step of the integrator [time]; nil where the dynamics has none (event driven).
  package var timeStep: Double?
  /// Time per replica thrown away before measuring [time].
  package var burnIn: Double
  /// Measured time per replica [time].
  package var duration: Double
  /// Number of independent copies.
  package var replicas: Int
  /// Why the run ended, in words.
  package var stopReason: String
  /// Time taken by the computation [s]; nil where equal runs must give equal bytes.
  package var wallSeconds: Double?

  /// How a simulation went.
  package init(
    seed: UInt64, timeStep: Double?, burnIn: Double, duration: Double, replicas: Int, stopReason: String,
    wallSeconds: Double? = nil
  ) {
    self.seed = seed
    self.timeStep = timeStep
    self.burnIn = burnIn
    self.duration = duration
    self.replicas = replicas
    self.stopReason = stopReason
    self.wallSeconds = wallSeconds
  }
}

/// Why results could not be written or read.
package enum ResultError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A number is not finite; JSON has no such number and a result must not be one.
  case notFinite(path: String)
  /// The text is no result document.
  case unreadable(reason: String)

  /// What is wrong, in a sentence.
  package var description: String {
    switch self {
    case .notFinite(let path): "\(path) is not a finite number; results are not written"
    case .unreadable(let reason): "not a result document of Ness: \(reason)"
    }
  }
}

extension ResultDocument {
  /// The document as JSON: keys in a fixed order, numbers in their shortest round-trip form, a newline at the end.
  ///
  /// - Throws: `ResultError.notFinite` naming the number that is NaN or infinite.
  package func json() throws(ResultError) -> String {
    do {
      return try OrderedJSON.text(of: self)
    } catch EncodingError.invalidValue(_, let context) {
      throw .notFinite(path: context.codingPath.map(\.stringValue).joined(separator: "."))
    } catch {
      throw .unreadable(reason: "\(error)")
    }
  }

  /// A document from its JSON.
  ///
  /// - Throws: `ResultError.unreadable` with the path of the first fault.
  package init(json text: String) throws(ResultError) {
    do {
      self = try JSONDecoder().decode(ResultDocument.self, from: Data(text.utf8))
    } catch DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context),
      DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .unreadable(reason: (path.isEmpty ? "" : "\(path): ") + context.debugDescription)
    } catch {
      throw .unreadable(reason: "\(error)")
    }
  }
}
