import Ness

/// What another program asks, a line of JSON.
struct SessionRequest: Decodable, Sendable {
  /// What can be asked.
  enum Ask: String, Decodable, Sendable {
    /// The version, the catalogue of kinds, methods and quantities, and the keys below `run`.
    case about
    /// The complete tree of an experiment, its file, and the text that it was read from.
    case open
    /// Whether an experiment is without fault.
    case check
    /// What a run of it would do.
    case preview
    /// Theory.
    case theory
    /// Simulation beside theory.
    case run
    /// As a diode, a transistor or a conductor.
    case device
    /// What a store holds, beside theory.
    case stored
    /// A figure of results, to be drawn.
    case figure
    /// Results as comma-separated values.
    case table
  }

  /// A number that another program changes.
  struct Change: Decodable, Sendable {
    let path: String
    let value: Double

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      path = try list.decode(String.self)
      value = try list.decode(Double.self)
    }
  }

  /// As which device; what is left out follows from the experiment.
  struct Device: Decodable, Sendable {
    var kind: String?
    var base: String?
    var emitter: String?
    var collector: String?
  }

  /// Chosen by whoever asks; every line of the answer carries it. A request to cancel another one has none.
  var id: Int?
  /// What is asked.
  var ask: Ask?
  /// The number of another request that is to end.
  var cancel: Int?
  /// The experiment as a file.
  var file: String?
  /// The experiment as the text of a file.
  var text: String?
  /// How messages name the text; nil for a text that a program made, whose lines mean nothing to anybody.
  var name: String?
  /// Where other files that the text names are.
  var directory: String?
  /// Numbers that are changed in it.
  var changes: [Change]?
  /// What is asked of it; nil for what the experiment asks.
  var quantities: [String]?
  /// The methods that are asked; nil for all that apply.
  var methods: [String]?
  /// The folder of the store; nil for none.
  var store: String?
  /// Threads; the results do not depend on it.
  var threads: Int?
  /// Folder of the files of what is recorded along the time; nil records nothing.
  var recordings: String?
  /// Time for the whole study [s].
  var timeLimit: Double?
  /// How the work was begun, as the store tells it.
  var command: String?
  /// Of which device, where one is asked for.
  var device: Device?
  /// Whether a device is asked of theory alone.
  var isTheoryAlone: Bool?
  /// Whether points are told as they are finished.
  var wantsPoints: Bool?
  /// The results of which a figure or a table is asked, as JSON.
  var document: String?
  /// The name of a figure.
  var figure: String?
  /// Width of the figure [cm].
  var centimetres: Double?
  /// The point of a sweep that the figure shows, from 1.
  var point: Int?
  /// Whether both axes are logarithmic; nil as the sweep is.
  var isLogarithmic: Bool?

  private enum CodingKeys: String, CodingKey {
    case id, ask, cancel, file, text, name, directory, changes, quantities, methods, store, threads, recordings,
      timeLimit, command,
      device
    case isTheoryAlone = "theoryAlone"
    case wantsPoints = "points"
    case document, figure, centimetres, point
    case isLogarithmic = "logarithmic"
  }
}

/// A line of an answer.
struct SessionLine: Encodable, Sendable {
  /// Why there is no answer.
  struct Failed: Encodable, Sendable {
    enum Kind: String, Encodable { case unusable, failed, interrupted }

    struct Fault: Encodable, Sendable {
      let file: String?
      let line: Int?
      let key: String
      let found: String
      let expected: String
      let remedy: String?
    }

    let kind: Kind
    let message: String
    var faults: [Fault] = []
  }

  /// The number of the request.
  var id = 0
  /// Whether this is the last line.
  var isDone: Bool?
  /// What is being done.
  var doing: String?
  /// The part of the whole that is done, 0 to 1.
  var fraction: Double?
  /// A choice or a finding in words.
  var note: String?
  /// The place of a point that is finished and follows.
  var point: Int?
  /// Why there is no answer.
  var failed: Failed?
  /// How many bytes follow; nil for none.
  var length: Int?

  private enum CodingKeys: String, CodingKey {
    case id
    case isDone = "done"
    case doing, fraction, note, point, failed, length
  }
}

extension SessionLine.Failed {
  init(_ failure: Ness.Failure) {
    kind =
      switch failure.kind {
      case .unusable: .unusable
      case .failed: .failed
      case .interrupted: .interrupted
      }
    message = failure.description
    faults = failure.faults.map {
      Fault(
        file: $0.file, line: $0.line, key: $0.key, found: $0.found, expected: $0.expected, remedy: $0.remedy)
    }
  }
}
