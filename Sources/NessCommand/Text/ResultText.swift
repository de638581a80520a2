import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics

/// A result document for reading in a terminal: quantities down, methods across, simulation less its known bias against
/// theory as a z-score.
struct ResultText {
  let text: String

  /// - Parameters:
  ///   - asked: methods that were asked for by name; a formula as printed is shown only then.
  ///   - width: characters of a line; nil for no limit.
  init(_ document: ResultDocument, asked: [NessModel.Method] = [], width: Int? = nil) {
    let isShown = { (method: NessModel.Method, claim: Claim?) in
      asked.contains(method) || claim?.validity != .printed
    }
    var parts = [document.title].compactMap { $0 }
    var notes = NoteFold<String>()
    let members = document.points.map { $0.members.filter { isShown($0.method, $0.claim) } }
    let claims = document.methods.filter { isShown($0.method, $0.claim) }
    let verdicts = document.verdicts(asked: asked)
    for (point, members) in zip(document.points, members) { parts.append(Self.table(point, members, &notes, width)) }
    if !notes.rest.isEmpty { parts.append((notes.rest + ["all notes: --format json"]).joined(separator: "\n")) }
    if members.contains(where: Self.hasBias) { parts.append(Self.legend) }
    if !claims.isEmpty {
      parts.append(Self.lines(claims, isCompared: members.contains(where: Self.compares)))
    }
    if !verdicts.isEmpty { parts.append(Self.lines(verdicts)) }
    if !document.notes.isEmpty { parts.append(document.notes.joined(separator: "\n")) }
    text = parts.joined(separator: "\n\n")
  }

  /// Does more temperature difference give less heat? One line for every line of the sweep and method.
  private static func lines(_ verdicts: [Verdict]) -> String {
    var table = TextTable(columns: [.init("verdict by"), .init("does more temperature difference give less heat?")])
    for verdict in verdicts { table.append([verdict.method.rawValue, verdict.text]) }
    return table.text().trimmingCharacters(in: .newlines)
  }

  /// What each column is: exact, an approximation of what, or printed; and which one z compares with.
  private static func lines(_ methods: [MethodClaim], isCompared: Bool) -> String {
    var table = TextTable(columns: [.init("method"), .init("what it is")])
    for one in methods { table.append([one.method.rawValue, one.claim.sentence]) }
    var text = table.text().trimmingCharacters(in: .newlines)
    if isCompared, let best = methods.bestTheory() {
      text +=
        "\nz: (simulation less its known bias) against \(best.rawValue), or the next theory that has the quantity, in errors of both, budget included"
    }
    return text
  }

  /// What the column `bias` means.
  private static let legend =
    "bias: systematic error of time step and burn-in: its value by linear theory (+ or -), which z takes out, or an upper\n"
    + "bound by an estimate (<=), which z does not"

  private static func hasBias(_ members: [Answer.Entry]) -> Bool {
    members.contains { $0.method == .simulation && bias($0) != nil }
  }

  /// The systematic parts of a simulated quantity in a few letters; nil if it has none.
  private static func bias(_ entry: Answer.Entry) -> String? {
    guard let budget = entry.budget, budget.systematicParts.contains(where: { $0.part.basis != .none }) else {
      return nil
    }
    let (known, bounded) = (budget.knownBias, budget.unknownBias)
    let sign = known > 0 ? "+" : ""
    if bounded == 0 { return known == 0 ? "0" : "\(sign)\(known.text(digits: 2))" }
    return (known == 0 ? "" : "\(sign)\(known.text(digits: 2)) ") + "<=\(bounded.text(digits: 2))"
  }

  /// Whether a quantity has both a simulated value and a theory to compare it with.
  private static func compares(_ members: [Answer.Entry]) -> Bool {
    let simulated = Set(members.lazy.filter { $0.method == .simulation }.map(\.quantity))
    return members.contains { simulated.contains($0.quantity) && $0.claim.isTheory }
  }

