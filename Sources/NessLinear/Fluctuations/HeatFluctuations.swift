import NessMath
import NessModel
import NessStatistics

/// What linear theory says of the heats beyond their means.
struct HeatFluctuations {
  /// Cumulant rates of order 2, 3 and 4 of the heat from every bath [energy^n/time].
  var rates: [[Estimate]] = []
  /// Covariance rates between all baths [energy²/time].
  var covariance: [[Estimate]] = []
  /// mu(x) of the heat from the first of two baths.
  var generating: [GeneratingPoint] = []

  /// What is to be found.
  struct Wanted {
    var rates = false
    var covariance = false
    var generating = false

    init(_ families: Set<Quantity.Family>) {
      rates = !families.isDisjoint(with: [.heatNoise, .heatSkewness, .heatKurtosis, .fanoFactor, .uncertaintyRatio])
      covariance = families.contains(.heatCovariance)
      generating = !families.isDisjoint(with: [.generatingFunction, .rateFunction])
    }

    var isNothing: Bool { !rates && !covariance && !generating }
  }
}

// MARK: a network

extension HeatFluctuations {
  /// Of a network whose heats are known, of its baths as they are written: of some at several sites noises and covariances alone.
  ///
  /// - Throws: `QuadratureError`.
  init(
    _ heat: NetworkHeat, _ wanted: Wanted, of written: [WrittenBath], relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) {
    guard !written.groups.isEmpty, wanted.rates || wanted.covariance else {
      try self.init(heat, wanted, relativeTolerance: relativeTolerance, watch: watch)
      return
    }
    var covariances = wanted
    (covariances.rates, covariances.covariance) = (false, true)
    let each = try HeatFluctuations(heat, covariances, relativeTolerance: relativeTolerance, watch: watch)
    self = each
    let between = written.sums(each.covariance)
    // What the heats of one bath have with each other is, with the other sign, what they have with those of all others.
    covariance = between.indices.map { one in
      var row = between[one]
      let others = row.indices.filter { $0 != one }.map { row[$0] }
      row[one] = Estimate.sum(others).scaled(by: -1)
      return row
    }
    rates = wanted.rates ? covariance.indices.map { [covariance[$0][$0]] } : []
    if !wanted.covariance { covariance = [] }
  }

  /// Of a network whose heats are known.
  ///
  /// - Throws: `QuadratureError`.
  init(
    _ heat: NetworkHeat, _ wanted: Wanted, relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) {
    let modes = heat.modes
    let baths = modes.baths
    let highest = baths.map(\.temperature).max() ?? 0
    let areTwo = baths.count == 2
    /// Each group by itself, so that no number depends on what else is asked.
    func rates(_ functions: [NetworkCumulants.Function], _ power: (NetworkCumulants.Function) -> Int)
      throws(QuadratureError) -> [NetworkCumulants.Function: Estimate]
    {
      if functions.isEmpty { return [:] }
      let law = NetworkCumulants(modes, functions)
      let integral = try NetworkIntegral(
        law, modes, heat.mesh, relativeTolerance: relativeTolerance, watch: watch)
      var found: [NetworkCumulants.Function: Estimate] = [:]
      for (place, function) in functions.enumerated() {
        let bound = integral.errors[place] + heat.missed(for: function) * law.reach(of: function)
        let factor = (0..<power(function)).reduce(modes.frequencyUnit) { factor, _ in factor * highest }
        found[function] = Estimate.numerical(integral.values[place], bound: bound).scaled(by: factor)
      }
      return found
    }
    let none = Estimate.numerical(.nan, bound: .nan)
    if wanted.rates || wanted.covariance && areTwo {
      let places = areTwo ? 0..<1 : baths.indices
      let orders = places.flatMap { bath in (2...4).map { NetworkCumulants.Function.cumulant(bath: bath, order: $0) } }
      let found = try rates(orders) { if case .cumulant(_, let order) = $0 { order } else { 0 } }
      self.rates = places.map { bath in (2...4).map { found[.cumulant(bath: bath, order: $0)] ?? none } }
      if areTwo { self.rates.append(Self.reversed(self.rates[0])) }
    }
    if wanted.covariance {
      let pairs =
        areTwo ? [] : baths.indices.flatMap { one in (0..<one).map { NetworkCumulants.Function.covariance(one, $0) } }
      let found = try rates(pairs) { _ in 2 }
      setCovariance(baths.count) { found[.covariance($0, $1)] ?? none }
    }
    if wanted.generating && areTwo && baths.allSatisfy({ $0.temperature > 0 }) {
      let temperatures = baths.map(\.temperature)
      let grid = GeneratingPoint.grid(temperatures[0], temperatures[1])
      let found = try rates(grid.flatMap { [.generating($0 * highest), .quotient($0 * highest)] }) { _ in 0 }
      guard modes.quantum == 0 else {
        generating = grid.map { x in
          .init(
            x: x, value: found[.generating(x * highest)] ?? none,
            mean: (found[.quotient(x * highest)] ?? none).scaled(by: highest))
        }
        return
      }
      try setGenerating(grid, temperatures) { x in
        (found[.generating(x * highest)] ?? none, found[.quotient(x * highest)] ?? none)
      }
    }
  }

