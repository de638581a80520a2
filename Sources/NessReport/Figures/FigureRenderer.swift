import Foundation
import NessFiles

/// The files of one drawn figure.
package struct RenderedFigure: Sendable, Equatable {
  /// The figure's identifier.
  package let identifier: String
  /// Scalable picture for the web.
  package let svg: URL
  /// Scalable picture for a paper.
  package let pdf: URL
  /// Picture in pixels: 1440 in width for a report, 360 to the inch for print.
  package let png: URL
  /// gnuplot script with its data; `gnuplot figure-3a.gp` draws the pictures again.
  package let script: URL
  /// The numbers, long format.
  package let table: URL
  /// What is in the figure but not in the picture, in sentences: points that a logarithmic axis cannot show, points
  /// outside the range. All of them are in the table.
  package let notes: [String]
}

/// Draws figures with gnuplot: SVG, PDF and PNG, with the script and the numbers beside them.
package struct FigureRenderer: Sendable {
  private let gnuplot: Gnuplot

  /// A renderer that uses `gnuplot` from the search path, or a given executable, and ends it after `timeout` seconds.
  ///
  /// Throws `FigureError.gnuplotMissing` if there is none.
  package init(gnuplot: URL? = nil, timeout: Double = 60) throws(FigureError) {
    self.gnuplot = try Gnuplot(executable: gnuplot, timeout: timeout)
  }

  /// Draws a figure into a directory, which is made if need be: `figure-<id>.svg`, `.pdf`, `.png`, `.gp`, `.csv`.
  ///
  /// All files are made elsewhere first, so a reader never sees half a file, and a failure leaves older files alone.
  /// Throws `FigureError` in all its cases but `gnuplotMissing`, unless gnuplot vanished meanwhile.
  package func render(
    _ figure: Figure, into directory: URL, as format: FigureFormat = .report
  ) throws(FigureError) -> RenderedFigure {
    let script = try GnuplotScript(figure, as: format)
    let workshop = try Workshop(in: directory)
    do {
      let names = Self.fileNames(of: figure)
      try Data(script.text.utf8).write(to: workshop.file(names[3]))
      try Data(figure.commaSeparatedValues.utf8).write(to: workshop.file(names[4]))
      try gnuplot.run(workshop.file(names[3]), figure: figure.identifier)
      try checkPictures(names.prefix(3).map(workshop.file), figure)
      try Self.addFontFallbacks(to: workshop.file(names[0]))
      try Self.removeDate(from: workshop.file(names[1]))
      let places = try names.map(workshop.release)
      return RenderedFigure(
        identifier: figure.identifier, svg: places[0], pdf: places[1], png: places[2], script: places[3],
        table: places[4], notes: script.notes)
    } catch let error as FigureError {
      throw error
    } catch {
      throw FigureError.notWritable(path: directory.path, reason: error.localizedDescription)
    }
  }

  /// The files of a figure: three pictures, the script that draws them, and the numbers.
  package static func fileNames(of figure: Figure) -> [String] {
    ["svg", "pdf", "png", "gp", "csv"].map { "\(figure.fileStem).\($0)" }
  }

  private func checkPictures(_ pictures: [URL], _ figure: Figure) throws {
    for picture in pictures {
      let size = try? FileManager.default.attributesOfItem(atPath: picture.path)[.size] as? Int
      guard let size, size > 0 else {
        throw FigureError.gnuplotFailed(
          figure: figure.identifier, status: 0,
          message: "it left no file \(picture.lastPathComponent) behind: is the disk full?")
      }
    }
  }

  /// Equal figures shall have equal bytes: the date of the drawing becomes a fixed one of the same length, so that the
  /// table of offsets in the file stays right.
  private static func removeDate(from document: URL) throws {
    var bytes = try Data(contentsOf: document)
    guard let key = bytes.range(of: Data("/CreationDate (D:".utf8)),
      let end = bytes[key.upperBound...].firstIndex(of: UInt8(ascii: ")"))
    else { return }
    let fixed = Data("20000101000000Z".utf8)
    guard end - key.upperBound == fixed.count else { return }
    bytes.replaceSubrange(key.upperBound..<end, with: fixed)
    try bytes.write(to: document)
  }

  /// Readers of an SVG may lack the font it was drawn with; these have the same widths.
  private static func addFontFallbacks(to picture: URL) throws {
    let drawn = try String(contentsOf: picture, encoding: .utf8)
    let families = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
    let mended = drawn.replacing("font-family=\"Liberation Sans\"", with: "font-family=\"\(families)\"")
    try Data(mended.utf8).write(to: picture)
  }
}

/// A directory inside the target directory where files are made before they get their place.
private struct Workshop {
  private let target: URL
  private let scratch: ScratchFolder

  init(in target: URL) throws(FigureError) {
    self.target = target
    do {
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      scratch = try ScratchFolder(in: target.path(percentEncoded: false))
    } catch {
      let reason = (error as? SystemFault)?.reason ?? error.localizedDescription
      throw FigureError.notWritable(path: target.path, reason: reason)
    }
  }

  func file(_ name: String) -> URL { URL(filePath: scratch.path).appendingPathComponent(name) }

  /// Puts a finished file into the target directory.
  func release(_ name: String) throws -> URL {
    let destination = target.appendingPathComponent(name)
    let bytes = try Data(contentsOf: file(name))
    do throws(OutputError) { try OutputFile(destination.path(percentEncoded: false)).write(bytes) } catch {
      throw FigureError.notWritable(path: destination.path, reason: error.reason)
    }
    return destination
  }
}
