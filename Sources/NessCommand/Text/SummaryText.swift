import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics

/// The answer of a document and no more: one line for every point, the verdicts, and what limits them. `ResultText` has the
/// rest.
struct SummaryText {
  let text: String

  /// - Parameters:
  ///   - asked: what was named; empty for the heat current, or the heats if there is none.
  ///   - methods: what was asked for by name; empty for simulation and theory.
  ///   - width: characters of a line; nil for no limit.
  ///   - style: how the answer and its limits stand out.
  init(
    _ document: ResultDocument, asked: [Questions.Item], methods: [NessModel.Method] = [], width: Int? = nil,
    style: TextStyle = .plain
  ) {
    let points = document.points.map { (result: $0, members: $0.members) }
    let all = points.flatMap(\.members)
    let quantities = Self.quantities(all, asked)
    let shown = Set(quantities)
    let present = Set(all.lazy.filter { shown.contains($0.quantity) }.map(\.method))
    let columns = Self.columns(document.methods.filter { present.contains($0.method) }, asked: methods, present)
    var parts = [document.title.map(style.bold)].compactMap { $0 }
    if let table = Self.table(points, quantities, columns, width) {
      parts.append(table)
    } else {
      parts += points.compactMap { Self.list($0.result, $0.members, quantities, columns, width) }
    }
    var lines = Self.claims(document.methods, columns, isCompared: present.contains(.simulation))
    lines += document.verdicts.filter { columns.contains($0.method) }.map {
      ("verdict", style.bold("\($0.method.rawValue): \($0.text)"))
    }
    lines += Self.folded(points.map { ($0.result, $0.result.refusals.map(\.description)) }).map {
      ("refused", style.warn($0))
    }
    let warnings = points.map { ($0.result, $0.result.notes.filter(Note.isWarning)) }
    lines += Self.folded(warnings).map { ("warning", style.warn(Note.sentence($0))) }
    lines += document.notes.map { ("note", $0) }
    if !lines.isEmpty { parts.append(alignedLines(lines)) }
    text = parts.joined(separator: "\n\n")
  }

  /// Simulation and the theory that it is compared with; without a simulation all theories, printed formulas only if asked for.
  private static func columns(
    _ claims: [MethodClaim], asked: [NessModel.Method], _ present: Set<NessModel.Method>
  ) -> [NessModel.Method] {
    if !asked.isEmpty { return asked.filter(present.contains) }
    if present.contains(.simulation) { return [.simulation] + [claims.bestTheory()].compactMap { $0 } }
    let theories = claims.filter { $0.claim.isTheory }.rankedMethods()
    return theories.isEmpty ? claims.rankedMethods() : theories
  }

  /// What was named; the heat current; the heats from the baths where there is none; else all.
  private static func quantities(_ members: [Answer.Entry], _ asked: [Questions.Item]) -> [Quantity] {
    var found: [Quantity] = []
    var known: Set<Quantity> = []
    for member in members where known.insert(member.quantity).inserted { found.append(member.quantity) }
    if !asked.isEmpty { return found.filter { quantity in asked.contains { $0.contains(quantity) } } }
    // A transient at some of its times.
    let energies = found.filter { $0.family == .transientEnergy }
    if !energies.isEmpty { return StudyNumbers.evenlyChosen(energies.count).map { energies[$0] } }
    if known.contains(.heatCurrent) { return [.heatCurrent] }
    let heats = found.filter { $0.family == .heatFrom }
    return heats.isEmpty ? found : heats
  }

  // MARK: - Numbers

  /// A value with its whole error.
  private static func cell(_ member: Answer.Entry?) -> String {
    guard let member else { return "" }
    guard let budget = member.budget, budget.whole > 0 else { return formatted(member.estimate) }
    return formatted(member.estimate.value, error: budget.whole)
  }

  private static func words(_ score: Double?) -> String { score.map(scoreText) ?? "" }

