import NessStatistics

/// The answer of a simulation, gathered quantity by quantity: one whose data allow no honest error bar is left out with
/// a note.
package struct SampledAnswer {
  private var answer = Answer()
  private var failure: (any Error)?
  /// Quantities left out, by the reason, in the order of the first of them.
  private var leftOut: [(reason: String, quantities: [Quantity])] = []

  /// A value that is no number, or none that can be written.
  private struct NotFinite: Error, CustomStringConvertible {
    var description: String { "beyond double precision at these parameters" }
  }

  package init() {}

  /// Adds an estimate, or the reason why there is none.
  package mutating func add(_ quantity: Quantity, _ estimate: () throws -> Estimate) {
    do {
      let found = try estimate()
      guard found.value.isFinite && found.error.isFinite else { throw NotFinite() }
      answer.entries.append(.init(quantity, .simulation, found))
    } catch {
      failure = failure ?? error
      let reason = "\(error)"
      if let place = leftOut.firstIndex(where: { $0.reason == reason }) {
        leftOut[place].quantities.append(quantity)
      } else {
        leftOut.append((reason, [quantity]))
      }
    }
  }

  /// The answer.
  ///
  /// - Throws: the first reason if no quantity allows an error bar.
  package func finished() throws -> Answer {
    if answer.entries.isEmpty, let failure { throw failure }
    var answer = answer
    for (reason, quantities) in leftOut {
      answer.notes.append(Note.warning("\(Quantity.list(quantities)) left out: \(reason)"))
    }
    return answer
  }
}
