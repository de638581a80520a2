import NessStatistics

/// The answer of a simulation, gathered quantity by quantity: one whose data allow no honest error bar is left out with
/// a note.
package struct SampledAnswer {
  private var answer = Answer()
  private var failure: (any Error)?

  package init() {}

  /// Adds an estimate, or the reason why there is none.
  package mutating func add(_ quantity: Quantity, _ estimate: () throws -> Estimate) {
    do {
      answer.entries.append(.init(quantity, .simulation, try estimate()))
    } catch {
      failure = error
      answer.notes.append("\(quantity) left out: \(error)")
    }
  }

  /// The answer.
  ///
  /// - Throws: the last reason if no quantity allows an error bar.
  package func finished() throws -> Answer {
    if answer.entries.isEmpty, let failure { throw failure }
    return answer
  }
}
