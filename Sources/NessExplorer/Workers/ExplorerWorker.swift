import Foundation
import Ness
import NessFiles
import NessModel
import NessStore

#if canImport(Glibc)
  import Glibc
#endif

/// The inside of a worker: reads questions from standard input, a line each, and writes the answers to standard output,
/// each a line with status, kind and length, then the bytes. It ends with its input.
package struct ExplorerWorker {
  /// Work of a list of studies: more than light, and hard to tell before [s].
  private static let listWork = 0.1

  private let threads: Int
  private let openStore: () throws -> ResultStore
  private var desk: StudyCache?

  /// - Parameters:
  ///   - threads: threads of one answer.
  ///   - openStore: opens the store; only for questions about it.
  package init(threads: Int, openStore: @escaping () throws -> ResultStore) {
    self.threads = threads
    self.openStore = openStore
  }

  /// Answers until there are no more questions.
  package mutating func work() {
    // Ctrl-C reaches every process of a terminal: the server decides when a worker ends.
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_DFL)
    Self.boundMemory()
    Self.endWithServer()
    while let line = readLine() {
      guard let question = try? JSONDecoder().decode(BoundedQuestion.self, from: Data(line.utf8)) else { return }
      let reply = reply(to: question)
      guard
        let head = try? JSONEncoder().encode(
          Reply.Head(status: reply.status, type: reply.type, length: reply.body.count, work: reply.work))
      else { return }
      do {
        try FileHandle.standardOutput.write(contentsOf: head + [UInt8(ascii: "\n")] + reply.body)
      } catch { return }
    }
  }

  /// Nobody else ends this process in the midst of its work once the server is gone, which may have been killed.
  private static func endWithServer() {
    let server = getppid()
    Thread.detachNewThread {
      while getppid() == server { usleep(250_000) }
      _exit(0)
    }
  }

  private static func boundMemory() {
    var bound = rlimit()
    #if os(Linux)
      let data = __rlimit_resource_t(RLIMIT_DATA.rawValue)
    #else
      let data = RLIMIT_DATA
    #endif
    guard getrlimit(data, &bound) == 0 else { return }
    bound.rlim_cur = min(bound.rlim_max, rlim_t(WorkerBounds.memory))
    _ = setrlimit(data, &bound)
  }

  private mutating func reply(to question: BoundedQuestion) -> Reply {
    do {
      return try answer(question.question, mostWork: question.mostWork ?? .infinity)
    } catch {
      return RequestFault(error).reply
    }
  }

  private mutating func answer(_ question: Question, mostWork: Double) throws -> Reply {
    switch question {
    case .check(let text):
      try Explorer.check(Self.experiment(text))
      return try Reply(json: [String: String]())
    case .experiment(let text):
      struct Complete: Encodable {
        let experiment: ExperimentTree
        let file: String
      }
      let experiment = try Self.experiment(text)
      return try Reply(json: Complete(experiment: ExperimentTree(experiment), file: experiment.yaml()))
    case .theory(let text, let quantities):
      let study = Study(try Self.experiment(text))
      try Explorer.check(study.experiment)
      let questions = try quantities.map(Questions.init(words:)) ?? study.experiment.quantities ?? .cheap
      // Who names quantities wants those, who names none what the file is about.
      let wantsDevice = quantities == nil
      let work = try study.expectedSeconds(questions) + (wantsDevice ? study.expectedDeviceSeconds() : 0)
      guard work <= mostWork else { return Reply(work: work, body: Data()) }
      return try Reply(json: study.theory(asking: questions, threads: threads, wantsDevice: wantsDevice).encodable)
    case .levels(let text):
      let experiment = try Self.experiment(text)
      try Explorer.check(experiment)
      let work = Study(experiment).expectedSeconds(.all)
      guard work <= mostWork else { return Reply(work: work, body: Data()) }
      return try Explorer.levelFlows(of: experiment)
    case .twin(let text, let hbar):
      let experiment = try Self.experiment(text)
      try Explorer.check(experiment)
      return try Reply(json: Twins(experiment.points()[0].model, hbar: hbar))
    case .studies(let search):
      guard Self.listWork <= mostWork else { return Reply(work: Self.listWork, body: Data()) }
      return try openDesk().list(search: search)
    case .study(let name, let page): return try Reply(json: StudyDetail(openDesk().open(name), page))
    case .figure(let name, let study, let scale):
      let file = try openDesk().figure(name, of: study, scale: scale)
      return Reply(type: file.type, body: file.bytes)
    }
  }

  private static func experiment(_ text: String) throws -> Experiment {
    // A title or a file name in the text must not reach other files.
    try Experiment(yaml: text, file: "experiment")
  }

  private mutating func openDesk() throws -> StudyCache {
    if let desk { return desk }
    let desk = StudyCache(try openStore(), threads: threads)
    self.desk = desk
    return desk
  }
}

extension Reply {
  init(json value: some Encodable) throws {
    body = Data(try OrderedJSON.text(of: value, onOneLine: true).utf8)
  }
}

extension ResultDocument {
  /// Keeps only what is asked.
  mutating func keep(_ questions: Questions) {
    for index in points.indices {
      points[index].estimates = points[index].estimates.keeping { questions.contains($0.quantity) }
    }
  }
}
