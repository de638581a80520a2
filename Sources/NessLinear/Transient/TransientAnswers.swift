import NessMath
import NessModel
import NessStatistics

extension Model {
  /// What linear theory offers along a transient.
  ///
  /// - Parameters:
  ///   - method: by which.
  ///   - remembers: whether a bath does.
  ///   - terms: decaying terms of the baths.
  ///   - reason: why there is none of it; nil if there is.
  func linearTransientOffers(
    by method: Method, sites: Int, remembers: Bool, terms: Int, isGaussian: Bool, unless reason: String?
  ) -> [Offer] {
    let equations = 2 * sites + terms
    let size =
      equations > LinearTransient.mostEquations
      ? "\(equations) equations of motion are more than the \(LinearTransient.mostEquations) that are followed" : nil
    let memory =
      method == .markov && remembers ? "a bath remembers, which the method memory knows of" : nil
    let whole = reason ?? memory ?? size
    return transientOffers(Quantity.Family.ofTransients).map { offer in
      let law =
        offer.family == .transientEnergyVariance && !isGaussian ? "the noise of a bath is not Gaussian" : nil
      return Offer(offer.family, unless: offer.reason ?? reason ?? law ?? whole)
    }
  }
}

extension LinearTransient {
  /// Whether any of its quantities is asked for.
  static func isWanted(_ wanted: Set<Quantity.Family>) -> Bool {
    !wanted.isDisjoint(with: Quantity.Family.ofTransients)
  }

  /// Adds what was asked to an answer.
  ///
  /// - Parameters:
  ///   - owners: the bath of every contact.
  ///   - names: of the baths.
  func add(
    _ wanted: Set<Quantity.Family>, _ transient: Transient, owners: [Int], names: [String], by method: Method,
    to answer: inout Answer
  ) {
    let time = transient.axis
    let site = Answer.Axis("site", values: temperatures.indices.map { Double($0 + 1) })
    func add(_ family: Quantity.Family, _ axes: [Answer.Axis], _ estimates: [Estimate]) {
      if wanted.contains(family) { answer.entries.append(.init(.all(family), method, axes: axes, estimates)) }
    }
    let ofBaths = names.indices.flatMap { bath -> [Estimate] in
      let own = owners.indices.filter { owners[$0] == bath }
      return (0..<transient.samples).map { sample in
        .numerical(
          own.reduce(0) { $0 + heats[$1][sample].value }, bound: own.reduce(0) { $0 + heats[$1][sample].error })
      }
    }
    add(.transientHeat, [Answer.Axis("bath", names: names), time], ofBaths)
    add(.transientTemperature, [site, time], temperatures.flatMap { $0 })
    add(.transientDisplacement, [site, time], displacements.flatMap { $0 })
    add(.transientEnergy, [time], energies)
    add(.transientEnergyVariance, [time], energyVariances)
  }
}

extension LinearSolver {
  /// Why linear theory does not follow a chain from its start; nil if it does.
  static func transientReason(_ model: ChainModel) -> String? {
    model.attachments.contains { !$0.bath.linear.isEliminatedExactly }
      ? "a bath of particles begins with its particles, which linear theory does not follow" : nil
  }

  /// Adds what was asked along a transient.
  func addTransient(
    _ wanted: Set<Quantity.Family>, of model: ChainModel, _ method: Method, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    answer.addNote(ofTransientOf: model, by: method, unless: Self.transientReason(model))
    guard let transient = model.transient, LinearTransient.isWanted(wanted), Self.transientReason(model) == nil,
      method == .memory || !model.remembers
    else { return }
    let network = HarmonicNetwork(model, withMemory: method == .memory)
    let found: LinearTransient
    do {
      found = try LinearTransient(
        network, forces: network.masses.map { _ in 0 }, constant: 0, transient, by: method, watch)
    } catch let error as UnstableNetwork {
      throw Refusal(method, "\(error); linear theory does not follow it")
    }
    found.add(
      wanted, transient, owners: Array(model.attachments.indices), names: model.attachments.map(\.name), by: method,
      to: &answer)
  }
}

extension NetworkSolver {
  /// Why linear theory does not follow a network from its start; nil if it does.
  static func transientReason(_ model: NetworkModel) -> String? {
    if model.medium.isQuantum { return "it is followed for classical networks (hbar: 0)" }
    for attachment in model.attachments {
      switch attachment.bath.drive {
      case .redrawn?: return "the noise of bath \(attachment.name) depends on the velocity that it meets"
      case .selfConsistent?: return "the temperature of bath \(attachment.name) is that of a steady state"
      default: continue
      }
    }
    return model.attachments.allSatisfy { $0.bath.isEliminatedExactly }
      ? nil : "a bath of particles begins with its particles, which linear theory does not follow"
  }

  /// Adds what was asked along a transient.
  func addTransient(
    _ wanted: Set<Quantity.Family>, of model: NetworkModel, _ network: EliminatedNetwork, _ form: SiteNetwork,
    _ method: Method, _ watch: WorkWatch, to answer: inout Answer
  ) throws {
    answer.addNote(ofTransientOf: model, by: method, unless: Self.transientReason(model))
    guard let transient = model.transient, LinearTransient.isWanted(wanted), Self.transientReason(model) == nil,
      method == .memory || !model.networkRemembers
    else { return }
    let constants = (form.fields.map(\.potential) + form.bonds.map(\.potential)).map { form.potentials[$0].energy(0) }
    let found: LinearTransient
    do {
      found = try LinearTransient(
        network.harmonic, forces: network.forces, constant: constants.reduce(0, +), forcing: network.driven.forces,
        transient,
        by: method, watch)
    } catch let error as UnstableNetwork {
      throw Refusal(method, "\(error); linear theory does not follow it")
    }
    found.add(
      wanted, transient, owners: network.driven.owners, names: model.attachments.map(\.name), by: method, to: &answer)
  }
}

extension Answer {
  /// Says why a transient that a file asks for is not followed.
  fileprivate mutating func addNote<MediumType>(
    ofTransientOf model: Model<MediumType>, by method: Method, unless reason: String?
  ) {
    guard model.transient != nil, let reason else { return }
    notes.append(Note.warning("\(method.rawValue): the transient is not followed: \(reason)"))
  }
}
