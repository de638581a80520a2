import ArgumentParser
import Foundation
import Ness
import NessFiles

/// `ness device`: what a model does as a diode, a transistor, a conductor or a refrigerator.
struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "A model as a diode, transistor, conductor or refrigerator: numbers with error bars and a verdict.",
    discussion: """
      Simulates what is needed beside every theory that answers; finished points are kept in the store and used again, as by \
      ness run.

      EXAMPLES
        ness device diode Examples/gallery/box-diode.yaml
        ness device transistor Examples/gallery/three-baths.yaml --theory
        ness device conductivity Examples/fput-chain.yaml --csv conductivity.csv
        ness device refrigerator Examples/refrigerator.yaml --theory
        ness device mine.yaml          if the file has the key device: {kind: diode}
      """,
    subcommands: [
      DiodeCommand.self, TransistorCommand.self, ConductivityCommand.self, RefrigeratorCommand.self,
      FileDeviceCommand.self,
    ],
    defaultSubcommand: FileDeviceCommand.self)
}

/// `ness device FILE`: the device that the file names.
struct FileDeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "of", abstract: "The device that the file names by its key device.", shouldDisplay: false)

  @Argument(help: "The experiment file (YAML).") var words: [String] = []
  @OptionGroup var device: DeviceOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard let first = words.first else { throw CleanExit.helpRequest(DeviceCommand.self) }
    if words.count > 1 {
      throw UnusableInput(unknown: "device", first, among: DeviceChoice.Kind.allCases.map(\.rawValue))
    }
    try device.run(nil, file: first, shared)
  }
}

/// `ness device diode`: rectification.
struct DiodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diode",
    abstract: "Rectification: the heat current forwards, and with the temperatures of the two baths exchanged.",
    discussion: """
      R = (|J_f| - |J_b|)/(|J_f| + |J_b|) at every point of the sweep: 0 without rectification, 1 or -1 if no heat passes in one \
      direction. Forwards is the file as it is. The two runs have noise of their own, so that their errors are independent. That a \
      point rectifies is said at 95 % for all points together; of a theory, beyond its numerical error.

      EXAMPLES
        ness device diode Examples/gallery/box-diode.yaml
        ness device diode Examples/gallery/quantum-diode.yaml --theory
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @OptionGroup var device: DeviceOptions
  @OptionGroup var shared: SharedOptions

  func run() throws { try device.run(DeviceChoice(.diode), file: file, shared) }
}

/// `ness device transistor`: amplification.
struct TransistorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transistor",
    abstract: "Amplification: how much more heat reaches the collector for each bit of heat from the base.",
    discussion: """
      alpha = dJ_C/dJ_B along the temperature of the base, J_B being the heat from the base and J_C that into the collector: by \
      fits to the simulated points around each, by close differences of a theory. It amplifies where |alpha| > 1. The temperature of \
      the base is swept as in the file, or else from the colder to the hotter of the others.

      EXAMPLES
        ness device transistor Examples/gallery/three-baths.yaml --theory
        ness device transistor mine.yaml --base control --emitter hot --collector cold
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(
    help: ArgumentHelp("The bath that controls. (default: the one named base, gate or middle)", valueName: "name"))
  var base: String?
  @Option(
    help: ArgumentHelp("(default: the one named emitter or source, else the hotter of the others)", valueName: "name"))
  var emitter: String?
  @Option(
    help: ArgumentHelp("(default: the one named collector or drain, else the colder of the others)", valueName: "name"))
  var collector: String?
  @OptionGroup var device: DeviceOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    try device.run(DeviceChoice(.transistor, base: base, emitter: emitter, collector: collector), file: file, shared)
  }
}

