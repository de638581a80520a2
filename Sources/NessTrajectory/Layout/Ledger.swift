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
  package var channels: Int { measured + InnovationChannels.ofAHeat * followed }
  package var innovations: InnovationChannels { InnovationChannels(start: measured) }
  package func heat(_ bath: Int) -> Int { bath }
  package func bond(_ bond: Int) -> Int { baths + bond }
  package func kinetic(_ site: Int) -> Int { baths + sites - 1 + site }
  package func displacement(ofParticleBath index: Int) -> Int { baths + 2 * sites - 1 + index }
}
