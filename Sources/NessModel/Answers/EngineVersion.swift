/// Version of what an engine computes. A result is found again by the versions of the engines that it depends on.
///
/// Every engine states its version beside its solver. It is raised in the commit that changes a number, an error bar or a
/// draw that the engine gives for an input that it took before; not for new abilities, refusals, words or speed. What lies
/// in modules that several engines use (random streams, statistics, media and baths) belongs to each of them. A test
/// computes kept results anew and fails where they have changed and no version has (`OlderStoreTests`).
package struct EngineVersion: Hashable, Sendable, CustomStringConvertible {
  /// Name of the engine.
  package let engine: String
  /// Its version.
  package let number: Int

  /// A version of an engine.
  package init(_ engine: String, _ number: Int) {
    self.engine = engine
    self.number = number
  }

  /// Name and number, for example `trajectory 5`.
  package var description: String { "\(engine) \(number)" }
}

extension Sequence<EngineVersion> {
  /// The versions in words, for example `trajectory 5, linear 5`.
  package var text: String { map(\.description).joined(separator: ", ") }
}
