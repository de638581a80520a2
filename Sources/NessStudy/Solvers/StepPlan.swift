import NessModel
import NessTrajectory

/// The time step of a simulation of a chain, and what its bias leaves of the asked error: that is meant to be the whole one.
struct StepPlan {
  /// Share of the asked error that the bias of a chosen step may take. A longer step is done sooner, and the statistical
  /// error must be smaller: of steps whose bias grows as their square this one is done first.
  static let share = 0.45
  /// Below this share the bias changes the whole error by half a percent.
  private static let negligible = 0.1
  /// Above this share of the asked error a bias leaves nothing for the statistical one.
  static let hopeless = 0.95
  /// Largest shortening of the usual step for the sake of a target.
  static let mostShortening = 64.0

  /// The step [time].
  let timeStep: Double
  /// Relative standard error at which the whole error is the asked one; nil if none is asked.
  let statisticalError: Double?
  /// The choice and its bias, in sentences.
  let notes: [String]

  private struct Bias {
    let quantity: Quantity
    let part: ErrorBudget.Part
    /// The quantity in the linear dynamics; nil where that has no answer.
    let value: Double?

    /// The largest heat between baths.
    init(_ model: ChainModel, timeStep: Double, noise: ParticleNoise) {
      let bias = SteadyBias(model, timeStep: timeStep, noise: noise)
      let candidates =
        model.terminals == nil ? model.attachments.map { Quantity.heat(from: $0.name) } : [.heatCurrent]
      let values = candidates.map { bias.steadyValue($0) }
      let largest = values.indices.max { abs(values[$0] ?? 0) < abs(values[$1] ?? 0) } ?? 0
      quantity = candidates[largest]
      part = bias.timeStep(quantity) ?? .none
      value = values[largest]
    }

    /// Bias over the quantity; nil if that is not known, or zero.
    var relative: Double? { value.flatMap { $0 == 0 ? nil : abs(part.value / $0) } }

    var text: String {
      let share = relative.map { "\($0.percentText), " } ?? ""
      return part.basis == .linear
        ? "it biases \(quantity) by \(part.value.text(digits: 2)) (\(share)linear theory)"
        : "it biases \(quantity) by up to \(part.value.text(digits: 2)) (\(share)upper estimate)"
    }
  }

  /// - Parameters:
  ///   - given: the step of the file; nil to choose one.
  ///   - asked: relative error of the largest heat that is asked for; nil for none.
  init(_ model: ChainModel, given: Double?, asked: Double?, noise: ParticleNoise) {
    if let given {
      let bias = Bias(model, timeStep: given, noise: noise)
      timeStep = given
      statisticalError = asked.map { Self.statisticalError($0, relativeBias: bias.relative) }
      notes = Self.notes(of: given, bias, asked, model, noise)
      return
    }
    // Where the current is not known before the run, the step is chosen for the heats of the two directions.
    let usual = TimeStepChoice(for: model, noise: noise)
    var choice = usual.timeStep
    var bias = Bias(model, timeStep: choice, noise: noise)
    if let asked {
      if bias.relative == nil {
        choice = TimeStepChoice(for: model, tolerance: min(0.002, 0.3 * asked), noise: noise).timeStep
        bias = Bias(model, timeStep: choice, noise: noise)
      }
      for _ in 0..<4 {
        guard let relative = bias.relative, relative > Self.share * asked else { break }
        let wanted = choice * (Self.share * asked / relative).squareRoot()
        choice = max(0.98 * wanted, usual.timeStep / Self.mostShortening).rounded(.down, bits: 6)
        bias = Bias(model, timeStep: choice, noise: noise)
        if choice <= usual.timeStep / Self.mostShortening { break }
      }
    }
    timeStep = choice
    statisticalError = asked.map { Self.statisticalError($0, relativeBias: bias.relative) }
    notes = Self.notes(of: choice, usual, bias.quantity, bias.text, bias.relative, asked)
  }

  /// What to say of a chosen step.
  ///
  /// - Parameters:
  ///   - step: the choice [time].
  ///   - usual: what is chosen if no error is asked for.
  ///   - quantity: the largest heat between baths.
  ///   - biasText: its bias, in words.
  ///   - relative: its bias over itself; nil if that is not known.
  ///   - asked: relative error that is asked for; nil for none.
  static func notes(
    of step: Double, _ usual: TimeStepChoice, _ quantity: Quantity, _ biasText: String, _ relative: Double?,
    _ asked: Double?
  ) -> [String] {
    let reason =
      step < usual.timeStep
      ? "time step \(step.short) chosen for the asked error (\(usual.timeStep.short) is usual)" : usual.explanation
    var notes = ["\(reason); \(biasText)"]
    if let asked, let relative, relative > hopeless * asked {
      notes.append(
        Note.warning(
          "targetError \(asked.short) is meant for the whole error and cannot be reached: at a step of 1/"
            + "\((usual.timeStep / step).text(digits: 2)) of the usual one the bias is still \((100 * relative).text(digits: 2)) % of "
            + "\(quantity), which is close to zero; the statistical error will reach it"))
    }
    return notes
  }

  /// The statistical error that makes the whole error the asked one; the asked one itself where the bias is nothing beside it,
  /// or leaves nothing.
  static func statisticalError(_ asked: Double, relativeBias: Double?) -> Double {
    let taken = relativeBias.map { $0 / asked } ?? share
    if taken < negligible || taken > hopeless { return asked }
    return asked * (1 - taken * taken).squareRoot()
  }

  /// What to say of a given step.
  private static func notes(
    of given: Double, _ bias: Bias, _ asked: Double?, _ model: ChainModel, _ noise: ParticleNoise
  ) -> [String] {
    let limit = asked ?? 0.01
    guard let relative = bias.relative else {
      let usual = TimeStepChoice(for: model, noise: noise).timeStep
      return given > 1.5 * usual
        ? ["the given time step \(given.short): \(bias.text); \(usual.short) would be chosen"] : []
    }
    guard relative > share * limit else { return [] }
    let finer = (given * (share * limit / relative).squareRoot()).text(digits: 2)
    let remedy = "leave run.timeStep out, or give \(finer) or less"
    if let asked, relative > hopeless * asked {
      return [
        "targetError \(asked.short) is meant for the whole error and cannot be reached with the given time step "
          + "\(given.short): \(bias.text); the statistical error will reach it: \(remedy)"
      ]
    }
    return ["the given time step \(given.short): \(bias.text): \(remedy)"]
  }
}
