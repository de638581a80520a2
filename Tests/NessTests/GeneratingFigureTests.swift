import Ness
import NessFiles
import NessReport
import Testing

@Suite("Figures of generating and rate functions")
struct GeneratingFigureTests {
  private func figure(_ name: String, levels: Int) throws -> Figure {
    let study = try Study(
      yaml: """
        medium: {kind: quantumBox, length: 1.0, levels: \(levels)}
        baths:
          left: {kind: lindblad, temperature: 40.0, coupling: uniform, spectrum: metropolis}
          right: {kind: lindblad, temperature: 10.0, coupling: uniform, spectrum: metropolis}
        """)
    let request = FigureRequest([name])
    let numbers = try request.numbers(of: KeptStudy(study, in: nil), threads: 1)
    return try request.figures(of: numbers, study.experiment)[0]
  }

  @Test("mu is 0 at x = 0 and mirrors itself; the rate function is nowhere negative and 0 at the mean current")
  func functions() throws {
    let generating = try figure("generatingFunction", levels: 2)
    #expect(generating.horizontal.unit == "1/energy" && generating.vertical.unit == "1/time")
    let points = try #require(generating.curves.first).points
    #expect(points.count == 39)
    let mirrored = zip(points, points.reversed())
    #expect(mirrored.allSatisfy { abs($0.y - $1.y) < 1e-12 * points[0].y })
    let rate = try figure("rateFunction", levels: 2)
    #expect(rate.horizontal.unit == "energy/time" && !rate.curves.isEmpty)
    let rates = try #require(rate.curves.first).points.map(\.y)
    #expect(rates.allSatisfy { $0 > -1e-12 } && (rates.max() ?? 0) > 0.01)
  }

  @Test("places that are hardly known are left out, and how many is said")
  func unsure() throws {
    let rate = try figure("rateFunction", levels: 8)
    let points = try #require(rate.curves.first).points
    #expect(points.count < 39 && points.count > 10)
    #expect(rate.caption.contains("left out, known to no more than a fiftieth of the largest value"))
  }
}