/// `ness device conductivity`: kappa and its exponent.
struct ConductivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conductivity",
    abstract: "Conductivity along the size of the medium, and the exponent with which it grows.",
    discussion: """
      kappa(N) = J N/(T_left - T_right) at every size N of the file's sweep over medium.sites (medium.lattice.chain of a network), or \
      at 8, 16, ... 128. The exponent a of kappa ~ N^a is fitted with its error: 0 is a normal conductor, 1 a ballistic one, else it \
      is anomalous. The exponents of the smaller and of the larger half of the sizes tell the drift.

      EXAMPLES
        ness device conductivity Examples/fput-chain.yaml
        ness device conductivity Examples/rieder-lebowitz-lieb.yaml --theory
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @OptionGroup var device: DeviceOptions
  @OptionGroup var shared: SharedOptions

  func run() throws { try device.run(DeviceChoice(.conductivity), file: file, shared) }
}

/// `ness device refrigerator`: cooling.
struct RefrigeratorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refrigerator",
    abstract:
      "Cooling: heat out of the coldest of three baths, driven by the hottest, and the coefficient of performance.",
    discussion: """
      COP = J_cold/J_hot at every point of the sweep, beside the bound of the second law, (1 - T_room/T_hot) T_cold/(T_room - T_cold). \
      Which bath is which follows from the temperatures of the file. That a point cools is said at 95 % for all points together; of a \
      theory, beyond its numerical error. A master equation that cools beyond the bound breaks the second law, and that is said.

      EXAMPLES
        ness device refrigerator Examples/refrigerator.yaml --theory
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @OptionGroup var device: DeviceOptions
  @OptionGroup var shared: SharedOptions

  func run() throws { try device.run(DeviceChoice(.refrigerator), file: file, shared) }
}

/// What all devices are asked with.
struct DeviceOptions: ParsableArguments {
  @Flag(help: "Theory alone, at once.") var theory = false
  @Option(help: ArgumentHelp("Also write the numbers to a CSV file, with units in its header.", valueName: "file"))
  var csv: String?
  @Option(
    help: ArgumentHelp(
      "End after this time, for example 90s, 10m or 2h, and judge what was measured; shared by all points.",
      valueName: "time"))
  var timeLimit: TimeLimit?

  /// Computes a device and prints it; of none the one that the file names.
  func run(_ kind: DeviceChoice?, file: String, _ shared: SharedOptions) throws {
    let study = try SharedOptions.study(file)
    let progress = ProgressLine(silent: shared.quiet)
    let notes = NoteLog()
    let quiet = shared.quiet
    let threads = try shared.threadCount()
    var watch = progress.watch { note in
      progress.end()
      if !quiet || note.hasPrefix("warning") { notes.add(note) }
    }
    watch.shouldStop = { Interrupt.requested }
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let results: DeviceResults
    var failures: [String] = []
    defer {
      progress.end()
      notes.end()
    }
    if theory {
      if let csv { try Output.prepare(csv, sparing: study.experiment.files) }
      results = try told(of: file) { () throws(Ness.Failure) in
        try study.deviceTheory(kind, threads: threads, watch: watch)
      }
    } else {
      let store = try shared.openStore(study.experiment.source)
      if let csv { try Output.prepare(csv, sparing: study.experiment.files + store.files) }
      let options = RunOptions(threads: threads, timeLimit: timeLimit?.seconds)
      (results, failures) = try told(of: file) { () throws(Ness.Failure) in
        try study.device(kind, options, in: store, watch: watch, wantsForecast: !quiet) {
          Interrupt.hasNothingToKeep = false
        }
      }
    }
    progress.end()
    try print(results, shared)
    if results.isInterrupted {
      throw Failure(message: "interrupted; what was measured is printed above, finished points are kept", status: 130)
    }
    if !failures.isEmpty { throw Failure(message: failures.joined(separator: "\n"), status: 1) }
    if results.verdicts.isEmpty { throw UnusableInput("no point can be answered; the reasons are above") }
  }

  private func print(_ results: DeviceResults, _ shared: SharedOptions) throws {
    // One that cannot be written shall not keep the other from being shown.
    let table = Result {
      if let csv { try Output.write(Data(results.csv().utf8), to: csv) }
    }
    switch shared.format {
    case .json: Console.result(try told { () throws(Ness.Failure) in try results.json() })
    case .text: Console.result(DeviceText(results.report, style: .of(1)).text)
    }
    try table.get()
  }
}
