extension StateKeeper {
  /// The same place for one part of some work: its states begin with a head, and those with another head are passed over.
  ///
  /// - Parameter head: what tells the parts apart, and whatever is to be found again with them.
  package func headed(_ head: [UInt8]) -> StateKeeper {
    var keeper = self
    keeper.load = { [load] in
      try load().filter { $0.count > 1 && (try? $0.part(0)) == head }.map { state in
        SavedState(count: state.count - 1, done: state.done, bytes: state.bytes) { try state.part($0 + 1) }
      }
    }
    keeper.save = { [save] state in
      try save(
        SavedState(count: state.count + 1, done: state.done, bytes: state.bytes + head.count) { index in
          index == 0 ? head : try state.part(index - 1)
        })
    }
    return keeper
  }

  /// The first head that can be taken up; nil if there is none.
  package func firstHead<Head>(_ takeUp: ([UInt8]) -> Head?) -> Head? {
    guard let states = try? load() else { return nil }
    for state in states where state.count > 1 {
      if let bytes = try? state.part(0), let head = takeUp(bytes) { return head }
    }
    return nil
  }
}
