import Foundation
import NessLinear
import NessModel
import NessReport
import NessStore
import NessStudy
import NessTrajectory

/// Fig. 2a: mean force of one particle on a probe held at q.
struct MeanForceFigure: PaperFigure {
  let identifier = "2a"
  let quality: Quality
  let seed: UInt64

  /// Largest expected relative bias of a force from the time step.
  static let timeStepTolerance = 0.001
  private let temperatures = [1.0, 2.0, 5.0]
  private let displacements = linearGrid(from: -3000, to: 3000, count: 9)

  private func bath(_ temperature: Double) -> ParticleBath {
    KrekelsParameters.bath(temperature: temperature, coupling: KrekelsParameters.weakCoupling)
  }

  private func job(_ temperature: Double, _ displacement: Double) throws -> Job {
    let bath = bath(temperature)
    let step = TimeStepChoice(
      for: try KrekelsParameters.probe(in: bath), tolerance: Self.timeStepTolerance,
      displacement: max(abs(displacement), 100)
    ).timeStep
    let duration = (quality == .quick ? 20 : 400) * bath.relaxationTime
    let seed = seed
    let key = CacheKey(
      Job.head("meanForce", by: .trajectory) + CacheKey.lines(for: AnyBath(bath)) + [
        .number("displacement", displacement), .number("timeStep", step), .number("duration", duration),
        .whole("seed", seed),
      ])
    let steps = 64 * (duration + 10 * bath.relaxationTime) / step
    return Job(
      title: "Fig. 2a, T = \(temperature.short), q = \(displacement.short)", key: key,
      cost: steps * Double(bath.count)
    ) { context in
      let probe = FrozenProbe(bath: bath, displacement: displacement, timeStep: step, seed: seed)
      return [try probe.meanForce(duration: duration, threads: context.threads)]
    }
  }

  func jobs() throws -> [Job] {
    try temperatures.flatMap { temperature in try displacements.map { try job(temperature, $0) } }
  }

  func figure(_ bench: Workbench) throws -> Figure {
    var curves: [Figure.Curve] = []
    var ratios: [Figure.Curve] = []
    let fine = linearGrid(from: -3200, to: 3200, count: 161)
    let unit = KrekelsParameters.weakCoupling
    for (family, temperature) in temperatures.enumerated() {
      let frozen = FrozenBath(bath(temperature))
      let points = try displacements.map { displacement -> Figure.Curve.Point in
        let force = try bench.result(job(temperature, displacement))[0]
        return .init(displacement, force.value / unit, error: force.error / unit)
      }
      let name = "T_L = \(temperature.short)"
      curves.append(.init(label: name, name: "\(name) simulation", role: .simulation, family: family, points: points))
      curves.append(
        .init(
          label: "exact (quadrature)", name: "\(name) exact", role: .theory, family: family,
          points: try fine.map { .init($0, try frozen.meanForce(atDisplacement: $0) / unit) }))
      curves.append(
        .init(
          label: "weak coupling", name: "\(name) weak coupling", role: .approximation,
          family: family, points: fine.map { .init($0, frozen.weakCouplingMeanForce(atDisplacement: $0) / unit) }))
      ratios.append(
        .init(
          label: nil, name: "\(name) simulation / exact", role: .simulation, family: family,
          points: try zip(displacements, points).map { displacement, point in
            let exact = try frozen.meanForce(atDisplacement: displacement) / unit
            return .init(displacement, point.y / exact, error: (point.error ?? 0) / abs(exact))
          }))
    }
    return Figure(
      identifier: identifier, title: "Mean force of a particle on a frozen probe",
      caption: """
        Mean force −⟨F⟩ of one particle, in units of ε, on a probe held at displacement q, ε = 0.001. Symbols: \
        simulation of the particles at fixed q. Solid: exact Boltzmann average by quadrature. Dashed: the paper's weak \
        coupling line −λ + ε q Var(F)/T_L. The force grows with q, so the particles push the probe outward and \
        soften its stiffness.
        """,
      horizontal: .init(label: "q", unit: "length"), vertical: .init(label: "mean force / ε", unit: "force per ε"),
      curves: curves, ratios: ratios, ratioLabel: "sim. / exact")
  }
}
