import NessLinear
import NessMath
import NessModel
import NessStatistics
import NessTrajectory

/// The time step of a simulation of a network, and what its bias leaves of the asked error: that is meant to be the whole one.
struct NetworkStepPlan {
  /// Sites up to which linear theory is asked for the heat before a run: some ten milliseconds.
  private static let mostSites = 200

  /// The step [time].
  let timeStep: Double
  /// Relative standard error at which the whole error is the asked one; nil if none is asked.
  let statisticalError: Double?
  /// The choice and its bias, in sentences.
  let notes: [String]

  /// The largest heat between baths, as linear theory knows it.
  private struct Heat {
    let quantity: Quantity
    /// Places of the baths that give it.
    let baths: [Int]
    let size: Double
    /// The heats from all baths; nil where one is not known.
    let all: [Estimate]?

    /// - Returns: nil where linear theory does not answer, or no heat flows.
    init?(_ model: NetworkModel, _ written: [WrittenBath]) {
      let method: NessModel.Method = model.networkRemembers ? .memory : .markov
      guard model.medium.sites <= mostSites, NetworkSolver().refusals(of: model, by: method).isEmpty,
        let answer = try? NetworkSolver().solve(for: [.heatFrom], of: model, by: method, WorkWatch())
      else { return nil }
      let heats = model.attachments.map { answer.estimate(.heat(from: $0.name), by: method) }
      let known = heats.compactMap(\.self)
      all = known.count == heats.count ? known : nil
      let isPair = model.terminals != nil
      let candidates = isPair ? written : written.ends.map { [$0.left] } ?? written
      let sizes = candidates.map { bath in
        let parts = bath.members.compactMap { heats[$0] }
        let size = abs(parts.reduce(0) { $0 + $1.value })
        return size > parts.reduce(0) { $0 + $1.error } ? size : 0
      }
      guard let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), sizes[largest] > 0 else { return nil }
      (baths, size) = (candidates[largest].members, sizes[largest])
      quantity = written.ends == nil ? .heat(from: candidates[largest].name) : .heatCurrent
    }
  }

  /// - Parameters:
  ///   - given: the step of the file; nil to choose one.
  ///   - asked: relative error of the largest heat that is asked for; nil for none.
  init(
    _ model: NetworkModel, _ bathed: BathedNetwork, _ scales: NetworkScales, given: Double?, asked: Double?,
    noise: ParticleNoise
  ) {
    let heat = asked == nil ? nil : Heat(model, bathed.written)
    /// The bias of the largest heat over that heat, at most; nil where nothing is known of the heat before the run.
    func relativeBias(_ step: Double) -> Double? {
      let bound = NetworkStepBound(bathed, scales, timeStep: step, noise: noise)
      let known = heat.map { heat in
        bound.heat(from: heat.baths, found: heat.all) / heat.size
      }
      return [known, bound.ofCurrent].compactMap { $0 }.min()
    }
    let usual = scales.timeStep(tolerance: 0.002, noise: noise)
    var choice = usual.timeStep
    if let given {
      choice = given
    } else if let asked, relativeBias(choice) != nil {
      var tolerance = 0.002
      let least = tolerance / (StepPlan.mostShortening * StepPlan.mostShortening)
      // Biases grow as the tolerance; steps are rounded, and a part of an interval, so it may take more than once.
      for _ in 0..<4 {
        guard let relative = relativeBias(choice), relative > StepPlan.share * asked, tolerance > least else { break }
        tolerance = max(0.96 * tolerance * StepPlan.share * asked / relative, least)
        choice = scales.timeStep(tolerance: tolerance, noise: noise).timeStep
      }
    } else if let asked {
      // The step is chosen for the heats of the two directions.
      choice = scales.timeStep(tolerance: min(0.002, 0.3 * asked), noise: noise).timeStep
    }
    timeStep = choice
    let relative = relativeBias(choice)
    statisticalError = asked.map { StepPlan.statisticalError($0, relativeBias: relative) }
    let quantity = heat?.quantity ?? .heatCurrent
    let biasText: String
    if let relative {
      let size = heat.map { "\((relative * $0.size).text(digits: 2)) (" } ?? ""
      biasText =
        "it biases \(quantity) by up to \(size)\(relative.percentText)\(heat == nil ? " (" : ", ")upper estimate)"
    } else {
      let share = scales.relativeBias(timeStep: choice, noise: noise)
      biasText =
        "it biases the heat that flows in each direction by up to \(share.percentText) (upper estimate)"
    }
    guard given != nil else {
      notes = StepPlan.notes(of: choice, usual, quantity, biasText, relative, asked)
      return
    }
    notes =
      choice > 1.5 * usual.timeStep
      ? ["the given time step \(choice.short): \(biasText); \(usual.timeStep.short) would be chosen"] : []
  }
}
