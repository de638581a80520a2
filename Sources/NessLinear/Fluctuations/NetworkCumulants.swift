import NessMath
import NessModel
import NessStatistics

/// Long-time cumulants of the heats that the baths of a harmonic network give, over the time.
///
/// With S = 1 + 2 i w sqrt(g) G sqrt(g) between the baths and T_ab = |S_ab|², the heat from bath a has the generating function
///
///     mu_a(x) = -(1/2 pi) int_0^inf dw ln[ 1 - x s_1 - x² s_2 ],     s_1 = sum_c T_ac (T_a - T_c),     s_2 = T_a sum_c T_ac T_c
///
/// and two heats the covariance rate  (1/2 pi) int dw [ -(T_a² + T_b²) T_ab + |sum_c (T_c - T_a) S_ac* S_bc|² ].
///
/// Of quantum waves T_a is u_a = hbar w n_a in all of it (`ThermalLaw`), T_a² and 2 T_a T_c are u_a (u_a + hbar w) and
/// 2 u_a u_c + hbar w (u_a + u_c), and mu_a is the integral of -ln[1 - A (exp(x hbar w) - 1) - B (exp(-x hbar w) - 1)] with
/// A - B = sum_c T_ac (n_a - n_c), A + B = sum_c T_ac (n_a + n_c + 2 n_a n_c): counting on one bath sees all others as one.
///
/// - Source: Saito, Dhar, Phys. Rev. Lett. 99, 180601 (2007); Kundu, Sabhapandit, Dhar, J. Stat. Mech. P03007 (2011), for two
///   baths; for more of them from ln det(1 - Theta (Xi - S^+ Xi S)) of Gaussian waves, `Documentation/Theory/fluctuations.md`.
struct NetworkCumulants: NetworkIntegrand {
  /// One of the functions.
  enum Function: Hashable {
    /// A cumulant rate of the heat from a bath, of order 2 to 4.
    case cumulant(bath: Int, order: Int)
    /// The heat between two different baths over the difference of their temperatures.
    case exchange(Int, Int)
    /// The change of the heat from the second to the first of two different baths with the temperature of the second.
    case slope(Int, Int)
    /// The covariance rate of the heats from two different baths.
    case covariance(Int, Int)
    /// mu(x) of the heat from the first of two baths.
    case generating(Double)
    /// (1/2 pi) int dw T/(1 - y T), y = `argument`: mu'(x) over y'(x); of quantum waves mu'(x) itself.
    case quotient(Double)
  }

  let functions: [Function]
  private let law: ThermalLaw
  private let stations: [Int]
  private var temperatures: [Double] { law.temperatures }

  var count: Int { functions.count }
  var scale: Double { law.scale }
  func rounding(_ frequency: Lanes) -> Double { law.rounding(frequency) }

  /// - Parameter functions: x in units of the inverse of the highest temperature.
  init(_ modes: NetworkModes, _ functions: [Function]) {
    law = ThermalLaw(modes)
    stations = modes.baths.map(\.station)
    self.functions = functions
  }

  func evaluate(_ response: NetworkResponse, into values: inout [Lanes]) {
    let squares = response.squares
    var waves: Waves?
    for (place, function) in functions.enumerated() {
      switch function {
      case .covariance(let one, let other):
        let known = waves ?? Waves(response, stations)
        waves = known
        values[place] = covariance(known, response.frequency, one, other) / (2 * Double.pi)
      default: values[place] = value(function, response, squares, hasSign: true)
      }
    }
  }

  func evaluateSizes(_ response: NetworkResponse, squares: [Lanes], into sizes: inout [Lanes]) {
    for (place, function) in functions.enumerated() {
      switch function {
      case .covariance(let one, let other):
        sizes[place] = covarianceSize(response, squares, one, other) / (2 * Double.pi)
      default: sizes[place] = value(function, response, squares, hasSign: false)
      }
    }
  }

  /// T_ab of two different baths.
  private func transmission(_ response: NetworkResponse, _ squares: [Lanes], _ one: Int, _ other: Int) -> Lanes {
    let frequency = 2 * response.frequency
    return frequency * frequency * response.dissipative[one] * response.dissipative[other]
      * squares[NetworkResponse.pair(stations[one], stations[other])]
  }

