import NessStatistics
import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport
import NessStudy

extension ProbeMeasurement: ExpressibleByArgument {}

/// `ness probe`: a single probe in a particle bath.
struct Probe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on a single probe in a particle bath: mean force, noise, friction, ring-down, equilibrium law.",
    discussion: """
      The file describes one site (medium.sites: 1) in one bath of kind particles.

      MEASUREMENTS
        meanForce    mean force on a probe held at displacements, against exact
        noise        correlation of the force on a probe at rest, against T Gamma(t)
        greenKubo    friction: the integral of that correlation, against formula
        ringDown     friction from the decay after a kick, against theory
        equilibrium  histogram of the displacement, against the exact law

      EXAMPLES
        ness probe Examples/single-probe.yaml
        ness probe Examples/single-probe.yaml --measure ringDown --velocity 50
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Option(help: "A measurement, may be repeated. (default: all)") var measure: [ProbeMeasurement] = []
  @Option(help: "Velocity of the kick for the ring-down. (default: one that the particles answer linearly to 0.5 %)")
  var velocity: Double?
  @OptionGroup var shared: SharedOptions

  /// One point of the sweep with its comparisons.
  private struct PointOutput: Encodable {
    let parameters: [String: Double]
    let comparisons: [Row]
  }

  /// One comparison as it is written to JSON.
  private struct Row: Encodable {
    let measurement: ProbeMeasurement
    let abscissa: String
    let at: Double
    let value: Double
    let uncertainty: Double
    let theory: Double
    let theoryName: String
    let zScore: Double
    let note: String?

    init(_ comparison: ProbeComparison) {
      measurement = comparison.measurement
      abscissa = comparison.abscissa
      at = comparison.at
      value = comparison.simulation.value
      uncertainty = comparison.simulation.error
      theory = comparison.theory
      theoryName = comparison.theoryName
      zScore = comparison.zScore
      note = comparison.note
    }
  }

  func run() throws {
    if let velocity, !(velocity.isFinite && velocity != 0) {
      throw UnusableInput("--velocity \(velocity): expected a number that is not 0")
    }
    let experiment = try SharedOptions.study(file).experiment
    let threads = try shared.threadCount()
    let progress = ProgressLine(silent: shared.quiet)
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let wanted = measure.isEmpty ? ProbeMeasurement.allCases : measure
    let points = experiment.points()
    var outputs: [PointOutput] = []
    for (index, point) in points.enumerated() {
      var rows: [ProbeComparison] = []
      for (order, measurement) in wanted.enumerated() {
        let before = Double(index * wanted.count + order)
        let total = Double(points.count * wanted.count)
        do {
          guard let model = point.model.chain else {
            throw Refusal(.simulation, "a probe is a chain of one site, not a \(point.model.medium.kind.key)")
          }
          let study = try ProbeStudy(
            model: model, seed: experiment.run.seed, replicas: experiment.run.replicas, initialVelocity: velocity)
          rows += try study.measure(
            measurement, threads: threads,
            onProgress: { part in
              let fraction = (before + part) / total
              progress.show(
                measurement.rawValue, fraction: fraction, secondsLeft: progress.secondsLeft(fraction: fraction))
            }, shouldStop: { Interrupt.requested })
        } catch {
          progress.end()
          if Interrupt.requested { throw Failure(message: "interrupted", status: 130) }
          throw UnusableInput("\(file): \(measurement.rawValue): \(error)")
        }
      }
      progress.end()
      let parameters = Dictionary(point.parameters.map { ($0.path, $0.value) }) { first, _ in first }
      outputs.append(PointOutput(parameters: parameters, comparisons: rows.map(Row.init)))
      if shared.format == .text { Console.result(Self.text(point, rows)) }
    }
    if shared.format == .json { Console.result(try outputs.json()) }
  }

  private static func text(_ point: ExperimentPoint, _ rows: [ProbeComparison]) -> String {
    var table = TextTable(columns: [
      .init("measurement"), .init("at"), .init("simulation", alignment: .decimal), .init("theory", alignment: .decimal),
      .init("which"), .init("z", alignment: .right),
    ])
    for row in rows {
      table.append([
        row.measurement.rawValue, "\(row.abscissa) = \(row.at.text(digits: 5))",
        formatted(row.simulation),
        formatted(row.theory), row.theoryName, scoreText(row.zScore),
      ])
    }
    var notes: [String] = []
    for case let note? in rows.map(\.note) where !notes.contains(note) { notes.append(note) }
    let parts =
      point.parameters.map { "\($0.path) = \(formatted($0.value))" } + [table.text()] + notes.map { "note     \($0)" }
    return parts.joined(separator: "\n")
  }
}
