import Foundation
import NessModel
import NessStudy
import Testing

/// A kick may carry the probe beyond weak coupling, for which the theory of its friction is made.
@Suite struct ProbeKickTests {
  private func rings(_ velocity: Double?) throws -> [ProbeComparison] {
    let model = try ChainModel(
      medium: Chain(sites: 1, pinning: 1),
      attachments: [
        .init(
          name: "left", site: 1, bath: .particles(ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)))
      ])
    return try ProbeStudy(model: model, seed: 1, replicas: 64, initialVelocity: velocity)
      .measure(.ringDown, threads: 2, onProgress: { _ in }, shouldStop: { false })
  }

  @Test func aHardKickIsWarnedOfAndTheChosenOneAgrees() throws {
    let hard = try rings(50)
    let withMemory = try #require(hard.first { $0.theoryName == "with memory" })
    #expect(abs(withMemory.zScore) > 3, "\(withMemory.zScore)")
    let note = try #require(withMemory.note)
    #expect(note.contains("beyond weak coupling") && note.contains("--velocity"), "\(note)")
    let chosen = try #require(try rings(nil).first { $0.theoryName == "with memory" })
    #expect(chosen.at > 10 && chosen.at < 30, "\(chosen.at)")
    #expect(abs(chosen.zScore) < 4.9 && chosen.note == nil, "\(chosen.zScore) \(chosen.note ?? "")")
  }
}
