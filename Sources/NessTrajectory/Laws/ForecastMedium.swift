import NessModel

/// The harmonic medium between baths that stands for the medium at hand where heats are forecast.
package struct ForecastMedium: Sendable {
  /// A spring to another site.
  struct Spring: Sendable {
    let site: Int
    /// Its constant [mass/time²].
    let constant: Double
  }

  let timeStep: Double
  let masses: [Double]
  /// What holds every site by itself [mass/time²].
  let pinning: [Double]
  /// The springs of every site to others; each is listed at both of its sites.
  let springs: [[Spring]]
  /// Displacements about which it is harmonic [length].
  let rest: [Double]
  let baths: BathLaws
  /// Units in which displacements, velocities and forces are numbers near 1.
  let units: NaturalUnits

  var sites: Int { masses.count }
}

extension ChainDynamics {
  /// The harmonic chain that stands for this one where heats are forecast.
  var forecastMedium: ForecastMedium {
    let last = sites - 1
    return ForecastMedium(
      timeStep: timeStep, masses: [Double](repeating: mass, count: sites),
      pinning: (0...last).map { ($0 == 0 ? pinningLeft : 0) + ($0 == last ? pinningRight : 0) },
      springs: (0...last).map { site in
        [site - 1, site + 1].filter((0...last).contains).map { .init(site: $0, constant: forecastSpring) }
      }, rest: [Double](repeating: 0, count: sites), baths: baths, units: units)
  }
}