  private func value(_ function: Function, _ response: NetworkResponse, _ squares: [Lanes], hasSign: Bool) -> Lanes {
    switch function {
    case .exchange(let one, let other):
      return transmission(response, squares, one, other) * law.exchange(one, other, response.frequency)
        / (2 * Double.pi)
    case .slope(let one, let other):
      return transmission(response, squares, one, other) * law.exchange(other, other, response.frequency)
        / (2 * Double.pi)
    case .cumulant(let bath, let order):
      let frequency = response.frequency
      let (own, quanta) = (law.energy(bath, frequency), law.quanta(frequency))
      var (first, second) = (Lanes.zero, Lanes.zero)
      for other in temperatures.indices where other != bath {
        let transmission = transmission(response, squares, bath, other)
        let difference = law.difference(bath, other, frequency)
        first.addProduct(transmission, hasSign ? difference : difference.magnitude)
        let energy = law.energy(other, frequency)
        second.addProduct(transmission, own * energy)
        if !law.isClassical { second.addProduct(transmission, 0.5 * quanta * (own + energy)) }
      }
      return Self.cumulant(order, first, second, quanta * quanta) / (2 * Double.pi)
    case .generating(let x) where !law.isClassical:
      let transmission = limited(transmission(response, squares, 0, 1))
      let counting = law.counting(x, response.frequency)
      return hasSign
        ? Self.generating(transmission, counting.value)
        : transmission * counting.size / (1 - transmission * counting.value.positivePart) / (2 * Double.pi)
    case .quotient(let x) where !law.isClassical:
      let transmission = limited(transmission(response, squares, 0, 1))
      let counting = law.counting(x, response.frequency)
      return transmission * (hasSign ? counting.slope : counting.slopeSize) / (1 - transmission * counting.value)
        / (2 * Double.pi)
    case .generating(let x):
      let argument = Self.argument(x, temperatures)
      return Self.generating(limited(transmission(response, squares, 0, 1)), argument, hasSign: hasSign)
    case .quotient(let x):
      let transmission = limited(transmission(response, squares, 0, 1))
      return transmission / (1 - transmission * Self.argument(x, temperatures)) / (2 * Double.pi)
    case .covariance: return .zero
    }
  }

  /// A cumulant from s_1, s_2 and (hbar w)², times 2 pi.
  static func cumulant(_ order: Int, _ first: Lanes, _ second: Lanes, _ quanta: Lanes) -> Lanes {
    let square = first * first
    switch order {
    case 2: return 2 * second + square
    case 3: return first * (6 * second + 2 * square + quanta)
    default:
      let classical: Lanes = 12 * second * second + square * (24 * second + 6 * square)
      let ofQuanta: Lanes = quanta * (2 * second + 4 * square)
      return classical + ofQuanta
    }
  }

  /// T T' x (x + 1/T' - 1/T) of two baths: mu is the integral of -ln(1 - transmission times this).
  static func argument(_ x: Double, _ temperatures: [Double]) -> Double {
    x * (temperatures[0] * temperatures[1] * x + temperatures[0] - temperatures[1])
  }

  static func slope(_ x: Double, _ temperatures: [Double]) -> Double {
    2 * temperatures[0] * temperatures[1] * x + temperatures[0] - temperatures[1]
  }

  /// Rounding may carry a transmission a little above 1.
  private func limited(_ transmission: Lanes) -> Lanes {
    transmission.replacing(with: 1.05, where: transmission .> 1.05)
  }

  private static func generating(_ transmission: Lanes, _ argument: Double, hasSign: Bool) -> Lanes {
    var value = Lanes.zero
    for lane in 0..<16 { value[lane] = -logarithmOfOnePlus(-argument * transmission[lane]) / (2 * Double.pi) }
    return hasSign || argument >= 0 ? value : -value
  }

  private static func generating(_ transmission: Lanes, _ argument: Lanes) -> Lanes {
    var value = Lanes.zero
    for lane in 0..<16 { value[lane] = -logarithmOfOnePlus(-argument[lane] * transmission[lane]) / (2 * Double.pi) }
    return value
  }

  // MARK: covariance

  /// S between all baths.
  private struct Waves {
    let real: [Lanes]
    let imaginary: [Lanes]
    let transmissions: [Lanes]
    let count: Int

