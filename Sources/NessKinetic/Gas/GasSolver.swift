import Foundation
import NessModel
import NessSampling
import NessStatistics

/// Event-driven simulation of several particles between thermal walls: no time step, so no error but the statistical one.
///
/// - Checked by: the renewal argument and the collision kernel at equal masses; an independent program at unlike masses
///   (HardPointGasTests).
package struct GasSolver: Sendable {
  /// Version of what a gas gives: raise it with every change of its draws, slices, error bars or choices (`EngineVersion`).
  package static let engine = EngineVersion("gas", 2)

  /// How to run.
  package let settings: KineticSettings
  /// Whom to tell, when to stop, where to keep the state.
  package var watch = SamplingWatch<Answer>()
  /// What is recorded along the time, if the watch says where.
  package var recorded: RecordedFlights?

  /// A solver with the given settings.
  package init(_ settings: KineticSettings) { self.settings = settings }

  /// All reasons not to simulate a model with these settings, before any work.
  package func refusals(of model: BoxModel) -> [Refusal] {
    if let reason = model.coldWallReason { return [Refusal(.simulation, reason)] }
    guard let choice = try? GasChoice(for: model) else { return [Refusal(.simulation, "there is no such box")] }
    var reasons = settings.faults
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 0
    if let reason = rangeReason(energy: hottest, rate: 1 / choice.cycleTime) { reasons.append(reason) }
    let collisions =
      (settings.burnIn + settings.duration) / choice.cycleTime * choice.collisionsPerCycle * Double(settings.replicas)
    // With a target the duration is only a limit.
    if reasons.isEmpty, !(collisions < (settings.targetError == nil ? 1e15 : 1e19)) {
      reasons.append(
        "about \(collisions.short) collisions in all, more than can ever be done: shorten the duration or use fewer "
          + "replicas")
    }
    let perReplica =
      64 * Double(model.medium.particles)
      + 8 * Double(GasReplica.channels * (GasPlan.capacity(replicas: settings.replicas) + 1))
    let memory = memoryReason(
      "\(settings.replicas) replicas of this model", bytes: Double(settings.replicas) * perReplica,
      remedy: "use fewer replicas and a longer duration")
    return (reasons + [memory].compactMap { $0 }).map { Refusal(.simulation, $0) }
  }

  /// Simulates a model.
  ///
  /// - Returns: J, the heat from each wall, the entropy production, the mean energy of all particles, the collision rates of the walls as
  ///   averages over time; density [1/length, integral n] and kinetic temperature by parts of the box from looks at fixed times.
  /// - Throws: `Refusal` if the settings cannot work, `KineticError.interrupted`, `StatisticsError` if the run is too
  ///   short for any error bar.
  /// - Complexity: O(collisions log n).
  package func simulate(_ model: BoxModel) throws -> KineticOutcome {
    if let refusal = refusals(of: model).first { throw refusal }
    let ensemble = GasEnsemble(
      model, settings, GasPlan(settings, try GasChoice(for: model)), recorded: recorded, in: watch.recording)
    var run = SamplingRun<Answer>()
    run.target = settings.targetError.map { .relative($0) }
    run.threads = settings.threads
    run.watch = watch
    let reading = SamplingRun<Answer>.Reading(
      seconds: 2e-3, answer: { try GasAnalysis(ensemble: ensemble).answer() },
      errorOverTarget: { $0.ratio(of: try GasAnalysis(ensemble: ensemble).heatCurrent()) })
    guard let stop = run.run(ensemble, reading) else { throw KineticError.interrupted }
    for motion in ensemble.motions { motion.recorder?.flush() }
    let analysis = GasAnalysis(ensemble: ensemble)
    return KineticOutcome(
      answer: try analysis.answer(), stopReason: stop, duration: ensemble.recordedTime, burnIn: ensemble.burnIn,
      collisions: analysis.collisions)
  }
}

/// Turns the record of a gas into estimates.
struct GasAnalysis {
  let ensemble: GasEnsemble

  private var model: BoxModel { ensemble.model }
  private var names: [String] { model.attachments.map(\.name) }

  /// Collisions of all replicas, with walls and of particles.
  var collisions: Int {
    let rates = [HardPointGas.Channel.collisionsLeft, .collisionsRight, .pairs].map { ensemble.series($0) }
    let total = rates.reduce(0) { $0 + $1.values.reduce(0, +) / Double($1.batches) }
    return Int((total * ensemble.recordedTime).rounded())
  }

