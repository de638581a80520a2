import NessMath
import NessModel
import Synchronization

/// Shifts of levels by one bath (Lamb shifts): the imaginary part S of the transform of its correlations, of which half the rate is the
/// real part,
///
///     S(w) = P int dv g(v) / (2 pi (w - v)),   v over all real numbers.
///
/// The bath adds  hbar sum_w S(w) A(w)* A(w)  to the Hamiltonian by the secular and the local equation, i S(w) to half the rate by
/// Redfield's. It is finite only where g falls off at high frequencies.
///
/// - Accuracy: adaptive quadrature of the odd part about w, to 1e-11 of the integral of its size; every value has its bound.
/// - Source: Breuer and Petruccione, The Theory of Open Quantum Systems (2002), section 3.3. `Documentation/Theory/levels.md`.
/// - Checked by: an exponential cut-off in closed form, and an independent program (LevelShiftTests).
final class LevelShift: Sendable {
  private let law: ThermalBath
  private let hbar: Double
  /// A scale of energies of the system, with which the range is cut.
  private let scale: Double
  private struct Wanted: Hashable {
    let energy: Double
    let isSlope: Bool
  }
  private let known = Mutex<[Wanted: Bounded]>([:])

  init(_ law: ThermalBath, hbar: Double, spread: Double) {
    (self.law, self.hbar) = (law, hbar)
    scale = max(spread, law.temperature, .leastNormalMagnitude)
  }

  /// Why there are no shifts by a spectrum, whatever the energy; nil if there may be.
  var reason: String? {
    switch law.spectrum {
    case .ohmic, .bosonic, .metropolis, .glauber:
      "levels would be shifted without end by the spectrum \(law.spectrum.word ?? ""), which does not fall off at high frequencies: give a "
        + "formula that does, for example \"w*exp(-w/10)/(1 - exp(-w/T))\", or a table, or leave medium.shifts out"
    case .tabulated, .formula: nil
    }
  }

  /// S at the angular frequency of an energy that is given to the bath, not a number where it is infinite [1/time over A²].
  ///
  /// - Parameter isSlope: whether its derivative with respect to the temperature is taken [1/time over A², per energy].
  func value(at energy: Double, isSlope: Bool = false) -> Bounded {
    let wanted = Wanted(energy: energy, isSlope: isSlope)
    if let found = known.withLock({ $0[wanted] }) { return found }
    let found = integral(wanted)
    known.withLock { $0[wanted] = found }
    return found
  }

  /// The rate of giving an energy, 0 beyond the end of a table.
  private func rate(_ energy: Double, _ isSlope: Bool) -> Double {
    if case .tabulated(let table) = law.spectrum {
      let frequency = abs(energy) / hbar
      if frequency > table.limit || frequency < table.angularFrequencies[0] { return 0 }
    }
    // One point has no weight.
    if energy == 0 { return isSlope ? 0 : law.rate(ofGiving: .leastNormalMagnitude, hbar: hbar) }
    return isSlope ? law.rateSlope(ofGiving: energy, hbar: hbar) : law.rate(ofGiving: energy, hbar: hbar)
  }

  private func integral(_ wanted: Wanted) -> Bounded {
    if reason != nil { return Bounded(.nan, .nan) }
    let energy = wanted.energy
    // Distances from the energy at which g may have a kink.
    var places = [abs(energy), scale]
    if case .tabulated(let table) = law.spectrum {
      for frequency in table.angularFrequencies {
        places += [abs(energy - hbar * frequency), abs(energy + hbar * frequency)]
      }
    }
    let scale = scale
    let breaks = Set(places.filter { $0 > 0 }.map { $0 / (scale + $0) }).sorted()
    let quadrature = AdaptiveQuadrature(relativeTolerance: 1e-11, maximumPanels: 20_000)
    do throws(QuadratureError) {
      let found = try quadrature.integrate(breakpoints: [0] + breaks + [1]) { part in
        // t from 0 to infinity as t = scale s/(1 - s), so dt/t = ds/(s (1 - s)).
        let distance = scale * part / (1 - part)
        let odd = rate(energy - distance, wanted.isSlope) - rate(energy + distance, wanted.isSlope)
        return odd == 0 ? 0 : odd / (2 * .pi * part * (1 - part))
      }
      let size = abs(found.value) + abs(law.rate(ofGiving: energy, hbar: hbar))
      guard found.errorBound <= 1e-6 * size else { return Bounded(.nan, .nan) }
      return Bounded(found.value, found.errorBound)
    } catch {
      return Bounded(.nan, .nan)
    }
  }
}
