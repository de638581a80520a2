import NessFiles
import NessModel

/// Work of theory, predicted from the size of an experiment, in seconds of a usual core. It decides who comes first, no more:
/// several times too large or too small does little harm.
enum TheoryWork {
  /// Work of all points, without what several points share.
  static func of(_ experiment: Experiment, profile: Bool) -> Double {
    experiment.points().reduce(0) { $0 + Self.of($1.model, profile: profile) }
  }

  private static func of(_ model: AnyModel, profile: Bool) -> Double {
    if let chain = model.chain {
      let sites = Double(chain.medium.sites)
      return 1e-4 + 1e-5 * sites + (profile ? sites * (7e-4 + 1.6e-6 * sites) : 0)
    }
    if let box = model.quantumBox {
      let levels = Double(box.medium.levels ?? 30) / 30
      return 1e-3 * levels * levels * levels
    }
    let areMaxwell = model.box?.attachments.allSatisfy {
      if case .maxwell = $0.bath.collisionLaw { true } else { false }
    }
    // Other walls have the stationary law of their kernel computed. Of other media nothing is known.
    return areMaxwell == true ? 1e-3 : 0.1
  }
}
