import CVectorMath
import NessRandom

// Here, and not beside `LaneStream`: a function of another module would be called and not built in, at every collision.
extension LaneStream {
  /// Uniform numbers in [0, 1) for the lanes of a mask (all bits set or none); the streams of the others do not move, and
  /// what they return has no meaning.
  @inline(__always) mutating func uniform(where mask: SIMD8<UInt64>) -> SIMD8<Double> {
    let before = words
    let word = ness_next_word(&words)
    words.0 = before.0 ^ ((before.0 ^ words.0) & mask)
    words.1 = before.1 ^ ((before.1 ^ words.1) & mask)
    words.2 = before.2 ^ ((before.2 ^ words.2) & mask)
    words.3 = before.3 ^ ((before.3 ^ words.3) & mask)
    return ness_unit_interval(word)
  }
}
