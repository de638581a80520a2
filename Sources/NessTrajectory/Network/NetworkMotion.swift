import CVectorMath
import NessFormula
import NessRandom
import NessSampling

/// Eight replicas of a network in motion, in the lanes of SIMD vectors: their state, their baths and their running sums.
///
/// It is worked on by one thread at a time, and no two share anything that changes.
package final class NetworkMotion: ForeseenMotion {
  package typealias Lanes = SIMD8<Double>

  package let dynamics: NetworkDynamics
  let ledger: NetworkLedger
  /// Steps done since the start.
  package private(set) var step = 0
  /// q of every site [length].
  package let displacement: UnsafeMutablePointer<Lanes>
  /// v of every site [length/time].
  package let velocity: UnsafeMutablePointer<Lanes>
  /// Running sums over the steps, laid out as in `NetworkLedger`.
  package let sums: UnsafeMutablePointer<Lanes>
  /// Force on every site [mass length/time²]; after a step that is read the sum of its velocities before and after.
  private let force: UnsafeMutablePointer<Lanes>
  /// Slopes of a block of bonds or fields, and what their evaluation needs.
  let slopes: UnsafeMutablePointer<Lanes>
  private let fieldSlopes: UnsafeMutablePointer<Lanes>
  /// Velocities of the sites of a tile before their kick, where that is read.
  private let velocitiesBefore: UnsafeMutablePointer<Lanes>
  let scratch: UnsafeMutablePointer<Lanes>
  /// Velocities of the sites that a drive pushes, and the heats, before a step.
  let drivenBefore: UnsafeMutablePointer<Lanes>
  let heatsBefore: UnsafeMutablePointer<Lanes>
  private let storage: UnsafeMutableRawPointer
  private let baths: LaneBaths
  /// Random numbers of the initial state.
  private let initial: LaneStream
  // The plan, where no count of references stands between the sweep and it.
  private let tiles: UnsafeMutableBufferPointer<NetworkPlan.Tile>
  private let bondBlocks: UnsafeMutableBufferPointer<NetworkPlan.Block>
  private let fieldBlocks: UnsafeMutableBufferPointer<NetworkPlan.Block>
  private let rows: UnsafeMutableBufferPointer<NetworkPlan.Row>
  private let pairs: UnsafeMutableBufferPointer<Int32>
  private let kicks: UnsafeMutableBufferPointer<Double>
  /// The same, 0 at sites with baths.
  private let rowKicks: UnsafeMutableBufferPointer<Double>
  let formulas: UnsafeMutableBufferPointer<LaneSlope>
  let compiled: UnsafeMutableBufferPointer<ness_slope>

  /// Replicas `firstReplica` to `firstReplica + 7`, which have no state yet.
  package convenience init(_ dynamics: NetworkDynamics, seed: UInt64, firstReplica: Int) {
    self.init(dynamics, dynamics.ledger, seed: seed, firstReplica: firstReplica)
  }

  /// The same, with a place for the sums of what the noise tells.
  init(_ dynamics: NetworkDynamics, _ ledger: NetworkLedger, seed: UInt64, firstReplica: Int) {
    self.dynamics = dynamics
    self.ledger = ledger
    let sites = dynamics.sites
    baths = LaneBaths(
      dynamics.baths, seed: seed, firstReplica: firstReplica, stepsPerDraw: dynamics.stepsPerDraw,
      courses: dynamics.driving?.noise ?? [])
    let channels = ledger.channels
    let registers = Self.registers(dynamics)
    let pushed = dynamics.driving?.forces.count ?? 0
    let heats = dynamics.driving == nil ? 0 : ledger.baths
    let capacity = 3 * sites + channels + 3 * NetworkPlan.tileSize + registers + pushed + heats
    // Swift aligns vectors to 16 bytes; a vector across two cache lines is slower.
    storage = .allocate(byteCount: capacity * MemoryLayout<Lanes>.stride, alignment: MemoryLayout<Lanes>.size)
    var free = storage.initializeMemory(as: Lanes.self, repeating: Lanes(), count: capacity)
    func take(_ count: Int) -> UnsafeMutablePointer<Lanes> {
      defer { free += count }
      return free
    }
    displacement = take(sites)
    velocity = take(sites)
    force = take(sites)
    sums = take(channels)
    slopes = take(NetworkPlan.tileSize)
    fieldSlopes = take(NetworkPlan.tileSize)
    velocitiesBefore = take(NetworkPlan.tileSize)
    scratch = take(registers)
    drivenBefore = take(pushed)
    heatsBefore = take(heats)
    initial = LaneStream(seed: seed, firstReplica: UInt64(firstReplica), purpose: .initialState)
    tiles = .copy(of: dynamics.plan.tiles)
    bondBlocks = .copy(of: dynamics.plan.bondBlocks)
    fieldBlocks = .copy(of: dynamics.plan.fieldBlocks)
    rows = .copy(of: dynamics.plan.rows)
    pairs = .copy(of: dynamics.plan.pairs)
    kicks = .copy(of: dynamics.kicks)
    rowKicks = .copy(of: dynamics.kicks)
    for contact in dynamics.baths.layout.contacts { rowKicks[contact.site] = 0 }
    formulas = .copy(of: dynamics.slopes)
    compiled = .copy(of: dynamics.compiledSlopes)
  }

  deinit {
    storage.deallocate()
    tiles.deallocate()
    bondBlocks.deallocate()
    fieldBlocks.deallocate()
    rows.deallocate()
    pairs.deallocate()
    kicks.deallocate()
    rowKicks.deallocate()
    formulas.deinitialize()
    formulas.deallocate()
    compiled.deallocate()
  }

  private static func registers(_ dynamics: NetworkDynamics) -> Int {
    let energies = dynamics.bathed.network.potentials.map(\.energies.scratchLength)
    return max(
      dynamics.driving?.scratchLength ?? 0, dynamics.slopes.map(\.scratchLength).max() ?? 0, energies.max() ?? 0)
  }

  /// Particles uniform on the ring, velocities Gaussian of the given variance at every site
  /// [length²/time²].
  ///
  /// - Parameter displacements: where the sites begin; empty for 0 [length].
  package func draw(velocityVariances: [Double], displacements: [Double] = []) {
    var stream = initial
    baths.drawUniform(&stream)
    stream.fillGaussians(velocity, count: dynamics.sites)
    for site in 0..<dynamics.sites {
      displacement[site] = Lanes(repeating: displacements.isEmpty ? 0 : displacements[site])
      velocity[site] *= velocityVariances[site].squareRoot()
    }
    baths.drawForces(&stream)
  }

  /// Positions of the particles of one bath, counted among the particle baths [turns, not wrapped].
  package func positions(ofParticleBath index: Int) -> UnsafePointer<Lanes> { baths.positions(ofParticleBath: index) }

  /// Forgets the running sums.
  package func clearSums() { sums.update(repeating: Lanes(), count: ledger.channels) }

  /// The first lane whose state has blown up, if any, and the first site where it has.
  package var firstBad: (lane: Int, site: Int)? {
    // Zero times what is no finite number is no number.
    var sum = Lanes()
    for site in 0..<dynamics.sites { sum += velocity[site] * 0 + displacement[site] * 0 }
    guard let lane = (0..<8).first(where: { sum[$0].isNaN }) else { return nil }
    let site = (0..<dynamics.sites).first { !(velocity[$0][lane] * 0 + displacement[$0][lane] * 0 == 0) }
    return (lane, site ?? 0)
  }

  /// Advances all replicas by `count` steps, adding to the running sums.
  package func advance(steps count: Int) {
    let driving = dynamics.driving
    for _ in 0..<count {
      if let driving { enter(driving) }
      baths.prepare(step: step)
      let withinBlock = step % LaneBaths.stepsPerBlock
      let isRead = (step + 1) & (dynamics.stepsPerReading - 1) == 0
      sweep(withinBlock, isRead: isRead)
      if isRead { readFlows() }
      baths.endStep()
      if let driving { leave(driving) }
      step += 1
    }
  }
}

