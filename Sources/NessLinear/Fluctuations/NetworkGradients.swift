import NessMath
import NessModel
import NessStatistics

/// How the heats of a harmonic network change with what its baths are, their temperatures as noise apart:
///
///     dJ_a = sum_c (T_a - T_c) (2/pi) int_0^inf dw w² d[ Re g_a Re g_c |G_ac|² ],     dG_ac = -G_as dZ G_sc
///
/// for a change dZ = dk - i w dg of what the bath on station s does, both by mass.
///
/// - Checked by: differences of heats (ResponseTests).
struct NetworkGradients: NetworkIntegrand {
  /// Why the force of a bath changes with its temperature.
  enum Cause: String, CaseIterable {
    /// The whole kernel by one factor, that of its friction at frequency 0.
    case friction
    /// What it adds to the static stiffness.
    case stiffness
    /// What is left: the times of the kernel.
    case memory
  }

  /// How one bath changes per temperature, in natural units and per unit of the highest temperature.
  struct Direction {
    let bath: Int
    let cause: Cause
    /// Of ln g.
    var factor = 0.0
    var stiffness = 0.0
    var slope = LinearBathSlope()
    var terms: [FrictionKernel.Term] = []
  }

  let directions: [Direction]
  private let baths: [EliminatedBath]
  private let spectra: [FrictionSpectrum]
  /// Temperatures in units of the highest.
  private let temperatures: [Double]

  var count: Int { directions.count * baths.count }

  init(_ modes: NetworkModes, _ directions: [Direction]) {
    self.directions = directions
    baths = modes.baths
    spectra = modes.baths.map(FrictionSpectrum.init)
    let highest = modes.baths.map(\.temperature).max() ?? 1
    temperatures = modes.baths.map { highest > 0 ? $0.temperature / highest : 0 }
  }

  /// Place of a direction's effect on the heat from a bath.
  func place(_ direction: Int, _ bath: Int) -> Int { direction * baths.count + bath }

  /// What a direction changes: Re dg, and dZ.
  private func change(_ direction: Direction, _ response: NetworkResponse)
    -> (friction: Lanes, real: Lanes, imaginary: Lanes)
  {
    let frequency = response.frequency
    let square = frequency * frequency
    var (friction, elastic) = (Lanes.zero, Lanes(repeating: direction.stiffness))
    let own = spectra[direction.bath].evaluate(square)
    friction.addProduct(own.dissipative, direction.factor)
    elastic.addProduct(own.elastic, direction.factor)
    friction += direction.slope.instantaneous
    for (term, slope) in zip(direction.terms, direction.slope.terms) {
      let rate = term.rate
      let inverse = (square + rate * rate).reciprocal
      friction += inverse * (slope.amplitude * rate - term.amplitude * slope.rate * (rate * rate - square) * inverse)
      elastic += square * inverse * (slope.amplitude - 2 * term.amplitude * slope.rate * rate * inverse)
    }
    return (friction, elastic, -(frequency * friction))
  }

  func evaluate(_ response: NetworkResponse, into values: inout [Lanes]) {
    let weight = (2 / Double.pi) * response.frequency * response.frequency
    func green(_ one: Int, _ other: Int) -> (Lanes, Lanes) {
      let place = NetworkResponse.pair(baths[one].station, baths[other].station)
      return (response.real[place], response.imaginary[place])
    }
    let squares = response.squares
    for (index, direction) in directions.enumerated() {
      let (friction, real, imaginary) = change(direction, response)
      let changed = direction.bath
      for one in baths.indices {
        var sum = Lanes.zero
        for other in baths.indices where other != one && temperatures[one] != temperatures[other] {
          let (a, b) = green(one, other)
          let (c, d) = green(one, changed)
          let (e, f) = green(changed, other)
          // G_as G_sc dZ
          let (p, q) = (c * e - d * f, c * f + d * e)
          let (u, v) = (p * real - q * imaginary, p * imaginary + q * real)
          let (first, second) = (response.dissipative[one], response.dissipative[other])
          var part = -2 * first * second * (a * u + b * v)
          let square = squares[NetworkResponse.pair(baths[one].station, baths[other].station)]
          if one == changed { part += friction * second * square }
          if other == changed { part += friction * first * square }
          sum.addProduct(part, temperatures[one] - temperatures[other])
        }
        values[place(index, one)] = weight * sum
      }
    }
  }

