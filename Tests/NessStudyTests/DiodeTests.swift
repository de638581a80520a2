import NessFiles
import NessModel
import NessRandom
import NessStatistics
import NessStudy
import NessTestSupport
import Testing

@Suite("A diode: rectification with its error")
struct DiodeTests {
  private func sampled(_ value: Double, _ error: Double) -> Estimate {
    .statistical(value, standardError: error, effectiveSamples: 64)
  }

  @Test("R of two given currents, with the error of first order")
  func closedForm() throws {
    let found = try Rectification(forward: sampled(3, 0.03), backward: sampled(-1, 0.02), isLeftHotter: true).ratio
    #expect(found.value == 0.5)
    // 2 sqrt(B² s_F² + F² s_B²)/(F + B)² with F = 3, B = 1.
    let expected = 2 * (0.03 * 0.03 + 9 * 0.02 * 0.02).squareRoot() / 16
    #expect(abs(found.error - expected) < 1e-15)
    // The colder bath on the left: the same device seen from the other side of the file.
    let mirrored = try Rectification(forward: sampled(-3, 0.03), backward: sampled(1, 0.02), isLeftHotter: false).ratio
    #expect(mirrored == found)
    // Exchanging forwards and backwards changes the sign.
    let exchanged = try Rectification(forward: sampled(-1, 0.02), backward: sampled(3, 0.03), isLeftHotter: false).ratio
    #expect(exchanged.value == -0.5 && abs(exchanged.error - expected) < 1e-15)
  }

