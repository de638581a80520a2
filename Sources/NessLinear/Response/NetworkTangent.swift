import NessMath
import NessModel

/// How a harmonic network changes with one parameter of its model: what of it changes, per unit of the parameter, with bounds on
/// the errors. The numbers of a network are simple functions of the parameters, which `ParameterDerivative` takes the derivative of;
/// all that is long is done with it exactly.
struct NetworkTangent {
  /// A derivative with a bound on its error.
  struct Slope {
    var value = 0.0
    var error = 0.0

    var isNothing: Bool { value == 0 && error == 0 }

    func scaled(by factor: Double) -> Slope { Slope(value: value * factor, error: error * abs(factor)) }
  }

  /// What changes of a contact.
  struct Contact {
    let index: Int
    var temperature = Slope()
    var instantaneous = Slope()
    /// Empty if no term changes.
    var terms: [(amplitude: Slope, rate: Slope)] = []

    var changesForce: Bool { !instantaneous.isNothing || !terms.isEmpty }
  }

  /// Of the masses.
  private(set) var masses: [(site: Int, slope: Slope)] = []
  /// Of the springs, by their places in the network.
  private(set) var bonds: [(bond: Int, slope: Slope)] = []
  /// Of what holds the sites, the shifts of the baths included.
  private(set) var held: [(site: Int, slope: Slope)] = []
  private(set) var contacts: [Contact] = []

  /// - Parameters:
  ///   - value: of the parameter.
  ///   - network: at that value.
  ///   - others: the network at other values; nil where there is none.
  /// - Returns: nil if there are none near enough.
  init?(_ value: Double, _ network: HarmonicNetwork, others: (Double) -> HarmonicNetwork?) {
    let counts = network.contacts.map(\.friction.terms.count)
    guard
      let slopes = ParameterDerivative(
        at: value, scales: network.scales,
        of: { number in
          if number == value { return network.elements(terms: counts, network) }
          guard let other = others(number), other.masses.count == network.masses.count,
            other.bonds.map(\.first) == network.bonds.map(\.first),
            other.bonds.map(\.second) == network.bonds.map(\.second), other.contacts.count == counts.count
          else { return nil }
          return other.elements(terms: counts, network)
        })
    else { return nil }
    guard slopes.values.allSatisfy(\.isFinite), slopes.errors.allSatisfy(\.isFinite) else { return nil }
    var place = 0
    func next() -> Slope {
      place += 1
      return Slope(value: slopes.values[place - 1], error: slopes.errors[place - 1])
    }
    for site in network.masses.indices {
      let slope = next()
      if !slope.isNothing { masses.append((site, slope)) }
    }
    for bond in network.bonds.indices {
      let slope = next()
      if !slope.isNothing { bonds.append((bond, slope)) }
    }
    var held = network.masses.indices.map { _ in next() }
    for (index, contact) in network.contacts.enumerated() {
      var change = Contact(index: index)
      change.temperature = next()
      let shift = next()
      held[contact.site] = Slope(
        value: held[contact.site].value + shift.value, error: held[contact.site].error + shift.error)
      change.instantaneous = next()
      let terms = (0..<counts[index]).map { _ in (amplitude: next(), rate: next()) }
      if terms.contains(where: { !$0.amplitude.isNothing || !$0.rate.isNothing }) { change.terms = terms }
      if !change.temperature.isNothing || change.changesForce { contacts.append(change) }
    }
    for (site, slope) in held.enumerated() where !slope.isNothing { self.held.append((site, slope)) }
  }

  /// Parameters of harmonic media for which there is no derivative here, with the reason.
  static let exceptions = [
    "medium.quartic": "with quartic bonds the chain is not harmonic, so linear theory does not know what they change",
    "medium.hbar": "the current depends on the square of hbar, so at hbar: 0 its derivative is 0",
  ]

  /// Whether it changes more than temperatures.
  var changesWaves: Bool {
    !masses.isEmpty || !bonds.isEmpty || !held.isEmpty || contacts.contains(where: \.changesForce)
  }
}

extension HarmonicNetwork {
  /// All numbers in a fixed order: masses, springs, what holds the sites, and of every contact temperature, shift, friction and
  /// terms.
  ///
  /// - Parameter terms: as many as these of each contact, filled up with those of another network at amplitude 0: terms that come
  ///   and go do not matter in double precision.
  fileprivate func elements(terms counts: [Int], _ other: HarmonicNetwork) -> [Double] {
    var elements = masses + bonds.map(\.stiffness) + siteStiffness
    for (index, contact) in contacts.enumerated() {
      elements += [contact.temperature, contact.stiffnessShift, contact.friction.instantaneous]
      for place in 0..<counts[index] {
        if place < contact.friction.terms.count {
          let term = contact.friction.terms[place]
          elements += [term.amplitude, term.rate]
        } else {
          elements += [0, other.contacts[index].friction.terms[place].rate]
        }
      }
    }
    return elements
  }

  /// What counts as a size of each element: itself, or what is natural where it is 0.
  fileprivate var scales: [Double] {
    let unit = frequencyUnit
    func size(_ value: Double, or natural: Double) -> Double { value == 0 ? natural : abs(value) }
    let stiffness = masses.map { $0 * unit * unit }
    var scales = masses
    scales += bonds.map { size($0.stiffness, or: (stiffness[$0.first] * stiffness[$0.second]).squareRoot()) }
    scales += zip(siteStiffness, stiffness).map { size($0, or: $1) }
    let highest = contacts.map(\.temperature).max() ?? 0
    for contact in contacts {
      let mass = masses[contact.site]
      let natural = contact.friction.markovFriction > 0 ? contact.friction.markovFriction : mass * unit
      scales += [
        size(contact.temperature, or: highest > 0 ? highest : 1),
        size(contact.stiffnessShift, or: stiffness[contact.site]), size(contact.friction.instantaneous, or: natural),
      ]
      for term in contact.friction.terms {
        scales += [size(term.amplitude, or: natural * term.rate), term.rate]
      }
    }
    return scales
  }
}