  /// All estimates; a quantity whose data allow no honest error bar is left out with a note.
  func answer() throws -> Answer {
    var sampled = SampledAnswer()
    sampled.add(.heatCurrent) { try heatCurrent() }
    sampled.add(.heat(from: names[0])) { try KineticAnalysis.mean(ensemble.series(.heatFromLeft)) }
    sampled.add(.heat(from: names[1])) { try KineticAnalysis.mean(ensemble.series(.heatFromRight)) }
    sampled.add(.entropyProduction) { try KineticAnalysis.entropyProduction(of: heatCurrent(), model) }
    sampled.add(.meanEnergy) { try KineticAnalysis.mean(ensemble.series(.energyTime)) }
    sampled.add(.collisionRate(bath: names[0])) { try KineticAnalysis.mean(ensemble.series(.collisionsLeft)) }
    sampled.add(.collisionRate(bath: names[1])) { try KineticAnalysis.mean(ensemble.series(.collisionsRight)) }
    let counts = (0..<Box.parts).map { ensemble.looks(column: GasReplica.count(part: $0)) }
    let perLength = Double(Box.parts) / model.medium.length
    // The middle of a rod is nowhere nearer to a wall than its radius.
    let nearest = 0.5 * model.medium.diameter / model.medium.length * Double(Box.parts)
    let forbidden = (0..<Box.parts).filter { Double(min($0, Box.parts - 1 - $0)) + 1 <= nearest }
    for part in 0..<Box.parts {
      sampled.add(.density(part: part + 1)) {
        forbidden.contains(part)
          ? .numerical(0, bound: 0) : try KineticAnalysis.mean(counts[part].mapped { perLength * $0 })
      }
    }
    for part in 0..<Box.parts where !forbidden.contains(part) {
      sampled.add(.kineticTemperature(site: part + 1)) {
        let energies = ensemble.looks(column: GasReplica.twiceEnergy(part: part))
        return try KineticAnalysis.mean(energies.ratio(to: counts[part], unit: 1))
      }
    }
    var answer = try sampled.finished()
    let chosen = (try? GasChoice(for: model))?.burnIn ?? 0
    KineticAnalysis.addBudgets(
      to: &answer, model, left: ensemble.series(.heatFromLeft), right: ensemble.series(.heatFromRight),
      (ensemble.burnIn, ensemble.recordedTime, chosen))
    answer.finish { _ in KineticSolver.claim }
    return answer
  }

  /// The mean of the heat from the left and the heat into the right wall, corrected by their difference as a control.
  func heatCurrent() throws -> Estimate {
    let (left, right) = (ensemble.series(.heatFromLeft), ensemble.series(.heatFromRight))
    return try KineticAnalysis.mean(
      left.combined(with: right) { 0.5 * ($0 - $1) }, controls: [left.combined(with: right) { 0.5 * ($0 + $1) }])
  }
}

extension BoxModel {
  /// Why several particles between these walls are not simulated; nil if they are.
  var coldWallReason: String? {
    attachments.first { $0.bath.temperature == 0 }.map {
      "wall \($0.name) is at temperature 0: "
        + (medium.particles == 1
          ? "a rod there stays; simulate a point in a box shorter by medium.diameter"
          : "of several particles those at that wall are pushed into it again and again; give it a temperature > 0")
    }
  }

  /// Why theory of one particle does not answer for several; nil if it does.
  var unlikeReason: String? {
    medium.equalMass == nil
      ? "the masses of the particles differ, so their collisions throw heat back; only equal masses, which exchange their "
        + "velocities, carry n times the heat of one particle: simulate (ness run)" : nil
  }

  /// Why a quantity of one particle is none of several.
  var companyReason: String? {
    if medium.particles > 1 { return "it is a quantity of a single particle, and there are \(medium.particles)" }
    return medium.isGas ? "it is not measured for a rod; a point in a box shorter by medium.diameter has it" : nil
  }
}

extension Answer {
  /// From the answer for one particle in the free room that for all equal particles of a model: n times what is a sum over
  /// particles. Densities of rods, which differ from those of points, and what belongs to a single particle are left out.
  func times(_ model: BoxModel) -> Answer {
    let count = Double(model.medium.particles)
    // The free room is a difference.
    let rounding = 1e-15 * (1 + model.medium.length / model.medium.freeLength)
    let known = Set(model.parameters.map(\.path))
    var answer = self
    answer.entries = entries.members.compactMap { entry in
      let estimate: Estimate
      let quantity = entry.quantity
      switch quantity.family {
      case .timeShare, .energyDensity: return nil
      case .kineticTemperature, .collisionsToThermalise: return entry
      case .density where model.medium.diameter > 0: return nil
      case .response where !known.contains(quantity.places.joined(separator: ",")): return nil
      case .heatResponse where !known.contains(quantity.places.dropFirst().joined(separator: ",")): return nil
      default:
        estimate = .numerical(
          count * entry.estimate.value,
          bound: count * (entry.estimate.error + rounding * abs(entry.estimate.value)))
      }
      return Entry(quantity, entry.method, estimate)
    }
    return answer
  }
}
