import NessMath

/// A normal mode of one part of a network.
struct Mode {
  /// Squared frequency in natural units, and a bound on its error.
  var square: Double
  var error: Double
  /// The sites of its part.
  let sites: [Int]
  /// Mass-weighted displacement of each, normalised.
  var vector: [Double]
  /// Below what its amplitudes at the stations are if rounding leaves nothing certain of them; nil if it does.
  var darkness: Double?
}

/// The springs of a network in natural units, per mass.
struct SpringEnergy {
  private let network: HarmonicNetwork
  private let held: [Double]
  /// 1/sqrt(m) of every site in units of that of the first.
  private let scales: [Double]
  /// The unit of stiffness.
  private let unit: Double

  init(_ network: HarmonicNetwork) {
    self.network = network
    let frequency = network.frequencyUnit
    unit = network.masses[0] * frequency * frequency
    held = network.heldStiffness.map { [unit] in $0 / unit }
    scales = network.massRoots.map { 1 / $0 }
  }

  /// The normal modes of a part.
  ///
  /// - Throws: `UnstableNetwork`.
  func modes(of part: [Int]) throws -> [Mode] {
    let places = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
    let bonds = network.bonds.compactMap { bond in
      places[bond.first].flatMap { first in places[bond.second].map { (first, $0, bond.stiffness / unit) } }
    }
    var matrix = Matrix(rows: part.count, columns: part.count)
    for (place, site) in part.enumerated() { matrix[place, place] = held[site] * scales[site] * scales[site] }
    for (first, second, stiffness) in bonds {
      let (one, other) = (scales[part[first]], scales[part[second]])
      matrix[first, first] += stiffness * one * one
      matrix[second, second] += stiffness * other * other
      matrix[first, second] -= stiffness * one * other
      matrix[second, first] = matrix[first, second]
    }
    let (values, vectors) = try symmetricEigensystem(matrix)
    var modes = values.indices.map { index in
      let vector = (0..<part.count).map { vectors[$0, index] }
      let energy = self.energy(of: vector, part, bonds)
      return Mode(square: energy.square, error: energy.error, sites: part, vector: vector)
    }
    if part.allSatisfy({ held[$0] == 0 }) { setFree(&modes, part) }
    for mode in modes
    where mode.square < mode.error && mode.error > 0 && !(mode.square >= 0 && isHeldByAll(part, bonds)) {
      let order = part.indices.sorted { abs(mode.vector[$0]) > abs(mode.vector[$1]) }
      let largest = abs(mode.vector[order[0]])
      throw UnstableNetwork(
        square: mode.square * network.frequencyUnit * network.frequencyUnit,
        sites: order.filter { abs(mode.vector[$0]) > 0.1 * largest }.map { part[$0] })
    }
    return modes
  }

  /// Whether no spring is negative, so that no deformation lowers the energy.
  private func isHeldByAll(_ part: [Int], _ bonds: [(Int, Int, Double)]) -> Bool {
    part.allSatisfy { held[$0] >= 0 } && bonds.allSatisfy { $0.2 >= 0 }
  }

  /// The squared frequency as a sum over springs: without the cancellations of the matrix, so that of a soft mode keeps its
  /// digits.
  private func energy(
    of vector: [Double], _ part: [Int], _ bonds: [(Int, Int, Double)]
  ) -> (square: Double, error: Double) {
    var (sum, size, norm) = (0.0, 0.0, 0.0)
    for (place, site) in part.enumerated() {
      let displacement = scales[site] * abs(held[site]).squareRoot() * vector[place]
      sum += held[site] < 0 ? -(displacement * displacement) : displacement * displacement
      size += displacement * displacement
      norm += vector[place] * vector[place]
    }
    for (first, second, stiffness) in bonds {
      let root = abs(stiffness).squareRoot()
      let strain = root * scales[part[second]] * vector[second] - root * scales[part[first]] * vector[first]
      sum += stiffness < 0 ? -(strain * strain) : strain * strain
      size += strain * strain
    }
    // The strains are differences of numbers up to 1, each with an error of rounding.
    let unit = 2.2e-16 * (8 + Double(part.count).squareRoot())
    return (sum / norm, unit * (size + size.squareRoot() + unit))
  }

  /// Makes the softest mode of a part that nothing holds its free translation.
  private func setFree(_ modes: inout [Mode], _ part: [Int]) {
    guard let softest = modes.indices.min(by: { abs(modes[$0].square) < abs(modes[$1].square) }) else { return }
    let weights = part.map { 1 / scales[$0] }
    let largest = weights.max() ?? 1
    let norm = weights.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    modes[softest].vector = weights.map { $0 / largest / norm }
    (modes[softest].square, modes[softest].error) = (0, 0)
  }
}

