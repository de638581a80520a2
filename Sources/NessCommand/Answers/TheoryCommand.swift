import ArgumentParser
import Foundation
import Ness
import NessFiles
import NessModel
import NessReport

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
        ness theory Examples/hot-particles.yaml --method memory --method printed
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
    let study = try SharedOptions.study(file)
    let progress = ProgressLine(silent: shared.quiet)
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    if let csv { try Output.prepare(csv, sparing: study.experiment.files) }
    let threads = try shared.threadCount()
    let asked = try questions() ?? study.experiment.quantities
    if methods.isEmpty {
      let atATime = min(threads, study.experiment.points().count)
      progress.announce("theory", seconds: study.expectedSeconds(asked ?? .cheap) / Double(atATime))
    }
    let results = try told { () throws(Ness.Failure) in
      try study.theory(
        asking: asked, by: methods.isEmpty ? nil : Set(methods), threads: threads, watch: progress.watch())
    }
    progress.end()
    try shared.print(
      results, csv: csv, detail.verbose || asked == .all ? .whole : .summary(asked, methods), methods)
    if results.isEmpty {
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
    guard let words = quantities?.namesBetweenCommas else { return nil }
    do throws(UnknownQuantity) { return try Questions(words: words) } catch {
      throw UnusableInput("--quantities: \(error)")
    }
  }
}