    init(_ response: NetworkResponse, _ stations: [Int]) {
      let count = stations.count
      var (real, imaginary) = ([Lanes](repeating: .zero, count: count * count), [Lanes]())
      imaginary = real
      var transmissions = real
      let roots = response.dissipative.map { $0.squareRoot() }
      for one in 0..<count {
        for other in 0..<count {
          let pair = NetworkResponse.pair(stations[one], stations[other])
          let weight = 2 * response.frequency * roots[one] * roots[other]
          let place = one * count + other
          real[place] = (one == other ? 1 : 0) - weight * response.imaginary[pair]
          imaginary[place] = weight * response.real[pair]
          let (a, b) = (weight * response.real[pair], weight * response.imaginary[pair])
          transmissions[place] = (a * a).addingProduct(b, b)
        }
      }
      (self.real, self.imaginary, self.transmissions, self.count) = (real, imaginary, transmissions, count)
    }
  }

  private func covariance(_ waves: Waves, _ frequency: Lanes, _ one: Int, _ other: Int) -> Lanes {
    let count = waves.count
    var (real, imaginary) = (Lanes.zero, Lanes.zero)
    for third in 0..<count where third != one {
      let difference = law.difference(third, one, frequency)
      let (a, b) = (one * count + third, other * count + third)
      // S_ac* S_bc
      real.addProduct(
        (waves.real[a] * waves.real[b]).addingProduct(waves.imaginary[a], waves.imaginary[b]), difference)
      imaginary.addProduct(
        (waves.real[a] * waves.imaginary[b]).addingProduct(-waves.imaginary[a], waves.real[b]), difference)
    }
    let squares = ownSquares(one, other, frequency)
    return (real * real).addingProduct(imaginary, imaginary)
      .addingProduct(waves.transmissions[one * count + other], -squares)
  }

  /// u (u + hbar w) of two baths.
  private func ownSquares(_ one: Int, _ other: Int, _ frequency: Lanes) -> Lanes {
    let (first, second) = (law.energy(one, frequency), law.energy(other, frequency))
    let squares = first * first + second * second
    return law.isClassical ? squares : squares + law.quanta(frequency) * (first + second)
  }

  private func covarianceSize(_ response: NetworkResponse, _ squares: [Lanes], _ one: Int, _ other: Int) -> Lanes {
    var sum = Lanes.zero
    for third in temperatures.indices where third != one {
      let difference = law.difference(third, one, response.frequency).magnitude
      var second = transmission(response, squares, other, third).squareRoot()
      if third == other { second += 1 }
      sum.addProduct(transmission(response, squares, one, third).squareRoot() * second, difference)
    }
    let both = ownSquares(one, other, response.frequency)
    return (sum * sum).addingProduct(transmission(response, squares, one, other), both)
  }

  // MARK: bounds

  /// What the integral of T, over 2 pi, adds at most to a function where it was missed.
  func reach(of function: Function) -> Double {
    func reach(_ bath: Int) -> (difference: Double, product: Double) {
      let others = temperatures.indices.filter { $0 != bath }
      return (
        others.map { abs(temperatures[bath] - temperatures[$0]) }.max() ?? 0,
        others.map { temperatures[bath] * temperatures[$0] }.max() ?? 0
      )
    }
    let isClassical = law.isClassical
    switch function {
    case .exchange, .slope: return 1
    // Of quantum waves u_a - u_c <= T_a - T_c, e u <= 0.65 T², e² u <= 1.43 T³ and e³ u <= 4.79 T⁴ for e = hbar w, and T <= 1.
    case .cumulant(_, 2) where !isClassical: return 2 + 2 * 0.65 + 1
    case .cumulant(_, 3) where !isClassical: return 1.43 + 3 * 3.3 + 2
    case .cumulant(_, _) where !isClassical: return (2 * 0.43 + 2 * 4.79) + 4 * 0.43 + 3 * 3.3 * 3.3 + 12 * 3.3 + 6
    case .cumulant(let bath, let order):
      let (difference, product) = reach(bath)
      let square = difference * difference
      switch order {
      case 2: return 2 * product + square
      case 3: return difference * (6 * product + 2 * square)
      default: return 12 * product * product + square * (24 * product + 6 * square)
      }
    case .covariance(let one, let other):
      let difference = max(reach(one).difference, reach(other).difference)
      return temperatures[one] * temperatures[one] + temperatures[other] * temperatures[other] + (isClassical ? 0 : 1.3)
        + Double(temperatures.count) * difference * difference
    case .generating(let x):
      let argument = Self.argument(x, temperatures)
      return argument > 0 ? -logarithmOfOnePlus(-argument) : -argument
    case .quotient(let x):
      let argument = Self.argument(x, temperatures)
      return 1 / (argument > 0 ? 1 - argument : 1)
    }
  }
}
