import NessStatistics

/// The answer of a simulation, gathered quantity by quantity: one whose data allow no honest error bar is left out with
/// a note.
package struct SampledAnswer {
  private var answer = Answer()
  private var failure: (any Error)?

  /// A value that is no number, or none that can be written.
  private struct NotFinite: Error, CustomStringConvertible {
    let quantity: Quantity

    var description: String { "\(quantity) is beyond double precision at these parameters" }
  }

  package init() {}

  /// Adds an estimate, or the reason why there is none.
  package mutating func add(_ quantity: Quantity, _ estimate: () throws -> Estimate) {
    do {
      let found = try estimate()
      guard found.value.isFinite && found.error.isFinite else { throw NotFinite(quantity: quantity) }
      answer.entries.append(.init(quantity, .simulation, found))
    } catch {
      failure = failure ?? error
      answer.notes.append("\(quantity) left out: \(error)")
    }
  }

  /// The answer.
  ///
  /// - Throws: the first reason if no quantity allows an error bar.
  package func finished() throws -> Answer {
    if answer.entries.isEmpty, let failure { throw failure }
    return answer
  }
}
