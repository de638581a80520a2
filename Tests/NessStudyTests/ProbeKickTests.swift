import Foundation
import NessModel
import NessStudy
import NessTestSupport
import Testing

/// A kick may carry the probe beyond weak coupling, for which the theory of its friction is made.
@Suite struct ProbeKickTests {
  private func ring(_ velocity: Double?, replicas: Int) throws -> ProbeComparison {
    let model = try ChainModel(
      medium: Chain(sites: 1, pinning: 1),
      attachments: [
        .init(
          name: "left", site: 1, bath: .init(ParticleBath(temperature: 10, friction: 0.1, coupling: 0.2)))
      ])
    let rings = try ProbeStudy(model: model, seed: 1, replicas: replicas, initialVelocity: velocity)
      .measure(.ringDown, threads: 2, onProgress: { _ in }, shouldStop: { false })
    return try #require(rings.first { $0.theoryName == "with memory" })
  }

  /// Particles answer a hard kick less than in proportion: the friction is lower than the theory's, the more so the harder
  /// the kick. Rather more groups of eight replicas than a few, so that their spread is known.
  @Test(arguments: [(50.0, 512), (75, 192), (100, 192)])
  func aHardKickIsBelowItsTheoryAndWarnedOf(velocity: Double, replicas: Int) throws {
    let hard = try ring(velocity, replicas: replicas)
    #expect(hard.zScore < -acceptedZScore, "\(hard.zScore)")
    let note = try #require(hard.note)
    #expect(note.contains("beyond weak coupling") && note.contains("--velocity"), "\(note)")
  }

  @Test func theChosenKickAgreesWithItsTheory() throws {
    let chosen = try ring(nil, replicas: 192)
    #expect(chosen.at > 10 && chosen.at < 30, "\(chosen.at)")
    #expect(abs(chosen.zScore) < acceptedZScore && chosen.note == nil, "\(chosen.zScore) \(chosen.note ?? "")")
  }
}
