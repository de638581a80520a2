import Foundation

/// A heat bath of a quantum box, given by the operator A through which it couples and by a spectral function g that
/// obeys detailed balance, g(-w) = exp(-hbar w / T) g(w). In the energy basis it causes the jump n -> m at the rate
///
///     |<m|A|n>|² g((E_n - E_m) / hbar)
///
/// (Davies generator; Zou, Gong, Wang, Casati, Benenti 2026 use a Lindblad equation of this kind, with operators that
/// are not public). A is real in the basis of the box.
package struct LindbladBath: Bath, BathOnMedium {
  /// The operator A in the basis of the box, for the left wall; the right wall has (-1)^(m+n) in addition, save for
  /// `position` (the right half) and `matrix` (as given).
  package enum Coupling: Hashable, Sendable {
    /// <m|A|n> = m n, from the force on the wall, dH/dl.
    case wall
    /// 1 for every pair of levels.
    case uniform
    /// 1 for neighbouring levels.
    case nearest
    /// <m| x |n> restricted to the half of the box at the bath [length].
    case position
    /// sqrt(pi hbar v_m v_n / (4 width l²)), v_n the speed of level n, if |E_m - E_n| < width: with the spectrum
    /// `metropolis` and rate 1 the classical limit is the box whose Metropolis wall proposes energies within `width`.
    case collision(width: Double)
    /// A wall that thermalises at once, the twin of a Maxwell wall: the rate of n -> m is
    /// rate (v_n / 2l) p_m with p_m ~ v_m exp(-E_m/T), so a level is drawn from the thermal law of the flux whenever a
    /// classical particle of that speed would hit the wall. It obeys detailed balance, with an operator that depends
    /// on the temperature; no spectral function is needed.
    case maxwell
    /// Any real symmetric matrix.
    case matrix(CouplingMatrix)
  }

  /// How the elements of `wall`, `uniform` and `nearest` depend on the box.
  package enum Amplitude: Hashable, Sendable {
    /// As written at `Coupling`.
    case unit
    /// `wall` times pi² hbar² / (m l³), the true force on the wall; `uniform` and `nearest` times 2/l, the density of
    /// the eigenfunctions.
    case physical
  }

  /// The spectral function, here for emission of hbar w = E > 0; absorption is exp(-E/T) times that.
  package enum Spectrum: Hashable, Sendable {
    /// rate w (n_B + 1)
    case ohmic
    /// rate (n_B + 1)
    case bosonic
    /// rate; absorption rate exp(-E/T)
    case metropolis
    /// rate / (1 + exp(-E/T))
    case glauber
    /// rate times a function given on a grid.
    case tabulated(SpectralTable)
    /// rate times a formula.
    case formula(SpectralFormula)
  }

  /// Temperature [energy]; at 0 nothing is absorbed.
  package var temperature: Double
  /// The operator A.
  package var coupling: Coupling
  /// How A depends on the box.
  package var amplitude: Amplitude
  /// The spectral function; of no meaning for the coupling `maxwell`.
  package var spectrum: Spectrum
  /// Factor of the spectral function, the strength of the bath [1/time over the square of A, or 1 for `ohmic`].
  package var rate: Double

  /// A bath; see the properties for the meaning of each parameter.
  package init(
    temperature: Double, coupling: Coupling, amplitude: Amplitude = .unit, spectrum: Spectrum, rate: Double = 1
  ) {
    self.temperature = temperature
    self.coupling = coupling
    self.amplitude = amplitude
    self.spectrum = spectrum
    self.rate = rate
  }

  /// The same bath at another temperature [energy].
  package func at(temperature: Double) -> LindbladBath {
    var copy = self
    copy.temperature = temperature
    return copy
  }

  /// The width of the proposals, if the coupling has one [energy].
  package var width: Double {
    get { if case .collision(let width) = coupling { width } else { .nan } }
    set { if case .collision = coupling { coupling = .collision(width: newValue) } }
  }

  /// Values out of range, and an amplitude that the coupling has not.
  package var faults: [ParameterFault] {
    var found = parameterFaults
    if amplitude == .physical {
      switch coupling {
      case .wall, .uniform, .nearest: break
      case .position, .collision, .maxwell, .matrix:
        found.append(
          ParameterFault(
            parameter: "amplitude", found: "physical",
            expected: "unit for this coupling (wall, uniform and nearest have a physical amplitude)"))
      }
    }
    return found
  }
}

extension LindbladBath {
  /// The probabilities p_n ~ v_n exp(-E_n/T) with which a thermalising wall sends the particle to the levels 1 to
  /// `levels`; of all levels the sum is 1.
  ///
  /// - Complexity: O(levels + sqrt(T/E_1)).
  package func thermalFlux(levels: Int, of box: QuantumBox) -> [Double] {
    func weight(_ level: Int) -> Double {
      Double(level) * (level == 1 ? 1 : exp(-(box.energy(ofLevel: level) - box.energy(ofLevel: 1)) / temperature))
    }
    var total = 0.0
    var level = 1
    while level <= levels || weight(level) > 1e-18 * total, level < 100_000_000 {
      total += weight(level)
      level += 1
    }
    return (1...levels).map { weight($0) / total }
  }

  /// The element <m|A|n> of the coupling operator at a wall (1 left, 2 right) of a box, levels from 1. For `maxwell`,
  /// whose operator depends on the temperature, only its sign.
  package func element(_ m: Int, _ n: Int, atWall wall: Int, of box: QuantumBox) -> Double {
    let mirrored = wall == 2 && (m + n) % 2 == 1 ? -1.0 : 1.0
    switch coupling {
    case .wall: return mirrored * Double(m) * Double(n) * scale(in: box)
    case .uniform: return mirrored * scale(in: box)
    case .maxwell: return mirrored
    case .nearest: return abs(m - n) == 1 ? mirrored * scale(in: box) : 0
    case .position: return Self.position(m, n, atWall: wall, length: box.length)
    case .collision: return mirrored * square(m, n, atWall: wall, of: box).squareRoot()
    case .matrix(let matrix): return matrix[m, n]
    }
  }