  @Test("of computed currents the bound holds for every pair within their bounds")
  func bound() throws {
    let forward = Estimate.numerical(0.7, bound: 0.01), backward = Estimate.numerical(-0.4, bound: 0.02)
    let found = try Rectification(forward: forward, backward: backward, isLeftHotter: true).ratio
    for f in [0.69, 0.71] {
      for b in [0.38, 0.42] { #expect(abs((f - b) / (f + b) - found.value) <= found.error) }
    }
    #expect(found.error < 0.04)
  }

  @Test("currents within their noise have no R")
  func tooSmall() {
    #expect(throws: Rectification.NoRatio.self) {
      try Rectification(forward: sampled(0.05, 0.03), backward: sampled(-0.02, 0.03), isLeftHotter: true)
    }
    #expect(throws: Rectification.NoRatio.self) {
      try Rectification(forward: .numerical(0, bound: 0), backward: .numerical(0, bound: 0), isLeftHotter: true)
    }
  }

  @Test("a current against the temperatures counts by its sign within its noise; beyond it there is no ratio")
  func sign() throws {
    let small = try Rectification(forward: sampled(1, 0.1), backward: sampled(0.02, 0.1), isLeftHotter: true).ratio
    #expect(abs(small.value - 1.02 / 0.98) < 1e-12)
    #expect {
      try Rectification(forward: sampled(1, 0.01), backward: sampled(0.5, 0.01), isLeftHotter: true)
    } throws: {
      "\($0)".hasPrefix("the backward current flows from the colder to the hotter bath")
    }
  }

  /// A harmonic chain whose two ends are unlike in every respect.
  private func harmonic(sweep: Sweep? = nil) throws -> Experiment {
    try Experiment(
      title: "harmonic", medium: .init(Chain(sites: 5, pinning: .init(left: 2, right: 0.5))),
      contacts: [
        Contact("left", AnyBath(LangevinBath(temperature: 4, friction: 1))),
        Contact("right", AnyBath(LangevinBath(temperature: 1, friction: 0.3))),
      ], run: RunSettings(seed: 3, duration: 60, burnIn: 40), sweep: sweep)
  }

  @Test("backwards, the temperatures are exchanged at every point of a sweep, and nothing else but the seed")
  func exchange() throws {
    let sweep = Sweep.grid([
      SweepAxis("baths.left.temperature", values: [2, 3]), SweepAxis("medium.spring", values: [1, 2]),
    ])
    let runs = try Diode(harmonic(sweep: sweep)).runs
    let (forward, backward) = (runs[0].experiment, runs[1].experiment)
    #expect(forward.points().map(\.model) == (try harmonic(sweep: sweep)).points().map(\.model))
    for (ahead, back) in zip(forward.points(), backward.points()) {
      #expect(ahead.model.temperatures == back.model.temperatures.reversed())
      #expect(ahead.model.medium == back.model.medium)
      let restored = back.model.with(temperature: ahead.model.temperatures[0], ofBath: "left")?
        .with(temperature: ahead.model.temperatures[1], ofBath: "right")
      #expect(restored == ahead.model)
    }
    #expect(forward.run.seed == 3 && backward.run.seed != 3)
    var settings = backward.run
    settings.seed = 3
    #expect(settings == forward.run)
  }

  @Test("a harmonic chain rectifies nothing: exactly by theory, within errors by simulation")
  func harmonicChain() throws {
    let (report, failures) = try DeviceStudy(Diode(harmonic()), threads: 2).run(in: Sample.runContext(nil))
    #expect(failures.isEmpty && !report.isInterrupted)
    let exact = report.findings.filter { $0.claim.isExact }
    #expect(!exact.isEmpty)
    for finding in exact {
      let ratio = try #require(finding.number?.estimate)
      #expect(finding.isSeen == false && abs(ratio.value) <= ratio.error && ratio.error < 1e-8)
      #expect(finding.text.hasPrefix("no rectification: R = 0 within "))
    }
    let simulated = try #require(report.findings.first { $0.method == .simulation })
    let ratio = try #require(simulated.number?.estimate)
    #expect(abs(ratio.zScore(againstExact: 0)) <= acceptedZScore && ratio.error > 0)
    #expect(report.findings.first?.method == .simulation)
  }

  /// Two unlike walls.
  private func box(right temperature: Double = 1) throws -> Experiment {
    try Experiment(
      medium: .init(Box(length: 1)),
      contacts: [
        Contact("left", AnyBath(MaxwellBath(temperature: 4))),
        Contact("right", AnyBath(MetropolisBath(temperature: temperature, proposal: .speed, width: 1))),
      ], run: RunSettings(seed: 2, replicas: 64, duration: 400, burnIn: 40))
  }

  @Test("a box between unlike walls rectifies: simulation, theory, and the difference of two ordinary runs agree")
  func boxDiode() throws {
    let diode = try Diode(box())
    let (report, _) = try DeviceStudy(diode, threads: 2).run(in: Sample.runContext(nil))
    func ratio(_ method: NessModel.Method) throws -> Estimate {
      try #require(report.findings.first { $0.method == method }?.number?.estimate)
    }
    let simulated = try ratio(.simulation), computed = try ratio(.kernel)
    #expect(abs(simulated.zScore(against: computed)) <= acceptedZScore)
    #expect(report.findings.allSatisfy { $0.isSeen == true })
    #expect(report.findings.allSatisfy { $0.text.hasSuffix("more heat from left to right") })
    // By hand.
    let currents = try diode.runs.map { run in
      let (document, _) = try Study(run.experiment, threads: 2).run(in: Sample.runContext(nil))
      return try #require(document.points[0].member(.heatCurrent, .kernel)).estimate.value
    }
    #expect(abs((currents[0] + currents[1]) / (currents[0] - currents[1]) - computed.value) < 1e-12)
    // Negative control: R of the file must not agree with no rectification.
    #expect(abs(simulated.zScore(againstExact: 0)) > acceptedZScore)
  }

  @Test("equal temperatures are left out and said; three baths are refused")
  func refusals() throws {
    let report = try DeviceStudy(Diode(box(right: 4)), threads: 1).theory()
    #expect(report.rows.isEmpty && report.findings.isEmpty)
    #expect(report.notes.contains { $0.contains("equal temperatures") })
    let three = try Experiment(
      medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [
        Contact("left", AnyBath(Sample.langevin(4))), Contact("gate", site: 2, AnyBath(Sample.langevin(2))),
        Contact("right", AnyBath(Sample.langevin(1))),
      ])
    #expect(throws: DeviceError.self) { try Diode(three) }
  }

  private func gaussian(_ index: Int) -> Double {
    var stream = CounterStream(seed: 21, index: UInt64(index), purpose: .initialState)
    return stream.gaussianPair().0
  }

  /// Whatever the number of points, at most one sweep in twenty without rectification is said to rectify somewhere.
  @Test("false alarms over many points")
  func falseAlarms() throws {
    let sweeps = 400, points = 8
    var alarms = 0
    for sweep in 0..<sweeps {
      let ratios = (0..<points).map { point -> Estimate in
        let noise = gaussian(sweep * points + point)
        return sampled(noise, 1)
      }
      if ratios.contains(where: { abs($0.value) > $0.halfWidth(among: points) }) { alarms += 1 }
    }
    // 5 % of 400, and a tail of 1e-6 of the binomial law.
    #expect(alarms < 20 + 22)
    // Negative control: judged one by one they are far more.
    let careless = (0..<sweeps).count { sweep in
      (0..<points).contains { abs(gaussian(sweep * points + $0)) > sampled(0, 1).halfWidth(among: 1) }
    }
    #expect(careless > 42)
  }
}
