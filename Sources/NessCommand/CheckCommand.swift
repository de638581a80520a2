import ArgumentParser
import Foundation
import NessFiles
import NessModel
import NessReport
import NessStudy

/// `ness check`: what a run would do, without running.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Say what a run of an experiment file would do, without running it: points, settings, time, error, refusals.",
    discussion: """
      Mistakes in the file are reported all at once, with line, key and remedy (exit status 2). Time and error are estimated by \
      short trials of two seconds at most, on this machine; the theories are not computed. Nothing is written.

      EXAMPLES
        ness check Examples/hot-particles.yaml
        ness check mine.yaml --threads 8 --format json
      """)

  @Argument(help: "The experiment file (YAML).") var file: String
  @Flag(name: [.short, .long], help: "Show all settings that are chosen, point by point.") var verbose = false
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let experiment = try SharedOptions.experiment(file)
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let progress = ProgressLine(silent: shared.quiet)
    let threads = try shared.threadCount()
    let preview: StudyPreview
    do {
      preview = try Study(experiment, threads: threads).preview(
        store: OpenStores.reading(shared.store),
        onProgress: { progress.show("looking", fraction: $0, secondsLeft: progress.secondsLeft(fraction: $0)) })
    } catch let error as PointFailure {
      progress.end()
      throw UnusableInput("\(file): \(error)")
    }
    progress.end()
    switch shared.format {
    case .json: Console.result(try preview.json())
    case .text: Console.result(text(preview, experiment, threads, .of(1)))
    }
  }

  private func text(_ preview: StudyPreview, _ experiment: Experiment, _ threads: Int, _ style: TextStyle) -> String {
    var lines: [(String, String)] = []
    func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
    var points = count(preview.points, "point")
    if preview.simulated > 0 {
      points += preview.simulated == preview.points ? ", simulated" : ", \(preview.simulated) of them simulated"
    } else {
      points += ", computed without simulation"
    }
    if preview.finished > 0 { points += "; \(preview.finished) finished before and in \(shared.store)" }
    lines.append(("points", points))
    if preview.simulated > preview.finished {
      let time = preview.seconds.map {
        "\($0 < 0.95 ? "less than a second" : "about \(TaskTime.words($0))") on \(count(threads, "thread"))"
      }
      lines.append(("time", time ?? "unknown: short trials could not tell"))
      let error = preview.relativeError.map { "about \((100 * $0).text(digits: 2)) % of the heat current, or less" }
      lines.append(("error", error ?? "unknown: no heat current to compare with"))
    }
    lines += preview.theories.map { ("theory", "\($0.method): \($0.claim)") }
    if preview.theories.isEmpty { lines.append(("theory", "none applies")) }
    if preview.theorySeconds > 2 {
      lines.append(("", "about \(TaskTime.words(preview.theorySeconds)) of one core for the theories"))
    }
    if experiment.sweep?.refinement != nil {
      lines.append(("refine", "points are added until the maximum of the current is known; they are not counted here"))
    }
    func words(_ remark: StudyPreview.Remark, alike: Int = 0) -> String {
      guard let first = remark.first else { return remark.text }
      let others = remark.points + alike
      if remark.points == preview.points { return "\(remark.text) (at every point)" }
      if others == 1 { return "\(remark.text) (at \(first))" }
      return "\(remark.text) (at \(first), and \(alike > 0 ? "the like " : "")at \(count(others - 1, "more point")))"
    }
    lines += preview.refusals.map { ("refused", style.warn(words($0))) }
    for (note, alike) in verbose ? preview.notes.map({ ($0, 0) }) : Self.folded(preview.notes) {
      let isWarning = Note.isWarning(note.text)
      let text = Note.sentence(words(note, alike: alike))
      lines.append(isWarning ? ("warning", style.warn(text)) : ("chosen", text))
    }
    let head = [preview.title.map(style.bold)].compactMap { $0 }
    return (head + [alignedLines(lines)]).joined(separator: "\n")
  }

  /// Of remarks that are alike but for their numbers the first, with the points of the others.
  private static func folded(_ remarks: [StudyPreview.Remark]) -> [(first: StudyPreview.Remark, alike: Int)] {
    var found: [(first: StudyPreview.Remark, alike: Int)] = []
    var places: [String: Int] = [:]
    for remark in remarks {
      let wording = NoteFold.wording(remark.text)
      if let place = places[wording] {
        found[place].alike += remark.points
      } else {
        places[wording] = found.count
        found.append((remark, 0))
      }
    }
    return found
  }
}
