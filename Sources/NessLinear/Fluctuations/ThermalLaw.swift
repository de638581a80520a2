import NessMath

/// What waves of a frequency carry from baths at their temperatures,
///
///     u_b(w) = hbar w n_b(w),     n_b = 1/(exp(hbar w/T_b) - 1),     u_b = T_b for hbar = 0
///
/// in units of the highest temperature, frequencies in those of the network.
///
/// - Source: Saito, Dhar, Phys. Rev. Lett. 99, 180601 (2007); `Documentation/Theory/quantum-networks.md`.
struct ThermalLaw {
  /// Temperatures in units of the highest.
  let temperatures: [Double]
  /// Energy of a quantum of the unit of frequency, in units of the highest temperature; 0 for classical waves.
  let quantum: Double

  init(_ modes: NetworkModes) {
    let highest = modes.baths.map(\.temperature).max() ?? 0
    temperatures = modes.baths.map { highest > 0 ? $0.temperature / highest : 0 }
    quantum = highest > 0 ? modes.quantum / highest : 0
  }

  var isClassical: Bool { quantum == 0 }

  /// Frequency below which waves are classical for the coldest bath that gives any; infinite if all are.
  var scale: Double {
    guard quantum > 0, let coldest = temperatures.filter({ $0 > 0 }).min() else { return .infinity }
    return coldest / quantum
  }

  /// hbar w.
  func quanta(_ frequency: Lanes) -> Lanes { frequency * quantum }

  /// u of a bath.
  func energy(_ bath: Int, _ frequency: Lanes) -> Lanes {
    let temperature = temperatures[bath]
    if isClassical || temperature == 0 { return Lanes(repeating: temperature) }
    return map(frequency) { temperature * bose($0 / temperature) }
  }

  /// u of one bath less that of another, without the loss of digits of a difference.
  func difference(_ one: Int, _ other: Int, _ frequency: Lanes) -> Lanes {
    let difference = temperatures[one] - temperatures[other]
    if isClassical || difference == 0 { return Lanes(repeating: difference) }
    return difference * exchange(one, other, frequency)
  }

  /// (u_a - u_b)/(T_a - T_b), between 0 and 1; du/dT of two baths of one temperature.
  func exchange(_ one: Int, _ other: Int, _ frequency: Lanes) -> Lanes {
    if isClassical { return Lanes(repeating: 1) }
    let (a, b) = (temperatures[one], temperatures[other])
    let (hot, cold) = (max(a, b), min(a, b))
    if hot == 0 { return .zero }
    if cold == 0 { return map(frequency) { bose($0 / hot) } }
    let gap = (hot - cold) / (hot * cold)
    return map(frequency) { energy in
      let (first, second) = (energy / hot, energy / cold)
      // n - n' = exp(-x) (1 - exp(x - x')) / ((1 - exp(-x)) (1 - exp(-x')))
      let delta = energy * gap
      let slope = delta == 0 ? 1 : -exponentialMinusOne(-delta) / delta
      return exponential(-first) * slope * fraction(first) * fraction(second)
    }
  }

  /// (hbar w/2) coth(hbar w/2T) of a bath: the mean energy of a mode, that of its ground state included.
  func energyWithGroundState(_ bath: Int, _ frequency: Lanes) -> Lanes {
    energy(bath, frequency) + 0.5 * quanta(frequency)
  }

  /// What rounding of hbar w/T changes at most, relative to a weight.
  func rounding(_ frequency: Lanes) -> Double {
    if isClassical { return 0 }
    // Beyond 745 there is nothing left.
    return 1.2e-15 * min(745, frequency.max() / scale)
  }

  private func map(_ frequency: Lanes, _ function: (Double) -> Double) -> Lanes {
    var result = Lanes.zero
    for lane in 0..<16 { result[lane] = function(quantum * frequency[lane]) }
    return result
  }
}

/// x/(exp(x) - 1)
private func bose(_ x: Double) -> Double { x == 0 ? 1 : x / exponentialMinusOne(x) }

/// x/(1 - exp(-x))
private func fraction(_ x: Double) -> Double { x == 0 ? 1 : x / -exponentialMinusOne(-x) }

// MARK: the generating function

extension ThermalLaw {
  /// Of two baths, w(x) = n_L (1 + n_R) (exp(x hbar w) - 1) + n_R (1 + n_L) (exp(-x hbar w) - 1): the generating function of the
  /// heat is the integral of -ln(1 - T w)/(2 pi).
  ///
  /// With N_L = n_L (exp(x hbar w) - 1) and N_R = n_R (exp(-x hbar w) - 1) it is 1 - (1 - N_L) (1 - N_R).
  struct Counting {
    /// w, and dw/dx.
    var value = Lanes.zero
    var slope = Lanes.zero
    /// What they would be if nothing cancelled.
    var size = Lanes.zero
    var slopeSize = Lanes.zero
  }

  /// - Parameter x: between -1/T_R and 1/T_L, in units of the inverse of the highest temperature.
  func counting(_ x: Double, _ frequency: Lanes) -> Counting {
    var found = Counting()
    for lane in 0..<16 {
      let energy = quantum * frequency[lane]
      let (left, leftSlope) = gain(x, temperatures[0], energy)
      let (right, rightSlope) = gain(-x, temperatures[1], energy)
      found.value[lane] = left + right - left * right
      found.slope[lane] = leftSlope * (1 - right) - rightSlope * (1 - left)
      found.size[lane] = abs(left) + abs(right) + abs(left * right)
      found.slopeSize[lane] = abs(leftSlope * (1 - right)) + abs(rightSlope * (1 - left))
    }
    return found
  }

  /// n (exp(x e) - 1) and its derivative for a bath of a temperature above 0, for x up to 1/T.
  private func gain(_ x: Double, _ temperature: Double, _ energy: Double) -> (value: Double, slope: Double) {
    if energy == 0 { return (x * temperature, temperature) }
    let ratio = energy / temperature
    // e n exp(x e) = T exp((x - 1/T) e) (e/T)/(1 - exp(-e/T))
    let slope = temperature * exponential((x - 1 / temperature) * energy) * fraction(ratio)
    guard x > 0 else { return (exponentialMinusOne(x * energy) / exponentialMinusOne(ratio), slope) }
    return (slope / energy * -exponentialMinusOne(-x * energy), slope)
  }
}
