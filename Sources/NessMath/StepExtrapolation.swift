/// Numbers that are series in the square of a step, extrapolated to steps of no length by Neville's scheme.
///
/// - Source: Stoer, Bulirsch, Introduction to Numerical Analysis, section 3.4.
/// - Checked by: the periodic states of driven networks and systems of levels (DrivenSolverTests, DrivenLevelTests).
package struct StepExtrapolation: Sendable {
  private let refinements: [Int]
  /// Rows of the scheme, one number of a level after the other.
  private var rows: [[[Double]]] = []

  /// - Parameter refinements: how many times as many steps as the first the levels have.
  package init(_ refinements: [Int]) { self.refinements = refinements }

  /// Levels that are there.
  package var levels: Int { rows.count }

  /// Adds the numbers of the next level.
  package mutating func add(_ numbers: [Double]) {
    let level = rows.count
    var row = [numbers]
    for column in 1..<max(1, level + 1) {
      let ratio = Double(refinements[level]) / Double(refinements[level - column])
      let factor = 1 / (ratio * ratio - 1)
      row.append(zip(row[column - 1], rows[level - 1][column - 1]).map { $0 + ($0 - $1) * factor })
    }
    rows.append(row)
  }

  /// The numbers by all levels, and how far they are from those by one level or one column less; nil for fewer than two levels.
  package var best: (values: [Double], changes: [Double])? {
    guard rows.count > 1, let row = rows.last else { return nil }
    let level = rows.count - 1
    let (values, next, before) = (row[level], rows[level - 1][level - 1], row[level - 1])
    return (values, values.indices.map { max(abs(values[$0] - next[$0]), abs(values[$0] - before[$0])) })
  }
}
