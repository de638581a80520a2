import Foundation
import NessModel

/// A box of unit length and mass with equal baths but for their temperatures.
func box(
  left: Double, right: Double, _ coupling: LindbladBath.Coupling, _ spectrum: LindbladBath.Spectrum,
  rate: Double = 1, levels: Int? = nil, hbar: Double = 1
) throws -> QuantumBoxModel {
  func bath(_ temperature: Double) -> LindbladBath {
    LindbladBath(temperature: temperature, coupling: coupling, spectrum: spectrum, rate: rate)
  }
  return try box(bath(left), bath(right), levels: levels, hbar: hbar)
}

/// A box of unit length and mass between two baths.
func box(
  _ left: LindbladBath, _ right: LindbladBath, levels: Int? = nil, hbar: Double = 1
) throws -> QuantumBoxModel {
  try QuantumBoxModel(
    medium: QuantumBox(length: 1, hbar: hbar, levels: levels),
    attachments: [.init(name: "left", site: 1, bath: left), .init(name: "right", site: 2, bath: right)])
}

let couplings: [LindbladBath.Coupling] = [.wall, .uniform, .nearest, .position, .collision(width: 300)]
let spectra: [LindbladBath.Spectrum] = [.ohmic, .bosonic, .metropolis, .glauber]

/// Numbers that look random and are the same every time.
struct FixedSequence {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next(_ range: ClosedRange<Double>) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + (range.upperBound - range.lowerBound) * Double(state >> 11) / 9_007_199_254_740_992
  }
}

/// A random symmetric coupling matrix.
func randomMatrix(_ levels: Int, _ sequence: inout FixedSequence) throws -> LindbladBath.Coupling {
  var rows = [[Double]](repeating: [Double](repeating: 0, count: levels), count: levels)
  for row in 0..<levels {
    for column in 0...row {
      rows[row][column] = sequence.next(-1...1)
      rows[column][row] = rows[row][column]
    }
  }
  return .matrix(try CouplingMatrix(rows: rows))
}

/// Relative difference.
func deviation(_ value: Double, _ exact: Double) -> Double { abs(value - exact) / abs(exact) }
