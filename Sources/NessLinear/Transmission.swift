import NessMath

/// The transmission integral between two baths of an eliminated chain in natural units,
///
///     I_ab = (2/pi) int_0^inf dw w² Re g_a(w) Re g_b(w) |G_ab(w)|²,     J_a = sum_b (T_a - T_b) I_ab   [1/time]
///
/// over the panels of a mesh that resolves every resonance, halved further where the quadrature asks for it.
struct Transmission {
  private let chain: EliminatedChain
  private let mesh: FrequencyMesh
  private let rounding: RoundingError
  private var waves: ChainWaves
  private let preciseWaves: PreciseWaves

  /// A value and a bound on its error, both times 2 to `exponent`; `unresolved` is added to the bound as it is.
  struct Value {
    var value: Double
    var error: Double
    var exponent: Int
    var unresolved: Double
  }

  init(_ chain: EliminatedChain, over mesh: FrequencyMesh, from first: Int, to second: Int) {
    self.chain = chain
    self.mesh = mesh
    rounding = RoundingError(chain)
    waves = ChainWaves(chain, from: first, to: second)
    preciseWaves = PreciseWaves(chain, from: first, to: second)
  }

  private static let mostPanels = 4_000_000
  private static let batch = 4096

  /// I_ab with its error bound, or the integral of another function of the transmission.
  ///
  /// - Throws: `QuadratureError.notFinite`, `.stopped`.
  mutating func integrate(
    _ function: TransmissionWeight = .power(1), relativeTolerance: Double, shouldStop: () -> Bool
  ) throws(QuadratureError) -> Value {
    var panels = mesh.cells
    let share = 1 / Double(max(32, panels.count))
    // Nothing transmits more than everything, (1/2 pi) dw.
    let most = function.most / (2 * Double.pi)
    var unresolved = mesh.unresolvedWidth * most
    var (settled, evaluated) = (PanelTally(), 0)
    var reference: Int?
    while !panels.isEmpty {
      let tallies = try tallies(of: panels, function, &reference, shouldStop)
      evaluated += panels.count
      let accepted = relativeTolerance * share * tallies.reduce(settled.size) { $0 + $1.size }
      var next: [FrequencyMesh.Cell] = []
      for (panel, tally) in zip(panels, tallies) {
        let isNarrow = panel.region == .precise && panel.width < FrequencyMesh.resolution * panel.lower.high
        if tally.error <= accepted || isNarrow || evaluated > Self.mostPanels {
          settled.add(tally)
          settled.error += function.magnification * rounding.relative(panel) * tally.size
          if isNarrow { unresolved += panel.width * most }
        } else if let precise = panel.convertedIfNarrow() {
          next.append(precise)
        } else {
          next += panel.halves
        }
      }
      panels = next
    }
    return Value(value: settled.value, error: settled.error, exponent: reference ?? 0, unresolved: unresolved)
  }

  /// The panels' parts of the integral, less the power of two that the first panels show to be that of the integrand.
  private mutating func tallies(
    of panels: [FrequencyMesh.Cell], _ function: TransmissionWeight, _ reference: inout Int?,
    _ shouldStop: () -> Bool
  ) throws(QuadratureError) -> [PanelTally] {
    var result: [PanelTally] = []
    result.reserveCapacity(panels.count)
    var exponents: [Int] = []
    var samples: [ScaledLanes] = []
    // In batches, or long chains would fill the memory; each has its own power of two.
    for start in stride(from: 0, to: panels.count, by: Self.batch) {
      if shouldStop() { throw .stopped }
      let batch = panels[start..<min(start + Self.batch, panels.count)]
      samples.removeAll(keepingCapacity: true)
      for panel in batch {
        let isPrecise = panel.region == .precise
        let sample =
          isPrecise
          ? preciseWaves.integrand(center: panel.middle, halfWidth: 0.5 * panel.width)
          : waves.integrand(panel.region, .init(center: panel.middle.high, halfWidth: 0.5 * panel.width))
        samples.append(function.value(sample, density: isPrecise ? Lanes(repeating: 1) : waves.density))
      }
      let exponent = Self.highestExponent(samples)
      exponents.append(exponent)
      for (panel, sample) in zip(batch, samples) {
        let values = sample.value.scaled(byPowersOfTwo: sample.exponent &- Int64(exponent))
        let tally = withUnsafePointer(to: values) { PanelTally($0, halfWidth: 0.5 * panel.width) }
        guard tally.value.isFinite else {
          throw .notFinite(near: chain.frequencyUnit * FrequencyMesh.frequency(panel.middle, panel.region))
        }
        result.append(tally)
      }
    }
    let common = reference ?? exponents.max() ?? 0
    reference = common
    for (number, exponent) in exponents.enumerated() where exponent != common {
      let factor = Double(sign: .plus, exponent: max(-2000, min(1000, exponent - common)), significand: 1)
      for index in (number * Self.batch)..<min((number + 1) * Self.batch, result.count) {
        result[index].scale(by: factor)
      }
    }
    return result
  }

