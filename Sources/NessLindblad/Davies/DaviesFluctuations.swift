import NessModel

/// The heats of a secular master equation beyond their means: long-time cumulants over the time, and their change with the
/// temperatures.
///
/// A jump that gives the energy E to the system by bath a counts exp(x_a E); the largest eigenvalue mu(x) of the generator with
/// these weights has the cumulants as derivatives at 0. With G_k = sum of rates times E^k, mu and the populations are expanded
/// in x, order by order:
///
///     G_0 p_n + sum_{k=1}^n (G_k/k!) p_{n-k} = sum_{j=1}^n (mu_j/j!) p_{n-j},     sum p_n = 0
///
/// so that p_n is the response of the populations to a source, which the elimination gives without subtraction.
///
/// - Source: Esposito, Harbola, Mukamel, Rev. Mod. Phys. 81, 1665 (2009), section IV; `Documentation/Theory/fluctuations.md`.
/// - Checked by: the two-level system in closed form, eigenvalues of the weighted generator (DaviesFluctuationTests).
struct DaviesFluctuations {
  /// A sum, and what rounding of its parts may have changed in it.
  struct Sum {
    var value = 0.0
    var gross = 0.0

    mutating func add(_ other: Sum, times factor: Double = 1) {
      value += factor * other.value
      gross += abs(factor) * other.gross
    }
  }

  let state: DaviesSteadyState

  init(_ state: DaviesSteadyState) { self.state = state }

  private var levels: Int { state.levels }

  /// Populations that may be negative, with the size of what they were computed from.
  struct Vector {
    var value: [Double]
    var gross: [Double]
  }

  private var steady: Vector { Vector(value: state.populations, gross: state.populations) }

  /// sum over jumps n -> m of rate E^k p_n as a source on m, and, for k = 0, what leaves n.
  func applied(_ rates: [Double], power: Int, to populations: Vector) -> Vector {
    var found = Vector(value: Array(repeating: 0, count: levels), gross: Array(repeating: 0, count: levels))
    let energies = state.rates.energies
    for from in 0..<levels {
      let (value, gross) = (populations.value[from], populations.gross[from])
      if gross == 0 { continue }
      for to in 0..<levels where to != from {
        let rate = rates[from * levels + to]
        if rate == 0 { continue }
        let energy = energies[to] - energies[from]
        var weight = rate
        for _ in 0..<power { weight *= energy }
        found.value[to] += weight * value
        found.gross[to] += abs(weight) * gross
        if power == 0 {
          found.value[from] -= weight * value
          found.gross[from] += abs(weight) * gross
        }
      }
    }
    return found
  }

  func total(_ vector: Vector) -> Sum {
    Sum(value: vector.value.reduce(0, +), gross: vector.gross.reduce(0, +))
  }

  func response(_ source: Vector) -> Vector {
    let value = state.elimination.response(to: source.value)
    let occupation = state.elimination.occupation(by: source.gross)
    let whole = occupation.reduce(0, +)
    return Vector(
      value: value, gross: zip(occupation, state.populations).map { $0 + $1 * whole })
  }

  /// The cumulant rates of order 1 to 4 of the heat from a bath [energy^n/time].
  func cumulants(ofBath bath: Int) -> [Sum] {
    let rates = state.rates.baths[bath]
    var vectors = [steady]
    var cumulants: [Sum] = []
    var factorials = [1.0]
    for order in 1...4 {
      factorials.append(factorials[order - 1] * Double(order))
      // sum_k (G_k/k!) p_{n-k}
      var source = Vector(value: Array(repeating: 0, count: levels), gross: Array(repeating: 0, count: levels))
      for power in 1...order {
        let part = applied(rates, power: power, to: vectors[order - power])
        for level in 0..<levels {
          source.value[level] += part.value[level] / factorials[power]
          source.gross[level] += part.gross[level] / factorials[power]
        }
      }
      var cumulant = Sum()
      cumulant.add(total(source), times: factorials[order])
      cumulants.append(cumulant)
      if order == 4 { break }
      for (index, cumulant) in cumulants.enumerated() {
        let weight = 1 / factorials[index + 1]
        let vector = vectors[order - index - 1]
        for level in 0..<levels {
          source.value[level] -= weight * cumulant.value * vector.value[level]
          source.gross[level] += weight * cumulant.gross * vector.gross[level]
        }
      }
      vectors.append(response(source))
    }
    return cumulants
  }

  /// The covariance rates between all baths [energy²/time].
  func covariance() -> [[Sum]] {
    let rates = state.rates.baths
    let responses = rates.map { rates -> Vector in
      var source = applied(rates, power: 1, to: steady)
      let mean = total(source)
      for level in 0..<levels {
        source.value[level] -= mean.value * state.populations[level]
        source.gross[level] += mean.gross * state.populations[level]
      }
      return response(source)
    }
    return rates.indices.map { one in
      rates.indices.map { other in
        var sum = total(applied(rates[one], power: 1, to: responses[other]))
        sum.add(total(applied(rates[other], power: 1, to: responses[one])))
        if one == other { sum.add(total(applied(rates[one], power: 2, to: steady))) }
        return sum
      }
    }
  }

  /// The change of the heats from all baths with the temperature of each, `[a][b]` [1/time].
  ///
  /// - Parameter slopes: how the rates of every bath change with its temperature, as `JumpRates.baths` [1/time per energy].
  func conductance(_ slopes: [[Double]]) -> [[Sum]] {
    let rates = state.rates.baths
    let responses = slopes.map { response(applied($0, power: 0, to: steady)) }
    return rates.indices.map { one in
      rates.indices.map { other in
        var sum = total(applied(rates[one], power: 1, to: responses[other]))
        if one == other { sum.add(total(applied(slopes[one], power: 1, to: steady))) }
        return sum
      }
    }
  }
}

extension JumpRates {
  /// How the rates of every bath change with its temperature, in the order of `baths` [1/time per energy].
  static func temperatureSlopes(_ model: QuantumBoxModel, levels: Int) -> [[Double]] {
    let box = model.medium
    let ground = box.energy(ofLevel: 1)
    return model.attachments.map { attachment in
      let bath = attachment.bath
      var slopes = [Double](repeating: 0, count: levels * levels)
      if bath.coupling == .maxwell {
        let flux = bath.thermalFluxSlope(levels: levels, of: box)
        for from in 0..<levels {
          let collisions = bath.rate * box.speed(ofLevel: from + 1) / (2 * box.length)
          for to in 0..<levels where to != from { slopes[from * levels + to] = collisions * flux[to] }
        }
        return slopes
      }
      for upper in 1..<max(1, levels) {
        for lower in 0..<upper {
          let square = bath.square(lower + 1, upper + 1, atWall: attachment.site, of: box)
          if square == 0 { continue }
          let energy = Double((upper + 1) * (upper + 1) - (lower + 1) * (lower + 1)) * ground
          let (emission, absorption) = bath.exchangeSlope(energy, hbar: box.hbar)
          slopes[upper * levels + lower] = square * emission
          slopes[lower * levels + upper] = square * absorption
        }
      }
      return slopes
    }
  }
}
