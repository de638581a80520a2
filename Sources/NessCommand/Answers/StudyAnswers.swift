import Foundation
import Ness
import NessFiles
import NessModel
import NessReport

/// Does some work of the library; a failure ends the program as it is told to the user.
///
/// - Parameter file: names the experiment where the failure does not.
func told<Value>(of file: String? = nil, _ work: () throws(Ness.Failure) -> Value) throws -> Value {
  do throws(Ness.Failure) { return try work() } catch { throw error.told(of: file) }
}

extension Ness.Failure {
  /// The same with its exit status.
  func told(of file: String? = nil) -> any Error {
    switch kind {
    case .unusable: UnusableInput((faults.isEmpty ? file : nil).map { "\($0): \(description)" } ?? description)
    case .failed: Failure(message: description, status: 1)
    case .interrupted: Failure(message: description, status: 130)
    }
  }
}

extension ProgressLine {
  /// Shows how far a study is.
  func watch(onNote: @escaping @Sendable (String) -> Void = { _ in }) -> Watch {
    Watch(onProgress: { [self] in show($0, fraction: $1, secondsLeft: secondsLeft(fraction: $1)) }, onNote: onNote)
  }
}

extension SharedOptions {
  /// The study of a file; every fault of the file ends the program.
  static func study(_ file: String) throws -> Study {
    try told { () throws(Ness.Failure) in try Study(file: file) }
  }

  /// How much of a document is printed as text.
  enum Extent {
    /// All quantities, budgets and notes.
    case whole
    /// What was asked, a line for every point, with the verdicts and what limits them.
    case summary(Questions?, [NessModel.Method] = [])
  }

  /// A text with another one below it, if there is any, and an empty line between them.
  private static func joined(_ text: String, _ below: String?) -> String {
    below.map { "\(text.trimmingCharacters(in: .newlines))\n\n\($0)" } ?? text
  }

  /// Prints results in the asked format and writes their CSV file.
  ///
  /// - Parameter methods: methods that were asked for by name.
  func print(
    _ results: Results, csv: String?, _ extent: Extent, _ methods: [NessModel.Method] = []
  ) throws {
    // One that cannot be written shall not keep the other from being shown.
    let table = Result {
      if let csv { try Output.write(Data(results.csv().utf8), to: csv) }
    }
    switch format {
    case .json: Console.result(try results.json())
    case .text:
      let (width, style) = (TextStyle.terminalWidth, TextStyle.of(1))
      let device = results.device.map { DeviceText($0.report, style: style, below: results.document).text }
      switch extent {
      case .whole:
        Console.result(Self.joined(ResultText(results.document, asked: methods, width: width).text, device))
      case .summary(let questions, let methods):
        let summary = SummaryText(
          results.document, asked: questions?.items ?? [], methods: methods, width: width, style: style)
        Console.result(Self.joined(summary.text, device))
        // For a reader; a log has the results.
        if !quiet, isatty(2) == 1 { Console.note("\nall quantities, error budgets and notes: --verbose") }
      }
    }
    try table.get()
  }
}
