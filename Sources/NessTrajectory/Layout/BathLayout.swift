import NessModel

/// A bath on a site of a medium, counted from 0.
package struct SiteBath: Sendable {
  /// The site.
  package let site: Int
  /// The law.
  package let law: StochasticLaw

  package init(site: Int, law: StochasticLaw) { (self.site, self.law) = (site, law) }
}

/// Which baths touch which site of a medium, with their sub-steps and particles, in the order of the sites.
package struct BathLayout: Sendable {
  /// What happens at a site that touches baths, or is treated like one that does.
  struct Contact: Sendable {
    let site: Int
    /// The baths that touch it.
    let baths: Range<Int>
    let particleBaths: Range<Int>
    let momentumSteps: Range<Int>
    let forces: Range<Int>
  }

  let bathCount: Int
  /// The sites that touch baths and those that are named besides, in order.
  let contacts: [Contact]
  /// For every particle bath, where its particles are among those of all.
  let particles: [Range<Int>]

  /// - Parameters:
  ///   - baths: the baths, ordered by site.
  ///   - others: sites that are contacts though no bath may touch them.
  init(_ baths: [SiteBath], also others: [Int] = []) {
    bathCount = baths.count
    var contacts: [Contact] = []
    var particles: [Range<Int>] = []
    var (steps, forces, next) = (0, 0, 0)
    for site in Set(baths.map(\.site) + others).sorted() {
      let (first, firstBath, firstStep, firstForce) = (next, particles.count, steps, forces)
      var frictions = 0
      while next < baths.count, baths[next].site == site {
        let law = baths[next].law
        forces += law.forceCount
        if let bath = law.particles {
          let start = particles.last?.upperBound ?? 0
          particles.append(start..<(start + bath.count))
        }
        if law.momentum != nil { frictions += 1 }
        next += 1
      }
      steps += max(0, 2 * frictions - 1)
      contacts.append(
        Contact(
          site: site, baths: first == next ? 0..<0 : first..<next, particleBaths: firstBath..<particles.count,
          momentumSteps: firstStep..<steps, forces: firstForce..<forces))
    }
    precondition(next == baths.count, "baths are ordered by site")
    self.contacts = contacts
    self.particles = particles
  }

  /// Particles of all baths together.
  var particleCount: Int { particles.last?.upperBound ?? 0 }

  /// The site that a bath touches, from 0.
  func site(ofBath bath: Int) -> Int { contacts.first { $0.baths.contains(bath) }?.site ?? 0 }
}
