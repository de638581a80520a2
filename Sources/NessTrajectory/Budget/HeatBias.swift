import NessModel

/// What time step and burn-in add to the mean heat from every bath, by the linear dynamics where it has a steady state.
struct HeatBias {
  private struct Linear {
    let timeStep: [ErrorBudget.Part]
    /// nil where the start is not one of the linear dynamics.
    let transients: [Double]?
  }

  private let linear: Linear?
  private let relative: Double

  /// - Parameters:
  ///   - model: what was simulated.
  ///   - timeStep: length of a step [time].
  ///   - noise: law of the noise that diffuses the particles.
  ///   - burnIn: time discarded [time].
  ///   - duration: time measured [time].
  ///   - start: how the replicas begin; nil for at rest.
  init(
    _ model: ChainModel, timeStep: Double, noise: ParticleNoise, burnIn: Double, duration: Double, start: StartLaw?
  ) {
    relative = TimeStepChoice.relativeBias(of: model, timeStep: timeStep, noise: noise)
    guard let state = LinearSteadyState(model, timeStep: timeStep, noise: noise),
      let half = LinearSteadyState(model, timeStep: timeStep / 2, noise: noise),
      let quarter = LinearSteadyState(model, timeStep: timeStep / 4, noise: noise)
    else {
      linear = nil
      return
    }
    linear = Linear(
      timeStep: state.heats.indices.map { Self.bias(state.heats[$0], half.heats[$0], quarter.heats[$0]) },
      transients: start?.followsLinearTheory == false
        ? nil : state.transientHeats(burnIn: burnIn, duration: duration, atRest: start == nil))
  }

  /// The bias of the first of three values at steps h, h/2 and h/4. The integrator is of order 2; where the two
  /// extrapolations do not agree, the step is too long for an extrapolation and the bias is only estimated.
  private static func bias(_ whole: Double, _ half: Double, _ quarter: Double) -> ErrorBudget.Part {
    let limit = (4 * quarter - half) / 3
    let doubt = abs((4 * half - whole) / 3 - limit)
    let bias = whole - limit
    return doubt < 0.2 * abs(bias) + 1e-12 * abs(whole) ? .init(bias, .linear) : .init(abs(bias) + doubt, .estimate)
  }

  /// The part of the time step in the heat from a bath.
  ///
  /// - Parameter scale: what the relative bias refers to where the linear dynamics does not answer [energy/time].
  func timeStep(ofBath bath: Int, scale: Double) -> ErrorBudget.Part {
    linear?.timeStep[bath] ?? .init(relative * scale, .estimate)
  }

  /// The part of the burn-in in the measured heat from a bath; nil where the linear dynamics does not answer.
  func transient(ofBath bath: Int) -> Double? { linear?.transients?[bath] }
}

extension ChannelAnalysis {
  /// Says of every heat in an answer what its error is made of.
  func addBudgets(to answer: inout Answer, burnIn: Double) {
    let bias = HeatBias(
      model, timeStep: ensemble.dynamics.timeStep, noise: ensemble.dynamics.particleNoise, burnIn: burnIn,
      duration: ensemble.recordedTime, start: ensemble.start)
    let heats = model.attachments.indices.map { index in
      answer.estimate(.heat(from: model.attachments[index].name), by: .simulation)?.value ?? 0
    }
    // In the steady state the heats sum to zero; what is left is energy that the chain still took up.
    let isSteady = ensemble.start?.isExact == true
    let uptake = isSteady ? ErrorBudget.Part.none : ErrorBudget.Part(abs(heats.reduce(0, +)), .measured)
    for index in answer.entries.indices {
      let entry = answer.entries[index]
      guard let bath = bath(of: entry.quantity) else { continue }
      answer.entries[index].budget = ErrorBudget(
        statistical: entry.estimate.error, timeStep: bias.timeStep(ofBath: bath, scale: scale(entry.estimate.value)),
        burnIn: transient(bias, entry.quantity, bath).map { .init($0, .linear) } ?? uptake)
    }
  }

  /// The bath whose heat a quantity is.
  private func bath(of quantity: Quantity) -> Int? {
    switch quantity {
    case .heatCurrent: 0
    case .heat(let name): model.attachments.firstIndex { $0.name == name }
    default: nil
    }
  }

  /// The transient left in an estimate, in the linear dynamics. The innovations' stored forecast takes it out.
  private func transient(_ bias: HeatBias, _ quantity: Quantity, _ bath: Int) -> Double? {
    guard let own = bias.transient(ofBath: bath) else { return nil }
    if quantity == .heatCurrent {
      guard let passage = try? heatCurrent(), let other = bias.transient(ofBath: 1) else { return nil }
      // The plain current joins the passages; the larger transient bounds it.
      return passage.isSharp ? 0 : abs(own) > abs(other) ? own : -other
    }
    return try? heat(from: bath).isSharp ? 0 : own
  }

  /// Conductance times temperature: a bias acts on the heats of the two directions, whose difference the current is.
  private func scale(_ current: Double) -> Double {
    let temperatures = model.attachments.map(\.bath.temperature)
    guard let hot = temperatures.max(), let cold = temperatures.min(), hot > cold else { return abs(current) }
    return abs(current) * hot / (hot - cold)
  }

  /// What to do about a systematic part that exceeds the statistical error.
  func budgetNotes(_ answer: Answer, burnIn: Double) -> [String] {
    guard let entry = answer.entries.first(where: { $0.budget != nil }), let budget = entry.budget else { return [] }
    var notes: [String] = []
    func say(_ part: ErrorBudget.Part, _ cause: String, _ remedy: String) {
      guard abs(part.value) > budget.statistical else { return }
      let size = part.basis == .linear ? "by \(part.value.text(digits: 2))" : "by up to \(part.value.text(digits: 2))"
      notes.append(
        "\(cause) biases \(entry.quantity) \(size), more than the statistical error "
          + "\(budget.statistical.text(digits: 2)): \(remedy)")
    }
    let step = ensemble.dynamics.timeStep
    let finer = 0.7 * step * (budget.statistical / max(abs(budget.timeStep.value), .leastNormalMagnitude)).squareRoot()
    say(budget.timeStep, "the time step \(step.short)", "run.timeStep \(finer.text(digits: 2)) brings that below it")
    say(budget.burnIn, "the burn-in \(burnIn.short)", "give a longer run.burnIn")
    return notes
  }
}
