import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessPapers
import NessReport
import NessStore
import NessStudy

extension Quality: ExpressibleByArgument {}

/// `ness reproduce`: a paper's figures and claims, as a report.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reproduce a paper: every figure, every claim, as pictures, tables and a report.",
    discussion: """
      Writes report.html and, for each figure, SVG, PDF, PNG, the data as CSV and the gnuplot script. \
      Finished results are kept in the store, so a second run or a single figure reuses what is there.

      PAPERS
        krekels2026   figures 2a 2b 3a 3b 4a 4b (arXiv:2604.00777)
        zou2026       figures classical metropolis trapping density speeds quantum
                      spectra bias gap collisions length ladder
                      ladder-metropolis onset (arXiv:2509.14027)

      EXAMPLES
        ness reproduce krekels2026
        ness reproduce krekels2026 3a 3b --output out
        ness reproduce zou2026
        ness reproduce krekels2026 --quality full
      """)

  @Argument(help: "The paper: krekels2026 or zou2026.") var paper: String
  @Argument(help: "Figures to make, for example 3a 3b. (default: all, with the formula table)") var figures: [String] =
    []
  @Option(help: "quick: some minutes on two cores, currents to 1 %; full: smaller errors.") var quality: Quality =
    .quick
  @Option(help: ArgumentHelp("Where the report goes. (default: results/PAPER)", valueName: "directory"))
  var output: String?
  @Option(help: "Seed of all random numbers.") var seed: UInt64 = 1
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard let reproduction = reproductions.first(where: { $0.name == paper }) else {
      throw UnusableInput(unknown: "paper", paper, among: reproductions.map { $0.name })
    }
    let unknown = figures.filter { !reproduction.figureNames.contains($0) }
    guard unknown.isEmpty else {
      throw UnusableInput(
        "no figure \(unknown.joined(separator: ", ")) in \(paper): expected "
          + reproduction.figureNames.joined(separator: ", "))
    }
    let directory = URL(filePath: output ?? "results/\(paper)")
    let renderer = try FigureRenderer()
    try Output.prepare(directory: directory)
    let study = reproduction.init(
      quality: quality, figures: figures.isEmpty ? reproduction.figureNames : figures, seed: seed)
    let progress = ProgressLine(silent: shared.quiet)
    let bench = try shared.workbench(progress)
    let report = try bench.attempt(progress) { try study.report(bench, facts: Provenance.facts()) }
    let drawn = try bench.attempt(progress) {
      try report.figures.map { figure in
        if Interrupt.requested { throw Interrupted() }
        return try renderer.render(figure, into: directory)
      }
    }
    let page = try ReportPage(report, directory: directory, figures: drawn).write()
    try Output.write(Data(report.json().utf8), to: directory.appending(path: "report.json").path(percentEncoded: false))
    switch shared.format {
    case .json: Console.result(try report.json())
    case .text:
      for claim in report.claims {
        Console.result("[\(claim.verdict.words)] \(claim.statement)\n    \(claim.evidence)\n")
      }
      if !report.formulas.isEmpty { Console.result(formulaTable(report.formulas)) }
      Console.result("report: \(page.path(percentEncoded: false))")
    }
  }
}

/// `ness verify`: formulas, printed against corrected.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every formula behind papers and theory: printed, corrected, independent number, z, verdict.",
    discussion: """
      EXAMPLES
        ness verify
        ness verify --format json
      """)

  @Option(help: "Seed of all random numbers.") var seed: UInt64 = 1
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let progress = ProgressLine(silent: shared.quiet)
    let bench = try shared.workbench(progress)
    let checks = try bench.attempt(progress) {
      try reproductions.flatMap { paper in
        try paper.init(quality: .quick, figures: paper.figureNames, seed: seed).verify(bench)
      } + FluctuationFormulas(seed: seed).checks(bench)
    }
    switch shared.format {
    case .json: Console.result(try checks.json())
    case .text: Console.result(formulaTable(checks))
    }
    let open = checks.filter { $0.verdict == .open }
    if !open.isEmpty {
      throw Failure(
        message: "the numbers do not decide for \(open.count) formula\(open.count == 1 ? "" : "s"): "
          + open.map(\.location).joined(separator: "; "), status: 1)
    }
  }
}

extension Provenance {
  /// Who computes now, from an experiment file or without one.
  static func ofThisRun(_ source: Experiment.Source? = nil) -> Provenance {
    .of(source, command: shellCommand(["ness"] + CommandLine.arguments.dropFirst()))
  }

  /// Where and how results were made, for a report.
  static func facts() -> [Report.Fact] {
    let host = ProcessInfo.processInfo
    let command = shellCommand(["ness"] + CommandLine.arguments.dropFirst())
    return [
      .init("Version", "ness \(nessVersion)"),
      .init("Machine", "\(host.activeProcessorCount) cores, \(host.operatingSystemVersionString)"),
      .init("Date", Date().formatted(.iso8601)),
      .init("Rerun", "\(command)  (the same seed gives the same numbers, whatever the number of threads)"),
      .init(
        "Cite",
        "Ness \(nessVersion), exact and simulated heat currents of nonequilibrium steady states; see CITATION.cff. Cite the paper above for the physics."
      ),
    ]
  }
}

extension Encodable {
  /// JSON for standard output and files.
  func json(onOneLine: Bool = false) throws -> String { try OrderedJSON.text(of: self, onOneLine: onOneLine) }
}

extension SharedOptions {
  /// A workbench over the store that shows its progress and can be interrupted.
  func workbench(_ progress: ProgressLine) throws -> Workbench {
    Interrupt.listen()
    return Workbench(
      store: try openStore(), threads: try threadCount(),
      onProgress: { progress.show($0.title, fraction: $0.fraction, secondsLeft: $0.secondsLeft) },
      onWarning: { Console.note("warning: \($0)") },
      shouldStop: { Interrupt.requested })
  }
}

extension Workbench {
  /// Runs `work`, clears the progress line and gives failures their exit status.
  func attempt<Result>(_ progress: ProgressLine, _ work: () throws -> Result) throws -> Result {
    defer { progress.end() }
    do {
      return try work()
    } catch let error as Interrupted {
      throw Failure(message: "\(error)", status: 130)
    }
  }
}
