import Foundation
import NessModel
import NessStatistics

extension BoxModel {
  /// The wall that keeps the particle for ever: a Maxwell wall at temperature 0, which lets it go with speed 0.
  var trap: Attachment? {
    attachments.first { attachment in
      if case .maxwell(let bath) = attachment.bath.collisionLaw { return bath.temperature == 0 }
      return false
    }
  }

  /// No wall above temperature 0, or a trap.
  var restsForEver: Bool { trap != nil || attachments.allSatisfy { $0.bath.temperature == 0 } }

  /// A wall at temperature 0 with moves in speed, after which the mean time of a flight is infinite.
  var stallingWall: Attachment? {
    attachments.first { attachment in
      if case .metropolis(let bath) = attachment.bath.collisionLaw {
        return bath.temperature == 0 && bath.proposal == .speed
      }
      return false
    }
  }

  /// The longest flights that matter, where moves in speed can slow the particle down to v exp(-m v²/2T): below that
  /// their times have the tail 1/t, of which a shorter run sees only a part. Nil if no wall does that.
  var longestFlight: (wall: Attachment, ratio: Double, time: Double)? {
    longestFlight(cycleTime: KineticChoice(for: self).cycleTime)
  }

  func longestFlight(cycleTime: Double) -> (wall: Attachment, ratio: Double, time: Double)? {
    attachments.compactMap { attachment -> (wall: Attachment, ratio: Double, time: Double)? in
      guard case .metropolis(let bath) = attachment.bath.collisionLaw, bath.proposal == .speed, bath.temperature > 0
      else {
        return nil
      }
      let ratio = KineticChoice.moveEnergy(of: bath, mass: medium.mass) / bath.temperature
      return (attachment, ratio, cycleTime * exp(ratio))
    }.max { $0.time < $1.time }
  }

  /// What is to be said without sampling: the particle comes to rest, or a run of this duration would be biased.
  func unsampledAnswer(duration: Double) -> Answer? {
    if let trap { return .trapped(self, by: trap, method: .simulation, claim: KineticSolver.claim) }
    if let wall = stallingWall { return .stalled(self, by: wall, method: .simulation, claim: KineticSolver.claim) }
    guard let flight = longestFlight, flight.time > duration else { return nil }
    return Answer(notes: [
      "not simulated: moves in speed of up to \(flight.ratio.short) times the thermal energy of wall \(flight.wall.name) "
        + "make flights of up to exp(\(flight.ratio.short)) times the usual length, and a run shorter than "
        + "\(flight.time.short) would find too large a current; method kernel is exact"
    ])
  }

  /// Why there is nothing to watch: the particle stays at a wall, or comes to rest between both.
  package var stillReason: String? {
    guard let trap else { return restReason }
    return
      "wall \(trap.name) at temperature 0 keeps the particle for ever, which leaves it with speed 0: nothing moves; "
      + "give it a temperature > 0"
  }

  /// Why nothing moves if no wall is above temperature 0 and none is a trap.
  var restReason: String? {
    guard trap == nil, restsForEver else { return nil }
    return "both walls are at temperature 0: the particle loses energy at every move and comes to rest; "
      + "give one wall a temperature > 0"
  }
}

extension Answer {
  /// The exact answer if a wall keeps the particle for ever.
  static func trapped(_ model: BoxModel, by wall: BoxModel.Attachment, method: Method, claim: Claim) -> Answer {
    let none = Estimate.numerical(0, bound: 0)
    var entries = [Entry(.heatCurrent, method, none)]
    entries += model.attachments.map { Entry(.heat(from: $0.name), method, none) }
    entries.append(Entry(.meanEnergy, method, none))
    entries += model.attachments.map { Entry(.collisionRate(bath: $0.name), method, none) }
    var answer = Answer(
      entries: entries,
      notes: [
        "the wall at temperature 0 (\(wall.name)) keeps the particle for ever: it leaves with speed 0, "
          + "so no heat flows after its first collision there"
      ])
    answer.finish { _ in claim }
    return answer
  }

  /// The exact answer for moves in speed at temperature 0.
  static func stalled(_ model: BoxModel, by wall: BoxModel.Attachment, method: Method, claim: Claim) -> Answer {
    var answer = trapped(model, by: wall, method: method, claim: claim)
    answer.notes = [
      "moves in speed at temperature 0 (\(wall.name)) leave any speed down to 0 with finite density, so the mean flight "
        + "time l<1/v> is infinite and the current per time is 0, approached as 1/ln(time)"
    ]
    return answer
  }
}
