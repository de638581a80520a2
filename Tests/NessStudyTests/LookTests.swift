import Foundation
import NessFiles
import NessModel
import NessStore
import NessStudy
import NessStudyTestSupport
import NessTestSupport
import Testing

@Suite("A study told point by point while it runs")
struct LookTests {
  private struct Told: Sendable {
    let index: Int
    let point: PointResult
  }

  private static func runContext(
    _ store: ResultStore?, looks: CollectedValues<Told>? = nil, points: CollectedValues<Told>,
    notes: CollectedValues<String> = CollectedValues()
  ) -> Study.RunContext {
    var runContext = Sample.runContext(store, notes: notes)
    runContext.wantsForecast = false
    if let looks { runContext.onLook = { looks.add(Told(index: $0, point: $1)) } }
    // A point takes long enough to be looked at on any machine.
    runContext.onProgress = { _ in Thread.sleep(forTimeInterval: looks == nil ? 0 : 0.002) }
    runContext.onPoint = { points.add(Told(index: $0, point: $1)) }
    return runContext
  }

  @Test("looks change no byte; every point comes once, as the document holds it", arguments: [1, 2])
  func everyPoint(threads: Int) throws {
    let directory = try TemporaryDirectory()
    let (looks, points) = (CollectedValues<Told>(), CollectedValues<Told>())
    let study = Study(try Sample.experiment(duration: 400), threads: threads)
    let seen = try study.run(in: Self.runContext(directory.store(), looks: looks, points: points)).document
    let unseen = try study.run(in: Sample.runContext(nil)).document
    #expect(try seen.json() == unseen.json())
    #expect(points.values.sorted { $0.index < $1.index }.map(\.point) == seen.points)
    #expect(Set(looks.values.map(\.index)) == [0, 1])
    for look in looks.values {
      #expect(look.point.parameters == seen.points[look.index].parameters && look.point.run == nil)
      #expect(look.point.estimates.contains { $0.quantity == .heatCurrent })
      #expect(look.point.members.allSatisfy { $0.method == .simulation && $0.estimate.error > 0 })
    }
    // From the store everything comes at once, and nothing is looked at.
    let (again, later) = (CollectedValues<Told>(), CollectedValues<Told>())
    let kept = try study.run(in: Self.runContext(directory.store(), looks: later, points: again)).document
    #expect(again.values.map(\.index) == [0, 1] && again.values.map(\.point) == kept.points)
    #expect(later.values.isEmpty && kept.points == seen.points)
  }

  @Test("a point that is computed exactly comes at once, one that failed with the reason")
  func exactAndFailed() throws {
    let points = CollectedValues<Told>()
    let exact = try Experiment(
      yaml: """
        medium: {kind: quantumBox, length: 1.0, levels: 8}
        baths:
          left: {kind: lindblad, temperature: 40.0, coupling: wall, spectrum: ohmic}
          right: {kind: lindblad, temperature: 4.0, coupling: wall, spectrum: ohmic}
        """, file: "f.yaml")
    let found = try Study(exact, threads: 1).run(in: Self.runContext(nil, points: points)).document
    #expect(points.values.map(\.point) == found.points && !found.points[0].estimates.isEmpty)
    let failed = CollectedValues<Told>()
    let short = try Experiment(
      medium: .init(Chain(sites: 2, pinning: 1)),
      contacts: [Contact("left", AnyBath(Sample.langevin(1))), Contact("right", AnyBath(Sample.langevin(2)))],
      run: RunSettings(replicas: 1, duration: 10, burnIn: 0))
    _ = try Study(short, threads: 1).run(in: Self.runContext(nil, points: failed))
    #expect(failed.values.count == 1)
    #expect(failed.values.first?.point.notes.contains { $0.hasPrefix("warning: simulation failed: ") } == true)
  }

  @Test("points that are added to a sweep follow those of the file")
  func refined() throws {
    let text = """
      medium: {kind: box, length: 1.0}
      baths:
        left: {kind: maxwell, temperature: 20.0}
        right: {kind: maxwell, temperature: 5.0}
      run: {targetError: 0.01}
      sweep: {parameter: baths.right.temperature, values: [1.0, 4.0, 14.0], refine: maximum, refineError: 0.05}
      """
    let points = CollectedValues<Told>()
    let study = RefinedStudy(Study(try Experiment(yaml: text, file: "f.yaml"), threads: 2))
    let document = try study.run(in: Self.runContext(nil, points: points)).document
    let told = points.values.sorted { $0.index < $1.index }
    #expect(told.count > 3 && told.map(\.index) == Array(0..<document.points.count))
    #expect(told.prefix(3).map { $0.point.parameters[0].value } == [1, 4, 14])
    #expect(Set(told.map(\.point)) == Set(document.points))
  }
}
