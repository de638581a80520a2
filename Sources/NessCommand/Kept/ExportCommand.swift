import ArgumentParser
import Foundation
import NessModel
import NessStore

/// `ness export`: kept results for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write kept results to a file that other programs read: CSV, JSON or NumPy arrays.",
    discussion: """
      The ending of the file says which: .csv (units in the header), .json (as ness run --format json), .npz (arrays for NumPy). \
      Only simulated results are exported; for theory use ness theory --csv. Results are in the order of their names given, or by \
      title and swept parameter.

      EXAMPLES
        ness export --all --output results.csv
        ness export --title "hot particles" --output hot.npz
        ness export 3fa94c 81b0 --output two.json

      In Python, without Ness:
        import numpy as np
        data = np.load("hot.npz")
        print(data["baths.left.temperature"], data["heatCurrent simulation"])

      What has axes is an array of shape [results, sites]: data["kineticTemperature simulation"], its sites in \
      data["kineticTemperature simulation site"]. Standard errors are in data["heatCurrent simulation uncertainty"]. Documentation/Results.md describes all forms.
      """)

  @OptionGroup var choice: ResultChoice
  @Option(help: "All results whose title contains this.") var title: String?
  @Option(help: ArgumentHelp("The file to write: .csv, .json or .npz.", valueName: "file")) var output: String
  @OptionGroup var options: StoreOptions

  enum Form: String { case csv, json, npz }

  func validate() throws {
    if choice.names.isEmpty && !choice.all && title == nil {
      throw ValidationError("say which results: names, --title or --all")
    }
  }

  func run() throws {
    guard let form = Form(rawValue: URL(filePath: output).pathExtension.lowercased()) else {
      throw UnusableInput("--output \(output): expected a name that ends in .csv, .json or .npz")
    }
    let (export, left) = try options.withStore { store in
      try Output.prepare(output, sparing: store.files)
      let chosen = try chosen(in: store)
      let details = try chosen.filter(\.isFinished).map { try store.detail(of: $0) }
      return (try ResultExport(details, from: store.path), chosen.count - details.count)
    }
    guard export.count > 0 else { throw UnusableInput("no finished result fits; ness list shows what there is") }
    let data =
      switch form {
      case .csv: Data(export.csv().utf8)
      case .json: Data(try export.json(ness: nessVersion).utf8)
      case .npz: try export.numPyArchive()
      }
    try Output.write(data, to: output)
    switch options.format {
    case .json: Console.result(try Written(file: output, results: export.count, unfinished: left).json())
    case .text:
      Console.result(
        "\(output): \(export.count) result\(export.count == 1 ? "" : "s")"
          + (left > 0 ? ", \(left) unfinished left out" : ""))
    }
  }

  private struct Written: Encodable {
    let file: String
    let results: Int
    let unfinished: Int
  }

  private func chosen(in store: ResultStore) throws -> [StoredResult] {
    if !choice.names.isEmpty { return try choice.names.map { try store.result(named: $0) } }
    func values(_ result: StoredResult) -> [Double] { result.summary.parameters.map(\.value) }
    return try store.results(title: title).sorted {
      $0.summary.title != $1.summary.title
        ? $0.summary.title < $1.summary.title : values($0).lexicographicallyPrecedes(values($1))
    }
  }
}
