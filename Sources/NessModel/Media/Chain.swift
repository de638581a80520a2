/// Chain with free ends, pinned at the first and the last site, harmonic (Krekels et al. 2026, Sec. 2) or with quartic
/// bonds as well (Fermi, Pasta, Ulam and Tsingou, beta):
///
///     H = sum_j p_j²/2m + sum_{j<N} V(q_{j+1} - q_j) + (K_left/2) q_1² + (K_right/2) q_N²,   V(r) = k r²/2 + beta r⁴/4
package struct Chain: Medium {
  /// Baths with a linear and a stochastic face.
  package typealias BathLaw = ChainBath

  /// Number of sites, N.
  package var sites: Int
  /// Mass of every site, m [mass].
  package var mass: Double
  /// Spring constant of every bond, k [mass/time²].
  package var springConstant: Double
  /// Quartic constant of every bond, beta [energy/length⁴]; 0 for a harmonic chain.
  package var quarticConstant: Double
  /// Pinning of the first and of the last site, K [mass/time²]. A single site is pinned once, so both must agree.
  package var pinning: Pinning
  /// What makes it a network: formulas, unlike masses, walls, segments, quantum motion.
  package var rules: Rules
  /// What of a file could not be read, so that nothing is said of what depends on it; empty for a possible chain.
  var missing: Set<Network.Missing> = []

  /// Pinning constants of the two ends [mass/time²].
  package struct Pinning: Hashable, Sendable {
    /// Pinning of site 1 [mass/time²].
    package var left: Double
    /// Pinning of site N [mass/time²].
    package var right: Double

    /// Pinning constants of site 1 and of site N [mass/time²].
    package init(left: Double, right: Double) {
      self.left = left
      self.right = right
    }
  }

  /// A chain of `sites` sites; see the properties for the dimension of each parameter.
  package init(
    sites: Int, mass: Double = 1, springConstant: Double = 1, quarticConstant: Double = 0, pinning: Pinning,
    rules: Rules = Rules()
  ) {
    self.sites = sites
    self.mass = mass
    self.springConstant = springConstant
    self.quarticConstant = quarticConstant
    self.pinning = pinning
    self.rules = rules
  }

  /// A chain pinned equally at both ends; a single site is pinned once.
  package init(
    sites: Int, mass: Double = 1, springConstant: Double = 1, quarticConstant: Double = 0, pinning: Double
  ) {
    self.init(
      sites: sites, mass: mass, springConstant: springConstant, quarticConstant: quarticConstant,
      pinning: Pinning(left: pinning, right: pinning))
  }

  /// Whether every force is linear, as the linear theory needs. A single site has no bond.
  package var isHarmonic: Bool { quarticConstant == 0 || sites == 1 }

  /// Upper bound of the mean stiffness of a bond, k + 3 beta <r²>, at a temperature [mass/time²].
  ///
  /// Equipartition, k <r²> + beta <r⁴> = T, with <r⁴> >= <r²>² bounds <r²>.
  package func bondStiffness(atTemperature temperature: Double) -> Double {
    guard !isHarmonic else { return springConstant }
    let root = (springConstant * springConstant + 4 * quarticConstant * temperature).squareRoot()
    // <r²> <= (root - k) / (2 beta), written without the difference.
    return springConstant + 3 * quarticConstant * 2 * temperature / (root + springConstant)
  }

  /// Static stiffness at rest of site `site` (1 to N) from springs and pinning [mass/time²].
  package func stiffness(ofSite site: Int) -> Double {
    let bonds = (site > 1 ? 1.0 : 0.0) + (site < sites ? 1.0 : 0.0)
    return bonds * springConstant + pinning(ofSite: site)
  }

  /// Pinning constant of site `site` (1 to N) [mass/time²].
  package func pinning(ofSite site: Int) -> Double {
    if site == 1 { return pinning.left }
    return site == sites ? pinning.right : 0
  }

  /// Every parameter without meaning.
  package var faults: [ParameterFault] {
    // A single site has no bond.
    var found = parameterFaults.filter { !($0.parameter == "spring" && sites == 1 && springConstant == 0) }
    if sites == 1 && pinning.left != pinning.right { found.append(pinning.faultOfSingleSite) }
    return found + ruleFaults
  }
}

extension Chain.Pinning {
  /// What is wrong with two values on one site.
  var faultOfSingleSite: ParameterFault {
    ParameterFault(
      parameter: "pinning", found: "left \(left), right \(right)",
      expected: "one value: a single site is pinned once")
  }
}
