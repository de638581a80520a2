import NessKinetic
import NessLindblad
import NessLinear
import NessModel
import NessStore
import NessTrajectory

extension EngineVersion {
  /// Chains by stochastic dynamics, and probes of their baths.
  package static let trajectory = TrajectorySolver.engine
  /// Heats from several particle baths.
  package static let innovations = TrajectorySolver.innovations
  /// Heats of quartic chains between Langevin baths.
  package static let quarticInnovations = TrajectorySolver.quarticInnovations
  /// Networks by stochastic dynamics.
  package static let networkTrajectory = NetworkTrajectorySolver.engine
  /// Networks with potentials of some forms.
  package static let networkForms = NetworkTrajectorySolver.forms
  /// Heats of networks whose baths redraw momenta, have a memory or are active.
  package static let bathInnovations = NetworkTrajectorySolver.bathInnovations
  /// Linear theory of chains.
  package static let linear = LinearSolver.engine
  /// Classical boxes from flight to flight.
  package static let kinetic = KineticSolver.engine
  /// Exact theory of classical boxes.
  package static let kernel = KernelSolver.engine
  /// Quantum boxes.
  package static let lindblad = LindbladSolver.engine
  /// Systems of levels.
  package static let levels = LevelEquations.engine

  /// All engines whose results are kept.
  package static let all = SolverCatalogue.engines
}

extension StoredResult {
  /// Whether another version of an engine computed it than the one of today: it is shown, and computed anew where it is asked
  /// for.
  package var isOlder: Bool { !engines.allSatisfy(EngineVersion.all.contains) }

  /// The engines that computed it, in words; those that are not of today are said to be older.
  package var enginesInWords: String { engines.text + (isOlder ? " (older)" : "") }
}