// MARK: the sweep

extension NetworkMotion {
  private func sweep(_ withinBlock: Int, isRead: Bool) {
    var drifted = 0
    for tile in tiles {
      ness_drift_sites(displacement, velocity, force, drifted, tile.drifted.before, dynamics.timeStep)
      drifted = tile.drifted.after
      for index in tile.fields.first..<tile.fields.end { push(fieldBlocks[index]) }
      for index in tile.bonds.first..<tile.bonds.end { pull(bondBlocks[index]) }
      let isSwept = tile.rows.first < tile.rows.end
      let before = velocitiesBefore
      if isSwept {
        if isRead { before.update(from: velocity + tile.sites.first, count: tile.sites.end - tile.sites.first) }
        for index in tile.rows.first..<tile.rows.end { sweep(rows[index]) }
      }
      var site = tile.sites.first
      func finish(_ end: Int) {
        if !isSwept {
          kick(site, end, isRead: isRead)
        } else if isRead {
          ness_read_sites(
            before + (site - tile.sites.first), velocity, force, displacement, sums + ledger.kinetic(0),
            sums + ledger.displacement(0), site, end)
        }
        site = end + 1
      }
      for index in tile.contacts.first..<tile.contacts.end {
        let contact = baths.contacts + index
        finish(contact.pointee.site)
        exchange(contact, withinBlock, isRead: isRead)
      }
      finish(tile.sites.end)
    }
  }

