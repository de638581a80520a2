/// What a saved state depends on besides the model and its seed, and how it is laid out.
package struct StateShape: Sendable {
  /// How motions are put into the parts of a state, which follow its head.
  package enum Layout: Sendable {
    /// Several to a part, their number first; the head says of which kind the target was.
    case gathered
    /// One to a part; targets are relative.
    case single
  }

  let counts: [Int]
  let spans: [Double]
  let layout: Layout

  /// - Parameters:
  ///   - counts: numbers that must be the same to go on.
  ///   - spans: times that must be the same to go on.
  package init(counts: [Int], spans: [Double], layout: Layout = .gathered) {
    (self.counts, self.spans, self.layout) = (counts, spans, layout)
  }

  /// Most motions in one part.
  var mostPerPart: Int { layout == .gathered ? 16 : 1 }
  /// Size of a part of more than one motion [bytes].
  static let bytesOfPart = 16 << 20
}

extension ReplicaEnsemble {
  /// The state of all replicas: a head, then the motions.
  ///
  /// - Parameter smallestError: smallest error seen at a checkpoint that did not end the run, of the target's kind.
  func state(smallestError: Double, target: PrecisionTarget?) -> SavedState {
    let bytes = bytesOfState
    let bytesOfMotion = bytes / motions.count
    let perPart = min(shape.mostPerPart, max(1, StateShape.bytesOfPart / max(1, bytesOfMotion)))
    let parts = (motions.count + perPart - 1) / perPart
    return SavedState(count: parts + 1, done: meanTicks, bytes: bytes) { [self] index in
      if index == 0 { return head(smallestError, target) }
      let part = motions.indices.dropFirst((index - 1) * perPart).prefix(perPart)
      var writer = StateWriter(capacity: perPart * (bytesOfMotion + 4096))
      if shape.layout == .gathered { writer.add(part.count) }
      for motion in part {
        writer.add(progress[motion].ticks)
        motions[motion].save(to: &writer)
      }
      return writer.bytes
    }
  }

  private func head(_ smallestError: Double, _ target: PrecisionTarget?) -> [UInt8] {
    var writer = StateWriter()
    writer.add(shape.counts)
    writer.add(shape.spans + [smallestError])
    writer.add([replicas, mostTicks] + (shape.layout == .gathered ? [PrecisionTarget.code(target)] : []))
    return writer.bytes
  }

  /// What the head of a state says.
  private struct Head {
    let replicas: Int
    let ticks: Int
    let smallestError: Double
  }

  /// Takes up a saved state if this run would have passed through it, and otherwise leaves everything as it is.
  ///
  /// Of a run without a target, whose end does not depend on the replicas, a state of fewer replicas is taken up too.
  ///
  /// - Parameters:
  ///   - target: error at which this run is to stop.
  ///   - shouldStop: asked from time to time; true gives it up, and the run must end.
  /// - Returns: the smallest error seen at a checkpoint so far; nil if the state is of no use here.
  /// - Throws: `StateFault` if the state is damaged; the replicas have no state then.
  func restore(
    _ state: SavedState, target: PrecisionTarget?, orGiveUp shouldStop: @escaping () -> Bool
  ) throws -> Double? {
    guard state.count > 1 else { throw StateFault("the saved state is empty") }
    guard let head = try usable(try state.part(0), target) else { return nil }
    let look = Self.looking(shouldStop)
    do {
      let known = motions.indices.prefix((head.replicas + replicasPerMotion - 1) / replicasPerMotion)
      var next = known
      for index in 1..<state.count {
        if look() { return nil }
        var reader = StateReader(try state.part(index))
        let count = shape.layout == .gathered ? try reader.next(Int.self) : 1
        guard (1...shape.mostPerPart).contains(count), count <= next.count else {
          throw StateFault("the saved state has another shape")
        }
        for motion in next.prefix(count) { try restore(motion, from: &reader) }
        guard reader.isAtEnd else { throw StateFault("the saved state has another shape") }
        next = next.dropFirst(count)
      }
      guard next.isEmpty, isPossible(known.map { progress[$0].ticks }, head, isJudged: target != nil) else {
        throw StateFault("the saved state is not complete")
      }
    } catch {
      forgetAll()
      throw error
    }
    return head.smallestError
  }

  /// The head of a state that this run would have passed through; nil if it would not.
  private func usable(_ bytes: [UInt8], _ target: PrecisionTarget?) throws(StateFault) -> Head? {
    var reader = StateReader(bytes)
    guard try reader.array(count: shape.counts.count) == shape.counts else { return nil }
    let numbers: [Double] = try reader.array(count: shape.spans.count + 1)
    let sizes: [Int] = try reader.array(count: shape.layout == .gathered ? 3 : 2)
    let head = Head(replicas: sizes[0], ticks: sizes[1], smallestError: numbers[numbers.count - 1])
    // What lies beyond the end of this run cannot be undone; a motion that has all its replicas takes up no others.
    guard Array(numbers.dropLast()) == shape.spans, head.ticks <= schedule.lastTick,
      head.replicas == replicas || replicasPerMotion == 8 && (1..<replicas).contains(head.replicas)
    else { return nil }
    if let target {
      let isOfKind = shape.layout == .single || sizes[2] == PrecisionTarget.code(target)
      guard head.replicas == replicas, isOfKind, target.error < head.smallestError else { return nil }
    }
    return head
  }

  /// Whether replicas can be so far. Where the error is judged, none goes on before all are there.
  private func isPossible(_ ticks: [Int], _ head: Head, isJudged: Bool) -> Bool {
    guard let least = ticks.min(), let most = ticks.max(), most == head.ticks else { return false }
    let stops = [schedule.burnInTicks] + schedule.checkpoints.map(schedule.ticks)
    return !isJudged || !stops.contains { least < $0 && $0 < most }
  }

  private func restore(_ index: Int, from reader: inout StateReader) throws(StateFault) {
    let ticks: Int = try reader.next()
    guard (0...schedule.lastTick).contains(ticks) else { throw StateFault("the saved state makes no sense") }
    try motions[index].restore(from: &reader, ticks: ticks)
    (progress[index].ticks, progress[index].hasBegun) = (ticks, true)
  }
}
