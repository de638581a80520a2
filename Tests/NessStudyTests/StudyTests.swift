import Foundation
import NessFiles
import NessModel
import NessSampling
import NessStatistics
import NessStore
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

@Suite struct StudyTests {
  @Test func theoryOfEveryPoint() throws {
    let document = try Study(Sample.experiment(), threads: 1).theory()
    #expect(document.title == "tiny" && !document.interrupted)
    #expect(document.points.map { $0.parameters.map(\.value) } == [[10], [20]])
    for point in document.points {
      let methods = Set(point.estimates.filter { $0.quantity == .heatCurrent }.map(\.method))
      #expect(methods == [.markov, .memory, .asymptotic, .printed])
      #expect(point.members.contains { $0.quantity == .kineticTemperature(site: 3) })
      #expect(point.run == nil && point.refusals.isEmpty)
    }
  }

  /// Unasked, a method that does not apply is absent; asked for, its refusal is part of the result.
  @Test func refusalsAreShownWhereAsked() throws {
    let experiment = try Experiment(
      medium: .init(Chain(sites: 3, pinning: 1)),
      contacts: [Contact("left", AnyBath(Sample.langevin(2))), Contact("right", AnyBath(Sample.langevin(1)))])
    #expect(try Study(experiment, threads: 1).theory().points[0].refusals.isEmpty)
    let asked = try Study(experiment, threads: 1).theory(methods: [.printed]).points[0]
    #expect(asked.refusals.map(\.method) == [.printed] && asked.estimates.isEmpty)
  }

  private func current(_ point: PointResult, _ method: NessModel.Method) throws -> Estimate {
    try #require(point.estimates.first { $0.quantity == .heatCurrent && $0.method == method }).estimate
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let experiment = try Sample.experiment()
    let one = try Study(experiment, threads: 1).run(in: Sample.runContext(nil)).document.json()
    #expect(try Study(experiment, threads: 2).run(in: Sample.runContext(nil)).document.json() == one)
    let other = try Study(Sample.experiment(seed: 2), threads: 1).run(in: Sample.runContext(nil)).document.json()
    #expect(other != one)
  }

  @Test func simulationStandsBesideTheory() throws {
    let progress = CollectedValues<Double>()
    let document = try Study(Sample.experiment(), threads: 2).run(in: Sample.runContext(nil, progress: progress))
      .document
    #expect(document.points.count == 2 && !document.interrupted)
    for point in document.points {
      let simulated = try current(point, .simulation)
      let exact = try current(point, .memory).value
      #expect(abs(simulated.zScore(againstExact: exact)) < acceptedZScore)
      #expect(abs(simulated.zScore(againstExact: exact + 10 * simulated.error)) > acceptedZScore)
      #expect(point.run?.stopReason == "durationReached" && point.run?.seed == 1 && point.run?.wallSeconds == nil)
    }
    #expect(progress.values == progress.values.sorted())
    #expect(progress.values.last == 1)
  }

  /// The second run reads the store and gives the same bytes, whatever the number of threads.
  @Test func finishedPointsAreReused() throws {
    let directory = try TemporaryDirectory()
    let experiment = try Sample.experiment()
    let notes = CollectedValues<String>()
    let first = try Study(experiment, threads: 2).run(in: Sample.runContext(directory.store(), notes: notes)).document
    #expect(try directory.results().count == 2)
    #expect(!notes.values.isEmpty)
    let kept = try #require(try directory.results().first { $0.summary.parameters.map(\.value) == [20] })
    #expect(kept.summary.title == "tiny" && kept.summary.parameters.map(\.dimension) == ["energy"])
    #expect(kept.summary.value == (try current(first.points[1], .simulation).value))
    #expect(kept.summary.stopReason == "durationReached" && kept.isFinished)
    let later = CollectedValues<String>()
    let second = try Study(experiment, threads: 1).run(in: Sample.runContext(directory.store(), notes: later))
      .document
    #expect(try second.json() == first.json())
    // Nothing was computed: no choice was announced and no entry written.
    #expect(later.values.isEmpty)
    #expect(try directory.results().count == 2)
    // Control: another seed is computed and kept beside.
    _ = try Study(Sample.experiment(seed: 2), threads: 1).run(in: Sample.runContext(directory.store(), notes: later))
    #expect(!later.values.isEmpty)
    #expect(try directory.results().count == 4)
  }

  @Test func anInterruptKeepsWhatWasFinished() throws {
    let directory = try TemporaryDirectory()
    let none = try Study(Sample.experiment(), threads: 1).run(
      in: Sample.runContext(directory.store(), shouldStop: { true })
    ).document
    #expect(none.interrupted && none.points.isEmpty)
    // Stop once the first of two points is done.
    let progress = CollectedValues<Double>()
    let part = try Study(Sample.experiment(), threads: 1).run(
      in: Sample.runContext(
        directory.store(), progress: progress, shouldStop: { (progress.values.last ?? 0) > 0.5 })
    ).document
    #expect(part.interrupted && part.points.count >= 1)
    #expect(try directory.results().filter(\.isFinished).count == 1)
    let finished = try #require(part.points.first { $0.run?.stopReason == StopReason.durationReached.rawValue })
    let whole = try Study(Sample.experiment(), threads: 1).run(in: Sample.runContext(directory.store())).document
    #expect(whole.points.count == 2 && !whole.interrupted)
    #expect(whole.points.contains(finished))
    #expect(try directory.results(unfinished: true).isEmpty)
  }

