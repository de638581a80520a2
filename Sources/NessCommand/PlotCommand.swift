import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport
import NessStore
import NessStudy

/// `ness plot`: figures of a study for a paper.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw figures of a study for a paper: SVG, PDF, PNG, gnuplot script and the numbers as CSV.",
    discussion: """
      The study is an experiment file, or a name that ness plot --list shows. Theory is computed while plotting; simulated points \
      are taken from the store: ness plot never simulates, so use ness run first. For a grid the last parameter is the horizontal \
      axis, with one curve for each combination of the others. Symbols are simulation with one standard error, lines are theory.

      FIGURES
        heatCurrent         J against the swept parameter, simulation over theory below
        ratio               simulation over the best theory
        temperatureProfile  kinetic temperature along the chain or the box
        bondCurrent         heat current through every bond of a chain
        network             the sites in the colours of their temperatures, with arrows of current
        effectiveFriction   of particle baths
        transmittedHeat     which frequencies carry the heat
        populations         of the levels of a quantum box
        energyDensity       distribution of the energy of a classical particle
        errorBudget         what the error of J is made of
      and any quantity that ness theory or ness run prints, for example entropyProduction or heatFrom.left. A quantity \
      that every bath has is drawn with a curve for each bath (heatFrom), one that every site, bond or level has as a profile \
      (meanDisplacement).

      EXAMPLES
        ness plot Examples/conductivity-sweep.yaml
        ness plot Examples/conductivity-sweep.yaml --figure heatCurrent --scale both --guide -1 --width double
        ness plot Examples/quantum-box.yaml --figure relaxationRate --output figures
        ness plot --list
        ness plot 3fa94c --format json
      """)

  @Argument(help: "An experiment file, or the name of a study as --list shows it.") var study: String?
  @Flag(help: "List the studies that the store holds, newest first.") var list = false
  @Option(
    name: [.long, .customLong("quantity")], parsing: .upToNextOption,
    help: "What to draw, see above. (default: all that the study allows)")
  var figure: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The methods to draw. (default: all but printed)", valueName: "method"))
  var methods: [String] = []
  @Option(help: "single (8.6 cm), double (17.8 cm), or a width in cm.") var width = PrintWidth.single
  @Option(help: "linear, logLog or both. (default: as the sweep is)") var scale: PlotScale?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Exponent of a power law through the end of the data, to guide the eye.", valueName: "exponent"))
  var guide: Double?
  @Option(
    help: "The point of a sweep, from 1, that network shows and profiles show alone. (default: network the first)")
  var point: Int?
  @Option(help: ArgumentHelp("Where the figures go. (default: plots/TITLE)", valueName: "directory"))
  var output: String?
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if list == (study != nil) { throw ValidationError("give an experiment file, or the name of a study, or --list") }
    if let guide, !guide.isFinite { throw ValidationError("--guide \(guide): expected a finite exponent") }
    if let point, point < 1 { throw ValidationError("--point \(point): expected the number of a point, from 1") }
  }

  func run() throws {
    guard let study else { return try printList() }
    let options = try StudyFigures.Options(methods: chosenMethods(), guide: guide, point: point)
    let progress = ProgressLine(silent: shared.quiet)
    let threads = try shared.threadCount()
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let renderer = try FigureRenderer()
    let (stored, experiment) = try find(study)
    let directory = URL(filePath: output ?? "plots/\(Self.fileName(stored.title))")
    let numbers = try Self.reported {
      try stored.numbers(
        threads: threads, questions: StudyFigures.questions(for: wanted), also: Set(options.methods ?? []),
        parts: StudyFigures.parts(for: wanted)
      ) {
        progress.show("theory", fraction: $0, secondsLeft: progress.secondsLeft(fraction: $0))
      }
    }
    progress.end()
    let figures = try chosenFigures(numbers, experiment, options)
    try Output.prepare(directory: directory)
    for name in figures.flatMap(FigureRenderer.fileNames) {
      try Output.spare(experiment?.files ?? [], from: directory.appending(path: name).path(percentEncoded: false))
    }
    // From here on an interruption must not leave half a figure.
    Interrupt.hasNothingToKeep = false
    var drawn: [Drawn] = []
    var undrawable: [String] = []
    for figure in figures {
      if Interrupt.requested { break }
      progress.show(figure.identifier, fraction: Double(drawn.count) / Double(figures.count), secondsLeft: nil)
      do {
        drawn.append(Drawn(figure, try renderer.render(figure, into: directory, as: width.format)))
      } catch FigureError.nothingToDraw(_, let reason) where figures.count > 1 {
        // The others are drawn all the same.
        undrawable.append("\(figure.identifier) is not drawn: \(reason)")
      } catch {
        if Interrupt.requested { break }
        throw Failure(message: "\(error)", status: 1)
      }
    }
    progress.end()
    for note in undrawable { Console.note(note) }
    if drawn.isEmpty, !undrawable.isEmpty { throw Failure(message: "no figure could be drawn", status: 1) }
    try report(drawn, stored, numbers)
    if drawn.count + undrawable.count < figures.count {
      throw Failure(message: "interrupted; \(drawn.count) of \(figures.count) figures were written", status: 130)
    }
  }

  // MARK: Finding the study

  private func printList() throws {
    let options = storeOptions
    let all = try options.withStore { try StoredStudy.all(in: $0) }
    // Pieces of a paper are kept one by one; ness reproduce draws them.
    let studies = all.filter(\.isDrawable)
    if studies.count < all.count {
      Console.note(
        "\(all.count - studies.count) results of ness reproduce are not listed; it draws their figures itself")
    }
    switch shared.format {
    case .json: Console.result(try ["studies": studies.map { StudyRow($0, namesFile: true) }].json())
    case .text:
      if studies.isEmpty { return Console.note("no results: ness run FILE.yaml computes and keeps them") }
      var table = TextTable(columns: [
        .init("study"), .init("title"), .init("swept"), .init("points", alignment: .right), .init("file"),
        .init("began"),
      ])
      for study in studies {
        table.append([
          study.identifier, study.title, study.parameters.joined(separator: ", "),
          "\(study.finished)", study.file ?? "", study.started ?? "",
        ])
      }
      Console.result(table.text())
    }
  }

  private var storeOptions: StoreOptions {
    var options = StoreOptions()
    options.store = shared.store
    options.format = shared.format
    return options
  }

  private func find(_ name: String) throws -> (StoredStudy, Experiment?) {
    let isFile = FileManager.default.fileExists(atPath: name) || name.contains { "./\\".contains($0) }
    if isFile {
      let experiment = try SharedOptions.experiment(name)
      // Without a store there is theory.
      guard ResultStore.exists(in: shared.store) else {
        return (try StoredStudy(of: experiment, in: nil), experiment)
      }
      return try storeOptions.withStore { (try StoredStudy(of: experiment, in: $0), experiment) }
    }
    return try storeOptions.withStore { store in
      let found = try Self.reported { try StoredStudy.named(name, in: store) }
      return (found, try? found.experiment())
    }
  }

  /// Errors of a study as unusable input.
  private static func reported<Value>(_ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as StoredStudyError {
      throw UnusableInput("\(error)")
    }
  }

  // MARK: Choosing figures

  private func chosenMethods() throws -> Set<NessModel.Method>? {
    if methods.isEmpty { return nil }
    return Set(
      try methods.flatMap { $0.split(separator: ",").map(String.init) }.map { name in
        do throws(UnknownMethod) { return try .named(name) } catch { throw UnusableInput("\(error)") }
      })
  }

  /// The names of the figures that were asked for.
  private var wanted: [String] { figure.flatMap { $0.split(separator: ",").map(String.init) } }

  private func chosenFigures(
    _ numbers: StudyNumbers, _ experiment: Experiment?, _ options: StudyFigures.Options
  ) throws -> [Figure] {
    let scales = scale?.scales ?? [nil]
    return try scales.flatMap { scale -> [Figure] in
      var options = options
      options.scale = scale
      let figures = StudyFigures(numbers, experiment, options)
      if figure.isEmpty {
        let possible = figures.possible.map(\.figure)
        guard !possible.isEmpty else {
          let reasons = Set(StudyFigures.Kind.allCases.compactMap { figures.reasonAgainst($0) }).sorted()
          throw UnusableInput("the study allows no figure: \(reasons.joined(separator: "; "))")
        }
        return possible
      }
      return try wanted.map { try Self.figure($0, of: figures) }
    }
  }

  private static func figure(_ name: String, of figures: StudyFigures) throws -> Figure {
    // Made only where it is told: every kind has to be tried for it.
    func possible() -> String {
      let kinds = figures.kinds.map(\.rawValue)
      return kinds.isEmpty ? "allows no figure" : "allows \(kinds.joined(separator: ", "))"
    }
    do throws(StudyFigureError) {
      if let figure = try figures.figure(named: name) { return figure }
    } catch {
      throw UnusableInput("no figure \(name): \(error.reason); this study \(possible())")
    }
    let quantities = figures.quantities.map { "\($0)" }.joined(separator: ", ")
    let names =
      figures.kinds.map(\.rawValue) + figures.quantities.flatMap { ["\($0)", $0.family.rawValue] }
    let meant = closest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
    throw UnusableInput(
      "unknown figure \(name): this study \(possible()); and the quantities \(quantities)\(meant)")
  }

  // MARK: Telling what was written

  private struct Drawn {
    let figure: Figure
    let files: RenderedFigure

    init(_ figure: Figure, _ files: RenderedFigure) {
      self.figure = figure
      self.files = files
    }
  }

  private func report(_ drawn: [Drawn], _ stored: StoredStudy, _ numbers: StudyNumbers) throws {
    let simulated = numbers.document.points.count { $0.run != nil }
    switch shared.format {
    case .json:
      Console.result(try Written(stored, numbers, simulated: simulated, drawn).json())
    case .text:
      for entry in drawn {
        let file = entry.files.pdf.path(percentEncoded: false)
        Console.result("\(file)  (also .svg, .png, .gp, .csv)\n    \(entry.figure.caption)")
        for note in entry.files.notes { Console.result("    note: \(note)") }
      }
    }
    guard simulated < numbers.document.points.count, !shared.quiet else { return }
    guard let experiment = try? stored.experiment(), experiment.medium.isSampled else { return }
    let missing =
      simulated == 0
      ? "theory only: \(shared.store) holds no simulated point of this study"
      : "\(numbers.document.points.count - simulated) of \(numbers.document.points.count) points have theory only"
    Console.note("\(missing); \(storeOptions.command("run", stored.file ?? "FILE")) simulates them")
  }

  private struct Written: Encodable {
    struct Item: Encodable {
      let kind: String
      let title: String
      let caption: String
      let files: [String]
      let notes: [String]
    }

    let study: String
    let title: String
    let points: Int
    let simulated: Int
    let figures: [Item]

    init(_ stored: StoredStudy, _ numbers: StudyNumbers, simulated: Int, _ drawn: [Drawn]) {
      study = stored.identifier
      title = stored.title
      points = numbers.document.points.count
      self.simulated = simulated
      figures = drawn.map { entry in
        let files = entry.files
        return Item(
          kind: entry.figure.identifier, title: entry.figure.title, caption: entry.figure.caption,
          files: [files.svg, files.pdf, files.png, files.script, files.table].map { $0.path(percentEncoded: false) },
          notes: files.notes)
      }
    }
  }

  /// A title as a folder's name: letters, digits and hyphens.
  static func fileName(_ title: String) -> String {
    let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }
    let name = words.joined(separator: "-").prefix(60)
    return name.isEmpty ? "study" : String(name)
  }
}

/// The width of a figure on paper.
struct PrintWidth: ExpressibleByArgument, CustomStringConvertible {
  static let single = PrintWidth(centimetres: FigureFormat.singleColumn, description: "single")

  let centimetres: Double
  let description: String

  private init(centimetres: Double, description: String) {
    self.centimetres = centimetres
    self.description = description
  }

  init?(argument: String) {
    let words = ["single": FigureFormat.singleColumn, "double": FigureFormat.doubleColumn]
    let number = Double(argument.hasSuffix("cm") ? argument.dropLast(2).trimmingCharacters(in: .whitespaces) : argument)
    guard let centimetres = words[argument] ?? number, FigureFormat.widths.contains(centimetres) else { return nil }
    self.init(centimetres: centimetres, description: argument)
  }

  var format: FigureFormat { .print(centimetres: centimetres) }

  static var allValueStrings: [String] { ["single", "double", "6 to 40 (cm)"] }
}

/// Which axes to draw.
enum PlotScale: String, ExpressibleByArgument, CaseIterable {
  case linear, logLog, both

  var scales: [StudyFigures.Scale?] {
    switch self {
    case .linear: [.linear]
    case .logLog: [.logLog]
    case .both: [.linear, .logLog]
    }
  }
}
