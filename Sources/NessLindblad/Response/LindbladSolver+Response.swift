import NessMath
import NessModel
import NessStatistics

/// The change of the heats from all baths with a parameter, by the secular equation of the populations.
struct PopulationResponse {
  /// Path of the parameter.
  let parameter: String
  /// For every bath the derivative, a bound on its numerical error, and what more levels would change.
  let heats: [(value: Double, bound: Double, truncation: Double)]
}

extension LindbladSolver {
  /// Adds the derivatives of the heats with respect to all parameters.
  func addResponse(of model: QuantumBoxModel, _ convergence: LevelConvergence, to answer: inout Answer) {
    let found = populationResponses(of: model, convergence)
    answer.addResponse(
      found.map { $0.heats.map { .numerical($0.value, bound: $0.bound + $0.truncation) } }, to: found.map(\.parameter),
      ofBaths: model.attachments.map(\.name), by: .davies)
  }

  /// The derivatives of the heats with respect to all parameters, by the response of the populations to what changes of the rates.
  func populationResponses(of model: QuantumBoxModel, _ convergence: LevelConvergence) -> [PopulationResponse] {
    let states = [convergence.state] + [convergence.comparison].compactMap { $0 }
    let temperatures = states.map { state in
      DaviesFluctuations(state).conductance(JumpRates.temperatureSlopes(model, levels: state.levels))
    }
    let rounding = 4 * relativeRounding(levels: convergence.state.levels)
    return model.parameters.compactMap { parameter in
      let bath = model.attachments.firstIndex { parameter.path == "baths.\($0.name).temperature" }
      let found = states.enumerated().map { index, state -> [(sum: DaviesFluctuations.Sum, error: Double)]? in
        if let bath { return temperatures[index].map { ($0[bath], 0) } }
        return DaviesFluctuations(state).response(at: parameter.value) { value in
          model.with(parameter.path, value).flatMap { try? JumpRates($0, levels: state.levels) }
        }
      }
      guard let first = found[0] else { return nil }
      return PopulationResponse(
        parameter: parameter.path,
        heats: model.attachments.indices.map { one in
          let truncation = found.count > 1 ? found[1].map { abs($0[one].sum.value - first[one].sum.value) } ?? 0 : 0
          return (first[one].sum.value, rounding * first[one].sum.gross + first[one].error, truncation)
        })
    }
  }
}

extension DaviesFluctuations {
  /// The change of the heats from all baths with a parameter, with bounds on what the derivatives of the rates lack; nil where there
  /// are no rates on either side of it.
  ///
  /// What is differentiated are the flows at the populations of the steady state: those into every level, and the heats.
  /// - Parameter rates: for a value of the parameter.
  func response(at value: Double, _ rates: (Double) -> JumpRates?) -> [(sum: Sum, error: Double)]? {
    let (levels, baths) = (state.levels, state.rates.baths.count)
    let populations = state.populations
    func flows(_ rates: JumpRates, _ add: (_ place: Int, _ flow: Double) -> Void) {
      for (bath, table) in rates.baths.enumerated() {
        for from in 0..<levels where populations[from] > 0 {
          for to in 0..<levels where to != from {
            let flow = table[from * levels + to] * populations[from]
            add(to, flow)
            add(from, -flow)
            add(levels + bath, flow * (rates.energies[to] - rates.energies[from]))
          }
        }
      }
    }
    var scales = [Double](repeating: 0, count: levels + baths)
    flows(state.rates) { scales[$0] += abs($1) }
    for range in [0..<levels, levels..<(levels + baths)] {
      // Levels that hardly anything reaches do not choose the step.
      let least = 1e-8 * (scales[range].max() ?? 0)
      for index in range { scales[index] = max(scales[index], least) }
    }
    let slopes = ParameterDerivative(at: value, scales: scales) { value in
      guard let rates = rates(value) else { return nil }
      var found = [Double](repeating: 0, count: levels + baths)
      flows(rates) { found[$0] += $1 }
      return found
    }
    guard let slopes, slopes.errors.allSatisfy(\.isFinite) else { return nil }
    let source = Vector(value: Array(slopes.values[..<levels]), gross: slopes.values[..<levels].map(abs))
    let change = response(source)
    let unsure = response(
      Vector(value: Array(repeating: 0, count: levels), gross: Array(slopes.errors[..<levels])))
    return state.rates.baths.enumerated().map { bath, rates in
      var sum = total(applied(rates, power: 1, to: change))
      sum.add(Sum(value: slopes.values[levels + bath], gross: abs(slopes.values[levels + bath])))
      let error = total(applied(rates, power: 1, to: unsure)).gross + slopes.errors[levels + bath]
      return (sum, error)
    }
  }
}