  /// When the time is over no further point is begun, however many there are.
  @Test func aTimeThatIsOverBeginsNoPoint() throws {
    let notes = CollectedValues<String>()
    var runContext = Sample.runContext(nil)
    runContext.timeLimit = 0.3
    runContext.onNote = { notes.add($0) }
    // Until it is over, in the middle of the first point.
    runContext.onProgress = { if $0.fraction > 0 { usleep(350_000) } }
    let (document, failures) = try Study(Sample.experiment(), threads: 1).run(in: runContext)
    #expect(document.points.count == 2 && !document.interrupted)
    #expect(notes.values.count { $0.contains(" after ") } <= 1)
    #expect(failures.contains { "\($0)".contains("before the simulation began") }, "\(failures)")
  }

  /// What cannot be run is refused before any point is simulated, naming the point.
  @Test func anUnusablePointIsNamedBeforeAnyWork() throws {
    let experiment = try Experiment(
      medium: .init(Chain(sites: 2, pinning: 1)),
      contacts: [Contact("left", AnyBath(Sample.langevin(1))), Contact("right", AnyBath(Sample.langevin(2)))],
      run: RunSettings(replicas: 16, targetError: 0.05),
      sweep: Sweep(parameter: "baths.left.temperature", values: [1, 2]))
    let notes = CollectedValues<String>()
    let failure = #expect(throws: PointFailure.self) {
      try Study(experiment, threads: 1).run(in: Sample.runContext(nil, notes: notes)).document
    }
    #expect(failure?.point == "baths.left.temperature = 2" && failure?.isUnusable == true)
    #expect(notes.values.isEmpty)
  }

  /// The law: a study that is stopped at any moment has done nothing, or leaves what it did; going on gives the same bytes.
  @Test func stoppedAtAnyMomentItGoesOn() throws {
    let directory = try TemporaryDirectory()
    let experiment = try Sample.experiment(duration: 400)
    let whole = try Study(experiment, threads: 1).run(in: Sample.runContext(nil)).document
    var work = -1.0
    for asks in [0, 1, 2, 3, 5, 8, 13, 21, 34, 55] {
      let asked = CollectedValues<Int>()
      var runContext = Sample.runContext(
        try directory.store(),
        shouldStop: {
          asked.add(1)
          return asked.values.count > asks
        })
      runContext.wantsForecast = asks % 2 == 0
      let part = try Study(experiment, threads: 1).run(in: runContext)
      #expect(part.failures.isEmpty)
      if !part.document.interrupted { #expect(try part.document.json() == whole.json()) }
      let (finished, kept) = (try directory.results().filter(\.isFinished).count, try directory.store().savedWork())
      #expect(kept + 1e6 * Double(finished) >= work, "stopped after \(asks) questions")
      work = kept + 1e6 * Double(finished)
    }
    #expect(work > 0)
    #expect(
      try Study(experiment, threads: 1).run(in: Sample.runContext(directory.store())).document.json() == whole.json())
  }

  /// The second run of a step check is not shorter than the first, and as little of it may be lost.
  @Test func aStepCheckGoesOnInItsSecondRun() throws {
    let directory = try TemporaryDirectory()
    var study = try Study(Sample.experiment(duration: 400).at([0]), threads: 1)
    study.checksStep = true
    let whole = try study.run(in: Sample.runContext(nil)).document
    let checked = study
    let found = untilTheEnd(looks: 12) { looks -> ResultDocument? in
      let document = try? directory.store().withStudy(checked) { looks.isOver() }
      return document?.interrupted == false ? document : nil
    }
    // Every run does a part of one of the two.
    #expect(try #require(found).runs > 4)
    #expect(found?.outcome.points.first?.estimates == whole.points.first?.estimates)
    #expect(found?.outcome.points.first?.notes == whole.points.first?.notes)
    #expect(whole.points.first?.notes.contains { $0.hasPrefix("step check: J = ") } == true)
    #expect(try directory.results(unfinished: true).isEmpty)
  }

  /// The clock runs from the beginning: planning and theory count, and every point is accounted for.
  @Test(arguments: [0, 0.001, 0.02]) func aTimeLimitCoversAllPhases(limit: Double) throws {
    let experiment = try Sample.experiment(duration: 1e6)
    var runContext = Sample.runContext(nil)
    runContext.timeLimit = limit
    let (document, failures) = try Study(experiment, threads: 1).run(in: runContext)
    #expect(document.points.count == 2 && !document.interrupted)
    let late = failures.filter(\.isOutOfTime).count
    #expect(late == failures.count)
    for point in document.points { #expect(point.run == nil || point.run?.stopReason == StopReason.budget.rawValue) }
    #expect(failures.count + document.points.filter { $0.run != nil }.count == 2)
  }

  /// Work that must not count twice does without theory and forecasts.
  @Test func simulationAlone() throws {
    var runContext = Sample.runContext(nil)
    runContext.wantsTheory = false
    let alone = try Study(Sample.experiment(), threads: 1).run(in: runContext).document
    let both = try Study(Sample.experiment(), threads: 1).run(in: Sample.runContext(nil)).document
    for (point, other) in zip(alone.points, both.points) {
      #expect(point.estimates == other.estimates.filter { $0.method == .simulation } && point.run == other.run)
    }
  }
}

extension ResultStore {
  /// A study in this store, without forecasts.
  fileprivate func withStudy(_ study: Study, shouldStop: @escaping @Sendable () -> Bool) throws -> ResultDocument {
    var runContext = Sample.runContext(self, shouldStop: shouldStop)
    runContext.wantsForecast = false
    return try study.run(in: runContext).document
  }
}