  /// The square of the element <m|A|n>.
  package func square(_ m: Int, _ n: Int, atWall wall: Int, of box: QuantumBox) -> Double {
    guard case .collision(let width) = coupling else {
      let element = element(m, n, atWall: wall, of: box)
      return element * element
    }
    guard abs(box.energy(ofLevel: m) - box.energy(ofLevel: n)) < width else { return 0 }
    let numerator = Double.pi * box.hbar * box.speed(ofLevel: m) * box.speed(ofLevel: n)
    return numerator / (4 * width * box.length * box.length)
  }

  private func scale(in box: QuantumBox) -> Double {
    guard amplitude == .physical else { return 1 }
    if case .wall = coupling {
      let length = box.length
      return Double.pi * Double.pi * box.hbar * box.hbar / (box.mass * length * length * length)
    }
    return 2 / box.length
  }

  /// (1/l) int x (cos((m-n) pi x / l) - cos((m+n) pi x / l)) dx over the left or the right half.
  private static func position(_ m: Int, _ n: Int, atWall wall: Int, length: Double) -> Double {
    func integral(_ order: Int) -> Double {
      let half = length / 2
      if order == 0 { return wall == 1 ? half * half / 2 : 3 * half * half / 2 }
      let wavenumber = Double(order) * Double.pi / length
      // sin and cos of order pi/2 and of order pi, exactly.
      let sine: Double = order % 2 == 0 ? 0 : (order % 4 == 1 ? 1 : -1)
      let cosine: Double = order % 2 == 1 ? 0 : (order % 4 == 0 ? 1 : -1)
      let middle = half * sine / wavenumber + cosine / (wavenumber * wavenumber)
      let end = (order % 2 == 0 ? 1.0 : -1.0) / (wavenumber * wavenumber)
      return wall == 1 ? middle - 1 / (wavenumber * wavenumber) : end - middle
    }
    return (integral(abs(m - n)) - integral(m + n)) / length
  }

  /// The spectral function for emission of the energy `energy` > 0 into the bath, hbar the box's [1/time over A²].
  package func emission(_ energy: Double, hbar: Double) -> Double { exchange(energy, hbar: hbar).emission }

  /// The spectral function for absorption of the energy `energy` > 0 from the bath: exp(-energy/T) times emission.
  package func absorption(_ energy: Double, hbar: Double) -> Double { exchange(energy, hbar: hbar).absorption }

  /// Emission and absorption of the energy `energy` > 0 together, at the price of one exponential [1/time over A²].
  ///
  /// - Accuracy: two roundings, and that of energy/T in the exponent. Nothing is absorbed at T = 0, or if
  ///   exp(-energy/T) is below the smallest number.
  package func exchange(_ energy: Double, hbar: Double) -> (emission: Double, absorption: Double) {
    let exponent = energy / temperature
    // 1 - exp(-x) keeps its digits for small x only as -expm1(-x); for large x the reverse holds of exp(-x).
    let small = exponent < 0.5
    let function = small ? -expm1(-exponent) : exp(-exponent)
    let (loss, ratio) = small ? (function, 1 - function) : (1 - function, function)
    let emission: Double
    switch spectrum {
    case .ohmic: emission = rate * (energy / hbar) / loss
    case .bosonic: emission = rate / loss
    case .metropolis: emission = rate
    case .glauber: emission = rate / (1 + ratio)
    case .tabulated(let table): emission = rate * table.value(at: energy / hbar)
    case .formula(let formula):
      emission = rate * formula.value(at: energy / hbar, temperature: temperature, hbar: hbar)
    }
    return (emission, ratio * emission)
  }

  /// How emission and absorption of an energy change with the temperature [1/time over A², per energy].
  package func exchangeSlope(_ energy: Double, hbar: Double) -> (emission: Double, absorption: Double) {
    let (emission, absorption) = exchange(energy, hbar: hbar)
    // Where nothing is absorbed, nothing changes.
    if absorption == 0 { return (0, 0) }
    let exponent = energy / temperature
    let ratio = exp(-exponent)
    let growth = exponent / temperature
    let slope: Double =
      switch spectrum {
      case .ohmic, .bosonic: emission * growth * ratio / -expm1(-exponent)
      case .glauber: -emission * growth * ratio / (1 + ratio)
      case .metropolis, .tabulated: 0
      case .formula(let formula):
        rate * formula.temperatureSlope(at: energy / hbar, temperature: temperature, hbar: hbar)
      }
    return (slope, absorption * growth + ratio * slope)
  }

  /// How the probabilities of `thermalFlux` change with the temperature [1/energy].
  package func thermalFluxSlope(levels: Int, of box: QuantumBox) -> [Double] {
    let ground = box.energy(ofLevel: 1)
    func weight(_ level: Int) -> Double {
      Double(level) * exp(-(box.energy(ofLevel: level) - ground) / temperature)
    }
    var (total, energy, level) = (0.0, 0.0, 1)
    while level < 100_000_000 {
      let weight = weight(level)
      let height = box.energy(ofLevel: level) - ground
      if level > levels && height > temperature && weight * height < 1e-18 * energy { break }
      total += weight
      energy += weight * height
      level += 1
    }
    let mean = energy / total
    return (1...levels).map { level in
      weight(level) / total * ((box.energy(ofLevel: level) - ground - mean) / temperature / temperature)
    }
  }
}
