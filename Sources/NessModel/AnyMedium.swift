/// A medium of any kind.
package struct AnyMedium: Hashable, Sendable {
  /// The medium itself.
  package private(set) var base: any Medium

  /// A medium whose kind is no longer known to the compiler.
  package init(_ medium: any Medium) { base = medium }

  /// Its kind.
  package var kind: KindDescription { type(of: base).kind }
  /// Number of sites (or walls) that a bath may touch.
  package var sites: Int { base.sites }
  /// The medium that solvers see: itself, or what it stands for.
  package var solved: AnyMedium { base.solvedAs.map(AnyMedium.init) ?? self }
  /// The medium that a drive acts on: a chain is a network there.
  package var drivable: AnyMedium { (base as? Chain).map { AnyMedium($0.network) } ?? self }
  /// Whether it is simulated, and not computed exactly.
  package var isSampled: Bool { type(of: base).isSampled }
  /// The parameters with their values, as a sweep names them, for example `pinning.left`.
  package var parameters: [DescribedParameter] { base.described }
  /// Values that are rows of numbers, with their key.
  package var tables: [(name: String, rows: [[Double]])] { base.tables }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  package mutating func set(_ name: String, to value: Double) -> Bool { base.set(name, to: value) }

  /// Equal media of one kind.
  package static func == (first: AnyMedium, second: AnyMedium) -> Bool { first.base.isEqual(to: second.base) }
  /// Hashes the medium.
  package func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}
