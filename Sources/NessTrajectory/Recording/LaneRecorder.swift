import CVectorMath
import NessSampling

/// Takes samples of eight replicas in motion, or of those of them that are recorded. It reads their state and their running sums
/// and changes nothing but its own; sums of a tick that begin anew are carried over to the next sample.
final class LaneRecorder {
  typealias Lanes = SIMD8<Double>

  /// How far it is: all that a saved state has of it.
  private struct Place {
    /// Steps since the start of the measurement.
    var step = 0
    /// What the running sums of the ticks before had since the last sample: the heats, then the flows that are read.
    var carried: [Lanes]
    /// Energy of every site at the last sample, where flows follow from energies [energy].
    var energies: [Lanes]
  }

  private let system: RecordedSystem
  private let keeper: any SeriesKeeper
  private let firstReplica: Int
  /// Replicas that are recorded.
  private let lanes: Int
  private var place: Place
  /// How far it was before a tick that was given up; nil in all other cases.
  private var held: Place?
  /// The running sums of this tick at the last sample in it.
  private var base: [Lanes]
  /// Channels whose sums are followed.
  private let channels: [Int]
  private var flows: [Lanes]
  private let samples: SampleBuffer

  /// A recorder of the replicas from `firstReplica` on; nil if none of them is recorded.
  init?(_ system: RecordedSystem?, _ recording: SeriesRecording?, firstReplica: Int) {
    guard let system, let recording, firstReplica < system.plan.replicas else { return nil }
    self.system = system
    keeper = recording.keeper
    self.firstReplica = firstReplica
    lanes = min(8, system.plan.replicas - firstReplica)
    var channels = Array(system.heatFactors.indices)
    if case .read(let pairs, _) = system.flow { channels += pairs.flatMap { $0 } }
    self.channels = channels
    base = [Lanes](repeating: Lanes(), count: channels.count)
    var bookedSites = 0
    if case .booked = system.flow { bookedSites = system.allSites }
    place = Place(carried: base, energies: [Lanes](repeating: Lanes(), count: bookedSites))
    flows = place.energies
    samples = SampleBuffer(system.plan, keeper, replicas: firstReplica..<(firstReplica + lanes))
  }

  /// Steps that are left until the next sample.
  var stepsToSample: Int {
    let steps = system.plan.stepsPerSample
    return steps - place.step % steps
  }

  /// Whether nothing more is recorded.
  var isDone: Bool { place.step / system.plan.stepsPerSample >= system.plan.samples }

  /// The measurement begins, at a motion whose sums are cleared.
  func begin(_ motion: some ForeseenMotion) {
    place.step = 0
    place.carried.withUnsafeMutableBufferPointer { $0.update(repeating: Lanes()) }
    _ = bookFlows(motion, heats: nil)
    samples.clear()
  }

  /// What is needed to be as if the tick that follows had not begun.
  func hold() { held = place }
  /// The tick that was held is done.
  func letGo() { held = nil }

  /// The motion has done some steps, not beyond the next sample.
  func advanced(by steps: Int, _ motion: some ForeseenMotion) {
    if isDone { return }
    place.step += steps
    if place.step % system.plan.stepsPerSample == 0 { take(motion) }
  }

  /// The tick is over.
  ///
  /// - Parameter sumsGoOn: whether the running sums do not begin anew.
  func endTick(_ motion: some ForeseenMotion, sumsGoOn: Bool = false) {
    for (index, channel) in channels.enumerated() {
      place.carried[index] += motion.sums[channel] - base[index]
      base[index] = sumsGoOn ? motion.sums[channel] : Lanes()
    }
  }

  /// After `restore`: the running sums up to here are those of ticks that are over.
  func follow(_ motion: some ForeseenMotion) {
    for (index, channel) in channels.enumerated() { base[index] = motion.sums[channel] }
  }

  private func take(_ motion: some ForeseenMotion) {
    for (index, channel) in channels.enumerated() {
      place.carried[index] += motion.sums[channel] - base[index]
      base[index] = motion.sums[channel]
    }
    let heats = zip(place.carried, system.heatFactors).map { $0 * $1 }
    let passed = bookFlows(motion, heats: heats)
    let perTime = 1 / system.plan.interval
    var series = 0
    for quantity in system.quantities {
      switch quantity {
      case .heatFrom: put(series) { heats[$0] * perTime }
      case .bondHeatCurrent: put(series) { passed[$0] * perTime }
      case .position: put(series) { position(of: system.sites[$0], motion) }
      case .velocity: put(series) { motion.velocity[system.sites[$0]] }
      case .kineticTemperature: put(series) { square($0, motion) }
      case .kineticEnergy: put(series) { square($0, motion) * 0.5 }
      case .potentialEnergy: put(series) { potentialEnergy($0, motion) }
      case .particles:
        for bath in system.particles.indices {
          put(series + bath) { motion.positions(ofParticleBath: bath)[$0] }
        }
        series += system.particles.count - 1
      }
      series += 1
    }
    for index in place.carried.indices { place.carried[index] = Lanes() }
    samples.endSample(place.step / system.plan.stepsPerSample - 1)
  }

