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
    /// Its title.
    public let title: String
    /// What is to be seen, in words.
    public let caption: String
    /// The files: SVG, PDF, PNG, the gnuplot script, and the numbers as CSV.
    public let files: [String]
    /// What is in the figure but cannot be seen in the picture, in sentences: it is in the CSV file.
    public let notes: [String]

    init(_ figure: Figure, _ rendered: RenderedFigure) {
      name = figure.identifier
      title = figure.title
      caption = figure.caption
      files = [rendered.svg, rendered.pdf, rendered.png, rendered.script, rendered.table].map {
        $0.path(percentEncoded: false)
      }
      notes = rendered.notes
    }
  }

  /// Draws figures for a paper, from theory and from what a store holds; nothing is simulated. gnuplot draws. Of several figures
  /// one of which nothing can be drawn is left out, with a note.
  ///
  /// - Parameters:
  ///   - names: the figures, as `ness plot --help` lists them, quantities, or families of quantities (`heatFrom`); nil for all that the study allows.
  ///   - folder: where they go; made if need be.
  ///   - store: the folder of a store with simulated points; nil for theory alone.
  ///   - methods: the names of the methods to draw; nil for all but formulas as printed.
  ///   - centimetres: width on paper.
  ///   - isLogarithmic: both axes logarithmic; nil as the sweep is.
  ///   - point: the point of a sweep, from 1, that `network` shows and profiles show alone; nil for the first, and for some.
  ///   - threads: threads for theory.
  ///   - watch: told how far it is, and asked between figures whether to stop.
  /// - Throws: ``Failure`` if there is no gnuplot, no such figure, or a file cannot be written; if it was stopped.
  public func plot(
    _ names: [String]? = nil, into folder: String, store: String? = nil, methods: [String]? = nil,
    centimetres: Double = 8.6, isLogarithmic: Bool? = nil, point: Int? = nil,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, watch: Watch = Watch()
  ) throws(Failure) -> [DrawnFigure] {
    try Failure.told {
      let request = try FigureRequest(names, methods, isLogarithmic, point)
      let drawer = try FigureDrawer()
      let open = try store.map { try ResultStore(directory: $0, .existing) { _ in } }
      let numbers = try Self.closing(open) {
        try request.numbers(of: KeptStudy(self, in: open), threads: threads, watch: watch)
      }
      let figures = try request.figures(of: numbers, experiment)
      let outcome = try drawer.draw(
        figures, into: URL(filePath: folder), as: .print(centimetres: centimetres), watch: watch)
      outcome.undrawn.forEach(watch.onNote)
      if let failure = outcome.failure(of: figures.count) { throw failure }
      return outcome.drawn
    }
  }
}

extension FigureRequest {
  /// A request by names.
  fileprivate init(_ names: [String]?, _ methods: [String]?, _ isLogarithmic: Bool?, _ point: Int?) throws {
    self.init(
      names ?? [],
      methods: try methods.map { names in
        try Set(
          names.map { name in
            do throws(UnknownMethod) { return try .named(name) } catch { throw Failure(.unusable, "\(error)") }
          })
      }, scales: [isLogarithmic.map { $0 ? .logLog : .linear }], point: point)
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
      let request = try FigureRequest([name], methods, isLogarithmic, point)
      let numbers = try StudyNumbers(
        document, of: experiment, threads: max(1, threads), questions: StudyFigures.questions(for: [name]),
        parts: StudyFigures.parts(for: [name]))
      let figure = try request.figures(of: numbers, experiment)[0]
      return try OrderedJSON.text(of: FigureDrawing(figure, as: .print(centimetres: centimetres)), onOneLine: true)
    }
  }
}
