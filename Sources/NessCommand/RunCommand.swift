import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport
import NessStudy

/// `ness run`: simulation beside theory.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate an experiment file: full stochastic dynamics with error bars, beside exact theory.",
    discussion: """
      What the file leaves open (time step, burn-in, duration) is chosen from the model and said. Finished points are kept
      in the store and reused. Ctrl-C ends the run within a second and prints what was measured; SIGTERM, SIGHUP, SIGUSR1 and
      SIGUSR2 do the same. The state to go on from is kept while the run goes on; one of hundreds of megabytes is not written
      again for Ctrl-C, and how much work that gives up is said. --time-limit waits for it. A quantum box is computed exactly. Below the
      table stands what the error of the heat current is made of; a longer run is announced with the time it will take.

      EXAMPLES
        ness run Examples/hot-particles.yaml
        ness run Examples/hot-particles.yaml --format json > result.json
        ness run Examples/classical-box.yaml
        ness run Examples/conductivity-sweep.yaml --csv result.csv --threads 2
        ness run Examples/conductivity-sweep.yaml --time-limit 10m
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(help: ArgumentHelp("Also write the numbers to a CSV file, with units in its header.", valueName: "file"))
  var csv: String?
  @Option(
    help: ArgumentHelp(
      "End after this time, for example 90s, 10m or 2h, and keep what was measured; shared by the points of a sweep.",
      valueName: "time"))
  var timeLimit: TimeLimit?
  @Flag(help: "Simulate a chain also at twice the time step: the bias of the step, measured.") var checkStep = false
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let experiment = try SharedOptions.experiment(file)
    let progress = ProgressLine(silent: shared.quiet)
    let quiet = shared.quiet
    let notes = NoteLog()
    var runContext = Study.RunContext(
      store: try shared.openStore(experiment.source),
      onProgress: {
        progress.show($0.title, fraction: $0.fraction, secondsLeft: progress.secondsLeft(fraction: $0.fraction))
      },
      onNote: { note in
        progress.end()
        if !quiet || note.hasPrefix("warning") { notes.add(note) }
      },
      onSimulation: { Interrupt.hasNothingToKeep = false }, shouldStop: { Interrupt.requested },
      timeLimit: timeLimit?.seconds)
    runContext.wantsForecast = !quiet
    let threads = try shared.threadCount()
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    if let csv { try Output.prepare(csv, sparing: experiment.files + (runContext.store?.files ?? [])) }
    var document: ResultDocument
    let failures: [PointFailure]
    do {
      var study = Study(experiment, threads: threads)
      study.checksStep = checkStep
      (document, failures) = try RefinedStudy(study).run(in: runContext)
    } catch let error as PointFailure {
      progress.end()
      notes.end()
      if error.isUnusable { throw UnusableInput("\(file): \(error)") }
      throw Failure(message: "\(error)", status: 1)
    }
    progress.end()
    notes.end()
    try shared.print(&document, csv: csv, experiment)
    if document.interrupted {
      let measured = document.points.contains { $0.run != nil }
      throw Failure(
        message: measured
          ? "interrupted; what was measured is printed above, finished points are kept"
          : "interrupted before anything was measured", status: 130)
    }
    // That the time limit ended a point was asked for; that nothing at all was measured was not.
    let serious = document.points.contains { $0.run != nil } ? failures.filter { !$0.isOutOfTime } : failures
    if !serious.isEmpty {
      throw Failure(message: serious.map(\.description).joined(separator: "\n"), status: 1)
    }
    if document.points.allSatisfy(\.estimates.isEmpty) {
      throw UnusableInput("no point can be answered; the reasons are above")
    }
  }
}

/// `ness theory`: exact and approximate theory.
struct Theory: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exact and approximate theory for an experiment file, at once.",
    discussion: """
      METHODS
      \(Kinds.aligned(NessModel.Method.theories.map { ($0.rawValue, $0.words) }))
      Below the numbers stands of each whether it is exact for this model, or an approximation of what.

      EXAMPLES
        ness theory Examples/conductivity-sweep.yaml
        ness theory Examples/hot-particles.yaml --method memory --method printed --format json
        ness theory Examples/quantum-box.yaml --method davies --method liouvillian
        ness theory Examples/hot-particles.yaml --quantities kineticTemperature
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(help: "A method, may be repeated; one that does not apply is then explained. (default: all that apply)")
  var method: [String] = []
  @Option(
    help: ArgumentHelp(
      "Quantities, separated by commas: kineticTemperature or heatFrom.left, or all, whatever it costs. (default: those of the file, else those that cost little)",
      valueName: "names"))
  var quantities: String?
  @Flag(inversion: .prefixedNo, help: .hidden) var profile: Bool?
  @Option(help: ArgumentHelp("Also write the numbers to a CSV file, with units in its header.", valueName: "file"))
  var csv: String?
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let methods = try method.map { name -> NessModel.Method in
      do throws(UnknownMethod) { return try .named(name, among: NessModel.Method.theories) } catch {
        throw UnusableInput("\(error)")
      }
    }
    let experiment = try SharedOptions.experiment(file)
    let progress = ProgressLine(silent: shared.quiet)
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    if let csv { try Output.prepare(csv, sparing: experiment.files) }
    var study = Study(experiment, threads: try shared.threadCount())
    if let questions = try questions() { study.questions = questions }
    var document = try RefinedStudy(study).theory(methods: methods.isEmpty ? nil : Set(methods)) {
      progress.show("theory", fraction: $0, secondsLeft: progress.secondsLeft(fraction: $0))
    }
    progress.end()
    try shared.print(&document, csv: csv, experiment)
    if document.points.allSatisfy(\.estimates.isEmpty) {
      let by = methods.isEmpty ? "" : " by \(method.joined(separator: ", "))"
      throw UnusableInput("no point can be answered\(by); the reasons are above")
    }
  }
}

extension Theory {
  /// What is asked for here; nil for what the file asks.
  private func questions() throws -> Questions? {
    // What --profile was called before.
    if let profile, quantities == nil { return profile ? .all : .cheap }
    guard let words = quantities?.split(separator: ",").map(String.init) else { return nil }
    do throws(UnknownQuantity) { return try Questions(words: words) } catch {
      throw UnusableInput("--quantities: \(error)")
    }
  }
}

extension SharedOptions {
  /// The experiment of a file; every fault of the file ends the program.
  static func experiment(_ file: String) throws -> Experiment {
    do {
      let experiment = try Experiment(contentsOfFile: file)
      try SolverCatalogue.check(experiment)
      return experiment
    } catch {
      throw UnusableInput("\(error)")
    }
  }

  /// Prints a document in the asked format and writes its CSV file.
  func print(_ document: inout ResultDocument, csv: String?, _ experiment: Experiment) throws {
    document.ness = nessVersion
    // One that cannot be written shall not keep the other from being shown.
    let table = Result {
      if let csv { try Output.write(Data(document.csv(dimension: experiment.dimension(ofParameter:)).utf8), to: csv) }
    }
    switch format {
    case .json: Console.result(try document.json())
    case .text: Console.result(ResultText(document).text)
    }
    try table.get()
  }
}