  private static func table(
    _ point: PointResult, _ members: [Answer.Entry], _ fold: inout NoteFold<String>, _ width: Int?
  )
    -> String
  {
    let methods = NessModel.Method.allCases.filter { method in members.contains { $0.method == method } }
    var all: [Quantity] = []
    var known: Set<Quantity> = []
    for entry in members where known.insert(entry.quantity).inserted { all.append(entry.quantity) }
    let shown = ShownQuantities(all)
    let hasBias = hasBias(members)
    let compares = compares(members)
    var table = TextTable(
      columns: [.init("quantity")] + methods.map { .init($0.rawValue, alignment: .decimal) }
        + (hasBias ? [.init("bias", alignment: .right)] : []) + (compares ? [.init("z", alignment: .right)] : []))
    for quantity in shown.quantities {
      func estimate(_ method: NessModel.Method) -> Estimate? {
        members.first { $0.quantity == quantity && $0.method == method }?.estimate
      }
      let cells = methods.map { estimate($0).map(formatted) ?? "" }
      let simulated = members.first { $0.quantity == quantity && $0.method == .simulation }
      let score = members.filter { $0.quantity == quantity }.zScore
      let scoreText = score.map(scoreText) ?? ""
      let biasText = simulated.flatMap(bias) ?? ""
      table.append([quantity.description] + cells + (hasBias ? [biasText] : []) + (compares ? [scoreText] : []))
    }
    let head = point.parameters.map { "\($0.path) = \(formatted($0.value))" }
    let said =
      budgets(members) + point.refusals.map { "refused  \($0)" }
      + point.notes.map { Note.isWarning($0) ? "warning  \(Note.sentence($0))" : "note     \($0)" }
    let notes = shown.hidden + said.filter { fold.shows($0) }
    let numbers = point.estimates.isEmpty ? [] : [table.text(width: width)]
    return (head + numbers + notes).joined(separator: "\n")
  }

  /// The error budget of the heat current, or of every heat if there is none.
  private static func budgets(_ members: [Answer.Entry]) -> [String] {
    let entries = members.filter { $0.method == .simulation && $0.budget != nil }
    let leading = entries.filter { $0.quantity == .heatCurrent }
    return (leading.isEmpty ? entries : leading).compactMap { entry in
      entry.budget.map { "budget   \(entry.quantity) = \(formatted(entry.estimate.value, $0))" }
    }
  }
}

/// The quantities to show in order: a long family is cut to its first members.
struct ShownQuantities {
  private(set) var quantities: [Quantity] = []
  /// How many are not shown, of which family, in sentences.
  private(set) var hidden: [String] = []

  /// - Parameters:
  ///   - all: in order.
  ///   - longest: members of a family that is shown whole.
  ///   - first: members shown of a longer one.
  init(_ all: [Quantity], longest: Int = 16, first: Int = 4) {
    func family(_ quantity: Quantity) -> String { "\(quantity.all)" }
    let sizes = Dictionary(grouping: all, by: family).mapValues(\.count)
    var seen: [String: Int] = [:]
    quantities = all.filter { quantity in
      seen[family(quantity), default: 0] += 1
      return sizes[family(quantity), default: 0] <= longest || seen[family(quantity), default: 0] <= first
    }
    hidden = sizes.filter { $0.value > longest }.sorted { $0.key < $1.key }.map {
      "and \($0.value - first) more of \($0.key): see --format json or --csv"
    }
  }
}

extension [Answer.Entry] {
  /// Of answers to one quantity: simulation less its known bias against the best theory, over the errors of both, with what the budget
  /// says of a bias of unknown sign; nil if there are not both, or it is not finite.
  var zScore: Double? {
    guard let simulated = first(where: { $0.method == .simulation }), let theory = bestTheory()?.estimate else {
      return nil
    }
    let own = simulated.withoutKnownBias
    let unknown = simulated.budget?.unknownBias ?? 0
    let error = (own.error * own.error + unknown * unknown + theory.error * theory.error).squareRoot()
    let score = (own.value - theory.value) / error
    return score.isFinite ? score : nil
  }
}
