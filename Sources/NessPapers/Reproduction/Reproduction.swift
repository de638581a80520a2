import NessReport
import NessStudy

/// A paper that Ness reproduces: its figures, its claims judged, its formulas checked.
package protocol Reproduction: Sendable {
  /// Name on the command line, for example `krekels2026`.
  static var name: String { get }
  /// Names of the figures, in order.
  static var figureNames: [String] { get }
  /// A reproduction of some figures.
  init(quality: Quality, figures: [String], seed: UInt64)
  /// Does all the work that the bench does not know yet and returns the content of the report.
  ///
  /// - Parameters:
  ///   - bench: where the work is done; it knows the store, the threads and whom to tell of the progress.
  ///   - facts: provenance known to the caller (version, machine, command).
  /// - Throws: `Interrupted`; `JobFailure` with the title of the job that failed.
  func report(_ bench: Workbench, facts: [Report.Fact]) throws -> Report
  /// The rows of `ness verify`.
  func verify(_ bench: Workbench) throws -> [FormulaCheck]
}

/// The papers, in order.
package let reproductions: [any Reproduction.Type] = [Krekels2026.self, Zou2026.self]

extension Reproduction {
  /// Seconds or minutes, for the provenance of a report.
  static func duration(_ seconds: Double) -> String {
    seconds < 90 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
  }
}
