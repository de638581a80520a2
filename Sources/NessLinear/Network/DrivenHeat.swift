import NessMath
import NessModel
import NessStatistics

/// How the baths of a network stand among the contacts of linear theory: most of them are one thermal contact each.
///
/// - A bath that redraws momenta at rate nu has the second moments of a friction m nu whose noise has the temperature half-way
///   between the bath's own and that of the site. Its heat is J = nu (T - T_site)/2, so that temperature is T - J/nu, and the J's
///   follow from linear equations in the conductances.
/// - A self-consistent reservoir has the temperature at which its J is 0.
/// - An active bath is a friction at temperature 0 and a force with the correlation a² exp(-t/tau). The force is the noise of a
///   friction kernel  w exp(-t/tau)  at the temperature a²/w, for w -> 0: with w so small that its friction is 1e-11 of the bath's.
struct DrivenContacts {
  /// The contacts, in the order of the baths.
  let contacts: [HarmonicNetwork.Contact]
  /// The bath of every contact.
  let owners: [Int]
  /// 1/nu of every contact that redraws momenta, infinite of one whose mean heat is 0, 0 of the others [time].
  private let delays: [Double]
  /// Contacts that stand for a force: the approximation of it is to be counted.
  let forces: Set<Int>

  private static let forceShare = 1e-11

  init(_ model: NetworkModel, masses: [Double], withMemory: Bool) {
    var (contacts, owners, delays) = ([HarmonicNetwork.Contact](), [Int](), [Double]())
    var forces: Set<Int> = []
    for (index, attachment) in model.attachments.enumerated() {
      let (bath, site) = (attachment.bath, attachment.site - 1)
      let kernel = bath.frictionKernel(mass: masses[site])
      func add(_ temperature: Double, _ friction: FrictionKernel, _ delay: Double = 0, withMemory: Bool) {
        contacts.append(
          .init(
            name: attachment.name, site: site, temperature: temperature, friction: friction,
            stiffnessShift: bath.stiffnessShift, withMemory: withMemory))
        owners.append(index)
        delays.append(delay)
      }
      switch bath.drive {
      case .thermal(let temperature)?: add(temperature, kernel, withMemory: withMemory)
      case .redrawn(let temperature, let rate)?: add(temperature, kernel, 1 / rate, withMemory: withMemory)
      case .force(let variance, let time)?:
        let weight = Self.forceShare * kernel.markovFriction / time
        add(0, kernel, withMemory: withMemory)
        add(
          variance / weight, FrictionKernel(instantaneous: 0, terms: [.init(amplitude: weight, rate: 1 / time)]),
          withMemory: true)
        forces.insert(contacts.count - 1)
      case .selfConsistent?: add(0, kernel, .infinity, withMemory: withMemory)
      // Refused before.
      case nil: add(bath.temperature, kernel, withMemory: withMemory)
      }
    }
    (self.contacts, self.owners, self.delays, self.forces) = (contacts, owners, delays, forces)
  }

  /// Whether the temperatures of the contacts follow from the heats.
  var isSelfConsistent: Bool { delays.contains { $0 > 0 } }

  /// The temperatures of the contacts, and bounds on their errors: T - J/nu of those that redraw momenta.
  func temperatures(_ heat: NetworkHeat) -> (values: [Double], bounds: [Double]) {
    let own = contacts.map(\.temperature)
    guard isSelfConsistent else { return (own, own.map { _ in 0 }) }
    let table = heat.conductances
    let count = contacts.count
    // (1 + D L) T' = T with L the Laplacian of the conductances: its inverse is not negative and its rows sum to 1, so errors
    // of the heats come through it no larger than they are.
    var matrix = Matrix(rows: count, columns: count)
    for row in 0..<count {
      // Of a contact whose mean heat is 0 only the sum of the flows is left.
      let delay = delays[row].isFinite ? delays[row] : 1
      for column in 0..<count {
        let conductance = table[row][column].value
        matrix[row, column] -= delay * conductance
        matrix[row, row] += delay * conductance
      }
      if delays[row].isFinite { matrix[row, row] += 1 }
    }
    let values = Self.solved(matrix, own)
    var bounds = (0..<count).map { row in
      (delays[row].isFinite ? delays[row] : 1)
        * (0..<count).reduce(0) { $0 + abs(values[row] - values[$1]) * table[row][$1].error }
    }
    // What rounding adds: the temperature that stands for a force is large, and its conductance as small.
    for row in 0..<count where delays[row] > 0 {
      let flows = (0..<count).reduce(0) { $0 + abs(table[row][$1].value) * (abs(values[row]) + abs(values[$1])) }
      let size = delays[row].isFinite ? abs(own[row]) + abs(values[row]) + delays[row] * flows : flows
      bounds[row] += 1e-15 * Double(count) * size
    }
    return (values, Self.solved(matrix, bounds).map { 2 * abs($0) })
  }

