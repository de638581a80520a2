import Foundation
import NessFiles
import NessModel
import NessRandom
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

@Suite("A transistor: amplification with its error")
struct TransistorTests {
  /// A harmonic chain with three Langevin baths: all heats are linear in all temperatures.
  private func harmonic(base: String = "gate", sweep: Sweep? = nil) throws -> Experiment {
    try Experiment(
      medium: .init(Chain(sites: 5, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(LangevinBath(temperature: 3, friction: 1))),
        Contact(base, site: 2, AnyBath(LangevinBath(temperature: 2, friction: 0.7))),
        Contact("right", AnyBath(LangevinBath(temperature: 1, friction: 0.5))),
      ], run: RunSettings(seed: 4, duration: 4000, burnIn: 40), sweep: sweep)
  }

  /// d heat/dT of the base by two solutions of the theory far apart, which is exact where heats are linear.
  private func slope(_ bath: String) throws -> Double {
    let heats = try [1.0, 3.0].map { temperature in
      let experiment = try harmonic().setting("baths.gate.temperature", to: temperature)
      return try #require(
        Study(experiment, threads: 1).theory(methods: [.markov]).points[0].member(.heat(from: bath), .markov)
      ).estimate.value
    }
    return (heats[1] - heats[0]) / 2
  }

  @Test("of a harmonic chain alpha is the exact derivative, by theory within its bound, by simulation within its error")
  func harmonicChain() throws {
    let exact = -(try slope("right")) / (try slope("gate"))
    #expect(exact > 0 && exact < 1)
    let device = try Transistor(harmonic(), TransistorRoles(of: harmonic()))
    let (report, failures) = try DeviceStudy(device, threads: 2).run(in: Sample.runContext(nil))
    #expect(failures.isEmpty)
    let rows = report.rows.filter { $0.method == .markov }
    #expect(rows.count == 9 && rows.allSatisfy { $0.claim.isExact })
    for row in rows {
      let alpha = try #require(row.numbers.first { $0.name == "amplification" }?.estimate)
      #expect(abs(alpha.value - exact) <= alpha.error && alpha.error < 1e-5)
    }
    let theory = try #require(report.findings.first { $0.method == .markov })
    #expect(theory.isSeen == false && theory.text.hasPrefix("does not amplify: |alpha| < 1 at every point"))
    let simulated = report.rows.filter { $0.method == .simulation }
    #expect(simulated.count == 9)
    let known = simulated.compactMap { row in row.numbers.first { $0.name == "amplification" }?.estimate }
    #expect(known.count >= 5)
    for alpha in known { #expect(abs(alpha.zScore(againstExact: exact)) <= acceptedZScore) }
    #expect(report.findings.first { $0.method == .simulation }?.isSeen != true)
    // Negative control: the errors tell the amplification of this chain from none.
    #expect(known.contains { abs($0.zScore(againstExact: 0)) > acceptedZScore })
  }

  @Test("roles by option, by name, by temperature; what is missing is asked for")
  func roles() throws {
    let plain = try TransistorRoles(of: harmonic())
    #expect(plain.base == "gate" && plain.emitter == "left" && plain.collector == "right")
    let turned = try TransistorRoles(of: harmonic(), collector: "left")
    #expect(turned.emitter == "right" && turned.collector == "left")
    let other = try TransistorRoles(of: harmonic(), base: "right")
    #expect(other.emitter == "left" && other.collector == "gate")
    let named = try TransistorRoles(of: harmonic(base: "drain"), base: "left")
    #expect(named.collector == "drain" && named.emitter == "right")
    #expect { try TransistorRoles(of: harmonic(base: "x")) } throws: { "\($0)".contains("--base") }
    #expect { try TransistorRoles(of: harmonic(), base: "gaet") } throws: { "\($0)".contains("gate") }
    #expect { try TransistorRoles(of: harmonic(), base: "gate", emitter: "gate") } throws: {
      "\($0)".contains("three different baths")
    }
    #expect { try TransistorRoles(of: Sample.experiment()) } throws: { "\($0)".contains("three baths") }
  }

  @Test("the sweep of the file if it is over the base, else between the others")
  func sweeps() throws {
    let own = Sweep(parameter: "baths.gate.temperature", values: [5, 6, 7])
    let roles = try TransistorRoles(of: harmonic())
    let kept = try Transistor(harmonic(sweep: own), roles).runs[0].experiment
    #expect(kept.points().map { $0.parameters[0].value } == [5, 6, 7])
    let foreign = Sweep(parameter: "medium.spring", values: [1, 2])
    let chosen = try Transistor(harmonic(sweep: foreign), roles).runs[0].experiment
    #expect(chosen.points().map { $0.parameters[0].value } == [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3])
    let short = Sweep(parameter: "baths.gate.temperature", values: [5, 6])
    #expect(throws: DeviceError.self) { try Transistor(harmonic(sweep: short), roles) }
  }

  @Test("hot particles as a gate amplify, by theory")
  func hotGate() throws {
    let experiment = try Experiment(
      medium: .init(Chain(sites: 5, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(LangevinBath(temperature: 12, friction: 1))),
        Contact("gate", site: 3, AnyBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2))),
        Contact("right", AnyBath(LangevinBath(temperature: 10, friction: 1))),
      ], sweep: Sweep(parameter: "baths.gate.temperature", from: 18, to: 30, points: 13))
    let report = try DeviceStudy(Transistor(experiment, TransistorRoles(of: experiment)), threads: 2).theory()
    let finding = try #require(report.findings.first)
    #expect(finding.isSeen == true && finding.text.hasPrefix("amplifies at "))
    // By hand, with two ordinary answers of the same theory.
    let heats = try [21.98, 22.02].map { temperature in
      let plain = try experiment.swept(by: nil).setting("baths.gate.temperature", to: temperature)
      let point = try Study(plain, threads: 1).theory(methods: [.memory]).points[0]
      return try ["gate", "right"].map { try #require(point.member(.heat(from: $0), .memory)).estimate.value }
    }
    let exact = -(heats[1][1] - heats[0][1]) / (heats[1][0] - heats[0][0])
    func row(_ temperature: Double) throws -> DeviceReport.Row {
      try #require(report.rows.first { $0.method == .memory && $0.parameters[0].value == temperature })
    }
    let alpha = try #require(try row(22).numbers.first { $0.name == "amplification" }).estimate
    #expect(exact > 1.5 && abs(alpha.value - exact) < 1e-3 * exact && alpha.error < 1e-3 * exact)
    #expect(try row(22).text.hasPrefix("amplifies: "))
    #expect(try row(19).text.hasPrefix("does not amplify: "))
  }

  @Test("the slope of a smooth curve by local fits: its error covers noise and the form of the fit")
  func localSlopes() throws {
    let x = (0..<9).map { 0.5 * Double($0) }
    // A polynomial of second degree is met exactly, and nothing is said to be missing.
    let parabola = x.map { Estimate.numerical(1 + 2 * $0 - 0.3 * $0 * $0, bound: 0) }
    for index in x.indices {
      let slope = try #require(LocalSlope(at: index, x, parabola))
      #expect(abs(slope.estimate.value - (2 - 0.6 * x[index])) < 1e-12 && slope.fitError < 1e-12)
    }
    // Another curve is not, and the error says so without any noise.
    let curve = x.map { Estimate.numerical(exp(0.5 * $0), bound: 0) }
    for index in x.indices {
      let slope = try #require(LocalSlope(at: index, x, curve))
      let distance = abs(slope.estimate.value - 0.5 * exp(0.5 * x[index]))
      #expect(distance > 0 && distance <= slope.estimate.error)
    }
    // Noise about a parabola: 1000 fits, each within its error in at least 68.3 % of all cases.
    let middle = 4
    let hits = try (0..<1000).count { trial in
      let noisy = x.indices.map { index -> Estimate in
        var stream = CounterStream(seed: 22, index: UInt64(trial * 16 + index), purpose: .initialState)
        return .statistical(
          parabola[index].value + 0.1 * stream.gaussianPair().0, standardError: 0.1, effectiveSamples: 1000)
      }
      let slope = try #require(LocalSlope(at: middle, x, noisy)).estimate
      return abs(slope.value - (2 - 0.6 * x[middle])) < slope.error
    }
    // What noise makes of the form of the fit is taken off on average, not each time: a little more than 683 ± 15.
    #expect(hits > 683 - 72 && hits < 900)
  }

  @Test("close differences: exact for what they are exact for, their bound holds for a curve")
  func closeDifferences() {
    func found(_ step: Double, _ function: (Double) -> Double) -> Estimate {
      CloseDifference(
        step: step, values: CloseDifference.offsets.map { .numerical(function(2 + $0 * step), bound: 0) }
      ).estimate
    }
    let line = found(0.08) { 3 * $0 }
    #expect(abs(line.value - 3) <= line.error && line.error < 1e-11)
    let curve = found(0.08) { 1 / $0 }
    #expect(abs(curve.value + 0.25) <= curve.error && curve.error < 1e-7)
    // Errors of the values come through.
    let rough = CloseDifference(
      step: 0.08,
      values: CloseDifference.offsets.map { .numerical(3 * (2 + $0 * 0.08) + ($0 > 0 ? 1e-6 : -1e-6), bound: 1e-6) })
    #expect(abs(rough.estimate.value - 3) <= rough.estimate.error)
  }
}
