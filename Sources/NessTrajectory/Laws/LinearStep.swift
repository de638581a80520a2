import NessMath
import NessModel

/// One step of the weakly coupled dynamics as a linear map, and the heat from one bath as a quadratic form, both over
/// U = (f, q, v, eta, xi):  the forces' harmonics, the chain's state, the innovations of the harmonics and the Gaussians
/// of the Langevin baths. Without particle baths this is the whole dynamics, exactly.
package struct LinearStep {
  /// Longest state Z that is worth O(states³).
  static let longestState = 200

  /// Z = (f, q, v) after the step; one row for each of its components.
  package let map: Matrix
  /// Heat from the bath, or the combination of heats, in the step [energy].
  package let heat: Matrix
  /// Number of components of Z.
  package let states: Int
  private let modes: Int

  /// Where the velocities are in Z.
  var velocities: Range<Int> { ((states + modes) / 2)..<states }

  private typealias Row = [Double]

  /// The step of the sub-steps that the engines do, with the particles' answer to the probe linear, and the heat from the bath
  /// with index `bath` among the attachments of the model.
  package init(_ medium: ForecastMedium, _ modes: [ForceMode], heatFrom bath: Int) {
    self.init(medium, modes, heats: [bath: 1])
  }

  /// The same, with the sum of the heats from several baths, each times its factor.
  init(_ medium: ForecastMedium, _ modes: [ForceMode], heats: [Int: Double]) {
    let sites = medium.sites
    let baths = medium.baths
    let states = modes.count + 2 * sites
    self.states = states
    self.modes = modes.count
    let inputs = states + modes.count + baths.momentumSteps.count
    func unit(_ index: Int) -> Row { (0..<inputs).map { $0 == index ? 1 : 0 } }
    let oldVelocities = (0..<sites).map { unit(modes.count + sites + $0) }
    let displacements = (0..<sites).map {
      Self.sum(unit(modes.count + $0), medium.timeStep, oldVelocities[$0])
    }
    let before = modes.indices.map { index in
      Self.sum(Row(repeating: 0, count: inputs), modes[index].kept, unit(index), 1, unit(states + index))
    }
    let after = zip(modes, before).map { Self.sum($1, $0.response, displacements[$0.site]) }
    let kicks = Self.kicks(medium, displacements)
    var velocities = zip(oldVelocities, kicks).map { Self.sum($0, 1, $1) }
    var heat = Matrix(rows: inputs, columns: inputs)
    for contact in baths.layout.contacts {
      let mass = medium.masses[contact.site]
      let halfKick = 0.5 * medium.timeStep / mass
      var velocity = Self.sum(oldVelocities[contact.site], 0.5, kicks[contact.site])
      func become(_ new: Row, by source: Int) {
        if let factor = heats[source] { Self.add(0.5 * mass * factor, new, minus: velocity, to: &heat) }
        velocity = new
      }
      func push(_ index: Int, _ forces: [Row]) {
        let own = zip(modes, forces).filter { $0.0.bath == index }
        become(own.reduce(velocity) { Self.sum($0, halfKick, $1.1) }, by: baths.particles[index].bath)
      }
      for index in contact.particleBaths { push(index, before) }
      for index in contact.momentumSteps {
        let step = baths.momentumSteps[index]
        let noise = unit(states + modes.count + index)
        become(Self.sum(Row(repeating: 0, count: inputs), step.decay, velocity, step.noise, noise), by: step.bath)
      }
      for index in contact.particleBaths.reversed() { push(index, after) }
      velocities[contact.site] = Self.sum(velocity, 0.5, kicks[contact.site])
    }
    map = Matrix(rows: after + displacements + velocities)
    self.heat = heat
  }

  private init(map: Matrix, heat: Matrix, states: Int, modes: Int) {
    self.map = map
    self.heat = heat
    self.states = states
    self.modes = modes
  }

  /// The same step with the components of Z counted in the given units, and the innovations of the harmonics like them.
  func counted(in units: [Double]) -> LinearStep {
    var (map, heat) = (map, heat)
    let inputs = units + units.prefix(modes) + [Double](repeating: 1, count: map.columns - states - modes)
    for column in inputs.indices {
      for row in units.indices { map[row, column] *= inputs[column] / units[row] }
      for row in inputs.indices { heat[row, column] *= inputs[column] * inputs[row] }
    }
    return LinearStep(map: map, heat: heat, states: states, modes: modes)
  }

  /// Variances of the noise of one step: the innovations of the harmonics, then the Gaussians of the Langevin baths.
  func noiseVariances(_ modes: [ForceMode]) -> [Double] {
    modes.map { $0.freeVariance * (1 - $0.kept * $0.kept) }
      + [Double](repeating: 1, count: map.columns - states - modes.count)
  }

  /// The medium's kick on every site.
  private static func kicks(_ medium: ForecastMedium, _ displacements: [Row]) -> [Row] {
    medium.springs.indices.map { site in
      let scale = medium.timeStep / medium.masses[site]
      var kick = displacements[site].map { -scale * medium.pinning[site] * $0 }
      for neighbour in medium.springs[site] {
        let spring = scale * neighbour.constant
        kick = sum(kick, spring, displacements[neighbour.site], -spring, displacements[site])
      }
      return kick
    }
  }

  private static func sum(_ start: Row, _ factor: Double, _ row: Row) -> Row {
    zip(start, row).map { $0 + factor * $1 }
  }

  private static func sum(_ start: Row, _ factor: Double, _ row: Row, _ other: Double, _ last: Row) -> Row {
    sum(sum(start, factor, row), other, last)
  }

  /// form += factor (row row^T - old old^T)
  private static func add(_ factor: Double, _ row: Row, minus old: Row, to form: inout Matrix) {
    for column in row.indices where row[column] != 0 || old[column] != 0 {
      for index in row.indices { form[index, column] += factor * (row[index] * row[column] - old[index] * old[column]) }
    }
  }
}
