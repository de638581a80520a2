import Foundation
import NessTestSupport
import Testing

@Suite("Killed runs")
struct KillTests {
  /// The longer check of the same kind: `Scripts/kill-and-resume.sh FILE 200`.
  @Test("a sweep killed at random moments goes on and gives the same bytes", .long, .timeLimit(.minutes(20)))
  func killed() throws {
    let place = try Workplace()
    try place.write(
      "sweep.yaml",
      """
      medium: {kind: chain, sites: 4, pinning: 1.0}
      baths:
        left: {kind: particles, temperature: 20.0, count: 20, friction: 0.1, coupling: 0.2}
        right: {kind: langevin, temperature: 10.0, friction: 1.0}
      run:
        seed: 1
        duration: 6000.0
        burnIn: 50.0
        timeStep: 0.02
      sweep: {parameter: baths.left.temperature, values: [12.0, 20.0, 30.0]}
      """)
    let script = Program.root.appending(path: "Scripts/kill-and-resume.sh").path
    let outcome = try Program.run([], in: place, throughShell: "NESS=\"$0\" exec bash '\(script)' sweep.yaml 24 2")
    #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.errors)")
    let kills = outcome.text.split(separator: "\n").last.flatMap { $0.firstMatch(of: /\((\d+) in all\)/) }
    #expect(kills.flatMap { Int($0.1) } ?? 0 >= 24)
  }
}
