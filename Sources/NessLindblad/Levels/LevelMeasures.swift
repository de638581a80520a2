import NessMath
import NessModel
import NessStatistics

/// What is told of a steady state itself: means of observables, how mixed and how entangled it is.
extension LevelEquations {
  static func noObservables(_ model: LevelModel) -> String? {
    model.medium.observables.isEmpty ? "the medium has no observables: name some in medium.observables" : nil
  }

  /// What is told of the state itself.
  static func stateOffers(for model: LevelModel, work: Double) -> [Offer] {
    let qubits = model.medium.parts.count { $0.levels == 2 }
    return [
      Offer(.observable, .places(model.medium.observables.map(\.name)), unless: noObservables(model)),
      Offer(.levelEnergy, .numbers(model.medium.levels), work: work), Offer(.purity, work: work),
      Offer(.vonNeumannEntropy, work: work),
      Offer(
        .concurrence, .places(model.medium.pairsOfQubits.map(\.name)), work: work,
        unless: qubits < 2 ? "it is of two qubits, and there are not two among the parts" : nil),
    ]
  }

  private static let lasts =
    "the steady state is not unique: coherences that nothing joins with the populations keep for ever what they had at the start (a "
    + "transient from a given state tells what becomes of them)"

  /// Most numbers of a density matrix of which it is asked what lasts.
  private static let mostAsked = 256

  /// The pairs of levels whose coherences keep something for ever; none where there are too many to ask.
  private static func lastingPairs(_ form: LevelForm, _ method: Method) throws -> [(i: Int, j: Int)] {
    let equation = try LevelEquation(form, method, isWhole: true)
    return equation.count <= mostAsked && equation.count > form.levels ? try equation.generator.lastingPairs(form) : []
  }

  /// Adds it.
  func addMeasures(
    _ wanted: Set<Quantity.Family>, of model: LevelModel, _ form: LevelForm, _ state: LevelState,
    to answer: inout Answer
  ) throws {
    let method = state.method
    func add(_ quantity: Quantity, _ number: Bounded) {
      answer.entries.append(.init(quantity, method, .numerical(number.value, bound: number.bound)))
    }
    let ofState: [Quantity.Family] = [.observable, .purity, .vonNeumannEntropy, .concurrence].filter(wanted.contains)
    let lasting = ofState.isEmpty ? [] : try Self.lastingPairs(form, method)
    if wanted.contains(.observable), !state.observables.isEmpty {
      let known = form.observables.indices.filter { index in
        let matrix = form.observables[index]
        return !lasting.contains { matrix[$0.i, $0.j] != Complex(0) || matrix[$0.j, $0.i] != Complex(0) }
      }
      let means = known.map { Estimate.numerical(state.observables[$0].value, bound: state.observables[$0].bound) }
      let names = model.medium.observables.map(\.name)
      if !known.isEmpty {
        let axis = Answer.Axis("observable", names: known.map { names[$0] })
        answer.entries.append(.init(.all(.observable), method, axes: [axis], means))
      }
      let others = names.indices.filter { !known.contains($0) }.map { "observable[\(names[$0])]" }
      if !others.isEmpty {
        answer.refusals.append(
          Refusal(method, "\(others.joined(separator: ", ")): \(Self.lasts)", to: .family(.observable)))
      }
    }
    if wanted.contains(.levelEnergy) {
      let size = form.energies.reduce(0) { max($0, abs($1)) }
      let bound = 4e-16 * Double(form.levels + 16) * size
      for (level, energy) in form.energies.enumerated() { add(.energy(ofLevel: level + 1), Bounded(energy, bound)) }
    }
    if !lasting.isEmpty {
      for family in ofState where family != .observable {
        answer.refusals.append(Refusal(method, "\(family.rawValue): \(Self.lasts)", to: .family(family)))
      }
      return
    }
    if wanted.contains(.purity) { add(.all(.purity), state.density.purity) }
    let families: [Quantity.Family] = [.vonNeumannEntropy, .concurrence].filter(wanted.contains)
    if families.isEmpty { return }
    if let least = state.smallestEigenvalue, least.value < -least.bound {
      for family in families {
        let reason =
          "\(family.rawValue): the density matrix has the eigenvalue \(least.value.short), so it is that of no state"
        answer.refusals.append(Refusal(method, reason, to: .family(family)))
      }
      return
    }
    if wanted.contains(.vonNeumannEntropy) {
      let eigenvalues = try state.secular?.populations ?? state.density.eigenvalues()
      add(.all(.vonNeumannEntropy), StateMatrix.entropy(of: eigenvalues, error: state.density.error))
    }
    let pairs = model.medium.pairsOfQubits
    if wanted.contains(.concurrence), !pairs.isEmpty {
      let sizes = model.medium.parts.map(\.levels)
      let found = try pairs.map {
        try state.density.reduced(to: $0.first, $0.second, vectors: form.vectors, sizes: sizes).concurrence()
      }
      answer.entries.append(
        .init(
          .all(.concurrence), method, axes: [Answer.Axis("pair", names: pairs.map(\.name))],
          found.map { .numerical($0.value, bound: $0.bound) }))
    }
  }
}

extension LevelSystem {
  /// All pairs of parts with two levels, counted from 0, and their names.
  fileprivate var pairsOfQubits: [(first: Int, second: Int, name: String)] {
    let qubits = parts.indices.filter { parts[$0].levels == 2 }
    return qubits.flatMap { first in
      qubits.filter { $0 > first }.map { (first, $0, "\(first + 1)-\($0 + 1)") }
    }
  }
}
