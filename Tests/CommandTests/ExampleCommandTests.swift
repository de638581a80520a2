import Foundation
import NessTestSupport
import Testing

@Suite("Example files through the program", .serialized)
struct ExampleCommandTests {
  @Test("theory answers every example", arguments: try Program.examples())
  func theory(example: URL) throws {
    let outcome = try Program.run(["theory", example.path, "--format", "json"], in: Workplace())
    let document = try outcome.document()
    #expect(!document.points.isEmpty)
    let isAnswered = !document.points.allSatisfy(Self.hasNoTheory)
    #expect(outcome.status == (isAnswered ? 0 : 2), "\(outcome.errors)")
    for point in document.points {
      let isRefused = Self.hasNoTheory(point)
      #expect(point.estimates.contains { $0.quantity.hasPrefix("heat") } != isRefused, "\(point.parameters)")
      #expect(point.estimates.allSatisfy { $0.kind == "numerical" && $0.uncertainty >= 0 && $0.uncertainty.isFinite })
    }
  }

  @Test("run simulates every example in agreement with theory", arguments: try Program.examples())
  func run(example: URL) throws {
    let outcome = try Program.run(["run", example.path, "--format", "json", "--quiet"], in: Workplace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    for point in try outcome.document().points {
      let scores = Self.scores(of: point)
      // A quantum box is computed exactly, and a trapped particle carries exactly nothing.
      let isSampled = point.estimates.contains { $0.method == "simulation" && $0.uncertainty > 0 }
      let isAlone = Self.hasNoTheory(point)
      #expect(isSampled != (scores.isEmpty && !isAlone))
      // Quantum media are computed.
      let isComputed =
        point.estimates.contains {
          $0.quantity.hasPrefix("heat") && ["davies", "liouvillian", "renewal"].contains($0.method)
        }
        || point.parameters["medium.hbar"].map { $0 > 0 } == true
      #expect(isSampled || isComputed, "\(point)")
      for (quantity, score) in scores {
        #expect(abs(score) <= acceptedZScore, "\(quantity) at \(point.parameters): z = \(score)")
      }
    }
  }

  @Test("the printed formula is told apart from the simulation")
  func wrongFormula() throws {
    let place = try Workplace()
    try place.write("strong.yaml", SampleText.strong)
    let outcome = try Program.run(["run", "strong.yaml", "--format", "json", "--quiet"], in: place)
    let point = try #require(try outcome.document().points.first)
    let measured = try #require(point.estimate("heatCurrent", "simulation"))
    let exact = try #require(point.estimate("heatCurrent", "memory"))
    let printed = try #require(point.estimate("heatCurrent", "printed"))
    #expect(abs(measured.value - exact.value) <= acceptedZScore * measured.uncertainty)
    #expect(abs(measured.value - printed.value) > acceptedZScore * measured.uncertainty)
  }

  /// Anharmonic bonds and collisions of unlike masses have no theory, and that is said.
  private static func hasNoTheory(_ point: PrintedDocument.Point) -> Bool {
    point.refusals?.contains {
      $0.reason.contains("anharmonic") || $0.reason.contains("masses of the particles differ")
    }
      == true
  }

  /// Simulation against the best exact method for every quantity that has both.
  private static func scores(of point: PrintedDocument.Point) -> [(quantity: String, score: Double)] {
    point.estimates.filter { $0.method == "simulation" && $0.uncertainty > 0 }.compactMap { measured in
      guard let exact = point.estimate(measured.quantity, "memory", "markov", "renewal", "kernel", "floquet") else {
        return nil
      }
      let error =
        (measured.uncertainty * measured.uncertainty + measured.unknownBias * measured.unknownBias
        + exact.uncertainty * exact.uncertainty).squareRoot()
      return (measured.quantity, (measured.value - exact.value) / error)
    }
  }
}
