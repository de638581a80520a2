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
    add(quantity, axes: []) { [try estimate()] }
  }

  /// Adds estimates along some axes, or the reason why there are none.
  package mutating func add(_ quantity: Quantity, axes: [Answer.Axis], _ estimates: () throws -> [Estimate]) {
    do {
      let found = try estimates()
      guard found.allSatisfy({ $0.value.isFinite && $0.error.isFinite }) else { throw NotFinite() }
      answer.entries.append(
        axes.isEmpty
          ? .init(quantity, .simulation, found[0]) : .init(quantity, .simulation, axes: axes, found))
    } catch {
      // What only few ask for says nothing of the run.
      if quantity.family.isOnRequest {
        leaveOut(quantity, "\(error)")
        return
      }
      failure = failure ?? error
      leaveOut(quantity, "\(error)")
    }
  }

  private mutating func leaveOut(_ quantity: Quantity, _ reason: String) {
    let isOnRequest = quantity.family.isOnRequest
    if let place = leftOut.firstIndex(where: {
      $0.reason == reason && $0.quantities[0].family.isOnRequest == isOnRequest
    }) {
      leftOut[place].quantities.append(quantity)
    } else {
      leftOut.append((reason, [quantity]))
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
