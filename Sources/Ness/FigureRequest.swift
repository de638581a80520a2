import Foundation
import NessFiles
import NessModel
import NessReport
import NessStudy

/// What is to be drawn of a study, and how.
package struct FigureRequest: Sendable {
  /// The figures, as `ness plot --help` lists them, quantities, or families of quantities; empty for all that the study allows.
  package var names: [String]
  /// The methods to draw; nil for all but formulas as printed.
  package var methods: Set<NessModel.Method>?
  /// Exponent of a power law that guides the eye; nil for none.
  package var guide: Double?
  /// How the axes are divided, once for each; nil as the sweep is.
  package var scales: [StudyFigures.Scale?]
  /// The point of a sweep, from 1, that `network` shows and profiles show alone; nil for the first, and for some.
  package var point: Int?

  /// All figures, without a guide, with axes as the sweep is, unless given.
  package init(
    _ names: [String] = [], methods: Set<NessModel.Method>? = nil, guide: Double? = nil,
    scales: [StudyFigures.Scale?] = [nil], point: Int? = nil
  ) {
    self.names = names
    self.methods = methods
    self.guide = guide
    self.scales = scales
    self.point = point
  }

  /// What the figures are drawn from: theory, and what is kept beside it.
  ///
  /// - Parameter watch: told how far theory is.
  package func numbers(of study: KeptStudy, threads: Int, watch: Watch = Watch()) throws(Failure) -> StudyNumbers {
    try Failure.told {
      try study.stored.numbers(
        threads: max(1, threads), questions: StudyFigures.questions(for: names), also: methods ?? [],
        parts: StudyFigures.parts(for: names)
      ) { watch.onProgress("theory", $0) }
    }
  }

  /// The figures.
  ///
  /// - Parameter experiment: gives names and dimensions; nil if it cannot be read any more.
  /// - Throws: `Failure` if the numbers do not allow one that is named, or none at all.
  package func figures(of numbers: StudyNumbers, _ experiment: Experiment?) throws(Failure) -> [Figure] {
    var chosen: [Figure] = []
    for scale in scales {
      let figures = StudyFigures(numbers, experiment, .init(methods: methods, scale: scale, guide: guide, point: point))
      if names.isEmpty {
        let possible = figures.possible.map(\.figure)
        guard !possible.isEmpty else {
          let reasons = Set(StudyFigures.Kind.allCases.compactMap { figures.reasonAgainst($0) }).sorted()
          throw Failure(.unusable, "the study allows no figure: \(reasons.joined(separator: "; "))")
        }
        chosen += possible
      }
      for name in names { chosen.append(try Self.figure(name, of: figures)) }
    }
    return chosen
  }

  private static func figure(_ name: String, of figures: StudyFigures) throws(Failure) -> Figure {
    // Made only where it is told: every kind has to be tried for it.
    func possible() -> String {
      let kinds = figures.kinds.map(\.rawValue)
      return kinds.isEmpty ? "allows no figure" : "allows \(kinds.joined(separator: ", "))"
    }
    do throws(StudyFigureError) {
      if let figure = try figures.figure(named: name) { return figure }
    } catch {
      throw Failure(.unusable, "no figure \(name): \(error.reason); this study \(possible())")
    }
    let quantities = figures.quantities.map { "\($0)" }.joined(separator: ", ")
    let names = figures.kinds.map(\.rawValue) + figures.quantities.flatMap { ["\($0)", $0.family.rawValue] }
    let meant = closest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
    throw Failure(
      .unusable,
      "unknown figure \(name): this study \(possible())"
        + (quantities.isEmpty
          ? ", for no theory answers it and no simulated result of it is kept" : "; and the quantities \(quantities)")
        + meant)
  }
}

/// Figures on their way to files.
package struct FigureDrawer: Sendable {
  private let renderer: FigureRenderer

  /// What became of some figures.
  package struct Outcome: Sendable {
    /// Those that were drawn, in order.
    package var drawn: [Study.DrawnFigure] = []
    /// Why others were not, in sentences: nothing of them can be drawn.
    package var undrawn: [String] = []
  }

  /// - Throws: `Failure` if there is no gnuplot.
  package init() throws(Failure) { renderer = try Failure.told { try FigureRenderer() } }

  /// Draws figures until they are done or it is stopped; one of which nothing can be drawn does not keep others from being.
  ///
  /// - Parameters:
  ///   - directory: made if need be.
  ///   - watch: told which figure is drawn, and asked whether to stop.
  package func draw(
    _ figures: [Figure], into directory: URL, as format: FigureFormat, watch: Watch = Watch()
  ) throws(Failure) -> Outcome {
    var outcome = Outcome()
    for figure in figures {
      if watch.shouldStop() { break }
      watch.onProgress(figure.identifier, Double(outcome.drawn.count) / Double(figures.count))
      do throws(FigureError) {
        outcome.drawn.append(.init(figure, try renderer.render(figure, into: directory, as: format)))
      } catch {
        if case .nothingToDraw(_, let reason) = error, figures.count > 1 {
          outcome.undrawn.append("\(figure.identifier) is not drawn: \(reason)")
        } else {
          // A signal reaches gnuplot too.
          if watch.shouldStop() { break }
          throw Failure(.failed, "\(error)")
        }
      }
    }
    return outcome
  }
}

extension FigureDrawer.Outcome {
  /// Why not all of the figures are there; nil if they are.
  package func failure(of figures: Int) -> Failure? {
    if drawn.isEmpty, !undrawn.isEmpty { return Failure(.failed, "no figure could be drawn") }
    guard drawn.count + undrawn.count < figures else { return nil }
    return Failure(.interrupted, "interrupted; \(drawn.count) of \(figures) figures were written")
  }
}