  /// A line for every point: one quantity by several methods, or several by the first of them. nil without a sweep, or if
  /// that is too wide.
  private static func table(
    _ points: [(result: PointResult, members: [Answer.Entry])], _ quantities: [Quantity], _ methods: [NessModel.Method],
    _ width: Int?
  ) -> String? {
    guard let first = points.first, !first.result.parameters.isEmpty, !quantities.isEmpty, let leading = methods.first
    else { return nil }
    let isOne = quantities.count == 1
    let cells: [(quantity: Quantity, method: NessModel.Method)] =
      isOne ? methods.map { (quantities[0], $0) } : quantities.map { ($0, leading) }
    let scores = points.map { point in
      quantities.compactMap { quantity in point.members.filter { $0.quantity == quantity }.zScore }
    }
    let hasScore = scores.contains { !$0.isEmpty }
    var table = TextTable(
      columns: first.result.parameters.map { .init($0.path, alignment: .decimal) }
        + cells.map { .init(isOne ? $0.method.rawValue : $0.quantity.description, alignment: .decimal) }
        + (hasScore ? [.init(isOne ? "z" : "largest z", alignment: .right)] : []))
    for ((result, members), scores) in zip(points, scores) {
      let largest = scores.max { abs($0) < abs($1) }
      table.append(
        result.parameters.map { formatted($0.value) }
          + cells.map { place in cell(members.first { $0.quantity == place.quantity && $0.method == place.method }) }
          + (hasScore ? [words(largest)] : []))
    }
    guard table.width <= width ?? 160 else { return nil }
    let head = isOne ? quantities[0].description : "by \(leading.rawValue)"
    return head + "\n" + table.text().trimmingNewlines
  }

  /// Quantities down and methods across, of one point; nil where nothing is known of them.
  private static func list(
    _ point: PointResult, _ members: [Answer.Entry], _ quantities: [Quantity], _ methods: [NessModel.Method],
    _ width: Int?
  ) -> String? {
    let isCompared = members.contains { $0.method == .simulation } && methods.count > 1
    var table = TextTable(
      columns: [.init("quantity")] + methods.map { .init($0.rawValue, alignment: .decimal) }
        + (isCompared ? [.init("z", alignment: .right)] : []))
    var isEmpty = true
    // What is asked by name is shown, but no curve of hundreds of numbers.
    let asked = quantities.filter { quantity in
      members.contains { $0.quantity == quantity && methods.contains($0.method) }
    }
    let shown = ShownQuantities(asked, longest: 64, first: 16)
    for quantity in shown.quantities {
      let own = members.filter { $0.quantity == quantity }
      isEmpty = false
      let cells = methods.map { method in cell(own.first { $0.method == method }) }
      table.append([quantity.description] + cells + (isCompared ? [words(own.zScore)] : []))
    }
    guard !isEmpty else { return nil }
    let head = point.parameters.map { "\($0.path) = \(formatted($0.value))" }
    return (head + [table.text(width: width).trimmingNewlines] + shown.hidden).joined(separator: "\n")
  }

  // MARK: - Words

  private static func claims(
    _ claims: [MethodClaim], _ columns: [NessModel.Method], isCompared: Bool
  ) -> [(String, String)] {
    // What a simulation is needs no words.
    var lines = claims.filter { columns.contains($0.method) && $0.method != .simulation }
      .map { ($0.method.rawValue, $0.claim.sentence) }
    if isCompared, let best = claims.bestTheory() {
      lines.append(
        (
          "z",
          "(simulation less its known bias) against \(best.rawValue), in errors of both; the errors shown include "
            + "time step and burn-in"
        ))
    }
    return lines
  }

  /// Sentences of the points; those alike but for their numbers once, with the first point of which they are said.
  private static func folded(_ said: [(point: PointResult, sentences: [String])]) -> [String] {
    var found = NoteFold<(sentence: String, place: String)>()
    for (point, sentences) in said {
      let place = point.parameters.map { "\($0.path) = \(formatted($0.value))" }.joined(separator: ", ")
      // A point counts once.
      for one in NoteFold(sentences, by: \.self).groups { found.add((one.first, place), one.first) }
    }
    return found.groups.map { group in
      let (sentence, place, points) = (group.first.sentence, group.first.place, group.times)
      if place.isEmpty { return sentence }
      return points == said.count
        ? "\(sentence) (at every point, first \(place))"
        : sentence
          + (points > 1 ? " (at \(place) and \(points - 1) more point\(points == 2 ? "" : "s"))" : " (at \(place))")
    }
  }
}

/// A z-score to a tenth, without the sign of a zero.
func scoreText(_ score: Double) -> String { "\((score * 10).rounded() / 10 + 0)" }

/// A line for each name with its text, the texts below one another.
func alignedLines(_ lines: [(name: String, text: String)]) -> String {
  let width = lines.map(\.name.count).max() ?? 0
  return lines.map { $0.name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + $0.text }
    .joined(separator: "\n")
}

extension String {
  fileprivate var trimmingNewlines: String { trimmingCharacters(in: .newlines) }
}
