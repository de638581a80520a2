import NessStatistics
import Foundation

/// Why a figure could not be drawn.
package enum FigureError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// gnuplot is not installed, or not where it was looked for.
  case gnuplotMissing(lookedFor: String)
  /// gnuplot stopped with a non-zero status or left a file out; with its own words.
  case gnuplotFailed(figure: String, status: Int32, message: String)
  /// gnuplot did not finish in time and was ended.
  case gnuplotTimedOut(figure: String, seconds: Double)
  /// A directory or file could not be written.
  case notWritable(path: String, reason: String)
  /// No point of the figure can be drawn on its axes.
  case nothingToDraw(figure: String, reason: String)

  /// The error in a sentence that says what to do.
  package var description: String {
    switch self {
    case .gnuplotMissing(let lookedFor):
      "gnuplot was not found (looked for \(lookedFor)); figures need it: apt-get install gnuplot-nox"
    case .gnuplotFailed(let figure, let status, let message):
      "gnuplot could not draw figure \(figure) (exit status \(status)): \(message)"
    case .gnuplotTimedOut(let figure, let seconds):
      "gnuplot did not finish figure \(figure) within \(formatted(seconds)) seconds and was ended"
    case .notWritable(let path, let reason):
      "cannot write \(path): \(reason)"
    case .nothingToDraw(let figure, let reason):
      "figure \(figure) cannot be drawn: \(reason)"
    }
  }

  /// The same sentence, for Foundation.
  package var errorDescription: String? { description }
}
