import Foundation
import NessReport
import NessStudy

/// How much effort a reproduction takes.
package enum Quality: String, CaseIterable, Sendable {
  /// Some minutes on two cores; currents within 1 to 2 %.
  case quick
  /// Longer; currents within half a per cent.
  case full

  /// Standard error of a current over its own size or, where it passes zero, over the scale of its curve.
  var relativeError: Double { self == .quick ? 0.01 : 0.004 }
  /// Largest expected relative bias from the time step.
  var timeStepTolerance: Double { self == .quick ? 0.002 : 0.001 }
}

/// One figure of a paper: the work it needs, and the figure made of the results.
protocol PaperFigure: Sendable {
  /// Short name, for example `3a`.
  var identifier: String { get }
  /// The simulations behind the figure.
  func jobs() throws -> [Job]
  /// The figure, once its jobs have been run.
  func figure(_ bench: Workbench) throws -> Figure
}
