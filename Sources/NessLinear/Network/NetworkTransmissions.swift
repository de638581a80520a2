import NessMath
import NessModel
import NessStatistics

/// The transmission integrals between all pairs of baths of a network, in natural units,
///
///     I_ab = (2/pi) int_0^inf dw w² Re g_a Re g_b |G_ab|²,      J_a = sum_b (T_a - T_b) I_ab
///
/// and a check on all of them that does not depend on the mesh: what a bath radiates in all, itself included,
///
///     sum_b I_ab = gamma_a/m + sum_n c_n r_n G_aa(i r_n)        Gamma_a(t) = 2 gamma_a delta(t) + sum_n c_n exp(-r_n t)
///
/// What a resonance that was missed would carry is missing from the sums of both of its baths; it is added to the bound.
struct NetworkTransmissions {
  /// A pair's integral and the bound on its error.
  struct Pair {
    var value = 0.0
    var error = 0.0
    /// The size expected by one point of every cell.
    var expected = 0.0
  }

  /// Packed: `[NetworkResponse.pair(a, b)]`.
  private(set) var pairs: [Pair]
  /// What is missing from the sum of every bath where that is more than the errors of its integrals allow.
  private(set) var missing: [Double] = []
  let mesh: NetworkMesh

  private let modes: NetworkModes
  private var response: NetworkResponse
  private var values: [Lanes]
  private var noise: NetworkNoise
  private var noises: [Lanes]
  private var tallies: [(tally: PanelTally, rounding: Double)] = []

  private static let mostPanels = 4_000_000

  /// - Throws: `QuadratureError.notFinite`, `.stopped`.
  init(_ modes: NetworkModes, relativeTolerance: Double, watch: WorkWatch) throws(QuadratureError) {
    self.modes = modes
    mesh = try NetworkMesh(modes, shouldStop: watch.shouldStop)
    response = NetworkResponse(modes)
    pairs = Array(repeating: Pair(), count: modes.baths.count * (modes.baths.count + 1) / 2)
    values = Array(repeating: .zero, count: pairs.count)
    noise = NetworkNoise(modes)
    noises = values
    tallies.reserveCapacity(pairs.count)
    try expect(watch)
    try integrate(relativeTolerance / Double(max(32, mesh.cells.count)), watch)
    let unresolved = mesh.unresolvedWidth / (2 * Double.pi)
    for place in pairs.indices { pairs[place].error += unresolved }
    checkSums()
  }

  /// I_ab of two different baths.
  func integral(_ one: Int, _ other: Int) -> Pair {
    var pair = pairs[NetworkResponse.pair(one, other)]
    pair.error += missed(one, other) + 4e-16 * pair.value
    return pair
  }

  /// What the integral between two different baths lacks at most of resonances that were missed, beyond panels that may hide
  /// one.
  func missed(_ one: Int, _ other: Int) -> Double {
    // Of a dark mode: less than the smaller of the dampings by the two.
    let leak = modes.darkness * min(modes.baths[one].markovFriction, modes.baths[other].markovFriction)
    return min(missing[one], missing[other]) + leak
  }

  /// What the sum of the integrals between a bath and all others lacks at most.
  func missed(of bath: Int) -> Double {
    modes.baths.indices.reduce(mesh.unresolvedWidth / (2 * Double.pi)) {
      $1 == bath ? $0 : $0 + missed(bath, $1)
    }
  }

  // MARK: integrands

  /// Fills `values` at the frequencies of the response.
  private mutating func setValues(_ density: Lanes) {
    let square = response.frequency * response.frequency
    let weight = (2 / Double.pi) * square * density
    for one in modes.baths.indices {
      let own = weight * response.dissipative[one]
      for other in 0...one {
        let place = NetworkResponse.pair(modes.baths[one].station, modes.baths[other].station)
        let (real, imaginary) = (response.real[place], response.imaginary[place])
        values[NetworkResponse.pair(one, other)] =
          own * response.dissipative[other] * (real * real).addingProduct(imaginary, imaginary)
      }
    }
  }

  private mutating func expect(_ watch: WorkWatch) throws(QuadratureError) {
    for group in mesh.groups {
      if watch.shouldStop() { throw .stopped }
      let (at, widths) = mesh.middles(of: group)
      response.evaluate(at)
      setValues(at.density)
      for place in pairs.indices { pairs[place].expected += (values[place] * widths).sum() }
    }
  }

  // MARK: integrals

