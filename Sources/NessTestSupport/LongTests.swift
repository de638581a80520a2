import Foundation
import Testing

extension Trait where Self == ConditionTrait {
  /// A test that takes long: `make test-all` runs it, and CI; `make test` leaves it out.
  package static var long: Self {
    .enabled(if: ProcessInfo.processInfo.environment["NESS_TESTS"] == "all", "takes long: make test-all")
  }
}