  private static func highestExponent(_ samples: [ScaledLanes]) -> Int {
    var highest = LaneIntegers(repeating: Int64(Int32.min))
    for sample in samples {
      let exponent = sample.exponent &+ sample.value.binaryExponent.exponent
      highest.replace(with: exponent, where: exponent .> highest .& (sample.value .> 0))
    }
    return Int(highest.max())
  }
}

/// What is integrated of a transmission T, over 2 pi.
enum TransmissionWeight {
  /// T to a power from 1 on.
  case power(Int)
  /// |ln(1 - y T)| for a y below 1.
  case logarithm(Double)
  /// T/(1 - y T).
  case quotient(Double)

  /// Its largest value, that at T = 1.
  var most: Double {
    switch self {
    case .power: 1
    case .logarithm(let y): abs(logarithmOfOnePlus(-y))
    case .quotient(let y): y > 0 ? 1 / (1 - y) : 1
    }
  }

  /// How many times the relative error of T it has at most.
  var magnification: Double {
    switch self {
    case .power(let power): Double(power)
    case .logarithm(let y), .quotient(let y): y > 0 ? 1 / (1 - y) : 1
    }
  }

  /// From T/(2 pi) dw/dz, which a sample is.
  @inline(__always)
  func value(_ sample: ScaledLanes, density: Lanes) -> ScaledLanes {
    if case .power(1) = self { return sample }
    if case .power(let power) = self {
      // Powers of small numbers would leave the range of doubles.
      let shift = sample.value.binaryExponent.exponent
      let first = sample.value.scaled(byPowersOfTwo: 0 &- shift)
      let transmission = 2 * Double.pi * first / density
      var value = first
      for _ in 1..<power { value *= transmission }
      return ScaledLanes(value: value, exponent: (sample.exponent &+ shift) &* Int64(power))
    }
    let transmission = (2 * Double.pi * sample.value / density).scaled(byPowersOfTwo: sample.exponent)
    switch self {
    case .power: return sample
    case .logarithm(let y):
      var value = density / (2 * Double.pi)
      for lane in 0..<16 { value[lane] *= abs(logarithmOfOnePlus(-y * min(1, transmission[lane]))) }
      return ScaledLanes(value: value, exponent: .zero)
    case .quotient(let y):
      return ScaledLanes(value: density / (2 * Double.pi) * transmission / (1 - y * transmission), exponent: .zero)
    }
  }
}

/// How much rounding may change the integrand on a panel.
///
/// Rounding moves a resonance by some parts in 1e16 of its frequency, which matters if it is as narrow as that, and panels are
/// as wide as the resonances that they resolve; softening magnifies it, and so do the uncertain last digits of the softening.
struct RoundingError {
  private let operations: Double
  private let condition: Double
  private let bonds: Double
  /// The largest softening by a bath.
  private let softening: Double

  /// Relative error of the Bessel functions in the parameters of particle baths.
  private static let parameterError = 1e-14

  init(_ chain: EliminatedChain) {
    operations = 4 + Double(chain.stationSites.count)
    condition = chain.staticCondition
    bonds = Double(chain.sites - 1)
    softening = chain.baths.reduce(0) { max($0, abs($1.shift)) }
  }

  /// The error relative to the integral over the panel.
  func relative(_ panel: FrequencyMesh.Cell) -> Double {
    let (center, halfWidth) = (panel.middle.high, 0.5 * panel.width)
    let unit = 2.3e-16
    // w over the width of the panel in w.
    let sharpness: Double
    let frequency: Double
    var error = 0.0
    switch panel.region {
    case .band:
      frequency = 2 * sine(center)
      sharpness = sine(center) / (max(cosine(center), halfWidth) * halfWidth)
      error = unit * (operations * (1 + sharpness) + condition)
    case .evanescent:
      frequency = 2 * hyperbolicCosine(center)
      sharpness = max(center, 1 / max(center, halfWidth)) / halfWidth
      error = unit * (operations * (1 + sharpness) + condition + 4 * bonds * center)
    case .precise:
      frequency = center
      sharpness = center / halfWidth
      error = unit * operations + 1e-30 * operations * (sharpness + condition)
    }
    guard softening > 0 else { return error }
    let softened = min(condition * max(1, sharpness), softening / (frequency * frequency) * sharpness)
    return error + Self.parameterError * (2 + condition + softened)
  }
}
