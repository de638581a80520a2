import NessMath
import NessModel
import NessStatistics

extension LindbladSolver {
  func addLiouvillian(_ wanted: Set<Quantity.Family>, of model: QuantumBoxModel, to answer: inout Answer) throws {
    let levels = try liouvillianLevels(of: model)
    let equation = try MasterEquation.secular(model, levels: levels)
    let blocks = try LiouvillianBlocks(equation, method: .liouvillian)
    let state = try LiouvillianSteadyState(equation, blocks, method: .liouvillian)
    let spectrum = try blocks.spectrum()
    try checkUniqueness(blocks, spectrum)
    let convergence = try self.levels(of: model)
    let changes = convergence.levels == levels ? convergence.currentChanges : state.currents.map { _ in 0 }
    add(state, .liouvillian, model, changes, energyChange: convergence.energyChange, to: &answer)
    if let gap = gap(spectrum, blocks) {
      answer.entries.append(.init(.relaxationRate, .liouvillian, .numerical(gap.value, bound: gap.bound)))
    }
    if !wanted.isDisjoint(with: [.conductance, .response, .heatResponse]), levels > 1, model.attachments.count > 1 {
      let response = try LiouvillianResponse(of: model, equation, blocks, state, method: .liouvillian)
      let populations = convergence.levels == levels ? populationResponses(of: model, convergence) : []
      add(response, populations, of: model, wanted, to: &answer)
    }
    try addDensityMatrixModes(wanted, blocks, levels: levels, to: &answer)
    answer.notes += notes(on: state)
    answer.notes += disagreement(state, convergence.state)
  }

  private func add(
    _ response: LiouvillianResponse, _ populations: [PopulationResponse], of model: QuantumBoxModel,
    _ wanted: Set<Quantity.Family>, to answer: inout Answer
  ) {
    let names = model.attachments.map(\.name)
    // What more levels would change, as for the populations.
    let heats = zip(response.parameters, response.heats).map { path, heats in
      let other = populations.first { $0.parameter == path }
      return heats.enumerated().map { bath, heat -> Estimate in
        .numerical(heat.value, bound: heat.error + (other?.heats[bath].truncation ?? 0))
      }
    }
    if !wanted.isDisjoint(with: [.response, .heatResponse]) {
      answer.addResponse(heats, to: response.parameters, ofBaths: names, by: .liouvillian)
    }
    let columns = names.map { name in
      response.parameters.firstIndex(of: "baths.\(name).temperature").map { heats[$0] }
    }
    guard wanted.contains(.conductance) else { return }
    let known = columns.compactMap { $0 }
    guard known.count == names.count else {
      let cold = zip(names, columns).filter { $0.1 == nil }.map(\.0).joined(separator: ", ")
      answer.notes.append(
        Note.warning(
          "liouvillian: no conductance: the rates are no smooth functions of the temperature of \(cold) here"))
      return
    }
    let axis = Answer.Axis("bath", names: names)
    answer.entries.append(
      .init(
        .conductance, .liouvillian, axes: [axis, axis], names.indices.flatMap { one in known.map { $0[one] } }))
  }

  func liouvillianLevels(of model: QuantumBoxModel) throws(Refusal) -> Int {
    try NessLindblad.liouvillianLevels(of: model, tolerance: tolerance)
  }

  /// Heat of every bath and mean energy of a density matrix.
  func add(
    _ state: LiouvillianSteadyState, _ method: Method, _ model: QuantumBoxModel, _ changes: [Double],
    energyChange: Double, to answer: inout Answer
  ) {
    func entry(_ quantity: Quantity, _ value: Double, _ bound: Double) {
      answer.entries.append(.init(quantity, method, .numerical(value, bound: bound)))
    }
    if model.terminals != nil { entry(.heatCurrent, state.currents[0], state.currentBounds[0] + changes[0]) }
    for (index, attachment) in model.attachments.enumerated() {
      entry(.heat(from: attachment.name), state.currents[index], state.currentBounds[index] + changes[index])
    }
    entry(.meanEnergy, state.meanEnergy, state.meanEnergyBound + energyChange)
  }

  /// Among the coherences no eigenvalue may be 0; that the populations have one only is seen from the condition of their
  /// scaled equations, which rates of very different size do not spoil.
  private func checkUniqueness(
    _ blocks: LiouvillianBlocks, _ spectrum: [[(real: Double, imaginary: Double)]]
  ) throws(Refusal) {
    var zeros = 0
    for (index, values) in spectrum.enumerated() where !blocks.withPopulations.contains(index) {
      let limit = rounding(blocks.matrices[index])
      zeros += values.filter { abs($0.real) <= limit && abs($0.imaginary) <= limit }.count
    }
    if zeros > 0 {
      throw Refusal(
        .liouvillian, "the steady state is not unique: \(zeros) coherences neither turn nor decay, to rounding")
    }
  }

  /// Smallest |Re lambda| besides the steady state, with its error.
  private func gap(
    _ spectrum: [[(real: Double, imaginary: Double)]], _ blocks: LiouvillianBlocks
  ) -> (value: Double, bound: Double)? {
    var smallest: (value: Double, bound: Double)?
    for (index, values) in spectrum.enumerated() {
      var rates = values.map { abs($0.real) }.sorted()
      if blocks.withPopulations.contains(index) { rates.removeFirst() }
      guard let rate = rates.first, rate < smallest?.value ?? .infinity else { continue }
      smallest = (rate, rounding(blocks.matrices[index]))
    }
    return smallest
  }

  private func rounding(_ matrix: Matrix) -> Double { 8 * Double.ulpOfOne * matrix.largestElement }

  func notes(on state: LiouvillianSteadyState) -> [String] {
    let sizes = Set(state.blockSizes)
    return [
      "liouvillian: \(state.levels) levels, \(state.blockSizes.count) blocks of \(sizes.min() ?? 0) to "
        + "\(sizes.max() ?? 0) real numbers, smallest eigenvalue of the density matrix "
        + state.smallestEigenvalue.text(digits: 2)
    ]
  }

  private func disagreement(_ state: LiouvillianSteadyState, _ davies: DaviesSteadyState) -> [String] {
    guard state.levels == davies.levels else { return [] }
    for (index, current) in state.currents.enumerated() {
      let difference = abs(current - davies.currents[index])
      if difference > state.currentBounds[index] + davies.currentBounds[index] {
        return [
          Note.warning(
            "liouvillian: differs from davies by \(difference.short) in a heat current of \(davies.currents[index].short), "
              + "more than rounding explains")
        ]
      }
    }
    return []
  }
}
