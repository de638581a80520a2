import NessMath

/// What rounding may do to G between two sites, at sixteen frequencies.
///
/// The normal modes are those of a dynamical matrix that is off by p (`NetworkModes.perturbation`), which changes G_ab by at
/// most p times the norms of the rows a and b of G over all modes. A shift of a single resonance, the part of the nearest
/// mode times itself, changes no integral over it. The sum over the modes and the elimination of the baths are off by their
/// last digits, which matters where a soft mode hides stiffer ones:  |delta G| <= epsilon |W| |G0| |W|^T,  G = W G0.
struct NetworkNoise {
  private let modes: NetworkModes
  /// Place among the stations of every site.
  private let places: [Int?]
  private var near: [Lanes] = []
  private var far: [Lanes] = []
  private var sums: [Lanes] = []
  private var perturbation = Lanes.zero
  private let rounding: Double
  private var isSingle = true

  init(_ modes: NetworkModes) {
    self.modes = modes
    var places = [Int?](repeating: nil, count: modes.sites)
    for (place, site) in modes.stations.enumerated() { places[site] = place }
    self.places = places
    rounding = 2.3e-16 * (16 + Double(modes.frequencies.count).squareRoot() + Double(modes.stations.count))
  }

  /// Fills the norms of some sites at the frequencies of a response, all of one anchor.
  ///
  /// - Parameter row: for the i-th of `sites` its row of G, from station to station.
  mutating func set(
    _ sites: [Int], _ response: NetworkResponse, anchor: Int?,
    row: (_ index: Int, _ station: Int) -> (real: Lanes, imaginary: Lanes)
  ) {
    let stations = modes.stations
    let sizes = response.inverses.map { $0.replacing(with: -$0, where: $0 .< 0) }
    let stationRoots = stations.map { bareRoot($0, sizes) }
    near.removeAll(keepingCapacity: true)
    far.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
    var weights = [(real: Lanes, imaginary: Lanes)](repeating: (.zero, .zero), count: stations.count)
    for (index, site) in sites.enumerated() {
      // G_ik = ( u_ki - sum_c G_ic z_c u_kc ) / (w_k² - w²)
      var sum = places[site] == nil ? bareRoot(site, sizes) : .zero
      for station in stations.indices {
        let (a, b) = row(index, station)
        let elastic = response.stationElastic[station]
        let damping = response.frequency * response.stationFriction[station]
        let own = places[site] == station ? 1.0 : 0
        let real = (own - elastic * a).addingProduct(-damping, b)
        let imaginary = (damping * a).addingProduct(-elastic, b)
        weights[station] = (real, imaginary)
        sum.addProduct((real * real).addingProduct(imaginary, imaginary).squareRoot(), stationRoots[station])
      }
      let (close, distant) = squares(site, weights, response.inverses, anchor)
      near.append(close.squareRoot())
      far.append(distant.squareRoot())
      sums.append(sum)
    }
    let square = response.frequency * response.frequency
    perturbation = modes.perturbation * square.replacing(with: 1, where: square .< 1)
    isSingle = anchor.map { modes.multiplicities[$0] <= 1 } ?? false
  }

  /// sqrt( sum_k u_k² / |w_k² - w²| ) of a site.
  private func bareRoot(_ site: Int, _ sizes: [Lanes]) -> Lanes {
    var sum = Lanes.zero
    for mode in sizes.indices {
      let amplitude = modes.vectors[mode * modes.sites + site]
      sum.addProduct(sizes[mode], amplitude * amplitude)
    }
    return sum.squareRoot()
  }

  /// sum_k |G_ik|² over the modes of an anchor and over all others.
  private func squares(
    _ site: Int, _ weights: [(real: Lanes, imaginary: Lanes)], _ inverses: [Lanes], _ anchor: Int?
  ) -> (near: Lanes, far: Lanes) {
    let (stations, isStation) = (modes.stations, places[site] != nil)
    var (close, distant) = (Lanes.zero, Lanes.zero)
    modes.vectors.withUnsafeBufferPointer { vectors in
      for mode in inverses.indices {
        let first = mode * modes.sites
        var (real, imaginary) = (Lanes(repeating: isStation ? 0 : vectors[first + site]), Lanes.zero)
        for station in stations.indices {
          let amplitude = vectors[first + stations[station]]
          real.addProduct(weights[station].real, amplitude)
          imaginary.addProduct(weights[station].imaginary, amplitude)
        }
        let square = (real * real).addingProduct(imaginary, imaginary) * inverses[mode] * inverses[mode]
        if modes.anchorOfMode[mode] == anchor { close += square } else { distant += square }
      }
    }
    return (close, distant)
  }

  /// By how much G between two of the sites may be wrong, by their places in `sites` and in the stations.
  @inline(__always)
  func between(_ one: Int, _ other: Int) -> Lanes {
    let cross = far[one] * (far[other] + near[other]) + near[one] * far[other]
    let all = isSingle ? cross : cross.addingProduct(near[one], near[other])
    return (perturbation * all).addingProduct(rounding * sums[one], sums[other])
  }
}
