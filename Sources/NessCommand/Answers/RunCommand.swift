import ArgumentParser
import Foundation
import Ness

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
      --time-limit waits for it. A quantum box is computed exactly. What run.record of the file asks for (heat, positions and velocities \
      along the time) is written to .npz files, which numpy.load reads; results are the same with and without.

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
  @Option(
    help: ArgumentHelp(
      "Where the series go that the file asks for with run.record, a .npz file for every point. (default: recordings/FILE)",
      valueName: "folder"))
  var record: String?
  @Flag(help: "Also simulate a chain at twice the time step, to measure the bias of the step; with --verbose.")
  var checkStep = false
  @OptionGroup var detail: DetailOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let study = try SharedOptions.study(file)
    let progress = ProgressLine(silent: shared.quiet)
    let quiet = shared.quiet
    let notes = NoteLog()
    let store = try shared.openStore(study.experiment.source)
    let isVerbose = detail.verbose || checkStep
    var options = RunOptions(threads: try shared.threadCount(), timeLimit: timeLimit?.seconds, checksStep: checkStep)
    let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
    options.recordings = record ?? (study.experiment.run.record == nil ? nil : "recordings/\(stem)")
    options.wantsForecast = !quiet
    options.wantsChoices = isVerbose
    var watch = progress.watch { note in
      progress.end()
      if !quiet || note.hasPrefix("warning") { notes.add(note) }
    }
    watch.shouldStop = { Interrupt.requested }
    watch.onSimulation = { Interrupt.hasNothingToKeep = false }
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    if let csv { try Output.prepare(csv, sparing: study.experiment.files + store.files) }
    let results: Results
    var failure: Ness.Failure?
    do throws(Ness.Failure) {
      results = try study.run(options, in: store, watch: watch)
    } catch {
      progress.end()
      notes.end()
      guard let partial = error.results else { throw error.told(of: file) }
      (results, failure) = (partial, error)
    }
    progress.end()
    notes.end()
    let asked = study.experiment.quantities
    try shared.print(results, csv: csv, isVerbose || asked == .all ? .whole : .summary(asked))
    if results.isInterrupted {
      throw Failure(
        message: results.isMeasured
          ? "interrupted; what was measured is printed above, finished points are kept"
          : "interrupted before anything was measured", status: 130)
    }
    if let failure { throw failure.told(of: file) }
    if results.isEmpty { throw UnusableInput("no point can be answered; the reasons are above") }
  }
}
