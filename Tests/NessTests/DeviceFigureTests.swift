import Foundation
import Ness
import NessFiles
import NessReport
import NessStore
import NessTestSupport
import Testing

@Suite("Figures of devices")
struct DeviceFigureTests {
  private static let chain = "medium: {kind: chain, sites: 3, pinning: {left: 1.0, right: 0.5}}"
  private static let ends = """
    baths:
      left: {kind: particles, temperature: 8.0, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {seed: 5, duration: 20.0, burnIn: 20.0, timeStep: 0.02, replicas: 8}
    """
  private static let three = """
    baths:
      left: {kind: langevin, temperature: 12.0, friction: 1.0}
      gate: {kind: particles, site: 2, temperature: 20.0, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 10.0, friction: 1.0}
    sweep: {parameter: baths.gate.temperature, from: 18.0, to: 30.0, points: 5}
    """

  private func figure(_ text: String, store: String? = nil, _ name: String = "device") throws -> Figure {
    let study = try Study(yaml: text)
    let open = try store.map { try ResultStore(directory: $0, .existing) { _ in } }
    let request = FigureRequest([name])
    let numbers = try request.numbers(of: KeptStudy(study, in: open), threads: 1)
    return try request.figures(of: numbers, study.experiment)[0]
  }

  /// Rows of the table of a device by one method: its columns by name.
  private func rows(_ results: DeviceResults, _ method: String) -> [[String: Double]] {
    let lines = results.csv().split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    return lines.dropFirst().filter { $0.contains(Substring(method)) }.map { line in
      Dictionary(
        zip(
          lines[0].map { String($0.prefix { $0 != " " }) + ($0.contains("uncertainty") ? "Error" : "") },
          line.map { Double($0) ?? .nan })
      ) { $1 }
    }
  }

  @Test("a diode along its sweep: both currents by their sizes, the rectification below, symbols once it was simulated")
  func diode() throws {
    let sweep = "sweep: {parameter: baths.left.temperature, values: [4.0, 8.0, 16.0]}\ndevice: {kind: diode}"
    let text = [Self.chain, Self.ends, sweep].joined(separator: "\n")
    let study = try Study(yaml: text)
    let folder = try TemporaryDirectory()
    let found = try study.device(RunOptions(store: folder.path, threads: 1))
    let figure = try figure(text, store: folder.path)
    #expect(figure.identifier == "device" && figure.horizontal.label.hasPrefix("T_L"))
    for method in ["simulation", "memory"] {
      let rows = rows(found, method)
      #expect(rows.count == 3)
      for (name, curves) in [("forward", figure.curves), ("backward", figure.curves), ("rectification", figure.ratios)]
      {
        let curve = try #require(curves.first { $0.name.hasSuffix("\(name) \(method)") }, "\(name) \(method)")
        let known = rows.filter { $0[name]?.isFinite == true }
        #expect(curve.points.map(\.x) == known.map { $0["baths.left.temperature"] })
        #expect(curve.points.map(\.y) == known.map { name == "rectification" ? $0[name] : abs($0[name] ?? 0) })
        if method == "simulation" { #expect(curve.points.map(\.error) == known.map { $0["\(name)Error"] }) }
      }
    }
    #expect(figure.curves.contains { $0.role == .simulation && $0.label == "forward" })
    #expect(
      figure.ratios.allSatisfy { $0.points.allSatisfy { abs($0.y) <= 1 } } && figure.ratioLabel?.hasPrefix("R") == true)
    for verdict in found.verdicts where ["simulation", "memory"].contains(verdict.method) {
      #expect(figure.caption.contains(verdict.description))
    }
  }

  @Test("a diode without a sweep: the two directions on both sides of no difference of temperatures")
  func exchange() throws {
    let text = [Self.chain, Self.ends, "device: {kind: diode}"].joined(separator: "\n")
    let figure = try figure(text)
    let points = figure.curves.filter { $0.role == .theory }.flatMap(\.points)
    #expect(points.map(\.x).sorted() == [-6, 6] && points.allSatisfy { $0.y > 0 })
    #expect(!figure.curves.contains { $0.role == .simulation })
  }

  @Test("a transistor: heats along the base, the amplification below within its lines")
  func transistor() throws {
    let text = [Self.chain, Self.three, "device: {kind: transistor}"].joined(separator: "\n")
    let figure = try figure(text)
    let found = rows(try Study(yaml: text).deviceTheory(nil, threads: 1, watch: Watch()), "memory")
    let collector = try #require(figure.curves.first { $0.name.contains("heatIntoCollector") && $0.role == .theory })
    #expect(collector.points.map(\.y) == found.map { $0["heatIntoCollector"] } && collector.points.count == 5)
    let alpha = try #require(figure.ratios.first { $0.name.contains("amplification") })
    #expect(alpha.points.map(\.y) == found.compactMap { $0["amplification"] }.filter(\.isFinite))
    #expect(figure.ratios.count { $0.role == .guide } == 2)
  }

  @Test("a conductor: both axes logarithmic, and the power law has the exponent that was fitted")
  func conductivity() throws {
    let text = """
      medium: {kind: chain, sites: 8, pinning: 1.0}
      baths:
        left: {kind: langevin, temperature: 2.0, friction: 1.0}
        right: {kind: langevin, temperature: 1.0, friction: 1.0}
      device: {kind: conductivity}
      """
    let figure = try figure(text)
    #expect(figure.horizontal.scale == .logarithmic && figure.vertical.scale == .logarithmic)
    let law = try #require(figure.curves.first { $0.role == .guide })
    let points = try #require(figure.curves.first { $0.role == .theory }?.points)
    #expect(points.map(\.x) == [8, 16, 32, 64, 128])
    let (first, last) = try (#require(law.points.first), #require(law.points.last))
    let slope = log(last.y / first.y) / log(last.x / first.x)
    // A harmonic chain is ballistic: its line goes through the points.
    #expect(abs(slope - 1) < 0.02 && (law.label ?? "").hasPrefix("∝ N^{"))
    for point in points {
      #expect(abs(log(point.y / first.y) / log(point.x / first.x) - slope) < 0.02 || point.x == first.x)
    }
  }

  @Test("without a device there is no figure of one, and the reason says what to do")
  func none() throws {
    let failure = try #require(throws: Failure.self) { try figure([Self.chain, Self.ends].joined(separator: "\n")) }
    #expect(failure.description.contains("the file names no device"))
  }
}
