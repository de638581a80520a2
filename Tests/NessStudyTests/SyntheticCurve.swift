import NessRandom
import NessStatistics
import NessStudy

/// Sampled curves with a known truth: values with noise, and standard errors that are themselves only estimated.
struct SyntheticCurve {
  var temperatures: [Double]
  /// The true |J| at each temperature.
  var currents: [Double]
  /// The true standard errors.
  var errors: [Double]
  /// Degrees of freedom of the estimated standard errors.
  var degreesOfFreedom = 15
  /// Share of the variance that neighbouring points have in common.
  var shared = 0.0

  /// The sweep with this number.
  func sampled(_ number: Int) -> [CurvePoint] {
    var stream = CounterStream(seed: 20, index: UInt64(number), purpose: .initialState)
    let common = stream.gaussianPair().0
    return temperatures.indices.map { index in
      let own = stream.gaussianPair().0
      let noise = (1 - shared).squareRoot() * own + shared.squareRoot() * common
      var squares = 0.0
      for step in 0..<degreesOfFreedom where step % 2 == 0 {
        let pair = stream.gaussianPair()
        squares += pair.0 * pair.0 + (step + 1 < degreesOfFreedom ? pair.1 * pair.1 : 0)
      }
      let error = errors[index] * (squares / Double(degreesOfFreedom)).squareRoot()
      return CurvePoint(
        temperature: temperatures[index],
        .statistical(
          currents[index] + errors[index] * noise, standardError: error, effectiveSamples: Double(degreesOfFreedom + 1))
      )
    }
  }
}

/// J = (T - 10)/(1 + (T/30)²): rises from zero at T = 10, has a maximum, falls; its maximum is at 10 + √1000.
enum FallingCurrent {
  static let maximum = 10 + 1000.0.squareRoot()

  static func value(_ temperature: Double) -> Double {
    (temperature - 10) / (1 + temperature * temperature / 900)
  }
}
