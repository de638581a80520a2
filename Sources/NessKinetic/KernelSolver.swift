import Foundation
import NessModel
import NessStatistics

/// The steady state of a box with any thermal walls from the kernels of its collisions, numerically exact.
///
/// The laws of the speed after a collision with the left and with the right wall are fixed points of the two kernels in
/// turn. With <.>_a the mean over the law after wall a,
///
///     J = ( <E>_L - <E>_R ) / ( <l/v>_L + <l/v>_R )
///
/// - Source: Documentation/Theory/metropolis-walls.md.
/// - Checked by: simulation, the renewal argument, and an independent computation with numpy (KernelSolverTests).
package struct KernelSolver: Solver {
  /// Version of exact theory of classical boxes, by the kernel and by renewal: raise it with every change of a number or a bound
  /// (`EngineVersion`).
  package static let engine = EngineVersion("kernel", 5)

  /// The medium it solves.
  package typealias MediumType = Box
  /// Its method.
  package static let methods: [Method] = [.kernel]

  /// Largest energy of a move in speed from rest over the temperature.
  private static let widestSpeedMoves = 250.0
  /// Smallest width of a move over the hottest temperature, or over its thermal speed.
  private static let narrowestMoves = 0.03

  /// A kernel solver; there is nothing to set.
  package init() {}

  /// The usual one where a wall has memory.
  package static func usualMethods(for model: BoxModel) -> [Method] { model.hasMetropolisWall ? methods : [] }

  /// J, heats, entropy production, mean energy, collision rates, time shares, density, kinetic temperature, and the
  /// collisions to thermalise at each Metropolis wall alone (a Maxwell wall forgets at once).
  package static func offers(of method: Method, for model: BoxModel) -> [Offer] {
    let rests = model.trap != nil || model.stallingWall != nil
    let walls = model.attachments.filter { attachment in
      guard case .metropolis(let bath) = attachment.bath.collisionLaw else { return false }
      return bath.temperature > 0
    }
    let reason = rests ? BoxModel.restWords : walls.isEmpty ? "no Metropolis wall is above temperature 0" : nil
    return model.motionOffers(atRest: rests) + [
      Offer(.collisionsToThermalise, .baths(walls.map(\.name)), unless: reason)
    ]
  }

  /// Refuses two walls at temperature 0, and moves in speed that are too wide for the temperature.
  package func refusals(of model: BoxModel, by method: Method) -> [Refusal] {
    if let reason = model.unlikeReason { return [Refusal(.kernel, reason)] }
    if model.medium.isGas, let mass = model.medium.equalMass, let one = try? model.ofOneParticle(mass: mass) {
      return refusals(of: one, by: method)
    }
    if model.trap != nil { return [] }
    if let reason = model.restReason { return [Refusal(.kernel, reason)] }
    if model.stallingWall != nil { return [] }
    if let reason = Self.memoryReason { return [Refusal(.kernel, reason)] }
    return model.attachments.compactMap { attachment in
      guard case .metropolis(let bath) = attachment.bath.collisionLaw, let reason = unresolved(bath, in: model) else {
        return nil
      }
      return Refusal(.kernel, "wall \(attachment.name): \(reason)")
    }
  }

  /// Eight matrices over all nodes, and the buffers of the linear algebra.
  private static var memoryReason: String? {
    let nodes = Double(12 * StationaryLaw.mostPanels)
    return NessModel.memoryReason(
      "the kernels of collisions", bytes: 8 * 8 * nodes * nodes + 64e6, remedy: "give this process more")
  }

  /// Why the moves of a wall are too wide or too narrow for the grid.
  private func unresolved(_ bath: MetropolisBath, in model: BoxModel) -> String? {
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 1
    let mass = model.medium.mass
    let relative =
      bath.proposal == .energy ? bath.width / hottest : bath.width / Box.thermalSpeed(temperature: hottest, mass: mass)
    if relative < Self.narrowestMoves {
      return "moves of \(relative.short) thermal \(bath.proposal == .energy ? "energies" : "speeds") at the hottest "
        + "temperature are too narrow to be resolved; the limit is \(Self.narrowestMoves.short)"
    }
    let ratio = KineticChoice.moveEnergy(of: bath, mass: mass) / bath.temperature
    guard bath.proposal == .speed, ratio >= Self.widestSpeedMoves else { return nil }
    return
      "moves in speed of \(ratio.short) times the thermal energy slow the particle down to exp(-\(ratio.short)) of "
      + "its speed, beyond the range of numbers; the limit is \(Self.widestSpeedMoves.short)"
  }

  /// Means over the stationary law.
  ///
  /// - Throws: `LinearAlgebraError` if the laws cannot be solved for.
  /// - Accuracy: 1e-8 or better as a rule; the bound is twice the difference between polynomials of order 8 and 12.
  /// - Complexity: O(nodes³ log moves) with up to 1400 nodes: mostly 0.05 to 1 s, up to 5 s if cold walls make very many or
  ///   wide moves in speed.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: BoxModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    if model.medium.isGas, let mass = model.medium.equalMass {
      return try solve(for: wanted, of: try model.ofOneParticle(mass: mass), by: method, watch).times(model)
    }
    let claim = claim(of: .kernel, for: model)
    if let trap = model.trap { return .trapped(model, by: trap, method: .kernel, claim: claim) }
    if let wall = model.stallingWall { return .stalled(model, by: wall, method: .kernel, claim: claim) }
    let hottest = model.attachments.map(\.bath.temperature).max() ?? 1
    var answer = Answer()
    if !wanted.isSubset(of: [.collisionsToThermalise]) {
      let kernels = model.attachments.map {
        WallKernel($0.bath.collisionLaw, mass: model.medium.mass, reference: hottest)
      }
      answer = self.answer(model, try StationaryLaw(left: kernels[0], right: kernels[1]), hottest)
    }
    for attachment in model.attachments where wanted.contains(.collisionsToThermalise) {
      guard case .metropolis(let bath) = attachment.bath.collisionLaw, bath.temperature > 0 else { continue }
      let relaxation = CollisionRelaxation(wall: bath, mass: model.medium.mass)
      do {
        let collisions = try relaxation.collisionsFromGap()
        answer.entries.append(.init(.collisionsToThermalise(bath: attachment.name), .kernel, collisions))
      } catch {
        answer.notes.append(Note.warning("collisionsToThermalise.\(attachment.name) left out: \(error)"))
      }
    }
    return answer
  }

  private func answer(_ model: BoxModel, _ law: StationaryLaw, _ hottest: Double) -> Answer {
    let names = model.attachments.map(\.name)
    let unit = (2 * hottest / model.medium.mass).squareRoot()
    let time = model.medium.length / unit
    var answer = Answer()
    func add(_ quantity: Quantity, scale: Double, _ value: (StationaryLaw.Moments) -> Double) {
      let (coarse, fine) = (value(law.coarse), value(law.fine))
      let bound = 2 * abs(fine - coarse) + 1e-12 * scale
      answer.entries.append(.init(quantity, .kernel, .numerical(fine, bound: bound)))
    }
    func cycle(_ moments: StationaryLaw.Moments) -> Double {
      time * (moments.inverseSpeed.left + moments.inverseSpeed.right)
    }
    func current(_ moments: StationaryLaw.Moments) -> Double {
      hottest * (moments.energy.left - moments.energy.right) / cycle(moments)
    }
    func meanEnergy(_ moments: StationaryLaw.Moments) -> Double {
      hottest * time * (moments.speed.left + moments.speed.right) / cycle(moments)
    }
    let flow = hottest / cycle(law.fine)
    add(.heatCurrent, scale: flow, current)
    add(.heat(from: names[0]), scale: flow, current)
    add(.heat(from: names[1]), scale: flow) { -current($0) }
    let temperatures = model.attachments.map(\.bath.temperature)
    if temperatures.allSatisfy({ $0 > 0 }) {
      let factor = (temperatures[0] - temperatures[1]) / temperatures[0] / temperatures[1]
      add(.entropyProduction, scale: flow * abs(factor)) { factor * current($0) }
    }
    add(.meanEnergy, scale: meanEnergy(law.fine), meanEnergy)
    for name in names { add(.collisionRate(bath: name), scale: 1 / cycle(law.fine)) { 1 / cycle($0) } }
    add(.timeShare(bath: names[0]), scale: 1) { time * $0.inverseSpeed.left / cycle($0) }
    add(.timeShare(bath: names[1]), scale: 1) { time * $0.inverseSpeed.right / cycle($0) }
    // Every flight has one speed, so place and energy are independent.
    for part in 1...Box.parts {
      add(.density(part: part), scale: 1 / model.medium.length) { _ in 1 / model.medium.length }
      add(.kineticTemperature(site: part), scale: meanEnergy(law.fine)) { 2 * meanEnergy($0) }
    }
    return answer
  }
}

