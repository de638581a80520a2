import NessFormula

/// What every solver of a network sees: masses on sites, bonds between them, fields that hold single sites.
///
///     H = sum_i p_i²/2m_i + sum_fields U(q_site) + sum_bonds V(q_second - q_first)
package struct SiteNetwork: Hashable, Sendable {
  /// One for every site [mass].
  package let masses: [Double]
  /// The potentials of bonds and fields, each once.
  package let potentials: [Potential]
  /// Sorted by their sites; one pair may have several.
  package let bonds: [Bond]
  /// What holds single sites: on-site potentials and walls. Sorted by site; one site may have several.
  package let fields: [Field]

  /// Two sites, counted from 0, the first one smaller, and the place of V(q_second - q_first) among the potentials.
  package struct Bond: Hashable, Sendable {
    package let first: Int
    package let second: Int
    package let potential: Int

    package init(first: Int, second: Int, potential: Int) {
      (self.first, self.second, self.potential) = (first, second, potential)
    }
  }

  /// A site, counted from 0, and the place of U(q_site) among the potentials.
  package struct Field: Hashable, Sendable {
    package let site: Int
    package let potential: Int

    package init(site: Int, potential: Int) { (self.site, self.potential) = (site, potential) }
  }

  /// A network from its parts; bonds and fields in any order.
  package init(masses: [Double], potentials: [Potential], bonds: [Bond], fields: [Field]) {
    self.masses = masses
    self.potentials = potentials
    self.bonds = bonds.sorted { ($0.first, $0.second, $0.potential) < ($1.first, $1.second, $1.potential) }
    self.fields = fields.sorted { ($0.site, $0.potential) < ($1.site, $1.potential) }
  }

  /// Number of sites.
  package var sites: Int { masses.count }
  /// Whether every force is linear.
  package var isHarmonic: Bool { potentials.allSatisfy(\.isHarmonic) }
  /// The joined pairs of sites in words, `1-2` for sites 1 and 2, each once: how heat currents between them are named.
  package var pairs: [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    for bond in bonds where pairs.last.map({ $0 != (bond.first, bond.second) }) ?? true {
      pairs.append((bond.first, bond.second))
    }
    return pairs
  }

  /// Whether heat can go round in circles: more joined pairs than the trees of the parts need.
  package var hasLoops: Bool { pairs.count > sites - components.count }

  /// The parts that bonds hold together, each as its sites from 0, in the order of their first ones.
  package var components: [[Int]] {
    var parent = Array(masses.indices)
    func root(_ site: Int) -> Int {
      var site = site
      while parent[site] != site {
        parent[site] = parent[parent[site]]
        site = parent[site]
      }
      return site
    }
    for bond in bonds {
      let (first, second) = (root(bond.first), root(bond.second))
      parent[max(first, second)] = min(first, second)
    }
    var members: [Int: [Int]] = [:]
    for site in masses.indices { members[root(site), default: []].append(site) }
    return members.sorted { $0.key < $1.key }.map(\.value)
  }
}
