import Foundation
import NessFiles
import NessLinear
import NessModel
import NessTrajectory

/// Settings of the simulation of a chain with the reasons for what was chosen.
package struct TrajectoryPlan: Sendable {
  /// The settings to run with.
  package let settings: TrajectorySettings
  /// The whole error that is asked for, over the current; nil if none is. The target of the settings is what the bias of the
  /// time step leaves of it.
  package let askedError: Double?
  /// Choices and their expected bias, in sentences.
  package let notes: [String]

  /// Completes what an experiment file leaves open.
  ///
  /// - Throws: `Refusal` if the request can never end, for example a relative error of a current that is zero.
  package init(_ request: RunSettings, for model: ChainModel, threads: Int) throws(Refusal) {
    var notes: [String] = []
    let noise = request.noise ?? .matched
    var target = request.targetError
    let currentVanishes = request.duration == nil && Self.currentVanishes(model)
    if request.duration == nil, target == nil, !currentVanishes { target = 0.05 }
    let step = StepPlan(model, given: request.timeStep, asked: target, noise: noise)
    notes += step.notes
    if !model.particleBaths.isEmpty { notes.append("noise of the particles: \(noise.description)") }
    var burnIn = request.burnIn ?? 0
    if request.burnIn == nil {
      let choice = BurnInChoice(
        model, timeStep: step.timeStep, noise: noise, relativeError: target, replicas: request.replicas)
      burnIn = choice.burnIn
      notes.append(choice.explanation)
      if let note = Self.longBurnIn(burnIn, timeStep: step.timeStep, request) { notes.append(note) }
    }
    var duration = request.duration
    if currentVanishes {
      guard target == nil else {
        throw Refusal(
          .simulation,
          "the current is zero (equal temperatures, or a bath without coupling), so no relative error can be reached: "
            + "give run.duration instead of run.targetError")
      }
      let chosen = max(50_000 * step.timeStep, 2 * burnIn)
      duration = chosen
      notes.append("duration \(chosen.short) chosen: the current is zero")
    } else if request.duration == nil, request.targetError == nil {
      notes.append("targetError 0.05 chosen, as neither duration nor targetError is given")
    }
    askedError = target
    settings = TrajectorySettings(
      seed: request.seed, replicas: request.replicas, timeStep: step.timeStep, burnIn: burnIn,
      duration: duration ?? Self.mostSteps * step.timeStep, target: step.statisticalError.map { .relative($0) },
      threads: threads, noise: noise)
    self.notes = notes
  }

  /// Steps of all replicas, some seconds at least, from which on that is worth a word.
  private static let longBurnIn = 1e9

  /// That a burn-in that was chosen is much longer than what is measured after it, and what to do; nil if it is not.
  static func longBurnIn(_ burnIn: Double, timeStep: Double, _ request: RunSettings) -> String? {
    guard let duration = request.duration, burnIn > 10 * duration,
      burnIn / timeStep * Double(request.replicas) > Self.longBurnIn
    else { return nil }
    return Note.warning(
      "the burn-in is \((burnIn / duration).text(digits: 2)) times as long as run.duration: a shorter run.burnIn may do, and leaves "
        + "in the error budget what it leaves of the start; --time-limit ends the run where it is")
  }

  /// Steps of a replica at which a run that does not reach its target ends.
  private static let mostSteps = 1e10

  /// Particle-steps to be expected; a site counts for a quarter of a particle.
  func particleSteps(_ model: ChainModel) -> Double {
    let particles = model.particleBaths.reduce(Double(model.medium.sites) / 4 + 1) { $0 + Double($1.bath.count) }
    var time = settings.duration
    if case .relative(let error)? = settings.target, let needed = Job.expectedTime(of: model, relativeError: error) {
      time = min(time, needed / Double(settings.replicas))
    }
    return (settings.burnIn + time) / settings.timeStep * Double(settings.replicas) * particles
  }

  /// Whether no heat can flow: fewer than two baths, or baths of one temperature, that can exchange any.
  private static func currentVanishes(_ model: ChainModel) -> Bool {
    let exchanging = model.attachments.filter { !$0.bath.stochasticLaw.isDecoupled }
    return Set(exchanging.map(\.bath.temperature)).count < 2
  }
}