  func evaluateSizes(_ response: NetworkResponse, squares: [Lanes], into sizes: inout [Lanes]) {
    let weight = (2 / Double.pi) * response.frequency * response.frequency
    func size(_ one: Int, _ other: Int) -> Lanes {
      squares[NetworkResponse.pair(baths[one].station, baths[other].station)]
    }
    for (index, direction) in directions.enumerated() {
      let (friction, real, imaginary) = change(direction, response)
      let both = (real * real).addingProduct(imaginary, imaginary).squareRoot()
      let positive = friction.replacing(with: -friction, where: friction .< 0)
      let changed = direction.bath
      for one in baths.indices {
        var sum = Lanes.zero
        for other in baths.indices where other != one && temperatures[one] != temperatures[other] {
          let (first, second) = (response.dissipative[one], response.dissipative[other])
          let product = size(one, other) * size(one, changed) * size(changed, other)
          var part = 2 * first * second * product.squareRoot() * both
          if one == changed { part += positive * second * size(one, other) }
          if other == changed { part += positive * first * size(one, other) }
          sum.addProduct(part, abs(temperatures[one] - temperatures[other]))
        }
        sizes[place(index, one)] = weight * sum
      }
    }
  }
}

/// The derivatives of the heats from all baths with respect to all their temperatures, and what they are made of.
struct HeatResponse {
  /// dJ_a/dT_b, `[a][b]` [1/time].
  let conductances: [[Estimate]]
  /// The parts of dJ_a/dT_b: that of the noise at fixed friction, then those of `NetworkGradients.Cause`, `[a][b][cause]`.
  let causes: [[[Estimate]]]

  /// - Parameters:
  ///   - kernels: the whole kernels of the baths of the network, in its order.
  ///   - slopes: how they and the stiffness shifts change with the temperature of the bath.
  /// - Throws: `QuadratureError`.
  init(
    _ heat: NetworkHeat, _ network: HarmonicNetwork, kernels: [FrictionKernel], slopes: [LinearBathSlope],
    withMemory: Bool, relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) {
    let modes = heat.modes
    let (unit, highest) = (modes.frequencyUnit, modes.baths.map(\.temperature).max() ?? 1)
    let directions = zip(kernels, slopes).enumerated().flatMap { index, pair in
      NetworkGradients.directions(
        bath: index, pair.0, pair.1, mass: network.masses[network.contacts[index].site], unit: unit,
        temperature: highest, withMemory: withMemory)
    }
    let law = NetworkGradients(modes, directions)
    let integral =
      directions.isEmpty
      ? nil
      : try NetworkIntegral(law, modes, heat.mesh, relativeTolerance: relativeTolerance, watch: watch)
    let count = modes.baths.count
    causes = (0..<count).map { one in
      (0..<count).map { other in
        var parts = [Estimate](repeating: .numerical(0, bound: 0), count: 1 + NetworkGradients.Cause.allCases.count)
        if one == other {
          let row = heat.conductances[one]
          parts[0] = .numerical(
            row.reduce(0) { $0 + $1.value }, bound: row.reduce(0) { $0 + $1.error + 2e-16 * $1.value })
        } else {
          parts[0] = heat.conductances[one][other].scaled(by: -1)
        }
        for (index, direction) in directions.enumerated() where direction.bath == other {
          guard let integral, let cause = NetworkGradients.Cause.allCases.firstIndex(of: direction.cause) else {
            continue
          }
          let place = law.place(index, one)
          parts[1 + cause] = Estimate.numerical(integral.values[place], bound: integral.errors[place]).scaled(by: unit)
        }
        return parts
      }
    }
    conductances = causes.map { row in
      row.map { parts in
        .numerical(
          parts.reduce(0) { $0 + $1.value }, bound: parts.reduce(0) { $0 + $1.error + 2e-16 * abs($1.value) })
      }
    }
  }
}

extension NetworkGradients {
  /// The directions of a bath that are not 0.
  fileprivate static func directions(
    bath: Int, _ kernel: FrictionKernel, _ slope: LinearBathSlope, mass: Double, unit: Double,
    temperature: Double, withMemory: Bool
  ) -> [Direction] {
    var found: [Direction] = []
    if slope.stiffnessShift != 0 {
      var direction = Direction(bath: bath, cause: .stiffness)
      direction.stiffness = slope.stiffnessShift / mass / unit / unit * temperature
      found.append(direction)
    }
    let friction = kernel.markovFriction
    var change = slope.instantaneous
    for (term, slope) in zip(kernel.terms, slope.terms) {
      change += (slope.amplitude - term.amplitude / term.rate * slope.rate) / term.rate
    }
    guard friction > 0, change != 0 || !slope.terms.isEmpty else { return found }
    let factor = change / friction
    var direction = Direction(bath: bath, cause: .friction)
    direction.factor = factor * temperature
    found.append(direction)
    guard withMemory, !slope.terms.isEmpty else { return found }
    direction = Direction(bath: bath, cause: .memory)
    direction.factor = -factor * temperature
    direction.slope.instantaneous = slope.instantaneous / mass / unit * temperature
    direction.terms = kernel.terms.map { .init(amplitude: $0.amplitude / mass / unit / unit, rate: $0.rate / unit) }
    direction.slope.terms = slope.terms.map {
      ($0.amplitude / mass / unit / unit * temperature, $0.rate / unit * temperature)
    }
    found.append(direction)
    return found
  }
}
