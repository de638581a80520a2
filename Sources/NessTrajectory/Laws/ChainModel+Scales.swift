import NessModel

extension ChainModel {
  /// Upper bound of the angular frequencies of the chain with its pinning, by Gershgorin's circles; quartic bonds as stiff
  /// as they are in the mean at the hottest bath's temperature [1/time].
  package var highestAngularFrequency: Double {
    let chain = medium
    let bond = chain.bondStiffness(atTemperature: attachments.map(\.bath.temperature).max() ?? 0)
    let widest = (1...chain.sites).map { site -> Double in
      let bonds = (site > 1 ? 1.0 : 0.0) + (site < chain.sites ? 1.0 : 0.0)
      return chain.pinning(ofSite: site) + 2 * bonds * bond
    }
    return ((widest.max() ?? 0) / chain.mass).squareRoot()
  }

  /// Work of one step of one replica, in particle-steps: four sites take the time of a particle.
  package var workOfAStep: Double {
    particleBaths.reduce(Double(medium.sites) / 4 + 4) { $0 + Double($1.bath.count) }
  }
}