  /// mu(x) and mu'(x) from the integrals of the logarithm and of the quotient, with what rounding of their argument changes.
  mutating func setGenerating(
    _ grid: [Double], _ temperatures: [Double], _ integrals: (Double) throws(QuadratureError) -> (Estimate, Estimate)
  ) throws(QuadratureError) {
    let (product, difference) = (temperatures[0] * temperatures[1], temperatures[0] - temperatures[1])
    for x in grid {
      let (value, quotient) = try integrals(x)
      let slope = NetworkCumulants.slope(x, temperatures)
      let sizes = (argument: product * x * x + abs(difference * x), slope: 2 * product * abs(x) + abs(difference))
      generating.append(
        .init(
          x: x, value: .numerical(value.value, bound: value.error + 8e-16 * sizes.argument * quotient.value),
          mean: .numerical(
            slope * quotient.value, bound: abs(slope) * quotient.error + 8e-16 * sizes.slope * quotient.value)))
    }
  }

  /// The cumulants of the heat that flows the other way.
  static func reversed(_ rates: [Estimate]) -> [Estimate] {
    zip(rates, [1, -1, 1]).map { $0.scaled(by: $1) }
  }

  /// The covariances of each heat with the others; with itself less their sum, for the heats add up to what is stored.
  mutating func setCovariance(_ count: Int, _ entry: (Int, Int) -> Estimate) {
    if count == 2 {
      covariance = [[rates[0][0], rates[0][0].scaled(by: -1)], [rates[0][0].scaled(by: -1), rates[0][0]]]
      return
    }
    covariance = (0..<count).map { one in
      let row = (0..<count).map { other -> Estimate in
        one == other ? .numerical(0, bound: 0) : one > other ? entry(one, other) : entry(other, one)
      }
      let sum = row.reduce(0) { $0 + $1.value }
      let bound = row.reduce(0) { $0 + $1.error + 2e-16 * abs($1.value) }
      var whole = row
      whole[one] = .numerical(-sum, bound: bound)
      return whole
    }
  }
}

extension Estimate {
  /// A numerical estimate times a number without error.
  func scaled(by factor: Double) -> Estimate { .numerical(value * factor, bound: error * abs(factor)) }
}

// MARK: a chain between two baths

extension HeatFluctuations {
  /// Of a chain between two baths, by powers of its transmission: with a = T_L T_R, b = T_L - T_R and A_n = (1/2 pi) int dw T^n
  ///
  ///     2 a A_1 + b² A_2,     6 a b A_2 + 2 b³ A_3,     12 a² A_2 + 24 a b² A_3 + 6 b⁴ A_4
  ///
  /// - Throws: `QuadratureError`.
  init(
    _ chain: EliminatedChain, _ wanted: Wanted, relativeTolerance: Double, watch: WorkWatch
  ) throws(QuadratureError) {
    let (left, right) = (chain.baths[0], chain.baths[1])
    let mesh = try FrequencyMesh(chain, distance: abs(left.site - right.site), shouldStop: watch.shouldStop)
    var transmission = Transmission(chain, over: mesh, from: 0, to: 1)
    func integral(_ weight: TransmissionWeight) throws(QuadratureError) -> Estimate {
      let found = try transmission.integrate(
        weight, relativeTolerance: relativeTolerance, shouldStop: watch.shouldStop)
      func scaled(_ value: Double) -> Double {
        Double(sign: .plus, exponent: max(-4000, min(4000, found.exponent)), significand: value) * chain.frequencyUnit
      }
      let value = scaled(found.value)
      return .numerical(
        value, bound: scaled(found.error) + found.unresolved * chain.frequencyUnit + 4e-16 * abs(value))
    }
    if wanted.rates || wanted.covariance {
      var powers: [Estimate] = []
      for power in 1...4 {
        powers.append(try integral(.power(power)))
        watch.report(power, of: 5)
      }
      let (product, difference) = (left.temperature * right.temperature, left.temperature - right.temperature)
      let square = difference * difference
      func sum(_ terms: (Double, Int)...) -> Estimate {
        let value = terms.reduce(0) { $0 + $1.0 * powers[$1.1 - 1].value }
        let bound = terms.reduce(0) { sum, term in
          sum + abs(term.0) * (powers[term.1 - 1].error + 1e-15 * abs(powers[term.1 - 1].value))
        }
        return .numerical(value, bound: bound)
      }
      let rates = [
        sum((2 * product, 1), (square, 2)), sum((6 * product * difference, 2), (2 * square * difference, 3)),
        sum((12 * product * product, 2), (24 * product * square, 3), (6 * square * square, 4)),
      ]
      self.rates = [rates, Self.reversed(rates)]
    }
    if wanted.covariance { setCovariance(2) { _, _ in .numerical(0, bound: 0) } }
    if wanted.generating && left.temperature > 0 && right.temperature > 0 {
      let temperatures = [left.temperature, right.temperature]
      try setGenerating(GeneratingPoint.grid(temperatures[0], temperatures[1]), temperatures) {
        x throws(QuadratureError) in
        let argument = NetworkCumulants.argument(x, temperatures)
        let value = try integral(.logarithm(argument))
        return (value.scaled(by: argument < 0 ? -1 : 1), try integral(.quotient(argument)))
      }
    }
  }
}
