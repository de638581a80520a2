/// Law of the random numbers that diffuse the particles of a bath in a simulation.
package enum ParticleNoise: String, CaseIterable, Hashable, Codable, Sendable {
  /// Exact Gaussians.
  case gaussian
  /// A discrete, bounded law with the Gaussian's moments 1 to 9: same order of the stepper, two thirds of the time.
  case matched

  /// The law in words.
  package var description: String {
    switch self {
    case .gaussian: "Gaussian"
    case .matched: "matched to the Gaussian's moments up to the 9th"
    }
  }
}
