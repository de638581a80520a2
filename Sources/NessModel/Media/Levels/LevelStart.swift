import NessMath

/// The state in which a system of levels begins a transient.
package enum LevelStart: Hashable, Codable, Sendable {
  /// A pure state: its amplitudes in the basis of the parts, the first part changing most slowly; of any length.
  case amplitudes([Double])
  /// A density operator as a formula of the operators of the parts, of any trace above 0.
  case operation(String)

  /// As a file has it.
  package var text: String {
    switch self {
    case .amplitudes(let list): "[\(list.map { "\($0)" }.joined(separator: ", "))]"
    case .operation(let formula): ParameterTree.text(formula).flow
    }
  }
}

extension LevelSystem {
  /// Most levels of which a start is looked at: more are not followed.
  private static let mostStarting = 64

  /// What is wrong with a start; nil for nothing.
  package func fault(in start: LevelStart, at path: String) -> ParameterFault? {
    switch start {
    case .amplitudes(let list):
      if list.count != levels {
        return ParameterFault(
          parameter: path, found: "\(list.count) amplitudes",
          expected: "\(levels), one for each state of the parts, or a formula of their operators")
      }
      if let place = list.firstIndex(where: { !$0.isFinite }) {
        return ParameterFault(parameter: "\(path)[\(place)]", found: "\(list[place])", expected: "a finite number")
      }
      return list.allSatisfy { $0 == 0 }
        ? ParameterFault(parameter: path, found: "amplitudes that are all 0", expected: "one that is not") : nil
    case .operation(let text):
      if let fault = fault(in: text, at: path) { return fault }
      guard levels <= Self.mostStarting else { return nil }
      let matrix = operation(text).matrix
      let trace = (0..<levels).reduce(0) { $0 + matrix[$1, $1].real }
      if !(trace > 1e-12 * matrix.largestElement) {
        return ParameterFault(parameter: path, found: "a trace of \(trace.short)", expected: "a trace above 0")
      }
      let least = (try? hermitianEigensystem(matrix))?.values.first ?? 0
      return least < -1e-10 * matrix.largestElement
        ? ParameterFault(
          parameter: path, found: "an operator with the eigenvalue \(least.short)",
          expected: "a density operator: no eigenvalue below 0, like (1 + X1)*(1 - Z2) or 1 + X1*X2 - Y1*Y2 + Z1*Z2")
        : nil
    }
  }

  /// The density matrix of a start in the basis of the parts, shape (levels, levels), of trace 1.
  ///
  /// - Precondition: it has no faults.
  package func densityMatrix(of start: LevelStart) -> ComplexMatrix {
    switch start {
    case .amplitudes(let list):
      // In units of the largest, so that squares neither overflow nor vanish.
      let largest = list.reduce(0) { max($0, abs($1)) }
      let scaled = list.map { $0 / largest }
      let square = scaled.reduce(0) { $0 + $1 * $1 }
      var matrix = ComplexMatrix(order: list.count)
      for row in list.indices {
        for column in list.indices { matrix.real[row, column] = scaled[row] * scaled[column] / square }
      }
      return matrix
    case .operation(let text):
      let matrix = operation(text).matrix
      return (1 / (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1].real }) * matrix
    }
  }
}
