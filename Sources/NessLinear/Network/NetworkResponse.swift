import NessMath
import NessModel

/// Sixteen frequencies of a network: each an offset from a frequency at which modes stand, so that those around a narrow
/// resonance keep their digits.
struct NetworkFrequencies {
  var anchor: Lanes
  var offset: Lanes
  /// dw over the coordinate of the panel.
  var density: Lanes

  var frequency: Lanes { anchor + offset }
}

/// The Green's function of a network at its bath sites,
///
///     G(w) = ( Omega² - w² + Z )^-1,     Z = -i w g(w)/m on the stations,     Omega² diagonal in the normal modes
///
/// at sixteen frequencies, from the modes: G without baths is a sum over them, and each station is then added by one sweep
/// of elimination (Sherman-Morrison).
///
/// Every pivot of the friction has a positive real part, so that the phase of the determinant is known without turns being
/// lost: pi for every mode below w, less one for each negative pivot of the elastic part of the kernels.
///
/// - Complexity: O(N S²/2 + S³/2) for S stations.
struct NetworkResponse {
  /// Re G and Im G, packed: `[row (row + 1)/2 + column]`, row >= column.
  private(set) var real: [Lanes]
  private(set) var imaginary: [Lanes]
  /// Re g/m of every bath, and of all on a station together.
  private(set) var dissipative: [Lanes]
  private(set) var stationFriction: [Lanes]
  /// w Im g/m of a station.
  private(set) var stationElastic: [Lanes]
  private(set) var frequency = Lanes.zero
  /// 1/(w_k² - w²) of every mode.
  private(set) var inverses: [Lanes]
  /// The sweeps of the elimination in their order, one for each station and twice as many with memory: by what column c of
  /// any row is multiplied for each of its columns, `[sweep * stations + column]`.
  private(set) var steps: [(real: Lanes, imaginary: Lanes)]

  let stations: Int
  private let frequencies: [Double]
  /// Products of the amplitudes at two stations, pair after pair: `[pair * modes + mode]`.
  private let products: [Double]
  private let spectra: [FrictionSpectrum]
  private let stationOfBath: [Int]
  private let remembers: Bool
  private var sweep = 0

  init(_ modes: NetworkModes) {
    let count = modes.stations.count
    stations = count
    frequencies = modes.frequencies
    let (sites, bathSites) = (modes.sites, modes.stations)
    var products: [Double] = []
    products.reserveCapacity(count * (count + 1) / 2 * frequencies.count)
    for row in 0..<count {
      for column in 0...row {
        for mode in frequencies.indices {
          products.append(
            modes.vectors[mode * sites + bathSites[row]] * modes.vectors[mode * sites + bathSites[column]])
        }
      }
    }
    self.products = products
    spectra = modes.baths.map(FrictionSpectrum.init)
    stationOfBath = modes.baths.map(\.station)
    remembers = modes.baths.contains { !$0.terms.isEmpty }
    real = Array(repeating: .zero, count: count * (count + 1) / 2)
    imaginary = real
    dissipative = Array(repeating: .zero, count: modes.baths.count)
    stationFriction = Array(repeating: .zero, count: count)
    stationElastic = stationFriction
    inverses = Array(repeating: .zero, count: frequencies.count)
    steps = Array(repeating: (.zero, .zero), count: (remembers ? 2 : 1) * count * count)
  }

  /// Place of a pair of stations.
  @inline(__always)
  static func pair(_ one: Int, _ other: Int) -> Int {
    one >= other ? one * (one + 1) / 2 + other : other * (other + 1) / 2 + one
  }

  /// Fills everything.
  mutating func evaluate(_ at: NetworkFrequencies) {
    setBare(at)
    setFriction()
    if remembers { for station in 0..<stations { _ = addElastic(station) } }
    for station in 0..<stations { _ = addFriction(station) }
  }

  /// Phase of the determinant, growing with w: 0 at first (pi/2 for every free mode), pi times the modes in the end.
  mutating func phases(_ at: NetworkFrequencies) -> Lanes {
    setBare(at)
    setFriction()
    var turns = Lanes.zero
    for inverse in inverses { turns.replace(with: turns + 1, where: inverse .< 0) }
    if remembers {
      for station in 0..<stations { turns.replace(with: turns - 1, where: addElastic(station) .< 0) }
    }
    var phase = turns * Double.pi
    for station in 0..<stations {
      let pivot = addFriction(station)
      for lane in 0..<16 { phase[lane] -= arcTangent(pivot.imaginary[lane] / pivot.real[lane]) }
    }
    return phase
  }

  /// The sum over the modes.
  private mutating func setBare(_ at: NetworkFrequencies) {
    frequency = at.frequency
    sweep = 0
    let (frequency, modes, pairs) = (frequency, frequencies.count, real.count)
    frequencies.withUnsafeBufferPointer { frequencies in
      inverses.withUnsafeMutableBufferPointer { inverses in
        for mode in 0..<modes {
          let ahead = (frequencies[mode] - at.anchor) - at.offset
          inverses[mode] = (ahead * (frequencies[mode] + frequency)).signedReciprocal
        }
      }
    }
    let (found, products) = (inverses, products)
    found.withUnsafeBufferPointer { inverses in
      products.withUnsafeBufferPointer { products in
        real.withUnsafeMutableBufferPointer { real in
          var pair = 0
          // Four pairs at a time, whose sums stay in registers.
          while pair + 4 <= pairs {
            var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
            let row = pair * modes
            for mode in 0..<modes {
              let inverse = inverses[mode]
              a.addProduct(inverse, products[row + mode])
              b.addProduct(inverse, products[row + modes + mode])
              c.addProduct(inverse, products[row + 2 * modes + mode])
              d.addProduct(inverse, products[row + 3 * modes + mode])
            }
            (real[pair], real[pair + 1], real[pair + 2], real[pair + 3]) = (a, b, c, d)
            pair += 4
          }
          while pair < pairs {
            var sum = Lanes.zero
            for mode in 0..<modes { sum.addProduct(inverses[mode], products[pair * modes + mode]) }
            real[pair] = sum
            pair += 1
          }
        }
      }
    }
    for pair in imaginary.indices { imaginary[pair] = .zero }
  }

