import CVectorMath

/// The vector instructions that the engine was compiled for: those of the machine it was built on, or of `NESS_CPU`. Every
/// choice gives the same results to the last bit.
package enum VectorUnit {
  /// `AVX-512`, `AVX2`, `SSE2` or `NEON`.
  package static var name: String { String(cString: ness_vector_unit()) }
  /// Whether this processor has them; without them the engine would end with an illegal instruction.
  package static var isPresent: Bool { ness_has_vector_unit() != 0 }
}
