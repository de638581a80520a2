import Foundation
import NessTrajectory

/// The machine that computes.
package enum Machine {
  /// The vector instructions that the engine was built for.
  package static var vectorUnit: String { VectorUnit.name }

  /// Why the engine cannot work on this processor, with the remedy; nil if it can.
  package static var refusal: String? {
    VectorUnit.isPresent
      ? nil
      : "this program was built for processors with \(VectorUnit.name), which this one has not: build it here "
        + "(make build), or for all x86-64 machines of the last ten years with NESS_CPU=x86-64-v3 make build"
  }
}
