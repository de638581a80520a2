import NessFormula
import NessMath
import NessModel
import NessStatistics

/// Means over a period of driven systems of levels, by master equations whose rates are those of the moment.
///
/// - Accuracy: every estimate carries its own bound, from the extrapolation in the step and from rounding.
/// - Complexity: O(12 n³) for each step, n = M² numbers of the density matrix.
/// - Source: `Documentation/Theory/driving.md`.
/// - Checked by: a two-level system in closed form, programs of other integrators, steady states where nothing moves, the first law
///   (DrivenLevelTests).
package struct DrivenLevelEquations: Solver {
  /// Version of the theory: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("driven-levels", 2)

  /// Its methods.
  package static let methods: [Method] = [.liouvillian, .redfield, .local]

  /// A solver.
  package init() {}

  /// Most levels.
  private static let mostLevels = 16
  /// Levels up to which the equations are set side by side unasked.
  private static let mostUnasked = 4

  /// The secular equation, and beside it what others say of it, where that takes little.
  package static func usualMethods(for model: Model<DrivenLevels>) -> [Method] {
    if model.hasJumps { return model.hasJumpsAlone ? [.local] : [.redfield, .local] }
    return model.medium.system.levels <= mostUnasked ? methods : [.liouvillian]
  }

  /// Everything comes with the periodic state.
  package static func offers(of method: Method, for model: Model<DrivenLevels>) -> [Offer] {
    methods.contains(method) ? model.drivenOffers + [Offer(.meanEnergy)] : []
  }

  /// By the numbers of the density matrix.
  package static func expectedSeconds(
    _ questions: Questions, about model: Model<DrivenLevels>, by method: Method
  ) -> Double {
    let square = Double(model.medium.system.levels * model.medium.system.levels)
    return 1e-2 + 1e-6 * square * square * square
  }

  /// Why it does not apply.
  package func refusals(of model: Model<DrivenLevels>, by method: Method) -> [Refusal] {
    let levels = model.medium.system.levels
    if levels > Self.mostLevels {
      return [
        Refusal(
          method,
          "the density matrix of \(levels) driven levels is more than is followed: \(Self.mostLevels) levels are the limit"
        )
      ]
    }
    do {
      _ = try DrivenLevelMotion(model, method)
      return []
    } catch let refusal as Refusal {
      return [refusal]
    } catch {
      return [Refusal(method, "\(error)")]
    }
  }

  /// What an answer claims.
  package func claim(of method: Method, for model: Model<DrivenLevels>) -> Claim {
    if model.hasJumpsAlone, method != .liouvillian { return Claim(.exact, "master equation of the given jumps") }
    let equation =
      switch method {
      case .liouvillian: "secular master equation of the whole density matrix"
      case .redfield: "Redfield equation without shifts of the levels"
      default: "local master equation, which may break the second law,"
      }
    return Claim(.approximation, "\(equation) with the rates of the moment, for weak coupling and slow driving")
  }

  /// The answers.
  ///
  /// - Throws: `Refusal` without a periodic state; `QuadratureError.stopped`.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: Model<DrivenLevels>, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    let state = try DrivenLevelState(try DrivenLevelMotion(model, method), watch)
    var answer = Answer()
    func add(_ quantity: Quantity, _ estimate: Estimate) { answer.entries.append(.init(quantity, method, estimate)) }
    let doesWork = model.medium.course.doesWork
    if model.terminals != nil, !doesWork { add(.heatCurrent, state.heats[0]) }
    for (name, heat) in zip(model.attachments.map(\.name), state.heats) { add(.heat(from: name), heat) }
    if doesWork { add(.power, state.power) }
    if let entropy = state.entropyProduction { add(.entropyProduction, entropy) }
    add(.meanEnergy, state.energy)
    answer.notes.append(
      "\(method.rawValue): means over the period \(model.medium.course.period.text(digits: 8)); the slowest deviation shrinks by the "
        + "factor \(state.radius.text(digits: 4)) in a period")
    answer.notes += notes(of: model, state, method)
    return answer
  }

  private func notes(of model: Model<DrivenLevels>, _ state: DrivenLevelState, _ method: Method) -> [String] {
    var notes: [String] = []
    let (course, hbar) = (model.medium.course, model.medium.system.hbar)
    // The memory of a bath lasts hbar/T; rates of the moment need that little moves in it.
    for (index, attachment) in model.attachments.enumerated() where attachment.bath.law.isThermal {
      let temperatures = (0..<32).map { model.temperature(ofBath: index, at: course.period * Double($0) / 32) }
      let coldest = temperatures.min() ?? 0
      if 2 * .pi * hbar > 0.3 * coldest * course.period {
        let memory = coldest > 0 ? "hbar/T = \((hbar / coldest).text(digits: 3))" : "without end, at T = 0"
        notes.append(
          Note.warning(
            "bath \(attachment.name) remembers for \(memory), and the period over 2 pi is \((course.period / (2 * .pi)).text(digits: 3)): "
              + "rates of the moment are for slower driving"))
      }
    }
    // The rates of the moment are to be right at every moment.
    for look in 0..<16 {
      let time = course.period * (Double(look) + 0.271828) / 16
      guard let system = try? model.system(at: time), let form = try? LevelForm(system, method),
        let warning = LevelValidity(form: form, method: method).warnings.first
      else { continue }
      notes.append(Note.at("at t = \(time.text(digits: 4))", warning))
      break
    }
    if let entropy = state.entropyProduction, entropy.value < -entropy.error {
      notes.append(
        Note.warning(
          "\(method.rawValue): the entropy production is negative, \(entropy): this equation breaks the second law here"
        ))
    }
    if let engine = engine(model, state) { notes.append("\(method.rawValue): \(engine)") }
    return notes
  }

  /// What it is as a machine between two baths whose temperatures do not change; nil if it is none.
  private func engine(_ model: Model<DrivenLevels>, _ state: DrivenLevelState) -> String? {
    guard model.medium.course.doesWork, model.attachments.count == 2, model.medium.course.temperatures.isEmpty,
      model.attachments.allSatisfy(\.bath.law.isThermal)
    else { return nil }
    let temperatures = model.attachments.map(\.bath.temperature)
    guard let cold = temperatures.min(), let hot = temperatures.max(), cold < hot, cold > 0 else { return nil }
    let place = temperatures[0] == hot ? (hot: 0, cold: 1) : (hot: 1, cold: 0)
    let (heat, taken, power) = (state.heats[place.hot], state.heats[place.cold], state.power)
    if power.value < -power.error, heat.value > heat.error {
      return
        "an engine: \((-power.value / heat.value).text(digits: 5)) of the heat from \(model.attachments[place.hot].name) becomes work; "
        + "Carnot's bound is \((1 - cold / hot).text(digits: 5))"
    }
    if power.value > power.error, taken.value > taken.error {
      return "a refrigerator: it takes \((taken.value / power.value).text(digits: 5)) of the power as heat from "
        + "\(model.attachments[place.cold].name); Carnot's bound is \((cold / (hot - cold)).text(digits: 5))"
    }
    return nil
  }
}
