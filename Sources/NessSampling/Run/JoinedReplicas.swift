/// The same replicas of several models that differ in a number, advanced together: each draws the same random numbers as the
/// others, for these follow from seed, replica and step alone.
package final class JoinedReplicas<Member: ReplicaMotion>: ReplicaMotion {
  package typealias Failure = Member.Failure

  private let members: [Member]

  init(_ members: [Member]) { self.members = members }

  package func begin(orGiveUp shouldStop: () -> Bool) { for member in members { member.begin(orGiveUp: shouldStop) } }

  package func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(Member.Failure) -> Bool {
    for (place, member) in members.enumerated() {
      // All or none: what the first one does, the others do as well.
      guard try member.advance(after: ticks, orGiveUp: { place == 0 && shouldStop() }) else { return false }
    }
    return true
  }

  package func cut(fewest: Int, most: Int) -> Bool {
    var isAny = true
    for member in members { isAny = member.cut(fewest: fewest, most: most) && isAny }
    return isAny
  }

  package var bytesOfState: Int { members.reduce(0) { $0 + $1.bytesOfState } }

  package func save(to writer: inout StateWriter) { for member in members { member.save(to: &writer) } }

  package func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    for member in members { try member.restore(from: &reader, ticks: ticks) }
  }
}

extension ReplicaEnsemble {
  /// The replicas of several ensembles of one shape, advanced together; what is recorded stays with each of them.
  ///
  /// - Parameter shape: what a saved state depends on besides models and seed.
  package static func joined(_ parts: [ReplicaEnsemble], shape: StateShape) -> ReplicaEnsemble<JoinedReplicas<Motion>> {
    let first = parts[0]
    var isMade = false
    return ReplicaEnsemble<JoinedReplicas<Motion>>(
      replicas: first.replicas, replicasPerMotion: first.replicasPerMotion, schedule: first.schedule, shape: shape
    ) { replica in
      // Once more from the start: none of them may keep what it was.
      if replica == 0, isMade { for part in parts { part.forgetAll() } }
      isMade = true
      return JoinedReplicas(parts.map { $0.motions[replica / first.replicasPerMotion] })
    }
  }
}
