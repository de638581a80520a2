import NessMath
import NessModel
import NessStatistics

/// How the heats of a master equation of the whole density matrix change with parameters: the linear response of its steady
/// state,
///
///     L rho' = -L' rho,   Tr rho' = 0,        J_a' = Tr(Q_a' rho) + Tr(Q_a rho')
///
/// solved once for every bath, by the adjoint equation, whatever the number of parameters. L' rho and Q_a' are derivatives of
/// simple functions of the parameter.
///
/// - Checked by: the secular equation of the populations, differences of currents (LiouvillianResponseTests).
struct LiouvillianResponse {
  /// Paths of the parameters.
  private(set) var parameters: [String] = []
  /// dJ_a/dp, `[parameter][bath]`.
  private(set) var heats: [[Estimate]] = []

  /// - Parameter state: of that equation, of which the numbers of levels is taken.
  /// - Throws: `Refusal`; `LinearAlgebraError`.
  init(
    of model: QuantumBoxModel, _ equation: MasterEquation, _ blocks: LiouvillianBlocks,
    _ state: LiouvillianSteadyState, method: Method
  ) throws {
    guard let block = blocks.withPopulations.first else { return }
    let (levels, members) = (state.levels, blocks.members[block])
    // The numbers of the density matrix as the superoperator knows them.
    var numbers = [Double](repeating: 0, count: levels * levels)
    for place in members {
      let (row, column) = (place / levels, place % levels)
      numbers[place] = row <= column ? state.realPart[row, column] : state.imaginaryPart[column, row]
    }
    let places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    let adjoint = try PopulationSystem.adjoint(
      blocks.matrices[block], members, equation.heatObservables(), levels: levels, method)
    let baths = equation.baths
    /// L rho on the block, and Tr(Q_a rho).
    func flows(_ equation: MasterEquation, _ add: (_ place: Int, _ flow: Double) -> Void) {
      equation.forEachPart { row, column, value in
        if numbers[column] != 0, let place = places[row] { add(place, value * numbers[column]) }
      }
      for (bath, observable) in equation.heatObservables().enumerated() {
        for index in members where index / levels <= index % levels {
          let weight = observable[index] * (index / levels == index % levels ? 1 : 2)
          add(members.count + bath, weight * numbers[index])
        }
      }
    }
    var scales = [Double](repeating: 0, count: members.count + baths)
    flows(equation) { scales[$0] += abs($1) }
    for range in [0..<members.count, members.count..<scales.count] {
      let least = 1e-8 * (scales[range].max() ?? 0)
      for index in range { scales[index] = max(scales[index], least) }
    }
    for parameter in model.parameters {
      let slopes = ParameterDerivative(at: parameter.value, scales: scales) { value in
        guard let other = model.with(parameter.path, value),
          let equation = try? MasterEquation.secular(other, levels: levels)
        else { return nil }
        var found = [Double](repeating: 0, count: scales.count)
        flows(equation) { found[$0] += $1 }
        return found
      }
      guard let slopes, slopes.errors.allSatisfy(\.isFinite) else { continue }
      parameters.append(parameter.path)
      heats.append(
        (0..<baths).map { bath in
          let weights = adjoint[bath]
          var (sum, bound, gross) = (slopes.values[members.count + bath], slopes.errors[members.count + bath], 0.0)
          for place in members.indices {
            let part = weights.values[place] * slopes.values[place]
            sum -= part
            gross += abs(part)
            bound += abs(weights.values[place]) * slopes.errors[place] + weights.error * abs(slopes.values[place])
          }
          return .numerical(sum, bound: bound + 1e-15 * Double(levels) * (gross + abs(sum)))
        })
    }
  }
}
