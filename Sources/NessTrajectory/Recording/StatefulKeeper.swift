import NessSampling

/// A keeper of samples in memory, which are part of the saved states of the replicas.
protocol StatefulKeeper: SeriesKeeper {
  /// What some replicas have at most [bytes].
  func bytes(replicas: Int) -> Int
  /// Writes what some replicas have after so many samples.
  func save(replicas: Range<Int>, samples: Int, to writer: inout StateWriter)
  /// Takes up what `save` wrote.
  func restore(replicas: Range<Int>, samples: Int, from reader: inout StateReader) throws(StateFault)
}
