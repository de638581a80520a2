import Foundation
import NessFiles
import NessModel
import NessReport
import NessStore
import NessStudy

extension Study {
  /// A figure that was drawn.
  public struct DrawnFigure: Sendable, Hashable {
    /// Its name, for example `heatCurrent`.
    public let name: String
    /// What is to be seen, in words.
    public let caption: String
    /// The files: SVG, PDF, PNG, the gnuplot script, and the numbers as CSV.
    public let files: [String]
  }

  /// Draws figures for a paper, from theory and from what a store holds; nothing is simulated. gnuplot draws.
  ///
  /// - Parameters:
  ///   - names: the figures, as `ness plot --help` lists them, quantities, or families of quantities (`heatFrom`); nil for all that the study allows.
  ///   - folder: where they go; made if need be.
  ///   - store: the folder of a store with simulated points; nil for theory alone.
  ///   - centimetres: width on paper.
  ///   - isLogarithmic: both axes logarithmic; nil as the sweep is.
  ///   - point: the point of a sweep, from 1, that `network` shows and profiles show alone; nil for the first, and for some.
  ///   - threads: threads for theory.
  /// - Throws: ``Failure`` if there is no gnuplot, no such figure, or a file cannot be written.
  public func plot(
    _ names: [String]? = nil, into folder: String, store: String? = nil, centimetres: Double = 8.6,
    isLogarithmic: Bool? = nil, point: Int? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(Failure) -> [DrawnFigure] {
    try Failure.told {
      let renderer = try FigureRenderer()
      let open = try store.map { try ResultStore(directory: $0, .existing) { _ in } }
      let numbers = try Self.closing(open) {
        try StoredStudy(of: experiment, in: open).numbers(
          threads: max(1, threads), questions: StudyFigures.questions(for: names ?? []),
          parts: StudyFigures.parts(for: names ?? []))
      }
      let options = StudyFigures.Options(scale: isLogarithmic.map { $0 ? .logLog : .linear }, point: point)
      let figures = StudyFigures(numbers, experiment, options)
      let chosen = try names?.map { try Self.figure($0, of: figures) } ?? figures.possible.map(\.figure)
      let directory = URL(filePath: folder)
      return try chosen.map { figure in
        let drawn = try renderer.render(figure, into: directory, as: .print(centimetres: centimetres))
        return DrawnFigure(
          name: figure.identifier, caption: figure.caption,
          files: [drawn.svg, drawn.pdf, drawn.png, drawn.script, drawn.table].map { $0.path(percentEncoded: false) })
      }
    }
  }

  static func figure(_ name: String, of figures: StudyFigures) throws -> Figure {
    do throws(StudyFigureError) {
      if let figure = try figures.figure(named: name) { return figure }
    } catch {
      throw Failure(.unusable, "no figure \(name): \(error.reason)")
    }
    throw Failure(.unusable, unknownWord("figure", name, among: figures.kinds.map(\.rawValue)))
  }
}

extension Results {
  /// A figure of the results for a program that draws it itself, as JSON: axes, curves with their colours and symbols, theory
  /// smooth between the points, caption. Nothing is simulated.
  ///
  /// - Parameters:
  ///   - name: the figure, as `ness plot --help` lists them, a quantity, or a family of quantities.
  ///   - methods: the names of the methods to draw; nil for all but formulas as printed.
  ///   - centimetres: width on paper.
  ///   - isLogarithmic: both axes logarithmic; nil as the sweep is.
  ///   - point: the point of a sweep, from 1, that `network` shows and profiles show alone; nil for the first, and for some.
  ///   - threads: threads for theory.
  /// - Throws: ``Failure`` if there is no such figure, or nothing of it can be drawn.
  package func figure(
    _ name: String, methods: [String]? = nil, centimetres: Double = 8.6, isLogarithmic: Bool? = nil, point: Int? = nil,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(Failure) -> String {
    try Failure.told {
      let numbers = try StudyNumbers(
        document, of: experiment, threads: max(1, threads), questions: StudyFigures.questions(for: [name]),
        parts: StudyFigures.parts(for: [name]))
      let chosen = try methods.map { try Set($0.map(Self.method)) }
      let options = StudyFigures.Options(
        methods: chosen, scale: isLogarithmic.map { $0 ? .logLog : .linear }, point: point)
      let figure = try Study.figure(name, of: StudyFigures(numbers, experiment, options))
      return try OrderedJSON.text(of: FigureDrawing(figure, as: .print(centimetres: centimetres)), onOneLine: true)
    }
  }

  private static func method(_ name: String) throws -> NessModel.Method {
    do throws(UnknownMethod) { return try .named(name) } catch { throw Failure(.unusable, "\(error)") }
  }
}