  /// Puts the numbers of one series into the sample that is being taken.
  private func put(_ series: Int, _ value: (Int) -> Lanes) {
    let (first, stride) = samples.place(of: series)
    for number in 0..<system.plan.series[series].width {
      let lanes = value(number)
      for lane in 0..<self.lanes { first[lane * stride + number] = lanes[lane] }
    }
  }

  private func position(of site: Int, _ motion: some ForeseenMotion) -> Lanes {
    motion.displacement[site] + motion.velocity[site] * (0.5 * system.plan.timeStep)
  }

  private func square(_ place: Int, _ motion: some ForeseenMotion) -> Lanes {
    let velocity = motion.velocity[system.sites[place]]
    return velocity * velocity * system.masses[place]
  }

  private func potentialEnergy(_ place: Int, _ motion: some ForeseenMotion) -> Lanes {
    var sum = Lanes()
    for share in system.shares[place] {
      var length = position(of: share.second, motion)
      if let first = share.first { length -= position(of: first, motion) }
      for lane in 0..<lanes { sum[lane] += share.part * system.potentials[share.potential].energy(length[lane]) }
    }
    return sum
  }

  /// The heat that passed through the recorded bonds since the last sample [energy].
  ///
  /// - Parameter heats: from every bath since then; nil at the start.
  private func bookFlows(_ motion: some ForeseenMotion, heats: [Lanes]?) -> [Lanes] {
    switch system.flow {
    case .none: return []
    case .read(let pairs, let factor):
      var channel = system.heatFactors.count
      return pairs.map { pair in
        defer { channel += pair.count }
        return place.carried[channel..<(channel + pair.count)].reduce(Lanes(), +) * factor
      }
    case .booked(let law, let contacts, let isQuartic):
      var flow = Lanes()
      place.energies.withUnsafeMutableBufferPointer { energies in
        flows.withUnsafeMutableBufferPointer { flows in
          for (index, contact) in contacts.enumerated() {
            if let heats { for bath in contact.baths { flow += heats[bath] } }
            let next = index + 1 < contacts.count ? contacts[index + 1].site : system.allSites
            ness_follow_flow(
              &flow, motion.displacement, motion.velocity, energies.baseAddress, flows.baseAddress, system.allSites,
              contact.site, next, law)
          }
        }
      }
      // As the motion books it: each side bears half of what the steps create.
      return system.bonds.map { isQuartic ? flows[$0] - flow * 0.5 : flows[$0] }
    }
  }

  /// Writes the samples that wait.
  func flush() { samples.flush() }

  // MARK: saved states

  func save(to writer: inout StateWriter) {
    samples.sync()
    let place = held ?? place
    writer.add(keeper.token)
    writer.add(place.step)
    writer.add(place.carried)
    writer.add(place.energies)
    (keeper as? any StatefulKeeper)?.save(
      replicas: firstReplica..<(firstReplica + lanes), samples: place.step / system.plan.stepsPerSample, to: &writer)
  }

  var bytesOfState: Int {
    (place.carried.count + place.energies.count) * MemoryLayout<Lanes>.size
      + ((keeper as? any StatefulKeeper)?.bytes(replicas: lanes) ?? 0)
  }

  /// Takes up what `save` wrote; the samples before are where they were kept.
  func restore(from reader: inout StateReader, steps: Int) throws(StateFault) {
    guard try reader.next(UInt64.self) == keeper.token else {
      throw StateFault("what was recorded up to there is no longer in its place")
    }
    let last = system.plan.samples * system.plan.stepsPerSample
    guard try reader.next(Int.self) == min(steps, last) else { throw StateFault("the saved state makes no sense") }
    place.step = min(steps, last)
    place.carried = try reader.finiteArray(count: place.carried.count)
    place.energies = try reader.finiteArray(count: place.energies.count)
    try (keeper as? any StatefulKeeper)?.restore(
      replicas: firstReplica..<(firstReplica + lanes), samples: place.step / system.plan.stepsPerSample, from: &reader)
    samples.clear()
  }
}
