import NessFiles
import NessModel
import NessStatistics
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

/// A box between Maxwell walls: the current is largest where the cold wall has a quarter of the hot temperature.
struct RefinedStudyTests {
  private func box(
    values: String = "[1.0, 4.0, 14.0]", error: Double = 0.05, run: String = "{targetError: 0.01}"
  ) throws -> RefinedStudy {
    RefinedStudy(Study(try experiment(values, error, run), threads: 2))
  }

  private func experiment(_ values: String, _ error: Double, _ run: String) throws -> Experiment {
    let text = """
      medium: {kind: box, length: 1.0}
      baths:
        left: {kind: maxwell, temperature: 20.0}
        right: {kind: maxwell, temperature: 5.0}
      run: \(run)
      sweep: {parameter: baths.right.temperature, values: \(values), refine: maximum, refineError: \(error)}
      """
    return try Experiment(yaml: text, file: "f.yaml")
  }

  private func temperatures(_ document: ResultDocument) -> [Double] { document.points.map { $0.parameters[0].value } }

  @Test(arguments: [0.05, 0.002]) func theoryIsRefined(error: Double) throws {
    let document = try box(error: error).theory()
    let verdict = try #require(document.verdicts.first { $0.method == .renewal })
    let (peak, peakError) = (try #require(verdict.peak), try #require(verdict.peakError))
    #expect(peakError > 0 && peakError <= error * peak && abs(peak - 5) <= peakError, "\(peak) ± \(peakError)")
    #expect(document.points.count > 3 && temperatures(document) == temperatures(document).sorted())
    #expect(Set([1, 4, 14]).isSubset(of: temperatures(document)))
    #expect(document.notes.count == 1 && document.notes[0].hasPrefix("refinement by renewal: T_right = "))
    #expect(document.notes[0].hasSuffix("\(document.points.count - 3) points added"))
  }

  /// The same file gives the same points and bytes, whatever the threads; from the store too, without computing.
  @Test func simulationIsRefinedToTheSameBytes() throws {
    let directory = try TemporaryDirectory()
    let experiment = try experiment("[1.0, 4.0, 14.0]", 0.06, "{targetError: 0.006}")
    let one = try RefinedStudy(Study(experiment, threads: 1)).run(in: Sample.runContext(nil)).document
    let two = try RefinedStudy(Study(experiment, threads: 2)).run(in: Sample.runContext(directory.store())).document
    #expect(try one.json() == two.json())
    let verdict = try #require(one.verdicts.first { $0.method == .simulation })
    let (peak, peakError) = (try #require(verdict.peak), try #require(verdict.peakError))
    #expect(one.points.count > 3, "\(one.notes)")
    #expect(peakError <= 0.06 * peak && abs(peak - 5) < 4.9 * peakError)
    let notes = CollectedValues<String>()
    let again = try RefinedStudy(Study(experiment, threads: 1))
      .run(in: Sample.runContext(directory.store(), notes: notes)).document
    #expect(try again.json() == two.json() && !notes.values.contains { $0.contains("after") })
  }

  /// An interrupted search keeps the finished points, and a second one goes on to the same end.
  @Test func anInterruptedSearchGoesOn() throws {
    let directory = try TemporaryDirectory()
    let notes = CollectedValues<String>()
    let part = try box().run(
      in: Sample.runContext(
        directory.store(), notes: notes, shouldStop: { notes.values.count { $0.contains("target error reached") } > 3 })
    ).document
    #expect(part.interrupted && part.points.count > 3)
    let whole = try box().run(in: Sample.runContext(directory.store())).document
    #expect(try whole.json() == box().run(in: Sample.runContext(nil)).document.json())
    #expect(whole.points.count > part.points.count && !whole.interrupted)
  }

  @Test func withoutAMaximumNothingIsAdded() throws {
    let document = try box(values: "[8.0, 12.0, 16.0]").theory()
    #expect(temperatures(document) == [8, 12, 16])
    #expect(
      document.notes == [
        "warning: refinement by renewal, colder right bath: no maximum within the range: |J| is largest at its last point, T = 8"
      ])
  }

  @Test func withoutRefineNothingChanges() throws {
    let study = Study(try Sample.experiment(), threads: 1)
    #expect(try RefinedStudy(study).theory() == study.theory())
  }
}
