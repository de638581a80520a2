/// A bath of any kind.
package struct AnyBath: Hashable, Sendable {
  /// The bath itself.
  package private(set) var base: any Bath

  /// A bath whose kind is no longer known to the compiler.
  package init(_ bath: any Bath) { base = bath }

  /// Its kind.
  package var kind: KindDescription { type(of: base).kind }
  /// The parameters with their values, in the order of files.
  package var parameters: [DescribedParameter] { base.described }
  /// Values that are rows of numbers, with their key.
  package var tables: [(name: String, rows: [[Double]])] { base.tables }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  package mutating func set(_ name: String, to value: Double) -> Bool { base.set(name, to: value) }

  /// Equal baths of one kind.
  package static func == (first: AnyBath, second: AnyBath) -> Bool { first.base.isEqual(to: second.base) }
  /// Hashes the bath.
  package func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}
