import NessModel

/// A word of a saved state.
public struct StateWord: Hashable, Sendable {
  /// Part of the state, 0 for its head.
  public let part: Int
  /// Place in the part, in words of eight bytes.
  public let word: Int

  /// The word at a place of a part.
  public init(part: Int, word: Int) { (self.part, self.word) = (part, word) }
}

/// What became of a run that found a state with one word replaced.
public struct DamagedRun<Result> {
  /// The word that was replaced.
  public let place: StateWord
  /// How often the run warned that it cannot use the state.
  public let warnings: Int
  /// What the run gave; nil if it failed.
  public let result: Result?
}

/// Runs from a saved state again and again, each time with another of its words replaced.
///
/// - Parameters:
///   - parts: the state as it was saved.
///   - value: what stands in place of a word.
///   - words: the words to replace, one at a time.
///   - run: a run from what is kept.
public func runs<Result>(
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
