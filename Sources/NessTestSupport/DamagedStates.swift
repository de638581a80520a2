import NessModel

/// A word of a saved state.
package struct StateWord: Hashable, Sendable {
  /// Part of the state, 0 for its head.
  package let part: Int
  /// Place in the part, in words of eight bytes.
  package let word: Int

  /// The word at a place of a part.
  package init(part: Int, word: Int) { (self.part, self.word) = (part, word) }
}

/// What became of a run that found a state with one word replaced.
package struct DamagedRun<Result> {
  /// The word that was replaced.
  package let place: StateWord
  /// How often the run warned that it cannot use the state.
  package let warnings: Int
  /// What the run gave; nil if it failed.
  package let result: Result?
}

/// Runs from a saved state again and again, each time with another of its words replaced.
///
/// - Parameters:
///   - parts: the state as it was saved.
///   - value: what stands in place of a word.
///   - words: the words to replace, one at a time.
///   - run: a run from what is kept.
package func runs<Result>(
  from parts: [[UInt8]], with value: Int, inPlaceOf words: some Sequence<StateWord>,
  _ run: (MemoryKeeper) throws -> Result
) -> [DamagedRun<Result>] {
  words.map { place in
    var damaged = parts
    withUnsafeBytes(of: value) { damaged[place.part].replaceSubrange(8 * place.word..<8 * place.word + 8, with: $0) }
    let memory = MemoryKeeper(damaged)
    let result = try? run(memory)
    return DamagedRun(place: place, warnings: memory.allWarnings.count, result: result)
  }
}
