import Foundation
import NessLinear
import NessModel
import NessRecord
import NessTrajectory

/// Settings of the simulation of a chain with the reasons for what was chosen.
public struct TrajectoryPlan: Sendable {
  /// The settings to run with.
  public let settings: TrajectorySettings
  /// Choices and their expected bias, in sentences.
  public let notes: [String]

  /// Completes what an experiment file leaves open.
  ///
  /// - Throws: `Refusal` if the request can never end, for example a relative error of a current that is zero.
  public init(_ request: RunSettings, for model: ChainModel, threads: Int) throws(Refusal) {
    var notes: [String] = []
    let noise = request.noise ?? .matched
    let choice = TimeStepChoice(for: model, noise: noise)
    if let given = request.timeStep {
      let bias =
        model.particleBaths.map { TimeStepChoice.frictionBias(of: $0.bath, timeStep: given, noise: noise) }.max() ?? 0
      if bias > 0.01 {
        notes.append(
          "the given time step \(given) biases the friction of the particles by about \(Self.percent(bias)); "
            + "\(choice.timeStep.short) would keep it below 0.2 %")
      }
    } else {
      notes.append(choice.explanation)
    }
    if !model.particleBaths.isEmpty { notes.append("noise of the particles: \(noise.description)") }
    let relaxation = try? 1 / slowestRelaxationRate(of: model)
    // The slowest modes of a long chain carry next to no current: many passages of sound are enough for the others.
    let chain = model.medium
    let passages = 500 + 40 * Double(chain.sites) * (chain.mass / max(chain.springConstant, 1e-12)).squareRoot()
    let enough = chain.sites == 1 ? Double.infinity : passages
    let unknown = chain.isHarmonic ? 1000 : passages
    let wanted = Self.readable(min(relaxation.map { 3 * $0 } ?? unknown, enough))
    let burnIn = request.burnIn ?? wanted
    let time = relaxation.map { "the slowest relaxation time of the linear theory is \($0.short)" }
    if request.burnIn == nil {
      notes.append(
        "burn-in \(burnIn.short) chosen: "
          + (chain.isHarmonic ? "" : "forty passages of sound and more; ")
          + (time ?? "the linear theory refuses this model, so the relaxation time is not known"))
    } else if let time, burnIn < 0.5 * wanted {
      notes.append("the given burn-in \(burnIn.short) is short, \(time): expect a bias, or use \(wanted.short)")
    }
    var target = request.targetError
    var duration = request.duration
    if duration == nil, Self.currentVanishes(model) {
      guard target == nil else {
        throw Refusal(
          .simulation,
          "the current is zero (equal temperatures, or a bath without coupling), so no relative error can be reached: "
            + "give run.duration instead of run.targetError")
      }
      duration = Self.readable(max(1000, 20 * (relaxation ?? 50)))
      notes.append("duration \(duration ?? 0) chosen: the current is zero")
    } else if duration == nil, target == nil {
      target = 0.05
      notes.append("targetError 0.05 chosen, as neither duration nor targetError is given")
    }
    settings = TrajectorySettings(
      seed: request.seed, replicas: request.replicas, timeStep: request.timeStep ?? choice.timeStep, burnIn: burnIn,
      duration: duration ?? 1e6, target: target.map { .relative($0) }, threads: threads, noise: noise)
    self.notes = notes
  }

  /// Particle-steps to be expected; a site counts for a quarter of a particle.
  func particleSteps(_ model: ChainModel) -> Double {
    let particles = model.particleBaths.reduce(Double(model.medium.sites) / 4 + 1) { $0 + Double($1.bath.count) }
    var time = settings.duration
    if case .relative(let error)? = settings.target, let needed = Job.expectedTime(of: model, relativeError: error) {
      time = min(time, needed / Double(settings.replicas))
    }
    return (settings.burnIn + time) / settings.timeStep * Double(settings.replicas) * particles
  }

  private static func currentVanishes(_ model: ChainModel) -> Bool {
    if Set(model.attachments.map(\.bath.temperature)).count == 1 { return true }
    // A current that baths without coupling cannot carry in a harmonic chain, they cannot in another one either.
    var harmonic = model.medium
    harmonic.quarticConstant = 0
    guard let twin = try? Model(medium: harmonic, attachments: model.attachments),
      let answer = try? LinearSolver(methods: [.markov]).solve(twin)
    else { return false }
    // Small currents are none the less currents: zero is what theory cannot tell from zero.
    let currents = answer.entries.map(\.estimate)
    return !currents.isEmpty && currents.allSatisfy { abs($0.value) <= $0.error }
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2g %%", 100 * share) }

  /// Two significant digits, rounded up.
  private static func readable(_ value: Double) -> Double {
    let unit = pow(10, floor(log10(value)) - 1)
    return (value / unit).rounded(.up) * unit
  }
}
