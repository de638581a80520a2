import Foundation
import NessReport

/// What a worker is asked: everything that may take long, or that nobody knows how long it takes before it is done.
package enum Question: Codable, Sendable {
  /// Whether a text is an experiment within the bounds of the explorer.
  case check(text: String)
  /// The complete tree of an experiment, and its file.
  case experiment(text: String)
  /// Theory along the sweep of an experiment; `quantities` are words of `Questions`, nil for what costs little.
  case theory(text: String, quantities: [String]?)
  /// What goes on between the levels of a quantum box.
  case levels(text: String)
  /// The classical or quantum twin of a model, and its classical limit.
  case twin(text: String, hbar: Double)
  /// What the store holds, by experiment.
  case studies(search: String?)
  /// A kept study with some of its points.
  case study(name: String, page: StudyPage)
  /// A file of a figure of a kept study.
  case figure(name: String, study: String, scale: StudyFigures.Scale?)

  /// Whether it is about one study: what was computed for it is kept by the worker for the next such question.
  var isAboutStudy: Bool {
    switch self {
    case .study, .figure: true
    default: false
    }
  }

  /// Most work for the answer, by `WorkClock` [s].
  var mostSeconds: Double {
    switch self {
    case .check, .experiment, .theory, .levels, .twin: 10
    case .studies, .study, .figure: 60
    }
  }

  /// What to do where that is not enough.
  var remedy: String {
    switch self {
    case .check, .experiment, .theory, .levels, .twin: "ask for fewer points, or save the file and use ness theory"
    case .studies, .study, .figure: "use ness plot, which has no such bound"
    }
  }
}

/// A question whose answer is not begun if it is predicted to be too much work.
struct BoundedQuestion: Codable {
  let question: Question
  /// Largest work that is begun [s]; nil for any.
  let mostWork: Double?

  init(question: Question, mostWork: Double) {
    self.question = question
    self.mostWork = mostWork.isFinite ? mostWork : nil
  }
}

/// Which points of a study are wanted, and what of them.
package struct StudyPage: Codable, Sendable {
  /// Points of one answer: at most, and if nothing is said.
  static let (most, usual) = (500, 100)

  let offset: Int
  let limit: Int
  /// Words of `Questions`; nil for all.
  let quantities: [String]?
}

/// The answer of a worker: status, kind and bytes of an answer to a request.
package struct Reply: Sendable {
  package var status = 200
  package var type = "application/json"
  /// The predicted work, if it was too much and there is no answer [s].
  package var work: Double?
  package let body: Data

  /// The line before the bytes.
  struct Head: Codable {
    let status: Int
    let type: String
    let length: Int
    let work: Double?
  }
}
