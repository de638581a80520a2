import NessFiles
import NessLindblad
import NessLinear
import NessModel

/// A solver that knows which frequencies carry the heat.
protocol SpectralSolver: Solver {
  /// The spectrum of a model; nil if the theory does not give it.
  func heatSpectrum(
    of model: Model<MediumType>
  ) throws -> (kind: HeatSpectrum.Kind, method: NessModel.Method, points: [HeatSpectrum.Point])?
}

extension SpectralSolver {
  fileprivate func heatSpectrum(at point: ExperimentPoint) throws -> HeatSpectrum? {
    guard let model = point.model.of(MediumType.self) else { return nil }
    return try heatSpectrum(of: model).map {
      HeatSpectrum(
        parameters: point.parameters, kind: $0.kind, method: $0.method, claim: claim(of: $0.method, for: model),
        points: $0.points)
    }
  }
}

extension SolverCatalogue {
  /// The spectrum of the heat at a point of an experiment; nil if no theory gives it.
  static func heatSpectrum(at point: ExperimentPoint) throws -> HeatSpectrum? {
    for solver in solvers {
      if let spectrum = try (solver as? any SpectralSolver)?.heatSpectrum(at: point) { return spectrum }
    }
    return nil
  }
}

extension LinearSolver: SpectralSolver {
  func heatSpectrum(
    of model: ChainModel
  ) -> (kind: HeatSpectrum.Kind, method: NessModel.Method, points: [HeatSpectrum.Point])? {
    let remembers = model.attachments.contains { !$0.bath.linear.frictionKernel.terms.isEmpty }
    guard let function = try? TransmissionFunction(model, withMemory: remembers), let curve = try? function.curve()
    else { return nil }
    return (
      .transmission, remembers ? .memory : .markov, curve.map { .init($0.angularFrequency, $0.transmission) }
    )
  }
}

extension LindbladSolver: SpectralSolver {
  func heatSpectrum(
    of model: QuantumBoxModel
  ) throws -> (kind: HeatSpectrum.Kind, method: NessModel.Method, points: [HeatSpectrum.Point])? {
    guard model.terminals != nil, let state = try? convergedLevels(of: model).state else { return nil }
    let heats = state.heatByFrequency(ofBath: 0)
    let whole = heats.reduce(0) { $0 + $1.heat }
    // Equal temperatures exchange nothing on the whole.
    guard let current = state.heatCurrent, abs(current) > 1e3 * state.heatCurrentBound, whole != 0 else { return nil }
    var sum = 0.0
    let steps = heats.flatMap { line -> [HeatSpectrum.Point] in
      let frequency = line.energy / model.medium.hbar
      defer { sum += line.heat }
      return [.init(frequency, sum / whole), .init(frequency, (sum + line.heat) / whole)]
    }
    return (.cumulativeShare, .davies, steps)
  }
}
