/// Where the running sums of one replica are kept, and what they mean.
///
/// Heat is credited by the very sub-step that moves the energy. In a steady state every heat and bond channel below has
/// the same long-time mean, exactly and at any time step, because their differences are differences of state functions.
package struct Ledger: Sendable {
  /// Steps between two entries of the sums into the record.
  static let stepsPerTick = 64

  let baths: Int
  let sites: Int
  let particleBaths: Int
  /// Heats whose innovations are followed.
  let followed: Int

  init(_ layout: ChainLayout, followed: Int) {
    baths = layout.bathCount
    sites = layout.sites
    particleBaths = layout.particles.count
    self.followed = followed
  }

  /// Channels of the motion alone.
  var measured: Int { baths + (sites - 1) + sites + particleBaths }
  package var channels: Int { measured + 4 * followed }
  package func heat(_ bath: Int) -> Int { bath }
  package func bond(_ bond: Int) -> Int { baths + bond }
  package func kinetic(_ site: Int) -> Int { baths + sites - 1 + site }
  package func displacement(ofParticleBath index: Int) -> Int { baths + 2 * sites - 1 + index }
  /// Innovation of a followed heat by the noise of the particles.
  package func forceInnovation(_ heat: Int) -> Int { measured + 4 * heat }
  /// Innovation of a followed heat by the noise of the Langevin baths.
  package func momentumInnovation(_ heat: Int) -> Int { measured + 4 * heat + 1 }
  /// Change of the forecast of a followed heat.
  package func forecastChange(_ heat: Int) -> Int { measured + 4 * heat + 2 }
  /// Change of the square of the displacement of the site where a followed heat comes in.
  package func squareChange(_ heat: Int) -> Int { measured + 4 * heat + 3 }
}