  private mutating func setFriction() {
    let square = frequency * frequency
    for station in 0..<stations { (stationFriction[station], stationElastic[station]) = (.zero, .zero) }
    for bath in spectra.indices {
      let law = spectra[bath].evaluate(square)
      dissipative[bath] = law.dissipative
      stationFriction[stationOfBath[bath]] += law.dissipative
      stationElastic[stationOfBath[bath]] += law.elastic
    }
  }

  /// Adds a spring to a station while G is real.
  ///
  /// - Returns: the pivot.
  private mutating func addElastic(_ station: Int) -> Lanes {
    let spring = stationElastic[station]
    let pivot = 1 + spring * real[Self.pair(station, station)]
    let inverse = pivot.signedReciprocal
    let factor = spring * inverse
    let stations = stations
    for column in 0..<stations {
      let step = column == station ? inverse : -factor * real[Self.pair(column, station)]
      steps[sweep * stations + column] = (step, .zero)
    }
    sweep += 1
    real.withUnsafeMutableBufferPointer { real in
      for row in 0..<stations where row != station {
        let step = factor * real[Self.pair(row, station)]
        for column in 0...row where column != station {
          real[Self.pair(row, column)].addProduct(-step, real[Self.pair(column, station)])
        }
      }
      for row in 0..<stations { real[Self.pair(row, station)] *= inverse }
    }
    return pivot
  }

  /// Adds the friction of a station.
  ///
  /// - Returns: the pivot, whose real part is positive.
  private mutating func addFriction(_ station: Int) -> (real: Lanes, imaginary: Lanes) {
    let damping = frequency * stationFriction[station]
    let place = Self.pair(station, station)
    // 1 + z G with z = -i damping.
    let pivot = (real: 1 + damping * imaginary[place], imaginary: -damping * real[place])
    let size = (pivot.real * pivot.real).addingProduct(pivot.imaginary, pivot.imaginary).reciprocal
    let inverse = (real: pivot.real * size, imaginary: -pivot.imaginary * size)
    let factor = (real: damping * inverse.imaginary, imaginary: -damping * inverse.real)
    let stations = stations
    for column in 0..<stations {
      let (a, b) = (real[Self.pair(column, station)], imaginary[Self.pair(column, station)])
      steps[sweep * stations + column] =
        column == station
        ? inverse
        : ((factor.imaginary * b).addingProduct(-factor.real, a), -(factor.real * b).addingProduct(factor.imaginary, a))
    }
    sweep += 1
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        for row in 0..<stations where row != station {
          let (a, b) = (real[Self.pair(row, station)], imaginary[Self.pair(row, station)])
          let stepReal = (factor.real * a).addingProduct(-factor.imaginary, b)
          let stepImaginary = (factor.real * b).addingProduct(factor.imaginary, a)
          for column in 0...row where column != station {
            let (target, source) = (Self.pair(row, column), Self.pair(column, station))
            let (c, d) = (real[source], imaginary[source])
            real[target] = real[target].addingProduct(-stepReal, c).addingProduct(stepImaginary, d)
            imaginary[target] = imaginary[target].addingProduct(-stepReal, d).addingProduct(-stepImaginary, c)
          }
        }
        for row in 0..<stations {
          let place = Self.pair(row, station)
          let (a, b) = (real[place], imaginary[place])
          real[place] = (inverse.real * a).addingProduct(-inverse.imaginary, b)
          imaginary[place] = (inverse.real * b).addingProduct(inverse.imaginary, a)
        }
      }
    }
    return pivot
  }
}

extension NetworkResponse {
  /// The row of any site from that without baths, which holds its values at the stations: the same sweeps.
  @inline(__always)
  func eliminate(_ real: UnsafeMutablePointer<Lanes>, _ imaginary: UnsafeMutablePointer<Lanes>) {
    steps.withUnsafeBufferPointer { steps in
      for sweep in 0..<(steps.count / stations) {
        let (station, row) = (sweep % stations, sweep * stations)
        let (a, b) = (real[station], imaginary[station])
        for column in 0..<stations {
          let step = steps[row + column]
          let (c, d) = column == station ? (Lanes.zero, Lanes.zero) : (real[column], imaginary[column])
          real[column] = c.addingProduct(step.real, a).addingProduct(-step.imaginary, b)
          imaginary[column] = d.addingProduct(step.real, b).addingProduct(step.imaginary, a)
        }
      }
    }
  }
}

extension SIMD16 where Scalar == Double {
  /// 1/x for normal x of either sign, to about one rounding.
  @inline(__always)
  var signedReciprocal: Lanes {
    let bits = unsafeBitCast(self, to: SIMD16<UInt64>.self)
    let sign = bits & SIMD16<UInt64>(repeating: 1 << 63)
    let size = unsafeBitCast(bits ^ sign, to: Lanes.self).reciprocal
    return unsafeBitCast(unsafeBitCast(size, to: SIMD16<UInt64>.self) | sign, to: Lanes.self)
  }
}