  /// Elimination without pivots: the matrix is dominated by its diagonal.
  private static func solved(_ matrix: Matrix, _ right: [Double]) -> [Double] {
    var (matrix, right) = (matrix, right)
    for pivot in right.indices {
      for row in (pivot + 1)..<max(pivot + 1, right.count) {
        let factor = matrix[row, pivot] / matrix[pivot, pivot]
        if factor == 0 { continue }
        for column in pivot..<right.count { matrix[row, column] -= factor * matrix[pivot, column] }
        right[row] -= factor * right[pivot]
      }
    }
    for pivot in right.indices.reversed() {
      for column in (pivot + 1)..<max(pivot + 1, right.count) { right[pivot] -= matrix[pivot, column] * right[column] }
      right[pivot] /= matrix[pivot, pivot]
    }
    return right
  }

  /// The heats of the baths from those of the contacts.
  ///
  /// - Parameters:
  ///   - heat: at the temperatures of the contacts.
  ///   - bounds: of the errors of those temperatures.
  func currents(_ heat: NetworkHeat, temperatureBounds bounds: [Double], baths: Int) -> [Estimate] {
    var (values, errors) = ([Double](repeating: 0, count: baths), [Double](repeating: 0, count: baths))
    for (one, current) in heat.currents.enumerated() {
      var error = current.error
      for other in contacts.indices {
        let conductance = abs(heat.conductances[one][other].value)
        error += conductance * (bounds[one] + bounds[other])
        if !forces.isEmpty {
          let difference = abs(heat.modes.baths[one].temperature - heat.modes.baths[other].temperature)
          error += 100 * Self.forceShare * conductance * difference
        }
      }
      values[owners[one]] += current.value
      errors[owners[one]] += error
    }
    return zip(values, errors).map { .numerical($0, bound: $1) }
  }

  /// Errors of profiles from those of the temperatures of the contacts: of a temperature [energy], of a flow [energy/time].
  func profileErrors(_ heat: NetworkHeat, temperatureBounds bounds: [Double]) -> (temperature: Double, flow: Double) {
    let flow = contacts.indices.reduce(0) { sum, one in
      sum + bounds[one] * heat.conductances[one].reduce(0) { $0 + abs($1.value) }
    }
    return (bounds.max() ?? 0, flow)
  }
}

extension HarmonicNetwork {
  /// The same network with its baths at other temperatures [energy].
  func with(temperatures: [Double]) -> HarmonicNetwork {
    HarmonicNetwork(
      masses: masses, bonds: bonds, siteStiffness: siteStiffness,
      contacts: zip(contacts, temperatures).map { contact, temperature in
        .init(
          name: contact.name, site: contact.site, temperature: temperature, friction: contact.friction,
          stiffnessShift: contact.stiffnessShift)
      }, hbar: hbar)
  }
}

extension Model<Network> {
  /// Why linear theory does not know a bath; nil if it knows all.
  var driveReason: String? {
    if attachments.allSatisfy({ $0.bath.drive == .selfConsistent }) {
      return "no bath sets a temperature: a self-consistent reservoir takes that of the others"
    }
    return attachments.first { $0.bath.drive == nil }.map {
      "bath \($0.name) acts at fixed times, so the steady state is periodic; the simulation averages over the period"
    }
  }

  /// Why nothing is said of heats beyond their means: the noise of every bath must be Gaussian and of its own temperature; nil
  /// if it is.
  var waveReason: String? {
    for attachment in attachments {
      let words: String
      switch attachment.bath.drive {
      case .thermal?: continue
      case .redrawn?: words = "redraws momenta, which is no Gaussian noise"
      case .selfConsistent?: words = "has the temperature that follows from the others"
      case .force?: words = "is active"
      case nil: words = "acts at fixed times"
      }
      return "bath \(attachment.name) \(words), and linear theory gives only mean heats then"
    }
    return nil
  }

  /// Why a quantum network is not answered; nil if it is, or is classical.
  var quantumReason: String? {
    guard medium.isQuantum else { return nil }
    for attachment in attachments {
      if case .thermal? = attachment.bath.drive { continue }
      return
        "bath \(attachment.name) is a classical law, and hbar is not 0: beside quantum motion there may be baths of kind "
        + "langevin, memory and particles, each of its own temperature"
    }
    return nil
  }

  /// Sites, counted from 0, with a bath whose friction is instantaneous: a quantum network has no kinetic energy there.
  func sitesOfInstantaneousFriction(withMemory: Bool) -> Set<Int> {
    Set(
      attachments.filter { attachment in
        let kernel = attachment.bath.frictionKernel(mass: 1)
        return kernel.instantaneous > 0 || !withMemory && kernel.markovFriction > 0
      }.map { $0.site - 1 })
  }

  /// Whether a bath is active, so that its noise is that of no temperature.
  var isForced: Bool { attachments.contains { if case .force? = $0.bath.drive { true } else { false } } }

  /// Why there is no profile of a network whose heats are known; nil if there is one.
  var profileReason: String? {
    let equations =
      2 * medium.sites + attachments.reduce(0) { $0 + 1 + $1.bath.frictionKernel(mass: 1).terms.count }
    guard isForced, equations > LinearTransient.mostEquations else { return nil }
    return
      "beside active baths it takes \(equations) equations of motion, and up to \(LinearTransient.mostEquations) are solved; "
      + "the simulation measures it"
  }
}