  /// Forces and kicks of a row, and drifts where they go with it.
  @inline(__always)
  private func sweep(_ row: NetworkPlan.Row) {
    let (bond, field) = (slope(row.potential), row.field < 0 ? nil : slope(row.field))
    let (first, end, joined) = (row.sites.first, row.sites.end, Int32(row.isJoined ? 1 : 0))
    let isBondGiven = bond.pointee.kind == ness_slope_none
    let isFieldGiven = field.map { $0.pointee.kind == ness_slope_none } ?? false
    guard isBondGiven || isFieldGiven else {
      ness_sweep_row(
        displacement, velocity, force, rowKicks.baseAddress, first, end, joined, row.below, row.drifts ? 1 : 0,
        dynamics.timeStep, bond, field)
      return
    }
    ness_drift_row(displacement, velocity, isBondGiven ? slopes : nil, first, end, joined, dynamics.timeStep)
    if isBondGiven { evaluate(row.potential, slopes, into: slopes, count: end - first - 1 + Int(joined)) }
    if isFieldGiven { evaluate(row.field, displacement + first, into: fieldSlopes, count: end - first) }
    ness_sweep_given_row(
      displacement, velocity, force, rowKicks.baseAddress, first, end, joined, bond, field, slopes, fieldSlopes)
  }

  @inline(__always)
  private func slope(_ potential: Int) -> UnsafeMutablePointer<ness_slope> {
    compiled.baseAddress.unsafelyUnwrapped + potential
  }

  @inline(__always)
  private func kick(_ first: Int, _ end: Int, isRead: Bool) {
    if isRead {
      ness_kick_and_read_sites(
        velocity, force, kicks.baseAddress, displacement, sums + ledger.kinetic(0), sums + ledger.displacement(0),
        first, end)
    } else {
      ness_kick_sites(velocity, force, kicks.baseAddress, first, end)
    }
  }

  @inline(__always)
  private func exchange(_ contact: UnsafePointer<BathLayout.Contact>, _ withinBlock: Int, isRead: Bool) {
    let site = contact.pointee.site
    var before = velocity[site]
    var after = baths.exchange(
      contact, velocity: before, impulse: force[site] * kicks[site], displacement: displacement[site],
      halfKick: 0.5 * kicks[site], heats: sums, displacements: nil, withinBlock)
    velocity[site] = after
    guard isRead else { return }
    ness_read_site(
      force, displacement, sums + ledger.kinetic(0), sums + ledger.displacement(0), site, &before, &after)
  }

  /// The forces of a block of fields.
  @inline(__always)
  private func push(_ block: NetworkPlan.Block) {
    let law = slope(Int(block.potential))
    if law.pointee.kind != ness_slope_none {
      ness_push_run(displacement, force, block.first, block.count, law)
      return
    }
    evaluate(Int(block.potential), displacement + block.first, into: slopes, count: block.count)
    ness_oppose_run(slopes, force, block.first, block.count)
  }

  /// The forces of a block of bonds.
  @inline(__always)
  private func pull(_ block: NetworkPlan.Block) {
    let law = slope(Int(block.potential))
    if law.pointee.kind != ness_slope_none {
      switch block.shape {
      case .run: ness_pull_run(displacement, force, block.first, block.offset, block.count, law)
      case .pairs: ness_pull_pairs(displacement, force, sites(of: block), block.count, law)
      }
      return
    }
    evaluate(block)
    switch block.shape {
    case .run: ness_apply_run(slopes, force, block.first, block.offset, block.count)
    case .pairs: ness_apply_pairs(slopes, force, sites(of: block), block.count)
    }
  }

  private func sites(of block: NetworkPlan.Block) -> UnsafePointer<Int32> {
    UnsafePointer(pairs.baseAddress.unsafelyUnwrapped + 2 * block.first)
  }

  /// The slopes of a block of bonds whose potential is not compiled.
  @inline(__always)
  private func evaluate(_ block: NetworkPlan.Block) {
    switch block.shape {
    case .run: ness_stretch_run(displacement, slopes, block.first, block.offset, block.count)
    case .pairs: ness_stretch_pairs(displacement, slopes, sites(of: block), block.count)
    }
    evaluate(Int(block.potential), slopes, into: slopes, count: block.count)
  }

  /// Slopes at some values, by a formula.
  @inline(__always)
  private func evaluate(
    _ potential: Int, _ x: UnsafeMutablePointer<Lanes>, into slopes: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    // In place: a copy would count references.
    (formulas.baseAddress.unsafelyUnwrapped + potential).pointee.evaluate(
      x, into: slopes, count: count, scratch: scratch)
  }

