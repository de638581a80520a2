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
      Prints a line for every point and the verdicts; --verbose adds all quantities, what their errors are made of, and notes. \
      Time step, burn-in and duration that the file leaves out are chosen from the model. Finished points are kept in the store \
      and used again. A run of more than three seconds begins with the time that it will take. Ctrl-C ends it within a second, \
      prints what was measured and keeps the state from which the next run goes on; SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 do the \
      same. A state of hundreds of megabytes is not written again for Ctrl-C: you are told how much work that loses, and \
      --time-limit waits for it. A quantum box is computed exactly.

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
  @Flag(help: "Also simulate a chain at twice the time step, to measure the bias of the step; with --verbose.")
  var checkStep = false
  @OptionGroup var detail: DetailOptions
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
    let isVerbose = detail.verbose || checkStep
    runContext.wantsChoices = isVerbose
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
    try shared.print(
      &document, csv: csv, experiment,
      isVerbose || experiment.quantities == .all ? .whole : .summary(experiment.quantities))
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
      Below the numbers Ness says of each method whether it is exact for this model, and if not, what it approximates.

      EXAMPLES
        ness theory Examples/conductivity-sweep.yaml
        ness theory Examples/hot-particles.yaml --method memory --method printed --format json
        ness theory Examples/quantum-box.yaml --method davies --method liouvillian
        ness theory Examples/hot-particles.yaml --quantities kineticTemperature
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(help: "A method; may be repeated. If it does not apply, Ness says why. (default: all that apply)")
  var method: [String] = []
  @Option(
    help: ArgumentHelp(
      "Quantities, separated by commas: kineticTemperature or heatFrom.left, or all, however long that takes. (default: those of the file, else those that cost little)",
      valueName: "names"))
  var quantities: String?
  @Flag(inversion: .prefixedNo, help: .hidden) var profile: Bool?
  @Option(help: ArgumentHelp("Also write the numbers to a CSV file, with units in its header.", valueName: "file"))
  var csv: String?
  @OptionGroup var detail: DetailOptions
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
    try shared.print(
      &document, csv: csv, experiment,
      detail.verbose || study.questions == .all ? .whole : .summary(study.questions, methods), methods)
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

  /// How much of a document is printed as text.
  enum Extent {
    /// All quantities, budgets and notes.
    case whole
    /// What was asked, a line for every point, with the verdicts and what limits them.
    case summary(Questions?, [NessModel.Method] = [])
  }

  /// Prints a document in the asked format and writes its CSV file.
  ///
  /// - Parameter methods: methods that were asked for by name.
  func print(
    _ document: inout ResultDocument, csv: String?, _ experiment: Experiment, _ extent: Extent,
    _ methods: [NessModel.Method] = []
  ) throws {
    document.ness = nessVersion
    // One that cannot be written shall not keep the other from being shown.
    let table = Result {
      if let csv { try Output.write(Data(document.csv(dimension: experiment.dimension(ofParameter:)).utf8), to: csv) }
    }
    switch format {
    case .json: Console.result(try document.json())
    case .text:
      let (width, style) = (TextStyle.terminalWidth, TextStyle.of(1))
      switch extent {
      case .whole: Console.result(ResultText(document, asked: methods, width: width).text)
      case .summary(let questions, let methods):
        let summary = SummaryText(
          document, asked: questions?.items ?? [], methods: methods, width: width, style: style)
        Console.result(summary.text)
        // For a reader; a log has the results.
        if !quiet, isatty(2) == 1 { Console.note("\nall quantities, error budgets and notes: --verbose") }
      }
    }
    try table.get()
  }
}
