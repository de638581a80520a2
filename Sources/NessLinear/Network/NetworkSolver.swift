import NessMath
import NessModel
import NessStatistics

/// Exact linear theory of a harmonic network between baths whose own coordinates have been eliminated.
///
/// `.markov` and `.memory` give the heat from every bath, the heat current of two, the entropy production, the heat between any
/// two joined sites, the kinetic temperatures and the mean displacements, from transmission integrals over the normal modes.
///
/// - Accuracy: every estimate carries its own bound; `Documentation/Theory/network.md` says what it is made of.
/// - Complexity: O(N³) for the modes, O(N² S²) for the heat between S sites with baths, O(N³ S) for profiles.
/// - Source: `Documentation/Theory/network.md`.
/// - Checked by: three hundred networks and a thousand chains in hundreds of digits (ReferenceNetworkTests).
package struct NetworkSolver: Solver {
  /// Version of linear theory of networks: raise it with every change of a number or a bound (`EngineVersion`).
  package static let engine = EngineVersion("network", 2)

  /// Its methods.
  package static let methods: [Method] = [.markov, .memory]

  /// Relative tolerance of the transmission integrals; a pessimistic measure, see `Accuracy`.
  package var relativeTolerance: Double

  /// A solver of some tolerance.
  package init(relativeTolerance: Double = 3e-10) {
    self.relativeTolerance = relativeTolerance
  }

  /// Profiles cost N³ for every bath site together; bonds that alone join two halves of a network cost nothing.
  package static func offers(of method: Method, for model: NetworkModel) -> [Offer] {
    let form = model.medium.form
    let pairs = form.pairs
    let profile = 3e-3 * profileWork(model)
    let inLoops = form.hasLoops
    let isQuantum = model.medium.isQuantum
    let divergent = isQuantum ? model.sitesOfInstantaneousFriction(withMemory: method == .memory) : []
    let finite = (0..<form.sites).filter { !divergent.contains($0) }.map { "\($0 + 1)" }
    let responseReason = model.waveReason ?? (isQuantum ? "it is answered for classical networks (hbar: 0)" : nil)
    return model.heatOffers + [
      Offer(
        .kineticTemperature, divergent.isEmpty ? .numbers(form.sites) : .places(finite), work: profile,
        unless: model.profileReason ?? (finite.isEmpty ? Self.divergenceReason(divergent, model, method) : nil)),
      Offer(
        .bondHeatCurrent, .places(pairs.map { "\($0.first + 1)-\($0.second + 1)" }), work: inLoops ? profile : 0,
        unless: pairs.isEmpty ? "there are no bonds" : inLoops ? model.profileReason : nil),
      Offer(
        .meanDisplacement, .numbers(form.sites), work: 1e-3 * profileWork(model),
        unless: freeWords(model, form)),
      Offer(.meanEnergy, work: profile, unless: energyReason(model, form, method)),
      Offer(.potentialEnergy, .numbers(form.sites), work: profile, unless: potentialReason(model, form)),
    ] + model.fluctuationOffers(work: profile, unless: model.waveReason)
      + model.responseOffers(work: profile, unless: conductanceReason(model), causesUnless: responseReason)
      + model.parameterResponseOffers(work: profile, unless: responseReason, except: NetworkTangent.exceptions)
      + model.linearTransientOffers(
        by: method, sites: form.sites, remembers: model.networkRemembers,
        terms: model.attachments.reduce(0) { $0 + $1.bath.frictionKernel(mass: 1).terms.count },
        isGaussian: model.attachments.allSatisfy { ($0.bath.law as? any LinearBath)?.isGaussian == true },
        unless: transientReason(model))
      + model.modeOffers(
        sites: form.sites, terms: model.attachments.reduce(0) { $0 + $1.bath.frictionKernel(mass: 1).terms.count })
  }

  /// Why the heats of a network have no derivative with respect to temperatures; nil if they have.
  private static func conductanceReason(_ model: NetworkModel) -> String? {
    if let reason = model.waveReason { return reason }
    guard model.medium.isQuantum,
      let bath = model.attachments.first(where: { $0.bath.temperatureSlope != LinearBathSlope() })
    else { return nil }
    return
      "the friction of bath \(bath.name) changes with its temperature, which is answered for classical networks (hbar: 0)"
  }

  /// Why quantum sites have no kinetic energy.
  private static func divergenceReason(_ sites: Set<Int>, _ model: NetworkModel, _ method: Method) -> String {
    "quantum noise without memory gives \(siteWords(sites.sorted())) an infinite kinetic energy: give the baths there a cut-off "
      + "(kind: memory)" + (method == .markov && model.networkRemembers ? "; this method leaves a memory out" : "")
  }

  /// Why the mean energy is not known; nil if it is.
  private static func energyReason(_ model: NetworkModel, _ form: SiteNetwork, _ method: Method) -> String? {
    if let reason = potentialReason(model, form) { return reason }
    guard model.medium.isQuantum else { return nil }
    let divergent = model.sitesOfInstantaneousFriction(withMemory: method == .memory)
    return divergent.isEmpty ? nil : divergenceReason(divergent, model, method)
  }

  /// Why the potential energies are not known; nil if they are.
  private static func potentialReason(_ model: NetworkModel, _ form: SiteNetwork) -> String? {
    model.profileReason
      ?? freeWords(model, form).map { _ in "something is not held in place, and the energy of what is held is answered"
      }
  }

  /// Whether the virial theorem gives the mean energy: of classical noise, and baths that do not pull at the displacements.
  private static func obeysVirialTheorem(_ model: NetworkModel) -> Bool {
    !model.medium.isQuantum && !model.networkRemembers && !model.isForced
  }

  private static func freeWords(_ model: NetworkModel, _ form: SiteNetwork) -> String? {
    if model.linearityReason(form) != nil { return nil }
    let free = EliminatedNetwork(model, form, withMemory: false).freePart
    return free.map { "nothing holds \(siteWords($0)) in place, so the displacements have no mean" }
  }

  /// N³ S for S sites with baths.
  private static func profileWork(_ model: NetworkModel) -> Double {
    let sites = Double(model.medium.sites)
    return sites * sites * sites * Double(Set(model.attachments.map(\.site)).count)
  }

  /// The modes, then about a hundred frequencies for every mode.
  package static func expectedSeconds(
    _ questions: Questions, about model: NetworkModel, by method: Method
  ) -> Double {
    guard method == .markov || model.networkRemembers else { return 1e-6 }
    let (sites, stations) = (Double(model.medium.sites), Double(Set(model.attachments.map(\.site)).count))
    let wantsProfile = questions.want(Offer(.kineticTemperature, work: profileWork(model)))
    return 3e-5 + 1e-5 * sites + 1.2e-9 * sites * sites * sites + 3e-9 * sites * sites * stations * stations
      + (wantsProfile ? 2e-8 * profileWork(model) : 0)
  }

  /// Why a method does not apply.
  package func refusals(of model: NetworkModel, by method: Method) -> [Refusal] {
    let form = model.medium.form
    let reason =
      model.linearityReason(form) ?? model.driveReason ?? model.quantumReason ?? memoryReason(of: model)
      ?? linearReason(model, form, method)
    return reason.map { [Refusal(method, $0)] } ?? []
  }

  /// What an answer claims: exact is what leaves nothing of the model out.
  package func claim(of method: Method, for model: NetworkModel) -> Claim {
    let areExact = model.attachments.allSatisfy { $0.bath.isEliminatedExactly }
    let isQuantum = model.medium.isQuantum
    let coupling =
      areExact ? "" : isQuantum ? ", for baths taken as Gaussian and weakly coupled" : ", for weak coupling"
    let network = isQuantum ? "harmonic quantum network" : "harmonic network"
    switch method {
    case .markov where model.networkRemembers:
      return Claim(
        .approximation,
        "\(network), friction without memory, for \(areExact ? "" : "weak coupling to ")baths much faster than the network"
      )
    case .markov: return Claim(areExact ? .exact : .approximation, "\(network)\(coupling)")
    case .memory:
      return Claim(areExact ? .exact : .approximation, "\(network) with the memory of the baths\(coupling)")
    default: return .unstated(method)
    }
  }

  // MARK: refusals

  private func memoryReason(of model: NetworkModel) -> String? {
    let stations = Set(model.attachments.map(\.site)).count
    if model.medium.sites < 500 { return nil }
    return NessModel.memoryReason(
      "the normal modes of \(model.medium.sites) sites",
      bytes: HarmonicNetwork.bytes(sites: model.medium.sites, stations: stations), remedy: "take fewer sites")
  }

  private func linearReason(_ model: NetworkModel, _ form: SiteNetwork, _ method: Method) -> String? {
    guard Self.methods.contains(method) else { return "linear theory of networks does not answer this" }
    if method == .memory && !model.networkRemembers {
      return "no bath has memory, so this would only repeat markov"
    }
    let network = EliminatedNetwork(model, form, withMemory: method == .memory)
    return network.harmonic.rangeReason
      ?? network.stabilityReason(
        particleBaths: model.attachments.filter { $0.bath.stiffnessShift < 0 }.map(\.name))
  }

  // MARK: answers

  /// The answers of one method.
  ///
  /// - Throws: `QuadratureError` or `LinearAlgebraError` if a numerical method fails within its valid range.
  package func solve(
    for wanted: Set<Quantity.Family>, of model: NetworkModel, by method: Method, _ watch: WorkWatch
  ) throws -> Answer {
    let form = model.medium.form
    let network = EliminatedNetwork(model, form, withMemory: method == .memory)
    var answer = Answer()
    var profile = wanted.intersection([.kineticTemperature, .bondHeatCurrent, .meanEnergy, .potentialEnergy])
    if model.profileReason != nil {
      profile.subtract([.kineticTemperature, .meanEnergy, .potentialEnergy])
      if form.hasLoops { profile.remove(.bondHeatCurrent) }
    }
    if RelaxationModes.areWanted(wanted) {
      try RelaxationModes(network.harmonic).add(wanted, by: method, to: &answer)
    }
    try addTransient(wanted, of: model, network, form, method, watch.quiet, to: &answer)
    let besides = Quantity.Family.relaxationModes + Quantity.Family.ofTransients
    if !wanted.subtracting(besides).isSubset(of: [.meanDisplacement]) {
      let driven = network.driven
      let end = profile.isEmpty ? 1 : 0.3
      var harmonic = network.harmonic
      var heat = try heat(harmonic, method, watch.part(from: 0, to: driven.isSelfConsistent ? 0.5 * end : end))
      let (temperatures, bounds) = driven.temperatures(heat)
      if driven.isSelfConsistent {
        harmonic = harmonic.with(temperatures: temperatures)
        heat = try self.heat(harmonic, method, watch.part(from: 0.5 * end, to: end))
      }
      let currents = driven.currents(heat, temperatureBounds: bounds, baths: model.attachments.count)
      addHeats(currents, of: model, method, to: &answer)
      if model.waveReason == nil { try addFluctuations(heat, network, of: model, method, wanted, watch, to: &answer) }
      if let reason = heat.darkReason {
        let names = profile.map(\.rawValue).sorted().joined(separator: ", ")
        answer.notes.append(
          Note.warning(
            "\(method.rawValue): \(reason); the heat from the baths does not depend on it"
              + (names.isEmpty ? "" : ", but \(names) would, and \(profile.count == 1 ? "is" : "are") not answered")))
      } else if !profile.isEmpty {
        let wantsEnergy = profile.contains(.meanEnergy) && Self.energyReason(model, form, method) == nil
        let wantsPotential = profile.contains(.potentialEnergy) && Self.potentialReason(model, form) == nil
        let withSprings = wantsPotential || wantsEnergy && !Self.obeysVirialTheorem(model)
        let found =
          model.isForced
          ? try NetworkProfile(forced: harmonic, heat, forces: driven.forces, withSprings: withSprings)
          : try NetworkProfile(
            harmonic, heat, withTemperatures: !profile.isDisjoint(with: [.kineticTemperature, .meanEnergy]),
            withBonds: profile.contains(.bondHeatCurrent), withSprings: withSprings,
            relativeTolerance: relativeTolerance, watch: watch.part(from: 0.3, to: 1))
        let errors = driven.profileErrors(heat, temperatureBounds: bounds)
        let divergent = Set(found.temperatures.indices.filter { found.temperatures[$0].value == .infinity })
        if profile.contains(.kineticTemperature), !divergent.isEmpty {
          answer.notes.append(Note.warning("\(method.rawValue): \(Self.divergenceReason(divergent, model, method))"))
        }
        addProfile(
          found, network, method, withTemperatures: profile.contains(.kineticTemperature), errors: errors, to: &answer)
        let potentials = try found.springs.map {
          try network.potentialEnergies($0, temperatureError: errors.temperature)
        }
        if wantsPotential, let potentials {
          for (site, energy) in potentials.enumerated() {
            answer.entries.append(.init(.potentialEnergy(site: site + 1), method, energy))
          }
        }
        if wantsEnergy {
          let kinetic = found.temperatures.map {
            Estimate.numerical($0.value, bound: $0.error + errors.temperature)
          }
          // Whatever else is asked, one way to it.
          let energy =
            if let potentials, !Self.obeysVirialTheorem(model) { Self.sum(kinetic, potentials) } else {
              try meanEnergy(kinetic, network, form)
            }
          answer.entries.append(.init(.meanEnergy, method, energy))
        }
      }
    }
    if wanted.contains(.meanDisplacement) && network.freePart == nil {
      let rest = try RestPosition(network.harmonic, forces: network.forces)
      for (site, estimate) in rest.displacements.enumerated() {
        answer.entries.append(.init(.meanDisplacement(site: site + 1), method, estimate))
      }
    }
    return answer
  }

  private func heat(_ network: HarmonicNetwork, _ method: Method, _ watch: WorkWatch) throws -> NetworkHeat {
    do {
      return try NetworkHeat(network, relativeTolerance: relativeTolerance, watch: watch)
    } catch let error as UnstableNetwork {
      throw Refusal(method, "\(error); linear theory has no steady state there")
    }
  }

  private func addHeats(_ currents: [Estimate], of model: NetworkModel, _ method: Method, to answer: inout Answer) {
    if model.terminals != nil { answer.entries.append(.init(.heatCurrent, method, currents[0])) }
    for (attachment, current) in zip(model.attachments, currents) {
      answer.entries.append(.init(.heat(from: attachment.name), method, current))
    }
    answer.addSums(of: model, by: method)
    answer.addEntropyProduction(of: model, by: method)
  }

  private func addProfile(
    _ profile: NetworkProfile, _ network: EliminatedNetwork, _ method: Method, withTemperatures: Bool,
    errors: (temperature: Double, flow: Double), to answer: inout Answer
  ) {
    func with(_ error: Double, _ estimate: Estimate) -> Estimate {
      .numerical(estimate.value, bound: estimate.error + error)
    }
    for (site, estimate) in profile.temperatures.enumerated() where withTemperatures && estimate.value.isFinite {
      answer.entries.append(.init(.kineticTemperature(site: site + 1), method, with(errors.temperature, estimate)))
    }
    for (pair, current) in zip(network.pairs, profile.bondCurrents) {
      answer.entries.append(
        .init(.bondHeatCurrent(from: pair.first + 1, to: pair.second + 1), method, with(errors.flow, current)))
    }
  }

  /// Half the kinetic temperatures, and the potential energies.
  private static func sum(_ temperatures: [Estimate], _ potentials: [Estimate]) -> Estimate {
    let terms = temperatures.map { 0.5 * $0.value } + potentials.map(\.value)
    let bound = temperatures.reduce(0) { $0 + 0.5 * $1.error } + potentials.reduce(0) { $0 + $1.error }
    return .numerical(
      terms.reduce(0, +), bound: bound + 2.3e-16 * Double(terms.count) * terms.reduce(0) { $0 + abs($1) })
  }

  /// Sum of the kinetic temperatures, half of it kinetic and half potential by the virial theorem, d<sum q p>/dt = 0, in which memoryless
  /// baths have no part; and the energy at rest, V(0) - F q/2.
  private func meanEnergy(
    _ temperatures: [Estimate], _ network: EliminatedNetwork, _ form: SiteNetwork
  ) throws -> Estimate {
    let rest = try RestPosition(network.harmonic, forces: network.forces).displacements
    let constants = (form.fields.map(\.potential) + form.bonds.map(\.potential)).map { form.potentials[$0].energy(0) }
    let (forces, sites) = (network.forces, form.sites)
    let terms = temperatures.map(\.value) + constants + (0..<sites).map { -0.5 * forces[$0] * rest[$0].value }
    let bounds = temperatures.map(\.error) + (0..<sites).map { 0.5 * abs(forces[$0]) * rest[$0].error }
    let rounding = 2.3e-16 * Double(terms.count + 2) * terms.reduce(0) { $0 + abs($1) }
    return .numerical(terms.reduce(0, +), bound: bounds.reduce(rounding, +))
  }

  private func addFluctuations(
    _ heat: NetworkHeat, _ network: EliminatedNetwork, of model: NetworkModel, _ method: Method,
    _ wanted: Set<Quantity.Family>, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    let fluctuations = HeatFluctuations.Wanted(wanted)
    if !fluctuations.isNothing {
      let written = model.writtenBaths
      let found = try HeatFluctuations(
        heat, fluctuations, of: written, relativeTolerance: relativeTolerance, watch: watch.quiet)
      answer.add(
        found, of: model, by: method,
        conductance: written.pair == nil ? nil : written.sums(heat.conductances)[0][1])
    }
    if model.medium.isQuantum {
      if wanted.contains(.conductance), Self.conductanceReason(model) == nil {
        let found = try QuantumConductance(heat, relativeTolerance: relativeTolerance, watch: watch.quiet)
        answer.addConductances(found.conductances, of: model, by: method, wanted)
      }
      return
    }
    if !wanted.isDisjoint(with: [.conductance, .causes]) {
      let response = try HeatResponse(
        heat, network.harmonic,
        kernels: model.attachments.map {
          $0.bath.frictionKernel(mass: network.harmonic.masses[$0.site - 1])
        }, slopes: model.attachments.map(\.bath.temperatureSlope), withMemory: method == .memory,
        relativeTolerance: relativeTolerance, watch: watch.quiet)
      answer.add(response, of: model, by: method, wanted)
    }
    if !wanted.isDisjoint(with: [.response, .heatResponse]) {
      try answer.addResponse(of: model, network.harmonic, heat, by: method, watch.quiet) { model in
        let form = model.medium.form
        guard model.linearityReason(form) == nil, model.waveReason == nil else { return nil }
        return EliminatedNetwork(model, form, withMemory: method == .memory).harmonic
      }
    }
  }

  // MARK: self-consistent reservoirs

  /// The temperatures of the self-consistent reservoirs of a model, in the order of its baths; nil for all others [energy].
  ///
  /// - Throws: `Refusal` where linear theory does not answer the model.
  package func reservoirTemperatures(of model: NetworkModel) throws -> [Estimate?] {
    let method: Method = model.networkRemembers ? .memory : .markov
    if let refusal = refusals(of: model, by: method).first { throw refusal }
    let network = EliminatedNetwork(model, model.medium.form, withMemory: method == .memory)
    let heat = try heat(network.harmonic, method, WorkWatch())
    let (values, bounds) = network.driven.temperatures(heat)
    return model.attachments.enumerated().map { index, attachment in
      guard attachment.bath.drive == .selfConsistent, let place = network.driven.owners.firstIndex(of: index) else {
        return nil
      }
      return .numerical(values[place], bound: bounds[place])
    }
  }
}
