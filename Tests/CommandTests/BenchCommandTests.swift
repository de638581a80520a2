import Foundation
import Testing

@Suite("ness bench")
struct BenchCommandTests {
  /// Reference currents of an independent dense Lyapunov solution (scipy), with the error that its two ends show.
  @Test("the workload of exact theory is as precise as promised, and says what the engine was built for")
  func exactTheory() throws {
    let outcome = try Program.run(["bench", "--workload", "W4", "--format", "json"], in: Workplace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    let line = try JSONDecoder().decode(Line.self, from: outcome.output)
    #expect(line.ntemp == 200)
    #expect(line.largest_error < 1e-10)
    #expect(abs(line.J_first / 0.01348957505258 - 1) < 1e-11)
    #expect(abs(line.J_last / 0.32095369180161 - 1) < 1e-12)
    #expect(["AVX-512", "AVX2", "SSE2", "NEON"].contains(line.vectorUnit))
  }

  private struct Line: Decodable {
    let ntemp: Int
    let largest_error: Double
    let J_first: Double
    let J_last: Double
    let vectorUnit: String
  }
}