  private mutating func integrate(_ accepted: Double, _ watch: WorkWatch) throws(QuadratureError) {
    let mesh = mesh
    try mesh.visit(most: Self.mostPanels, watch) { group in
      setNoises(group)
    } accept: { cell, lane, isLast throws(QuadratureError) in
      try add(cell, lane, accepted, isLast: isLast)
    }
  }

  /// (2/pi) times the square of the error of w (g_a g_b)^1/2 G_ab in the middles of a group of cells.
  private mutating func setNoises(_ group: Range<Int>) {
    let at = mesh.middles(of: group).at
    response.evaluate(at)
    let found = response
    noise.set(modes.stations, found, anchor: mesh.cells[group.lowerBound].anchor) { row, column in
      let place = NetworkResponse.pair(row, column)
      return (found.real[place], found.imaginary[place])
    }
    let weight = (2 / Double.pi) * found.frequency * found.frequency
    for one in modes.baths.indices {
      for other in 0...one {
        let error = noise.between(modes.baths[one].station, modes.baths[other].station)
        noises[NetworkResponse.pair(one, other)] =
          weight * found.dissipative[one] * found.dissipative[other] * (error * error)
      }
    }
  }

  /// Adds the part of a cell to all integrals; false, and nothing added, if an error is too large.
  private mutating func add(
    _ cell: NetworkMesh.Cell, _ lane: Int, _ accepted: Double, isLast: Bool
  ) throws(QuadratureError) -> Bool {
    let half = 0.5 * cell.width
    let at = mesh.frequencies(of: cell)
    response.evaluate(at)
    setValues(at.density)
    let relative = mesh.roundingError(of: cell, operations: 8 + Double(response.stations))
    let span = cell.width * at.density[7]
    tallies.removeAll(keepingCapacity: true)
    for one in modes.baths.indices {
      for other in 0...one {
        let place = NetworkResponse.pair(one, other)
        let tally = withUnsafePointer(to: values[place]) { PanelTally($0, halfWidth: half) }
        guard tally.value.isFinite else {
          throw .notFinite(near: modes.frequencyUnit * at.frequency[7])
        }
        let changed = noises[place][lane] * span
        let rounding =
          relative * tally.size + 2 * (tally.size * changed).squareRoot() + changed
        if !isLast && tally.error > max(accepted * pairs[place].expected, rounding) { return false }
        tallies.append((tally, rounding))
      }
    }
    for place in pairs.indices {
      pairs[place].value += tallies[place].tally.value
      pairs[place].error += NetworkMesh.caution * tallies[place].tally.error + tallies[place].rounding
    }
    return true
  }

  // MARK: the check

  private mutating func checkSums() {
    for bath in modes.baths.indices {
      var (sum, error) = (0.0, 0.0)
      for other in modes.baths.indices {
        let pair = pairs[NetworkResponse.pair(bath, other)]
        sum += pair.value
        error += pair.error
      }
      let exact = modes.radiation(of: bath)
      let off = abs(exact - sum)
      missing.append(off > error + 4e-16 * Double(pairs.count) * exact ? off : 0)
    }
  }
}

extension NetworkModes {
  /// What a bath radiates in all: sum_b I_ab over all baths, itself included.
  fileprivate func radiation(of index: Int) -> Double {
    let bath = baths[index]
    return bath.terms.reduce(bath.instantaneous) { sum, term in
      sum + term.amplitude * term.rate * compliance(of: bath.station, atRate: term.rate)
    }
  }

  /// G_ss(i r) of a station: real, from sums of positive numbers.
  private func compliance(of station: Int, atRate rate: Double) -> Double {
    let count = stations.count
    var green = Matrix(rows: count, columns: count)
    for (mode, frequency) in frequencies.enumerated() {
      let inverse = 1 / (frequency * frequency + rate * rate)
      let amplitudes = stations.map { vectors[mode * sites + $0] }
      for row in 0..<count {
        for column in 0...row { green[row, column] += inverse * amplitudes[row] * amplitudes[column] }
      }
    }
    for row in 0..<count {
      for column in 0..<row { green[column, row] = green[row, column] }
    }
    for added in 0..<count {
      let resistance = baths.filter { $0.station == added }.reduce(0) { sum, bath in
        bath.terms.reduce(sum + bath.instantaneous) { $0 + $1.amplitude / ($1.rate + rate) }
      }
      let spring = rate * resistance
      let pivot = 1 + spring * green[added, added]
      let column = (0..<count).map { green[$0, added] }
      for row in 0..<count {
        for other in 0..<count { green[row, other] -= spring / pivot * column[row] * column[other] }
      }
      for row in 0..<count {
        green[row, added] = column[row] / pivot
        green[added, row] = column[row] / pivot
      }
    }
    return green[station, station]
  }
}
