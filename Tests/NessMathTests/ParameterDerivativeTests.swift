import Foundation
import NessMath
import Testing

/// Derivatives of smooth functions from their values, with bounds.
@Suite struct ParameterDerivativeTests {
  private static let functions: [(@Sendable (Double) -> Double, @Sendable (Double) -> Double)] = [
    ({ 3 * $0 }, { _ in 3 }), ({ $0 * $0 }, { 2 * $0 }), ({ 1 / $0 }, { -1 / ($0 * $0) }), ({ exp($0) }, { exp($0) }),
    ({ _ in 2.5 }, { _ in 0 }), ({ exp(-1 / $0) }, { exp(-1 / $0) / ($0 * $0) }),
    ({ $0.squareRoot() }, { 0.5 / $0.squareRoot() }),
    ({ 7 + 1e-3 * sin($0) }, { 1e-3 * cos($0) }),
  ]

  /// In closed form, at numbers of any size: the bound holds and is small.
  @Test(arguments: [0.3, 1, 7, 40]) func closedForms(point: Double) throws {
    let functions = Self.functions
    let values = functions.map { $0.0(point) }
    let found = try #require(
      ParameterDerivative(at: point, scales: values.map(abs)) { number in
        number > 0 ? functions.map { $0.0(number) } : nil
      })
    for (index, function) in functions.enumerated() {
      let slope = function.1(point)
      #expect(abs(found.values[index] - slope) <= found.errors[index] + 1e-16 * abs(slope), "\(index) \(found)")
      #expect(
        found.errors[index] <= 1e-9 * (abs(slope) + abs(values[index]) / point), "\(index): \(found.errors[index])")
    }
  }

  /// Functions that never change as much as is wanted of a first step: far beyond them they look constant.
  @Test(arguments: [0.3, 1, 40]) func bounded(point: Double) throws {
    let functions: [(@Sendable (Double) -> Double, @Sendable (Double) -> Double)] = [
      ({ 7 + 1e-3 * sin($0) }, { 1e-3 * cos($0) }), ({ 5 + 1e-6 * tanh($0 - 1) }, { 1e-6 / pow(cosh($0 - 1), 2) }),
      ({ 1 / (1 + 100 * ($0 - 1.1) * ($0 - 1.1)) }, { -200 * ($0 - 1.1) / pow(1 + 100 * ($0 - 1.1) * ($0 - 1.1), 2) }),
      ({ exp(-$0 * $0) }, { -2 * $0 * exp(-$0 * $0) }),
    ]
    for (index, function) in functions.enumerated() {
      for scale in [7.0, 1000] {
        let found = try #require(ParameterDerivative(at: point, scales: [scale]) { [function.0($0)] })
        let slope = function.1(point)
        #expect(abs(found.values[0] - slope) <= found.errors[0] + 1e-16, "\(index) \(scale) \(found) \(slope)")
        #expect(found.errors[0] < 1e-9 * scale, "\(index) \(scale) \(found)")
      }
    }
  }

  /// Values that are known to a bound alone: it is in that of the derivative, and without it errors of this size are told too small.
  @Test func noise() throws {
    let noise = 1e-7
    var missed = 0
    for trial in 0..<60 {
      let shift = 0.37 * Double(trial)
      func value(_ number: Double) -> [Double] { [exp(number) + noise * sin(1e9 * number + shift)] }
      let told = try #require(ParameterDerivative(at: 1, scales: [1], noise: [noise]) { value($0) })
      #expect(abs(told.values[0] - exp(1)) <= told.errors[0] && told.errors[0] < 1e-4, "\(trial) \(told)")
      let untold = try #require(ParameterDerivative(at: 1, scales: [1]) { value($0) })
      if abs(untold.values[0] - exp(1)) > untold.errors[0] { missed += 1 }
    }
    #expect(missed > 5, "\(missed)")
  }

  /// The unit of the number is of no matter, and 0 is a number as any other.
  @Test(arguments: [1e-30, 1e-3, 1e25]) func units(unit: Double) throws {
    for point in [0.0, 2 * unit] {
      let found = try #require(
        ParameterDerivative(at: point, scales: [1, 1]) { [exp($0 / unit), 1 + $0 / unit * ($0 / unit)] })
      let slopes = [exp(point / unit) / unit, 2 * point / unit / unit]
      for index in 0..<2 {
        #expect(abs(found.values[index] - slopes[index]) <= found.errors[index])
        #expect(found.errors[index] < 1e-10 / unit)
      }
    }
  }

  /// At the edge of what is defined one side is enough; where nothing is, there is no derivative; where a function has a kink, the
  /// bound says so.
  @Test func edges() throws {
    let found = try #require(ParameterDerivative(at: 0, scales: [1]) { $0 >= 0 ? [exp(-3 * $0)] : nil })
    #expect(abs(found.values[0] + 3) <= found.errors[0] && found.errors[0] < 1e-7)
    #expect(ParameterDerivative(at: 1, scales: [1]) { $0 == 1 ? [1] : nil } == nil)
    let kink = ParameterDerivative(at: 1, scales: [1]) { [abs($0 - 1)] }
    #expect(kink.map { $0.errors[0] > 1e-3 || !$0.errors[0].isFinite } ?? true)
    // Beside a kink it is smooth.
    let beside = try #require(ParameterDerivative(at: 1, scales: [1]) { [max($0, 1.01)] })
    #expect(abs(beside.values[0]) <= beside.errors[0] && beside.errors[0] < 1e-6)
  }
}
