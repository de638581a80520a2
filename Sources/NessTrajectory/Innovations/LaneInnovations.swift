import CVectorMath
import NessSampling

/// The innovations of eight replicas. It reads their state and their noise and changes nothing but its own sums.
package final class LaneInnovations {
  package typealias Lanes = SIMD8<Double>

  /// Where the harmonics of one particle bath are kept.
  private struct Bath {
    let modes: Range<Int>
    let particles: RingParticles
    var count: Int { particles.count }
  }

  /// What tells about one heat: the harmonics whose noise counts, and the first of their rows.
  private struct Heat {
    let modes: Range<Int>
    let firstRow: Int
  }

  /// The sites that one row reads, and where its weights begin among all.
  private struct Row {
    let sites: Range<Int>
    let start: Int
    let rest: Double
  }

  /// A sub-step on a momentum whose noise counts.
  private struct Momentum {
    let law: MomentumStep
    /// Its index among all sub-steps on momenta.
    let place: Int
    /// Where the weights of the velocity that it is expected to meet are, if it redraws it.
    let velocity: Range<Int>
    let rest: Double
  }

  /// What counts of one component of the state (forces, displacements, velocities).
  private struct Weight {
    let component: Int
    let weight: Double
  }

  private let law: Innovations
  /// Where steps are followed in groups, what does that: then there are no rows of single steps.
  package let group: LaneStepGroup?
  private let baths: [Bath]
  /// The forces that have a state.
  private let ownForces: UnsafeMutableBufferPointer<BathForce>
  private let momenta: UnsafeMutableBufferPointer<Momentum>
  /// Of the velocities that are redrawn.
  private let velocityWeights: UnsafeMutableBufferPointer<Weight>
  private let heats: UnsafeMutableBufferPointer<Heat>
  /// Rows of all heats, heat after heat.
  private let rows: UnsafeMutableBufferPointer<Row>
  /// Weights of q and v, site after site, then of the forces, row after row.
  private let weights: UnsafeMutableBufferPointer<Double>
  /// Weights of the squares of the innovations of the forces that have a state, heat after heat, then of those of the momenta.
  private let forceSquares: UnsafeMutableBufferPointer<Double>
  private let squares: UnsafeMutableBufferPointer<Double>
  /// Weights of q and v of two rows, site after site, then of the next two, where coefficients are fitted: all rows read all
  /// sites, and an odd one is read with itself.
  private let pairedWeights: UnsafeMutableBufferPointer<Double>
  /// The quadratic forms, heat after heat, where coefficients are fitted.
  private let forms: UnsafeMutableBufferPointer<Double>
  /// Harmonics of the particles' forces.
  private let modes: Int
  /// These and the forces that have a state.
  private let auxiliaries: Int
  private let sites: Int
  private let rowCount: Int
  private let storage: UnsafeMutableBufferPointer<Lanes>
  /// Weights times the chain's state before the step, one for every row.
  private let expectations: UnsafeMutablePointer<Lanes>
  /// Harmonics of the forces, and forces that have a state, before the step.
  private let forces: UnsafeMutablePointer<Lanes>
  /// Their innovations.
  private let innovations: UnsafeMutablePointer<Lanes>
  /// Velocities that collisions are expected to meet, and then what the sub-steps on momenta draw.
  private let drawn: UnsafeMutablePointer<Lanes>
  /// The squares of that, less their variances.
  private let drawnSquares: UnsafeMutablePointer<Lanes>
  private let before: UnsafeMutablePointer<Lanes>
  private let after: UnsafeMutablePointer<Lanes>
  /// Where the noise alone takes the particles of one bath.
  private let diffused: UnsafeMutablePointer<Lanes>
  /// Forecast and squared displacement of every heat when they were last booked.
  private let stored: UnsafeMutablePointer<Lanes>
  /// The state that a quadratic form is taken of: forces, displacements, velocities.
  private let variables: UnsafeMutablePointer<Lanes>

  package convenience init(_ law: Innovations, _ dynamics: ChainDynamics) {
    self.init(law, dynamics.baths)
  }

  package convenience init(_ law: Innovations, _ dynamics: NetworkDynamics) {
    self.init(law, dynamics.baths)
  }

  /// - Parameters:
  ///   - law: what is followed.
  ///   - laws: the baths of the motion.
  private init(_ law: Innovations, _ laws: BathLaws) {
    self.law = law
    modes = law.modes.count
    sites = law.heats.first?.rest.count ?? 0
    let groups = law.heats.compactMap(\.group)
    group =
      groups.isEmpty
      ? nil : LaneStepGroup(groups, places: law.heats[0].momenta.map(\.place), sites: sites, laws)
    let all = groups.isEmpty ? law.heats.flatMap(\.rows) : []
    rowCount = all.count
    auxiliaries = modes + laws.forces.count
    ownForces = .copy(of: laws.forces)
    // The same sub-steps tell about every heat.
    var (momenta, velocityWeights): ([Momentum], [Weight]) = ([], [])
    for momentum in law.heats.first?.momenta ?? [] {
      let first = velocityWeights.count
      velocityWeights += momentum.velocity.map { Weight(component: $0.component, weight: $0.weight) }
      momenta.append(
        Momentum(
          law: laws.momentumSteps[momentum.place], place: momentum.place, velocity: first..<velocityWeights.count,
          rest: momentum.rest))
    }
    self.momenta = .copy(of: momenta)
    self.velocityWeights = .copy(of: velocityWeights)
    baths = laws.particles.enumerated().map { index, particles in
      let own = law.modes.indices.filter { law.modes[$0].bath == index }
      let first = own.first ?? 0
      return Bath(modes: first..<(first + own.count), particles: particles)
    }
    let tables = all.map(Self.weights)
    weights = .copy(of: tables.flatMap { $0 })
    var (start, firstRow) = (0, 0)
    rows = .copy(
      of: zip(all, tables).map { row, table in
        defer { start += table.count }
        return Row(sites: row.sites, start: start, rest: row.rest)
      })
    heats = .copy(
      of: law.heats.map { heat in
        defer { firstRow += heat.rows.count }
        return Heat(modes: heat.modes, firstRow: firstRow)
      })
    forceSquares = .copy(of: law.heats.flatMap(\.forceSquares))
    squares = .copy(of: law.heats.flatMap(\.squares))
    pairedWeights = .copy(of: law.isFitted ? HeatInnovation.Row.pairedWeights(all) : [])
    forms = .copy(of: law.isFitted ? law.heats.compactMap(\.form).flatMap(\.elements) : [])
    let room = max(RingParticles.fewestHarmonics, baths.map(\.modes.count).max() ?? 0)
    let mostParticles = baths.map(\.count).max() ?? 0
    let inForm = law.isFitted ? auxiliaries + 2 * sites : 0
    storage = .allocate(
      capacity: all.count + 2 * auxiliaries + 2 * momenta.count + 2 * room + mostParticles + 2 * law.heats.count
        + inForm)
    storage.initialize(repeating: Lanes())
    expectations = storage.baseAddress!  // never empty: there is always room for four sums
    forces = expectations + all.count
    innovations = forces + auxiliaries
    drawn = innovations + auxiliaries
    drawnSquares = drawn + momenta.count
    before = drawnSquares + momenta.count
    after = before + room
    diffused = after + room
    stored = diffused + mostParticles
    variables = stored + 2 * law.heats.count
  }

  deinit {
    storage.deallocate()
    rows.deallocate()
    heats.deallocate()
    pairedWeights.deallocate()
    forms.deallocate()
    weights.deallocate()
    forceSquares.deallocate()
    squares.deallocate()
    ownForces.deallocate()
    momenta.deallocate()
    velocityWeights.deallocate()
  }

  /// Weights of q and v of its sites, then of the harmonics of the forces.
  private static func weights(_ row: HeatInnovation.Row) -> [Double] {
    zip(row.displacement, row.velocity).flatMap { [$0, $1] } + row.force
  }

  /// Advances a motion by some steps and books what their noise tells about every heat.
  func advance(_ motion: some ForeseenMotion, steps count: Int) {
    let size = group == nil ? 1 : StepGroup.steps
    var left = count
    while left > 0 {
      let place = motion.step % size
      if place == 0 {
        motion.drawNext()
        book(motion)
      }
      let some = min(left, size - place)
      motion.advance(steps: some)
      left -= some
    }
  }

  /// Books what the noise of the next step, or group of steps, which must have been drawn, tells about every heat.
  private func book(_ motion: some ForeseenMotion) {
    let (sums, channels) = (motion.sums, motion.innovationChannels)
    if let group {
      group.read(
        displacement: motion.displacement, velocity: motion.velocity, states: motion.forceStates,
        forceNoise: motion.nextForceNoise, momentumNoise: motion.nextMomentumNoise, stride: motion.momentumNoiseStride)
      for heat in 0..<law.heats.count { sums[channels.momenta(heat)] += group.innovation(ofHeat: heat) }
      return
    }
    read(displacement: motion.displacement, velocity: motion.velocity)
    for index in baths.indices {
      read(
        bath: index, positions: motion.positions(ofParticleBath: index), noise: motion.nextNoise(ofParticleBath: index))
    }
    let stride = motion.momentumNoiseStride
    if !ownForces.isEmpty { read(forces: motion.forceStates, noise: motion.nextForceNoise, stride: 2 * stride) }
    readVelocities(motion.displacement, motion.velocity)
    read(momentumNoise: motion.nextMomentumNoise, stride: stride, after: motion.step)
    for heat in 0..<law.heats.count {
      sums[channels.forces(heat)] += ofForces(heat)
      sums[channels.momenta(heat)] += ofMomenta(heat)
    }
  }

  /// Ticks from one booking of the forecasts to the next: a power of two. A quadratic form of all sites costs as much as some
  /// steps of each, and between bookings nothing is lost; where the forecast is exact nothing else would be left at the end of a
  /// block of the record.
  private var ticksPerForecast: Int {
    guard law.isFitted, let form = law.heats.first?.form else { return 1 }
    var ticks = 1
    let rows = law.isExact ? 128 : 16
    while rows * ticks < form.rows { ticks *= 2 }
    return ticks
  }

  /// Books how the forecast heats and the squared displacements of the sites where they come in changed since the last time,
  /// if it is time for it.
  ///
  /// - Parameters:
  ///   - motion: at the end of a tick.
  ///   - tick: ticks since the sums began to be of use; 0 at their beginning.
  func bookForecasts(_ motion: some ForeseenMotion, tick: Int) {
    guard tick % ticksPerForecast == 0 else { return }
    readForces(motion)
    if !law.isQuadratic { read(displacement: motion.displacement, velocity: motion.velocity) }
    let (sums, channels) = (motion.sums, motion.innovationChannels)
    for heat in 0..<law.heats.count {
      let probe = motion.displacement[law.heats[heat].site]
      let now = (forecast: forecast(heat, motion), square: probe * probe)
      sums[channels.forecastChange(heat)] += now.forecast - stored[2 * heat]
      sums[channels.squareChange(heat)] += now.square - stored[2 * heat + 1]
      stored[2 * heat] = now.forecast
      stored[2 * heat + 1] = now.square
    }
  }

  /// Reads the chain's state before the step.
  package func read(displacement: UnsafePointer<Lanes>, velocity: UnsafePointer<Lanes>) {
    if law.isFitted { return readPairs(displacement, velocity) }
    for index in 0..<rowCount {
      var weight = weights.baseAddress! + rows[index].start  // never empty
      var (first, second) = (Lanes(repeating: -rows[index].rest), Lanes())
      for site in rows[index].sites {
        first = ness_fma(displacement[site], Lanes(repeating: weight[0]), first)
        second = ness_fma(velocity[site], Lanes(repeating: weight[1]), second)
        weight += 2
      }
      expectations[index] = first + second
    }
  }

  private func readPairs(_ displacement: UnsafePointer<Lanes>, _ velocity: UnsafePointer<Lanes>) {
    var weight = pairedWeights.baseAddress!  // never empty: a bath has noise
    var first = 0
    while first < rowCount {
      let second = min(first + 1, rowCount - 1)
      var (one, other) = (Lanes(), Lanes())
      ness_two_linear_forms(displacement, velocity, weight, sites, &one, &other)
      expectations[first] = one - rows[first].rest
      if second > first { expectations[second] = other - rows[second].rest }
      weight += 4 * sites
      first += 2
    }
  }

  /// Reads the particles of a bath before they move, and the noise that will move them.
  package func read(bath index: Int, positions: UnsafePointer<Lanes>, noise: UnsafePointer<Lanes>) {
    let bath = baths[index]
    bath.particles.diffuse(positions, noise: noise, into: diffused)
    bath.particles.sumHarmonics(bath.modes.count, into: before) { positions[$0] }
    bath.particles.sumHarmonics(bath.modes.count, into: after) { diffused[$0] }
    for (offset, mode) in bath.modes.enumerated() {
      let scale = law.modes[mode].amplitude
      forces[mode] = before[offset] * scale
      innovations[mode] = ness_fma(before[offset], Lanes(repeating: -law.modes[mode].kept), after[offset]) * scale
    }
  }

  /// Reads the forces that have a state, before the step, and what drives them in its two halves: for each force both, `stride`
  /// from those of the next one.
  package func read(forces states: UnsafePointer<Lanes>, noise: UnsafePointer<Lanes>, stride: Int) {
    for index in 0..<ownForces.count {
      forces[modes + index] = states[index]
      innovations[modes + index] = ownForces[index].innovation(
        states[index], noise[index * stride], noise[index * stride + 1])
    }
  }

  /// Reads the velocities that collisions are expected to meet, after all forces were read.
  package func readVelocities(_ displacement: UnsafePointer<Lanes>, _ velocity: UnsafePointer<Lanes>) {
    for index in 0..<momenta.count where momenta[index].law.collision != nil {
      var sum = Lanes(repeating: -momenta[index].rest)
      for place in momenta[index].velocity {
        let weight = velocityWeights[place]
        let component = weight.component
        let value =
          component < auxiliaries
          ? forces[component]
          : component < auxiliaries + sites
            ? displacement[component - auxiliaries] : velocity[component - auxiliaries - sites]
        sum = ness_fma(value, Lanes(repeating: weight.weight), sum)
      }
      drawn[index] = sum
    }
  }

  /// Reads what the sub-steps on momenta draw in the step that follows `step` ones: that of sub-step k at `noise[k * stride]`.
  package func read(momentumNoise noise: UnsafePointer<Lanes>, stride: Int, after step: Int) {
    for index in 0..<momenta.count {
      let xi = noise[momenta[index].place * stride]
      guard let chance = momenta[index].law.collision(after: step) else {
        drawn[index] = xi
        drawnSquares[index] = ness_fma(xi, xi, Lanes(repeating: -1))
        continue
      }
      // u = v' - (1 - p) v, where v' is the velocity after the collision, if there is one. Its variance, given v.
      let (v, thermal) = (drawn[index], momenta[index].law.noise)
      let after = v.replacing(with: xi * thermal, where: xi .< Lanes(repeating: MomentumStep.none))
      let u = ness_fma(v, Lanes(repeating: chance - 1), after)
      let variance = (v * v * (1 - chance) + thermal * thermal) * chance
      drawn[index] = u
      drawnSquares[index] = ness_fma(u, u, -variance)
    }
  }

  /// The innovation that the noise of the particles, and of the forces that have a state, brings to a heat in this step.
  package func ofForces(_ heat: Int) -> Lanes {
    var sum = Lanes()
    let own = heats[heat]
    for mode in own.modes {
      sum = ness_fma(innovations[mode], expectation(own.firstRow + mode - own.modes.lowerBound), sum)
    }
    for index in 0..<ownForces.count {
      guard let variance = ownForces[index].innovationVariance else { continue }
      let eta = innovations[modes + index]
      let square = Lanes(repeating: forceSquares[heat * ownForces.count + index])
      sum = ness_fma(ness_fma(eta, eta, Lanes(repeating: -variance)), square, sum)
    }
    return sum
  }

  /// The innovation that the noise on the momenta, which was read, brings to a heat in this step.
  package func ofMomenta(_ heat: Int) -> Lanes {
    var sum = Lanes()
    let firstRow = heats[heat].firstRow + heats[heat].modes.count
    for index in 0..<momenta.count {
      let square = Lanes(repeating: squares[heat * momenta.count + index])
      sum = ness_fma(drawn[index], expectation(firstRow + index), sum)
      sum = ness_fma(drawnSquares[index], square, sum)
    }
    return sum
  }

  @inline(__always) private func expectation(_ row: Int) -> Lanes {
    let weight = weights.baseAddress! + rows[row].start + 2 * rows[row].sites.count  // never empty
    var sum = expectations[row]
    for mode in 0..<auxiliaries { sum = ness_fma(forces[mode], Lanes(repeating: weight[mode]), sum) }
    return sum
  }

  /// Reads the forces of the baths as they are.
  private func readForces(_ motion: some ForeseenMotion) {
    for index in 0..<ownForces.count { forces[modes + index] = motion.forceStates[index] }
    for (index, bath) in baths.enumerated() {
      let positions = motion.positions(ofParticleBath: index)
      bath.particles.sumHarmonics(bath.modes.count, into: before) { positions[$0] }
      for (offset, mode) in bath.modes.enumerated() { forces[mode] = before[offset] * law.modes[mode].amplitude }
    }
  }

  /// The heat that is forecast to come from a followed bath in a state that has been read, up to a constant.
  private func forecast(_ heat: Int, _ motion: some ForeseenMotion) -> Lanes {
    guard let form = law.heats[heat].form else {
      let own = heats[heat]
      return own.modes.reduce(Lanes()) {
        $0 + forces[$1] * expectations[own.firstRow + $1 - own.modes.lowerBound] * law.modes[$1].kept
      }
    }
    if law.isFitted {
      let rest = law.heats[heat].rest
      for force in 0..<auxiliaries { variables[force] = forces[force] }
      for site in 0..<sites {
        variables[auxiliaries + site] = motion.displacement[site] - rest[site]
        variables[auxiliaries + sites + site] = motion.velocity[site]
      }
      return ness_quadratic_form(variables, forms.baseAddress! + heat * form.elements.count, form.rows)  // never empty
    }
    func state(_ index: Int) -> Lanes {
      if index < modes { return forces[index] }
      return index < modes + sites ? motion.displacement[index - modes] : motion.velocity[index - modes - sites]
    }
    var sum = Lanes()
    for column in 0..<form.rows {
      var product = Lanes()
      for row in 0..<form.rows { product = ness_fma(state(row), Lanes(repeating: form[row, column]), product) }
      sum = ness_fma(product, state(column), sum)
    }
    return sum
  }
}

// MARK: saved states

extension LaneInnovations {
  /// The forecasts that were last booked, which a state of today does not know where they are not booked at every tick.
  private var kept: Int { ticksPerForecast > 1 ? 2 * law.heats.count : 0 }

  /// Size of what is saved [bytes].
  var bytesOfState: Int { kept * MemoryLayout<Lanes>.size }

  func save(to writer: inout StateWriter) { writer.add(stored, count: kept) }

  func restore(from reader: inout StateReader) throws(StateFault) { try reader.fillFinite(stored, count: kept) }
}
