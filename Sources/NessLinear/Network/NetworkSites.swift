import NessMath
import NessModel

/// The Green's function of a network between all its sites and the stations, at the sixteen frequencies of a response: from that
/// without baths, the sum over the modes, by the sweeps of the response.
struct NetworkSites {
  /// `[site * stations + station]`.
  private(set) var real: [Lanes]
  private(set) var imaginary: [Lanes]
  private let modes: NetworkModes
  /// Displacements, `[site * modes + mode]`.
  private let shapes: [Double]
  /// Amplitude of every mode at a station over w_k² - w², `[mode * stations + station]`.
  private var sources: [Lanes]
  /// Without baths.
  private var bare: [Lanes]

  init(_ modes: NetworkModes) {
    self.modes = modes
    let (count, stations) = (modes.frequencies.count, modes.stations.count)
    var shapes = [Double](repeating: 0, count: modes.sites * count)
    for mode in 0..<count {
      for site in 0..<modes.sites { shapes[site * count + mode] = modes.vectors[mode * modes.sites + site] }
    }
    self.shapes = shapes
    sources = Array(repeating: .zero, count: count * stations)
    bare = Array(repeating: .zero, count: modes.sites * stations)
    real = bare
    imaginary = bare
  }

  /// G of all sites from that of the stations:  G_js = G0_js - sum_c G0_jc z_c G_cs.
  mutating func evaluate(_ response: NetworkResponse) {
    let (count, stations, all) = (modes.frequencies.count, response.stations, modes.sites)
    for mode in 0..<count {
      for station in 0..<stations {
        sources[mode * stations + station] = response.inverses[mode] * shapes[modes.stations[station] * count + mode]
      }
    }
    for place in bare.indices { bare[place] = .zero }
    let width = 16 * stations
    let (shapes, sources) = (shapes, sources)
    bare.withUnsafeMutableBytes { target in
      sources.withUnsafeBytes { source in
        guard let target = target.baseAddress?.assumingMemoryBound(to: Double.self),
          let source = source.baseAddress?.assumingMemoryBound(to: Double.self)
        else { return }
        accumulateProduct(
          shapes, leftStride: count, source, rightStride: width, into: target, stride: width, rows: all,
          columns: width, inner: count)
      }
    }
    for place in real.indices { (real[place], imaginary[place]) = (bare[place], .zero) }
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
        for site in 0..<all { response.eliminate(real + site * stations, imaginary + site * stations) }
      }
    }
  }
}
