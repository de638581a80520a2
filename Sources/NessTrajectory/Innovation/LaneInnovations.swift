import CVectorMath

/// The innovations of eight replicas. It reads their state and never changes it.
package final class LaneInnovations {
  package typealias Lanes = SIMD8<Double>

  /// Where the harmonics of one particle bath are kept.
  private struct Bath {
    let modes: Range<Int>
    let particles: RingParticles
    var count: Int { particles.count }
  }

  private static let unrolled = 4

  /// The sites that one row reads, and where its weights begin among all.
  private struct Row {
    let sites: Range<Int>
    let start: Int
  }

  private let law: InnovationLaw
  private let baths: [Bath]
  private let rows: UnsafeMutableBufferPointer<Row>
  /// Weights of q and v, site after site, then of the forces, row after row.
  private let weights: UnsafeMutableBufferPointer<Double>
  private let modes: Int
  private let rowCount: Int
  private let storage: UnsafeMutableBufferPointer<Lanes>
  /// Weights times the chain's state before the step, one for every row.
  private let expectations: UnsafeMutablePointer<Lanes>
  /// Harmonics of the forces before the step.
  private let forces: UnsafeMutablePointer<Lanes>
  /// Innovations of the harmonics.
  private let innovations: UnsafeMutablePointer<Lanes>
  private let before: UnsafeMutablePointer<Lanes>
  private let after: UnsafeMutablePointer<Lanes>
  /// Where the noise alone takes the particles of one bath.
  private let diffused: UnsafeMutablePointer<Lanes>

  package init(_ law: InnovationLaw, _ dynamics: ChainDynamics) {
    self.law = law
    modes = law.modes.count
    rowCount = law.rows.count
    baths = dynamics.particles.enumerated().map { index, particles in
      let own = law.modes.indices.filter { law.modes[$0].bath == index }
      let first = own.first ?? 0
      return Bath(modes: first..<(first + own.count), particles: particles)
    }
    let tables = law.rows.map(Self.weights)
    weights = .allocate(capacity: max(1, tables.joined().count))
    _ = weights.initialize(from: tables.joined())
    rows = .allocate(capacity: max(1, law.rows.count))
    var start = 0
    for (index, row) in law.rows.enumerated() {
      rows.initializeElement(at: index, to: Row(sites: row.sites, start: start))
      start += tables[index].count
    }
    let room = max(Self.unrolled, baths.map(\.modes.count).max() ?? 0)
    let mostParticles = baths.map(\.count).max() ?? 0
    storage = .allocate(capacity: law.rows.count + 2 * modes + 2 * room + mostParticles)
    storage.initialize(repeating: Lanes())
    expectations = storage.baseAddress!  // never empty: there is always room for four sums
    forces = expectations + law.rows.count
    innovations = forces + modes
    before = innovations + modes
    after = before + room
    diffused = after + room
  }

  deinit {
    storage.deallocate()
    rows.deallocate()
    weights.deallocate()
  }

  /// Weights of q and v of its sites, then of the harmonics of the forces.
  private static func weights(_ row: InnovationLaw.Row) -> [Double] {
    zip(row.displacement, row.velocity).flatMap { [$0, $1] } + row.force
  }

  /// Reads the chain's state before the step.
  package func read(displacement: UnsafePointer<Lanes>, velocity: UnsafePointer<Lanes>) {
    for index in 0..<rowCount {
      var weight = weights.baseAddress! + rows[index].start  // never empty
      var (first, second) = (Lanes(), Lanes())
      for site in rows[index].sites {
        first = ness_fma(displacement[site], Lanes(repeating: weight[0]), first)
        second = ness_fma(velocity[site], Lanes(repeating: weight[1]), second)
        weight += 2
      }
      expectations[index] = first + second
    }
  }

  /// Reads the particles of a bath before they move, and the noise that will move them.
  package func read(bath index: Int, positions: UnsafePointer<Lanes>, noise: UnsafePointer<Lanes>) {
    let bath = baths[index]
    bath.particles.diffuse(positions, noise: noise, into: diffused)
    collect(bath, into: before) { positions[$0] }
    collect(bath, into: after) { diffused[$0] }
    for (offset, mode) in bath.modes.enumerated() {
      let scale = law.modes[mode].amplitude
      forces[mode] = before[offset] * scale
      innovations[mode] = ness_fma(before[offset], Lanes(repeating: -law.modes[mode].kept), after[offset]) * scale
    }
  }

  /// The innovation that the particles' noise brings in this step.
  package var ofForces: Lanes {
    var sum = Lanes()
    for mode in 0..<modes { sum = ness_fma(innovations[mode], expectation(mode), sum) }
    return sum
  }

  /// The innovation that the Langevin noise brings; sub-step k's Gaussian is at `noise[k * stride]`.
  func ofMomenta(_ noise: UnsafePointer<Lanes>, stride: Int) -> Lanes {
    var sum = Lanes()
    for index in law.squares.indices {
      let xi = noise[index * stride]
      sum = ness_fma(xi, expectation(modes + index), sum)
      sum = ness_fma(ness_fma(xi, xi, Lanes(repeating: -1)), Lanes(repeating: law.squares[index]), sum)
    }
    return sum
  }

  @inline(__always) private func expectation(_ row: Int) -> Lanes {
    let weight = weights.baseAddress! + rows[row].start + 2 * rows[row].sites.count  // never empty
    var sum = expectations[row]
    for mode in 0..<modes { sum = ness_fma(forces[mode], Lanes(repeating: weight[mode]), sum) }
    return sum
  }

  /// The heat that is forecast to come from the first particle bath in this state, up to a constant.
  func forecast(
    positions: UnsafePointer<Lanes>, displacement: UnsafePointer<Lanes>, velocity: UnsafePointer<Lanes>
  ) -> Lanes {
    var first = positions
    for bath in baths {
      collect(bath, into: before) { first[$0] }
      for (offset, mode) in bath.modes.enumerated() { forces[mode] = before[offset] * law.modes[mode].amplitude }
      first += bath.count
    }
    guard let form = law.form else {
      read(displacement: displacement, velocity: velocity)
      return (0..<modes).reduce(Lanes()) { $0 + forces[$1] * expectations[$1] * law.modes[$1].kept }
    }
    let sites = (form.rows - modes) / 2
    func state(_ index: Int) -> Lanes {
      if index < modes { return forces[index] }
      return index < modes + sites ? displacement[index - modes] : velocity[index - modes - sites]
    }
    var sum = Lanes()
    for column in 0..<form.rows {
      var product = Lanes()
      for row in 0..<form.rows { product = ness_fma(state(row), Lanes(repeating: form[row, column]), product) }
      sum = ness_fma(product, state(column), sum)
    }
    return sum
  }

  /// Sums over the particles of cos(2 pi n y), n = 1, 2, ..., by Chebyshev's recursion; four sums stay in registers.
  @inline(__always)
  private func collect(_ bath: Bath, into sums: UnsafeMutablePointer<Lanes>, _ position: (Int) -> Lanes) {
    let more = Self.unrolled..<max(Self.unrolled, bath.modes.count)
    for harmonic in more { sums[harmonic] = Lanes() }
    var (first, second, third, fourth) = (Lanes(), Lanes(), Lanes(), Lanes())
    for index in 0..<bath.count {
      let sine = ness_sin_half_turn(ness_fraction(position(index)))
      let twice = ness_fma(sine * sine, Lanes(repeating: -4), Lanes(repeating: 2))
      let one = 0.5 * twice
      let two = ness_fma(twice, one, Lanes(repeating: -1))
      var last = ness_fma(twice, two, -one)
      var cosine = ness_fma(twice, last, -two)
      first += one
      second += two
      third += last
      fourth += cosine
      for harmonic in more {
        (last, cosine) = (cosine, ness_fma(twice, cosine, -last))
        sums[harmonic] += cosine
      }
    }
    sums[0] = first
    sums[1] = second
    sums[2] = third
    sums[3] = fourth
  }
}
