import Foundation
import NessFormula

/// A spectral function for emission given by a formula of the angular frequency `w` > 0, the temperature `T` and `hbar`.
package struct SpectralFormula: Hashable, Sendable {
  /// As it is written.
  package let text: String
  private let function: Formula
  private let slope: Formula

  private static let names: Set = ["w", "T", "hbar"]

  /// A spectral function from its formula.
  ///
  /// - Throws: `ModelError` with the place of the first fault.
  package init(_ text: String) throws(ModelError) {
    do throws(FormulaFault) {
      function = try Formula(text, names: Self.names)
    } catch {
      throw ModelError(faults: [
        ParameterFault(
          parameter: "spectrum", found: error.found, expected: error.expected, remedy: error.remedy,
          offset: error.position)
      ])
    }
    self.text = text
    slope = function.derivative(by: "T")
  }

  /// Formulas are the texts of their authors, as keys of results have them.
  package static func == (first: SpectralFormula, second: SpectralFormula) -> Bool { first.text == second.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// g at an angular frequency > 0; not a number where the formula is none or is negative [1/time over A²].
  package func value(at frequency: Double, temperature: Double, hbar: Double) -> Double {
    let value = raw(function, frequency, temperature, hbar)
    return value >= 0 ? value : .nan
  }

  /// How that changes with the temperature, what is written of it in `T`.
  package func temperatureSlope(at frequency: Double, temperature: Double, hbar: Double) -> Double {
    raw(slope, frequency, temperature, hbar)
  }

  /// The limit at 0, where the formula may be 0/0; infinite where there is none, not a number where it is negative [1/time over A²].
  package func limit(temperature: Double, hbar: Double) -> Double {
    let there = raw(function, 0, temperature, hbar)
    if there.isFinite { return there >= 0 ? there : .nan }
    guard temperature > 0, let limit = function.limit(of: "w", ["T": temperature, "hbar": hbar]) else {
      return .infinity
    }
    return limit >= 0 ? limit : .nan
  }

  /// How the limit at 0 changes with the temperature.
  package func limitSlope(temperature: Double, hbar: Double) -> Double {
    if raw(function, 0, temperature, hbar).isFinite, case let there = raw(slope, 0, temperature, hbar), there.isFinite {
      return there
    }
    return slope.limit(of: "w", ["T": temperature, "hbar": hbar]) ?? .nan
  }

  /// The number that is written at an angular frequency, whether or not it is a rate.
  package func written(at frequency: Double, temperature: Double, hbar: Double) -> Double {
    raw(function, frequency, temperature, hbar)
  }

  /// Why its value at an angular frequency is no rate.
  package func reason(
    against name: String, at frequency: Double, _ temperature: Double, hbar: Double
  ) -> String {
    let place = "the spectrum of bath \(name), \(text),"
    if frequency == 0 { return "\(place) has no limit at the frequency 0, at which the operator of the bath acts" }
    let found = raw(function, frequency, temperature, hbar)
    return
      "\(place) is \(found.isNaN ? "no number" : found.short) at the angular frequency \(frequency.short): a rate is a number >= 0"
  }

  private func raw(_ formula: Formula, _ frequency: Double, _ temperature: Double, _ hbar: Double) -> Double {
    formula.value(["w": frequency, "T": temperature, "hbar": hbar])
  }
}
