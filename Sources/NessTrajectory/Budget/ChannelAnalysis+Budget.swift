import NessModel
import NessStatistics

extension ChannelAnalysis {
  /// Says of every quantity in an answer what its error is made of.
  func addBudgets(to answer: inout Answer, burnIn: Double) {
    let bias = SteadyBias(
      model, timeStep: ensemble.dynamics.timeStep, noise: ensemble.dynamics.particleNoise)
    let transients = bias.transients(burnIn: burnIn, duration: ensemble.recordedTime, start: ensemble.start)
    // In the steady state the heats sum to zero; what is left is energy that the chain still took up.
    let measured = ensemble.innovations?.isFitted == true ? measuredUptake : nil
    let heats = model.attachments.map { attachment in
      answer.estimate(.heat(from: attachment.name), by: .simulation)?.value ?? 0
    }
    let uptake = abs(measured?.value ?? heats.reduce(0, +))
    let start = StartTransient(ensemble, model, burnIn: burnIn)
    for index in answer.entries.indices where answer.entries[index].axes.isEmpty {
      let entry = answer.entries[index]
      guard let step = bias.timeStep(entry.quantity, found: entry.estimate.value) else { continue }
      let left = transients.flatMap { transient($0, entry.quantity) }
      guard
        let burnIn = start.part(
          entry.quantity, entry.estimate, linear: left, uptake: uptake, uptakeError: measured?.error ?? 0)
      else { continue }
      answer.entries[index].budget = ErrorBudget(statistical: entry.estimate.error, timeStep: step, burnIn: burnIn)
    }
  }

  /// The sum of all heats as they were measured [energy/time].
  private var measuredUptake: Estimate? {
    var sum = ensemble.series(channel: ledger.heat(0))
    for bath in model.attachments.indices.dropFirst() { sum.add(ensemble.series(channel: ledger.heat(bath))) }
    return try? BlockedMean(of: sum).estimate
  }

  /// The transient left in an estimate, in the linear dynamics. The innovations' stored forecast takes it out.
  private func transient(_ transients: LinearSteadyState.Means, _ quantity: Quantity) -> Double? {
    guard let own = SteadyBias.mean(quantity, transients, model) else { return nil }
    switch quantity.family {
    case .heatCurrent:
      guard let passage = try? heatCurrent() else { return nil }
      // The plain current joins the passages; the larger transient bounds it.
      let other = -transients.heats[1]
      return passage.isSharp ? 0 : abs(own) > abs(other) ? own : other
    case .heatFrom:
      guard let bath = model.index(of: quantity) else { return nil }
      return try? heat(from: bath).isSharp ? 0 : own
    case .bondHeatCurrent:
      guard let bond = quantity.number else { return nil }
      return try? bondHeatCurrent(bond - 1).isSharp ? 0 : own
    default: return own
    }
  }

  /// What to do about a systematic part that exceeds the statistical error: of the current, and of the kinetic
  /// temperature that suffers most.
  func budgetNotes(_ answer: Answer, burnIn: Double) -> [String] {
    let simulated = answer.entries.filter { $0.method == .simulation && $0.axes.isEmpty && $0.budget != nil }
    func excess(_ entry: Answer.Entry) -> Double {
      entry.budget.map { max(abs($0.timeStep.value), abs($0.burnIn.value)) / $0.statistical } ?? 0
    }
    let temperatures = simulated.filter { $0.quantity.family == .kineticTemperature }
    let worst = temperatures.max { excess($0) < excess($1) }
    return [simulated.first, worst].compactMap { $0 }.flatMap { entry in
      let others = temperatures.contains { $0.quantity == entry.quantity } && temperatures.count > 1
      return budgetNotes(
        entry, others ? " (and the other kinetic temperatures less, against their errors)" : "", burnIn)
    }
  }

  private func budgetNotes(_ entry: Answer.Entry, _ addition: String, _ burnIn: Double) -> [String] {
    guard let budget = entry.budget else { return [] }
    var notes: [String] = []
    func say(_ part: ErrorBudget.Part, _ cause: String, _ remedy: String) {
      guard abs(part.value) > budget.statistical else { return }
      let size = part.basis == .linear ? "by \(part.value.text(digits: 2))" : "by up to \(part.value.text(digits: 2))"
      notes.append(
        Note.warning(
          "\(cause) biases \(entry.quantity) \(size), more than the statistical error "
            + "\(budget.statistical.text(digits: 2))\(addition): \(remedy)"))
    }
    let step = ensemble.dynamics.timeStep
    let finer = 0.7 * step * (budget.statistical / abs(budget.timeStep.value)).squareRoot()
    say(budget.timeStep, "the time step \(step.short)", "run.timeStep \(finer.text(digits: 2)) brings that below it")
    say(budget.burnIn, "the burn-in \(burnIn.short)", "give a longer run.burnIn")
    return notes
  }
}
