import NessModel

/// Where everything of a chain is: its sites, the baths that touch them, and the particles of the baths.
package struct ChainLayout: Sendable {
  typealias Contact = BathLayout.Contact

  package let sites: Int
  /// The baths, with the ends as contacts though no bath may touch them.
  let baths: BathLayout
  /// For every site: index of the first contact from there on.
  private let nextContacts: [Int]

  init(_ model: ChainModel) {
    sites = model.medium.sites
    let baths = BathLayout(model.siteBaths, also: [0, sites - 1])
    self.baths = baths
    nextContacts = baths.contacts.indices.flatMap { index in
      let before = index == 0 ? -1 : baths.contacts[index - 1].site
      return [Int](repeating: index, count: baths.contacts[index].site - before)
    }
  }

  var bathCount: Int { baths.bathCount }
  /// The ends and the sites that touch baths, in order.
  var contacts: [Contact] { baths.contacts }
  /// For every particle bath, where its particles are among those of all.
  var particles: [Range<Int>] { baths.particles }
  /// Particles of all baths together.
  var particleCount: Int { baths.particleCount }

  /// The site that a bath touches, from 0.
  func site(ofBath bath: Int) -> Int { baths.site(ofBath: bath) }

  /// Index of the first contact at a site or behind it; nil behind the last one.
  @inline(__always)
  func nextContact(from site: Int) -> Int? {
    guard site < sites else { return nil }
    return nextContacts[site]
  }
}

extension Model<Chain> {
  /// The baths with the sites that they touch, in order.
  var siteBaths: [SiteBath] { attachments.map { SiteBath(site: $0.site - 1, law: $0.bath.stochasticLaw) } }
}