  /// Adds what flowed through every bond in the last step, which was read: the slopes are computed once more.
  private func readFlows() {
    let flows = sums + ledger.bond(0)
    for block in bondBlocks {
      let law = slope(Int(block.potential))
      let flow = flows + block.bond
      if law.pointee.kind != ness_slope_none {
        switch block.shape {
        case .run: ness_flow_compiled_run(displacement, force, flow, block.first, block.offset, block.count, law)
        case .pairs: ness_flow_compiled_pairs(displacement, force, flow, sites(of: block), block.count, law)
        }
        continue
      }
      evaluate(block)
      switch block.shape {
      case .run: ness_flow_run(slopes, force, flow, block.first, block.offset, block.count)
      case .pairs: ness_flow_pairs(slopes, force, flow, sites(of: block), block.count)
      }
    }
  }
}

// MARK: energy

extension NetworkMotion {
  /// Puts the energy of sites, bonds and fields, as they are now, into its channel.
  func readEnergy() {
    let network = dynamics.bathed.network
    var kinetic = Lanes()
    for site in 0..<dynamics.sites { kinetic += network.masses[site] * velocity[site] * velocity[site] }
    var (potential, pending, count) = (Lanes(), 0, 0)
    // Neighbours of one potential are evaluated together.
    func take(_ x: Lanes, _ law: Int) {
      if count == NetworkPlan.tileSize || law != pending { flush() }
      pending = law
      slopes[count] = x
      count += 1
    }
    func flush() {
      if count == 0 { return }
      network.potentials[pending].energies.evaluate(slopes, into: slopes, count: count, scratch: scratch)
      for index in 0..<count { potential += slopes[index] }
      count = 0
    }
    for field in network.fields { take(displacement[field.site], field.potential) }
    for bond in network.bonds { take(displacement[bond.second] - displacement[bond.first], bond.potential) }
    flush()
    sums[ledger.energy] = 0.5 * kinetic + potential
  }
}

// MARK: looking ahead

extension NetworkMotion {
  /// Draws the noise of the next step, so that it can be read together with the state that it will meet.
  package func drawNext() { baths.drawNext(step: step) }

  func nextNoise(ofParticleBath index: Int) -> UnsafePointer<Lanes> { baths.nextNoise(ofParticleBath: index) }
  package var forceStates: UnsafePointer<Lanes> { UnsafePointer(baths.forceStates) }
  package var nextForceNoise: UnsafePointer<Lanes> { baths.forceNoise(step: step) }
  package var nextMomentumNoise: UnsafePointer<Lanes> { baths.momentumNoise(step: step) }
  package var momentumNoiseStride: Int { dynamics.stepsPerDraw }
  var innovationChannels: InnovationChannels { ledger.innovations }
}

// MARK: clones

extension NetworkMotion {
  /// Sums of the squares of the velocities before the sub-steps on the momentum, of tilted laws [length²/time²].
  var squares: UnsafeMutablePointer<Lanes> { baths.squares }

  /// Makes the replica of a lane go on from the state of another, with its own random numbers.
  func take(lane: Int, from other: NetworkMotion, lane source: Int) {
    for site in 0..<dynamics.sites {
      displacement[site][lane] = other.displacement[site][source]
      velocity[site][lane] = other.velocity[site][source]
    }
    baths.take(lane: lane, from: other.baths, lane: source)
  }
}

// MARK: saved states

extension NetworkMotion {
  /// Size of its saved state, roughly [bytes].
  var bytesOfState: Int {
    (2 * dynamics.sites + dynamics.baths.layout.particleCount + dynamics.baths.forces.count) * MemoryLayout<Lanes>.size
      + MemoryLayout<Int>.size
  }

  package func save(to writer: inout StateWriter) {
    writer.add(step)
    writer.add(displacement, count: dynamics.sites)
    writer.add(velocity, count: dynamics.sites)
    baths.save(to: &writer)
  }

  /// Takes up a saved state of `steps` steps. Random streams have names, so their place follows from the number of steps.
  package func restore(from reader: inout StateReader, steps: Int) throws(StateFault) {
    guard try reader.next(Int.self) == steps else { throw StateFault("the saved state makes no sense") }
    step = steps
    try reader.fillFinite(displacement, count: dynamics.sites)
    try reader.fillFinite(velocity, count: dynamics.sites)
    try baths.restore(from: &reader)
    guard baths.isOnRing else { throw StateFault("the saved state makes no sense") }
    clearSums()
    baths.resume(step: step)
  }
}
