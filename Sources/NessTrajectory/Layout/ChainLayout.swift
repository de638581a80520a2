import NessModel

/// Where everything of a chain is: its sites, the baths that touch them, and the particles of the baths.
package struct ChainLayout: Sendable {
  /// What happens at a site that touches baths, or is an end.
  struct Contact: Sendable {
    let site: Int
    /// The baths that touch it.
    let baths: Range<Int>
    let particleBaths: Range<Int>
    let momentumSteps: Range<Int>
  }

  package let sites: Int
  let bathCount: Int
  /// The ends and the sites that touch baths, in order.
  let contacts: [Contact]
  /// For every particle bath, where its particles are among those of all.
  let particles: [Range<Int>]
  /// For every site: index of the first contact from there on.
  private let nextContacts: [Int]

  init(_ model: ChainModel) {
    sites = model.medium.sites
    bathCount = model.attachments.count
    var contacts: [Contact] = []
    var particles: [Range<Int>] = []
    var steps = 0
    for site in Set(model.attachments.map(\.site) + [1, sites]).sorted() {
      let group = model.attachments.indices.filter { model.attachments[$0].site == site }
      let (firstBath, firstStep) = (particles.count, steps)
      var frictions = 0
      for index in group {
        let law = model.attachments[index].bath.stochasticLaw
        if let bath = law.particles {
          let first = particles.last?.upperBound ?? 0
          particles.append(first..<(first + bath.count))
        }
        if law.momentum != nil { frictions += 1 }
      }
      steps += max(0, 2 * frictions - 1)
      contacts.append(
        Contact(
          site: site - 1, baths: (group.first ?? 0)..<((group.last ?? -1) + 1),
          particleBaths: firstBath..<particles.count, momentumSteps: firstStep..<steps))
    }
    self.contacts = contacts
    self.particles = particles
    nextContacts = contacts.indices.flatMap { index in
      let before = index == 0 ? -1 : contacts[index - 1].site
      return [Int](repeating: index, count: contacts[index].site - before)
    }
  }

  /// Particles of all baths together.
  var particleCount: Int { particles.last?.upperBound ?? 0 }

  /// The site that a bath touches, from 0.
  func site(ofBath bath: Int) -> Int { contacts.first { $0.baths.contains(bath) }?.site ?? 0 }

  /// The first contact at a site or behind it; nil behind the last one.
  @inline(__always)
  func contact(from site: Int) -> Contact? {
    guard site < sites else { return nil }
    return contacts[nextContacts[site]]
  }
}
