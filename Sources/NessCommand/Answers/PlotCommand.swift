import ArgumentParser
import Foundation
import Ness
import NessFiles
import NessModel
import NessReport
import NessStore

/// `ness plot`: figures of a study for a paper.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw figures of a study for a paper: SVG, PDF, PNG, gnuplot script and the numbers as CSV.",
    discussion: """
      The study is an experiment file, or a name that ness plot --list shows. Theory is computed while plotting; simulated points \
      are taken from the store: ness plot never simulates, so use ness run first. For a grid the last parameter is the horizontal \
      axis, with one curve for each combination of the others. Symbols are simulation with one standard error, lines are theory.

      FIGURES
        heatCurrent         J against the swept parameter, with the ratio below
        ratio               simulation over the best theory
        temperatureProfile  kinetic temperature along the chain or the box
        bondCurrent         heat current through every bond of a chain
        network             sites in the colours of their temperatures, arrows of heat
        effectiveFriction   of particle baths
        transmittedHeat     which frequencies carry the heat
        populations         of the levels of a quantum box
        energyDensity       distribution of the energy of a classical particle
        transientHeat       heats along a transient; also transientEnergy,
                            transientTemperature, transientDisplacement,
                            transientPopulation, transientObservable
        currentCorrelation  correlation of the total flow through a chain
        generatingFunction, rateFunction
                            of the heat between two baths: its cumulants, and how
                            rare other currents are
        errorBudget         what the error of J is made of
        device              what the file's device shows, for example rectification

      Also any quantity that ness theory or ness run prints, for example entropyProduction or heatFrom.left. A quantity \
      that every bath has is drawn with a curve for each bath (heatFrom), one that every site, bond or level has as a profile \
      (meanDisplacement).

      EXAMPLES
        ness plot Examples/conductivity-sweep.yaml
        ness plot Examples/conductivity-sweep.yaml --figure heatCurrent --guide -1
        ness plot Examples/conductivity-sweep.yaml --scale both --width double
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
    guard let study else { return try StudyList(options: storeOptions).print() }
    let request = FigureRequest(
      wanted, methods: try chosenMethods(), guide: guide, scales: scale?.scales ?? [nil], point: point)
    let progress = ProgressLine(silent: shared.quiet)
    let threads = try shared.threadCount()
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let drawer = try told { () throws(Ness.Failure) in try FigureDrawer() }
    let kept = try find(study)
    let directory = URL(filePath: output ?? "plots/\(Self.fileName(kept.title))")
    let numbers = try told { () throws(Ness.Failure) in
      try request.numbers(of: kept, threads: threads, watch: progress.watch())
    }
    progress.end()
    let figures = try told { () throws(Ness.Failure) in try request.figures(of: numbers, kept.experiment) }
    try Output.prepare(directory: directory)
    for name in figures.flatMap(FigureRenderer.fileNames) {
      try Output.spare(kept.experiment?.files ?? [], from: directory.appending(path: name).path(percentEncoded: false))
    }
    // From here on an interruption must not leave half a figure.
    Interrupt.hasNothingToKeep = false
    let watch = Watch(
      onProgress: { progress.show($0, fraction: $1, secondsLeft: nil) }, shouldStop: { Interrupt.requested })
    let outcome = try told { () throws(Ness.Failure) in
      try drawer.draw(figures, into: directory, as: width.format, watch: watch)
    }
    progress.end()
    for note in outcome.undrawn { Console.note(note) }
    let failure = outcome.failure(of: figures.count)
    if let failure, outcome.drawn.isEmpty, failure.kind == .failed { throw failure.told() }
    try report(outcome.drawn, kept, numbers)
    if let failure { throw failure.told() }
  }

  // MARK: Finding the study

  private var storeOptions: StoreOptions {
    var options = StoreOptions()
    options.store = shared.store
    options.format = shared.format
    return options
  }

  private func find(_ name: String) throws -> KeptStudy {
    let isFile = FileManager.default.fileExists(atPath: name) || name.contains { "./\\".contains($0) }
    if isFile {
      let study = try SharedOptions.study(name)
      // Without a store there is theory.
      let store = ResultStore.exists(in: shared.store) ? try storeOptions.withStore { $0 } : nil
      return try Self.found { () throws(Ness.Failure) in try KeptStudy(study, in: store) }
    }
    let store = try storeOptions.withStore { $0 }
    return try Self.found { () throws(Ness.Failure) in try KeptStudy(named: name, in: store) }
  }

  /// What cannot be found is unusable input.
  private static func found(_ work: () throws(Ness.Failure) -> KeptStudy) throws -> KeptStudy {
    do throws(Ness.Failure) { return try work() } catch { throw UnusableInput(error.description) }
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
  private var wanted: [String] { figure.flatMap(\.namesBetweenCommas) }

  // MARK: Telling what was written

  private func report(_ drawn: [Study.DrawnFigure], _ kept: KeptStudy, _ numbers: StudyNumbers) throws {
    let simulated = numbers.document.points.count { $0.run != nil }
    switch shared.format {
    case .json:
      Console.result(try Written(kept, numbers, simulated: simulated, drawn).json())
    case .text:
      for figure in drawn {
        for file in figure.files where file.hasSuffix(".pdf") {
          Console.result("\(file)  (also .svg, .png, .gp, .csv)\n    \(figure.caption)")
        }
        for note in figure.notes { Console.result("    note: \(note)") }
      }
    }
    guard simulated < numbers.document.points.count, !shared.quiet else { return }
    guard let experiment = kept.experiment, experiment.medium.isSampled else { return }
    let missing =
      simulated == 0
      ? "theory only: \(shared.store) holds no simulated point of this study"
      : "\(numbers.document.points.count - simulated) of \(numbers.document.points.count) points have theory only"
    Console.note("\(missing); \(storeOptions.command("run", kept.file ?? "FILE")) simulates them")
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

    init(_ kept: KeptStudy, _ numbers: StudyNumbers, simulated: Int, _ drawn: [Study.DrawnFigure]) {
      study = kept.identifier
      title = kept.title
      points = numbers.document.points.count
      self.simulated = simulated
      figures = drawn.map {
        Item(kind: $0.name, title: $0.title, caption: $0.caption, files: $0.files, notes: $0.notes)
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