/// Joins modes that rounding cannot tell apart, and chooses in every such space those that the baths damp independently.
struct ModeBasis {
  private let stations: [Int]
  /// Friction of every station without memory.
  private let friction: [Double]
  private let perturbation: Double

  init(stations: [Int], friction: [Double], perturbation: Double) {
    self.stations = stations
    self.friction = friction
    self.perturbation = perturbation
  }

  /// Amplitude of a mode at every station.
  func amplitudes(_ mode: Mode) -> [Double] {
    stations.map { station in
      // The sites of a part are ascending.
      var (low, high) = (0, mode.sites.count)
      while low < high {
        let middle = (low + high) / 2
        if mode.sites[middle] < station { low = middle + 1 } else { high = middle }
      }
      return low < mode.sites.count && mode.sites[low] == station ? mode.vector[low] : 0
    }
  }

  /// Gives modes of one frequency that frequency, and marks dark ones; the modes are ascending.
  func join(_ modes: inout [Mode]) {
    var start = 0
    while start < modes.count {
      var end = start + 1
      while end < modes.count,
        modes[end].square - modes[end - 1].square <= 2 * (modes[end].error + modes[end - 1].error)
      {
        end += 1
      }
      let below = start > 0 ? modes[start].square - modes[start - 1].square : .infinity
      let above = end < modes.count ? modes[end].square - modes[end - 1].square : .infinity
      if end - start > 1 {
        let mean = modes[start..<end].reduce(0) { $0 + $1.square } / Double(end - start)
        for index in start..<end { modes[index].square = modes[start].square == 0 ? 0 : mean }
        rotate(&modes, start..<end)
      }
      // Rounding turns a mode towards its neighbours by this much.
      let least = max(1e-13, min(1e-6, 32 * perturbation / min(below, above)))
      for index in start..<end {
        let seen = amplitudes(modes[index]).enumerated().reduce(0) { sum, entry in
          sum + (friction[entry.offset] > 0 ? entry.element * entry.element : 0)
        }
        if seen.squareRoot() < least { modes[index].darkness = least }
      }
      start = end
    }
  }

  /// Turns the modes of one frequency until their amplitudes at the stations, weighted by the frictions, are orthogonal.
  ///
  /// - Source: one-sided Jacobi rotations.
  private func rotate(_ modes: inout [Mode], _ range: Range<Int>) {
    let weights = friction.map { $0.squareRoot() }
    // Modes of different parts have no site in common.
    for group in Dictionary(grouping: range, by: { modes[$0].sites[0] }).values where group.count > 1 {
      let group = group.sorted()
      var columns = group.map { index in zip(amplitudes(modes[index]), weights).map { $0 * $1 } }
      for _ in 0..<40 {
        var largest = 0.0
        for one in 0..<group.count {
          for other in (one + 1)..<max(one + 1, group.count) {
            let (a, b) = (dot(columns[one], columns[one]), dot(columns[other], columns[other]))
            let product = dot(columns[one], columns[other])
            if abs(product) <= 1e-15 * (a * b).squareRoot() || a == 0 && b == 0 { continue }
            largest = max(largest, abs(product) / max((a * b).squareRoot(), .leastNormalMagnitude))
            let slope = (b - a) / (2 * product)
            let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (1 + slope * slope).squareRoot())
            let cosine = 1 / (1 + tangent * tangent).squareRoot()
            turn(&columns, one, other, cosine, tangent * cosine)
            turn(&modes, group[one], group[other], cosine, tangent * cosine)
          }
        }
        if largest <= 1e-14 { break }
      }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  private func turn(_ columns: inout [[Double]], _ one: Int, _ other: Int, _ cosine: Double, _ sine: Double) {
    for row in columns[one].indices {
      let (a, b) = (columns[one][row], columns[other][row])
      columns[one][row] = cosine * a - sine * b
      columns[other][row] = sine * a + cosine * b
    }
  }

  private func turn(_ modes: inout [Mode], _ one: Int, _ other: Int, _ cosine: Double, _ sine: Double) {
    for row in modes[one].vector.indices {
      let (a, b) = (modes[one].vector[row], modes[other].vector[row])
      modes[one].vector[row] = cosine * a - sine * b
      modes[other].vector[row] = sine * a + cosine * b
    }
  }
}
