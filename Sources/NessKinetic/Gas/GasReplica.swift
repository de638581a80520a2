import NessModel
import NessSampling
import NessStatistics

/// How a run of a gas is cut: slices, at whose ends all particles are looked at, and windows of some slices.
package struct GasPlan: Sendable {
  let burnInSlices: Int
  let burnInSlice: Double
  /// Slices of a window.
  let slices: Int
  let window: Double
  let schedule: Schedule

  var slice: Double { window / Double(slices) }

  init(_ settings: KineticSettings, _ choice: GasChoice) {
    // A slice is a quarter of a flight there and back where that is neither too little work nor too much for one piece.
    let rate = choice.collisionsPerCycle / choice.cycleTime
    let wanted = min(max(0.25 * choice.cycleTime, 300 / rate), 2e5 / rate)
    let cycles = settings.duration / (2 * choice.cycleTime)
    let affordable = settings.targetError == nil ? min(4096, cycles) : min(1e9, cycles)
    var count = settings.replicas < 64 ? 64 : 8
    while Double(2 * count) <= affordable { count *= 2 }
    window = settings.duration / Double(count)
    slices = max(1, Int(min(1e9, window / wanted)))
    burnInSlices = settings.burnIn > 0 ? max(1, Int(min(1e12, settings.burnIn / wanted))) : 0
    burnInSlice = settings.burnIn / Double(max(1, burnInSlices))
    schedule = Schedule(
      burnInTicks: burnInSlices, ticksPerEntry: slices,
      checkpoints: settings.targetError == nil
        ? [count]
        : Schedule.checkpoints(
          first: min(64, count / 4), last: count, capacity: Self.capacity(replicas: settings.replicas)),
      longestPiece: 4096, burnInWeight: burnInSlice * Double(slices) / window)
  }

  /// Most batches of windows kept per replica.
  static func capacity(replicas: Int) -> Int { replicas < 64 ? 256 : 16 }
}

/// One replica of a gas and its record: sums over windows, and what was seen at the ends of slices by parts of the box.
package final class GasReplica: ReplicaMotion {
  static let channels = HardPointGas.Channel.allCases.count + 2 * Box.parts
  static func count(part: Int) -> Int { HardPointGas.Channel.allCases.count + part }
  static func twiceEnergy(part: Int) -> Int { count(part: Box.parts + part) }

  let model: BoxModel
  let plan: GasPlan
  private let seed: UInt64
  private let replica: Int
  /// Takes samples along the time; nil if this replica is not recorded.
  let recorder: FlightRecorder?
  private var gas: HardPointGas?
  private(set) var windows: JoinedBatches
  /// What was seen in the window so far.
  private var seen = [Double](repeating: 0, count: 2 * Box.parts)

  init(
    _ model: BoxModel, _ plan: GasPlan, seed: UInt64, replica: Int, capacity: Int, recorder: FlightRecorder? = nil
  ) {
    self.recorder = recorder
    (self.model, self.plan, self.seed, self.replica) = (model, plan, seed, replica)
    windows = JoinedBatches(channels: Self.channels, lanes: 1, capacity: capacity)
  }

  package func begin(orGiveUp shouldStop: () -> Bool) { gas = HardPointGas(model, seed: seed, replica: replica) }

  package func advance(after ticks: Int, orGiveUp shouldStop: () -> Bool) throws(Never) -> Bool {
    guard let gas else { return false }
    if ticks < plan.burnInSlices {
      gas.fly(for: plan.burnInSlice)
      _ = gas.takeSums()
      return true
    }
    if ticks == plan.burnInSlices { recorder?.begin() }
    gas.fly(for: plan.slice, recorder, start: Double(ticks - plan.burnInSlices) * plan.slice)
    let factor = Double(Box.parts) / model.medium.length
    gas.look { place, twiceEnergy in
      let part = Int(max(0, min(Double(Box.parts - 1), place * factor)))
      seen[part] += 1
      seen[Box.parts + part] += twiceEnergy
    }
    if (ticks - plan.burnInSlices + 1) % plan.slices == 0 {
      (gas.takeSums() + seen).withUnsafeBufferPointer { if let first = $0.baseAddress { windows.add(first) } }
      for index in seen.indices { seen[index] = 0 }
    }
    return true
  }

  package func cut(fewest: Int, most: Int) -> Bool {
    windows.cut(fewest: fewest, most: most)
    return windows.count > 0
  }

  package var bytesOfState: Int {
    (gas?.bytesOfState ?? 0) + 8 * (seen.count + 8) + windows.bytesOfState + (recorder?.bytesOfState ?? 0)
  }

  package func save(to writer: inout StateWriter) {
    gas?.save(to: &writer)
    writer.addValues(seen)
    windows.save(to: &writer)
    recorder?.save(to: &writer)
  }

  package func restore(from reader: inout StateReader, ticks: Int) throws(StateFault) {
    begin { false }
    try gas?.restore(from: &reader)
    seen = try reader.finiteValues(count: seen.count)
    guard seen.allSatisfy({ $0 >= 0 }) else { throw StateFault("the saved snapshots make no sense") }
    try windows.restore(from: &reader, additions: plan.schedule.entries(ticks: ticks))
    try recorder?.restore(from: &reader, time: Double(max(0, ticks - plan.burnInSlices)) * plan.slice)
  }
}

/// All replicas of a gas.
typealias GasEnsemble = ReplicaEnsemble<GasReplica>

extension GasEnsemble {
  convenience init(
    _ model: BoxModel, _ settings: KineticSettings, _ plan: GasPlan, recorded: RecordedFlights? = nil,
    in recording: SeriesRecording? = nil
  ) {
    let capacity = GasPlan.capacity(replicas: settings.replicas)
    let shape = StateShape(
      counts: [capacity, plan.burnInSlices, plan.slices, model.medium.particles],
      spans: [plan.window, plan.burnInSlice])
    self.init(replicas: settings.replicas, replicasPerMotion: 1, schedule: plan.schedule, shape: shape) { replica in
      GasReplica(
        model, plan, seed: settings.seed, replica: replica, capacity: capacity,
        recorder: FlightRecorder(recorded, recording, first: replica, most: 1))
    }
  }

  var model: BoxModel { motions[0].model }
  var plan: GasPlan { motions[0].plan }
  var burnIn: Double { Double(min(ticks, plan.burnInSlices)) * plan.burnInSlice }
  private var windowsPerBatch: Double { Double(motions[0].windows.additionsPerBatch) }

  /// Time of the record in complete batches, per replica [time].
  var recordedTime: Double { Double(motions[0].windows.count) * windowsPerBatch * plan.window }

  /// A channel of every replica per unit of time.
  func series(_ channel: HardPointGas.Channel) -> ReplicaSeries {
    series(column: channel.rawValue, factor: 1 / (windowsPerBatch * plan.window))
  }

  /// A column per look.
  func looks(column: Int) -> ReplicaSeries {
    series(column: column, factor: 1 / (windowsPerBatch * Double(plan.slices)))
  }

  private func series(column: Int, factor: Double) -> ReplicaSeries {
    ReplicaSeries(of: replicas, in: motions.map(\.windows), channel: column, factor: factor)
  }
}
