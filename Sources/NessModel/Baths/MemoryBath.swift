/// Heat bath with memory (generalised Langevin equation): force
///
///     -int_{-inf}^t Gamma(t-s) q'(s) ds + noise,    noise correlation T Gamma(t),    Gamma(t) = sum_n weight_n exp(-t/time_n)
///
/// One term is Drude's friction.
package struct MemoryBath: LinearBath, StochasticBath {
  /// Temperature [energy].
  package var temperature: Double
  /// The terms of the friction kernel.
  package var terms: [Term]

  /// A decaying term.
  package struct Term: Hashable, Sendable {
    /// Its value at t = 0 [mass/time²].
    package var weight: Double
    /// Its decay time [time].
    package var time: Double

    package init(weight: Double, time: Double) { (self.weight, self.time) = (weight, time) }
  }

  /// A bath with memory; see the properties.
  package init(temperature: Double, terms: [Term]) { (self.temperature, self.terms) = (temperature, terms) }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> MemoryBath { MemoryBath(temperature: temperature, terms: terms) }

  /// The noise is balanced: no shift beyond what the kernel does.
  package var stiffnessShift: Double { 0 }
  /// Its terms, slowest first.
  package var frictionKernel: FrictionKernel {
    FrictionKernel(
      instantaneous: 0,
      terms: terms.map { .init(amplitude: $0.weight, rate: 1 / $0.time) }.sorted { $0.rate < $1.rate })
  }
  /// The force is linear.
  package var isEliminatedExactly: Bool { true }
  /// Gaussian noise.
  package var isGaussian: Bool { true }
  /// Forces that remember.
  package var stochasticLaw: StochasticLaw { .memory(terms, temperature: temperature) }
  /// Larger weights.
  package func strengthened(by factor: Double) -> MemoryBath {
    MemoryBath(temperature: temperature, terms: terms.map { Term(weight: $0.weight * factor, time: $0.time) })
  }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    var found = parameterFaults
    if terms.isEmpty {
      found.append(ParameterFault(parameter: "terms", found: "no term", expected: "one term or more"))
    }
    for (index, term) in terms.enumerated() {
      for (key, value) in [("weight", term.weight), ("time", term.time)] where !(value.isFinite && value > 0) {
        found.append(ParameterFault(parameter: "terms[\(index)].\(key)", found: "\(value)", expected: "a \(key) > 0"))
      }
    }
    return found
  }
}

extension MemoryBath {
  /// `memory`
  package static let kind = KindDescription(
    "memory", title: "Bath with memory",
    meaning: "friction that remembers, Γ(t) = Σ w exp(−t/τ), with the noise that balances it")
  /// One term at temperature 10.
  package static let example = MemoryBath(temperature: 10, terms: [Term(weight: 1, time: 1)])
  /// Temperature and friction kernel.
  package static let parameters: [Parameter<MemoryBath>] = [
    Parameter(
      "temperature", "T", \.temperature, dimension: "energy", range: .notNegative, usual: 0...400, isRequired: true,
      meaning: "temperature of the bath"),
    Parameter(
      "terms", "Γ", termsStructure, dimension: "mass/time^2",
      forms: [
        .init(
          word: "[{weight: 0.5, time: 2.0}, ...]",
          meaning: "terms weight·exp(−t/time) of the friction kernel, weights in mass/time²; swept as `terms[0].weight`"
        )
      ], isRequired: true, meaning: "friction kernel Γ(t)"),
  ]

  private static let termsStructure = Parameter<MemoryBath>.Structure(
    get: { bath in
      .list(bath.terms.map { .map([.init("weight", .number($0.weight)), .init("time", .number($0.time))]) })
    },
    set: { (bath, tree) throws(ModelError) in
      guard let items = tree.items else { throw ModelError("terms", tree.words, "a list of terms") }
      try Faults.told { faults in
        items.enumerated().map { index, item in Term(item, at: "terms[\(index)]", &faults) }
      } _: {
        bath.terms = $0
      }
    },
    numbers: { bath in
      bath.terms.enumerated().flatMap { index, term in
        [
          .init(
            description: .part(
              "terms[\(index)].weight", symbol: "w", name: "weight of term \(index + 1)", dimension: "mass/time^2",
              range: .positive, usual: 0.01...20, meaning: "weight of term \(index + 1) of the friction kernel"),
            value: term.weight),
          .init(
            description: .part(
              "terms[\(index)].time", symbol: "τ", name: "time of term \(index + 1)", dimension: "time",
              range: .positive, usual: 0.01...20, meaning: "decay time of term \(index + 1) of the friction kernel"),
            value: term.time),
        ]
      }
    },
    setNumber: { bath, name, value in
      for index in bath.terms.indices {
        switch name {
        case "terms[\(index)].weight":
          bath.terms[index].weight = value
          return true
        case "terms[\(index)].time":
          bath.terms[index].time = value
          return true
        default: continue
        }
      }
      return false
    })
}

extension MemoryBath.Term {
  /// A term as far as it can be read.
  fileprivate init(_ tree: ParameterTree, at path: String, _ faults: inout Faults) {
    self.init(weight: 1, time: 1)
    guard let entries = tree.entries else {
      faults.note(tree, at: path, expected: "{weight: , time: }")
      return
    }
    let shape = Shape(entries, at: path, allowed: ["weight", "time"], required: ["weight", "time"], &faults)
    func number(_ key: String, _ faults: inout Faults) -> Double {
      faults.value(shape[key]?.number, of: shape[key], at: "\(path).\(key)", expected: "a number") ?? 1
    }
    self.init(weight: number("weight", &faults), time: number("time", &faults))
  }
}
