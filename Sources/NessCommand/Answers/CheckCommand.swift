import ArgumentParser
import Foundation
import Ness
import NessModel
import NessReport

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
    let study = try SharedOptions.study(file)
    Interrupt.hasNothingToKeep = true
    Interrupt.listen()
    let progress = ProgressLine(silent: shared.quiet)
    let threads = try shared.threadCount()
    defer { progress.end() }
    let preview = try told(of: file) { () throws(Ness.Failure) in
      try study.preview(in: OpenStores.reading(shared.store), threads: threads, watch: progress.watch())
    }
    progress.end()
    switch shared.format {
    case .json: Console.result(try preview.json())
    case .text: Console.result(text(preview, study, threads, .of(1)))
    }
  }

  private func text(_ preview: Preview, _ study: Study, _ threads: Int, _ style: TextStyle) -> String {
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
      let error = preview.relativeError.map {
        $0 > 1 ? "perhaps more than the heat current" : "about \($0.percentText) of the heat current, or less"
      }
      lines.append(("error", error ?? "unknown: no heat current to compare with"))
    }
    lines += preview.theories.map { ("theory", "\($0.method): \($0.claim)") }
    if preview.theories.isEmpty { lines.append(("theory", "none applies")) }
    if preview.theorySeconds > 2 {
      lines.append(("", "about \(TaskTime.words(preview.theorySeconds)) of one core for the theories"))
    }
    if let device = study.experiment.device {
      lines.append(("device", "\(device.kind.rawValue): what it needs besides these points is not counted here"))
    }
    if study.experiment.sweep?.refinement != nil {
      lines.append(("refine", "points are added until the maximum of the current is known; they are not counted here"))
    }
    func words(_ remark: Preview.Remark, times: Int) -> String {
      guard let first = remark.first else { return remark.text }
      if remark.points == preview.points { return "\(remark.text) (at every point)" }
      let (others, alike) = (times, times - remark.points)
      if others == 1 { return "\(remark.text) (at \(first))" }
      return "\(remark.text) (at \(first), and \(alike > 0 ? "the like " : "")at \(count(others - 1, "more point")))"
    }
    lines += preview.record.refusals.map { ("refused", style.warn(words($0, times: $0.points))) }
    let notes = preview.record.notes
    let folded = NoteFold(notes, by: \.text, times: \.points).groups.map { ($0.first, $0.times) }
    for (note, times) in verbose ? notes.map({ ($0, $0.points) }) : folded {
      let isWarning = Note.isWarning(note.text)
      let text = Note.sentence(words(note, times: times))
      lines.append(isWarning ? ("warning", style.warn(text)) : ("chosen", text))
    }
    let head = [preview.title.map(style.bold)].compactMap { $0 }
    return (head + [alignedLines(lines)]).joined(separator: "\n")
  }
}
