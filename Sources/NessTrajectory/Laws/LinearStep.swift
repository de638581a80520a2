import NessMath
import NessModel

/// One step of the weakly coupled dynamics as a linear map, and the heat from one bath as a quadratic form, both over
/// U = (f, z, q, v, eta, xi):  the forces' harmonics, the forces that have a state of their own, the chain's state, the innovations
/// of the harmonics and forces and the Gaussians of the Langevin baths. Without particle baths this is the whole dynamics, exactly.
///
/// A collision, v -> v' with some probability p, is the map v' = (1 - p) v + u. The mean of u is zero, and its variance has
/// a part that depends on the state, p (1 - p) v².
package struct LinearStep {
  /// Longest state Z that is worth O(states³).
  static let longestState = 200

  /// Z = (f, z, q, v) after the step; one row for each of its components.
  package let map: Matrix
  /// Heat from the bath, or the combination of heats, in the step [energy].
  package let heat: Matrix
  /// Number of components of Z.
  package let states: Int
  /// Number of harmonics and forces in it.
  private let auxiliaries: Int
  /// The collisions, in the order of their sub-steps.
  let collisions: [Collision]

  /// A sub-step that redraws a momentum.
  struct Collision: Sendable {
    /// Its index among the sub-steps on momenta.
    let place: Int
    /// Where its u is in U.
    let source: Int
    /// p (1 - p).
    let spread: Double
    /// The velocity before it, over U.
    var velocity: [Double]
  }

  /// Where the velocities are in Z.
  var velocities: Range<Int> { ((states + auxiliaries) / 2)..<states }

  private typealias Row = [Double]

  /// The step of the sub-steps that the engines do, with the particles' answer to the probe linear, and the heat from the bath
  /// with index `bath` among the attachments of the model.
  package init(_ medium: ForecastMedium, _ modes: [ForceMode], heatFrom bath: Int) {
    self.init(medium, modes, heats: [bath: 1])
  }

  /// The same, with the sum of the heats from several baths, each times its factor.
  init(
    _ medium: ForecastMedium, _ modes: [ForceMode], heats: [Int: Double],
    collisions timing: MomentumStep.Collisions = .inTheMean
  ) {
    let sites = medium.sites
    let baths = medium.baths
    let auxiliaries = modes.count + baths.forces.count
    let states = auxiliaries + 2 * sites
    self.states = states
    self.auxiliaries = auxiliaries
    let inputs = states + auxiliaries + baths.momentumSteps.count
    func unit(_ index: Int) -> Row { (0..<inputs).map { $0 == index ? 1 : 0 } }
    let zero = Row(repeating: 0, count: inputs)
    let oldVelocities = (0..<sites).map { unit(auxiliaries + sites + $0) }
    let displacements = (0..<sites).map {
      Self.sum(unit(auxiliaries + $0), medium.timeStep, oldVelocities[$0])
    }
    var forces = baths.forces.indices.map { unit(modes.count + $0) }
    var collisions: [Collision] = []
    let before = modes.indices.map { index in
      Self.sum(zero, modes[index].kept, unit(index), 1, unit(states + index))
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
      func push(_ index: Int) { become(Self.sum(velocity, halfKick, forces[index]), by: baths.forces[index].bath) }
      /// Half a step of a force, without its noise.
      func relax(_ index: Int) {
        let law = baths.forces[index]
        forces[index] = Self.sum(zero, law.decay, forces[index], -law.pull, velocity)
      }
      for index in contact.particleBaths { push(index, before) }
      for index in contact.forces {
        push(index)
        relax(index)
      }
      for index in contact.momentumSteps {
        let step = baths.momentumSteps[index]
        let source = states + auxiliaries + index
        if let chance = step.collision(timing) {
          collisions.append(
            Collision(place: index, source: source, spread: chance * (1 - chance), velocity: velocity))
          become(Self.sum(zero, 1 - chance, velocity, 1, unit(source)), by: step.bath)
        } else {
          become(Self.sum(zero, step.decay, velocity, step.noise, unit(source)), by: step.bath)
        }
      }
      for index in contact.forces.reversed() {
        relax(index)
        forces[index] = Self.sum(forces[index], 1, unit(states + modes.count + index))
        push(index)
      }
      for index in contact.particleBaths.reversed() { push(index, after) }
      velocities[contact.site] = Self.sum(velocity, 0.5, kicks[contact.site])
    }
    map = Matrix(rows: after + forces + displacements + velocities)
    self.heat = heat
    self.collisions = collisions
  }

  private init(map: Matrix, heat: Matrix, states: Int, auxiliaries: Int, collisions: [Collision]) {
    self.map = map
    self.heat = heat
    self.states = states
    self.auxiliaries = auxiliaries
    self.collisions = collisions
  }

  /// The same step with the components of Z counted in the given units, and the innovations like them.
  func counted(in units: [Double]) -> LinearStep {
    var (map, heat, collisions) = (map, heat, collisions)
    var inputs =
      units + units.prefix(auxiliaries) + [Double](repeating: 1, count: map.columns - states - auxiliaries)
    let speed = units.last ?? 1
    for collision in collisions { inputs[collision.source] = speed }
    for index in collisions.indices {
      collisions[index].velocity = zip(collisions[index].velocity, inputs).map { $0 * $1 / speed }
    }
    for column in inputs.indices {
      for row in units.indices { map[row, column] *= inputs[column] / units[row] }
      for row in inputs.indices { heat[row, column] *= inputs[column] * inputs[row] }
    }
    return LinearStep(map: map, heat: heat, states: states, auxiliaries: auxiliaries, collisions: collisions)
  }

  /// This step after `count` steps of another kind, as one step, which knows no noise of the steps before.
  func after(_ count: Int, _ other: LinearStep) -> LinearStep {
    let (single, earning) = (other.map.leading(states), other.heat.leading(states))
    var power = Matrix.identity(states)
    var earned = Matrix(rows: states, columns: states)
    for _ in 0..<count {
      earned = earned + power.transposed * (earning * power)
      power = single * power
    }
    var before = Matrix.identity(map.columns)
    for column in 0..<states { for row in 0..<states { before[row, column] = power[row, column] } }
    var heat = before.transposed * (heat * before)
    for column in 0..<states { for row in 0..<states { heat[row, column] += earned[row, column] } }
    var collisions = collisions
    for index in collisions.indices {
      let velocity = collisions[index].velocity
      collisions[index].velocity = velocity.indices.map { column in
        velocity.indices.reduce(0) { $0 + velocity[$1] * before[$1, column] }
      }
    }
    return LinearStep(
      map: map * before, heat: heat, states: states, auxiliaries: auxiliaries, collisions: collisions)
  }

  /// The same step where the velocities keep only a share of what they were.
  func keeping(_ share: Double) -> LinearStep {
    var map = map
    for row in velocities { for column in 0..<map.columns { map[row, column] *= share } }
    return LinearStep(map: map, heat: heat, states: states, auxiliaries: auxiliaries, collisions: collisions)
  }

  /// What is to come of the heat, over U before the step, if after it that is Z^T form Z:  heat + map^T form map, and what the
  /// variances of collisions add, as far as they depend on U.
  func future(_ form: Matrix) -> Matrix {
    var future = heat + map.transposed * (form * map)
    for (collision, weight) in zip(collisions, collisionWeights(form, heat)) {
      future.add(collision.spread * weight, squareOf: collision.velocity)
    }
    return future
  }

  /// S = future of S over Z: the heat that is to come from a state, up to a constant.
  ///
  /// Collisions add one multiple of  velocity velocity^T  each, which are found from a small linear system.
  ///
  /// - Returns: nil if the linear dynamics has no steady state.
  func steadyForm() -> Matrix? {
    let transposed = map.leading(states).transposed
    func solved(_ noise: Matrix) -> Matrix? { try? discreteLyapunov(map: transposed, noise: noise) }
    guard var form = solved(heat.leading(states)) else { return nil }
    if collisions.isEmpty { return form }
    let parts = collisions.compactMap { collision -> Matrix? in
      var square = Matrix(rows: states, columns: states)
      square.add(collision.spread, squareOf: Array(collision.velocity.prefix(states)))
      return solved(square)
    }
    let count = collisions.count
    guard parts.count == count else { return nil }
    // weight = that of the form without collisions + what the parts add times their weights
    var system = Matrix.identity(count)
    var right = Matrix(rows: count, columns: 1)
    for (row, weight) in collisionWeights(form, heat).enumerated() { right[row, 0] = weight }
    for column in 0..<count {
      for (row, weight) in collisionWeights(parts[column], nil).enumerated() { system[row, column] -= weight }
    }
    guard let weights = try? solve(system, right) else { return nil }
    for index in 0..<count { form = form + weights[index, 0] * parts[index] }
    return form
  }

  /// The weight of the square of u of every collision in what is to come of the heat.
  ///
  /// - Parameters:
  ///   - form: of what is to come after the step.
  ///   - heat: of the step; nil for none.
  private func collisionWeights(_ form: Matrix, _ heat: Matrix?) -> [Double] {
    var weights = [Double](repeating: 0, count: collisions.count)
    for index in collisions.indices.reversed() {
      let source = collisions[index].source
      var weight = heat?[source, source] ?? 0
      for column in 0..<states where map[column, source] != 0 {
        for row in 0..<states { weight += map[row, source] * form[row, column] * map[column, source] }
      }
      // Later collisions feel it in the velocity that they meet.
      for later in collisions.indices.dropFirst(index + 1) {
        let share = collisions[later].velocity[source]
        weight += collisions[later].spread * weights[later] * share * share
      }
      weights[index] = weight
    }
    return weights
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

extension Matrix {
  /// Adds factor row row^T.
  fileprivate mutating func add(_ factor: Double, squareOf row: [Double]) {
    for column in row.indices where row[column] != 0 {
      for index in row.indices { self[index, column] += factor * row[index] * row[column] }
    }
  }
}