extension BoxModel {
  /// Whether a wall thermalises by Metropolis moves, so that there is no renewal at every collision.
  var hasMetropolisWall: Bool {
    attachments.contains { if case .metropolis = $0.bath.collisionLaw { true } else { false } }
  }

  /// Why a particle that comes to rest has few answers.
  static let restWords = "the particle comes to rest"

  /// Why theory gives no density of rods; nil for points.
  private var rodsReason: String? {
    medium.isGas && medium.diameter > 0
      ? "rods are mapped to points in the room that is free of them, which tells no density along the box; the simulation does"
      : nil
  }

  /// What every method gives of a particle between walls; less if it comes to rest.
  ///
  /// - Parameter isSampled: whether the motion is followed, and not mapped to that of a single point.
  func motionOffers(atRest rests: Bool, isSampled: Bool = false) -> [Offer] {
    let names = Offer.Members.baths(attachments.map(\.name))
    let reason = rests ? Self.restWords : nil
    return [
      heatCurrentOffer, Offer(.heatFrom, names), rests ? Offer(.entropyProduction, unless: reason) : entropyOffer,
      Offer(.meanEnergy), Offer(.collisionRate, names), Offer(.timeShare, names, unless: companyReason ?? reason),
      Offer(.density, .numbers(Box.parts), unless: isSampled ? reason : rodsReason ?? reason),
      Offer(.kineticTemperature, .numbers(Box.parts), unless: reason),
    ]
  }
}
