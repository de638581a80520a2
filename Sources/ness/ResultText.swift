import NessModel
import NessRecord
import NessReport
import NessStatistics

/// A result document for reading in a terminal: quantities down, methods across, simulation against theory as a z-score.
struct ResultText {
  let text: String

  init(_ document: ResultDocument) {
    var parts = [document.title].compactMap { $0 }
    for point in document.points { parts.append(Self.table(point)) }
    text = parts.joined(separator: "\n\n")
  }

  private static func table(_ point: PointResult) -> String {
    let methods = NessModel.Method.allCases.filter { method in point.estimates.contains { $0.method == method } }
    var quantities: [Quantity] = []
    for entry in point.estimates where !quantities.contains(entry.quantity) { quantities.append(entry.quantity) }
    let compares = methods.contains(.simulation) && (methods.contains(.memory) || methods.contains(.markov))
    var table = TextTable(
      columns: [.init("quantity")] + methods.map { .init($0.rawValue, alignment: .decimal) }
        + (compares ? [.init("z", alignment: .right)] : []))
    for quantity in quantities {
      func estimate(_ method: NessModel.Method) -> Estimate? {
        point.estimates.first { $0.quantity == quantity && $0.method == method }?.estimate
      }
      let cells = methods.map { estimate($0).map(formatted) ?? "" }
      let exact = estimate(.memory) ?? estimate(.markov)
      let score = estimate(.simulation).flatMap { simulated in exact.map { simulated.zScore(against: $0) } }
      let scoreText = score.flatMap { $0.isFinite ? "\(($0 * 10).rounded() / 10)" : nil } ?? ""
      table.append([quantity.description] + cells + (compares ? [scoreText] : []))
    }
    let head = point.parameters.map { "\($0.path) = \($0.value)" }
    let notes = point.refusals.map { "refused  \($0)" } + point.notes.map { "note     \($0)" }
    let numbers = point.estimates.isEmpty ? [] : [table.text()]
    return (head + numbers + notes).joined(separator: "\n")
  }
}
