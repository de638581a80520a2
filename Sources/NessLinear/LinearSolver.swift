import NessMath
import NessModel
import NessStatistics

/// Exact linear theory of a chain between baths whose own coordinates have been eliminated.
///
/// | method | answers |
/// |---|---|
/// | `.markov`, `.memory` | heat from every bath, the heat current, the entropy production and the profiles, from the transmission integral |
/// | `.asymptotic` | the heat current for N -> infinity, closed form, corrected |
/// | `.printed` | the heat current and effective stiffness exactly as Krekels et al. 2026 print them |
/// | `.corrected` | effective friction and stiffness of every particle bath |
///
/// Kinetic temperatures and bond currents along the chain cost work of their own; they are answered by `.markov` and `.memory`.
///
/// - Accuracy: every estimate carries its own bound, below 1e-9 of a heat current as a rule, more for resonances narrower
///   than 1e-7 of their frequency; `Documentation/Theory/effective-chain.md`, section 5, says what it is made of.
/// - Complexity: O(N) frequencies at O(baths) each, however many pairs of baths there are; the profile is O(N²).
/// - Source: `Documentation/Theory/effective-chain.md`.
/// - Checked by: a thousand chains in hundreds of digits (ReferenceChainTests), covariances of the Lyapunov equation.
package struct LinearSolver: Solver {
  /// Version of linear theory: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("linear", 5)

  /// Its methods.
  package static let methods: [Method] = [.markov, .memory, .asymptotic, .printed, .corrected]

  /// Relative tolerance of the transmission integrals; a pessimistic measure, see `Accuracy`.
  package var relativeTolerance: Double

  /// A solver of some tolerance.
  package init(relativeTolerance: Double = 3e-10) {
    self.relativeTolerance = relativeTolerance
  }

  /// Profiles cost N² together; effective baths are one for each particle bath.
  package static func offers(of method: Method, for model: ChainModel) -> [Offer] {
    let sites = model.medium.sites
    let pairs = Double(sites) * Double(sites)
    let names = model.particleBaths.map(\.attachment.name)
    let particles = [Quantity.Family.effectiveFriction, .effectiveStiffness].map {
      Offer($0, .baths(names.count == 1 ? [] : names), unless: names.isEmpty ? "there is no particle bath" : nil)
    }
    switch method {
    case .markov, .memory:
      return model.heatOffers + [
        Offer(.kineticTemperature, .numbers(sites), work: 0.5 * pairs),
        Offer(
          .bondHeatCurrent, .numbers(sites - 1), work: 0.5 * pairs, unless: sites > 1 ? nil : "one site has no bond"),
        Offer(
          .potentialEnergy, .numbers(sites), work: Double(sites) * pairs,
          unless: modesReason(model)
            ?? (HarmonicNetwork(model, withMemory: false).isHeld ? nil : "nothing holds the chain in place")),
      ]
        + model.fluctuationOffers(
          work: model.terminals == nil ? Double(sites) * pairs : pairs,
          unless: model.terminals == nil ? modesReason(model) : nil)
        + model.responseOffers(work: Double(sites) * pairs, unless: modesReason(model))
        + model.parameterResponseOffers(
          work: Double(sites) * pairs, unless: modesReason(model),
          except: NetworkTangent.exceptions)
        + model.linearTransientOffers(
          by: method, sites: sites, remembers: model.remembers,
          terms: method == .memory ? model.attachments.reduce(0) { $0 + $1.bath.linear.frictionKernel.terms.count } : 0,
          isGaussian: model.attachments.allSatisfy(\.bath.linear.isGaussian), unless: transientReason(model))
        + correlationOffers(for: model)
        + model.modeOffers(
          sites: sites, terms: model.attachments.reduce(0) { $0 + $1.bath.linear.frictionKernel.terms.count })
    case .asymptotic: return [model.heatCurrentOffer]
    case .printed: return [model.heatCurrentOffer] + particles
    case .corrected: return particles
    default: return []
    }
  }

  /// Why normal modes, which the fluctuations of several heats and the response need, are not found; nil if they are.
  private static func modesReason(_ model: ChainModel) -> String? {
    let (sites, stations) = (model.medium.sites, Set(model.attachments.map(\.site)).count)
    if sites <= mostModes {
      return NessModel.memoryReason(
        "the normal modes of \(sites) sites", bytes: HarmonicNetwork.bytes(sites: sites, stations: stations),
        remedy: "set medium.sites lower")
    }
    return "it takes the normal modes, which are found for up to \(mostModes) sites"
  }

  private static let mostModes = 2000

  /// Ten microseconds for a site, and for a profile as much for six.
  package static func expectedSeconds(
    _ questions: Questions, about model: ChainModel, by method: Method
  ) -> Double {
    guard method == .markov || method == .memory && model.remembers else { return 1e-6 }
    let sites = Double(model.medium.sites)
    let wantsProfile = offers(of: method, for: model).contains { $0.work > 0 && questions.want($0) }
    return 5e-5 + 5e-6 * sites + (wantsProfile ? 0.5 * sites * (7e-4 + 1.6e-6 * sites) : 0)
  }

  /// Why a method does not apply.
  package func refusals(of model: ChainModel, by method: Method) -> [Refusal] {
    let reason =
      model.linearityReason
      ?? refusalReason(method, model, memoryReason(of: model) ?? rangeReason(of: model) ?? model.bucklingReason())
    return reason.map { [Refusal(method, $0)] } ?? []
  }

  /// The answers of one method.
  ///
  /// - Throws: `QuadratureError` or `LinearAlgebraError` if a numerical method fails within its valid range.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: ChainModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    var answer = Answer()
    switch method {
    case .markov, .memory: try addFiniteChain(wanted, of: model, method, watch, to: &answer)
    case .asymptotic: addAsymptotic(of: model, to: &answer)
    case .printed: addPrinted(of: model, to: &answer)
    case .corrected: addEffectiveBaths(of: model, method, sign: 1, to: &answer)
    default: break
    }
    return answer
  }

  // MARK: refusals

  /// Why the mesh of frequencies does not fit into the memory; nil if it does.
  private func memoryReason(of model: ChainModel) -> String? {
    let sites = model.medium.sites
    // Up to twenty cells a site, twice while they are halved. For short chains the question takes longer than the answer.
    if sites < 5000 { return nil }
    return NessModel.memoryReason(
      "the frequencies of \(sites) sites", bytes: 3400 * Double(sites), remedy: "set medium.sites lower")
  }

  /// Why the scales of the chain are beyond the range of numbers, so that no mesh of frequencies could end; nil if they are
  /// not.
  private func rangeReason(of model: ChainModel) -> String? {
    let chain = EliminatedChain(model, withMemory: true)
    let scales =
      [chain.frequencyUnit] + chain.stationStiffness.map(\.high)
      + chain.baths.flatMap { bath in [bath.markovFriction] + bath.terms.map(\.rate) }
    if chain.frequencyUnit > 0, scales.allSatisfy(\.isFinite) { return nil }
    return
      "the frequencies of the chain and of its baths are beyond the range of numbers: choose other units of mass and time"
  }

  private func refusalReason(_ method: Method, _ model: ChainModel, _ buckling: @autoclosure () -> String?) -> String? {
    switch method {
    case .markov: return buckling()
    case .memory:
      return model.remembers ? buckling() : "no bath has memory, so this would only repeat markov"
    case .asymptotic:
      return model.endBaths == nil
        ? "the closed form needs exactly two baths, one on site 1 and one on site N, and N >= 2" : buckling()
    case .printed:
      return Self.printedForm(model) == nil
        ? "the printed formula needs exactly one particle bath at one end and one Langevin bath at the other, and N >= 2"
        : nil
    case .corrected: return model.particleBaths.isEmpty ? "there is no particle bath to eliminate" : nil
    default: return "linear theory does not answer this"
    }
  }

  // MARK: finite chain

  private func addFiniteChain(
    _ wanted: Set<Quantity.Family>, of model: ChainModel, _ method: Method, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    let chain = EliminatedChain(model, withMemory: method == .memory)
    let (wantsTemperatures, wantsBonds) = (wanted.contains(.kineticTemperature), wanted.contains(.bondHeatCurrent))
    let wantsHeat = wanted.subtracting(Quantity.Family.ofTransients).contains {
      $0 != .kineticTemperature && !$0.isOnRequest
    }
    try addTransient(wanted, of: model, method, watch.quiet, to: &answer)
    try addCorrelation(wanted, of: model, method, watch.quiet, to: &answer)
    let isMore = wanted.contains(where: \.isOnRequest)
    let (whole, watch) = (watch, isMore ? watch.part(from: 0, to: 0.6) : watch)
    var bondCurrents: [Estimate] = []
    if wantsHeat {
      let share = wantsTemperatures ? watch.part(from: 0, to: 0.5) : watch
      bondCurrents = try addHeats(of: model, method, chain, withBonds: wantsBonds, share, to: &answer)
    }
    if wantsTemperatures {
      do {
        let kinetic = try KineticProfile(
          chain, relativeTolerance: relativeTolerance, watch: wantsHeat ? watch.part(from: 0.5, to: 1) : watch)
        for (index, estimate) in kinetic.temperatures.enumerated() {
          answer.entries.append(.init(.kineticTemperature(site: index + 1), method, estimate))
        }
      } catch let reason as KineticProfile.DarkModes {
        answer.notes.append(
          Note.warning("\(method.rawValue): no kinetic temperatures along the chain: \(reason)"))
      }
    }
    for (index, estimate) in bondCurrents.enumerated() {
      answer.entries.append(.init(.bondHeatCurrent(bond: index + 1), method, estimate))
    }
    if isMore { try addFluctuations(wanted, of: model, method, chain, whole.part(from: 0.6, to: 1), to: &answer) }
  }

  private func addFluctuations(
    _ wanted: Set<Quantity.Family>, of model: ChainModel, _ method: Method, _ chain: EliminatedChain,
    _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    let fluctuations = HeatFluctuations.Wanted(wanted)
    if RelaxationModes.areWanted(wanted) {
      try RelaxationModes(HarmonicNetwork(model, withMemory: method == .memory)).add(wanted, by: method, to: &answer)
    }
    if wanted.contains(.potentialEnergy) { try addPotentialEnergies(of: model, method, watch.quiet, to: &answer) }
    let wantsResponse = !wanted.isDisjoint(with: [.conductance, .causes])
    let wantsParameters = !wanted.isDisjoint(with: [.response, .heatResponse])
    let areTwo = model.terminals != nil
    if !fluctuations.isNothing && areTwo {
      let found = try HeatFluctuations(
        chain, fluctuations, relativeTolerance: relativeTolerance, watch: watch.part(from: 0, to: 0.4))
      let conductance = try HeatBalance.conductance(chain, relativeTolerance: relativeTolerance, watch: watch.quiet)
      answer.add(found, of: model, by: method, conductance: conductance)
    }
    guard wantsResponse || wantsParameters || !fluctuations.isNothing && !areTwo, Self.modesReason(model) == nil,
      model.attachments.count > 1
    else { return }
    let network = HarmonicNetwork(model, withMemory: method == .memory)
    let heat = try networkHeat(network, method, watch.part(from: 0.4, to: 0.7))
    if !fluctuations.isNothing && !areTwo {
      let found = try HeatFluctuations(heat, fluctuations, relativeTolerance: relativeTolerance, watch: watch.quiet)
      answer.add(found, of: model, by: method, conductance: nil)
    }
    if wantsResponse {
      let laws = model.attachments.map(\.bath.linear)
      let response = try HeatResponse(
        heat, network, kernels: laws.map(\.frictionKernel), slopes: laws.map(\.temperatureSlope),
        withMemory: method == .memory, relativeTolerance: relativeTolerance,
        watch: watch.part(from: 0.7, to: wantsParameters ? 0.85 : 1))
      answer.add(response, of: model, by: method, wanted)
    }
    if wantsParameters {
      try answer.addResponse(of: model, network, heat, by: method, watch.part(from: wantsResponse ? 0.85 : 0.7, to: 1))
      { model in
        model.linearityReason == nil ? HarmonicNetwork(model, withMemory: method == .memory) : nil
      }
    }
  }

  private func addPotentialEnergies(
    of model: ChainModel, _ method: Method, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    let network = HarmonicNetwork(model, withMemory: method == .memory)
    guard Self.modesReason(model) == nil, network.isHeld else { return }
    let heat = try networkHeat(network, method, watch)
    if let reason = heat.darkReason {
      answer.notes.append(Note.warning("\(method.rawValue): no potential energies along the chain: \(reason)"))
      return
    }
    let profile = try NetworkProfile(
      network, heat, withTemperatures: false, withBonds: false, withSprings: true,
      relativeTolerance: relativeTolerance, watch: watch)
    for (site, energy) in (profile.springs?.energiesOfSites(network) ?? []).enumerated() {
      answer.entries.append(.init(.potentialEnergy(site: site + 1), method, energy))
    }
  }

  private func networkHeat(_ network: HarmonicNetwork, _ method: Method, _ watch: WorkWatch) throws -> NetworkHeat {
    do {
      return try NetworkHeat(network, relativeTolerance: relativeTolerance, watch: watch)
    } catch let error as UnstableNetwork {
      throw Refusal(method, "\(error); linear theory has no steady state there")
    }
  }

  /// Adds what the baths give.
  ///
  /// - Returns: the current through every bond, if it is wanted.
  private func addHeats(
    of model: ChainModel, _ method: Method, _ chain: EliminatedChain, withBonds: Bool, _ watch: WorkWatch,
    to answer: inout Answer
  ) throws -> [Estimate] {
    let heat = try HeatBalance(
      chain, withBonds: withBonds, relativeTolerance: relativeTolerance, watch: watch)
    let currents = heat.currents
    if model.terminals != nil { answer.entries.append(.init(.heatCurrent, method, currents[0])) }
    for (attachment, current) in zip(model.attachments, currents) {
      answer.entries.append(.init(.heat(from: attachment.name), method, current))
    }
    answer.addEntropyProduction(of: model, by: method)
    let largest = currents.reduce(0) { max($0, abs($1.value)) }
    if heat.unresolved > 0.01 * largest {
      answer.notes.append(
        Note.warning(
          "\(method.rawValue): resonances that are narrower than 1e-26 of their frequency, or too many to be told apart, may carry "
            + "up to \(heat.unresolved.short) more from a bath or through a bond than the values say: read value plus bound as an upper limit"
        ))
    }
    return heat.bondCurrents
  }

  // MARK: closed forms

  private func addAsymptotic(of model: ChainModel, to answer: inout Answer) {
    guard let ends = model.endBaths else { return }
    func end(_ attachment: ChainModel.Attachment) -> ClosedForm.End {
      let law = attachment.bath.linear
      return .init(
        friction: law.frictionKernel.markovFriction,
        stiffness: model.medium.pinning(ofSite: attachment.site) + law.stiffnessShift, temperature: law.temperature,
        stiffnessError: Self.stiffnessError(model, attachment, law.stiffnessShift))
    }
    let form = ClosedForm(
      prefactor: 2, mass: model.medium.mass, springConstant: model.medium.springConstant, left: end(ends.left),
      right: end(ends.right))
    answer.entries.append(.init(.heatCurrent, .asymptotic, form.heatCurrent))
    if form.left.stiffness < 0 || form.right.stiffness < 0 {
      answer.notes.append(
        Note.warning(
          "asymptotic: an end has negative stiffness, which this chain bears but an infinite one would not; "
            + "read the closed form as an approximation for this length"))
    }
  }

  private static func printedForm(_ model: ChainModel) -> ClosedForm? {
    guard let ends = model.endBaths, model.particleBaths.count == 1 else { return nil }
    func end(_ attachment: ChainModel.Attachment) -> ClosedForm.End {
      let law = attachment.bath.linear
      return .init(
        friction: law.frictionKernel.markovFriction,
        stiffness: model.medium.pinning(ofSite: attachment.site) - law.stiffnessShift, temperature: law.temperature,
        stiffnessError: stiffnessError(model, attachment, law.stiffnessShift))
    }
    return ClosedForm(
      prefactor: 4, mass: model.medium.mass, springConstant: model.medium.springConstant, left: end(ends.left),
      right: end(ends.right))
  }

  private func addPrinted(of model: ChainModel, to answer: inout Answer) {
    guard let form = Self.printedForm(model) else { return }
    answer.entries.append(.init(.heatCurrent, .printed, form.heatCurrent))
    addEffectiveBaths(of: model, .printed, sign: -1, to: &answer)
  }

  private func addEffectiveBaths(of model: ChainModel, _ method: Method, sign: Double, to answer: inout Answer) {
    let baths = model.particleBaths
    for (attachment, bath) in baths {
      let name = baths.count == 1 ? nil : attachment.name
      let stiffness = model.medium.pinning(ofSite: attachment.site) + sign * bath.stiffnessShift
      let bound = Self.stiffnessError(model, attachment, bath.stiffnessShift)
      answer.entries.append(
        .init(.effectiveFriction(bath: name), method, Self.closed(bath.frictionKernel.markovFriction)))
      answer.entries.append(.init(.effectiveStiffness(bath: name), method, .numerical(stiffness, bound: bound)))
    }
  }

  private static func closed(_ value: Double) -> Estimate { .numerical(value, bound: 4e-14 * abs(value)) }

  /// Bound on the error of the stiffness of a bath's site: rounding, and the last digits of Bessel functions.
  private static func stiffnessError(
    _ model: ChainModel, _ attachment: ChainModel.Attachment, _ shift: Double
  ) -> Double {
    2e-16 * model.medium.pinning(ofSite: attachment.site) + (shift == 0 ? 0 : 4e-14 * abs(shift))
  }
}

extension Model<Chain> {
  /// Whether a bath has memory.
  var remembers: Bool { attachments.contains { !$0.bath.linear.frictionKernel.terms.isEmpty } }

  /// The two baths on the two ends of a chain of at least two sites; nil for any other arrangement.
  var endBaths: (left: Attachment, right: Attachment)? {
    guard let terminals, medium.sites >= 2, terminals.left.site == 1, terminals.right.site == medium.sites else {
      return nil
    }
    return terminals
  }
}
