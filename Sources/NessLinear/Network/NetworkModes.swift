import NessMath
import NessModel

/// The normal modes of a harmonic network in natural units: frequencies in units of `frequencyUnit`, displacements times the
/// square root of the mass.
///
/// Modes whose frequencies rounding cannot tell apart are given one frequency, and within that space the modes that the baths
/// damp independently of each other. So one that no bath reaches stands by itself.
struct NetworkModes {
  /// A mode without amplitude at every bath site: it keeps for ever what it had at the start.
  struct DarkMode {
    /// Angular frequency [1/time].
    let frequency: Double
    /// Sites, counted from 0, on which it sits, the largest amplitude first.
    let sites: [Int]
    /// The share of each site in its energy of motion.
    let shares: [Double]
  }

  /// Frequencies at which modes stand, ascending, after a first one that is always 0.
  private(set) var anchors: [Double] = [0]
  /// Frequency of every mode that a bath reaches, ascending: one of the anchors.
  private(set) var frequencies: [Double] = []
  /// Place of each in `anchors`.
  private(set) var anchorOfMode: [Int] = []
  /// Mass-weighted displacements of the modes, normalised, mode after mode: `vectors[mode * sites + site]`.
  private(set) var vectors: [Double] = []
  private(set) var dark: [DarkMode] = []
  /// Bound on the sum of the squares of what the dark modes have at a station.
  private(set) var darkness = 0.0
  /// Number of modes at every anchor.
  private(set) var multiplicities: [Int] = [0]
  /// Uncertainty of the square of an anchor's frequency relative to it.
  private(set) var shifts: [Double] = [0]
  /// Bound on what rounding changes in the dynamical matrix, Omega² in any coordinates, by which it is not known better.
  let perturbation: Double

  let sites: Int
  /// [1/time].
  let frequencyUnit: Double
  /// Energy of a quantum of that frequency; 0 for a classical network [energy].
  let quantum: Double
  /// The sites with baths, counted from 0, ascending.
  let stations: [Int]
  /// The baths, in the order of the network's.
  let baths: [EliminatedBath]

  /// [energy]
  var highestTemperature: Double { baths.map(\.temperature).max() ?? 0 }
  /// Number of modes at frequency 0.
  var freeModes: Int { frequencies.prefix { $0 == 0 }.count }

  /// The normal modes.
  ///
  /// - Throws: `UnstableNetwork`; `LinearAlgebraError.notConverged`.
  /// - Complexity: O(4 N³) of the largest part.
  init(_ network: HarmonicNetwork) throws {
    let unit = network.frequencyUnit
    sites = network.sites
    frequencyUnit = unit
    quantum = network.hbar * unit
    let stations = Array(Set(network.contacts.map(\.site))).sorted()
    self.stations = stations
    baths = network.contacts.map { contact in
      let mass = network.masses[contact.site]
      return EliminatedBath(
        name: contact.name, station: stations.firstIndex(of: contact.site) ?? 0, site: contact.site + 1,
        temperature: contact.temperature, instantaneous: contact.friction.instantaneous / mass / unit,
        terms: contact.friction.relevantTerms.map {
          .init(amplitude: $0.amplitude / mass / unit / unit, rate: $0.rate / unit)
        },
        shift: contact.stiffnessShift / mass / unit / unit)
    }
    let softening = baths.reduce(0) { max($0, abs($1.shift)) }
    // The eigenvalues are at most 1 in these units; the last digits of particle baths are uncertain.
    perturbation = 2.2e-16 * (16 + Double(network.sites).squareRoot()) + 1e-14 * softening
    let springs = SpringEnergy(network)
    var modes: [Mode] = []
    for part in network.parts { modes += try springs.modes(of: part) }
    modes.sort { $0.square < $1.square }
    let basis = ModeBasis(stations: stations, friction: stationFriction(), perturbation: perturbation)
    basis.join(&modes)
    take(modes)
  }

  private func stationFriction() -> [Double] {
    var friction = [Double](repeating: 0, count: stations.count)
    for bath in baths { friction[bath.station] += bath.markovFriction }
    return friction
  }

  private mutating func take(_ modes: [Mode]) {
    vectors.reserveCapacity(sites * modes.count)
    for mode in modes {
      if let amplitude = mode.darkness {
        dark.append(darkMode(mode))
        darkness += amplitude * amplitude
        continue
      }
      let frequency = mode.square.squareRoot()
      if frequency != anchors[anchors.count - 1] {
        anchors.append(frequency)
        shifts.append(0)
        multiplicities.append(0)
      }
      let place = anchors.count - 1
      shifts[place] = max(shifts[place], mode.square > 0 ? min(1, mode.error / mode.square) : 0)
      multiplicities[place] += 1
      frequencies.append(frequency)
      anchorOfMode.append(place)
      var whole = [Double](repeating: 0, count: sites)
      for (site, value) in zip(mode.sites, mode.vector) { whole[site] = value }
      vectors += whole
    }
  }

  private func darkMode(_ mode: Mode) -> DarkMode {
    let order = mode.vector.indices.sorted { abs(mode.vector[$0]) > abs(mode.vector[$1]) }
    return DarkMode(
      frequency: frequencyUnit * mode.square.squareRoot(), sites: order.map { mode.sites[$0] },
      shares: order.map { mode.vector[$0] * mode.vector[$0] })
  }
}

/// A network whose forces do not hold it together.
package struct UnstableNetwork: Error, CustomStringConvertible {
  /// The smallest squared angular frequency [1/time²].
  package let square: Double
  /// Sites, counted from 0, that move most in that mode.
  package let sites: [Int]

  /// What moves where, in words.
  package var description: String {
    "the smallest squared angular frequency of the network is \(square.text(digits: 6)), of a motion of "
      + siteWords(sites) + ": the forces drive it away from rest"
  }
}

/// Sites counted from 0 as `site 3` or `sites 1, 2, 5 and others`.
func siteWords(_ sites: [Int], most: Int = 4) -> String {
  let shown = sites.prefix(most).sorted().map { "\($0 + 1)" }
  if shown.count == 1 && sites.count == 1 { return "site \(shown[0])" }
  if sites.count > most { return "sites " + shown.joined(separator: ", ") + " and others" }
  return "sites " + shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
}

extension NetworkModes {
  /// The modes that no bath reaches, in words; nil if there are none.
  var darkReason: String? {
    guard let first = dark.first else { return nil }
    let most = first.shares.first ?? 0
    let seat = zip(first.sites, first.shares).filter { $0.1 > 0.02 * most }.map(\.0)
    let others =
      dark.count == 1
      ? ""
      : " (and \(dark.count - 1) other mode\(dark.count == 2 ? "" : "s"), the highest of angular frequency "
        + "\((dark.map(\.frequency).max() ?? 0).text(digits: 6)))"
    return
      "the mode of angular frequency \(first.frequency.text(digits: 6)) on \(siteWords(seat))\(others) does not move any site "
      + "with a bath to the precision of the numbers, so it keeps what it had at the start and the steady state is not unique"
  }
}
